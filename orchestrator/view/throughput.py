"""Throughput: what was completed in each week, and what came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from orchestrator.view.ledger import Entry, Ledger, State

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """One week, from Monday to Sunday.

    Attributes:
        monday: Its first day.
        completed: How many tasks became completed in it.
        minutes: Their estimates.
        created: How many tasks were made.
        reopened: How many that had been completed no longer were; they are not taken from
            `completed`.
    """

    monday: date
    completed: int = 0
    minutes: int = 0
    created: int = 0
    reopened: int = 0

    @property
    def name(self) -> str:
        """The week as ISO 8601 has it: `2026-W47`."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02d}"


@dataclass(frozen=True, slots=True)
class Average:
    """The average of full weeks: without the one in which the history begins, and the present one.

    Attributes:
        weeks: How many there were.
        completed: Tasks a week.
        minutes: Minutes a week.
        created: Tasks a week.
    """

    weeks: int
    completed: float
    minutes: float
    created: float


@dataclass(frozen=True, slots=True)
class Throughput:
    """What was completed week by week.

    Attributes:
        weeks: Without gaps, the present one last; empty when there is no history.
        average: Of the full weeks; None when there is none.
    """

    weeks: tuple[Week, ...]
    average: Average | None


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def first_day(today: date, weeks: int) -> date:
    """Return the first day of so many weeks of which the present one is the last."""
    return monday_of(today) - _WEEK * (weeks - 1)


def throughput(ledger: Ledger, today: date, weeks: int, project: str | None = None) -> Throughput:
    """Return what was completed in each of the last weeks.

    A task that came in completed, as an import brings it, was completed in no week.

    Args:
        ledger: What became of the tasks.
        today: In the last of the weeks.
        weeks: At most so many; none before the history begins.
        project: Only tasks in it; None for all.
    """
    if ledger.first is None:
        return Throughput((), None)
    begin = max(first_day(today, weeks), monday_of(ledger.first))
    found = {
        begin + _WEEK * at: Week(begin + _WEEK * at)
        for at in range((monday_of(today) - begin).days // _WEEK.days + 1)
    }
    for entry in ledger.entries:
        monday = monday_of(entry.day)
        if monday in found:
            found[monday] = _with(found[monday], entry, project)
    whole = tuple(found.values())
    # The history seldom begins on a Monday, and with a plan that is brought in at once.
    begins = monday_of(ledger.first)
    return Throughput(whole, _average(week for week in whole[:-1] if week.monday != begins))


def _with(week: Week, entry: Entry, project: str | None) -> Week:
    before, after = entry.before, entry.after
    if not _is_in(after or before, project):
        return week
    was_done = before is not None and before.is_done
    is_done = after is not None and after.is_done
    completes = after is not None and is_done and before is not None and not was_done
    return Week(
        week.monday,
        week.completed + completes,
        week.minutes + (after.minutes if after and completes else 0),
        week.created + (before is None and after is not None and after.is_live),
        week.reopened + (was_done and after is not None and after.is_live and not is_done),
    )


def _is_in(state: State | None, project: str | None) -> bool:
    return state is not None and project in (None, state.project)


def _average(weeks: Iterable[Week]) -> Average | None:
    full = list(weeks)
    if not full:
        return None
    count = len(full)
    return Average(
        count,
        sum(week.completed for week in full) / count,
        sum(week.minutes for week in full) / count,
        sum(week.created for week in full) / count,
    )
