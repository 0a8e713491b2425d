"""Whether what the native parser makes of a text is surely what YAML 1.2 and the subset say.

The common case must cost little more than the native parser. Bytes that cannot be part of anything
refused are deleted in one pass; only when some are left is the text searched for them, and only
when one stands where it would matter does the scanner decide.
"""

import re
from typing import Any

from orchestrator.text.cursor import MAX_DEPTH, MAX_NODES
from orchestrator.text.scalars import INT_LIMIT

INNOCENT = bytes(byte for byte in range(0x20, 0x7F) if chr(byte) not in "&!%?<") + b"\n"
_MARK = re.compile(rb"[\x00-\x09\x0b-\x1f!%&<?\x7f]")
# The same characters beyond ASCII, in UTF-8: C1 and NEL, LS and PS, BOM and noncharacters.
_FORBIDDEN_BYTES = tuple(
    re.compile(pattern).search
    for pattern in (
        rb"\xc2[\x80-\x9f]",
        rb"\xe2\x80[\xa8\xa9]",
        rb"\xef(?:\xbb\xbf|\xbf[\xbe\xbf])",
    )
)
_MERGE = re.compile(rb"<<(?=[ \t]*[:,}\]])").match
# Numbers that yaml_rs reads and YAML 1.2 does not: 1_000, 0b11, 0X1, -0x1. Both patterns begin with
# a letter of their own, without which the search would be ten times slower.
_UNDERSCORED = re.compile(r"_(?:[-+0-9.]|(?<=[0-9.]_))").search
_PREFIXED = re.compile(r"0[xXbBoO](?<!\w0.)(?<!\w-0.)").search
# What yaml_rs takes for plain text although it begins like a block of text.
_BLOCK_MARKS = frozenset("|>")
_FLOW_ROOT = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?:---[ \t\n]*)?\{").match
_EMPTY_BLOCK = re.compile(r"[|>][-+1-9]*(?:[ \t]+#[^\n]*)?\s*\Z")

# Block nesting costs the native parser stack: some 20,000 levels kill the process, fewer in a
# thread. A level takes two bytes on its line or one more space of indentation, so a small file
# cannot hold a dangerous number.
SMALL = 2000
_FEW_DASHES = 400
_DEEP_INDENT = b" " * 64
_DEEP = re.compile(r"(?:[-?][ \t]+){8}")


def is_suspect(data: bytes) -> bool:
    """Return whether a mark stands where it could be an anchor, a tag, a directive and the like."""
    if not data.isascii() and any(search(data) for search in _FORBIDDEN_BYTES):
        return True
    for match in _MARK.finditer(data):
        at = match.start()
        char = match[0]
        if char == b"!":
            if _begins_token(data, at):
                return True
            continue
        before = data[at - 1 : at] or b"\n"
        behind = data[at + 1 : at + 2].strip()
        if char == b"&":
            if behind and before in b" \t\n[{,":
                return True
        elif char == b"?":
            if not behind and _begins_token(data, at):
                return True
        elif char == b"%":
            if before == b"\n":
                return True
        elif char == b"<":
            if behind == b"<" and (before == b"\n" or _MERGE(data, at)):
                return True
        elif char != b"\t" or before in b":?-" or _begins_token(data, at):
            return True
    return False


def _begins_token(data: bytes, at: int) -> bool:
    """Whether a value or a key could begin here: at the start of a line, or behind an indicator."""
    return data[data.rfind(b"\n", 0, at) + 1 : at].rstrip(b" \t")[-1:] in b"[{,:?-"


def could_be_deep(data: bytes, text: str) -> bool:
    """Return whether a text may nest deeper than is allowed, or hold more than is allowed."""
    if _DEEP_INDENT in data or (data.count(b"-") > _FEW_DASHES and _DEEP.search(text)):
        return True
    return len(data) > MAX_NODES and data.count(b"#") > MAX_NODES


def is_clean(  # noqa: C901, PLR0912  # the hot path: a call for each kind would double its cost
    doc: dict[str, Any], text: str
) -> bool:
    """Return whether keys are text, numbers what YAML 1.2 says, and nothing is too deep."""
    odd = len(text) > MAX_NODES
    value = item = None
    try:
        "".join(doc)
        for key, value in doc.items():
            if value.__class__ is str:
                continue
            kind = value.__class__
            if kind is int:
                # Spelled as Python would: nothing to find out. The usual case in a task, and
                # numbers come late in it.
                if not -INT_LIMIT < value < INT_LIMIT or text.rfind(f"\n{key}: {value}\n") < 0:
                    odd = True
            elif kind is list or kind is dict:
                members = value if kind is list else value.values()
                try:
                    joined = "".join(members)
                except TypeError:
                    odd = True  # numbers, or more collections: the census knows
                else:
                    item = joined[-1:]
                    if "|" in joined or ">" in joined:
                        odd = True
                if kind is dict:
                    joined = "".join(value)
                    if "|" in joined or ">" in joined:
                        return False
            elif kind is float:
                odd = True
        if text[0] in "{# \t\n-" and _FLOW_ROOT(text):
            return False  # so rare that the scanner may read it
        if value == "\n" or item == "\n":
            return False  # yaml_rs says this of a block of text without a line, at the very end
        if odd:
            held = _census(doc, 1)
            return (
                abs(held) < MAX_NODES
                and (held > 0 or not (_UNDERSCORED(text) or _PREFIXED(text)))
                and _EMPTY_BLOCK.search(text, text.rfind("\n", 0, len(text.rstrip()))) is None
            )
    except TypeError:  # a key that is no text, found by join
        return False
    return True


def _census(value: list[Any] | dict[str, Any], depth: int) -> int:
    """Nodes below a collection, negative with numbers among them; MAX_NODES when out of bounds."""
    if depth > MAX_DEPTH:
        return MAX_NODES
    values: Any = value
    nodes = len(value)
    if value.__class__ is dict:
        nodes += nodes
        values = value.values()
        if any(name[:1] in _BLOCK_MARKS for name in value):
            return MAX_NODES
    numbers = False
    for item in values:
        kind = item.__class__
        if kind is str:
            if item[:1] in _BLOCK_MARKS:
                return MAX_NODES
            continue
        if kind is int or kind is float:
            if not -INT_LIMIT < item < INT_LIMIT and (kind is int or item - item != 0):
                return MAX_NODES  # too many digits, infinite, or no number
            numbers = True
        elif kind is list or kind is dict:
            held = _census(item, depth + 1)
            nodes += abs(held)
            numbers = numbers or held < 0
    return -nodes if numbers else nodes
