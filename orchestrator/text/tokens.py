"""How the scanner takes scalars, and what it refuses of keys, anchors, tags and aliases."""

import re
from bisect import bisect_right
from functools import cache

from orchestrator.text.cursor import Cursor
from orchestrator.text.nodes import Scalar
from orchestrator.text.scalars import (
    BAD_ESCAPE,
    block_text,
    fold,
    has_lone_surrogate,
    unescape,
)

QUOTE_HINT = "Put the value in quotes if this is meant as text."

_BREAK = re.compile(r"\r\n?|\n")
_SPACES = re.compile(r"[ \t]*").match
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n?|\n))*").match
_REST = re.compile(r"[^\r\n]*").match
_PLAIN = re.compile(r"[^:#\r\n]*(?:(?::(?=[^ \t\r\n])|(?<=[^ \t\r\n])#)[^:#\r\n]*)*").match
_FLOW_PLAIN = re.compile(
    r"[^:#,\[\]{}\r\n]*"
    r"(?:(?::(?=[^ \t\r\n,\[\]{}])|(?<=[^ \t\r\n])#)[^:#,\[\]{}\r\n]*)*"
).match
_SINGLE = re.compile(r"'[^']*(?:''[^']*)*'").match
_DOUBLE = re.compile(r'"[^"\\]*(?:\\[\s\S][^"\\]*)*"').match
_HEADER = re.compile(
    r"(?P<kind>[|>])(?:(?P<indent>[1-9])(?P<chomp>[-+]?)|(?P<chomp2>[-+])(?P<indent2>[1-9])?)?"
    r"(?=[ \t]*(?:[ \t]#[^\r\n]*)?(?:[\r\n]|\Z))"
).match
_PROPERTY = re.compile(r"[&!][^ \t\r\n,\[\]{}]*").match
_ALIAS = re.compile(r"\*[^ \t\r\n,\[\]{}]*").match
_LEADING = re.compile(r"[ ]*").match


def is_plain_start(cursor: Cursor, *, in_flow: bool) -> bool:
    """Whether a plain scalar may begin at the cursor."""
    char = cursor.peek()
    if char in "-?:":
        following = cursor.pos + 1
        if cursor.is_blank_at(following):
            return False
        return not (in_flow and cursor.text[following] in ",[]{}")
    return char not in ",[]{}#&*!|>'\"%@`"


def plain_line(cursor: Cursor, *, in_flow: bool) -> Scalar:
    """A plain scalar as far as it goes on this line; the cursor ends behind its last character."""
    cursor.count()
    match = (_FLOW_PLAIN if in_flow else _PLAIN)(cursor.text, cursor.pos, cursor.end)
    text = match[0].rstrip(" \t") if match else ""
    start = cursor.pos
    cursor.pos = start + len(text)
    return Scalar(start, cursor.pos, "plain", text)


def plain_more(cursor: Cursor, first: Scalar, parent: int, *, in_flow: bool) -> Scalar:
    """The plain scalar with the lines that continue it; they are indented deeper than `parent`."""
    text, end = cursor.text, cursor.end
    take = _FLOW_PLAIN if in_flow else _PLAIN
    last = first.end
    while True:
        stop = _SPACES(text, last, end).end()  # type: ignore[union-attr]
        if stop >= end or text[stop] not in "\r\n":
            break
        line = _BLANK_LINES(text, stop, end).end()  # type: ignore[union-attr]
        indent = _LEADING(text, line, end).end() - line  # type: ignore[union-attr]
        begin = _SPACES(text, line, end).end()  # type: ignore[union-attr]
        if begin >= end or text[begin] == "#" or (indent <= parent and begin == line + indent):
            break
        if indent <= parent:
            cursor.fault(
                "ORC001", line + indent, "A tab is used for indentation.", "Indent with spaces."
            )
        if in_flow and (
            text[begin] in ",[]{}" or (text[begin] == ":" and _ends_key(text, begin + 1, end))
        ):
            break
        match = take(text, begin, end)
        found = match[0].rstrip(" \t") if match else ""
        if not found:
            break
        last = begin + len(found)
    if last == first.end:
        return first
    cursor.pos = last
    cursor.sync_line()
    return Scalar(first.start, last, "plain", fold(text[first.start : last]))


def _ends_key(text: str, offset: int, end: int) -> bool:
    return offset >= end or text[offset] in " \t\r\n,[]{}"


def quoted(cursor: Cursor, parent: int) -> Scalar:
    """A single- or double-quoted scalar, which may span lines indented deeper than `parent`."""
    cursor.count()
    text, start = cursor.text, cursor.pos
    double = text[start] == '"'
    match = (_DOUBLE if double else _SINGLE)(text, start, cursor.end)
    if match is None:
        cursor.fault("ORC001", start, "The quoted text is never closed.", "Add the closing quote.")
        cursor.broken = True
        cursor.skip_line()
        return Scalar(start, cursor.pos, "plain", text[start : cursor.pos])
    cursor.pos = match.end()
    raw = text[start + 1 : cursor.pos - 1]
    if "\n" in raw or "\r" in raw:
        _check_continuation(cursor, start, parent)
        cursor.sync_line()
    if not double:
        return Scalar(start, cursor.pos, "single", fold(raw).replace("''", "'"))
    return Scalar(start, cursor.pos, "double", _unescape(cursor, start, raw))


def _unescape(cursor: Cursor, start: int, raw: str) -> str:
    if "\\" not in raw:
        return fold(raw)
    bad = _first_bad_escape(raw)
    if bad is not None:
        cursor.fault(
            "ORC001",
            start + 1 + bad,
            "The text in double quotes holds an unknown escape.",
            "Write a backslash as two, or use single quotes.",
        )
    value = unescape(raw)
    if has_lone_surrogate(value):
        cursor.fault(
            "ORC004",
            start,
            "The text holds half of a surrogate pair, which is no character.",
            "Write the character itself.",
        )
    return value


def _first_bad_escape(raw: str) -> int | None:
    at = raw.find("\\")
    while at >= 0:
        if BAD_ESCAPE.match(raw, at):
            return at
        at = raw.find("\\", at + 2)
    return None


def _check_continuation(cursor: Cursor, start: int, parent: int) -> None:
    first = bisect_right(cursor.lines, start)
    for line in cursor.lines[first : bisect_right(cursor.lines, cursor.pos - 1)]:
        begin = _LEADING(cursor.text, line, cursor.end).end()  # type: ignore[union-attr]
        if begin - line > parent:
            continue
        rest = _SPACES(cursor.text, begin, cursor.end).end()  # type: ignore[union-attr]
        if cursor.text[rest : rest + 1] not in ("\r", "\n"):
            cursor.fault(
                "ORC001",
                begin,
                "Quoted text goes on in a line that is not indented.",
                "Indent it deeper than its key, or close the quote.",
            )
            return


@cache
def _block_lines(indent: int) -> re.Pattern[str]:
    """Lines of a block scalar: indented, or holding nothing but spaces."""
    return re.compile(rf"(?:(?: {{{indent}}}[^\r\n]*|[ ]*)(?:\r\n?|\n|\Z))*")


def block_scalar(cursor: Cursor, parent: int) -> Scalar:
    """A literal or folded scalar whose lines are indented deeper than `parent`."""
    cursor.count()
    text, start, end = cursor.text, cursor.pos, cursor.end
    head = _HEADER(text, start, end)
    if head is None:
        cursor.fault(
            "ORC001",
            start,
            f"`{text[start]}` begins a block of text, but more follows it.",
            QUOTE_HINT,
        )
        cursor.skip_line()
        return Scalar(start, cursor.pos, "plain", text[start : cursor.pos])
    cursor.pos = head.end()
    _trailing_comment(cursor)
    first = _BREAK.match(text, cursor.pos, end)
    begin = first.end() if first else end
    declared = head["indent"] or head["indent2"]
    indent = max(parent, 0) + int(declared) if declared else _detect(cursor, begin, parent)
    match = _block_lines(indent).match(text, begin, end)
    stop = match.end() if match else begin
    rows = _BREAK.split(text[begin:stop])
    if rows and not rows[-1]:
        rows.pop()
    chomp = head["chomp"] or head["chomp2"] or ""
    folded = head["kind"] == ">"
    value = block_text(rows, indent, chomp, folded=folded)
    finish = _block_end(cursor, begin, len(rows), keep=chomp == "+")
    cursor.pos = stop
    cursor.sync_line()
    return Scalar(start, max(finish, head.end()), "folded" if folded else "literal", value)


def _trailing_comment(cursor: Cursor) -> None:
    at = _SPACES(cursor.text, cursor.pos, cursor.end).end()  # type: ignore[union-attr]
    cursor.pos = at
    if at < cursor.end and cursor.text[at] == "#":
        cursor.comment()


def _detect(cursor: Cursor, begin: int, parent: int) -> int:
    """Indentation of the first line that holds something; deeper than `parent` in any case."""
    text, end = cursor.text, cursor.end
    deepest, pos = 0, begin
    while True:
        stop = _LEADING(text, pos, end).end()  # type: ignore[union-attr]
        if stop >= end or text[stop] not in "\r\n":
            break
        deepest = max(deepest, stop - pos)
        broken = _BREAK.match(text, stop, end)
        pos = broken.end() if broken else end
    found = stop - pos
    if stop >= end or found <= parent:
        return max(parent + 1, deepest, 1)
    if deepest > found:
        cursor.fault(
            "ORC001",
            begin,
            "A blank line at the start of the text is indented deeper than the text.",
            "Remove the spaces from the blank line.",
        )
    if text[stop] == "\t":
        cursor.fault("ORC001", stop, "A block of text may not begin with a tab.", QUOTE_HINT)
    return found


def _block_end(cursor: Cursor, begin: int, rows: int, *, keep: bool) -> int:
    """Offset behind the last line that counts, its line break not included."""
    first = cursor.line_number(begin) - 1
    for index in range(first + rows - 1, first - 1, -1):
        line = cursor.lines[index]
        stop = min(_REST(cursor.text, line, cursor.end).end(), cursor.end)  # type: ignore[union-attr]
        if keep or cursor.text[line:stop].strip(" "):
            return stop
    return 0


def skip_properties(cursor: Cursor) -> bool:
    """Step over anchors and tags, recording each; True when there were any."""
    found = False
    while cursor.peek() in ("&", "!"):
        match = _PROPERTY(cursor.text, cursor.pos, cursor.end)
        name = match[0] if match else ""
        kind = "anchor" if name[0] == "&" else "tag"
        cursor.fault(
            "ORC003",
            cursor.pos,
            f"The {kind} {name[:40]} is not allowed.",
            "Write the value out where it is used."
            if kind == "anchor"
            else "Remove the tag; " + QUOTE_HINT,
        )
        cursor.pos += len(name)
        cursor.pos = _SPACES(cursor.text, cursor.pos, cursor.end).end()  # type: ignore[union-attr]
        found = True
    return found


def alias(cursor: Cursor) -> Scalar:
    """An alias, which is refused, as a scalar in its place."""
    cursor.count()
    match = _ALIAS(cursor.text, cursor.pos, cursor.end)
    name = match[0] if match else "*"
    cursor.fault(
        "ORC003", cursor.pos, f"The alias {name[:40]} is not allowed.", "Write the value out."
    )
    start = cursor.pos
    cursor.pos += len(name)
    return Scalar(start, cursor.pos, "plain", name)


def judge_key(cursor: Cursor, key: Scalar, seen: dict[str, int]) -> None:
    """Refuse a key that is there twice, or that merges."""
    name = key.text
    if name in seen:
        lines = f"lines {cursor.line_number(seen[name])} and {cursor.line_number(key.start)}"
        cursor.fault(
            "ORC002", key.start, f"The key {name[:80]} is there twice, in {lines}.", "Keep one."
        )
    else:
        seen[name] = key.start
    if name == "<<" and key.style == "plain":
        cursor.fault("ORC003", key.start, "The merge key << is not allowed.", "Write the keys out.")


def refuse_complex_key(cursor: Cursor, offset: int) -> None:
    """Refuse a key that is no scalar."""
    cursor.fault("ORC003", offset, "A list or mapping is used as a key.", "Only text can be a key.")
