"""Which comment speaks of which key, item or collection."""

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
        for comment in scanned.comments:
            _place(scanned, comment, root, found)
    return found


def _place(scanned: Scan, comment: Comment, node: Mapping | Sequence, found: Comments) -> None:
    family = children(node)
    before = [child for child in family if child.start <= comment.start]
    if not before:
        if family:
            found.above.setdefault(family[0].start, []).append(comment)
        else:
            found.below.setdefault(node.start, []).append(comment)
        return
    child = before[-1]
    if comment.start < child.end:
        _place_inside(scanned, comment, child, found)
        return
    value = child.value
    inner = value if isinstance(value, Mapping | Sequence) and value.style != "flow" else None
    if not comment.own_line:
        # It ends the line of the innermost last child.
        if inner is not None:
            _place(scanned, comment, inner, found)
        else:
            found.beside.setdefault(child.start, []).append(comment)
    elif inner is not None and _column(scanned, comment) > node.column and node.style == "block":
        _place(scanned, comment, inner, found)
    elif len(before) < len(family):
        found.above.setdefault(family[len(before)].start, []).append(comment)
    else:
        found.below.setdefault(node.start, []).append(comment)


def _place_inside(scanned: Scan, comment: Comment, child: Child, found: Comments) -> None:
    value = child.value
    if isinstance(value, Mapping | Sequence):
        family = children(value)
        opening = not comment.own_line and (not family or comment.start < family[0].start)
        if not opening:
            _place(scanned, comment, value, found)
            return
    elif comment.own_line and comment.start < value.start:
        found.above.setdefault(child.start, []).append(comment)
        return
    found.beside.setdefault(child.start, []).append(comment)


def _column(scanned: Scan, comment: Comment) -> int:
    return comment.start - scanned.lines[scanned.line_at(comment.start)]
