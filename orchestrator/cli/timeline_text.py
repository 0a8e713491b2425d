"""A timeline as a terminal shows it: one line a task, one cell for one or more days."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from orchestrator.cli.escape import printable
from orchestrator.cli.ink import BOLD, DIM, RED, STATUS_MARKS, cells, fit, mark_of, pad, paint
from orchestrator.view.timeline import Row, Timeline
from orchestrator.view.workdays import MONTHS

_LABEL_SHARE, _LEAST_LABEL, _MOST_LABEL = 0.42, 18, 56
_LEAST_CHART = 10
_INDENT = 2
_MOST_DAYS_WITH_NUMBERS = 3
_MONTH_DAYS, _WIDE_MONTH = 28, 9
_DONE, _LEFT, _CRITICAL, _PARENT = "█", "▒", "▓", "━"
_MILESTONE, _DUE, _TODAY = "◆", "◇", "┊"
_TODAY_CODE = "35"


class _Grid(NamedTuple):
    """Which days the cells of the chart stand for.

    Attributes:
        first: The first day of the first cell.
        days: How many days a cell has.
        width: How many cells there are.
    """

    first: date
    days: int
    width: int

    def cell(self, day: date) -> int:
        """Return the cell of a day, which may lie beyond the chart."""
        return (day - self.first).days // self.days

    def day(self, cell: int) -> date:
        """Return the first day of a cell."""
        ordinal = self.first.toordinal() + cell * self.days
        return date.fromordinal(min(ordinal, date.max.toordinal()))


def timeline_text(made: Timeline, width: int, *, has_color: bool) -> str:
    """Return the chart in lines of at most `width` cells."""
    label = _label_width(made, width)
    span = (made.last - made.first).days + 1
    room = max(width - label - 1, _LEAST_CHART)
    days = -(-span // room)
    grid = _Grid(made.first, days, -(-span // days))
    lines = [
        _months(grid, label, has_color=has_color),
        _ruler(grid, made, label, has_color=has_color),
    ]
    now = grid.cell(made.today)
    for at, row in enumerate(made.rows):
        if row.kind != "heading":
            lines.append(_line(row, grid, now, label, has_color=has_color))
        else:
            lines += [""] if at else []
            lines.append(paint(fit(printable(row.title), width), BOLD, has_color=has_color))
    lines.append("")
    lines += _legend(made, grid, width, has_color=has_color)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _label_width(made: Timeline, width: int) -> int:
    # Titles are measured as they are cut later: what is longer than the most counts as the most.
    longest = max(
        (
            _INDENT * min(row.depth, 8) + 4 + len(row.id) + 1 + cells(row.title[:_MOST_LABEL])
            for row in made.tasks
        ),
        default=0,
    )
    most = min(max(int(width * _LABEL_SHARE), _LEAST_LABEL), _MOST_LABEL)
    return min(longest, most)


def _months(grid: _Grid, label: int, *, has_color: bool) -> str:
    """Return the line with the months, and with the years where they begin."""
    starts = [
        cell
        for cell in range(grid.width)
        if cell == 0 or grid.day(cell - 1).replace(day=1) != grid.day(cell).replace(day=1)
    ]
    is_dense = _MONTH_DAYS // grid.days < _WIDE_MONTH
    shown, year = "", 0
    for cell, following in pairwise([*starts, grid.width + 1]):
        day = grid.day(cell)
        name = MONTHS[day.month - 1]
        room = following - cell - 1
        if day.year != year and (is_dense or room >= len(name) + 5):
            name, year = f"{name} {day.year}", day.year
        # Of a month that is cut off at the left there may be too little for its name.
        fits = room >= len(name) or (is_dense and cell + len(name) <= grid.width)
        if fits and (not shown or len(shown) < cell):
            shown = f"{shown:<{cell}}{name}"
    return " " * (label + 1) + paint(shown, DIM, has_color=has_color)


def _ruler(grid: _Grid, made: Timeline, label: int, *, has_color: bool) -> str:
    """Return the line with the days on which weeks begin, and with a sign at today."""
    signs = [" "] * grid.width
    now, end = grid.cell(made.today), 0
    for cell in range(grid.width if grid.days <= _MOST_DAYS_WITH_NUMBERS else 0):
        day = grid.day(cell)
        monday = day + timedelta(days=-day.weekday() % 7)
        number = str(monday.day)
        covers_now = cell <= now < cell + len(number)
        is_here = (monday - day).days < grid.days and not covers_now
        if is_here and end <= cell <= grid.width - len(number):
            signs[cell : cell + len(number)] = number
            end = cell + len(number) + 1
    painted = [paint(char, DIM, has_color=has_color) for char in signs]
    if made.first <= made.today <= made.last:
        painted[now] = paint("▼", _TODAY_CODE, has_color=has_color)
    return " " * (label + 1) + "".join(painted)


def _line(row: Row, grid: _Grid, now: int, label: int, *, has_color: bool) -> str:
    indent = " " * (_INDENT * min(row.depth, 8))
    late = "!" if row.days_late else " "
    mark = mark_of(row.status, has_color=has_color)
    tail = _fitted(printable(f"{row.id} {row.title}".rstrip()), max(label - len(indent) - 4, 1))
    if row.kind == "parent":
        tail = paint(tail, BOLD, has_color=has_color)
    head = f"{indent}{paint(late, RED, has_color=has_color)} {mark} {tail} "
    return head + _cells(row, grid, now, has_color=has_color)


def _fitted(text: str, width: int) -> str:
    """Return text in exactly `width` cells."""
    if not text.isascii():
        return pad(fit(text, width), width)
    # Most titles are of this kind, and measuring cell by cell takes most of the time of a chart.
    cut = text if len(text) <= width else f"{text[: width - 1].rstrip()}…"
    return f"{cut:<{width}}"


def _cells(row: Row, grid: _Grid, now: int, *, has_color: bool) -> str:
    """Return the chart's part of a line; `now` is today's cell."""
    signs = [" "] * grid.width
    if 0 <= now < grid.width:
        signs[now] = _TODAY
    left = right = 0
    if row.start and row.finish:
        begin, end = grid.cell(row.start), grid.cell(row.finish) + 1
        done = begin + round((end - begin) * row.progress)
        left, middle, right = (min(max(at, 0), grid.width) for at in (begin, done, end))
        full, rest = _bar(row)
        signs[left:right] = full * (middle - left) + rest * (right - middle)
    due = grid.cell(row.due) if row.due and row.kind != "milestone" else -1
    if 0 <= due < grid.width:
        signs[due] = _DUE
    if not has_color:
        return "".join(signs)
    codes = [""] * grid.width
    if 0 <= now < grid.width:
        codes[now] = _TODAY_CODE
    codes[left:right] = [_code(row)] * (right - left)
    if 0 <= due < grid.width:
        codes[due] = RED if row.days_late else ""
    runs = groupby(zip(codes, signs, strict=True), key=itemgetter(0))
    return "".join(
        paint("".join(sign for _, sign in run), code, has_color=True) for code, run in runs
    )


def _code(row: Row) -> str:
    return RED if row.is_critical else STATUS_MARKS.get(row.status, ("", ""))[1]


def _bar(row: Row) -> tuple[str, str]:
    """Return the signs of what is done of a bar, and of the rest."""
    match row.kind:
        case "milestone":
            return _MILESTONE, _MILESTONE
        case "parent":
            return _PARENT, _PARENT
        case _:
            return _DONE, _CRITICAL if row.is_critical else _LEFT


def _legend(made: Timeline, grid: _Grid, width: int, *, has_color: bool) -> Iterator[str]:
    tasks = made.tasks
    cell = "a day" if grid.days == 1 else f"{grid.days} days"
    items = [f"one cell is {cell}", f"{_DONE} done", f"{_LEFT} still to do"]
    if any(row.is_critical and row.kind == "task" for row in tasks):
        items.append(f"{_CRITICAL} critical")
    if any(row.kind == "parent" for row in tasks):
        items.append(f"{_PARENT} with tasks below")
    if any(row.kind == "milestone" for row in tasks):
        items.append(f"{_MILESTONE} milestone")
    if any(row.due and row.kind != "milestone" for row in tasks):
        items.append(f"{_DUE} due")
    if made.first <= made.today <= made.last:
        items.append(f"{_TODAY} today")
    if any(row.days_late for row in tasks):
        items.append("! late")
    line = ""
    for item in items:
        joined = f"{line}  {item}" if line else item
        if len(joined) > width and line:
            yield paint(line, DIM, has_color=has_color)
            joined = item
        line = joined
    yield paint(fit(line, width), DIM, has_color=has_color)
