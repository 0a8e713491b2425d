"""A burndown for a terminal: a column of blocks for each day or more, and lines across them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from orchestrator.view.burndown import Burndown, Day, on_day
from orchestrator.view.pictures.burndown_words import outlook, summary
from orchestrator.view.pictures.value_axis import ValueScale, value_scale
from orchestrator.view.workdays import MONTHS

Paint = Callable[[str, str], str]
"""Colours a text by what it shows: `remaining`, `scope`, `ideal`, `forecast`, `muted`."""

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LEAST = (20, 5)
_MOST_CELLS_A_DAY = 4
_ROWS_A_LABEL = 3
_CELLS_A_DATE = 14
_SIGNS = {"scope": "─", "ideal": "╌", "forecast": "·"}


class _Column(NamedTuple):
    """What stands above one cell of the axis.

    Attributes:
        first: The first of its days.
        day: The last of its days, whose evening it shows.
        now: What was then; None in the future.
        ideal: Height of the ideal line, or None.
        forecast: Height of the forecast, or None.
    """

    first: date
    day: date
    now: Day | None
    ideal: float | None
    forecast: float | None


def burndown_text(
    made: Burndown, width: int, height: int, paint: Paint, day_minutes: int
) -> list[str]:
    """Return the lines of the chart, with its summary above, and legend and outlook below.

    Args:
        made: A burndown that has days.
        width: Cells of the terminal.
        height: Lines of the chart itself.
        paint: Colours.
        day_minutes: What one day is worth in an estimate.
    """
    minutes = day_minutes if made.question.in_minutes else 0
    rows = max(height, _LEAST[1])
    most = max(day.scope for day in made.days)
    scale = value_scale(most, max(rows // _ROWS_A_LABEL, 1), minutes)
    labels = {round(tick * rows / scale.top): scale.label(tick) for tick in scale.ticks}
    left = max(map(len, labels.values())) + 2
    columns = _columns(made, max(width - left - 1, _LEAST[0]))
    lines = [summary(made, scale), ""]
    for row in range(rows, 0, -1):
        label = labels.get(row, "")
        axis = "┤" if label else "│"
        cells = "".join(_cell(column, row, rows, scale, paint) for column in columns)
        lines.append(f"{paint(label.rjust(left - 2), 'muted')} {axis}{cells}".rstrip())
    lines.append(f"{paint(labels[0].rjust(left - 2), 'muted')} └{_axis(columns)}")
    lines.append(" " * left + paint(_dates(columns), "muted"))
    return [*lines, "", _legend(made, paint), "", *outlook(made, scale)]


def _columns(made: Burndown, width: int) -> list[_Column]:
    first, end = made.days[0].day, made.end
    count = (end - first).days + 1
    wide = min(max(width // count, 1), _MOST_CELLS_A_DAY)
    cells = min(count * wide, width)
    found = []
    for cell in range(cells):
        # Each cell shows the last of its days; the axis ends with the last day of all.
        begin, at = cell // wide, cell // wide
        if cells < count:
            begin, at = cell * count // cells, (cell + 1) * count // cells - 1
        found.append(_column(made, first + timedelta(days=begin), at))
    return found


def _column(made: Burndown, first: date, at: int) -> _Column:
    last = made.days[-1]
    day = made.days[0].day + timedelta(days=at)
    now = made.days[at] if at < len(made.days) else None
    ideal = made.ideal
    forecast = made.forecast
    end = forecast.end if forecast else None
    return _Column(
        first,
        day,
        now,
        on_day(ideal, day) if ideal and day <= ideal[1][0] else None,
        on_day(((last.day, last.remaining), (end, 0)), day)
        if end and now is None and day <= end
        else None,
    )


def _cell(column: _Column, row: int, rows: int, scale: ValueScale, paint: Paint) -> str:
    """Return what stands in one cell; row 1 is the lowest."""
    unit = scale.top / rows
    filled = 0
    if column.now is not None:
        # Something that remains is never so little that it cannot be seen.
        eighths = round(column.now.remaining / unit * 8) or int(column.now.remaining > 0)
        filled = min(max(eighths - (row - 1) * 8, 0), 8)
    heights = {
        "forecast": column.forecast,
        "ideal": column.ideal,
        "scope": column.now.scope if column.now else None,
    }
    for name, height in heights.items():
        if height is not None and _row_of(height / unit) == row and filled in {0, 8}:
            sign = _SIGNS[name]
            if filled and name == "scope":
                break
            return paint(sign, name)
    return paint(_EIGHTHS[filled], "remaining") if filled else " "


def _row_of(height: float) -> int:
    return max(-(-int(height * 8) // 8), 1)


def _axis(columns: list[_Column]) -> str:
    return "".join("┬" if at % _CELLS_A_DATE == 0 else "─" for at in range(len(columns)))


def _dates(columns: list[_Column]) -> str:
    shown = ""
    for at in range(0, len(columns), _CELLS_A_DATE):
        day = columns[at].first
        label = f"{day.day} {MONTHS[day.month - 1]}"
        if at == 0 or day.year != columns[at - _CELLS_A_DATE].first.year:
            label += f" {day.year}"
        if at + len(label) <= max(len(columns), _CELLS_A_DATE):
            shown = shown.ljust(at) + label
    return shown


def _legend(made: Burndown, paint: Paint) -> str:
    parts = [f"{paint('█', 'remaining')} remaining", f"{paint('─', 'scope')} scope"]
    if made.ideal:
        parts.append(f"{paint('╌', 'ideal')} straight to the due date")
    if made.forecast and made.forecast.end:
        parts.append(f"{paint('·', 'forecast')} forecast")
    return "   ".join(parts)
