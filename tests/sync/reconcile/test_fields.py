"""Linked items field by field: who changed what, and what each side gets."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from orchestrator.sync.item import Foreign
from tests.sync.memory import ACCOUNTS, Memory, Quirks
from tests.sync.reconcile.desk import Desk, Killed, plan

AN_HOUR_AGO = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def linked(quirks: Quirks | None = None, /, **fields: Any) -> Desk:
    """Return a desk whose task PAY-1 is on both sides."""
    desk = Desk(plan(t1=fields), Memory(quirks or Quirks()))
    desk.settle()
    return desk


def fields_of(found: Any) -> set[tuple[str, str]]:
    return {(change.name, change.side) for action in found.actions for change in action.fields}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("title", ("A", "B")),
        ("status", ("todo", "in_progress", "blocked", "in_review", "completed", "cancelled")),
        ("priority", ("low", "medium", "high", "urgent", None)),
        ("assignee", ("dana", "kim", None)),
        ("labels", (["a"], ["a", "b"], None)),
        ("description", ("One\n", "Two\n\n- a\n- b\n", None)),
        ("start_date", ("2026-12-01", "2026-12-02", None)),
        ("due_date", ("2026-12-01", "2026-12-02", None)),
        ("estimated_minutes", (30, 90, None)),
        ("actual_minutes", (30, 90)),
    ],
)
@pytest.mark.parametrize(
    "quirks", [Quirks(), Quirks(blocked=False, coarse=True, rewrites=True)], ids=["plain", "odd"]
)
def test_a_value_goes_over_and_comes_back_and_nothing_swings(
    name: str, values: tuple[Any, ...], quirks: Quirks
) -> None:
    desk = linked(replace(quirks))
    for value in values:
        desk.set("PAY-1", **{name: value})
        desk.settle()
        assert desk.task("PAY-1").get(name) == value
        seen = desk.remote.represent("tasks", name, value)
        assert desk.row("PAY-1")[name] == seen
    for value in reversed(values):
        stored = (
            ACCOUNTS.get(value, value)
            if name == "assignee"
            else desk.remote.represent("tasks", name, value)
        )
        desk.remote.edit(desk.key("PAY-1"), **{name: stored})
        desk.settle()
        here = desk.task("PAY-1").get(name)
        assert desk.remote.represent("tasks", name, here) == desk.row("PAY-1")[name]


def test_different_fields_changed_on_both_sides_all_survive() -> None:
    desk = linked()
    desk.set("PAY-1", title="New here")
    desk.remote.edit(desk.key("PAY-1"), due_date="2026-12-24")
    desk.settle()
    assert desk.row("PAY-1")["title"] == desk.task("PAY-1")["title"] == "New here"
    assert desk.row("PAY-1")["due_date"] == desk.task("PAY-1")["due_date"] == "2026-12-24"


def test_the_same_change_on_both_sides_writes_nothing_and_is_agreed_on() -> None:
    desk = linked()
    desk.set("PAY-1", title="Same")
    desk.remote.edit(desk.key("PAY-1"), title="Same")
    before = len(desk.remote.writes)
    found = desk.sync()
    assert not found.actions
    assert len(desk.remote.writes) == before
    desk.set("PAY-1", title="Later")
    assert fields_of(desk.sync()) == {("title", "remote")}


@pytest.mark.parametrize(
    ("how", "winner"),
    [("stop", None), ("local", "here"), ("remote", "there"), ("newest", "there")],
)
def test_a_field_that_both_changed_goes_by_the_setting(how: Any, winner: str | None) -> None:
    desk = linked(title="Base").settings(on_conflict=how)
    desk.set("PAY-1", title="here", priority="high")
    desk.remote.edit(desk.key("PAY-1"), title="there")
    found = desk.sync(newest=lambda *_: AN_HOUR_AGO)
    assert desk.row("PAY-1")["priority"] == "high"  # a clash stops its own field only
    if winner is None:
        (action,) = found.actions
        assert action.verb == "conflict"
        assert action.clashes == (("title", "Base", "here", "there"),)
        assert (desk.task("PAY-1")["title"], desk.row("PAY-1")["title"]) == ("here", "there")
    else:
        assert desk.task("PAY-1")["title"] == desk.row("PAY-1")["title"] == winner
        desk.is_quiet()


def test_the_newest_edit_wins_where_the_file_is_the_newer_one() -> None:
    desk = linked().settings(on_conflict="newest")
    desk.set("PAY-1", title="here")
    desk.remote.edit(desk.key("PAY-1"), title="there")
    desk.sync(newest=lambda *_: TOMORROW)
    assert desk.row("PAY-1")["title"] == "here"


def test_a_clash_is_still_known_when_the_item_is_not_listed_again() -> None:
    desk = linked(Quirks(incremental=True))
    desk.set("PAY-1", title="here")
    desk.remote.edit(desk.key("PAY-1"), title="there")
    assert desk.sync().actions[0].clashes
    desk.remote.now = desk.remote.now.replace(hour=23)
    desk.sync()
    (action,) = desk.sync().actions
    assert action.clashes == (("title", "t1", "here", "there"),)
    desk.sync(choices={("tasks", "PAY-1", "title"): "remote"})
    assert desk.task("PAY-1")["title"] == "there"
    desk.is_quiet()


@pytest.mark.parametrize(("side", "title"), [("local", "here"), ("remote", "there")])
def test_somebody_who_chooses_a_side_ends_a_clash(side: Any, title: str) -> None:
    desk = linked()
    desk.set("PAY-1", title="here")
    desk.remote.edit(desk.key("PAY-1"), title="there")
    desk.sync(choices={("tasks", "PAY-1", "title"): side})
    assert desk.task("PAY-1")["title"] == desk.row("PAY-1")["title"] == title
    desk.is_quiet()


@pytest.mark.parametrize(("owner", "title"), [("local", "t1"), ("remote", "there")])
def test_what_one_side_owns_is_put_back_when_the_other_changes_it(owner: Any, title: str) -> None:
    desk = linked().settings(owner={"title": owner})
    desk.remote.edit(desk.key("PAY-1"), title="there")
    desk.settle()
    assert desk.row("PAY-1")["title"] == desk.task("PAY-1")["title"] == title


def test_what_the_tracker_owns_is_not_changed_from_here() -> None:
    desk = linked().settings(owner={"title": "remote"})
    desk.set("PAY-1", title="here")
    desk.settle()
    assert desk.task("PAY-1")["title"] == "t1"


def test_labels_of_both_sides_are_merged_by_element() -> None:
    desk = linked(labels=["a", "b", "c"])
    desk.set("PAY-1", labels=["b", "c", "d"])
    desk.remote.edit(desk.key("PAY-1"), labels=["a", "b", "e"])
    desk.settle()
    assert sorted(desk.task("PAY-1")["labels"]) == desk.row("PAY-1")["labels"] == ["b", "d", "e"]


def test_labels_in_another_order_are_no_change() -> None:
    desk = linked(labels=["b", "a"])
    desk.set("PAY-1", labels=["a", "b"])
    assert not desk.sync().actions
    assert desk.task("PAY-1")["labels"] == ["a", "b"]


def test_a_file_without_labels_never_wipes_those_of_the_tracker() -> None:
    desk = linked()
    desk.remote.edit(desk.key("PAY-1"), labels=["theirs"])
    desk.set("PAY-1", title="New")
    desk.settle()
    assert desk.row("PAY-1")["labels"] == desk.task("PAY-1")["labels"] == ["theirs"]


def test_descriptions_are_merged_by_line() -> None:
    desk = linked(description="one\ntwo\nthree\nfour\nfive\n")
    desk.set("PAY-1", description="ONE\ntwo\nthree\nfour\nfive\n")
    desk.remote.edit(desk.key("PAY-1"), description="one\ntwo\nthree\nfour\nFIVE\n")
    desk.settle()
    assert desk.task("PAY-1")["description"] == "ONE\ntwo\nthree\nfour\nFIVE\n"
    assert desk.row("PAY-1")["description"] == "ONE\ntwo\nthree\nfour\nFIVE\n"


def test_markdown_that_the_tracker_rewrites_is_no_change() -> None:
    desk = linked(Quirks(rewrites=True), description="- a\n- b\n")
    assert desk.row("PAY-1")["description"] == "* a\n* b\n"
    assert desk.task("PAY-1")["description"] == "- a\n- b\n"


def test_what_the_tracker_cannot_tell_apart_does_not_swing() -> None:
    desk = linked(Quirks(blocked=False, coarse=True), status="blocked", priority="low")
    assert (desk.row("PAY-1")["status"], desk.row("PAY-1")["priority"]) == ("in_progress", "medium")
    desk.remote.edit(desk.key("PAY-1"), title="Touched")
    desk.settle()
    assert (desk.task("PAY-1")["status"], desk.task("PAY-1")["priority"]) == ("blocked", "low")
    desk.remote.edit(desk.key("PAY-1"), status="completed")
    desk.settle()
    assert desk.task("PAY-1")["status"] == "completed"


def test_an_own_write_that_moves_the_timestamp_is_no_change_there() -> None:
    desk = linked(Quirks(incremental=True))
    desk.set("PAY-1", title="New")
    desk.sync()
    before = desk.snapshot
    assert not desk.sync().actions
    assert desk.snapshot == before


def test_timestamps_of_minutes_hide_no_change() -> None:
    desk = linked(Quirks(minutes=True, incremental=True))
    for number in range(3):
        desk.remote.edit(desk.key("PAY-1"), title=f"Edit {number}")
        desk.settle()
        assert desk.task("PAY-1")["title"] == f"Edit {number}"


def test_an_account_that_nobody_is_stays_there_and_is_said_once() -> None:
    desk = linked(assignee="dana")
    desk.remote.edit(desk.key("PAY-1"), assignee="acc-9")
    found = desk.sync()
    assert found.warnings == ("PAY-1 (#2) assignee: 'acc-9' has no word here.",)
    assert desk.task("PAY-1")["assignee"] == "dana"
    assert desk.row("PAY-1")["assignee"] == Foreign("acc-9")
    assert not desk.sync().warnings
    desk.set("PAY-1", title="New")
    desk.settle()
    assert desk.row("PAY-1")["assignee"] == Foreign("acc-9")
    desk.set("PAY-1", assignee="kim")
    desk.settle()
    assert desk.row("PAY-1")["assignee"] == "kim"


def test_somebody_without_an_account_is_not_sent_and_clears_nobody() -> None:
    desk = linked(assignee="dana")
    desk.set("PAY-1", assignee="zoe", title="New")
    found = desk.sync()
    assert found.warnings == ("PAY-1 (#2) assignee: zoe cannot be held there.",)
    assert desk.row("PAY-1")["assignee"] == "dana"
    assert desk.row("PAY-1")["title"] == "New"
    assert desk.task("PAY-1")["assignee"] == "zoe"
    desk.is_quiet()


def test_a_state_that_has_no_word_here_leaves_the_status_alone() -> None:
    desk = linked(status="in_progress")
    desk.remote.edit(desk.key("PAY-1"), status=Foreign("Icebox"))
    found = desk.sync()
    assert "'Icebox' has no word here" in found.warnings[0]
    assert desk.task("PAY-1")["status"] == "in_progress"
    desk.is_quiet()


def test_a_field_that_the_tracker_cannot_hold_stays_here() -> None:
    desk = linked(Quirks(without=frozenset({"tasks.start_date", "tasks.estimated_minutes"})),
                  start_date="2026-12-01", estimated_minutes=60)  # fmt: skip
    desk.remote.edit(desk.key("PAY-1"), title="New")
    desk.settle()
    assert desk.task("PAY-1")["start_date"] == "2026-12-01"
    assert desk.task("PAY-1")["estimated_minutes"] == 60


def test_a_field_that_is_written_at_first_only_is_not_sent_later() -> None:
    desk = linked(Quirks(supports={"tasks.due_date": "create"}), due_date="2026-12-01")
    assert desk.remote.rows[desk.key("PAY-1")].fields["due_date"] == "2026-12-01"
    desk.set("PAY-1", due_date="2026-12-24")
    desk.settle()
    assert desk.remote.rows[desk.key("PAY-1")].fields["due_date"] == "2026-12-01"


def test_a_field_that_is_only_read_comes_here_and_never_goes_there() -> None:
    desk = linked(Quirks(supports={"tasks.status": "read"}))
    desk.remote.edit(desk.key("PAY-1"), status="completed")
    desk.settle()
    assert desk.task("PAY-1")["status"] == "completed"
    desk.set("PAY-1", status="todo")
    desk.settle()
    assert desk.row("PAY-1")["status"] == "completed"


def test_minutes_spent_on_both_sides_add_up() -> None:
    desk = linked(actual_minutes=60)
    desk.set("PAY-1", actual_minutes=90)
    desk.remote.edit(desk.key("PAY-1"), actual_minutes=75)
    desk.settle()
    assert desk.task("PAY-1")["actual_minutes"] == desk.row("PAY-1")["actual_minutes"] == 105


@pytest.mark.parametrize("dies", ["before files", "before base"])
def test_minutes_are_not_counted_twice_when_a_run_is_killed_half_way(dies: Any) -> None:
    desk = linked(actual_minutes=60)
    desk.set("PAY-1", actual_minutes=90)
    desk.remote.edit(desk.key("PAY-1"), actual_minutes=75)
    with pytest.raises(Killed):
        desk.sync(dies=dies)
    desk.settle()
    assert desk.task("PAY-1")["actual_minutes"] == desk.row("PAY-1")["actual_minutes"] == 105


def test_minutes_spent_there_become_an_entry_of_a_task_that_has_entries() -> None:
    entry = {"at": "2026-11-22T09:00:00+00:00", "minutes": 30, "user": "dana"}
    desk = linked(time_entries=[entry])
    assert desk.row("PAY-1")["actual_minutes"] == 30
    desk.remote.edit(desk.key("PAY-1"), actual_minutes=50)
    desk.settle()
    first, second = desk.task("PAY-1")["time_entries"]
    assert (first, second["minutes"], second["note"]) == (entry, 20, "Logged in trk")
    desk.remote.edit(desk.key("PAY-1"), actual_minutes=10)
    found = desk.sync()
    assert "40 minutes were taken away there" in found.warnings[0]
    assert len(desk.task("PAY-1")["time_entries"]) == 2
    desk.is_quiet()


def test_nothing_is_written_here_when_changes_only_go_there() -> None:
    desk = linked().settings(direction="push")
    desk.remote.edit(desk.key("PAY-1"), title="there")
    desk.remote.add(title="New there")
    before = desk.snapshot
    desk.set("PAY-1", priority="high")
    desk.add("PAY-2")
    desk.sync()
    assert desk.snapshot.tasks.keys() == {"PAY-1", "PAY-2"}
    assert desk.task("PAY-1")["title"] == before.tasks["PAY-1"]["title"]
    assert "external_ids" not in desk.task("PAY-2")
    assert desk.row("PAY-1")["priority"] == "high"
    assert desk.row("PAY-1")["title"] == "there"
    desk.is_quiet()


def test_nothing_is_written_there_when_changes_only_come_here() -> None:
    desk = linked().settings(direction="pull")
    before = len(desk.remote.writes)
    desk.set("PAY-1", priority="high")
    desk.add("PAY-2")
    desk.remote.edit(desk.key("PAY-1"), title="there")
    desk.settle()
    assert desk.task("PAY-1")["title"] == "there"
    assert len(desk.remote.writes) == before


def test_a_change_that_waits_for_review_is_pulled_again_until_it_is_here() -> None:
    desk = linked()
    desk.remote.edit(desk.key("PAY-1"), title="there")
    for _ in range(2):
        assert fields_of(desk.sync(is_written=False)) == {("title", "local")}
    assert desk.task("PAY-1")["title"] == "t1"
    desk.settle()
    assert desk.task("PAY-1")["title"] == "there"


def test_an_item_that_fails_does_not_move_its_base_and_stops_no_other() -> None:
    desk = Desk(plan(t1={}, t2={}))
    desk.settle()
    desk.set("PAY-1", title="One")
    desk.set("PAY-2", title="Two")
    desk.remote.edit(desk.key("PAY-1"), priority="high")
    desk.sync(is_sent=lambda each: each != "PAY-1")
    assert desk.row("PAY-2")["title"] == "Two"
    assert (desk.row("PAY-1")["title"], desk.task("PAY-1").get("priority")) == ("t1", None)
    desk.settle()
    assert desk.row("PAY-1")["title"] == "One"
    assert desk.task("PAY-1")["priority"] == "high"


def test_a_change_made_there_between_reading_and_writing_is_seen_by_the_next_run() -> None:
    desk = linked()
    desk.set("PAY-1", priority="high")

    def meanwhile(name: str, key: str) -> None:
        if name == "update":
            desk.remote.before = lambda *_: None
            desk.remote.edit(key, title="In between")

    desk.remote.before = meanwhile
    desk.sync()
    assert desk.task("PAY-1")["title"] == "t1"
    desk.settle()
    assert desk.task("PAY-1")["title"] == desk.row("PAY-1")["title"] == "In between"


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("  Two\nlines\t ", "Two lines"),
        ("", "Untitled"),
        ("a\x00b\u0007c", "abc"),
        ("x" * 600, "x" * 500),
    ],
)
def test_a_title_that_no_file_can_hold_is_made_to_fit_and_stays_so_there(
    there: str, here: str
) -> None:
    desk = linked()
    desk.remote.edit(desk.key("PAY-1"), title=there)
    desk.settle()
    assert desk.task("PAY-1")["title"] == here
    assert desk.row("PAY-1")["title"] == there


def test_a_field_that_cannot_be_read_in_the_file_is_not_cleared_there() -> None:
    desk = linked(due_date="2026-12-01")
    task = {name: value for name, value in desk.task("PAY-1").items() if name != "due_date"}
    raw = {**task, "due_date": "soon"}
    desk.snapshot = replace(desk.snapshot, tasks={"PAY-1": task}, raw={("tasks", "PAY-1"): raw})
    desk.settle()
    assert desk.row("PAY-1")["due_date"] == "2026-12-01"
