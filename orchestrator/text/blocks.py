"""A file cut at its top-level keys: each with the comments above it and the lines it takes."""

from typing import NamedTuple

from orchestrator.text.nodes import Mapping, Scalar, Scan
from orchestrator.text.scan import scan


class Block(NamedTuple):
    """One top-level key.

    Attributes:
        lead: The comment and blank lines above it.
        body: Its own lines, with the line break behind them.
    """

    lead: str
    body: str


class Blocks(NamedTuple):
    """A file in pieces; joined in order they are the file again.

    Attributes:
        head: What stands before the first key.
        members: By key, in the file's order.
        tail: Comment and blank lines after the last key.
    """

    head: str
    members: dict[str, Block]
    tail: str

    @property
    def text(self) -> str:
        """The file."""
        parts = "".join(lead + body for lead, body in self.members.values())
        return f"{self.head}{parts}{self.tail}"


def cut(text: str) -> Blocks | None:
    """Return a file in pieces, or None for one that is no plain mapping with a key a line.

    The text has LF line ends, and one at its end.
    """
    if not text.strip():
        return Blocks("", {}, "")
    scanned = scan(text)
    root = scanned.root
    if scanned.faults or not isinstance(root, Mapping) or root.style != "block" or root.column:
        return None
    if scanned.end != len(text):
        return None  # `...` or a second document follows
    starts = [scanned.lines[scanned.line_at(entry.key.start)] for entry in root.entries]
    if len(set(starts)) != len(starts) or text[: starts[0]].rstrip(" ").endswith("--- "):
        return None
    ends = [
        _body_end(scanned, index, [*starts[1:], len(text)][index]) for index in range(len(starts))
    ]
    members: dict[str, Block] = {}
    behind = starts[0]
    for entry, start, end in zip(root.entries, starts, ends, strict=True):
        members[entry.key.text] = Block(text[behind:start], text[start:end])
        behind = end
    return Blocks(text[: starts[0]], members, text[behind:])


def _body_end(scanned: Scan, index: int, limit: int) -> int:
    """Offset behind a key's lines: its value, and the comments below that are indented like it."""
    root = scanned.root
    assert isinstance(root, Mapping)  # noqa: S101 - `cut` has looked
    entry, text = root.entries[index], scanned.text
    end = _line_end(text, max(entry.value.end, entry.colon + 1) - 1)
    if _keeps_breaks(text, entry.value):
        return _behind_blanks(text, end, limit)
    while (ahead := _behind_blanks(text, end, limit)) < limit and text[ahead] in " \t":
        end = _line_end(text, ahead)
    return end


def _keeps_breaks(text: str, value: object) -> bool:
    """Whether blank lines below belong to a value: a block with `+`."""
    if not isinstance(value, Scalar) or value.style not in ("literal", "folded"):
        return False
    return "+" in text[value.start : _line_end(text, value.start)].partition("#")[0]


def _behind_blanks(text: str, start: int, limit: int) -> int:
    while start < limit and not text[start : (end := _line_end(text, start))].strip():
        start = end
    return start


def _line_end(text: str, offset: int) -> int:
    found = text.find("\n", offset)
    return len(text) if found < 0 else found + 1
