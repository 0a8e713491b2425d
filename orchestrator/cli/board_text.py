"""How a board is drawn: cards side by side, or below each other where the screen is narrow."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from orchestrator.cli.escape import printable
from orchestrator.cli.ink import (
    BOLD,
    DIM,
    PRIORITY_MARKS,
    RED,
    STATUS_MARKS,
    cells,
    fit,
    paint,
    wrap,
)
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.board import Board, Column, Lane, Lanes, column_widths
from orchestrator.view.when import due_words

_NARROW = 60
_LEAST_COLUMN = 12
_GAP = 2
_LEAST_STACK = 2
_LEAST_LANE = 8  # lines; two cards and what is left out

Part = tuple[str, str]
"""A piece of a line: its text, and its colour or `""`."""


class Drawing(NamedTuple):
    """How to draw.

    Attributes:
        today: Dates are named as seen from it.
        width: Cells of a line.
        height: Lines to fill, or None where nothing ends the page.
        limit: Most cards a column, where there is no height.
        has_color: Whether colours are wanted.
        lanes: What the lanes are by.
    """

    today: date
    width: int
    height: int | None
    limit: int
    has_color: bool
    lanes: Lanes


class Line(NamedTuple):
    """One line of a card: parts from the left, and parts at the right edge."""

    left: tuple[Part, ...]
    right: tuple[Part, ...] = ()

    def drawn(self, width: int, *, has_color: bool) -> str:
        """Return the line, filled up to `width` cells."""
        used = sum(cells(text) for text, _ in (*self.left, *self.right))
        left, right = (
            "".join(paint(text, code, has_color=has_color) for text, code in side) for side in self
        )
        return f"{left}{' ' * (width - used)}{right}"


def board_text(snapshot: Snapshot, board: Board, drawing: Drawing) -> str:
    """Return a board as lines that are nowhere wider than the drawing."""
    totals = [
        Column(status, tuple(item for lane in board.lanes for item in lane.columns[at].ids))
        for at, status in enumerate(board.statuses)
    ]
    names = [_name(column) for column in totals]
    is_empty = [not column.ids for column in totals]
    widths = column_widths(is_empty, [cells(name) for name in names], drawing.width, _GAP)
    filled = [width for width, empty in zip(widths, is_empty, strict=True) if not empty]
    if drawing.width < _NARROW or min(filled, default=_NARROW) < _LEAST_COLUMN:
        lines = _stacked(snapshot, board, drawing)
    else:
        lines = _side_by_side(snapshot, board, totals, widths, drawing)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _side_by_side(
    snapshot: Snapshot,
    board: Board,
    totals: Sequence[Column],
    widths: Sequence[int],
    drawing: Drawing,
) -> Iterator[str]:
    heads = [Line((_head(column),)) for column in totals]
    yield _joined(heads, widths, drawing)
    rules = [Line((("─" * width, DIM),)) for width in widths]
    yield _joined(rules, widths, drawing)
    height = _lane_height(board, drawing, 2)
    for number, lane in enumerate(board.lanes):
        if drawing.lanes != "none":
            if number:
                yield ""
            yield _lane_name(snapshot, lane, drawing)
        stacks = [
            _cards(snapshot, column, width, height, drawing)
            for column, width in zip(lane.columns, widths, strict=True)
        ]
        for row in zip_longest(*stacks, fillvalue=Line(())):
            yield _joined(row, widths, drawing)


def _lane_height(board: Board, drawing: Drawing, above: int) -> int | None:
    """Return how many lines the cards of one lane may take."""
    if drawing.height is None:
        return None
    if drawing.lanes == "none":
        return max(drawing.height - above, _LEAST_LANE)
    return max((drawing.height - above) // max(len(board.lanes), 1) - 2, _LEAST_LANE)


def _joined(row: Sequence[Line], widths: Sequence[int], drawing: Drawing) -> str:
    return (" " * _GAP).join(
        line.drawn(width, has_color=drawing.has_color)
        for line, width in zip(row, widths, strict=True)
    )


def _cards(
    snapshot: Snapshot, column: Column, width: int, height: int | None, drawing: Drawing
) -> list[Line]:
    """Return the cards of a column with a line between them, and how many more there are."""
    lines: list[Line] = []
    shown = 0
    for task_id in column.ids:
        card = _card(snapshot, task_id, width, drawing)
        if height is None:
            is_full = shown >= drawing.limit
        else:
            is_last = shown == len(column.ids) - 1
            # A card that is not the last leaves room for saying how many more there are.
            is_full = len(lines) + bool(lines) + len(card) + (not is_last) > height
        if is_full:
            break
        lines += [*([Line(())] if lines else ()), *card]
        shown += 1
    if shown < len(column.ids):
        lines.append(Line(((fit(f"+{len(column.ids) - shown:,} more", width), DIM),)))
    return lines


def _card(snapshot: Snapshot, task_id: str, width: int, drawing: Drawing) -> list[Line]:
    task = snapshot.tasks[task_id]
    person = _initials(snapshot, task, drawing)
    mark = PRIORITY_MARKS.get(task.get("priority") or "")
    due = _due(task, drawing)
    left: list[Part] = [(printable(task_id), "36")]
    right: list[Part] = [(person, DIM)] if person else []
    room = width - cells(left[0][0]) - (cells(person) + 1 if person else 0)
    if mark and room > len(mark[0]):
        left += [(" ", ""), mark]
        room -= len(mark[0]) + 1
    fits = due is not None and room >= len(due[0]) + 1
    if due and fits:
        right = [due, *([(" ", "")] if person else []), *right]
    if room < 0:
        left, right = [(fit(left[0][0], width), left[0][1])], []
    lines = [Line(tuple(left), tuple(right))]
    title = printable(str(task.get("title") or ""))
    lines += [Line(((text, ""),)) for text in wrap(title, width, 2)]
    if due and not fits:
        lines.append(Line(((fit(due[0], width), due[1]),)))
    return lines


def _stacked(snapshot: Snapshot, board: Board, drawing: Drawing) -> Iterator[str]:
    """Yield the columns below each other, a line a task."""
    limit = drawing.limit
    if drawing.height is not None:
        limit = _stack_limit(board, drawing.height)
    is_first = True
    for lane in board.lanes:
        if drawing.lanes != "none":
            yield from () if is_first else ("",)
            yield _lane_name(snapshot, lane, drawing)
        for column in lane.columns:
            if not column.ids:
                continue
            yield from () if is_first else ("",)
            is_first = False
            yield Line((_head(column),)).drawn(drawing.width, has_color=drawing.has_color)
            for task_id in column.ids[:limit]:
                line = _row(snapshot, task_id, drawing)
                yield line.drawn(drawing.width, has_color=drawing.has_color)
            if len(column.ids) > limit:
                more = f"+{len(column.ids) - limit:,} more"
                yield paint(more, DIM, has_color=drawing.has_color)


def _stack_limit(board: Board, height: int) -> int:
    """Return the most tasks a column that let a board fill, and not pass, so many lines."""
    sizes = [len(column.ids) for lane in board.lanes for column in lane.columns if column.ids]
    # A heading a column, a line between two, and a heading and a line a lane.
    around = 2 * len(sizes) - 1 + (2 * len(board.lanes) if len(board.lanes) > 1 else 0)
    limit = max(sizes, default=0)
    while limit > _LEAST_STACK:
        if around + sum(size if size <= limit else limit + 1 for size in sizes) <= height:
            break
        limit -= 1
    return limit


def _row(snapshot: Snapshot, task_id: str, drawing: Drawing) -> Line:
    task = snapshot.tasks[task_id]
    parts = [
        PRIORITY_MARKS.get(task.get("priority") or ""),
        _due(task, drawing),
        (_initials(snapshot, task, drawing), DIM),
    ]
    right = [piece for part in parts if part and part[0] for piece in ((" ", ""), part)]
    name = printable(task_id)
    room = drawing.width - sum(cells(text) for text, _ in right) - cells(name) - 1
    if room < 1:
        return Line(((fit(name, drawing.width), "36"),))
    title = fit(printable(str(task.get("title") or "")), room)
    return Line(((name, "36"), (" ", ""), (title, "")), tuple(right))


def _name(column: Column) -> str:
    return f"{column.status.replace('_', ' ') or 'no status'} {len(column.ids):,}"


def _head(column: Column) -> Part:
    color = STATUS_MARKS.get(column.status, ("", ""))[1]
    return _name(column), f"{BOLD};{color}" if color and column.ids else BOLD if column.ids else DIM


def _lane_name(snapshot: Snapshot, lane: Lane, drawing: Drawing) -> str:
    total = sum(len(column.ids) for column in lane.columns)
    words = lane.name or "nobody"
    if drawing.lanes == "assignee" and (user := snapshot.users.get(lane.name)):
        words = f"{lane.name}  {user.get('name') or ''}"
    elif drawing.lanes == "project" and (project := snapshot.projects.get(lane.name)):
        words = f"{lane.name}  {project.get('title') or ''}"
    room = drawing.width - len(f" {total:,}") - len("── ")
    text = f"── {fit(printable(words), room)} {total:,}"
    rest = max(drawing.width - cells(text) - 1, 0)
    return paint(f"{text} {'─' * rest}", BOLD, has_color=drawing.has_color)


def _due(task: Document, drawing: Drawing) -> Part | None:
    due = task.get("due_date")
    if not due or task.get("status") in ("completed", "cancelled"):
        return None
    color = RED if due < drawing.today.isoformat() else ""
    return due_words(due, drawing.today, short=True), color


def _initials(snapshot: Snapshot, task: Document, drawing: Drawing) -> str:
    """Return two letters for who has a task; nothing where lanes say who."""
    person = task.get("assignee") or ""
    if not person or drawing.lanes == "assignee":
        return ""
    name = str((snapshot.users.get(person) or {}).get("name") or person)
    words = [word for word in printable(name).split() if word[0].isalnum()]
    letters = words[0][:1] + words[-1][:1] if len(words) > 1 else printable(person)[:2]
    return letters.upper()
