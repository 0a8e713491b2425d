"""How the scanner takes block style: mappings and sequences, whose lines stand under each other."""

import re

from orchestrator.text.cursor import Cursor
from orchestrator.text.flow import flow
from orchestrator.text.nodes import Entry, Item, Mapping, Node, Scalar, Sequence
from orchestrator.text.tokens import (
    QUOTE_HINT,
    alias,
    block_scalar,
    is_plain_start,
    judge_key,
    plain_line,
    plain_more,
    quoted,
    refuse_complex_key,
    skip_properties,
)

_KEY_END = re.compile(r"[ \t]*:(?=[ \t\r\n]|\Z)").match
_MAX_KEY = 1024  # from the start of a key to its colon, as YAML has it


def block_node(cursor: Cursor, parent: int) -> Node:
    """Return the node at the cursor, which begins its line or follows a `- `."""
    cursor.check_tab()
    while skip_properties(cursor):
        if cursor.peek() in ("", "\r", "\n", "#"):
            cursor.gap()
            if not cursor.peek() or cursor.column() <= parent:
                return Scalar(cursor.pos, cursor.pos, "empty", "")
    if cursor.is_dash():
        return _block_sequence(cursor)
    column = cursor.column()
    key = _key(cursor, parent)
    if key is None:
        return _inline_node(cursor, parent)
    if cursor.broken:
        cursor.recover(parent)
        return key
    if _KEY_END(cursor.text, cursor.pos, cursor.end):
        if isinstance(key, Scalar):
            return _block_mapping(cursor, column, key)
        refuse_complex_key(cursor, key.start)
        cursor.recover(parent)
        return key
    if isinstance(key, Scalar) and key.style == "plain":
        key = plain_more(cursor, key, parent, in_flow=False)
    _finish_line(cursor, parent)
    return key


def _key(cursor: Cursor, parent: int) -> Node | None:
    """What may turn out to be a key; None where nothing of the kind begins."""
    char = cursor.peek()
    if char in ('"', "'"):
        line = cursor.line
        scalar = quoted(cursor, parent)
        if (
            cursor.line != line
            and not cursor.broken
            and _KEY_END(cursor.text, cursor.pos, cursor.end)
        ):
            cursor.fault("ORC001", scalar.start, "A key may not span lines.")
        return scalar
    if char in ("[", "{"):
        return flow(cursor, parent)
    if char == "*":
        return alias(cursor)
    if char == ":" and cursor.is_blank_at(cursor.pos + 1):
        cursor.fault("ORC003", cursor.pos, "A key is empty.", "Write the key before the `:`.")
        return Scalar(cursor.pos, cursor.pos, "plain", "")
    if char == "?" and cursor.is_blank_at(cursor.pos + 1):
        cursor.fault(
            "ORC003", cursor.pos, "An explicit key (`? `) is not allowed.", "Write `key: value`."
        )
        cursor.broken = True
        return Scalar(cursor.pos, cursor.pos, "empty", "")
    return plain_line(cursor, in_flow=False) if is_plain_start(cursor, in_flow=False) else None


def _block_mapping(cursor: Cursor, column: int, first: Scalar) -> Mapping:
    """The mapping whose first key has been read; the cursor stands before its `:`."""
    cursor.count()
    cursor.enter()
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    key: Scalar | None = first
    while key is not None:
        match = _KEY_END(cursor.text, cursor.pos, cursor.end)
        if match is None:
            _refuse_lone_key(cursor, key, column)
        else:
            judge_key(cursor, key, seen)
            colon = match.end() - 1
            if colon - key.start > _MAX_KEY:
                cursor.fault(
                    "ORC001",
                    key.start,
                    f"A key is longer than {_MAX_KEY:,} characters.",
                    "Shorten it.",
                )
            cursor.pos = match.end()
            entries.append(Entry(key, colon, _value(cursor, column)))
        key = _next_key(cursor, column)
    cursor.depth -= 1
    end = entries[-1].value.end if entries else first.end
    return Mapping(first.start, end, "block", column, entries)


def _refuse_lone_key(cursor: Cursor, key: Scalar, column: int) -> None:
    if not cursor.broken:
        if key.style == "plain" and cursor.text.startswith(":", cursor.pos):
            message, hint = "A space is missing after the `:`.", "Write `key: value`."
        else:
            message, hint = (
                "A line among keys has no `: `.",
                "Write `key: value`, or indent the line.",
            )
        cursor.fault("ORC001", key.start, message, hint)
    cursor.recover(column)


def _next_key(cursor: Cursor, column: int) -> Scalar | None:
    """The next key of a block mapping, with the cursor behind it; None where that is over."""
    while True:
        cursor.gap()
        if not cursor.peek() or cursor.column() < column:
            return None
        cursor.check_tab()
        start = cursor.pos
        skip_properties(cursor)
        if cursor.is_dash() and start == cursor.pos:
            cursor.fault(
                "ORC001", start, "A list item stands among keys.", "Indent it under its key."
            )
        elif start - cursor.line > column:
            cursor.fault(
                "ORC001",
                start,
                "This line is indented deeper than the keys before it.",
                "Align it with them.",
            )
        else:
            key = _key(cursor, column)
            if isinstance(key, Scalar):
                return key
            if key is None:
                cursor.fault(
                    "ORC001",
                    start,
                    f"A key may not begin with `{cursor.peek()}`.",
                    "Quote the key.",
                )
            else:
                refuse_complex_key(cursor, start)
        cursor.recover(column)


def _value(cursor: Cursor, column: int) -> Node:
    """The value behind a `:` of a block mapping whose keys stand at `column`."""
    colon = cursor.pos
    line = cursor.line
    cursor.gap()
    if cursor.peek() and cursor.line == line:
        return _inline_node(cursor, column)
    indent = cursor.column()
    if cursor.peek() and (indent > column or (indent == column and cursor.is_dash())):
        return block_node(cursor, column)
    cursor.count()
    return Scalar(colon, colon, "empty", "")


def _block_sequence(cursor: Cursor) -> Sequence:
    cursor.count()
    cursor.enter()
    column, start = cursor.column(), cursor.pos
    items: list[Item] = []
    while True:
        dash = cursor.pos
        cursor.pos += 1
        items.append(Item(dash, _item(cursor, column)))
        cursor.gap()
        while cursor.peek() and cursor.column() > column:
            cursor.fault(
                "ORC001", cursor.pos, "This line is indented deeper than the items before it."
            )
            cursor.recover(column)
        if not cursor.peek() or cursor.column() != column or not cursor.is_dash():
            break
        cursor.check_tab()
    cursor.depth -= 1
    return Sequence(start, max(items[-1].value.end, items[-1].dash + 1), "block", column, items)


def _item(cursor: Cursor, column: int) -> Node:
    behind = cursor.pos
    line = cursor.line
    cursor.gap()
    if cursor.peek() and cursor.line == line:
        if cursor.has_tab and "\t" in cursor.text[behind : cursor.pos]:
            cursor.fault("ORC001", behind, "A tab follows the `-`.", "Put one space there.")
        return block_node(cursor, column)
    if cursor.peek() and cursor.column() > column:
        return block_node(cursor, column)
    cursor.count()
    return Scalar(behind, behind, "empty", "")


def _inline_node(cursor: Cursor, parent: int) -> Node:
    """A value that begins on its key's line, where no block collection may begin."""
    if skip_properties(cursor) and cursor.peek() in ("", "\r", "\n", "#"):
        return _value(cursor, parent)
    char = cursor.peek()
    if char in ("|", ">"):
        return block_scalar(cursor, parent)
    if char in ("[", "{"):
        node: Node = flow(cursor, parent)
    elif char in ('"', "'"):
        node = quoted(cursor, parent)
    elif char == "*":
        node = alias(cursor)
    elif is_plain_start(cursor, in_flow=False):
        node = plain_more(cursor, plain_line(cursor, in_flow=False), parent, in_flow=False)
    else:
        _refuse_start(cursor, char)
        cursor.recover(parent)
        return Scalar(cursor.pos, cursor.pos, "empty", "")
    _finish_line(cursor, parent)
    return node


def _refuse_start(cursor: Cursor, char: str) -> None:
    hint = QUOTE_HINT
    if cursor.is_dash():
        message, hint = (
            "A list may not begin on its key's line.",
            "Begin it on the next line, indented.",
        )
    elif char == "%" and cursor.column() == 0:
        cursor.fault("ORC003", cursor.pos, "A `%` directive is not allowed.", "Remove the line.")
        return
    elif char in "?:":
        message = f"`{char}` stands where a value should begin."
    else:
        message = f"A value may not begin with `{char}`."
    cursor.fault("ORC001", cursor.pos, message, hint)


def _finish_line(cursor: Cursor, parent: int) -> None:
    """After a value, only a comment may follow on the line."""
    if cursor.broken:
        cursor.recover(parent)
        return
    line = cursor.line
    stop = cursor.pos
    crossed = cursor.gap()
    if crossed or not cursor.peek():
        cursor.pos, cursor.line = (stop, line) if not crossed else (cursor.pos, cursor.line)
        return
    if cursor.peek() == ":":
        cursor.fault(
            "ORC001",
            cursor.pos,
            "A second `: ` follows on the line, or the line is indented too deep.",
            QUOTE_HINT,
        )
    elif cursor.peek() == "#":
        cursor.fault("ORC001", cursor.pos, "A space is missing before the comment.", "Write ` #`.")
    else:
        cursor.fault(
            "ORC001", cursor.pos, "More text follows a value that is complete.", QUOTE_HINT
        )
    cursor.recover(parent)
