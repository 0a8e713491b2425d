"""Burndown and throughput: what is counted, what is forecast, and how it is drawn."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Any

import pytest

from orchestrator.view.burndown import Burndown, Day, Question, burndown, on_day
from orchestrator.view.ledger import Entry, Ledger, State, in_order
from orchestrator.view.pictures.burndown_svg import burndown_svg
from orchestrator.view.pictures.burndown_text import burndown_text
from orchestrator.view.pictures.burndown_words import outlook, summary
from orchestrator.view.pictures.throughput_svg import throughput_svg
from orchestrator.view.pictures.throughput_text import throughput_text
from orchestrator.view.pictures.value_axis import value_scale
from orchestrator.view.throughput import throughput

START = date(2026, 11, 2)  # a Monday
TODAY = START + timedelta(days=20)


def state(status: str = "todo", **fields: Any) -> State:
    return State("pay", "Capture", status)._replace(**fields)


def ledger(*entries: tuple[int, str, State | None, State | None]) -> Ledger:
    """Return a ledger of (days after the start, task, before, after)."""
    made = tuple(
        Entry(START + timedelta(days=day), task, before, after)
        for day, task, before, after in entries
    )
    return Ledger(made, made[0].day if made else None)


def steady(count: int, days: int, **fields: Any) -> Ledger:
    """Return a plan of so many tasks of which one is completed each day."""
    first = [(0, f"T-{at}", None, state(**fields)) for at in range(count)]
    later = [
        (at + 1, f"T-{at}", state(**fields), state("completed", **fields)) for at in range(days)
    ]
    return ledger(*first, *later)


def counts(made: Burndown) -> list[tuple[int, int, int]]:
    return [(day.scope, day.done, day.remaining) for day in made.days]


def drawn(made: Burndown, width: int = 80, height: int = 12) -> list[str]:
    return burndown_text(made, width, height, lambda text, _: text, 480)


def test_each_evening_counts_scope_and_what_is_done_of_it() -> None:
    book = ledger(
        (0, "A", None, state()),
        (0, "B", None, state()),
        (1, "A", state(), state("completed")),
        (3, "C", None, state()),
        (3, "B", state(), state("cancelled")),
        (4, "A", state("completed"), state("completed", is_live=False)),
    )
    made = burndown(book, Question(START + timedelta(days=5)))
    assert [day.day.day for day in made.days] == [2, 3, 4, 5, 6, 7]
    assert counts(made) == [(2, 0, 2), (2, 1, 1), (2, 1, 1), (2, 1, 1), (1, 0, 1), (1, 0, 1)]


def test_a_project_has_only_what_is_in_it_on_the_day() -> None:
    book = ledger(
        (0, "A", None, state()),
        (0, "B", None, state(project="ops")),
        (2, "A", state(), state(project="ops")),
    )
    question = Question(START + timedelta(days=2), project="pay")
    assert counts(burndown(book, question)) == [(1, 0, 1), (1, 0, 1), (0, 0, 0)]


def test_minutes_are_the_tasks_own_estimates() -> None:
    book = ledger(
        (0, "A", None, state(minutes=60)),
        (0, "B", None, state()),
        (1, "A", state(minutes=60), state("completed", minutes=90)),
    )
    made = burndown(book, Question(START + timedelta(days=1), in_minutes=True))
    assert counts(made) == [(60, 0, 60), (90, 90, 0)]
    assert made.unestimated == 1


def test_the_days_can_be_limited_and_the_pace_is_that_of_all() -> None:
    question = Question(TODAY, since=START + timedelta(days=8), until=START + timedelta(days=10))
    made = burndown(steady(30, 20), question)
    assert counts(made) == [(30, 8, 22), (30, 9, 21), (30, 10, 20)]
    assert made.forecast is not None
    assert (made.forecast.window, made.forecast.done) == (10, 10)


def test_the_forecast_goes_on_at_the_pace_of_the_last_days() -> None:
    made = burndown(steady(30, 20), Question(TODAY))
    assert made.forecast is not None
    assert (made.forecast.rate, made.forecast.end) == (1.0, TODAY + timedelta(days=10))


def test_without_a_pace_there_is_no_forecast_and_words_say_why() -> None:
    idle = burndown(steady(3, 0), Question(TODAY))
    young = burndown(steady(3, 1), Question(START + timedelta(days=1)))
    over = burndown(steady(3, 3), Question(TODAY))
    endless = burndown(steady(9_999, 1), Question(TODAY))
    scale = value_scale(3, 3)
    assert outlook(idle, scale) == [
        "Nothing was completed in the last 20 days, so there is no forecast."
    ]
    assert outlook(young, scale) == ["The history is too short for a forecast."]
    assert outlook(over, scale) == ["Nothing remains."]
    assert "more than ten years" in outlook(endless, scale)[0]


def test_words_compare_the_forecast_with_the_due_date() -> None:
    said = outlook(burndown(steady(30, 20, due="2026-11-30"), Question(TODAY)), value_scale(9, 3))
    assert said == [
        "In the last 20 days 20 were completed; at that pace the rest is done by 2 Dec 2026.",
        "That is 2 days after the latest due date, 30 Nov 2026.",
    ]
    late = Question(TODAY, due=date(2026, 12, 3))
    assert outlook(burndown(steady(30, 20), late), value_scale(9, 3))[1] == (
        "That is 1 day before the due date, 3 Dec 2026."
    )


def test_growing_scope_is_told() -> None:
    entries = [*steady(30, 20).entries, Entry(TODAY, "New", None, state())]
    made = burndown(Ledger(tuple(entries), START), Question(TODAY))
    assert "The scope grew by 1 in those 20 days" in outlook(made, value_scale(9, 3))[1]


def test_the_summary_says_neither_all_nor_nothing_unless_it_is_so() -> None:
    made = burndown(steady(1_000, 999), Question(START + timedelta(days=1_200)))
    assert summary(made, value_scale(9, 3)) == "1 of 1,000 tasks remains; 999 completed (99 %)."


def test_the_ideal_line_leads_from_todays_scope_to_the_due_date() -> None:
    made = burndown(steady(10, 5, due="2026-12-12"), Question(TODAY))
    assert made.ideal == ((START, 10), (date(2026, 12, 12), 0))
    assert on_day(made.ideal, date(2026, 11, 22)) == 5
    assert burndown(steady(10, 5, due="2026-10-01"), Question(TODAY)).ideal is None


def test_a_due_date_far_away_does_not_squeeze_the_chart() -> None:
    made = burndown(steady(10, 5, due="2099-01-01"), Question(TODAY))
    assert made.end == TODAY + timedelta(days=40)
    assert all(len(line) <= 80 for line in drawn(made)[1:-4])


def test_clocks_are_believed_where_they_agree() -> None:
    days = [date(2026, 11, day) for day in (3, 20, 4, 1, 5)]
    assert [day.day for day in in_order(days, TODAY)] == [3, 3, 4, 4, 5]
    assert in_order([date(2030, 1, 1)], TODAY) == [TODAY]


def test_a_chart_for_a_terminal() -> None:
    made = burndown(steady(8, 6, due="2026-11-12"), Question(START + timedelta(days=6)))
    assert drawn(made, 60, 8) == [
        "2 of 8 tasks remain; 6 completed (75 %).",
        "",
        "10 ┤",
        "   │▃▃▃▃────────────────────────",
        "   │████▅▅▅▅",
        "   │████████▆▆▆▆╌╌╌╌",
        " 5 ┤████████████████▂▂▂▂╌╌╌╌",
        "   │████████████████████▃▃▃▃╌╌╌╌",
        "   │████████████████████████▅▅▅▅╌╌╌╌╌╌╌╌",
        "   │████████████████████████████········╌╌╌╌╌╌╌╌",
        " 0 └┬─────────────┬─────────────┬─────────────┬─",
        "    2 Nov 2026    5 Nov         9 Nov",
        "",
        "█ remaining   ─ scope   ╌ straight to the due date   · forecast",
        "",
        "In the last 6 days 6 were completed; at that pace the rest is done by 10 Nov 2026.",
        "That is 2 days before the latest due date, 12 Nov 2026.",
    ]


@pytest.mark.parametrize("width", [20, 60, 200])
@pytest.mark.parametrize("days", [1, 7, 90, 1_100])
def test_a_chart_fits_the_terminal(width: int, days: int) -> None:
    made = burndown(steady(days, days - 1, due="2027-03-01"), Question(START + timedelta(days)))
    lines = drawn(made, width, 10)
    axis = next(at for at, line in enumerate(lines) if "└" in line)
    assert axis == 12
    assert max(map(len, lines[2 : axis + 2])) <= max(width, 30)


@pytest.mark.parametrize(("count", "days"), [(1, 1), (5, 7), (50, 60), (500, 1_100)])
def test_pictures_are_sound_and_always_the_same(count: int, days: int) -> None:
    today = START + timedelta(days)
    due = (today + timedelta(days=10)).isoformat()
    book = steady(count, min(count, days) - 1, due=due, minutes=90)
    for in_minutes in (False, True):
        made = burndown(book, Question(today, in_minutes=in_minutes))
        picture = burndown_svg(made, "<Payments> & more", 480)
        texts = [found.text for found in ET.fromstring(picture).iter() if found.text]
        assert "<Payments> & more" in texts
        assert {"today", "due", "remaining", "scope"} <= set(texts)
        assert picture == burndown_svg(burndown(book, made.question), "<Payments> & more", 480)
        assert len(picture) < 120_000


def test_throughput_counts_what_became_completed_in_each_week() -> None:
    book = ledger(
        (0, "A", None, state(minutes=60)),
        (0, "Old", None, state("completed")),
        (1, "A", state(minutes=60), state("completed", minutes=60)),
        (7, "A", state("completed"), state()),
        (8, "B", None, state()),
        (9, "A", state(), state("completed", minutes=30)),
        (9, "B", state(), state("completed", is_live=False)),
        (15, "C", None, state(project="ops")),
    )
    made = throughput(book, TODAY, 12)
    rows = [(w.name, w.completed, w.minutes, w.created, w.reopened) for w in made.weeks]
    assert rows == [
        ("2026-W45", 1, 60, 2, 0),
        ("2026-W46", 1, 30, 1, 1),
        ("2026-W47", 0, 0, 1, 0),
    ]
    assert [week.created for week in throughput(book, TODAY, 12, "ops").weeks] == [0, 0, 1]
    assert [week.name for week in throughput(book, TODAY, 1).weeks] == ["2026-W47"]


def test_the_average_is_of_full_weeks_without_the_first() -> None:
    made = throughput(steady(30, 20), TODAY, 12)
    assert made.average is not None
    assert (made.average.weeks, made.average.completed, made.average.created) == (1, 7.0, 0.0)
    assert throughput(steady(3, 1), START + timedelta(days=2), 12).average is None
    assert throughput(Ledger(), TODAY, 12).weeks == ()


def test_throughput_is_drawn() -> None:
    made = throughput(steady(30, 20), TODAY, 12)
    lines = throughput_text(made, 60, lambda text, _: text, 8)
    assert [line.split()[-1] for line in lines[1:4]] == ["+30", "7", "7"]
    assert lines[2].count("█") > lines[1].count("█") > 0
    assert all(len(line) <= 60 for line in lines[:4])
    picture = throughput_svg(made, "Payments", TODAY, 8)
    texts = [found.text for found in ET.fromstring(picture).iter() if found.text]
    # What an import brought in dwarfs nothing: its bar is cut, and says how much it is.
    assert "30" in texts
    assert "made (cut where a number is inside)" in texts
    assert "today" in texts


@pytest.mark.parametrize(
    ("most", "minutes", "labels"),
    [
        (1, 0, ["0", "1"]),
        (7, 0, ["0", "2", "4", "6", "8"]),
        (1_234, 0, ["0", "500", "1,000", "1,500"]),
        (90, 480, ["0", "1h", "2h"]),
        (4_800, 480, ["0", "2d", "4d", "6d", "8d", "10d"]),
    ],
)
def test_the_side_of_a_chart_has_round_numbers(most: int, minutes: int, labels: list[str]) -> None:
    scale = value_scale(most, 5, minutes)
    assert [scale.label(tick) for tick in scale.ticks] == labels


def test_a_day_remembers_what_remains() -> None:
    assert Day(START, 5, 2).remaining == 3
