"""Reading one file of the strict subset: its data, or all that is wrong with it."""

import re
from typing import Any

from orchestrator.model.problem import Problem
from orchestrator.text.cursor import MAX_DEPTH, MAX_NODES
from orchestrator.text.explain import second_opinion
from orchestrator.text.native import native_parser
from orchestrator.text.nodes import Fault, Mapping, Scan, data
from orchestrator.text.scalars import INT_LIMIT
from orchestrator.text.scan import scan

MAX_BYTES = 256 * 1024

# The common case must cost little more than the native parser. Bytes that cannot be part of
# anything refused are deleted in one pass; only when some are left is the text searched for them,
# and only when one stands where it would matter does the scanner decide.
_INNOCENT = bytes(byte for byte in range(0x20, 0x7F) if chr(byte) not in "&!%?<") + b"\n"
_FORBIDDEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
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
_SMALL = 2000
_FEW_DASHES = 400
_DEEP_INDENT = b" " * 64
_DEEP = re.compile(r"(?:[-?][ \t]+){8}")

_FMT = "Run `orchestrator fmt {path}`, which mends it."
_CHARACTER = re.compile(rf"[{_FORBIDDEN}]")
_MAX_REPORTED = 20


def read(path: str, data: bytes) -> dict[str, Any] | list[Problem]:
    """Read one file: its document, or a non-empty list of what is wrong with it.

    Args:
        path: Where the file is, for the problems.
        data: The bytes of the file, whatever they are.
    """
    parse = native_parser()
    size = len(data)
    if parse is None or size > MAX_BYTES:
        return _read_closely(path, data)
    try:
        text = data.decode()
        # yaml_rs counts a last line of spaces without a break as one more line of a block of text.
        if (
            data.endswith(b" ")
            or (data.translate(None, _INNOCENT) and _is_suspect(data))
            or (size > _SMALL and _could_be_deep(data, text))
        ):
            return _read_closely(path, data)
        doc = parse(text)
    except ValueError:  # UnicodeDecodeError and yaml_rs.YAMLDecodeError
        return _read_closely(path, data)
    if doc.__class__ is dict and _is_clean(doc, text):
        return doc
    return _read_closely(path, data)


def _is_suspect(data: bytes) -> bool:
    """Whether a mark stands where it could be an anchor, a tag, a directive and the like."""
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


def _could_be_deep(data: bytes, text: str) -> bool:
    if _DEEP_INDENT in data or (data.count(b"-") > _FEW_DASHES and _DEEP.search(text)):
        return True
    return len(data) > MAX_NODES and data.count(b"#") > MAX_NODES


def _is_clean(  # noqa: C901, PLR0912  # the hot path: a call for each kind would double its cost
    doc: dict[str, Any], text: str
) -> bool:
    """Whether all keys are text, all numbers are what YAML 1.2 says, and nothing is too deep."""
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


def _read_closely(path: str, raw: bytes) -> dict[str, Any] | list[Problem]:
    """Read with the scanner, which knows the place of everything."""
    if len(raw) > MAX_BYTES:
        message = f"The file has {len(raw):,} bytes; {MAX_BYTES:,} are allowed."
        return [_problem(path, "ORC005", message, "Split it, or keep long text elsewhere.", (1, 1))]
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return [_not_utf8(path, raw, error)]
    scanned = scan(text)
    faults = _characters(text, path) + _first_of_each(scanned)
    if not faults:
        faults = _root_faults(scanned)
    if not faults and scanned.root is not None:
        doc: dict[str, Any] = data(scanned.root)
        disagreement = _disagreement(path, text, doc)
        if disagreement is None:
            return doc
        faults = [disagreement]
    faults.sort(key=lambda fault: fault.offset)
    return [
        _problem(path, fault.code, fault.message, fault.hint, scanned.position(fault.offset))
        for fault in faults
    ]


def _problem(
    path: str, code: str, message: str, hint: str | None, place: tuple[int, int]
) -> Problem:
    return Problem(code, "error", message, path, hint=hint, line=place[0], column=place[1])


def _not_utf8(path: str, raw: bytes, error: UnicodeDecodeError) -> Problem:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _problem(
            path,
            "ORC004",
            "The file is UTF-16; only UTF-8 is read.",
            _FMT.format(path=path),
            (1, 1),
        )
    before = raw[: error.start].decode()
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    message = f"The file is not UTF-8: the byte 0x{raw[error.start]:02x} belongs to no character."
    return _problem(path, "ORC004", message, "Save the file as UTF-8.", (line, column))


def _characters(text: str, path: str) -> list[Fault]:
    """Characters that no file may hold; each kind once, at its first place."""
    mend = _FMT.format(path=path)
    faults: dict[str, Fault] = {}
    for match in _CHARACTER.finditer(text):
        char, at = match[0], match.start()
        if char in faults:
            continue
        if char == "\r":
            crlf = text.startswith("\n", at + 1)
            message = f"The file has {'CRLF' if crlf else 'CR'} line ends; only LF is allowed."
            faults[char] = Fault("ORC004", at, message, mend)
        elif char == "\ufeff" and at == 0:
            faults[char] = Fault("ORC004", 0, "The file begins with a byte order mark.", mend)
        else:
            message = f"The file holds the invisible character U+{ord(char):04X}."
            faults[char] = Fault(
                "ORC004", at, message, "Remove it, or write it as an escape in double quotes."
            )
        if len(faults) == _MAX_REPORTED:
            break
    return list(faults.values())


def _first_of_each(scanned: Scan) -> list[Fault]:
    """The scanner's faults without those that only follow from an earlier one."""
    kept: list[Fault] = []
    markers = [fault for fault in scanned.faults if "conflict markers" in fault.message]
    if markers:
        return markers[:1]
    broken = False
    for fault in scanned.faults:
        if fault.code == "ORC001":
            if not broken:
                kept.append(fault)
            broken = True
        elif not broken or fault.code != "ORC002":
            kept.append(fault)
    return kept[:_MAX_REPORTED]


def _root_faults(scanned: Scan) -> list[Fault]:
    if scanned.root is None:
        return [
            Fault(
                "ORC001", 0, "The file is empty.", "Write `key: value` lines, or delete the file."
            )
        ]
    if not isinstance(scanned.root, Mapping):
        message = "The file holds no mapping at its root."
        return [Fault("ORC001", scanned.root.start, message, "Write `key: value` lines.")]
    return []


def _disagreement(path: str, text: str, doc: dict[str, Any]) -> Fault | None:
    """Ask a second reader: a text that only one of two can read is not safe to build on."""
    parse = native_parser()
    refusal: str | None = None
    if parse is not None:
        try:
            parse(text)
        except ValueError as error:
            refusal = str(error)
        else:
            return None
    opinion = second_opinion(text)
    hint = _FMT.format(path=path)
    if isinstance(opinion, Fault):
        return opinion._replace(hint=hint)
    if opinion is None and refusal is not None:
        return _native_fault(text, refusal, hint)
    if opinion is not None and opinion != doc:
        return Fault("ORC001", 0, "Two YAML readers disagree on what this file says.", hint)
    return None


def _native_fault(text: str, refusal: str, hint: str) -> Fault:
    """The native parser's own words, where nobody else objects."""
    lines = refusal.splitlines()
    place = re.search(r"line (\d+), column (\d+)", lines[0])
    offset = 0
    if place:
        starts = [0, *(match.end() for match in re.finditer("\n", text))]
        line = min(int(place[1]), len(starts))
        offset = min(starts[line - 1] + int(place[2]) - 1, len(text))
    return Fault("ORC001", offset, f"This is not YAML: {lines[-1]}.", hint)
