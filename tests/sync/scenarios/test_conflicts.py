"""Both sides changed: who wins, what else still crosses, and how a person decides."""

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.sync.action import Side
from orchestrator.sync.run.prepare import Prepared, Setting, planned
from tests.sync.scenarios.pair import Pair, action_of


def test_a_field_that_both_changed_waits_for_a_person_and_the_others_cross(pair: Pair) -> None:
    pair.edit("PAY-1", title="Ours", labels=["api", "db", "web"])
    pair.change("PAY-1", title="Theirs", status="in_progress")
    pair.edit("PAY-4", title="Report now")
    for _ in range(2):
        result = pair.sync()
        assert not result.is_fine
        assert result.clashes == 1
        (clash,) = action_of(result.prepared, "PAY-1").clashes
        assert (clash.name, clash.base, clash.local, clash.remote) == (
            "title", "Capture", "Ours", "Theirs",
        )  # fmt: skip
        assert pair.ours("PAY-1")["title"] == "Ours"
        assert pair.theirs("PAY-1")["title"] == "Theirs"
        assert pair.ours("PAY-1")["status"] == "in_progress"
        assert pair.theirs("PAY-1")["labels"] == ["api", "db", "web"]
        assert pair.theirs("PAY-4")["title"] == "Report now"


@pytest.mark.parametrize(("side", "title"), [("local", "Ours"), ("remote", "Theirs")])
def test_a_conflict_that_a_person_settles_stays_settled(pair: Pair, side: Side, title: str) -> None:
    pair.edit("PAY-1", title="Ours")
    pair.change("PAY-1", title="Theirs")
    pair.sync()

    def choose(read: Prepared, setting: Setting) -> Prepared:
        wish = replace(read.wish, choices={("tasks", "PAY-1", "title"): side})
        return planned(read, setting, wish)

    assert pair.resync(choose).is_fine
    assert pair.ours("PAY-1")["title"] == pair.theirs("PAY-1")["title"] == title
    pair.is_quiet()


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"on_conflict": "local"}, "Ours"),
        ({"on_conflict": "remote"}, "Theirs"),
        ({"on_conflict": "newest"}, None),
        ({"owner": {"title": "local"}}, "Ours"),
        ({"owner": {"title": "remote"}, "on_conflict": "local"}, "Theirs"),
    ],
)
def test_the_settings_say_who_wins(pair: Pair, changes: dict[str, Any], title: str | None) -> None:
    pair.changes |= changes
    pair.edit("PAY-1", title="Ours")
    pair.change("PAY-1", title="Theirs")
    pair.change("PAY-4", title="Theirs")
    pair.edit("PAY-4", title="Ours")
    pair.synced()
    for task_id, newer in (("PAY-1", "Theirs"), ("PAY-4", "Ours")):
        wanted = title or newer
        assert pair.ours(task_id)["title"] == wanted
        assert pair.theirs(task_id)["title"] == wanted
    pair.is_quiet()


def test_the_same_change_on_both_sides_is_no_conflict(pair: Pair) -> None:
    pair.edit("PAY-1", title="Alike", labels=["api"])
    pair.change("PAY-1", title="Alike", labels=["api"])
    before = pair.writes()
    pair.synced()
    assert pair.writes() == before
    pair.is_quiet()
    pair.edit("PAY-1", title="Ours alone")
    pair.synced()
    assert pair.theirs("PAY-1")["title"] == "Ours alone"


def test_labels_of_both_sides_are_united_and_what_one_took_away_goes(pair: Pair) -> None:
    pair.edit("PAY-1", labels=["api"])
    pair.change("PAY-1", labels=["api", "db", "web"])
    pair.synced()
    assert sorted(pair.ours("PAY-1")["labels"]) == ["api", "web"]
    assert pair.theirs("PAY-1")["labels"] == ["api", "web"]
    pair.is_quiet()


def test_a_change_of_another_field_takes_no_label_away(pair: Pair) -> None:
    pair.edit("PAY-1", title="Ours")
    pair.synced()
    pair.change("PAY-1", status="in_progress")
    pair.synced()
    assert pair.theirs("PAY-1")["labels"] == ["api", "db"]
    assert pair.ours("PAY-1")["labels"] == ["api", "db"]


def test_an_assignee_whom_nobody_here_knows_is_left_alone_on_both_sides(pair: Pair) -> None:
    pair.change("PAY-1", assignee="stranger")
    result = pair.synced()
    assert any("PAY-1" in text for text in result.prepared.plan.warnings)
    assert pair.ours("PAY-1")["assignee"] == "dana"
    pair.edit("PAY-1", title="Ours", priority="low")
    pair.synced()
    there = pair.theirs("PAY-1")
    assert (there["title"], there["assignee"]) == ("Ours", "stranger")
    pair.is_quiet()
    pair.edit("PAY-1", assignee="kim")
    pair.synced()
    assert pair.theirs("PAY-1")["assignee"] == "kim"
    pair.is_quiet()


def test_a_person_without_an_account_stays_here_and_takes_nobody_away_there(pair: Pair) -> None:
    pair.write({"users/zoe.yaml": "id: zoe\nname: Zoe\nemail: zoe@nowhere.example\n"})
    pair.edit("PAY-1", assignee="zoe", title="Ours")
    pair.synced()
    assert pair.ours("PAY-1")["assignee"] == "zoe"
    there = pair.theirs("PAY-1")
    assert (there["title"], there["assignee"]) == ("Ours", "dana")
    pair.synced()
    assert pair.ours("PAY-1")["assignee"] == "zoe"


def test_a_push_writes_nothing_here_and_a_pull_nothing_there(pair: Pair) -> None:
    pair.edit("PAY-1", title="Ours")
    pair.change("PAY-4", title="Theirs")
    pair.make("PAY-9")
    pair.add(title="New there")
    head, before = pair.git("rev-parse", "HEAD"), pair.writes()
    pair.changes["direction"] = "pull"
    pair.synced()
    assert pair.writes() == before
    assert pair.ours("PAY-4")["title"] == "Theirs"
    assert "New there" in {task["title"] for task in pair.live().values()}
    pair.changes["direction"] = "push"
    pair.change("PAY-4", title="Theirs again")
    head = pair.git("rev-parse", "HEAD^{tree}:projects/pay/tasks/PAY-4.yaml")
    pair.synced()
    assert pair.git("rev-parse", "HEAD^{tree}:projects/pay/tasks/PAY-4.yaml") == head
    assert pair.theirs("PAY-1")["title"] == "Ours"
    assert "PAY-9" in pair.there()
    pair.changes["direction"] = "both"
    pair.synced()
    assert pair.ours("PAY-4")["title"] == "Theirs again"
    pair.is_quiet()
