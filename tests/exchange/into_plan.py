"""What the importers' tests share: a plan with an import in it, judged by model and rules."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import jsonpatch
from hypothesis import strategies as st

from orchestrator.check.run import check
from orchestrator.exchange.imported import Document, Imported
from orchestrator.exchange.plan import ImportPlan, plan
from orchestrator.model.entities import Project, Task, User
from orchestrator.model.snapshot import Snapshot
from orchestrator.text.read import read
from orchestrator.text.render import render

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from([10**400, "", "1", "2026-01-02", "2026-01-02T03:04:05Z", "\x1b[3m", "\ud800"])
)  # fmt: skip
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


def rows_of(keys: Iterable[str], **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects in which each key may hold anything, and a known one often what it should."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, ANYTHING) | known)


def into(
    imported: Imported, project: str = "", snapshot: Snapshot | None = None
) -> tuple[Snapshot, ImportPlan]:
    """The plan with the import in it; every document is valid and survives its file."""
    there = snapshot or Snapshot({"name": "Team"})
    planned = plan(there, project or str(imported.project.get("id") or "plan"), imported, NOW)
    document = jsonpatch.apply_patch(there.virtual_document(), list(planned.ops))
    result = Snapshot(
        document["settings"], document["users"], document["projects"], document["tasks"]
    )
    for task in result.tasks.values():
        own = {key: value for key, value in task.items() if key != "project"}
        Task.model_validate(own)
        assert read("", render(own).encode()) == own
    for user in result.users.values():
        User.model_validate(user)
    for each in result.projects.values():
        Project.model_validate(each)
    return result, planned


def sound(imported: Imported, project: str = "") -> Snapshot:
    """The plan with the import in it: no rule finds an error, a second import does nothing."""
    result, planned = into(imported, project)
    found = [each.message for each in check(result, NOW) if each.severity == "error"]
    assert found == []
    assert planned.added == len(imported.tasks)
    again, second = into(imported, project, result)
    assert second.ops == ()
    assert again == result
    return result


def by_origin(imported: Imported) -> dict[str, Document]:
    return {str(task["metadata"][imported.source]["id"]): task for task in imported.tasks}


def sentences(imported: Imported, kind: str) -> list[str]:
    return [f"{note.source}: {note.sentence}" for note in imported.notes if note.kind == kind]
