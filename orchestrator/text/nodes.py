"""The tree that `scan` makes of a text: every node with its place, for edits to be spliced in."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from orchestrator.text.scalars import resolve

ScalarStyle = Literal["plain", "single", "double", "literal", "folded", "empty"]
CollectionStyle = Literal["block", "flow", "pair"]


class Scalar(NamedTuple):
    """A key or a value that is not a collection.

    Attributes:
        start: Offset of its first character, quotes and block header included.
        end: Offset behind its last character; no trailing blank or comment lines.
        style: How it is written; `empty` for a value that is not there.
        text: What it says once quotes, escapes and folding are undone.
    """

    start: int
    end: int
    style: ScalarStyle
    text: str

    @property
    def value(self) -> str | int | float | bool | None:
        """What it means in the YAML 1.2 core schema."""
        if self.style == "plain":
            return resolve(self.text)
        return None if self.style == "empty" else self.text


class Entry(NamedTuple):
    """One key with its value; `colon` is the offset of the `:`, -1 for a lone key in `{a, b}`."""

    key: Scalar
    colon: int
    value: "Node"


class Item(NamedTuple):
    """One element of a list; `dash` is the offset of its `-`, or of its value in a flow list."""

    dash: int
    value: "Node"


class Mapping(NamedTuple):
    """A mapping; `pair` is the `a: b` of `[a: b]`, which has no braces of its own."""

    start: int
    end: int
    style: CollectionStyle
    column: int
    entries: list[Entry]


class Sequence(NamedTuple):
    """A list; `column` is where its dashes stand, or where its bracket does."""

    start: int
    end: int
    style: CollectionStyle
    column: int
    items: list[Item]


Node = Scalar | Mapping | Sequence


class Comment(NamedTuple):
    """A comment from its `#` to the end of its line."""

    start: int
    end: int
    own_line: bool


class Fault(NamedTuple):
    """Something that the strict subset does not allow, and where."""

    code: str
    offset: int
    message: str
    hint: str | None = None


class Scan(NamedTuple):
    """What `scan` found in a text.

    Attributes:
        text: The text itself; every offset points into it.
        root: The outermost node, or None where there is none.
        comments: All comments, in order.
        faults: All that is wrong, in order of place.
        lines: Offset of the first character of each line.
        start: Where the document's content may begin (behind a BOM and `---`).
        end: Where it ends at the latest (before `...` or a second `---`).
    """

    text: str
    root: Node | None
    comments: list[Comment]
    faults: list[Fault]
    lines: list[int]
    start: int
    end: int

    def line_at(self, offset: int) -> int:
        """0-based number of the line that holds `offset`."""
        return bisect_right(self.lines, offset) - 1

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column of `offset`."""
        line = self.line_at(offset)
        first = self.lines[line]
        if line == 0 and self.text.startswith("\ufeff"):
            first += 1
        return line + 1, max(offset - first, 0) + 1


def data(node: Node) -> Any:
    """The JSON value of a node.

    A key that is there twice has its last value; such a tree carries a fault.
    """
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key.text: data(value) for key, _, value in node.entries}
    return [data(value) for _, value in node.items]


def walk(node: Node) -> Iterator[Node]:
    """A node and all nodes below it, keys not included, in order of place."""
    yield node
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield from walk(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from walk(item.value)
