"""Single values: text, days, moments, numbers, words."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

Accepts = Callable[[Any], object]
"""Something true for a value that is right; false, TypeError or ValueError for any other."""

_TITLE = 500
_MINUTES = 10_000_000
# A text's shape has 0 for each digit. Looking it up takes a third of the time of a regex.
_SHAPE = bytes(ord("0") if chr(byte) in "123456789" else byte for byte in range(256))
_TIMESTAMPS = frozenset(
    f"0000-00-00{separator}00:00{seconds}{offset}".encode()
    for separator in "T "
    for seconds in ("", ":00", *(f":00.{'0' * digits}" for digits in range(1, 7)))
    for offset in ("Z", "+00:00", "-00:00")
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+").fullmatch


def is_unicode(text: str) -> bool:
    """Return whether a file can hold a text: half of a surrogate pair, as in JSON, it cannot."""
    return text.encode() is not None


def is_text(value: Any) -> bool:
    """Return whether a value is text that a file can hold, or None."""
    return value is None or (type(value) is str and (value.isascii() or is_unicode(value)))


def is_title(value: Any) -> bool:
    """Return whether a value is one line of text with something in it."""
    return (
        type(value) is str
        and 0 < len(value) <= _TITLE
        and "\n" not in value
        and not value.isspace()
        and (value.isascii() or is_unicode(value))
    )


def is_date(value: Any) -> bool:
    """Return whether a value is a day, YYYY-MM-DD, or None."""
    return value is None or (type(value) is str and len(value) == 10 and _is_day(value))  # noqa: PLR2004


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    # Plans name few days, and each many times.
    return text.encode().translate(_SHAPE) == b"0000-00-00" and date.fromisoformat(text) is not None


def is_timestamp(value: Any) -> bool:
    """Return whether a value is a moment with its offset, or None."""
    return value is None or (
        type(value) is str
        and value.encode().translate(_SHAPE) in _TIMESTAMPS
        and datetime.fromisoformat(value) is not None
    )


def is_minutes(value: Any) -> bool:
    """Return whether a value is a number of minutes, or None."""
    return value is None or (type(value) is int and 0 <= value <= _MINUTES)


def is_bool(value: Any) -> bool:
    """Return whether a value is true, false or None."""
    return value is None or type(value) is bool


def is_count(value: Any) -> bool:
    """Return whether a value is a whole number from 0 on, or None."""
    return value is None or (type(value) is int and value >= 0)


def is_at_least(least: float, most: float, *types: type) -> Accepts:
    """Return what accepts a number of these types from `least` to `most`, and None."""
    return lambda value: value is None or (type(value) in types and least <= value <= most)


def is_email(value: Any) -> bool:
    """Return whether a value looks like an e-mail address, or is None."""
    return value is None or (
        type(value) is str
        and len(value) <= 254  # noqa: PLR2004
        and _EMAIL(value) is not None
        and is_unicode(value)
    )


def matches(match: Callable[[str], object | None]) -> Accepts:
    """Return what accepts a text that matches, and None."""
    return lambda value: value is None or match(value)


def one_of(words: tuple[str, ...], *, optional: bool = True) -> Accepts:
    """Return what accepts one of these words; unless it must be given, None as well."""
    return frozenset((None, *words) if optional else words).__contains__
