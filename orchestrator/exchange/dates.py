"""Dates and timestamps as other tools write them, in the form that a plan file holds."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from orchestrator.exchange.imported import Notebook

Local = Callable[[datetime], datetime]
"""A moment as the clock on somebody's wall has it."""

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ]+(?P<time>\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?)"
    r"\s*(?P<offset>[Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_SHORT = re.compile(r"(?P<day>\d\d)[-/.](?P<month>\d\d)[-/.](?P<year>\d\d)", re.ASCII)


def moment(value: Any, source: str, key: str, notes: Notebook) -> str | None:
    """Return a timestamp with an offset, or None (with a note) when `value` is none.

    A time without an offset is UTC, and a date alone is its first moment.
    """
    found = _parsed(value)
    if found is None:
        if value not in (None, ""):
            notes.add("date", source, f"{key} {str(value)[:40]!r} is no date; kept in metadata.")
        return None
    when, is_exact = found
    if not is_exact:
        notes.count(
            "date", "Dates without an offset were read as UTC, days without a time as midnight"
        )
    return written(when)


def day(value: Any, source: str, key: str, notes: Notebook) -> str | None:
    """Return a date, or None (with a note) when `value` is none."""
    found = _parsed(value)
    if found is None:
        if value not in (None, ""):
            notes.add("date", source, f"{key} {str(value)[:40]!r} is no date; kept in metadata.")
        return None
    return found[0].date().isoformat()


def as_it_is(when: datetime) -> datetime:
    """Return the moment in the zone that it was written in."""
    return when


def local_day(value: Any, local: Local) -> str | None:
    """Return the day that a moment falls on at some place, or None when `value` is no date.

    A day without a time, or a time without an offset, is on that day everywhere.
    """
    found = _parsed(value)
    if found is None:
        return None
    when, is_exact = found
    try:
        return (local(when) if is_exact else when).date().isoformat()
    except (OverflowError, ValueError, OSError):  # at either end of the calendar
        return when.date().isoformat()


def has_time(value: Any) -> bool:
    """Return whether `value` says more than a day, or is no date at all."""
    return not isinstance(value, str) or len(value.strip()) > len("2026-11-22")


def parse(value: str) -> datetime:
    """Return the moment of a timestamp in a plan file."""
    return datetime.fromisoformat(value.upper())


def written(when: datetime) -> str:
    """Return a moment as a plan file writes it; UTC is `Z`."""
    return when.isoformat().replace("+00:00", "Z")


def _parsed(value: Any) -> tuple[datetime, bool] | None:
    if isinstance(value, datetime | date):
        value = value.isoformat()
    if not isinstance(value, str):
        return None
    stripped = value.strip()[:64]
    if short := _SHORT.fullmatch(stripped):
        stripped = f"20{short['year']}-{short['month']}-{short['day']}"
    match = _MOMENT.fullmatch(stripped)
    if match is None:
        return None
    clock, offset = match["time"] or "00:00", (match["offset"] or "").upper()
    clock = clock.replace(",", ".").rjust(5, "0") if len(clock) < len("00:00") else clock
    whole, _, fraction = clock.partition(".")
    if whole[1] == ":":
        whole = f"0{whole}"
    text = f"{match['day']}T{whole}" + (f".{fraction[:6]:0<6}" if fraction.strip("0") else "")
    try:
        when = datetime.fromisoformat(text + offset)
        # A moment at either end of the calendar has no place in other time zones.
        when.astimezone(UTC) if offset else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return (when, True) if offset else (when.replace(tzinfo=UTC), False)
