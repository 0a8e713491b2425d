"""Rows in columns, for a terminal and for a pipe."""

import re
from collections.abc import Callable, Sequence

from orchestrator.cli.escape import printable
from orchestrator.cli.ink import BOLD, cells, fit, pad, paint, screen

Paint = Callable[[int, int], str]
"""The colour of the cell in a row and a column, as the numbers of an SGR sequence, or ""."""

# What may be cut short when a screen is too narrow; ids, dates and numbers never are.
_ELASTIC = frozenset({
    "title", "description", "name", "labels", "tags", "metadata", "note", "time entries", "tests",
    "external ids", "e-mail", "email", "value", "says",
})  # fmt: skip
_LEAST = 12
_LEGIBLE = 16
_NUMBER = re.compile(r"\d[\d,.]*%?|(?:\d+[dhm])+")
_GAP = "  "
_STYLES = {
    "completed": "32", "in_progress": "36", "in_review": "35", "blocked": "31", "cancelled": "2",
    "urgent": "1;31", "high": "33", "low": "2", "active": "32",
}  # fmt: skip


def drawn(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    fancy: bool,
    has_color: bool,
    paints: Paint | None,
    spare: Sequence[str] = (),
) -> str:
    """Return rows in columns: with headings and cut to the screen, or plain aligned text.

    Args:
        columns: Headings.
        rows: Cells.
        fancy: Whether it is for a terminal.
        has_color: Whether to colour it.
        paints: Returns the colour of a cell, by row and column of those given.
        spare: Headings of columns that a narrow screen can do without, in this order.
    """
    shown = [[_one_line(cell) for cell in row] for row in rows]
    widths = [max((cells(row[at]) for row in shown), default=0) for at in range(len(columns))]
    if not fancy:
        return "".join(_line(row, widths, frozenset()) for row in shown)
    widths = [max(width, cells(name)) for width, name in zip(widths, columns, strict=True)]
    kept = _kept(columns, widths, spare)
    columns = [columns[at] for at in kept]
    shown = [[row[at] for at in kept] for row in shown]
    widths = _fitting(columns, [widths[at] for at in kept])
    numeric = frozenset(at for at, name in enumerate(columns) if _is_numeric(name, shown, at))
    heading = _line(list(columns), widths, numeric).rstrip("\n")
    rule = _GAP.join("─" * width for width in widths)
    lines = [f"{paint(heading, BOLD, has_color=has_color)}\n{rule}\n"]
    for number, row in enumerate(shown):
        cut = [fit(text, width) for text, width in zip(row, widths, strict=True)]
        if has_color:
            codes = [
                (paints and paints(number, given)) or _style(columns[at], row[at])
                for at, given in enumerate(kept)
            ]
            lines.append(_line(cut, widths, numeric, codes))
        else:
            lines.append(_line(cut, widths, numeric))
    return "".join(lines)


def _one_line(cell: str) -> str:
    return cell if cell.isprintable() else printable(" ".join(cell.split()))


def _line(
    row: Sequence[str],
    widths: Sequence[int],
    numeric: frozenset[int],
    codes: Sequence[str] | None = None,
) -> str:
    parts = []
    for at, (text, width) in enumerate(zip(row, widths, strict=True)):
        is_last = at == len(row) - 1
        padded = " " * (width - cells(text)) + text if at in numeric else text
        filled = padded if is_last else pad(padded, width)
        parts.append(paint(filled, codes[at], has_color=True) if codes else filled)
    return f"{_GAP.join(parts).rstrip()}\n"


def _kept(columns: Sequence[str], widths: Sequence[int], spare: Sequence[str]) -> list[int]:
    """Return which columns a screen has room for; what may be cut is at its shortest then."""
    least = [
        min(width, _LEGIBLE) if name in _ELASTIC and at else width
        for at, (name, width) in enumerate(zip(columns, widths, strict=True))
    ]
    kept = list(range(len(columns)))
    for name in spare:
        if sum(least[at] for at in kept) + len(_GAP) * (len(kept) - 1) <= screen()[0]:
            break
        kept = [at for at in kept if columns[at] != name]
    return kept


def _fitting(columns: Sequence[str], widths: Sequence[int]) -> list[int]:
    """Return widths that fit the screen, as far as what may be cut allows it."""
    result = list(widths)
    over = sum(result) + len(_GAP) * (len(result) - 1) - screen()[0]
    elastic = [at for at, name in enumerate(columns) if name in _ELASTIC and at]
    elastic = elastic or [len(columns) - 1] * (len(columns) > 1)
    while over > 0 and elastic:
        widest = max(elastic, key=lambda at: result[at])
        others = [result[at] for at in elastic if at != widest]
        # The widest shrinks to the next widest, then both do.
        step = min(over, max(result[widest] - max([*others, _LEAST]), 1))
        if result[widest] <= _LEAST:
            break
        result[widest] -= step
        over -= step
    return result


def _is_numeric(name: str, rows: Sequence[Sequence[str]], at: int) -> bool:
    if name in _ELASTIC:
        return False
    found = [row[at] for row in rows if row[at]]
    return bool(found) and all(_NUMBER.fullmatch(text) for text in found)


def _style(column: str, text: str) -> str:
    return _STYLES.get(text, "") if column in ("status", "priority") else ""
