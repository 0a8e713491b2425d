"""Days in words."""

from datetime import date

import pytest

from orchestrator.view.when import counted, day_words, due_words, sunday_after

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-20", "3 days late"),
        ("2026-11-22", "1 day late"),
        ("2026-11-23", "today"),
        ("2026-11-24", "tomorrow"),
        ("2026-11-29", "Sun"),
        ("2026-11-30", "30 Nov"),
        ("2027-01-04", "4 Jan 2027"),
    ],
)
def test_a_due_date_is_named_as_people_do(day: str, words: str) -> None:
    assert due_words(day, MONDAY) == words


def test_a_day_of_something_finished_is_not_late() -> None:
    assert day_words("2026-11-20", MONDAY) == "3 days ago"
    assert due_words("2026-11-20", MONDAY, short=True) == "3d late"


def test_weeks_end_on_sunday() -> None:
    assert sunday_after(MONDAY) == sunday_after(date(2026, 11, 29)) == date(2026, 11, 29)


def test_one_thing_has_no_s() -> None:
    assert [counted(1, "day"), counted(1200, "day")] == ["1 day", "1,200 days"]
