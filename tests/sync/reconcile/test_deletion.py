"""Deletions: they cross only on evidence, only when they may, and never over an edit."""

from dataclasses import replace

import pytest

from orchestrator.sync.reconcile.guard import BulkDeletionError, EmptyListingError
from tests.sync.memory import Memory, Quirks
from tests.sync.reconcile.desk import Desk, plan


def linked(*, prune: bool = True, trash: bool = True, count: int = 3) -> Desk:
    desk = Desk(plan(**{f"t{at}": {} for at in range(1, count + 1)}), Memory(Quirks(trash=trash)))
    desk.settings(prune=prune)
    desk.settle()
    return desk


@pytest.mark.parametrize("trash", [True, False])
def test_a_deletion_there_comes_here(trash: bool) -> None:
    desk = linked(trash=trash)
    desk.remote.remove(desk.key("PAY-1"))
    desk.settle()
    assert "PAY-1" not in desk.live()
    assert ("tasks", "PAY-1") not in desk.base.records


def test_a_deletion_here_goes_there() -> None:
    desk = linked()
    key = desk.key("PAY-1")
    desk.delete("PAY-1")
    desk.settle()
    assert key not in desk.remote.live()
    assert ("delete", key) in desk.remote.writes


def test_a_file_that_is_removed_is_a_deletion() -> None:
    desk = linked()
    key = desk.key("PAY-1")
    desk.purge("PAY-1")
    desk.settle()
    assert key not in desk.remote.live()


def test_without_prune_a_deletion_stays_on_its_side_and_nothing_comes_back() -> None:
    desk = linked(prune=False)
    gone, kept = desk.key("PAY-1"), desk.key("PAY-2")
    desk.remote.remove(gone)
    desk.delete("PAY-2")
    found = desk.sync()
    assert {(action.verb, action.id) for action in found.actions} == {
        ("skip", "PAY-1"), ("skip", "PAY-2"),
    }  # fmt: skip
    assert all(
        "prune is off" in action.reason or "listed" in action.reason for action in found.actions
    )
    desk.sync()
    assert "PAY-1" in desk.live()
    assert kept in desk.remote.live()
    assert set(desk.live()) == {"PAY-1", "PAY-3"}
    assert len(desk.remote.live()) == 2


def test_an_edit_there_beats_a_deletion_here() -> None:
    desk = linked()
    desk.delete("PAY-1")
    desk.remote.edit(desk.key("PAY-1"), title="Still needed")
    desk.settle()
    assert desk.live()["PAY-1"]["title"] == "Still needed"


def test_an_edit_there_beats_the_removal_of_a_file() -> None:
    desk = linked()
    desk.purge("PAY-1")
    desk.remote.edit(desk.key("PAY-1"), title="Still needed")
    desk.settle()
    assert desk.live()["PAY-1"]["title"] == "Still needed"
    assert desk.live()["PAY-1"]["external_ids"] == {"trk": "#2"}


def test_a_task_that_comes_back_brings_back_what_it_is_under() -> None:
    desk = Desk(plan(t1={}, t2={"parent": "PAY-1"}, t3={"parent": "PAY-2"})).settings(prune=True)
    desk.settle()
    desk.delete("PAY-1")
    desk.remote.edit(desk.key("PAY-3"), title="Still needed")
    desk.settle()
    assert set(desk.live()) == {"PAY-1", "PAY-2", "PAY-3"}
    assert not desk.problems()


def test_an_edit_here_beats_a_deletion_there_and_what_was_trashed_stays_so() -> None:
    desk = linked()
    old = desk.key("PAY-1")
    desk.set("PAY-2", dependencies=["PAY-1"])
    desk.settle()
    desk.remote.remove(old)
    desk.set("PAY-1", title="Still needed")
    desk.settle()
    assert desk.key("PAY-1") != old
    assert desk.row("PAY-1")["title"] == "Still needed"
    assert desk.row("PAY-2")["dependencies"] == [desk.key("PAY-1")]
    assert desk.remote.rows[old].state == "trashed"
    assert desk.task("PAY-1")["external_ids"]["trk"] == f"#{desk.key('PAY-1')[1:]}"


def test_what_is_gone_on_both_sides_is_forgotten() -> None:
    desk = linked()
    desk.remote.remove(desk.key("PAY-1"))
    desk.delete("PAY-1")
    found = desk.sync()
    assert found.totals == {"unlink": 1}
    assert ("tasks", "PAY-1") not in desk.base.records


def test_an_item_that_is_not_listed_and_still_there_is_not_deleted() -> None:
    desk = linked()
    key = desk.key("PAY-1")
    desk.remote.shuffle = lambda items: [item for item in items if item.key != key]
    found = desk.sync()
    assert not found.actions
    assert ("look", key) in desk.remote.calls


def test_a_partial_listing_deletes_nothing() -> None:
    desk = linked()
    desk.remote.quirks.page = 1
    desk.remote.remove(desk.key("PAY-1"))
    assert not desk.sync().actions


def test_an_empty_listing_stops_the_run() -> None:
    desk = linked()
    desk.remote.shuffle = lambda _: []
    with pytest.raises(EmptyListingError) as caught:
        desk.sync()
    assert caught.value.message == ("trk shows no item at all, and 4 of its items are linked here.")
    assert "--allow-deletions" in (caught.value.hint or "")
    assert len(desk.live()) == 3


def test_an_empty_listing_is_believed_when_somebody_says_so() -> None:
    desk = linked(trash=False)
    for task_id in ("PAY-1", "PAY-2", "PAY-3"):
        desk.remote.remove(desk.key(task_id))
    desk.remote.remove(desk.key("pay", "projects"))
    desk.sync(allow_deletions=True)
    assert not desk.live()


@pytest.mark.parametrize(("count", "stops"), [(5, False), (6, True)])
def test_many_deletions_there_stop_the_run(count: int, stops: bool) -> None:
    desk = linked(count=40)
    for number in range(1, count + 1):
        desk.remote.remove(desk.key(f"PAY-{number}"))
    before = desk.snapshot
    if stops:
        with pytest.raises(BulkDeletionError) as caught:
            desk.sync()
        assert (caught.value.side, caught.value.count, caught.value.linked) == ("local", 6, 41)
        assert desk.snapshot == before
        desk.sync(allow_deletions=True)
    else:
        desk.sync()
    assert len(desk.live()) == 40 - count


def test_many_deletions_here_stop_the_run() -> None:
    desk = linked(count=40)
    desk.delete(*(f"PAY-{number}" for number in range(1, 8)))
    with pytest.raises(BulkDeletionError, match="would be deleted in trk"):
        desk.sync()
    assert len(desk.remote.live()) == 40


def test_many_that_are_gone_there_stop_nobody_when_deletions_do_not_cross() -> None:
    desk = linked(prune=False, count=40)
    for number in range(1, 9):
        desk.remote.remove(desk.key(f"PAY-{number}"))
    assert desk.sync().totals == {"skip": 8}


def test_a_tenth_of_many_may_go() -> None:
    desk = linked(count=100)
    desk.delete(*(f"PAY-{number}" for number in range(1, 11)))
    desk.settle()
    assert len(desk.remote.live()) == 90


def test_a_parent_is_not_deleted_here_while_a_task_of_ours_lives_below_it() -> None:
    desk = linked()
    desk.remote.remove(desk.key("PAY-1"))
    desk.add("PAY-9", parent="PAY-1")
    desk.settings(direction="pull")
    found = desk.sync()
    (action,) = found.actions
    assert (action.verb, action.id) == ("skip", "PAY-1")
    assert "PAY-9 below it is not" in action.reason


def test_a_child_outlives_its_parent_that_was_deleted_there() -> None:
    desk = Desk(plan(t1={}, t2={"parent": "PAY-1"})).settings(prune=True)
    desk.settle()
    desk.remote.remove(desk.key("PAY-1"))
    desk.settle()
    assert set(desk.live()) == {"PAY-2"}
    assert "parent" not in desk.task("PAY-2")
    assert not desk.problems()


def test_a_project_that_is_gone_there_takes_no_task_along_that_lives_on() -> None:
    desk = linked()
    desk.remote.remove(desk.key("pay", "projects"))
    desk.settle()
    assert set(desk.live()) == {"PAY-1", "PAY-2", "PAY-3"}
    assert len(desk.remote.live()) == 3


def test_a_project_is_deleted_there_with_its_tasks_children_first() -> None:
    desk = Desk(plan(t1={}, t2={"parent": "PAY-1"})).settings(prune=True)
    desk.settle()
    keys = [desk.key("PAY-2"), desk.key("PAY-1"), desk.key("pay", "projects")]
    desk.delete_project("pay")
    desk.sync()
    assert [key for name, key in desk.remote.writes if name == "delete"] == keys


def test_a_parent_is_not_deleted_there_while_a_new_item_is_below_it() -> None:
    desk = linked()
    desk.remote.add(title="New", parent=desk.key("PAY-1"))
    desk.delete("PAY-1")
    found = desk.sync()
    assert {(action.verb, action.side) for action in found.actions} == {
        ("skip", None), ("create", "local"),
    }  # fmt: skip
    assert desk.key("PAY-1") in desk.remote.live()
    assert not desk.problems()


def test_an_archived_item_lives() -> None:
    desk = linked()
    desk.remote.rows[desk.key("PAY-1")].state = "archived"
    assert not desk.sync().actions
    desk.set("PAY-1", title="New")
    desk.settle()
    assert desk.row("PAY-1")["title"] == "New"


def test_a_task_that_is_restored_after_its_deletion_crossed_is_made_anew_there() -> None:
    desk = linked()
    old = desk.key("PAY-1")
    desk.delete("PAY-1")
    desk.settle()
    assert "external_ids" not in desk.task("PAY-1")
    desk.set("PAY-1", deleted_at=None)
    desk.settle()
    assert desk.key("PAY-1") != old
    assert desk.row("PAY-1")["title"] == "t1"


def test_a_failed_deletion_is_tried_again() -> None:
    desk = linked()
    key = desk.key("PAY-1")
    desk.delete("PAY-1")
    desk.sync(is_sent=lambda _: False)
    assert key in desk.remote.live()
    desk.settle()
    assert key not in desk.remote.live()


def test_a_suspended_item_is_left_alone_on_both_sides() -> None:
    desk = linked()
    meta = replace(desk.base.meta, suspended=("PAY-1",))
    desk.base = replace(desk.base, meta=meta)
    desk.set("PAY-1", title="here")
    desk.remote.edit(desk.key("PAY-1"), priority="high")
    (action,) = desk.sync().actions
    assert (action.verb, action.reason) == ("skip", "it is suspended")
    desk.base = replace(desk.base, meta=replace(desk.base.meta, suspended=()))
    desk.settle()
    assert desk.row("PAY-1")["title"] == "here"
    assert desk.task("PAY-1")["priority"] == "high"
