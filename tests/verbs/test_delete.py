"""Soft deletion: what goes, with whom, and what is said before."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orchestrator.check.run import check
from orchestrator.model.fields import DELETION
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.after import after
from orchestrator.patch.apply import SnapshotDocuments, apply
from orchestrator.patch.describe import body, subject
from orchestrator.patch.ops import Patch
from orchestrator.verbs.delete import NeededError, delete_projects, delete_tasks
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.restore import restore_tasks

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STAMP = "2026-11-22T09:30:00+00:00"


def task(task_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": task_id, "title": "x", "status": "todo", "project": "pay", **fields}


def plan(*tasks: dict[str, Any], **projects: dict[str, Any]) -> Snapshot:
    found = {"pay": {}, "ops": {}, **projects}
    return Snapshot(
        {"name": "Test"},
        users={"dana": {"id": "dana", "name": "Dana"}},
        projects={
            name: {"id": name, "key": name.upper(), "title": "x", "status": "active", **fields}
            for name, fields in found.items()
        },
        tasks={str(found["id"]): found for found in tasks},
    )


FAMILY = (
    task("P-1"), task("P-2", parent="P-1"), task("P-3", parent="P-2"), task("P-4"),
    task("O-1", project="ops"),
)  # fmt: skip


def made(snapshot: Snapshot, patch: Patch) -> Snapshot:
    """The plan after a patch, which must not bring an error."""
    future = after(snapshot, apply(SnapshotDocuments(snapshot), patch.ops))
    known = {(problem.code, problem.id) for problem in check(snapshot, NOW)}
    fresh = [problem for problem in check(future, NOW) if problem.severity == "error"]
    assert [problem for problem in fresh if (problem.code, problem.id) not in known] == []
    return future


def gone(snapshot: Snapshot) -> dict[str, str | None]:
    """The deleted tasks, each with what took it along."""
    return {
        task_id: found.get("deleted_with")
        for task_id, found in snapshot.tasks.items()
        if found.get("deleted_at")
    }


def delete(snapshot: Snapshot, *ids: str, force: bool = False) -> Snapshot:
    return made(snapshot, delete_tasks(snapshot, ids, NOW, "dana", force=force))


def test_a_task_goes_with_all_below_it() -> None:
    future = delete(plan(*FAMILY), "P-1")
    assert gone(future) == {"P-1": None, "P-2": "P-1", "P-3": "P-1"}
    for task_id in gone(future):
        assert future.tasks[task_id]["deleted_at"] == STAMP
        assert future.tasks[task_id]["deleted_by"] == "dana"


def test_nobody_is_named_when_nobody_knows_who_deletes() -> None:
    snapshot = plan(*FAMILY)
    future = made(snapshot, delete_tasks(snapshot, ["P-4"], NOW, None))
    assert "deleted_by" not in future.tasks["P-4"]


@pytest.mark.parametrize("ids", [("P-1", "P-3"), ("P-3", "P-1"), ("P-1", "P-3", "P-1")])
def test_a_task_below_another_one_goes_with_that_in_any_order(ids: tuple[str, ...]) -> None:
    assert gone(delete(plan(*FAMILY), *ids)) == {"P-1": None, "P-2": "P-1", "P-3": "P-1"}


def test_what_was_deleted_before_belongs_to_its_own_deletion() -> None:
    first = delete(plan(*FAMILY), "P-2")
    assert gone(delete(first, "P-1")) == {"P-2": None, "P-3": "P-2", "P-1": None}


def test_a_live_task_below_a_deleted_one_goes_along() -> None:
    snapshot = plan(
        task("P-1"), task("P-2", parent="P-1", deleted_at=STAMP), task("P-3", parent="P-2")
    )
    assert gone(delete(snapshot, "P-1")) == {"P-1": None, "P-2": None, "P-3": "P-1"}


def test_a_cycle_of_parents_is_deleted_once_round() -> None:
    snapshot = plan(task("P-1", parent="P-2"), task("P-2", parent="P-1"))
    assert gone(delete(snapshot, "P-1", "P-2")) == {"P-1": None, "P-2": "P-1"}


def test_a_project_goes_with_its_live_tasks() -> None:
    snapshot = delete(plan(*FAMILY), "P-2")
    future = made(snapshot, delete_projects(snapshot, ["pay"], NOW, "dana"))
    assert gone(future) == {"P-2": None, "P-3": "P-2", "P-1": "pay", "P-4": "pay"}
    assert future.projects["pay"]["deleted_at"] == STAMP
    assert "deleted_with" not in future.projects["pay"]
    assert "deleted_at" not in future.projects["ops"]


def test_what_others_depend_on_stays_unless_forced() -> None:
    snapshot = plan(*FAMILY, task("P-9", dependencies=["P-3"]))
    with pytest.raises(NeededError) as refused:
        delete_tasks(snapshot, ["P-1"], NOW, "dana")
    assert refused.value.message == "P-3 would be deleted and P-9 depends on it."
    assert refused.value.hint == (
        "--force deletes all the same; or end the dependency: orchestrator task unlink P-9 --on P-3"
    )
    future = delete(snapshot, "P-1", force=True)
    assert future.tasks["P-9"]["dependencies"] == ["P-3"]


def test_many_who_depend_are_counted() -> None:
    others = [task(f"P-9{number}", dependencies=["P-4"]) for number in range(7)]
    with pytest.raises(NeededError) as refused:
        delete_tasks(plan(*FAMILY, *others), ["P-4"], NOW, "dana")
    assert refused.value.message == (
        "Others depend on what would be deleted: "
        "P-90 on P-4 · P-91 on P-4 · P-92 on P-4 · P-93 on P-4 and 3 more ."
    )
    assert len(refused.value.pairs) == 7


def test_another_project_that_depends_is_asked_about() -> None:
    snapshot = plan(*FAMILY[:-1], task("O-1", project="ops", dependencies=["P-4"]))
    with pytest.raises(NeededError, match="P-4 would be deleted and O-1 depends on it"):
        delete_projects(snapshot, ["pay"], NOW, "dana")
    made(snapshot, delete_projects(snapshot, ["pay", "ops"], NOW, "dana"))


def test_who_goes_along_or_is_gone_depends_on_nothing() -> None:
    snapshot = plan(
        *FAMILY, task("P-5", parent="P-1", dependencies=["P-3"]),
        task("P-6", dependencies=["P-3"], deleted_at=STAMP),
    )  # fmt: skip
    assert set(gone(delete(snapshot, "P-1"))) == {"P-1", "P-2", "P-3", "P-5", "P-6"}


def test_what_is_not_there_or_gone_already_is_refused() -> None:
    snapshot = delete(plan(*FAMILY), "P-1")
    with pytest.raises(ImpossibleError, match=r"There is no task P-99 \.") as refused:
        delete_tasks(snapshot, ["P-4", "P-99"], NOW, None)
    with pytest.raises(ImpossibleError, match="The task P-3 is deleted already") as refused:
        delete_tasks(snapshot, ["P-3"], NOW, None)
    assert (refused.value.hint or "").startswith("orchestrator task restore P-1 brings it back")
    with pytest.raises(ImpossibleError, match="no project pya"):
        delete_projects(snapshot, ["pya"], NOW, None)
    with pytest.raises(ImpossibleError, match=r"There is no user ghost \."):
        delete_tasks(snapshot, ["P-4"], NOW, "ghost")


def test_a_stray_mark_of_a_live_task_does_not_survive_its_deletion() -> None:
    snapshot = plan(task("P-1", deleted_with="P-7"))
    assert gone(delete(snapshot, "P-1")) == {"P-1": None}


def told(snapshot: Snapshot, patch: Patch) -> list[str]:
    changes = apply(SnapshotDocuments(snapshot), patch.ops)
    return [subject(changes), *body(changes).splitlines()]


def test_a_commit_names_the_root_of_a_deletion() -> None:
    snapshot = plan(*FAMILY)
    assert told(snapshot, delete_tasks(snapshot, ["P-4"], NOW, "dana")) == ["Delete P-4"]
    assert told(snapshot, delete_tasks(snapshot, ["P-1"], NOW, "dana")) == [
        "Delete P-1 and 2 tasks with it",
        "Delete P-1", "Delete P-2 with P-1", "Delete P-3 with P-1",
    ]  # fmt: skip
    both = told(snapshot, delete_tasks(snapshot, ["P-2", "P-4"], NOW, "dana"))
    assert both[0] == "Delete 3 tasks: P-2, P-3, P-4"
    deleted = delete(snapshot, "P-2")
    assert told(deleted, restore_tasks(deleted, ["P-2"]))[0] == "Restore P-2 and 1 task with it"
    marks = [{"op": "remove", "path": f"/tasks/P-3/{name}"} for name in DELETION]
    edited = [*marks, {"op": "add", "path": "/tasks/P-3/title", "value": "y"}]
    assert told(deleted, Patch(tuple(edited)))[0].startswith("Change ")
