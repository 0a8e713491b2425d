"""How the scanner reads what stands in brackets."""

import re

from orchestrator.text.cursor import Cursor
from orchestrator.text.nodes import Entry, Item, Mapping, Node, Scalar, Sequence
from orchestrator.text.tokens import (
    QUOTE_HINT,
    alias,
    is_plain_start,
    judge_key,
    plain_line,
    plain_more,
    quoted,
    refuse_complex_key,
    skip_properties,
)

_FLOW_KEY_END = re.compile(r"[ \t]*:(?=[ \t\r\n,\[\]{}]|\Z)").match
_CLOSER = {"[": "]", "{": "}"}


def flow(cursor: Cursor, parent: int) -> Mapping | Sequence:
    """A list in `[]` or a mapping in `{}`; its lines are indented deeper than `parent`."""
    cursor.count()
    cursor.enter()
    start, column = cursor.pos, cursor.column()
    opener = cursor.text[start]
    outer, cursor.bracket = cursor.bracket, start
    cursor.pos += 1
    items: list[Item] = []
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    while _more(cursor, _CLOSER[opener], parent):
        if opener == "[":
            items.append(_item(cursor, parent))
        else:
            entry = _entry(cursor, parent)
            if not cursor.broken:
                judge_key(cursor, entry.key, seen)
            entries.append(entry)
        if not cursor.broken:
            _separator(cursor, _CLOSER[opener], parent)
        cursor.bracket = start
    cursor.depth -= 1
    cursor.bracket = outer
    if opener == "[":
        return Sequence(start, cursor.pos, "flow", column, items)
    return Mapping(start, cursor.pos, "flow", column, entries)


def _gap(cursor: Cursor, parent: int) -> str:
    """Skip to the next token and return its first character; nothing at the end."""
    if cursor.gap() and cursor.peek():
        # Every reader lets a quote or a bracket stand at the margin; plain text must be indented.
        if cursor.column() <= parent and cursor.peek() not in "]}\"'[{,":
            cursor.fault(
                "ORC001",
                cursor.pos,
                "A line inside brackets is not indented.",
                "Indent it deeper than its key.",
            )
            cursor.broken = True
            return ""
        if cursor.column() <= parent and cursor.column() < parent:
            cursor.fault(
                "ORC001",
                cursor.pos,
                "The closing bracket is not indented.",
                "Align it with its key.",
            )
    char = cursor.peek()
    if not char:
        bracket = cursor.text[cursor.bracket]
        cursor.fault(
            "ORC001",
            cursor.bracket,
            f"The `{bracket}` is never closed.",
            f"Add `{_CLOSER[bracket]}`.",
        )
        cursor.broken = True
    return char


def _more(cursor: Cursor, closer: str, parent: int) -> bool:
    """Whether another element begins here; steps over the closing bracket when none does."""
    if cursor.broken:
        return False
    char = _gap(cursor, parent)
    if char == closer:
        cursor.pos += 1
        return False
    if char == ",":
        cursor.fault("ORC001", cursor.pos, "A comma stands where a value should be.", "Remove it.")
        cursor.broken = True
    elif char and char in "]}":
        cursor.fault(
            "ORC001",
            cursor.pos,
            f"`{char}` closes a `{cursor.text[cursor.bracket]}`.",
            f"Write `{closer}`.",
        )
        cursor.broken = True
    return not cursor.broken


def _separator(cursor: Cursor, closer: str, parent: int) -> None:
    char = _gap(cursor, parent)
    if char == ",":
        cursor.pos += 1
    elif char and char != closer:
        cursor.fault("ORC001", cursor.pos, f"A comma or `{closer}` is missing here.", QUOTE_HINT)
        cursor.broken = True


def _node(cursor: Cursor, parent: int) -> Node:
    skip_properties(cursor)
    char = cursor.peek()
    if char in ("[", "{"):
        return flow(cursor, parent)
    if char in ('"', "'"):
        return quoted(cursor, parent)
    if char == "*":
        return alias(cursor)
    if char and is_plain_start(cursor, in_flow=True):
        return plain_more(cursor, plain_line(cursor, in_flow=True), parent, in_flow=True)
    if char == "?" and cursor.is_blank_at(cursor.pos + 1):
        cursor.fault(
            "ORC003", cursor.pos, "An explicit key (`? `) is not allowed.", "Write `key: value`."
        )
        cursor.broken = True
    elif char == ":":
        cursor.fault("ORC003", cursor.pos, "A key is empty.", "Write the key before the `:`.")
        cursor.broken = True
    elif char not in (",", "]", "}"):
        cursor.fault("ORC001", cursor.pos, f"A value may not begin with `{char}`.", QUOTE_HINT)
        cursor.broken = True
    return Scalar(cursor.pos, cursor.pos, "empty", "")


def _colon(cursor: Cursor, key: Node) -> int:
    """Offset of the `:` that follows a key, or -1; the cursor steps over it."""
    text = cursor.text
    if isinstance(key, Scalar) and key.style == "plain":
        match = _FLOW_KEY_END(text, cursor.pos, cursor.end)
        if match is None:
            return -1
        cursor.pos = match.end()
        return cursor.pos - 1
    before, line = cursor.pos, cursor.line
    cursor.gap()
    # A quoted key may be followed by its value without a space, as in JSON.
    if cursor.peek() == ":" and cursor.line == line:
        cursor.pos += 1
        return cursor.pos - 1
    cursor.pos, cursor.line = before, line
    return -1


def _value(cursor: Cursor, parent: int) -> Node:
    behind = cursor.pos
    char = _gap(cursor, parent)
    if char in ("", ",", "]", "}"):
        cursor.count()
        return Scalar(behind, behind, "empty", "")
    return _node(cursor, parent)


def _item(cursor: Cursor, parent: int) -> Item:
    start = cursor.pos
    line = cursor.line
    node = _node(cursor, parent)
    if cursor.broken:
        return Item(start, node)
    same_line = cursor.line == line
    colon = _colon(cursor, node)
    if colon < 0:
        return Item(start, node)
    if not isinstance(node, Scalar):
        refuse_complex_key(cursor, start)
        cursor.broken = True
        return Item(start, node)
    if not same_line:
        cursor.fault("ORC001", start, "A key may not span lines.")
    cursor.count()
    cursor.enter()
    value = _value(cursor, parent)
    cursor.depth -= 1
    judge_key(cursor, node, {})
    pair = Mapping(
        node.start,
        max(value.end, colon + 1),
        "pair",
        start - cursor.line,
        [Entry(node, colon, value)],
    )
    return Item(start, pair)


def _entry(cursor: Cursor, parent: int) -> Entry:
    start = cursor.pos
    key = _node(cursor, parent)
    if not isinstance(key, Scalar):
        if not cursor.broken:
            refuse_complex_key(cursor, start)
            cursor.broken = True
        return Entry(Scalar(start, start, "empty", ""), -1, key)
    if cursor.broken:
        return Entry(key, -1, Scalar(key.end, key.end, "empty", ""))
    colon = _colon(cursor, key)
    if colon < 0:
        cursor.count()
        return Entry(key, -1, Scalar(key.end, key.end, "empty", ""))
    return Entry(key, colon, _value(cursor, parent))
