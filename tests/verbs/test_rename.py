"""An id changes, and all that names it follows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.patch.apply import SnapshotDocuments, apply
from orchestrator.patch.describe import body, renames_as_one, subject
from orchestrator.store.workspace import Workspace
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.rename import rename_task
from tests.verbs.plans import NOW, done_to, fields, plan

PLAN: dict[str, dict[str, Any]] = {
    "PAY-1": {}, "PAY-2": {"parent": "PAY-1"}, "PAY-3": {"dependencies": ["PAY-2", "PAY-1"]},
    "PAY-4": {"deleted_at": "2026-01-01T00:00:00Z", "deleted_with": "PAY-1", "parent": "PAY-1"},
}  # fmt: skip


def test_parent_dependencies_and_deletion_follow() -> None:
    after = done_to(plan(PLAN), rename_task(plan(PLAN), "PAY-1", "PAY-9"))
    assert "PAY-1" not in after.tasks
    assert fields(after, "parent") == {"PAY-2": "PAY-9", "PAY-4": "PAY-9"}
    assert fields(after, "dependencies") == {"PAY-3": ["PAY-2", "PAY-9"]}
    assert fields(after, "deleted_with") == {"PAY-4": "PAY-9"}


def test_a_task_without_stamps_gets_none_by_a_new_name() -> None:
    after = done_to(plan(PLAN), rename_task(plan(PLAN), "PAY-1", "PAY-9"))
    assert after.tasks["PAY-9"] == {**plan(PLAN).tasks["PAY-1"], "id": "PAY-9"}


@pytest.mark.parametrize(
    ("old", "new", "says", "hint"),
    [
        ("PAY-8", "PAY-9", "There is no task PAY-8 .", "PAY"),
        ("PAY-1", "PAY-2", "The id PAY-2 is taken.", "Choose another."),
        ("PAY-1", "pay-9", "'pay-9' is not an id.", "Did you mean PAY-9 ?"),
        ("PAY-1", "../x", "'../x' is not an id.", "PAY-7K3F"),
        ("PAY-1", "", "'' is not an id.", "PAY-7K3F"),
    ],
)
def test_an_id_that_cannot_be_is_refused(old: str, new: str, says: str, hint: str) -> None:
    with pytest.raises(ImpossibleError) as refused:
        rename_task(plan(PLAN), old, new)
    assert refused.value.message == says
    assert hint in str(refused.value.hint)


def test_an_id_of_a_file_that_cannot_be_read_is_taken() -> None:
    snapshot = plan(PLAN, unreadable=frozenset({("tasks", "PAY-9")}))
    with pytest.raises(ImpossibleError, match="The id PAY-9 is taken"):
        rename_task(snapshot, "PAY-1", "PAY-9")


def test_the_same_id_changes_nothing() -> None:
    assert rename_task(plan(PLAN), "PAY-1", "PAY-1").ops == ()


def test_it_reads_as_a_rename() -> None:
    changes = apply(SnapshotDocuments(plan(PLAN)), rename_task(plan(PLAN), "PAY-1", "PAY-9").ops)
    assert subject(changes) == "Rename PAY-1 to PAY-9"
    assert "PAY-2: parent: PAY-1 → PAY-9" in body(changes)
    assert "Remove" not in body(changes)
    assert [change.id for change in renames_as_one(changes)] == ["PAY-9", "PAY-2", "PAY-3", "PAY-4"]


def test_the_text_stays_apart_from_the_id_and_git_follows(
    workspace: Workspace, repo: Path, git: Callable[..., str]
) -> None:
    folder = repo / "projects/pay/tasks"
    before = (folder / "PAY-1.yaml").read_text()
    applied = workspace.apply(rename_task(workspace.snapshot(), "PAY-1", "PAY-9"), NOW)
    assert not (folder / "PAY-1.yaml").exists()
    assert (folder / "PAY-9.yaml").read_text() == before.replace("PAY-1", "PAY-9")
    workspace.commit(applied.paths, "Rename\n")
    log = git(repo, "log", "--follow", "--format=%s", "--", "projects/pay/tasks/PAY-9.yaml")
    assert log.split() == ["Rename", "Start"]
