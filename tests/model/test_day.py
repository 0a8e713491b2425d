"""Days as people type them."""

from datetime import date

import pytest

from orchestrator.model.day import DayError, read_day

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-18", date(2026, 12, 18)),
        ("today", SUNDAY),
        ("Tomorrow", date(2026, 11, 23)),
        ("yesterday", date(2026, 11, 21)),
        ("friday", date(2026, 11, 27)),
        ("sun", date(2026, 11, 29)),
        ("+3d", date(2026, 11, 25)),
        ("-2w", date(2026, 11, 8)),
        ("+1m", date(2026, 12, 22)),
        ("+2y", date(2028, 11, 22)),
    ],
)
def test_a_day_has_many_names(text: str, day: date) -> None:
    assert read_day(text, SUNDAY) == day


def test_a_month_ends_on_the_last_day_that_there_is() -> None:
    assert read_day("+1m", date(2026, 1, 31)) == date(2026, 2, 28)
    assert read_day("-1m", date(2026, 12, 31)) == date(2026, 11, 30)
    assert read_day("+1y", date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "soon", "fr", "+3", "+9999y", "-9999y", "3d", "2026-1-1", "٣"]
)
def test_what_names_no_day_is_refused_with_examples(text: str) -> None:
    with pytest.raises(DayError) as refused:
        read_day(text, SUNDAY)
    assert "friday" in str(refused.value.hint)
