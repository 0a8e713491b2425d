"""Durations as people write them (`90`, `1h30m`, `2d`) and as minutes."""

import re

from orchestrator.errors import OrchestratorError

_UNITS = re.compile(
    r"\s*(?:(?P<w>\d+(?:\.\d+)?)\s*w)?\s*(?:(?P<d>\d+(?:\.\d+)?)\s*d)?"
    r"\s*(?:(?P<h>\d+(?:\.\d+)?)\s*h)?\s*(?:(?P<m>\d+)\s*m(?:in)?)?\s*",
    re.IGNORECASE,
)
_LONGEST = 10_000_000  # minutes; 19 years, and well inside every tracker's integer
DAYS_PER_WEEK = 5


class DurationError(OrchestratorError):
    """The text is no duration."""


def parse_duration(text: str, hours_per_day: float = 8) -> int:
    """Return the minutes that `text` names.

    Args:
        text: `90` (minutes), `1h30m`, `1.5h`, `2d`, `1w 2d`, in that order of units.
        hours_per_day: What one `d` is worth; a week is five such days.

    Raises:
        DurationError: The text is something else, or longer than 10,000,000 minutes.
    """
    stripped = text.strip()
    if stripped.isascii() and stripped.isdigit() and len(stripped) <= len(str(_LONGEST)):
        minutes = float(stripped)
    else:
        match = _UNITS.fullmatch(stripped[:64]) if len(stripped) <= 64 else None  # noqa: PLR2004
        if not stripped or match is None:
            raise DurationError(
                f"{text[:40]!r} is not a duration.", "Write minutes, or units: 90, 1h30m, 2d, 1w."
            )
        number = {unit: float(value) for unit, value in match.groupdict(default="0").items()}
        days = number["w"] * DAYS_PER_WEEK + number["d"]
        minutes = (days * hours_per_day + number["h"]) * 60 + number["m"]
    if minutes > _LONGEST:
        raise DurationError(f"{text[:40]!r} is more than {_LONGEST:,} minutes.")
    return round(minutes)


def format_duration(minutes: int, hours_per_day: float = 8) -> str:
    """Return minutes as people read them: `0m`, `45m`, `1h30m`, `2d`, `2d4h`."""
    day = round(hours_per_day * 60)
    days, rest = divmod(minutes, day) if day else (0, minutes)
    hours, left = divmod(rest, 60)
    parts = [f"{days}d" if days else "", f"{hours}h" if hours else "", f"{left}m" if left else ""]
    return "".join(parts) or "0m"
