"""Half-typed lists in brackets and mappings in braces: where in them a person is."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class Frame:
    """An open bracket or brace.

    Attributes:
        kind: Which.
        key: The key before the last colon, in braces; None before one.
        keys: All keys so far.
        start: The offset of what is being typed.
    """

    kind: Literal["[", "{"]
    start: int
    key: str | None = None
    keys: list[str] = field(default_factory=list)


class Flow:
    """What is open after some lines of a value that began with a bracket or a brace.

    Attributes:
        frames: What is open, the innermost last.
        quote: The quotation mark that is open, or an empty text.
        is_comment: Whether the last line ended in a comment.
    """

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.quote = ""
        self.is_comment = False

    def feed(self, text: str, start: int, end: int) -> None:
        """Read on to an offset, at most to the end of a line."""
        self.is_comment = False
        at = start
        while at < end:
            char = text[at]
            if self.quote:
                at += self._quoted(text, at)
            elif char == "#" and (at == start or text[at - 1] in " \t"):
                self.is_comment = True
                if not text[self.frames[-1].start : at].strip():
                    self.frames[-1].start = end
                return
            else:
                self._plain(text, at)
            at += 1
            if not self.frames:
                return

    def _quoted(self, text: str, at: int) -> int:
        """Read a character between quotation marks; return how many more belong to it."""
        if text[at] == "\\" and self.quote == '"':
            return 1
        if text[at] == self.quote:
            self.quote = ""
        return 0

    def _plain(self, text: str, at: int) -> None:
        char = text[at]
        if char in "[{":
            self.frames.append(Frame("[" if char == "[" else "{", at + 1))
        elif not self.frames:
            return
        elif char in "]}":
            self.frames.pop()
        elif char == ",":
            self.frames[-1].start, self.frames[-1].key = at + 1, None
        elif char == ":" and self._ends_key(text, at):
            frame = self.frames[-1]
            frame.key = text[frame.start : at].strip().strip("\"'")
            frame.keys.append(frame.key)
            frame.start = at + 1
        elif char in "\"'" and not text[self.frames[-1].start : at].strip():
            self.quote = char

    def _ends_key(self, text: str, at: int) -> bool:
        frame = self.frames[-1]
        is_end = text[at + 1 : at + 2] in ("", " ", "\t", "\n", "\r", '"', "'", "[", "{")
        return frame.kind == "{" and frame.key is None and is_end
