"""Places in a text as editors count them: lines, and code units within a line."""

import re
from bisect import bisect_right
from functools import cached_property
from typing import Literal

from lsprotocol.types import Position, Range

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""What a client counts columns in; UTF-16 unless it agreed to another."""

_BREAK = re.compile(r"\r\n|\n|\r").finditer
_ASTRAL = 0xFFFF


class Lines:
    """A text, by lines.

    The protocol ends lines at LF, CRLF and CR; Python's `splitlines` ends them at more.

    Attributes:
        text: All of it.
        encoding: What columns are counted in.
    """

    def __init__(self, text: str, encoding: Encoding = "utf-16") -> None:
        self.text = text
        self.encoding: Encoding = encoding

    @cached_property
    def starts(self) -> list[int]:
        """The offset of the first character of each line."""
        return [0, *(match.end() for match in _BREAK(self.text))]

    def span(self, line: int) -> tuple[int, int]:
        """Return the offsets of a line's start and of its end, before the break."""
        start = self.starts[line]
        stop = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        while stop > start and self.text[stop - 1] in "\r\n":
            stop -= 1
        return start, stop

    def line(self, number: int) -> str:
        """Return a line's text without its break."""
        start, stop = self.span(number)
        return self.text[start:stop]

    def offset(self, position: Position) -> int:
        """Return the offset of a position; one behind a line or the text is that one's end."""
        if position.line >= len(self.starts):
            return len(self.text)
        start, stop = self.span(max(position.line, 0))
        wanted = max(position.character, 0)
        text = self.text[start:stop]
        if self.encoding == "utf-32" or text.isascii():
            return start + min(wanted, len(text))
        for at, char in enumerate(text):
            wanted -= self._width(char)
            if wanted < 0:
                return start + at
        return stop

    def position(self, offset: int) -> Position:
        """Return the position of an offset."""
        line = bisect_right(self.starts, offset) - 1
        return Position(line, self._units(self.text[self.starts[line] : offset]))

    def range(self, start: int, end: int) -> Range:
        """Return the range between two offsets."""
        return Range(self.position(start), self.position(end))

    @property
    def whole(self) -> Range:
        """The range of the whole text."""
        return self.range(0, len(self.text))

    def changed(self, where: Range, text: str) -> str:
        """Return the whole text after `text` took the place of a range."""
        start, end = sorted((self.offset(where.start), self.offset(where.end)))
        return f"{self.text[:start]}{text}{self.text[end:]}"

    def _units(self, text: str) -> int:
        if text.isascii() or self.encoding == "utf-32":
            return len(text)
        if self.encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text) + sum(ord(char) > _ASTRAL for char in text)

    def _width(self, char: str) -> int:
        return self._units(char)
