"""The journal of a run: what is written down is found again, however it was cut short."""

from pathlib import Path

import pytest

from orchestrator.sync.item import Foreign, Wanted
from orchestrator.sync.record import Agreed, Record
from orchestrator.sync.run.journal import Intent, Journal, Left, read_journal
from orchestrator.sync.run.origin import overlaid

INTENT = Intent(
    Wanted("tasks", "PAY-1", "token-1", {"title": "Ü", "assignee": Foreign("Robin")}),
    {"id": "PAY-1", "title": "Ü", "project": "pay"},
    "2026-11-23T09:00:00+00:00",
)
RECORD = Record("tasks", "PAY-1", "k1", {"title": Agreed("Ü", "Ü")}, updated_at="5")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "lin.jsonl", Left("abc"))


def test_without_a_write_there_is_no_file(journal: Journal) -> None:
    assert read_journal(journal.path) is None
    journal.take("base")
    journal.close()
    assert not journal.path.exists()


def test_an_intent_is_found_until_its_outcome_is_known(journal: Journal) -> None:
    journal.intend(INTENT)
    left = read_journal(journal.path)
    assert left == Left("abc", {INTENT.name: INTENT})
    journal.settle(INTENT.name, RECORD)
    assert read_journal(journal.path) == Left("abc", {}, {INTENT.name: RECORD})
    journal.settle(("tasks", "PAY-2"), None)
    journal.take("1" * 40)
    found = read_journal(journal.path)
    assert found is not None
    assert (found.records[("tasks", "PAY-2")], found.base) == (None, "1" * 40)
    journal.close()
    assert not journal.path.exists()


def test_what_was_certainly_not_made_is_given_up(journal: Journal) -> None:
    journal.intend(INTENT)
    journal.give_up(INTENT.name)
    assert read_journal(journal.path) == Left("abc")


def test_what_may_have_been_made_outlives_the_run(journal: Journal) -> None:
    journal.intend(INTENT)
    journal.settle(("tasks", "PAY-2"), RECORD)
    journal.close()
    assert read_journal(journal.path) == Left("abc", {INTENT.name: INTENT})


@pytest.mark.parametrize("rest", ['{"settled": ["tasks", "PAY-1"], "rec', "\x00\x00\x00", "[1]\n"])
def test_a_line_that_was_cut_short_hides_no_other(journal: Journal, rest: str) -> None:
    journal.intend(INTENT)
    with journal.path.open("a") as file:
        file.write(rest)
    left = read_journal(journal.path)
    assert left is not None
    assert list(left.intents) == [INTENT.name]


@pytest.mark.parametrize(
    "line",
    [
        '{"intent": {"kind": "users", "id": "x", "token": "t", "fields": {}, "document": {}}}',
        '{"intent": {}}', '{"settled": ["tasks"]}', '{"void": "x"}', "7", "{}",
    ],
)  # fmt: skip
def test_a_line_that_means_nothing_is_passed_over(journal: Journal, line: str) -> None:
    journal.path.write_text(f'{{"version": 1, "head": "abc"}}\n{line}\n')
    assert read_journal(journal.path) == Left("abc")


def test_what_others_read_later_is_not_overwritten() -> None:
    newer = Record("tasks", "PAY-1", "k1", {}, updated_at="6")
    older = Record("tasks", "PAY-1", "k1", {}, updated_at="4")
    name = RECORD.kind, RECORD.id
    assert overlaid({name: newer}, {name: RECORD}) == {name: newer}
    assert overlaid({name: older}, {name: RECORD}) == {name: RECORD}
    assert overlaid({name: older}, {name: None}) == {}
    assert overlaid({}, {name: RECORD}) == {name: RECORD}
