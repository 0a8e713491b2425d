"""JSON as tools export it: one value, lines, or pages one after another; read within bounds."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from orchestrator.exchange import front_matter
from orchestrator.exchange.imported import Document, Notebook

_MOST_RECORDS = 500_000
_MOST_FAULTS = 50
_LONGEST_NUMBER = 300
_BETWEEN = re.compile(r"[\s,]*")


def values(data: bytes, notes: Notebook) -> Iterator[Any]:
    """Yield the JSON values of a file; what is none is noted and hides no other.

    A key that is there twice is noted, numbers that no program keeps exactly come as text.
    """
    text = front_matter.decode(data, "the file", notes)
    where = "line 1"

    def read_object(pairs: list[tuple[str, Any]]) -> Document:
        found = dict(pairs)
        if len(found) != len(pairs):
            notes.count("line", "Objects with a key that is there twice, the last of which counts")
        return found

    decoder = json.JSONDecoder(
        object_pairs_hook=read_object, parse_int=_whole, parse_constant=str, strict=False
    )
    at, line, faults = 0, 1, 0
    while True:
        start = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too
        line += text.count("\n", at, start)
        at, where = start, f"line {line}"
        if at >= len(text):
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            faults += 1
            notes.add("line", where, f"It is no JSON and is left out: {_reason(error)}.")
            end = text.find("\n", at) + 1
            if faults >= _MOST_FAULTS or not end:
                if end:
                    notes.add("line", where, f"After {faults} faults the rest is left out.")
                return
        else:
            yield value
        line += text.count("\n", at, end)
        at = end


def records(data: bytes, inside: Sequence[str], notes: Notebook) -> Iterator[tuple[str, Document]]:
    """Yield the objects of an export, each with where it stands: `item 3`.

    Args:
        data: A list, objects one a line, lists one after another, or an object that holds a list.
        inside: Keys under which an object may hold the list.
        notes: What was left out.
    """
    number = 0
    for value in values(data, notes):
        for each in _listed(value, inside):
            number += 1
            where = f"item {number}"
            if number > _MOST_RECORDS:
                notes.count("line", f"Items after the first {_MOST_RECORDS:,}, which are left out")
            elif isinstance(each, dict):
                yield where, each
            else:
                notes.count("line", "Items that are no objects, which are left out")


def _listed(value: Any, inside: Sequence[str]) -> list[Any]:
    if isinstance(value, list):
        # Pages that were gathered with a tool are lists in a list.
        if value and all(isinstance(each, list) for each in value):
            return [item for page in value for item in page]
        return value
    if isinstance(value, dict):
        found = next((value[key] for key in inside if isinstance(value.get(key), list)), None)
        if found is not None:
            return list(found)
    return [value]


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in column {error.colno}"
    return str(error)[:200]
