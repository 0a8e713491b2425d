"""What is in step stays so: a run that has nothing to do does nothing."""

from typing import Any

import pytest

from orchestrator.sync.run.prepare import Wishes
from tests.sync.scenarios.pair import Pair, action_of

A: dict[str, Any] = {
    "title": "Capture", "status": "todo", "priority": "high", "assignee": "dana",
    "labels": ["api", "db"], "description": "Take the money.\n\n- once\n",
    "due_date": "2026-12-01", "start_date": "2026-11-25", "estimated_minutes": 90,
}  # fmt: skip
B: dict[str, Any] = {
    "title": "Capture all", "status": "completed", "priority": "low", "assignee": "kim",
    "labels": ["db", "web"], "description": "Take all of it.\n",
    "due_date": "2026-12-24", "start_date": "2026-11-26", "estimated_minutes": 150,
}  # fmt: skip


def test_a_whole_plan_is_made_in_an_empty_tracker(fresh: Pair) -> None:
    fresh.synced()
    there = fresh.there()
    assert set(there) == {"Capture", "Retry", "Refund", "Report"}
    assert set(fresh.there("projects")) in ({"Payments"}, set())
    keys = {task_id: fresh.key(task_id) for task_id in fresh.live()}
    wanted: dict[str, dict[str, Any]] = {
        "Capture": {"labels": ["api", "db"], "assignee": "dana", "priority": "high"},
        "Retry": {"parent": keys["PAY-1"]},
        "Refund": {"dependencies": [keys["PAY-2"]], "status": "in_progress"},
        "Report": {"due_date": "2026-12-01", "priority": "low"},
    }
    for title, fields in wanted.items():
        for name, value in fresh.fitting(fields).items():
            assert there[title][name] == value, (title, name)
    for task in fresh.live().values():
        assert "tracker" in task["external_ids"]
    assert "# the first" in (fresh.root / "projects/pay/tasks/PAY-1.yaml").read_text()
    fresh.is_quiet()


def test_what_a_run_wrote_itself_is_no_news_to_the_next(pair: Pair) -> None:
    pair.edit("PAY-1", title="Capture now", labels=["api"])
    pair.edit("PAY-3", status="completed")
    pair.synced()
    assert pair.theirs("PAY-1")["title"] == "Capture now"
    pair.is_quiet()


def test_an_item_that_only_looks_newer_over_there_changes_nothing(pair: Pair) -> None:
    pair.synced()
    before = pair.git("rev-parse", "HEAD")
    pair.change("PAY-1", title="Capture")
    pair.change("PAY-3", status="in_progress")
    pair.is_quiet()
    assert pair.git("rev-parse", "HEAD") == before


def test_the_order_of_labels_is_no_change(pair: Pair) -> None:
    pair.synced()
    pair.edit("PAY-1", labels=["db", "api"])
    pair.is_quiet()
    pair.change("PAY-1", labels=["db", "api"])
    pair.is_quiet()
    assert pair.ours("PAY-1")["labels"] == ["db", "api"]


@pytest.mark.parametrize("word", ["urgent", None])
def test_a_priority_that_the_tracker_cannot_tell_apart_does_not_come_and_go(
    pair: Pair, word: str | None
) -> None:
    pair.edit("PAY-1", priority=word)
    pair.synced()
    pair.is_quiet()
    assert pair.ours("PAY-1").get("priority") == word
    assert "priority" not in pair.ours("PAY-2")
    pair.change("PAY-2", title="Retry soon")
    pair.synced()
    pair.is_quiet()
    assert "priority" not in pair.ours("PAY-2")


def test_a_status_that_the_tracker_cannot_tell_apart_stays_what_it_is_here(pair: Pair) -> None:
    for status in ("blocked", "in_review", "cancelled"):
        pair.edit("PAY-1", status=status)
        pair.synced()
        pair.is_quiet()
        assert pair.ours("PAY-1")["status"] == status


def test_every_field_goes_over_and_comes_back_as_it_was(pair: Pair) -> None:
    pair.edit("PAY-1", **A)
    pair.synced()
    never = getattr(pair.fake, "never_emptied", ())
    for fields in (B, A):
        pair.edit("PAY-1", **fields)
        pair.synced()
        assert_alike(pair, fields)
        pair.is_quiet()
    empty: dict[str, Any] = {"labels": [], "assignee": None, "due_date": None, "description": None,
             "start_date": None, "estimated_minutes": None}  # fmt: skip
    pair.edit("PAY-1", **empty)
    pair.synced()
    assert_alike(pair, {name: value for name, value in empty.items() if name not in never})
    pair.is_quiet()
    for fields in (B, A):
        pair.change("PAY-1", **pair.fitting(fields))
        pair.synced()
        ours = pair.ours("PAY-1")
        for name, value in pair.fitting(fields).items():
            mine = sorted(ours[name]) if name == "labels" else ours[name]
            assert mine == value or name == "description", name
        assert plain(ours["description"]) == plain(fields["description"])
        pair.is_quiet()


def assert_alike(pair: Pair, fields: dict[str, Any]) -> None:
    """Assert that the tracker shows what was written here."""
    there = pair.theirs("PAY-1")
    for name, value in pair.fitting(fields).items():
        shown = there[name]
        if name == "description":
            assert plain(shown) == plain(value)
        else:
            assert (shown or None) == (value or None), name


def test_a_new_title_crosses_both_ways(pair: Pair) -> None:
    pair.edit("PAY-1", title="Ours")
    pair.change("PAY-2", title="Theirs")
    pair.synced()
    assert pair.theirs("PAY-1")["title"] == "Ours"
    assert pair.ours("PAY-2")["title"] == "Theirs"
    pair.is_quiet()


def test_characters_that_no_file_holds_are_left_out_and_do_not_come_and_go(pair: Pair) -> None:
    title = "Bell \x07 and \u200bz\u0301 \U0001f9e8 \u202eright"
    key = pair.add(title=title, description="Half\x0b a line\u2028 of \x1b[31mred\n")
    pair.synced()
    (task,) = (task for task in pair.live().values() if task["title"].startswith("Bell"))
    text = task["title"] + task.get("description", "")
    assert "\x07" not in text
    assert "\x1b" not in text
    assert "\U0001f9e8" in text
    assert pair.fake.items("tasks")[key]["title"] == title
    pair.is_quiet()


def test_a_plan_that_is_only_looked_at_writes_nothing_at_all(pair: Pair) -> None:
    pair.edit("PAY-1", title="Ours")
    pair.change("PAY-2", title="Theirs")
    pair.add(title="New there")
    pair.make("PAY-9")
    before = pair.branches(), pair.base.oid, pair.writes(), pair.git("status", "--porcelain")
    journals = {path: path.read_bytes() for path in state_of(pair)}
    prepared = pair.plan()
    assert {action.verb for action in prepared.plan.actions} == {"update", "create"}
    after = pair.branches(), pair.base.oid, pair.writes(), pair.git("status", "--porcelain")
    assert after == before
    assert {path: path.read_bytes() for path in state_of(pair)} == journals


def state_of(pair: Pair) -> list[Any]:
    return sorted(path for path in (pair.root / ".git/orchestrator").rglob("*") if path.is_file())


def test_what_the_plan_says_is_what_is_done(pair: Pair) -> None:
    pair.edit("PAY-1", title="Ours", labels=["web"])
    pair.change("PAY-4", title="Theirs")
    pair.make("PAY-9", labels=["api"])
    plan = pair.plan()
    result = pair.synced()
    assert plan.plan.actions == result.prepared.plan.actions
    done = action_of(plan, "PAY-1")
    for change in done.fields:
        assert change.side == "remote"
        assert pair.theirs("PAY-1")[change.name] == change.after
    for change in action_of(plan, "PAY-4").fields:
        assert change.side == "local"
        assert pair.ours("PAY-4")[change.name] == change.after
    pair.is_quiet()


def test_only_what_was_asked_for_is_synced_and_the_rest_is_not_forgotten(pair: Pair) -> None:
    pair.change("PAY-1", title="One")
    pair.change("PAY-4", title="Four")
    pair.synced(Wishes(only=frozenset({"PAY-1"})))
    assert (pair.ours("PAY-1")["title"], pair.ours("PAY-4")["title"]) == ("One", "Report")
    pair.synced()
    assert pair.ours("PAY-4")["title"] == "Four"
    pair.is_quiet()


def plain(text: str | None) -> str:
    """Return the words of Markdown that every tracker may rewrite: bullets and empty lines."""
    return " ".join((text or "").replace("* ", "- ").split())
