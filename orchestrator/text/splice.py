"""Splices: replacements of stretches of a text, and the places in it that they begin and end at."""

import re
from typing import NamedTuple

from orchestrator.text.nodes import Comment, Mapping, Node, Scalar, Scan, Sequence, walk
from orchestrator.text.render import CANONICAL, Habits

_EOL = re.compile(r"[^\r\n]*")
_BLANK_LINES = re.compile(r"(?:(?:\r\n?|\n)[ \t]*(?=[\r\n]))*")
_BREAK = re.compile(r"\r\n?|\n")


class Splice(NamedTuple):
    """Put `text` in the place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


class Draft:
    """A text with the splices that are to be made in it.

    Attributes:
        blocks: Whether new texts may be blocks.
        coarse: Whether more of the old text may go than a fine edit takes.
    """

    __slots__ = (
        "_habits",
        "_head",
        "_own_lines",
        "blocks",
        "coarse",
        "newline",
        "scanned",
        "splices",
        "text",
    )

    def __init__(self, scanned: Scan, *, blocks: bool = True, coarse: bool = False) -> None:
        self.scanned = scanned
        self.blocks = blocks
        self.coarse = coarse
        self.text = scanned.text
        self.splices: list[Splice] = []
        self.newline = dominant_newline(scanned.text)
        self._habits: Habits | None = None
        self._head = int(scanned.text.startswith("\ufeff"))  # where what is left of the text begins
        self._own_lines: dict[int, Comment] | None = None

    def put(self, start: int, end: int, text: str) -> None:
        """Replace a stretch."""
        self.splices.append(Splice(start, end, text))

    def put_lines_below(self, offset: int, lines: list[str]) -> None:
        """Insert lines below the line that holds `offset`."""
        if lines:
            at = self.end_of_line(offset)
            self.put(at, at, self.newline + self.newline.join(lines))

    def end_with_comments(self, offset: int, column: int) -> int:
        """Offset in the last of the comments below `offset` that are deeper than `column`."""
        number = self.scanned.line_at(offset)
        while True:
            comment = self._comment_on(number + 1)
            if comment is None or comment.start - self.scanned.lines[number + 1] <= column:
                return max(offset, self.scanned.lines[number])
            number += 1

    def end_of_deeper(self, offset: int, column: int) -> int:
        """As `end_with_comments`, with lines of white space, and blank lines in between."""
        lines = self.scanned.lines
        last = self.scanned.line_at(offset)
        for number in range(last + 1, len(lines)):
            row = self.text[lines[number] : self.end_of_line(lines[number])]
            comment = self._comment_on(number)
            deeper = comment is not None and comment.start - lines[number] > column
            if row.strip(" \t") and not deeper:
                break
            if row:
                last = number
        return max(offset, lines[last])

    def end_of_line(self, offset: int) -> int:
        """Offset of the line break (or the end of the text) behind `offset`."""
        match = _EOL.match(self.text, offset)
        return match.end() if match else offset

    def line_start(self, offset: int) -> int:
        """Offset of the first character of the line that holds `offset`."""
        return self.scanned.lines[self.scanned.line_at(offset)]

    def begins_line(self, offset: int) -> bool:
        """Whether only spaces stand before `offset` on its line."""
        return not self.text[self.line_start(offset) : offset].strip(" \ufeff")

    def lead(self, offset: int, column: int) -> int:
        """Start of the first line of the comments right above a key or dash that belong to it.

        A comment that is indented deeper belongs to what stands above it.
        """
        number = self.scanned.line_at(offset)
        while number > 0:
            comment = self._comment_on(number - 1)
            if comment is None or comment.start - self.scanned.lines[number - 1] > column:
                break
            number -= 1
        return self.scanned.lines[number]

    def _comment_on(self, line: int) -> Comment | None:
        if self._own_lines is None:
            self._own_lines = {
                self.scanned.line_at(comment.start): comment
                for comment in self.scanned.comments
                if comment.own_line
            }
        return self._own_lines.get(line)

    def comments_between(self, start: int, end: int) -> bool:
        """Whether a comment begins in a stretch."""
        return any(start <= comment.start < end for comment in self.scanned.comments)

    def end_of_previous_line(self, line_start: int) -> int:
        """Offset of the line break before a line; the line must not be the first."""
        at = line_start - 1
        if at > 0 and self.text[at] == "\n" and self.text[at - 1] == "\r":
            return at - 1
        return at

    def drop_lines(self, start: int, offset: int) -> None:
        """Delete the lines from the one that begins at `start` to the one that holds `offset`."""
        end = self.end_of_line(offset)
        if start > self._head:
            before = self.end_of_previous_line(start)
            if before in self._kept_ends():
                # The blank lines that follow would become part of the block above.
                match = _BLANK_LINES.match(self.text, end)
                end = match.end() if match else end
            own = _BREAK.match(self.text, end)
            if own and own[0] != self.text[before:start]:
                # Line ends are mixed: the line above keeps its own.
                self.put(start, own.end(), "")
            else:
                self.put(before, end, "")
            return
        match = _BREAK.match(self.text, end)
        stop = match.end() if match else end
        self.put(self._head, stop, "")
        self._head = stop

    def _kept_ends(self) -> set[int]:
        """Where blocks of text end that keep the line breaks behind them (`|+`, `>+`)."""
        if self.scanned.root is None or "+" not in self.text:
            return set()
        return {
            node.end
            for node in walk(self.scanned.root)
            if isinstance(node, Scalar)
            and node.style in ("literal", "folded")
            and "+" in self.text[node.start : node.start + 3]
        }

    @property
    def habits(self) -> Habits:
        """How the file is laid out, by its first nested mapping and list."""
        if self._habits is None:
            self._habits = habits_of(self.scanned)._replace(blocks=self.blocks)
        return self._habits

    def apply(self) -> str:
        """The text with all splices; of two at one place, the one put first comes first."""
        out: list[str] = []
        at = 0
        for start, end, text in sorted(self.splices, key=lambda splice: splice.start):
            out.append(self.text[at : max(at, start)])
            out.append(text)
            at = max(at, end)
        out.append(self.text[at:])
        return "".join(out)


def dominant_newline(text: str) -> str:
    """The line end that most lines have."""
    if "\r" not in text:
        return "\n"
    crlf = text.count("\r\n")
    lone_cr = text.count("\r") - crlf
    lf = text.count("\n") - crlf
    if crlf >= max(lf, lone_cr):
        return "\r\n"
    return "\n" if lf >= lone_cr else "\r"


def habits_of(scanned: Scan) -> Habits:
    """The layout habits of a file; canonical where the file shows none."""
    step: int | None = None
    dash: int | None = None
    if scanned.root is not None:
        for node in walk(scanned.root):
            if not isinstance(node, Mapping) or node.style != "block":
                continue
            for entry in node.entries:
                step, dash = _learn(entry.value, node.column, step, dash)
    if step is None:
        step = CANONICAL.step
    return Habits(step, step if dash is None else dash, CANONICAL.gap)


def _learn(
    child: Node, column: int, step: int | None, dash: int | None
) -> tuple[int | None, int | None]:
    if isinstance(child, Mapping) and child.style == "block" and step is None:
        return min(child.column - column, 9), dash
    if isinstance(child, Sequence) and child.style == "block" and dash is None:
        return step, child.column - column
    return step, dash
