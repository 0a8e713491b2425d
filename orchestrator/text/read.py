"""Reading one file of the strict subset: its data, or all that is wrong with it."""

import re
from typing import Any

from orchestrator.model.problem import Problem
from orchestrator.text.explain import second_opinion
from orchestrator.text.native import native_parser
from orchestrator.text.nodes import Fault, Mapping, Scan, data
from orchestrator.text.scan import scan
from orchestrator.text.sure import INNOCENT, SMALL, could_be_deep, is_clean, is_suspect

MAX_BYTES = 256 * 1024

_FMT = "Run `orchestrator fmt {path}`, which mends it."
_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
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
            or (data.translate(None, INNOCENT) and is_suspect(data))
            or (size > SMALL and could_be_deep(data, text))
        ):
            return _read_closely(path, data)
        doc = parse(text)
    except ValueError:  # UnicodeDecodeError and yaml_rs.YAMLDecodeError
        return _read_closely(path, data)
    if doc.__class__ is dict and is_clean(doc, text):
        return doc
    return _read_closely(path, data)


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
