"""The cursor that walks a text: where it is, what it found, how it skips what says nothing."""

import re
from bisect import bisect_right

from orchestrator.text.nodes import Comment, Fault

MAX_NODES = 10_000
MAX_DEPTH = 12

_BREAK = re.compile(r"\r\n?|\n")
_SPACES = re.compile(r"[ \t]*").match
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n?|\n))*").match
_REST = re.compile(r"[^\r\n]*").match


class TooMuchError(Exception):
    """The text is past a limit, and reading on would only cost time."""


class Cursor:
    """Where the scanner is in its text, and what it has found on the way."""

    __slots__ = (
        "bracket", "broken", "comments", "depth", "end", "faults", "has_tab", "line", "lines",
        "nodes", "pos", "text",
    )  # fmt: skip

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = self.line = int(text.startswith("\ufeff"))
        self.end = len(text)
        self.lines = [0, *(match.end() for match in _BREAK.finditer(text))]
        self.comments: list[Comment] = []
        self.faults: list[Fault] = []
        self.has_tab = "\t" in text
        self.nodes = 0
        self.depth = 0
        self.bracket = 0
        self.broken = False

    def fault(self, code: str, offset: int, message: str, hint: str | None = None) -> None:
        """Record something that is not allowed."""
        self.faults.append(Fault(code, offset, message, hint))

    def count(self) -> None:
        """Count one more node, and stop where there are too many."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.fault(
                "ORC005", self.pos, f"The file holds more than {MAX_NODES:,} values.", "Split it."
            )
            raise TooMuchError

    def enter(self) -> None:
        """Go one collection deeper, and stop where that is too deep."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fault(
                "ORC005",
                self.pos,
                f"Lists and mappings are nested more than {MAX_DEPTH} deep.",
                "Flatten the data.",
            )
            raise TooMuchError

    def peek(self) -> str:
        """The character at the cursor; empty at the end."""
        return self.text[self.pos] if self.pos < self.end else ""

    def column(self) -> int:
        """0-based column of the cursor."""
        return self.pos - self.line

    def line_number(self, offset: int) -> int:
        """1-based number of the line that holds `offset`."""
        return bisect_right(self.lines, offset)

    def sync_line(self) -> None:
        """Find the start of the line again after a jump over several."""
        self.line = max(self.lines[bisect_right(self.lines, self.pos) - 1], self._first())

    def _first(self) -> int:
        return int(self.text.startswith("\ufeff"))

    def is_blank_at(self, offset: int) -> bool:
        """Whether white space or the end stands at `offset`."""
        return offset >= self.end or self.text[offset] in " \t\r\n"

    def is_dash(self) -> bool:
        """Whether the cursor is at the `-` of a list item."""
        return self.peek() == "-" and self.is_blank_at(self.pos + 1)

    def gap(self) -> bool:
        """Skip white space, line breaks and comments; say whether a line break was among them."""
        text, end = self.text, self.end
        crossed = False
        while True:
            self.pos = pos = _SPACES(text, self.pos, end).end()  # type: ignore[union-attr]  # matches always
            if pos >= end:
                return crossed
            char = text[pos]
            if char == "#" and (pos == self.line or text[pos - 1] in " \t"):
                self.comment()
                continue
            if char not in "\r\n":
                return crossed
            crossed = True
            self.pos = self.line = _BLANK_LINES(text, pos, end).end()  # type: ignore[union-attr]

    def comment(self) -> None:
        """Record the comment at the cursor, and go to its end."""
        stop = _REST(self.text, self.pos, self.end).end()  # type: ignore[union-attr]
        own_line = not self.text[self.line : self.pos].strip(" \t")
        self.comments.append(Comment(self.pos, stop, own_line))
        if len(self.comments) > MAX_NODES:
            self.fault(
                "ORC005", self.pos, f"The file holds more than {MAX_NODES:,} comments.", "Split it."
            )
            raise TooMuchError
        self.pos = stop

    def skip_line(self) -> None:
        """Go to the end of this line."""
        self.pos = _REST(self.text, self.pos, self.end).end()  # type: ignore[union-attr]

    def recover(self, column: int) -> None:
        """After a fault, go on behind the lines that are indented deeper than `column`."""
        self.broken = False
        self.skip_line()
        while True:
            self.pos = _BLANK_LINES(self.text, self.pos, self.end).end()  # type: ignore[union-attr]
            start = self.pos
            self.sync_line()
            self.pos = _SPACES(self.text, start, self.end).end()  # type: ignore[union-attr]
            if self.pos >= self.end or self.column() <= column:
                return
            self.skip_line()

    def check_tab(self) -> None:
        """Refuse a tab in the indentation of the line that the cursor is on."""
        if self.has_tab:
            tab = self.text.find("\t", self.line, self.pos)
            if tab >= 0 and not self.text[self.line : tab].strip(" "):
                self.fault("ORC001", tab, "A tab is used for indentation.", "Indent with spaces.")
