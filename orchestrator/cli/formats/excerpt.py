"""One line of a file with a caret under a column, safe and aligned in a terminal."""

import unicodedata
from typing import NamedTuple

from orchestrator.cli.escape import printable_char

WIDTH = 96
"""Columns of the source line; a longer one is cropped around the caret."""

_BEFORE = 40
_TAB = "    "


class Excerpt(NamedTuple):
    """What to show.

    Attributes:
        line: The source line, escaped and cropped.
        caret: How many columns stand before the caret.
    """

    line: str
    caret: int


def excerpt(line: str, column: int) -> Excerpt:
    """Return what to show of a source line.

    Args:
        line: Without its line end.
        column: 1-based, in characters.
    """
    at = max(0, min(column - 1, len(line)))
    first = max(0, at - WIDTH)
    cells = [_cell(char) for char in line[first : at + WIDTH]]
    widths = [_width(cell) for cell in cells]
    caret = at - first
    begin, end = 0, len(cells)
    if first > 0 or sum(widths) > WIDTH or at + WIDTH < len(line):
        begin = _crop_left(widths, caret)
        end = _crop_right(widths, begin)
    left = "…" if first > 0 or begin > 0 else ""
    right = "…" if end < len(cells) or at + WIDTH < len(line) else ""
    shown = left + "".join(cells[begin:end]) + right
    return Excerpt(shown.rstrip(), len(left) + sum(widths[begin:caret]))


def _crop_left(widths: list[int], caret: int) -> int:
    """Return where to begin so that not too much stands before the caret."""
    begin, room = caret, _BEFORE
    while begin > 0 and room >= widths[begin - 1]:
        begin -= 1
        room -= widths[begin]
    # A combining character belongs to the one before it.
    while begin < caret and widths[begin] == 0:
        begin += 1
    return begin


def _crop_right(widths: list[int], begin: int) -> int:
    end, room = begin, WIDTH - 2
    while end < len(widths) and room >= widths[end]:
        room -= widths[end]
        end += 1
    return end


def _cell(char: str) -> str:
    return _TAB if char == "\t" else printable_char(char)


def _width(cell: str) -> int:
    if cell.isascii():
        return len(cell)
    if unicodedata.east_asian_width(cell) in "WF":
        return 2
    return 0 if unicodedata.category(cell) in ("Mn", "Me", "Cf") else 1
