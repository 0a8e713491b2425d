"""Restoring: exactly what a deletion took, whatever was deleted besides."""

from typing import Any

import pytest

from orchestrator.model.snapshot import Snapshot
from orchestrator.verbs.delete import delete_projects
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.restore import restore_projects, restore_tasks
from tests.verbs.test_delete import FAMILY, NOW, STAMP, delete, gone, made, plan, task


def restore(snapshot: Snapshot, *ids: str) -> Snapshot:
    return made(snapshot, restore_tasks(snapshot, ids))


def refusal(snapshot: Snapshot, *ids: str) -> tuple[str, str | None]:
    with pytest.raises(ImpossibleError) as refused:
        restore_tasks(snapshot, ids)
    return refused.value.message, refused.value.hint


def test_a_deletion_is_undone_exactly() -> None:
    snapshot = plan(*FAMILY, task("P-9", dependencies=["P-3"]))
    assert restore(delete(snapshot, "P-1", force=True), "P-1") == snapshot


def test_what_was_deleted_before_or_apart_stays_deleted() -> None:
    snapshot = delete(delete(plan(*FAMILY), "P-3"), "P-1", "P-4")
    assert gone(restore(snapshot, "P-1")) == {"P-3": None, "P-4": None}


def test_the_two_deletions_come_back_one_after_the_other() -> None:
    snapshot = plan(*FAMILY)
    both = delete(delete(snapshot, "P-2"), "P-1")
    assert restore(restore(both, "P-1"), "P-2") == snapshot
    assert restore(both, "P-1", "P-2") == restore(both, "P-2", "P-1") == snapshot


def test_a_task_that_went_along_comes_back_with_what_took_it() -> None:
    snapshot = delete(plan(*FAMILY), "P-1")
    assert refusal(snapshot, "P-3") == (
        "P-3 was deleted together with P-1 .", "orchestrator task restore P-1 brings back both.",
    )  # fmt: skip
    assert gone(restore(snapshot, "P-3", "P-1")) == {}


def test_a_task_that_went_with_its_project_comes_back_with_it() -> None:
    snapshot = plan(*FAMILY)
    deleted = made(snapshot, delete_projects(snapshot, ["pay"], NOW, "dana"))
    assert refusal(deleted, "P-4") == (
        "P-4 was deleted together with pay .", "orchestrator project restore pay brings back both.",
    )  # fmt: skip
    assert made(deleted, restore_projects(deleted, ["pay"])) == snapshot


def test_a_project_comes_back_without_what_was_deleted_in_it_before() -> None:
    snapshot = delete(plan(*FAMILY), "P-2")
    deleted = made(snapshot, delete_projects(snapshot, ["pay"], NOW, "dana"))
    assert refusal(deleted, "P-2") == (
        "P-2 is in the project pay , which is deleted.", "orchestrator project restore pay first.",
    )  # fmt: skip
    assert made(deleted, restore_projects(deleted, ["pay"])) == snapshot


def test_a_task_does_not_come_back_under_a_deleted_one() -> None:
    snapshot = delete(delete(plan(*FAMILY), "P-3"), "P-1")
    assert refusal(snapshot, "P-3") == (
        "P-3 is under P-2 , which is deleted.", "orchestrator task restore P-1 first.",
    )  # fmt: skip
    assert gone(restore(snapshot, "P-3", "P-1")) == {}


def test_a_task_whose_parent_is_gone_for_good_says_what_to_do() -> None:
    snapshot = plan(task("P-3", parent="P-2", deleted_at=STAMP))
    assert refusal(snapshot, "P-3") == (
        "P-3 is under P-2 , which does not exist.",
        "orchestrator task set P-3 parent= makes it a root; restore it then.",
    )


@pytest.mark.parametrize("root", [task("P-1"), task("P-7")], ids=["back", "purged"])
def test_what_lost_its_root_comes_back_by_itself_with_all_below(root: dict[str, Any]) -> None:
    taken = {"deleted_at": STAMP, "deleted_with": "P-1"}
    snapshot = plan(
        root, task("P-2", **taken), task("P-3", parent="P-2", **taken), task("P-4", **taken),
        task("P-5", parent="P-2", deleted_at=STAMP),
    )  # fmt: skip
    assert gone(restore(snapshot, "P-2")) == {"P-4": "P-1", "P-5": None}


def test_what_is_live_or_not_there_is_refused() -> None:
    snapshot = plan(*FAMILY)
    assert refusal(snapshot, "P-4") == (
        "The task P-4 is not deleted.", "orchestrator task list --deleted shows what is.",
    )  # fmt: skip
    assert refusal(snapshot, "P-99")[0] == "There is no task P-99 ."
    with pytest.raises(ImpossibleError, match="The project pay is not deleted"):
        restore_projects(snapshot, ["pay"])


def test_what_has_changed_around_it_may_keep_a_task_deleted() -> None:
    deep = [task("P-1"), *(task(f"P-{n}", parent=f"P-{n - 1}") for n in range(2, 7))]
    snapshot = plan(*deep, task("P-7", parent="P-6", deleted_at=STAMP))
    assert refusal(snapshot, "P-7") == (
        f"P-7 would be at depth 6 and the deepest allowed is 5: {' → '.join(snapshot.tasks)} .",
        "Move P-2 further up first, or raise max_depth in orchestrator.yaml.",
    )
    for needed, why in (
        ("P-1", "which is above it by now"),
        ("P-3", "which is below it by now"),
        ("P-9", "which does not exist"),
    ):
        gone_task = task("P-2", parent="P-1", deleted_at=STAMP, dependencies=[needed])
        below = task("P-3", parent="P-2", deleted_at=STAMP)
        assert refusal(plan(task("P-1"), gone_task, below), "P-2") == (
            f"P-2 depends on {needed} , {why}.",
            f"orchestrator task unlink P-2 --on {needed} first.",
        )
