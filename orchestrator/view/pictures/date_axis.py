"""Days across a picture: where each stands, which get a label, and today's line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from orchestrator.view.pictures.svg import line, text, text_width
from orchestrator.view.workdays import MONTHS

_DECEMBER = 12
_GAP = 12.0  # pixels between two labels
_SIZE = 11


@dataclass(frozen=True, slots=True)
class DateScale:
    """Where days stand: `first` begins at `left`, `last` ends at `left + width`.

    Attributes:
        first: The first day that is shown.
        last: The last one; not before the first.
        left: Pixels.
        width: Pixels.
    """

    first: date
    last: date
    left: float
    width: float

    @property
    def day_width(self) -> float:
        """Pixels a day."""
        return self.width / ((self.last - self.first).days + 1)

    def x(self, day: date) -> float:
        """Return where a day begins; the end of the picture for days beyond it."""
        days = min(max((day - self.first).days, 0), (self.last - self.first).days + 1)
        return self.left + days * self.day_width

    def end(self, day: date) -> float:
        """Return where a day ends."""
        return self.x(day) + (self.day_width if self.first <= day <= self.last else 0)

    def has(self, day: date) -> bool:
        """Return whether a day is shown."""
        return self.first <= day <= self.last


class Tick(NamedTuple):
    """A labelled day.

    Attributes:
        day: Where it is.
        label: `23 Nov`, `Nov 2026` or `2026`.
    """

    day: date
    label: str


def ticks(scale: DateScale) -> list[Tick]:
    """Return the labelled days: as many as there are without two labels touching."""
    found: list[Tick] = []
    for step in _STEPS:
        found = step(scale)
        if found and _are_apart(scale, found):
            return found
    return found[:1]


def date_axis(scale: DateScale, y: float, top: float, bottom: float) -> str:
    """Return the labels with their base line at `y`, and a line from `top` to `bottom` for each."""
    parts = []
    for tick in ticks(scale):
        x = scale.x(tick.day)
        parts.append(line(x, top, x, bottom, "line-rule"))
        parts.append(text(x + 3, y, tick.label, "fill-muted small"))
    return "".join(parts)


def today_line(scale: DateScale, today: date, top: float, bottom: float, label_y: float) -> str:
    """Return the line of today with its label, or nothing where today is not shown."""
    if not scale.has(today):
        return ""
    x = scale.x(today) + scale.day_width / 2
    # Near an edge the label stands inside.
    wide = text_width("today", _SIZE)
    left = min(max(x, scale.left + wide / 2), scale.left + scale.width - wide / 2)
    return line(x, top, x, bottom, "line-today thick dashed") + text(
        left, label_y, "today", "fill-today small strong middle"
    )


def _are_apart(scale: DateScale, found: Sequence[Tick]) -> bool:
    end = float("-inf")
    for tick in found:
        x = scale.x(tick.day)
        if x < end + _GAP:
            return False
        end = x + 3 + text_width(tick.label, _SIZE)
    return end <= scale.left + scale.width or len(found) > 1


def _days(count: int) -> Callable[[DateScale], list[Tick]]:
    def step(scale: DateScale) -> list[Tick]:
        if (scale.last - scale.first).days > 400 * count:  # more than any page holds
            return []
        # Counted from a Monday, so that weeks begin with one and a day more moves no label.
        lead = -(scale.first.toordinal() - 1) % count
        days = range(lead, (scale.last - scale.first).days + 1, count)
        return _labelled(scale, [scale.first + timedelta(days=day) for day in days], _day_label)

    return step


def _months(count: int) -> Callable[[DateScale], list[Tick]]:
    def step(scale: DateScale) -> list[Tick]:
        if (scale.last - scale.first).days > 31 * 400 * count:
            return []
        return _labelled(scale, list(_firsts(scale, count)), _month_label)

    return step


def _firsts(scale: DateScale, count: int) -> Iterator[date]:
    """Yield the first days of every `count`th month, counted from January of year 0."""
    at = scale.first.year * _DECEMBER + scale.first.month - 1 + (scale.first.day > 1)
    at += -at % count
    last = scale.last.year * _DECEMBER + scale.last.month - 1
    for month in range(at, last + 1, count):
        yield date(month // _DECEMBER, month % _DECEMBER + 1, 1)


def _labelled(
    scale: DateScale, days: Sequence[date], label: Callable[[date, bool], str]
) -> list[Tick]:
    """Label days, with the year on the first and on the first of each further year."""
    found: list[Tick] = []
    year = 0
    for day in days:
        shown = label(day, day.year != year)
        year = day.year
        # A label that would run out of the picture is left out; its line is not missed.
        if scale.x(day) + 3 + text_width(shown, _SIZE) <= scale.left + scale.width or not found:
            found.append(Tick(day, shown))
    return found


def _day_label(day: date, is_new_year: bool) -> str:  # noqa: FBT001 - called by position
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if is_new_year else "")


def _month_label(day: date, is_new_year: bool) -> str:  # noqa: FBT001
    return f"{MONTHS[day.month - 1]} {day.year}" if is_new_year else MONTHS[day.month - 1]


_STEPS: tuple[Callable[[DateScale], list[Tick]], ...] = (
    *(_days(count) for count in (1, 2, 7, 14)),
    *(_months(count) for count in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000)),
)
