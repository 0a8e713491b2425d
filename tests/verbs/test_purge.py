"""Purging: only what is deleted, and nothing that is left refers to what goes."""

import pytest

from orchestrator.model.snapshot import Snapshot
from orchestrator.verbs.delete import NeededError, delete_projects
from orchestrator.verbs.purge import bin_of, purge_projects, purge_tasks
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.restore import restore_tasks
from tests.verbs.test_delete import FAMILY, NOW, STAMP, delete, made, plan, task


def purge(snapshot: Snapshot, *ids: str, unlink: bool = False) -> Snapshot:
    return made(snapshot, purge_tasks(snapshot, ids, unlink=unlink))


def test_a_deleted_task_goes_with_the_deleted_ones_below_it() -> None:
    snapshot = delete(delete(plan(*FAMILY), "P-3"), "P-1")
    assert set(purge(snapshot, "P-1").tasks) == {"P-4", "O-1"}
    assert set(purge(snapshot, "P-3", "P-1").tasks) == {"P-4", "O-1"}


def test_a_part_of_a_deletion_may_go_and_the_rest_comes_back() -> None:
    snapshot = purge(delete(plan(*FAMILY), "P-1"), "P-2")
    future = made(snapshot, restore_tasks(snapshot, ["P-1"]))
    assert set(future.tasks) == {"P-1", "P-4", "O-1"}


def test_what_is_live_is_not_purged() -> None:
    with pytest.raises(ImpossibleError, match=r"The task P-4 is not deleted\.") as refused:
        purge_tasks(plan(*FAMILY), ["P-4"])
    assert refused.value.hint == "orchestrator task rm P-4 first."
    snapshot = plan(task("P-1", deleted_at=STAMP), task("P-2", parent="P-1"))
    with pytest.raises(ImpossibleError, match=r"P-2 under P-1 is not deleted\."):
        purge_tasks(snapshot, ["P-1"])
    with pytest.raises(ImpossibleError, match=r"There is no task P-99 \."):
        purge_tasks(snapshot, ["P-99"])


def test_what_a_live_task_depends_on_is_kept_or_unlinked() -> None:
    snapshot = delete(
        plan(*FAMILY, task("P-9", dependencies=["P-3", "O-1", "P-2"])), "P-1", force=True
    )
    with pytest.raises(NeededError) as refused:
        purge_tasks(snapshot, ["P-1"])
    assert refused.value.pairs == (("P-9", "P-2"), ("P-9", "P-3"))
    assert (refused.value.hint or "").startswith("--unlink removes such dependencies")
    assert purge(snapshot, "P-1", unlink=True).tasks["P-9"]["dependencies"] == ["O-1"]


def test_the_last_dependency_takes_its_field_along() -> None:
    snapshot = delete(plan(*FAMILY, task("P-9", dependencies=["P-4"])), "P-4", force=True)
    assert "dependencies" not in purge(snapshot, "P-4", unlink=True).tasks["P-9"]


def test_a_deleted_task_that_stays_can_still_be_restored() -> None:
    snapshot = delete(plan(*FAMILY, task("P-9", dependencies=["P-4"])), "P-4", "P-9")
    with pytest.raises(NeededError, match="P-4 would be removed for good and P-9 depends on it"):
        purge_tasks(snapshot, ["P-4"])
    made(snapshot, restore_tasks(purge(snapshot, "P-4", unlink=True), ["P-9"]))


def test_a_project_goes_with_all_its_tasks() -> None:
    snapshot = delete(plan(*FAMILY), "P-2")
    deleted = made(snapshot, delete_projects(snapshot, ["pay"], NOW, "dana"))
    future = made(deleted, purge_projects(deleted, ["pay"]))
    assert (set(future.projects), set(future.tasks)) == ({"ops"}, {"O-1"})


def test_a_project_with_a_live_task_is_not_purged() -> None:
    with pytest.raises(ImpossibleError, match=r"The project pay is not deleted\."):
        purge_projects(plan(*FAMILY), ["pay"])
    snapshot = plan(*FAMILY, pay={"deleted_at": STAMP})
    with pytest.raises(ImpossibleError, match=r"P-1 in the project pay is not deleted\."):
        purge_projects(snapshot, ["pay"])


def test_the_bin_holds_what_is_deleted() -> None:
    snapshot = delete(plan(*FAMILY, ops={"deleted_at": STAMP}), "P-2")
    assert bin_of(snapshot, "tasks") == ["P-2", "P-3"]
    assert bin_of(snapshot, "projects") == ["ops"]
