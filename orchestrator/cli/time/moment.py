"""Moments in the past as people type them: `yesterday`, `09:30`, `2026-11-20 09:30`."""

import re
from datetime import date, datetime, time, timedelta

from orchestrator.model.day import WEEKDAYS, DayError, read_day

_CLOCK = re.compile(r"(?:(?P<day>.+?)[\sT])?(?P<hour>\d{1,2}):(?P<minute>\d{2})", re.IGNORECASE)
_NOON = time(12)


def read_moment(text: str, now: datetime) -> datetime:
    """Return the moment that a text names, in this machine's time zone.

    A weekday is the last one. A day alone is its noon, and today is `now`.

    Raises:
        DayError: It names none.
    """
    wanted = text.strip()
    if (found := _stamp(wanted)) is not None:
        return found
    match = _CLOCK.fullmatch(wanted)
    named = match["day"] if match else wanted
    day = now.date() if named is None else read_past_day(named, now.date())
    if match is None:
        return now if day == now.date() else datetime.combine(day, _NOON).astimezone()
    try:
        clock = time(int(match["hour"]), int(match["minute"]))
    except ValueError:
        raise DayError(f"{text[:40]!r} is no time of day.", "Write 09:30 or 17:05.") from None
    return datetime.combine(day, clock).astimezone()


def read_past_day(text: str, today: date) -> date:
    """Return the day that a text names; a weekday is the last one, today included.

    Raises:
        DayError: It names none.
    """
    try:
        day = read_day(text, today)
    except DayError as error:
        error.hint = "Write 2026-11-20, yesterday, friday or -2w; for a moment 09:30, or both."
        raise
    is_weekday = any(name.startswith(text.strip().casefold()) for name in WEEKDAYS)
    return day - timedelta(days=7) if is_weekday else day


def _stamp(text: str) -> datetime | None:
    """Return what a full timestamp names; without an offset it is this machine's time."""
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
