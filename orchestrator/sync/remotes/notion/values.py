"""The values of Notion's properties, both ways; pure."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Foreign
from orchestrator.sync.remotes.notion.ids import key_of

CHUNK: Final = 2000
MOST: Final = 100
_DAY: Final = len("2026-12-01")
_WIDE: Final = "\uffff"


def rich_text(text: str, field: str) -> list[dict[str, Any]]:
    """Return a text as Notion takes it: in pieces of at most 2,000 signs.

    Raises:
        InvalidError: It needs more pieces than Notion takes.
    """
    pieces: list[str] = []
    start = size = 0
    for at, sign in enumerate(text):
        # Notion counts as JavaScript does, to which a sign outside of the first plane is two.
        width = 2 if sign > _WIDE else 1
        if size + width > CHUNK:
            pieces.append(text[start:at])
            start, size = at, 0
        size += width
    if start < len(text):
        pieces.append(text[start:])
    if len(pieces) > MOST:
        raise InvalidError(
            f"The {field} has more than the {CHUNK * MOST:,} signs that Notion holds.",
            "Shorten it.",
            field=field,
        )
    return [{"text": {"content": piece}} for piece in pieces]


def plain(items: Any) -> str:
    """Return the text of rich text."""
    return "".join(
        str(each.get("plain_text") or "") for each in _list(items) if isinstance(each, Mapping)
    )


def option(value: Any) -> str | None:
    """Return the name of what is chosen in a status or select."""
    name = value.get("name") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) else None


def options(value: Any) -> list[str]:
    """Return the names of what is chosen in a multi_select, sorted."""
    names = (option(each) for each in _list(value))
    return sorted(name for name in names if name is not None)


def ids(value: Any) -> list[str]:
    """Return the ids in a relation or a list of people."""
    rows = (each for each in _list(value) if isinstance(each, Mapping))
    return [key_of(each["id"]) for each in rows if isinstance(each.get("id"), str)]


def related(keys: Iterable[str], field: str) -> list[dict[str, str]]:
    """Return keys as Notion takes them in a relation or among people.

    Raises:
        InvalidError: There are more than Notion takes at once.
    """
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > MOST:
        raise InvalidError(
            f"Notion takes no more than {MOST} at once, and the {field} are {len(wanted)}.",
            f"Leave the field to Notion: owner: {{{field}: remote}}.",
            field=field,
        )
    return [{"id": key} for key in wanted]


def minutes(value: Any) -> int | Foreign | None:
    """Return a number as minutes; one that is none is foreign."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Foreign(str(value))
    return int(value) if value >= 0 and value == int(value) else Foreign(f"{value:g}")


def span(value: Any) -> dict[str, Any] | None:
    """Return a date as Notion has it: start, end and time zone."""
    if not isinstance(value, Mapping) or not isinstance(value.get("start"), str):
        return None
    found = {name: value.get(name) for name in ("start", "end", "time_zone")}
    return {name: each if isinstance(each, str) else None for name, each in found.items()}


def day(text: str | None) -> str | Foreign | None:
    """Return the day of a date that may have a time."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:_DAY]).isoformat()
    except ValueError:
        return Foreign(text)


def moved(have: Mapping[str, Any] | None, wanted: str | None) -> dict[str, Any] | None:
    """Return a date on another day: its time and its end stay.

    An end that would come before its start moves along.
    """
    if wanted is None:
        return None
    if have is None:
        return {"start": wanted}
    found = {**have, "start": wanted + have["start"][_DAY:]}
    before, end = day(have["start"]), day(have.get("end"))
    if isinstance(before, str) and isinstance(end, str) and end < wanted:
        later = date.fromisoformat(end) + (date.fromisoformat(wanted) - date.fromisoformat(before))
        found["end"] = later.isoformat() + str(have["end"])[_DAY:]
    return {name: each for name, each in found.items() if each is not None}


def ranged(have: Mapping[str, Any] | None, start: Any, end: Any) -> dict[str, Any] | None:
    """Return two days in one property: a day alone is the end, since Notion has no end alone."""
    if end is None:
        return None
    if start is None:
        return moved({**have, "end": None} if have else None, end)
    found = {"start": start, "end": end}
    for name in found:
        was = have.get(name) if have else None
        found[name] += was[_DAY:] if isinstance(was, str) else ""
    # Notion takes two moments or two days, and no mixture.
    if len(found["start"]) != len(found["end"]):
        found = {"start": start, "end": end}
    zone = have.get("time_zone") if have and len(found["start"]) > _DAY else None
    return {**found, "time_zone": zone} if zone else found


def moment(text: str) -> datetime | None:
    """Return a moment as answers or their headers write it; None where it is none."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError):
            found = parse(text)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
