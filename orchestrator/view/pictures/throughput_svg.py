"""Throughput as SVG: two bars for each week, what was completed and what was made."""

from datetime import date, timedelta

from orchestrator.view.pictures.date_axis import DateScale, date_axis, today_line
from orchestrator.view.pictures.marks import swatch
from orchestrator.view.pictures.svg import (
    document,
    fit,
    group,
    legend,
    line,
    rect,
    text,
    text_width,
)
from orchestrator.view.pictures.throughput_text import average_words, monday_words
from orchestrator.view.pictures.value_axis import ValueScale, value_scale
from orchestrator.view.throughput import Throughput, Week

WIDTH = 960
_MARGIN, _PLOT, _AXIS = 16, 280, 26
_LABELS = 8
_WIDEST = 36.0
_TALL_ENOUGH = 2
"""Times as many tasks made as completed, from where on a bar is cut: an import dwarfs all else."""


def throughput_svg(made: Throughput, title: str, today: date, hours_per_day: float) -> str:
    """Return the chart as an SVG document.

    Args:
        made: Throughput that has weeks.
        title: What it is of.
        today: For today's line.
        hours_per_day: What one day is worth in an estimate.
    """
    most = max(week.completed for week in made.weeks)
    made_most = max(week.created for week in made.weeks)
    cap = max(most * _TALL_ENOUGH, 5)
    values = value_scale(max(most, min(made_most, cap)), _LABELS)
    said = average_words(made.average, hours_per_day)
    keys = legend(_legend(made, is_cut=made_most > values.top), _MARGIN, 60, WIDTH - 2 * _MARGIN)
    top = 60 + keys.height + 22
    bottom = top + _PLOT
    left = _MARGIN + max(text_width(values.label(tick), 11) for tick in values.ticks) + 8
    last = made.weeks[-1].monday + timedelta(days=6)
    dates = DateScale(made.weeks[0].monday, last, left, WIDTH - _MARGIN - left)
    parts = [
        text(_MARGIN, 30, fit(title, WIDTH - 2 * _MARGIN, 17), "fill-ink large strong"),
        text(_MARGIN, 48, said, "fill-muted"),
        keys.svg,
        _side(values, dates, top, bottom),
        date_axis(dates, bottom + 17, bottom, bottom + 22),
        *(_week(week, dates, values, top, bottom) for week in made.weeks),
        _average(made, values, dates, bottom),
        today_line(dates, today, top, bottom, top - 6),
        line(left, bottom, WIDTH - _MARGIN, bottom, "line-edge"),
    ]
    return document(WIDTH, bottom + _AXIS + 8, title, said, "\n".join(filter(None, parts)))


def _side(values: ValueScale, dates: DateScale, top: float, bottom: float) -> str:
    parts = []
    for tick in values.ticks:
        y = bottom - (bottom - top) * tick / values.top
        parts.append(line(dates.left, y, dates.left + dates.width, y, "line-rule"))
        parts.append(text(dates.left - 6, y + 4, values.label(tick), "fill-muted small end"))
    return "".join(parts)


def _week(week: Week, dates: DateScale, values: ValueScale, top: float, bottom: float) -> str:
    wide = dates.day_width * 7
    bar = min(wide * 0.4, _WIDEST)
    middle = dates.x(week.monday) + wide / 2
    parts = []
    for amount, x, classes in (
        (week.completed, middle - bar, "fill-series-3"),
        (week.created, middle, "fill-series-5 soft"),
    ):
        height = (bottom - top) * min(amount, values.top) / values.top
        parts.append(rect(x, bottom - height, bar, height, classes))
        if amount and (amount > values.top or bar >= text_width(f"{amount:,}", 11)):
            # Of a bar that is cut, the number stands inside, where the top would be.
            y = bottom - height - 4 if amount <= values.top else top + 12
            parts.append(text(x + bar / 2, y, f"{amount:,}", "fill-muted small middle"))
    said = f"week of {monday_words(week)}: {week.completed} completed, {week.created} made"
    return group("".join(parts), f"{said}, {week.reopened} reopened" if week.reopened else said)


def _average(made: Throughput, values: ValueScale, dates: DateScale, bottom: float) -> str:
    if made.average is None:
        return ""
    y = bottom - _PLOT * made.average.completed / values.top
    return line(dates.left, y, dates.left + dates.width, y, "line-series-2 thick dashed")


def _legend(made: Throughput, *, is_cut: bool) -> list[tuple[str, str]]:
    items = [
        ("completed", swatch("fill-series-3")),
        ("made (cut where a number is inside)" if is_cut else "made", swatch("fill-series-5 soft")),
    ]
    if made.average:
        items.append(("average completed", line(0, 6, 16, 6, "line-series-2 thick dashed")))
    items.append(("today", line(8, 0, 8, 13, "line-today thick dashed")))
    return items
