"""Working time: minutes counted along Monday to Friday, and the days that they fall on."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""As they are written along an axis, in every language of the machine."""

_WORKDAYS, _WEEK = 5, 7


class Calendar(NamedTuple):
    """Monday to Friday, with the same number of working minutes each.

    A moment is the number of working minutes since Monday, 1 January of the year 1; that a
    weekend lies between two moments does not show in it.

    Attributes:
        day_minutes: Working minutes a day, at least 1.
    """

    day_minutes: int

    def start(self, day: date) -> int:
        """Return the moment at which a day begins; of a weekend, at which Monday does."""
        weeks, weekday = divmod(day.toordinal() - 1, _WEEK)
        return (weeks * _WORKDAYS + min(weekday, _WORKDAYS)) * self.day_minutes

    def end(self, day: date) -> int:
        """Return the moment at which a day ends; of a weekend, at which Friday does."""
        weeks, weekday = divmod(day.toordinal() - 1, _WEEK)
        return (weeks * _WORKDAYS + min(weekday + 1, _WORKDAYS)) * self.day_minutes

    def day(self, moment: int) -> date:
        """Return the day on which the minute after a moment is worked; the last one for later."""
        return _workday(moment // self.day_minutes)

    def last_day(self, begin: int, end: int) -> date:
        """Return the day on which work from one moment to another is finished."""
        return self.day(max(end - 1, begin))


def calendar_of(hours_per_day: float) -> Calendar:
    """Return the calendar of days with so many hours."""
    return Calendar(max(round(hours_per_day * 60), 1))


@lru_cache(maxsize=1024)
def _workday(number: int) -> date:
    """Return the day with so many days of work before it, within the days that there are."""
    weeks, weekday = divmod(number, _WORKDAYS)
    return date.fromordinal(min(max(weeks * _WEEK + weekday + 1, 1), date.max.toordinal()))
