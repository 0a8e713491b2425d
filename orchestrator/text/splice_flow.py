"""Changes inside brackets: the text of a flow list or mapping rebuilt from the pieces that stay."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from orchestrator.text.align import align
from orchestrator.text.intent import same
from orchestrator.text.nodes import Entry, Mapping, Node, Scalar, Sequence, data
from orchestrator.text.render import flow, scalar
from orchestrator.text.restyle import restyled

_COMMENT = re.compile(r"[ \t]*#[^\r\n]*")


class _Piece(NamedTuple):
    """An element of the new text; `old` is its index in the old one, None for one that came."""

    old: int | None
    text: str


def flow_text(text: str, node: Node, new: Any, key: str) -> str:
    """The text of a node in flow style once its value is `new`.

    Args:
        text: The text that the node stands in.
        node: The node; a scalar inside brackets, or a flow collection.
        new: Its new value, not equal to the old one.
        key: The key that it stands behind.
    """
    if isinstance(node, Scalar) and not isinstance(new, dict | list):
        return restyled(node, new, key, in_flow=True) or flow(new, key)
    if isinstance(node, Sequence) and isinstance(new, list):
        return _list_text(text, node, new, key)
    if isinstance(node, Mapping) and isinstance(new, dict):
        if node.style == "flow":
            return _mapping_text(text, node, new)
        if list(new) == [node.entries[0].key.text]:
            return _entry_text(text, node.entries[0], *new.values())
    return flow(new, key)


def _list_text(text: str, node: Sequence, new: list[Any], key: str) -> str:
    old = data(node)
    pieces: list[_Piece] = []
    for pair in align(old, new):
        if pair.new is None:
            continue
        value = new[pair.new]
        if pair.old is None:
            pieces.append(_Piece(None, flow(value, key)))
            continue
        item = node.items[pair.old].value
        kept = same(old[pair.old], value)
        piece = text[item.start : item.end] if kept else flow_text(text, item, value, key)
        pieces.append(_Piece(pair.old, piece))
    spans = [(item.value.start, item.value.end) for item in node.items]
    return _assembled(text, node, spans, pieces)


def _mapping_text(text: str, node: Mapping, new: dict[str, Any]) -> str:
    pieces: dict[str, _Piece] = {}
    for index, entry in enumerate(node.entries):
        name = entry.key.text
        if name in new:
            kept = same(data(entry.value), new[name])
            whole = text[entry.key.start : _end(entry)]
            pieces[name] = _Piece(index, whole if kept else _entry_text(text, entry, new[name]))
    spans = [(entry.key.start, _end(entry)) for entry in node.entries]
    return _assembled(text, node, spans, list(_with_new(pieces, new)))


def _with_new(kept: dict[str, _Piece], new: dict[str, Any]) -> Iterator[_Piece]:
    """The entries that stay, each followed by those that come behind it in the new mapping."""
    coming: dict[str | None, list[_Piece]] = {}
    anchor = None
    for name, value in new.items():
        if name in kept:
            anchor = name
        else:
            piece = _Piece(None, f"{scalar(name, in_flow=True)}: {flow(value, name)}")
            coming.setdefault(anchor, []).append(piece)
    yield from coming.get(None, ())
    for name, piece in kept.items():
        yield piece
        yield from coming.get(name, ())


def _end(entry: Entry) -> int:
    return max(entry.value.end, entry.colon + 1, entry.key.end)


def _entry_text(text: str, entry: Entry, value: Any) -> str:
    name = entry.key.text
    if entry.colon < 0 or entry.value.start == entry.value.end:
        head = text[entry.key.start : entry.key.end]
        return f"{head}: {flow(value, name)}"
    head = text[entry.key.start : entry.value.start]
    if head.endswith(":"):
        # `"a":1` needs no space, `"a":x` does.
        head += " "
    return head + flow_text(text, entry.value, value, name)


def _assembled(
    text: str, node: Mapping | Sequence, spans: list[tuple[int, int]], pieces: list[_Piece]
) -> str:
    """The pieces between the brackets, with the separators that stood between those that stay."""
    opener, closer = text[node.start], text[node.end - 1]
    if not pieces:
        return opener + closer
    if not spans:
        return opener + ", ".join(piece.text for piece in pieces) + closer
    separators = [text[spans[i - 1][1] : spans[i][0]] for i in range(1, len(spans))]
    usual = _usual_separator(separators)
    ending = text[spans[-1][1] : node.end - 1]
    comment = _COMMENT.search(ending)
    # What follows each old item; a comment there speaks of that item and stays with it.
    behind = [*separators, usual]
    if comment and pieces[-1].old != len(spans) - 1:
        if "\n" in usual:
            behind[-1] = "," + comment[0] + usual.lstrip(", \t")
        ending = _COMMENT.sub("", ending)
    out = [opener, text[node.start + 1 : spans[0][0]], pieces[0].text]
    for before, piece in pairwise(pieces):
        out += [usual if before.old is None else behind[before.old], piece.text]
    last = pieces[-1].old
    if last is not None and last < len(separators) and "#" in separators[last]:
        ending = separators[last].rstrip() + ending.lstrip(",")
    return "".join([*out, ending, closer])


def _usual_separator(separators: list[str]) -> str:
    for separator in separators:
        cleaned = _COMMENT.sub("", separator)
        if cleaned.strip():
            return cleaned
    return ", "
