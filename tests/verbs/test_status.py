"""What people do with tasks, what it stamps, and what it means for others."""

from typing import Any

import pytest

from orchestrator.patch.apply import SnapshotDocuments, apply
from orchestrator.patch.ops import Patch
from orchestrator.verbs.effects import effects
from orchestrator.verbs.move import move
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.status import ACTIONS, act, already
from tests.verbs.plans import NOW, STAMP, done_to, plan

Tasks = dict[str, dict[str, Any]]

PLAN: Tasks = {
    "PAY-1": {}, "PAY-2": {"parent": "PAY-1", "status": "in_progress"},
    "PAY-3": {"dependencies": ["PAY-2"]},
    "PAY-9": {"deleted_at": "2026-01-01T00:00:00Z"},
}  # fmt: skip


def said(tasks: Tasks, action: str, *task_ids: str) -> list[str]:
    snapshot = plan(tasks)
    patch = act(snapshot, action, list(task_ids), NOW)
    return effects(snapshot, done_to(snapshot, patch), changes(snapshot, patch))


def changes(snapshot: Any, patch: Patch) -> Any:
    return apply(SnapshotDocuments(snapshot), patch.ops)


@pytest.mark.parametrize("action", list(ACTIONS))
@pytest.mark.parametrize(
    "status", ["todo", "in_progress", "blocked", "in_review", "completed", "cancelled"]
)
def test_each_action_from_each_status(action: str, status: str) -> None:
    snapshot = plan({"PAY-1": {"status": status}})
    goal = ACTIONS[action].status
    is_closed = status in ("completed", "cancelled")
    if status == goal:
        assert act(snapshot, action, ["PAY-1"], NOW).ops == ()
        assert already(snapshot, action, ["PAY-1"]) == ["PAY-1"]
    elif (not (is_closed or status == "blocked")) if action == "reopen" else is_closed:
        with pytest.raises(ImpossibleError) as refused:
            act(snapshot, action, ["PAY-1"], NOW)
        assert status in refused.value.message
        assert "PAY-1" in str(refused.value.hint)
    else:
        task = done_to(snapshot, act(snapshot, action, ["PAY-1"], NOW)).tasks["PAY-1"]
        assert task["status"] == goal
        assert ("completed_at" in task) == (goal == "completed")
        if goal == "todo":
            assert "started_at" not in task


def test_starting_stamps_with_the_clock() -> None:
    task = done_to(plan(PLAN), act(plan(PLAN), "start", ["PAY-1"], NOW)).tasks["PAY-1"]
    assert task["started_at"] == STAMP


def test_unknown_and_deleted_tasks_are_refused_and_nothing_is_done_with_the_others() -> None:
    for task_id, says in (("PAY-8", "There is no task PAY-8 ."), ("PAY-9", "PAY-9 is deleted.")):
        with pytest.raises(ImpossibleError) as refused:
            act(plan(PLAN), "done", ["PAY-2", task_id], NOW)
        assert refused.value.message == says


def test_blocking_on_a_task_adds_the_dependency_also_where_it_is_blocked_already() -> None:
    snapshot = plan({"PAY-1": {"status": "blocked"}, "PAY-2": {}, "PAY-3": {}})
    after = done_to(snapshot, act(snapshot, "block", ["PAY-1", "PAY-2"], NOW, ["PAY-3"]))
    for task_id in ("PAY-1", "PAY-2"):
        assert after.tasks[task_id]["dependencies"] == ["PAY-3"]
        assert after.tasks[task_id]["status"] == "blocked"
    with pytest.raises(ImpossibleError, match="cannot depend on itself"):
        act(snapshot, "block", ["PAY-1"], NOW, ["PAY-1"])


def test_completing_says_what_is_free_and_which_parent_is_done() -> None:
    assert said(PLAN, "done", "PAY-2") == [
        "PAY-3 can start now: Title of PAY-3",
        "The one task under PAY-1 is done: orchestrator task done PAY-1",
    ]
    more = {**PLAN, "PAY-4": {"parent": "PAY-1", "status": "cancelled"}}
    assert "All 2 tasks under PAY-1 are done: orchestrator task done PAY-1" in said(
        more, "done", "PAY-2"
    )
    more["PAY-4"] = {"parent": "PAY-1"}
    assert said(more, "done", "PAY-2") == ["PAY-3 can start now: Title of PAY-3"]
    assert said(more, "done", "PAY-2", "PAY-4", "PAY-1") == ["PAY-3 can start now: Title of PAY-3"]


def test_what_waits_above_frees_what_is_below() -> None:
    tasks: Tasks = {
        "PAY-1": {}, "PAY-2": {"dependencies": ["PAY-1"]}, "PAY-3": {"parent": "PAY-2"},
        "PAY-4": {"dependencies": ["PAY-1", "PAY-5"]}, "PAY-5": {},
    }  # fmt: skip
    assert said(tasks, "cancel", "PAY-1") == ["PAY-3 can start now: Title of PAY-3"]


def test_a_long_list_of_what_is_free_is_cut() -> None:
    tasks: Tasks = {"PAY-0": {}} | {f"PAY-{n}": {"dependencies": ["PAY-0"]} for n in range(1, 9)}
    lines = said(tasks, "done", "PAY-0")
    assert len(lines) == 6
    assert lines[-1] == "… and 3 more can start now: orchestrator ready"


def test_reopening_says_what_is_completed_above_and_was_begun_behind() -> None:
    tasks: Tasks = {
        "PAY-1": {"status": "completed"}, "PAY-2": {"parent": "PAY-1", "status": "completed"},
        "PAY-3": {"dependencies": ["PAY-2"], "status": "in_progress"},
        "PAY-4": {"dependencies": ["PAY-2"]},
        "PAY-5": {"dependencies": ["PAY-2"], "status": "completed"},
    }  # fmt: skip
    assert said(tasks, "reopen", "PAY-2") == [
        "PAY-4 must wait again.",
        "PAY-1 above PAY-2 is completed; reopen it as well: orchestrator task reopen PAY-1",
        "PAY-3 , which depends on PAY-2 , was started already.",
        "PAY-5 , which depends on PAY-2 , was completed already.",
    ]
    assert not any("above" in line for line in said(tasks, "reopen", "PAY-2", "PAY-1"))


def test_cancelling_says_what_is_open_below() -> None:
    assert said(PLAN, "cancel", "PAY-1") == ["PAY-2 under PAY-1 is still open."]


def test_a_change_of_anything_else_means_nothing_for_others() -> None:
    snapshot = plan(PLAN)
    patch = Patch(({"op": "add", "path": "/tasks/PAY-2/priority", "value": "high"},))
    assert effects(snapshot, done_to(snapshot, patch), changes(snapshot, patch)) == []


def test_a_task_that_is_moved_away_frees_its_parent() -> None:
    snapshot = plan({"PAY-1": {}, "PAY-2": {"parent": "PAY-1"}})
    patch = move(snapshot, ["PAY-2"], is_root=True)
    assert effects(snapshot, done_to(snapshot, patch), changes(snapshot, patch)) == [
        "PAY-1 can start now: Title of PAY-1"
    ]
