"""Dates as spreadsheets and people write them, in the form that the other readers know."""

import re
from collections.abc import Iterable
from typing import Literal

Order = Literal["dmy", "mdy"]

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_TIME = (
    r"(?:[,T]?\s*(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?P<offset>[Zz]|(?:GMT|UTC)?\s*[+-]\d\d:?\d\d|GMT|UTC)?(?:\s*\([^()]{0,60}\))?"
)
_NUMBERS = re.compile(
    r"(?P<first>\d{1,2})(?P<dash>[/.-])(?P<second_>\d{1,2})(?P=dash)(?P<year>\d{4}|\d\d)" + _TIME,
    re.ASCII,
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})" + _TIME, re.ASCII
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_DAY_NAME = re.compile(
    _WEEKDAY
    + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s/.-]+(?P<name>[a-z]{3,9})\.?[,\s/.-]+"
    + r"(?P<year>\d{4}|\d\d)"
    + _TIME,
    re.ASCII | re.IGNORECASE,
)
_NAME_DAY = re.compile(
    _WEEKDAY
    + r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?[,\s]+(?P<year>\d{4})"
    + _TIME,
    re.ASCII | re.IGNORECASE,
)
_LONGEST = 80
_MOST_MONTHS = 12


def spelled(written: str, order: Order | None = None) -> str:
    """Return a date or a moment as ISO 8601 has it, or the text itself when it is none.

    Args:
        written: `5/10/2026`, `Oct 5, 2026 3:45 PM`, `05.10.26`, `2026/10/5`, ...
        order: What the first two of three numbers are; without it only what can be one thing only
            is read. With dots the day comes first.
    """
    text = " ".join(written[: _LONGEST + 1].split())
    if len(written.strip()) > _LONGEST:
        return written
    if match := _NUMBERS.fullmatch(text):
        first, second = int(match["first"]), int(match["second_"])
        which = "dmy" if match["dash"] == "." else order if _is_open(first, second) else None
        if which is None and _is_open(first, second) and first != second:
            return written
        if which == "mdy" or (which is None and second > _MOST_MONTHS):
            first, second = second, first
        return _iso(match, first, second) or written
    if match := _YEAR_FIRST.fullmatch(text):
        return _iso(match, int(match["day"]), int(match["month"])) or written
    if match := _DAY_NAME.fullmatch(text) or _NAME_DAY.fullmatch(text):
        name = match["name"].casefold()
        month = next((at for at, each in enumerate(_MONTHS, 1) if each.startswith(name)), 0)
        return _iso(match, int(match["day"]), month) or written
    return written


def order_in(values: Iterable[str]) -> Order | None:
    """Return the order of day and month that dates of one column show, or None.

    None where no date shows it, or where some show one and some the other.
    """
    shown: set[Order] = set()
    for value in values:
        match = _NUMBERS.fullmatch(value.strip()[:_LONGEST])
        if match and match["dash"] != ".":
            if int(match["first"]) > _MOST_MONTHS:
                shown.add("dmy")
            elif int(match["second_"]) > _MOST_MONTHS:
                shown.add("mdy")
    return shown.pop() if len(shown) == 1 else None


def is_ambiguous(value: str) -> bool:
    """Return whether a date could be one of two days."""
    match = _NUMBERS.fullmatch(value.strip()[:_LONGEST])
    if match is None or match["dash"] == ".":
        return False
    first, second = int(match["first"]), int(match["second_"])
    return _is_open(first, second) and first != second


def _is_open(first: int, second: int) -> bool:
    return 1 <= first <= _MOST_MONTHS and 1 <= second <= _MOST_MONTHS


def _iso(match: re.Match[str], day: int, month: int) -> str:
    if not 1 <= month <= _MOST_MONTHS:
        return ""
    year = match["year"] if len(match["year"]) > 2 else f"20{match['year']}"  # noqa: PLR2004
    found = f"{year}-{month:02}-{day:02}"
    if match["hour"] is None:
        return found
    hour, half = int(match["hour"]), (match["half"] or "").casefold().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    offset = re.sub(r"GMT|UTC|\s", "", match["offset"] or "")
    if match["offset"] and not offset:
        offset = "Z"
    return f"{found}T{hour:02}:{match['minute']}:{match['second'] or '00'}{offset}"
