"""Amounts up the side of a chart: round numbers of tasks, hours or days, and their labels."""

from dataclasses import dataclass
from itertools import count

from orchestrator.model.duration import format_duration

_FACTORS = (1, 2, 5)
_HOUR = 60


@dataclass(frozen=True, slots=True)
class ValueScale:
    """How amounts are read off.

    Attributes:
        top: The greatest amount; at least 1.
        step: Between two labels.
        day_minutes: What one day is worth; 0 where tasks are counted.
    """

    top: int
    step: int
    day_minutes: int = 0

    @property
    def ticks(self) -> list[int]:
        """The labelled amounts, from 0 upwards."""
        return list(range(0, self.top + 1, self.step))

    def label(self, amount: float) -> str:
        """Return an amount in words: `1,200`, `3d4h`, `120d`."""
        if not self.day_minutes:
            return f"{amount:,.0f}"
        if not round(amount):
            return "0"
        days, rest = divmod(round(amount), self.day_minutes)
        if days >= 10 or (days and not rest):  # noqa: PLR2004 - hours say nothing beside 10 days
            return f"{round(amount / self.day_minutes):,}d"
        return format_duration(round(amount), self.day_minutes / _HOUR)


def value_scale(most: int, labels: int, day_minutes: int = 0) -> ValueScale:
    """Return the scale on which the greatest amount finds place.

    Args:
        most: The greatest amount.
        labels: At most so many, beside 0.
        day_minutes: As in `ValueScale`; amounts are minutes then.
    """
    top = max(most, 1)
    unit = 1
    if day_minutes:
        unit = day_minutes if top > 2 * day_minutes else _HOUR
    steps = (unit * factor * 10**power for power in count() for factor in _FACTORS)
    step = next(step for step in steps if step * labels >= top)
    return ValueScale(-(-top // step) * step, step, day_minutes)
