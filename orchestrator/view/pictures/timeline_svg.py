"""A timeline as SVG: a Gantt chart that grows in height, with its days repeated as it does."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from orchestrator.model.vocabulary import DONE
from orchestrator.view.pictures.date_axis import DateScale, date_axis, today_line
from orchestrator.view.pictures.marks import STATUS_LABELS, status_items, status_mark, swatch
from orchestrator.view.pictures.svg import (
    circle,
    diamond,
    document,
    fit,
    group,
    legend,
    line,
    number,
    path,
    rect,
    text,
    text_width,
)
from orchestrator.view.timeline import Row, Timeline

WIDTH = 1200
_MARGIN = 16
_ROW, _AXIS = 24, 26
_BAR = 12
_INDENT = 14
_LEAST_TITLE = 24  # pixels
_LABELS = (200.0, 440.0)  # least and most pixels for ids and titles
_ROWS_BETWEEN_AXES = 40
_MOST_ROWS_WITH_ARROWS = 100


class _Block(NamedTuple):
    """Rows with the axis above them.

    Attributes:
        rows: They.
        top: Where the axis begins.
    """

    rows: Sequence[Row]
    top: float

    @property
    def bottom(self) -> float:
        """Where the last row ends."""
        return self.top + _AXIS + len(self.rows) * _ROW

    def middle(self, at: int) -> float:
        """Return the middle of a row."""
        return self.top + _AXIS + (at + 0.5) * _ROW


def timeline_svg(made: Timeline) -> str:
    """Return the chart as an SVG document."""
    labels = _label_width(made)
    # How late a task is stands behind its bar, so there must be room even behind the last day.
    behind = max(
        (text_width(_late(row), 11) + 14 for row in made.tasks if row.days_late), default=0
    )
    width = WIDTH - 2 * _MARGIN - labels - 8 - behind
    scale = DateScale(made.first, made.last, _MARGIN + labels + 8, width)
    keys = legend(_legend(made), _MARGIN, 60, WIDTH - 2 * _MARGIN)
    blocks = list(_blocks(made.rows, 60 + keys.height + 10))
    bottom = blocks[-1].bottom
    parts = [
        text(_MARGIN, 30, fit(made.title, WIDTH - 2 * _MARGIN, 17), "fill-ink large strong"),
        text(_MARGIN, 48, _summary(made), "fill-muted"),
        keys.svg,
        *(_stripes(block) for block in blocks),
        *(_grid(scale, block, made.today) for block in blocks),
        line(_MARGIN, bottom, WIDTH - _MARGIN, bottom, "line-rule"),
        date_axis(scale, bottom + 17, bottom, bottom + 22),
    ]
    if len(made.tasks) <= _MOST_ROWS_WITH_ARROWS:
        parts += _arrows(scale, blocks)
    for block in blocks:
        for at, row in enumerate(block.rows):
            parts.append(_row(scale, row, block.middle(at), labels))
    return document(WIDTH, bottom + 36, made.title, _summary(made), "\n".join(parts))


def _blocks(rows: Sequence[Row], top: float) -> Iterator[_Block]:
    """Divide rows so that no block ends with a heading."""
    start = 0
    while start < len(rows) or not start:
        end = min(start + _ROWS_BETWEEN_AXES, len(rows))
        if end < len(rows) and rows[end - 1].kind == "heading":
            end -= 1
        block = _Block(rows[start:end], top)
        yield block
        start, top = max(end, 1), block.bottom


def _label_width(made: Timeline) -> float:
    wanted = [text_width(row.id) + text_width(row.title) + _indent(row) + 34 for row in made.rows]
    return min(max([_LABELS[0], *wanted]), _LABELS[1])


def _indent(row: Row) -> float:
    # The deepest levels of a broken plan share one place.
    return min(row.depth, 8) * _INDENT


def _summary(made: Timeline) -> str:
    tasks = made.tasks
    many = f"{len(tasks):,} task{'s' * (len(tasks) != 1)}"
    said = [f"{many}, {made.first.isoformat()} to {made.last.isoformat()}"]
    if critical := sum(row.is_critical for row in tasks):
        said.append(f"{critical:,} critical")
    if late := sum(row.days_late > 0 for row in tasks):
        said.append(f"{late:,} late")
    return ", ".join(said)


def _legend(made: Timeline) -> list[tuple[str, str]]:
    tasks = made.tasks
    items = status_items({row.status for row in tasks})
    items.append(("done", swatch("fill-in_progress")))
    items.append(("still to do", swatch("fill-in_progress soft")))
    if any(row.is_critical for row in tasks):
        items.append(("critical", swatch("line-critical thick")))
    if any(row.kind == "milestone" for row in tasks):
        items.append(("milestone", diamond(8, 6, 6, "fill-todo")))
    if any(row.due and row.kind != "milestone" for row in tasks):
        items.append(("due", diamond(8, 6, 4, "line-ink")))
    if made.first <= made.today <= made.last:
        items.append(("today", line(8, 0, 8, 13, "line-today thick dashed")))
    return items


def _stripes(block: _Block) -> str:
    parts = [rect(_MARGIN, block.top, WIDTH - 2 * _MARGIN, _AXIS, "fill-paper")]
    for at, row in enumerate(block.rows):
        if at % 2 and row.kind != "heading":
            top = block.top + _AXIS + at * _ROW
            parts.append(rect(_MARGIN, top, WIDTH - 2 * _MARGIN, _ROW, "fill-panel"))
    return "".join(parts)


def _grid(scale: DateScale, block: _Block, today: date) -> str:
    top = block.top + _AXIS
    return (
        date_axis(scale, block.top + 22, block.top + 12, block.bottom)
        + line(_MARGIN, top, WIDTH - _MARGIN, top, "line-rule")
        + today_line(scale, today, top, block.bottom, block.top + 10)
    )


def _row(scale: DateScale, row: Row, middle: float, labels: float) -> str:
    base = middle + 4
    if row.kind == "heading":
        shown = fit(row.title, labels, 12.6)
        return text(_MARGIN, base, shown, "fill-ink strong")
    left = _MARGIN + _indent(row) + 18
    room = labels - _indent(row) - 18
    name = fit(row.id, room)
    label = status_mark(row.status, left - 12, middle) + text(left, base, name, "fill-muted")
    behind = text_width(name) + 8
    weight, size = (" strong", 12.6) if row.kind == "parent" else ("", 12)
    if row.title and room - behind > _LEAST_TITLE:
        title = fit(row.title, room - behind, size)
        label += text(left + behind, base, title, f"fill-ink{weight}")
    return group(label + _mark(scale, row, middle), _words(row))


def _words(row: Row) -> str:
    """Return all that a row shows, in words."""
    said = [f"{row.id} {row.title}: {STATUS_LABELS.get(row.status, row.status)}"]
    if row.start and row.finish and row.kind != "milestone":
        said.append(f"{row.start.isoformat()} to {row.finish.isoformat()}")
    if row.due:
        said.append(f"due {row.due.isoformat()}")
    said.append(f"{row.progress:.0%} done")
    if row.is_critical:
        said.append("critical")
    if row.days_late:
        said.append(_late(row))
    return ", ".join(said)


def _late(row: Row) -> str:
    return f"{row.days_late} day{'s' * (row.days_late != 1)} late"


def _mark(scale: DateScale, row: Row, middle: float) -> str:
    """Return a row's bar or milestone, its due date, and how late it is."""
    if row.start is None or row.finish is None:
        return ""
    if row.finish < scale.first or row.start > scale.last:
        return _beyond(scale, row, middle)
    tone = row.status if row.status in STATUS_LABELS else "todo"
    left, right = scale.x(row.start), scale.end(row.finish)
    if row.kind == "milestone":
        center = (left + right) / 2
        parts = [diamond(center, middle, 7, f"fill-{tone}")]
        if row.is_critical:
            parts.append(diamond(center, middle, 7, "line-critical thick"))
        right = center + 7
    else:
        width = max(right - left, 3)
        parts = [_bar(row, tone, left, middle, width)]
        right = left + width
        if row.due and scale.has(row.due):
            due = scale.end(row.due)
            parts.append(diamond(due, middle, 4, "fill-paper"))
            parts.append(
                diamond(due, middle, 4, "line-late thick" if row.days_late else "line-ink")
            )
            right = max(right, due + 5)
    if row.days_late:
        parts.append(text(right + 8, middle + 4, _late(row), "fill-late small strong halo"))
    return "".join(parts)


def _bar(row: Row, tone: str, left: float, middle: float, width: float) -> str:
    height = _BAR / 2 if row.kind == "parent" else _BAR
    top = middle - height / 2
    radius = 1 if row.kind == "parent" else 2
    bar = rect(left, top, width, height, f"fill-{tone} soft", radius)
    if row.progress:
        bar += rect(left, top, width * row.progress, height, f"fill-{tone}", radius)
    if row.is_critical:
        bar += rect(left, top, width, height, "line-critical thick", radius)
    return bar


def _beyond(scale: DateScale, row: Row, middle: float) -> str:
    """Return an arrow to where a bar is that is not between the days shown."""
    if row.finish is not None and row.finish < scale.first:
        return path(f"M{number(scale.left + 8)} {number(middle)}m0 -4l-6 4 6 4z", "fill-edge")
    right = scale.left + scale.width - 8
    return path(f"M{number(right)} {number(middle)}m0 -4l6 4 -6 4z", "fill-edge")


def _arrows(scale: DateScale, blocks: Sequence[_Block]) -> Iterator[str]:
    """Yield a line from the end of what is waited for to the start of who waits."""
    places = {
        row.id: (row, block.middle(at))
        for block in blocks
        for at, row in enumerate(block.rows)
        if row.start and row.finish and scale.first <= row.finish and row.start <= scale.last
    }
    for row, y in places.values():
        for name in row.waits_for:
            if name not in places:
                continue
            source, from_y = places[name]
            end, begin = _end(scale, source), _begin(scale, row)
            # That work began before what it waited for was done is history, once it is done.
            if begin >= end or source.status not in DONE:
                yield _arrow(end, from_y, begin, y)


def _begin(scale: DateScale, row: Row) -> float:
    x = scale.x(row.start or scale.first)
    return x + scale.day_width / 2 - 7 if row.kind == "milestone" else x


def _end(scale: DateScale, row: Row) -> float:
    if row.kind == "milestone":
        return _begin(scale, row) + 14
    return max(scale.end(row.finish or scale.last), scale.x(row.start or scale.first) + 3)


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    down = _ROW / 2 if y2 > y1 else -_ROW / 2
    if x2 >= x1 + 14:
        way = f"M{number(x1)} {number(y1)}H{number(x1 + 6)}V{number(y2)}H{number(x2 - 4)}"
    else:  # back below the row, and in from the left
        way = (
            f"M{number(x1)} {number(y1)}H{number(x1 + 6)}V{number(y1 + down)}"
            f"H{number(x2 - 8)}V{number(y2)}H{number(x2 - 4)}"
        )
    tip = f"M{number(x2 - 1)} {number(y2)}l-5 -3v6z"
    return path(way, "line-edge") + path(tip, "fill-edge") + circle(x1, y1, 1.5, "fill-edge")
