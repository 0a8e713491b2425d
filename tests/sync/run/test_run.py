"""Whole runs with real git: what both sides, the commit and the base are afterwards."""

from dataclasses import replace

import pytest

from orchestrator.agent.context import is_from_outside
from orchestrator.sync.base.share import BehindError
from orchestrator.sync.errors import (
    AuthError,
    ForbiddenError,
    PlanLimitError,
    RemoteError,
    ServerError,
)
from orchestrator.sync.reconcile.guard import EmptyListingError
from orchestrator.sync.run.execute import Failure
from orchestrator.sync.run.origin import Sharing
from orchestrator.sync.run.prepare import Wishes
from tests.sync.memory import Quirks, lost
from tests.sync.run.clone import NAME, Clone


def test_a_first_sync_brings_each_side_what_the_other_has(clone: Clone) -> None:
    project = clone.memory.add("projects", title="Web Shop")
    top = clone.memory.add(title="Basket", project=project, priority="high", labels=["ui"])
    clone.memory.add(title="Total", project=project, parent=top)
    clone.memory.add(title="Pay", project=project, dependencies=[top])
    result = clone.sync()
    assert result.is_fine
    assert sorted(clone.titles().values()) == [
        "Basket", "Capture", "Pay", "Refund", "Retry", "Total",
    ]  # fmt: skip
    assert len(clone.memory.live("tasks")) == 6
    assert len(clone.memory.live("projects")) == 2
    tasks = {task["title"]: task for task in clone.snapshot.tasks.values()}
    assert tasks["Total"]["parent"] == tasks["Basket"]["id"]
    assert tasks["Pay"]["dependencies"] == [tasks["Basket"]["id"]]
    there = {row["title"]: row for row in clone.memory.live().values()}
    assert there["Retry"]["parent"] is not None
    assert there["Refund"]["dependencies"] == [
        key for key, row in clone.memory.live().items() if row["title"] == "Retry"
    ]
    assert clone.git("status", "--porcelain") == ""
    assert clone.git("rev-list", "--count", "HEAD").strip() == "2"


def test_what_came_from_a_tracker_is_marked_as_from_outside(clone: Clone) -> None:
    clone.memory.add(title="Theirs")
    clone.sync()
    marked = {task["title"] for task in clone.snapshot.tasks.values() if is_from_outside(task)}
    assert "Theirs" in marked


@pytest.mark.parametrize("incremental", [False, True])
def test_a_second_run_does_nothing_at_all(clone: Clone, incremental: bool) -> None:
    clone.memory.quirks = Quirks(incremental=incremental)
    clone.memory.add(title="Theirs")
    clone.sync()
    before = clone.git("for-each-ref"), list(clone.memory.writes)
    assert clone.sync().is_fine
    assert (clone.git("for-each-ref"), clone.memory.writes) == before
    assert not clone.plan().plan.actions


def test_edits_of_both_sides_cross(clone: Clone) -> None:
    clone.sync()
    key = clone.snapshot.tasks["PAY-1"]["external_ids"][NAME]
    row = next(key for key, row in clone.memory.live().items() if row["title"] == "Capture")
    clone.memory.edit(row, title="Capture card", due_date="2026-12-01")
    clone.edit("PAY-1", "status: todo", "status: in_progress")
    assert clone.sync().is_fine
    task = clone.snapshot.tasks["PAY-1"]
    assert (task["title"], task["due_date"]) == ("Capture card", "2026-12-01")
    assert clone.memory.live()[row]["status"] == "in_progress"
    assert key == task["external_ids"][NAME]


def test_a_plan_changes_nothing_anywhere(clone: Clone) -> None:
    clone.memory.add(title="Theirs")
    before = clone.git("for-each-ref"), clone.git("status", "--porcelain")
    assert clone.plan().plan.actions
    assert (clone.git("for-each-ref"), clone.git("status", "--porcelain")) == before
    assert not clone.memory.writes


def test_an_item_that_fails_stops_no_other_and_is_tried_again(clone: Clone) -> None:
    def refuse(name: str, key: str) -> None:
        if (name, key) == ("create", "PAY-1"):
            raise ForbiddenError("You may not.", "Ask somebody.")

    clone.memory.before = refuse
    result = clone.sync()
    assert not result.is_fine
    failed = {failure.action.id: failure.message for failure in result.outcome.failures}
    assert failed["PAY-1"] == "You may not."
    assert "PAY-1 , which it belongs under, was not made" in failed["PAY-2"]
    assert "PAY-3" not in failed
    clone.memory.before = lambda _name, _key: None
    assert clone.sync().is_fine
    there = {row["title"]: row for row in clone.memory.live().values()}
    assert set(there) == {"Capture", "Retry", "Refund"}
    assert len(there["Refund"]["dependencies"]) == 1
    assert not clone.plan().plan.actions


@pytest.mark.parametrize("error", [AuthError, PlanLimitError])
def test_what_no_further_request_can_change_ends_the_writing(
    clone: Clone, error: type[RemoteError]
) -> None:
    def refuse(name: str, _key: str) -> None:
        if name == "create":
            raise error("No more.")

    key = clone.memory.add(title="Theirs")
    clone.memory.before = refuse
    result = clone.sync()
    assert sum(call[0] == "create" for call in clone.memory.calls) == 1
    assert len(result.outcome.failures) == 4
    # What was read is still taken over.
    assert clone.memory.rows[key].fields["title"] in clone.titles().values()


def test_five_failures_of_the_server_in_a_row_end_the_writing(clone: Clone) -> None:
    clone.sync()
    for number in range(8):
        text = f"id: PAY-5{number}\ntitle: New {number}\nstatus: todo\n"
        clone.write(f"projects/pay/tasks/PAY-5{number}.yaml", text)

    def fail(name: str, _key: str) -> None:
        if name == "create":
            raise ServerError("Down.")

    clone.memory.calls.clear()
    clone.memory.before = fail
    result = clone.sync()
    assert isinstance(result.outcome.stopped, ServerError)
    assert sum(call[0] == "create" for call in clone.memory.calls) == 5
    assert len(result.outcome.failures) == 8


def test_an_answer_that_was_lost_makes_nothing_twice(clone: Clone) -> None:
    clone.memory.after = lost("create", times=2)
    assert clone.sync().is_fine
    assert sorted(row["title"] for row in clone.memory.live().values()) == [
        "Capture", "Refund", "Retry",
    ]  # fmt: skip
    assert not clone.plan().plan.actions


def test_fields_that_create_leaves_out_are_sent_after_it(clone: Clone) -> None:
    clone.memory.quirks = Quirks(late=frozenset({"parent", "dependencies", "labels"}))
    assert clone.sync().is_fine
    there = {row["title"]: row for row in clone.memory.live().values()}
    assert there["Capture"]["labels"] == ["api", "db"]
    assert there["Retry"]["parent"]
    assert not clone.plan().plan.actions


def test_a_follow_up_that_fails_is_sent_by_the_next_run(clone: Clone) -> None:
    clone.memory.quirks = Quirks(late=frozenset({"parent", "dependencies", "labels"}))

    def fail(name: str, _key: str) -> None:
        if name == "update":
            raise ForbiddenError("Not now.")

    clone.memory.before = fail
    assert not clone.sync().is_fine
    clone.memory.before = lambda _name, _key: None
    assert clone.sync().is_fine
    there = {row["title"]: row for row in clone.memory.live().values()}
    assert there["Capture"]["labels"] == ["api", "db"]
    assert there["Retry"]["parent"]
    assert there["Refund"]["dependencies"]
    assert not clone.plan().plan.actions


@pytest.mark.parametrize("incremental", [False, True])
def test_a_branch_for_review_leaves_the_plan_as_it_is_until_it_is_merged(
    clone: Clone, incremental: bool
) -> None:
    clone.memory.quirks = Quirks(incremental=incremental)
    for _ in range(2):
        clone.sync(branch=f"sync/{NAME}")
        assert "external_ids" not in clone.snapshot.tasks["PAY-3"]
    row = next(key for key, row in clone.memory.live().items() if row["title"] == "Capture")
    clone.memory.edit(row, title="Capture card")
    clone.memory.add(title="Theirs")
    clone.edit("PAY-2", "status: todo", "status: in_progress")
    for _ in range(2):
        assert clone.sync(branch=f"sync/{NAME}").landed
        assert clone.snapshot.tasks["PAY-1"]["title"] == "Capture"
        assert clone.git("rev-list", "--count", f"main..sync/{NAME}").strip() == "1"
    assert sum(call[0] == "create" for call in clone.memory.writes) == 4
    assert f"{NAME}:" in clone.git("show", f"sync/{NAME}:projects/pay/tasks/PAY-3.yaml")
    clone.git("merge", "--quiet", "--ff-only", f"sync/{NAME}")
    assert clone.sync().is_fine
    assert clone.snapshot.tasks["PAY-1"]["title"] == "Capture card"
    assert not clone.plan().plan.actions
    assert len(clone.memory.live()) == 4


def test_unsaved_edits_survive_a_run(clone: Clone) -> None:
    clone.sync()
    row = next(key for key, row in clone.memory.live().items() if row["title"] == "Capture")
    clone.memory.edit(row, title="Capture card")
    path = clone.root / clone.path_of("PAY-1")
    path.write_text(path.read_text().replace("title: Capture", "title: Mine"))
    result = clone.sync()
    assert result.landed
    assert result.landed.refused == {
        ("tasks", "PAY-1"): "its file has changes that are not committed"
    }
    assert "title: Mine" in path.read_text()
    clone.git("checkout", "--quiet", ".")
    assert clone.sync().is_fine
    assert clone.snapshot.tasks["PAY-1"]["title"] == "Capture card"


def test_a_tracker_that_is_suddenly_empty_stops_the_run(clone: Clone) -> None:
    clone.sync()
    clone.memory.rows.clear()
    before = clone.git("for-each-ref")
    with pytest.raises(EmptyListingError):
        clone.sync()
    assert clone.git("for-each-ref") == before


def test_a_branch_that_lacks_the_last_sync_is_refused_before_anything_is_asked(
    clone: Clone,
) -> None:
    clone.sync()
    clone.git("reset", "--quiet", "--hard", "HEAD~1")
    clone.memory.calls.clear()
    with pytest.raises(BehindError):
        clone.sync()
    assert not clone.memory.calls
    assert clone.sync(Wishes(sharing=Sharing(is_any_head=True))).is_fine
    assert len(clone.memory.live()) == 3
    assert len(clone.titles()) == 3
    assert clone.sync().is_fine


def test_only_the_items_named_are_looked_at_and_nothing_is_forgotten(clone: Clone) -> None:
    clone.memory.quirks = Quirks(incremental=True)
    clone.sync()
    rows = {row["title"]: key for key, row in clone.memory.live().items()}
    clone.memory.edit(rows["Capture"], title="Capture 2")
    clone.memory.edit(rows["Retry"], title="Retry 2")
    clone.sync(Wishes(only=frozenset({"PAY-1"})))
    assert clone.snapshot.tasks["PAY-1"]["title"] == "Capture 2"
    assert clone.snapshot.tasks["PAY-2"]["title"] == "Retry"
    clone.sync()
    assert clone.snapshot.tasks["PAY-2"]["title"] == "Retry 2"


def test_a_change_made_by_somebody_during_the_run_is_not_lost(clone: Clone) -> None:
    clone.sync()
    rows = {row["title"]: key for key, row in clone.memory.live().items()}
    clone.memory.edit(rows["Retry"], title="Retry 2")
    clone.edit("PAY-1", "title: Capture", "title: Capture 2")

    def meanwhile(name: str, _key: str) -> None:
        if name == "update":
            clone.edit("PAY-3", "title: Refund", "title: Refund 2")
            clone.edit("PAY-2", "status: todo", "status: in_review")

    clone.memory.before = meanwhile
    assert clone.sync().is_fine
    clone.memory.before = lambda _name, _key: None
    assert clone.snapshot.tasks["PAY-2"]["title"] == "Retry 2"
    assert clone.snapshot.tasks["PAY-2"]["status"] == "in_review"
    assert clone.sync().is_fine
    there = {row["title"]: row for row in clone.memory.live().values()}
    assert set(there) == {"Capture 2", "Retry 2", "Refund 2"}
    assert there["Retry 2"]["status"] == "in_review"
    assert not clone.plan().plan.actions


def test_every_write_over_there_is_told(clone: Clone) -> None:
    clone.sync()
    assert [done.action.id for done in clone.told] == ["pay", "PAY-1", "PAY-2", "PAY-3"]
    assert not any(isinstance(done, Failure) for done in clone.told)


def test_a_deep_hierarchy_is_brought_in_and_told(clone: Clone) -> None:
    parent = None
    for level in range(9):
        parent = clone.memory.add(title=f"Level {level}", parent=parent)
    result = clone.sync()
    assert result.is_fine
    assert any("Level" in text or "deep" in text for text in result.prepared.plan.warnings)
    assert len([title for title in clone.titles().values() if "Level" in title]) == 9
    assert not clone.plan().plan.actions


def test_the_base_holds_every_linked_item_and_the_commit(clone: Clone) -> None:
    clone.sync()
    base = clone.base.base
    assert base.meta == replace(base.meta, serial=1, head=clone.git("rev-parse", "HEAD").strip())
    assert {name[1] for name in base.records} == {"pay", "PAY-1", "PAY-2", "PAY-3"}


def test_progress_counts_items_and_apart_what_they_lack(clone: Clone) -> None:
    clone.memory.quirks = Quirks(late=frozenset({"dependencies"}))
    clone.sync()
    found = [(each.what, each.done, each.total) for each in clone.progress]
    assert [each for each in found if each[0] == "writing"] == [
        ("writing", number, 4) for number in range(1, 5)
    ]
    assert found[-2:] == [("completing", 4, 4), ("writing files", 0, None)]
