"""Answers in parts: rows behind a cursor, and nothing longer than a client can take."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orchestrator.agent.clean import shortened
from orchestrator.mcp.tools import USUAL_ROWS

MOST_CHARACTERS = 40_000
"""How long an answer may be as JSON; about 10,000 tokens."""

_ROOM = 30_000
_LENGTHS = (8_000, 2_000, 500, 120)
_COUNTS = (100, 20, 5)
_CUT = "This answer was too long: texts end with … or lists are cut short."


def page(
    noun: str,
    ids: Sequence[Any],
    row: Callable[[Any], Any],
    arguments: Mapping[str, Any],
    total: int | None = None,
) -> dict[str, Any]:
    """Return `{"total": n, noun: [rows]}`, with `next_cursor` where there are more.

    Args:
        noun: What the list holds, in the plural.
        ids: All that there are, or those up to the end of this page.
        row: Returns what is told of one.
        arguments: Of the call: `cursor` and `limit`.
        total: How many there are, where `ids` are not all.
    """
    offset, limit = span(arguments)
    count = len(ids) if total is None else total
    rows: list[Any] = []
    room = _ROOM
    for item in ids[offset : offset + limit]:
        told = row(item)
        room -= length_of(told)
        if room < 0 and rows:
            break
        rows.append(told)
    found: dict[str, Any] = {"total": count, noun: rows}
    if offset + len(rows) < count and rows:
        found["next_cursor"] = str(offset + len(rows))
    if len(rows) < len(ids[offset : offset + limit]):
        found["cut"] = f"{len(rows)} rows fill this answer; next_cursor shows more."
    return found


def span(arguments: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many rows a call leaves out, and how many it takes."""
    return int(arguments.get("cursor") or 0), arguments.get("limit") or USUAL_ROWS


def fitted(value: dict[str, Any], most: int = MOST_CHARACTERS) -> dict[str, Any]:
    """Return an answer that is not too long: one that is gets its texts and lists cut."""
    if length_of(value) <= most:
        return value
    found = value
    for length, count in (*((each, None) for each in _LENGTHS), *((120, each) for each in _COUNTS)):
        found = {**_cut(value, length, count), "cut": _CUT}
        if length_of(found) <= most:
            return found
    return {**{name: found[name] for name in ("id", "total") if name in found}, "cut": _CUT}


def length_of(value: Any) -> int:
    """Return how many characters a value has as JSON."""
    return len(json.dumps(value, ensure_ascii=False, default=str))


def _cut(value: Any, length: int, count: int | None) -> Any:
    match value:
        case str():
            return shortened(value, length)
        case list() | tuple():
            return [_cut(item, length, count) for item in value[:count]]
        case dict():
            kept = list(value.items())[: None if count is None else max(count, 30)]
            return {name: _cut(item, length, count) for name, item in kept}
        case _:
            return value
