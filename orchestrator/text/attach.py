"""Which comment speaks of which key, item or collection."""

from bisect import bisect_right
from typing import NamedTuple

from orchestrator.text.nodes import Comment, Mapping, Node, Scan, Sequence


class Child(NamedTuple):
    """A key or an item with its value.

    Attributes:
        start: Offset of the key or the dash; names the child.
        value: Its value.
        end: Offset behind key and value.
        key: The key's text; None for an item.
    """

    start: int
    value: Node
    end: int
    key: str | None


class Comments(NamedTuple):
    """Comments by what they speak of.

    Attributes:
        above: Those on lines of their own above a child, by its start.
        beside: Those behind a child on its line, by its start.
        below: Those on lines of their own after the last child of a collection, by its start.
    """

    above: dict[int, list[Comment]]
    beside: dict[int, list[Comment]]
    below: dict[int, list[Comment]]


def children(node: Mapping | Sequence) -> list[Child]:
    """The children of a collection, in order of place."""
    if isinstance(node, Sequence):
        return [Child(dash, value, max(value.end, dash + 1), None) for dash, value in node.items]
    found = [
        Child(key.start, value, max(value.end, colon + 1, key.end), key.text)
        for key, colon, value in node.entries
    ]
    return sorted(found, key=lambda child: child.start)


def attach(scanned: Scan) -> Comments:
    """Give each comment of a text to what it speaks of."""
    found = Comments({}, {}, {})
    root = scanned.root
    if isinstance(root, Mapping | Sequence):
        attacher = _Attacher(scanned, found)
        for comment in scanned.comments:
            attacher.place(comment, root)
    return found


class _Attacher:
    """Goes down the tree for each comment; what it learns of a collection is kept for the next."""

    def __init__(self, scanned: Scan, found: Comments) -> None:
        self.scanned = scanned
        self.found = found
        self.families: dict[int, tuple[list[Child], list[int]]] = {}

    def family(self, node: Mapping | Sequence) -> tuple[list[Child], list[int]]:
        """The children of a collection, and where each begins."""
        known = self.families.get(id(node))
        if known is None:
            members = children(node)
            known = self.families[id(node)] = (members, [child.start for child in members])
        return known

    def place(self, comment: Comment, node: Mapping | Sequence) -> None:
        """Find the place of a comment in or behind a collection."""
        family, starts = self.family(node)
        before = bisect_right(starts, comment.start)
        if not before:
            if family:
                self.found.above.setdefault(family[0].start, []).append(comment)
            else:
                self.found.below.setdefault(node.start, []).append(comment)
            return
        child = family[before - 1]
        if comment.start < child.end:
            self._place_inside(comment, child)
            return
        value = child.value
        inner = value if isinstance(value, Mapping | Sequence) and value.style != "flow" else None
        if not comment.own_line:
            # It ends the line of the innermost last child.
            if inner is not None:
                self.place(comment, inner)
            else:
                self.found.beside.setdefault(child.start, []).append(comment)
        elif inner is not None and self._column(comment) > node.column and node.style == "block":
            self.place(comment, inner)
        elif before < len(family):
            self.found.above.setdefault(family[before].start, []).append(comment)
        else:
            self.found.below.setdefault(node.start, []).append(comment)

    def _place_inside(self, comment: Comment, child: Child) -> None:
        value = child.value
        if isinstance(value, Mapping | Sequence):
            starts = self.family(value)[1]
            opening = not comment.own_line and (not starts or comment.start < starts[0])
            if not opening:
                self.place(comment, value)
                return
        elif comment.own_line and comment.start < value.start:
            self.found.above.setdefault(child.start, []).append(comment)
            return
        self.found.beside.setdefault(child.start, []).append(comment)

    def _column(self, comment: Comment) -> int:
        return comment.start - self.scanned.lines[self.scanned.line_at(comment.start)]
