"""Days in words, as seen from a day."""

from datetime import date, timedelta

_WEEK = 7


def sunday_after(today: date) -> date:
    """Return the last day of the week that `today` is in; weeks begin on Monday."""
    return today + timedelta(days=6 - today.weekday())


def day_words(day: str, today: date, *, short: bool = False) -> str:
    """Return a day as people name it: `2 days ago`, `today`, `Fri`, `4 Dec`, `4 Dec 2027`.

    Args:
        day: An ISO date.
        today: What it is seen from.
        short: Whether to write `2d ago`.
    """
    there = date.fromisoformat(day)
    away = (there - today).days
    if away < 0:
        return f"{-away}d ago" if short else f"{counted(-away, 'day')} ago"
    if away <= 1:
        return ("today", "tomorrow")[away]
    if away < _WEEK:
        return f"{there:%a}"
    return f"{there.day} {there:%b}" + (f" {there.year}" if there.year != today.year else "")


def due_words(day: str, today: date, *, short: bool = False) -> str:
    """Return when something that is still open is due: `2 days late`, `today`, `Fri`."""
    return day_words(day, today, short=short).replace("ago", "late")


def counted(count: int, noun: str) -> str:
    """Return a number of things: `1 day`, `2 days`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
