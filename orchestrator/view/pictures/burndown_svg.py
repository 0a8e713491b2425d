"""A burndown as SVG: what remains as an area, scope, ideal line and forecast as lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from orchestrator.view.burndown import Burndown, Day, on_day
from orchestrator.view.pictures.burndown_words import in_words, outlook, summary
from orchestrator.view.pictures.date_axis import DateScale, date_axis, today_line
from orchestrator.view.pictures.marks import swatch
from orchestrator.view.pictures.svg import (
    circle,
    document,
    fit,
    group,
    legend,
    line,
    number,
    path,
    polyline,
    text,
    text_width,
)
from orchestrator.view.pictures.value_axis import ValueScale, value_scale

WIDTH = 960
_MARGIN, _PLOT, _AXIS = 16, 320, 26
_LABELS = 8
_LINE = 18
_MOST_DOTS = 60


@dataclass(frozen=True, slots=True)
class _Chart:
    """Where amounts and days stand."""

    dates: DateScale
    values: ValueScale
    top: float
    bottom: float

    def y(self, amount: float) -> float:
        return self.bottom - (self.bottom - self.top) * amount / self.values.top

    def x(self, day: date) -> float:
        """Return where the evening of a day is."""
        return self.dates.x(day) + self.dates.day_width


def burndown_svg(made: Burndown, title: str, day_minutes: int) -> str:
    """Return the chart as an SVG document.

    Args:
        made: A burndown that has days.
        title: What it is of.
        day_minutes: What one day is worth in an estimate.
    """
    minutes = day_minutes if made.question.in_minutes else 0
    values = value_scale(max(day.scope for day in made.days), _LABELS, minutes)
    said = [summary(made, values), *outlook(made, values)]
    keys = legend(_legend(made), _MARGIN, 60, WIDTH - 2 * _MARGIN)
    top = 60 + keys.height + 22
    bottom = top + _PLOT
    left = _MARGIN + max(text_width(values.label(tick), 11) for tick in values.ticks) + 8
    dates = DateScale(made.days[0].day, made.end, left, WIDTH - _MARGIN - left)
    chart = _Chart(dates, values, top, bottom)
    parts = [
        text(_MARGIN, 30, fit(title, WIDTH - 2 * _MARGIN, 17), "fill-ink large strong"),
        text(_MARGIN, 48, said[0], "fill-muted"),
        keys.svg,
        _side(chart),
        date_axis(dates, bottom + 17, top, bottom + 22),
        _area(chart, made.days),
        _scope(chart, made.days),
        _ahead(chart, made),
        _due(chart, made),
        today_line(dates, made.question.today, top, bottom, top - 6),
        line(left, bottom, WIDTH - _MARGIN, bottom, "line-edge"),
        _words(said[1:], bottom + _AXIS + 20),
    ]
    height = bottom + _AXIS + 20 + _LINE * (len(said) - 1)
    return document(WIDTH, height, title, " ".join(said), "\n".join(filter(None, parts)))


def _side(chart: _Chart) -> str:
    left = chart.dates.left
    parts = []
    for tick in chart.values.ticks:
        y = chart.y(tick)
        parts.append(line(left, y, left + chart.dates.width, y, "line-rule"))
        parts.append(text(left - 6, y + 4, chart.values.label(tick), "fill-muted small end"))
    return "".join(parts)


def _area(chart: _Chart, days: Sequence[Day]) -> str:
    """Draw what remains: level through each day, with a step where it changes."""
    start = chart.dates.x(days[0].day)
    corners = _steps(chart, [(day.day, day.remaining) for day in days])
    shown = "".join(f"L{number(x)} {number(y)}" for x, y in corners)
    end = corners[-1][0]
    area = f"M{number(start)} {number(chart.bottom)}{shown}L{number(end)} {number(chart.bottom)}z"
    body = path(area, "fill-series-1 soft") + polyline(corners, "line-series-1 thick")
    if len(days) <= _MOST_DOTS:
        body += "".join(_dot(chart, day) for day in days)
    return body


def _dot(chart: _Chart, day: Day) -> str:
    label = chart.values.label
    said = f"{in_words(day.day)}: {label(day.remaining)} of {label(day.scope)} remain"
    return group(circle(chart.x(day.day), chart.y(day.remaining), 2.5, "fill-series-1"), said)


def _scope(chart: _Chart, days: Sequence[Day]) -> str:
    return polyline(_steps(chart, [(day.day, day.scope) for day in days]), "line-series-5 thick")


def _steps(chart: _Chart, amounts: Sequence[tuple[date, int]]) -> list[tuple[float, float]]:
    """Return the corners of a line of steps, without those on a straight part of it."""
    corners: list[tuple[float, float]] = []
    for day, amount in amounts:
        y = chart.y(amount)
        if corners and corners[-1][1] == y:
            corners[-1] = (chart.x(day), y)
        else:
            corners += [(chart.dates.x(day), y), (chart.x(day), y)]
    return corners


def _ahead(chart: _Chart, made: Burndown) -> str:
    parts = []
    if made.ideal:
        (first, _), (due, _) = made.ideal
        last = min(due, made.end)
        ends = [(day, on_day(made.ideal, day)) for day in (first, last)]
        parts.append(_line(chart, ends, "line-series-3 thick dashed"))
    end = made.forecast.end if made.forecast else None
    if end is not None:
        now = made.days[-1]
        slope = ((now.day, now.remaining), (end, 0))
        ends = [(day, on_day(slope, day)) for day in (now.day, min(end, made.end))]
        parts.append(_line(chart, ends, "line-series-2 thick dashed"))
        if end <= made.end:
            mark = circle(chart.x(end), chart.y(0), 4, "fill-series-2")
            parts.append(group(mark, f"forecast: {in_words(end)}"))
    return "".join(parts)


def _line(chart: _Chart, ends: Sequence[tuple[date, float]], classes: str) -> str:
    (first, high), (last, low) = ends
    return line(chart.x(first), chart.y(high), chart.x(last), chart.y(low), classes)


def _due(chart: _Chart, made: Burndown) -> str:
    if made.due is None or not chart.dates.has(made.due):
        return ""
    x = chart.x(made.due)
    # Beside the line on the side that has room, and below the label of today.
    is_right = x > chart.dates.left + chart.dates.width - text_width("due", 11) - 12
    label = text(
        x + (-5 if is_right else 5),
        chart.top + 12,
        "due",
        "fill-late small strong" + (" end" if is_right else ""),
    )
    return line(x, chart.top, x, chart.bottom, "line-late thick") + label


def _words(sentences: Sequence[str], y: float) -> str:
    return "".join(
        text(_MARGIN, y + at * _LINE, fit(sentence, WIDTH - 2 * _MARGIN), "fill-ink")
        for at, sentence in enumerate(sentences)
    )


def _legend(made: Burndown) -> list[tuple[str, str]]:
    items = [
        ("remaining", swatch("fill-series-1 soft") + line(0, 2, 16, 2, "line-series-1 thick")),
        ("scope", line(0, 6, 16, 6, "line-series-5 thick")),
    ]
    if made.ideal:
        items.append(("straight to the due date", line(0, 6, 16, 6, "line-series-3 thick dashed")))
    if made.forecast and made.forecast.end:
        items.append(("forecast", line(0, 6, 16, 6, "line-series-2 thick dashed")))
    if made.due and made.days[0].day <= made.due <= made.end:
        items.append(("due", line(8, 0, 8, 13, "line-late thick")))
    if made.days[0].day <= made.question.today <= made.end:
        items.append(("today", line(8, 0, 8, 13, "line-today thick dashed")))
    return items
