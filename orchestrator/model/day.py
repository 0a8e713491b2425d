"""Days as people type them: `2026-12-18`, `today`, `friday`, `+3d`, `-2w`."""

import re
from datetime import date, timedelta

from orchestrator.errors import OrchestratorError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMED = {"yesterday": -1, "today": 0, "tomorrow": 1}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_AWAY = re.compile(r"([+-])(\d{1,4})([dwmy])")
_LEAST_LETTERS = 3


class DayError(OrchestratorError):
    """A text that names no day."""


def read_day(text: str, today: date) -> date:
    """Return the day that a text names.

    A weekday is the next one after today. Months and years end on the last day that there is:
    a month after 31 January is 28 February.

    Raises:
        DayError: It names none.
    """
    wanted = text.strip().casefold()
    try:
        if wanted in _NAMED:
            return today + timedelta(days=_NAMED[wanted])
        if _ISO.fullmatch(wanted):
            return date.fromisoformat(wanted)
        if found := _AWAY.fullmatch(wanted):
            return _away(today, int(found[1] + found[2]), found[3])
    except (ValueError, OverflowError):
        raise _no_day(text) from None
    weekday = _weekday(wanted)
    if weekday is None:
        raise _no_day(text)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _no_day(text: str) -> DayError:
    return DayError(
        f"{text[:40]!r} is no day.", "Write 2026-12-18, today, tomorrow, friday, +3d, -2w or +1m ."
    )


def _weekday(text: str) -> int | None:
    if len(text) < _LEAST_LETTERS:
        return None
    return next((at for at, name in enumerate(WEEKDAYS) if name.startswith(text)), None)


def _away(today: date, count: int, unit: str) -> date:
    match unit:
        case "d":
            return today + timedelta(days=count)
        case "w":
            return today + timedelta(weeks=count)
        case _:
            months = today.year * 12 + today.month - 1 + count * (12 if unit == "y" else 1)
            year, month = divmod(months, 12)
            first = date(year, month + 1, 1)
            following = date(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004
            return first.replace(day=min(today.day, (following - first).days))
