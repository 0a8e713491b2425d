"""Where in a file a person is typing: which key, which value; of text that is no YAML yet too."""

import re
from collections.abc import Iterator
from collections.abc import Sequence as Seq
from typing import Literal, NamedTuple

from orchestrator.lsp.flow import Flow
from orchestrator.text.nodes import Node, Scalar, Sequence
from orchestrator.text.scan import scan

Step = str | int
_MOST_LINES = 2_000
"""Lines that are looked at above a place."""

_KEY = re.compile(r"""(?:"([^"\n]*)"|'([^'\n]*)'|([^\s:#"'\[\]{},][^:#\n]*?))[ \t]*:(?=\s|\Z)""")
_BLOCK = re.compile(r"(?:^|[:-])[ \t]+[|>][-+0-9]*[ \t]*(?:#.*)?$")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_WORD_REST = re.compile(r"[\w.-]*")


class Context(NamedTuple):
    """A place in a file.

    Attributes:
        steps: The way to it: keys, and 0 for an element of a list. For a value, its key is the
            last; for a key, what it would be a key of.
        role: Whether a key or a value stands there; `item` for an element of a list that has just
            begun, which may become either.
        start: The offset at which what is typed begins, behind a quotation mark.
        end: The offset behind the word that the place is in.
        prefix: What is typed of it already, without quotation marks.
        keys: The keys that are beside it.
        before: What must be written before a value: a space behind a colon, or nothing.
        has_colon: Whether a colon follows the word.
    """

    steps: tuple[Step, ...]
    role: Literal["key", "value", "item"]
    start: int
    end: int
    prefix: str
    keys: tuple[str, ...] = ()
    before: str = ""
    has_colon: bool = False


class _Line(NamedTuple):
    """A line: the columns of its dashes and its content, and its key, if it has one."""

    dashes: tuple[int, ...]
    column: int
    key: str | None
    text: str


def context(text: str, offset: int) -> Context | None:
    """Return where an offset is; None in a comment, and in a block of text."""
    first = text.rfind("\n", 0, offset) + 1
    before = text[first:offset]
    lines = text[:first].split("\n")[-_MOST_LINES - 1 : -1]
    here = _line(before)
    indent = here.dashes[0] if here.dashes else here.column
    if _is_in_block(lines, indent):
        return None
    end = offset + len(_WORD_REST.match(text, offset)[0])  # type: ignore[index]  # always matches
    flow, opened = _flow(text, first, offset, lines)
    if flow.is_comment:
        return None
    if flow.frames:
        row, line = opened
        steps = [*_above(lines[:row], line), *([line.key] if line.key is not None else [])]
        return _in_flow(flow, steps, text, offset, end)
    if _COMMENT.search(_unquoted(before)):
        return None
    return _in_block(lines, here, text, offset, end)


def named(text: str, here: Context) -> tuple[frozenset[str], str]:
    """Return what the list at a place holds, but for what is typed there, and the parent."""
    node: Node | None = scan(text).root
    values = {entry.key.text: entry.value for entry in getattr(node, "entries", ())}
    parent = values.get("parent")
    for step in here.steps[:-1]:
        values = {entry.key.text: entry.value for entry in getattr(node, "entries", ())}
        node = values.get(str(step))
    items = node.items if isinstance(node, Sequence) else ()
    listed = frozenset(
        item.value.text
        for item in items
        if isinstance(item.value, Scalar) and not item.value.start <= here.start <= item.value.end
    )
    return listed, parent.text if isinstance(parent, Scalar) else ""


def _in_block(lines: list[str], here: _Line, text: str, offset: int, end: int) -> Context:
    steps = tuple(_above(lines, here))
    rest = here.text[here.column :]
    if (found := _KEY.match(rest)) is not None:
        value = rest[found.end() :]
        name = _name(found)
        typed = value.lstrip(" \t").lstrip("\"'")
        space = "" if value else " "
        return Context((*steps, name), "value", offset - len(typed), end, typed, (), space)
    typed = rest.lstrip("\"'")
    keys = tuple(_beside(lines, text[offset:].split("\n")[1:_MOST_LINES], here.column))
    has_colon = text[end : end + 1] == ":"
    role: Literal["key", "item"] = "item" if here.dashes else "key"
    return Context(steps, role, offset - len(typed), end, typed, keys, "", has_colon)


def _in_flow(flow: Flow, steps: Seq[Step], text: str, offset: int, end: int) -> Context:
    way = [*steps, *(0 if frame.kind == "[" else frame.key or "" for frame in flow.frames[:-1])]
    last = flow.frames[-1]
    prefix = text[last.start : offset].lstrip().lstrip("\"'")
    start = offset - len(prefix)
    if last.kind == "[":
        return Context((*way, 0), "value", start, end, prefix)
    if last.key is not None:
        before = " " if last.start == offset else ""
        return Context((*way, last.key), "value", start, end, prefix, (), before)
    has_colon = text[end : end + 1] == ":"
    return Context(tuple(way), "key", start, end, prefix, tuple(last.keys), "", has_colon)


def _flow(text: str, first: int, offset: int, lines: list[str]) -> tuple[Flow, tuple[int, _Line]]:
    """Return what is open at an offset, and the line that opened it."""
    start = max(
        (
            row
            for row, line in enumerate(lines)
            if line[:1] not in ("", " ", "#", "\t", "-", "]", "}", "\r")
        ),
        default=0,
    )
    if text[first:offset][:1] not in ("", " ", "\t", "-", "]", "}"):
        start = len(lines)
    at = first - sum(len(line) + 1 for line in lines[start:])
    flow, opened = Flow(), (start, _line(""))
    for row in range(start, len(lines) + 1):
        line = lines[row] if row < len(lines) else text[first:offset]
        stop = at + len(line)
        if flow.frames:
            flow.feed(text, at, stop)
        else:
            parsed = _line(line)
            value = _value_column(parsed)
            if line[value : value + 1] in ("[", "{"):
                opened = (row, parsed)
                flow.feed(text, at + value, stop)
        at = stop + 1
    return flow, opened


def _value_column(line: _Line) -> int:
    found = _KEY.match(line.text, line.column)
    start = found.end() if found else line.column
    return start + len(line.text[start:]) - len(line.text[start:].lstrip(" \t"))


def _is_in_block(lines: list[str], indent: int) -> bool:
    """Return whether a line with this indentation belongs to a block of text."""
    limit = indent
    for line in reversed(lines):
        if not line.strip():
            continue
        column = len(line) - len(line.lstrip(" "))
        if column < limit:
            if _BLOCK.search(line):
                return True
            limit = column
        if limit == 0:
            return False
    return False


def _above(lines: Seq[str], here: _Line) -> list[Step]:
    """Return the way to the collection that a line is in, outermost first."""
    steps: list[Step] = [0] * len(here.dashes)
    limit, is_item = (here.dashes[0], True) if here.dashes else (here.column, False)
    for text in reversed(lines):
        if limit == 0 and not is_item:
            break
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        line = _line(text)
        outer = [dash for dash in line.dashes if dash < limit]
        if line.column < limit or (is_item and line.column == limit and not line.dashes):
            if line.key is None:
                continue
            steps.append(line.key)
        elif not outer or line.column != limit or is_item:
            continue
        steps += [0] * len(outer)
        limit, is_item = (outer[0], True) if outer else (line.column, False)
    return steps[::-1]


def _beside(lines: Seq[str], below: Seq[str], column: int) -> Iterator[str]:
    """Yield the keys of the block mapping in which a line at this column is."""
    for part, is_above in ((lines[::-1], True), (below, False)):
        for text in part:
            if not text.strip() or text.lstrip().startswith("#"):
                continue
            line = _line(text)
            indent = line.dashes[0] if line.dashes else line.column
            if line.key is not None and line.column == column and (is_above or not line.dashes):
                yield line.key
            if indent < column:
                break


def _line(text: str) -> _Line:
    column = len(text) - len(text.lstrip(" "))
    dashes = []
    while text.startswith("- ", column):
        dashes.append(column)
        column += 1
        column += len(text[column:]) - len(text[column:].lstrip(" "))
    found = _KEY.match(text, column)
    return _Line(tuple(dashes), column, None if found is None else _name(found), text)


def _name(found: re.Match[str]) -> str:
    return next((name for name in found.groups() if name is not None), "").strip()


def _unquoted(text: str) -> str:
    """Return text without what stands between quotation marks."""
    return re.sub(r""""[^"]*"|'[^']*'|(?<=[ \t])["'].*$""", "", text)
