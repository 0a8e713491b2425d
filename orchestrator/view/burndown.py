"""Burndown: how much there was to do, was done and remained on each day, and when it may end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from orchestrator.view.ledger import Entry, Ledger, State

WINDOW = 28
"""Days from which the pace is taken; four weeks even out holidays and busy days."""

_LEAST_WINDOW = 3
_DAY = timedelta(days=1)
_TOO_FAR = 3_650  # days; a date in ten years says no more than that there is no end in sight


@dataclass(frozen=True, slots=True)
class Question:
    """What a burndown is wanted of.

    Attributes:
        today: The day on which it is asked.
        project: Only tasks that are, or were, in it; None for all.
        since: The first day to show; None for the first that there is.
        until: The last day to look at; today, when it is later than that or None.
        in_minutes: Whether estimates are added up, and not tasks counted.
        due: When it should be done, as the project says; None for the latest due date of a task.
    """

    today: date
    project: str | None = None
    since: date | None = None
    until: date | None = None
    in_minutes: bool = False
    due: date | None = None

    @property
    def last(self) -> date:
        """The last day to look at."""
        return min(self.until or self.today, self.today)


@dataclass(frozen=True, slots=True)
class Day:
    """The evening of one day, in tasks or in minutes.

    Attributes:
        day: Which.
        scope: All that is neither deleted nor cancelled.
        done: Of that, what is completed.
    """

    day: date
    scope: int
    done: int

    @property
    def remaining(self) -> int:
        """What is left to do."""
        return self.scope - self.done


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the rest will be done at the pace of the last days.

    Attributes:
        window: How many days the pace is taken from.
        done: What was completed in them.
        grown: How much the scope grew in them; negative when it shrank.
        end: The day; None when nothing was completed, or when it is more than ten years away.
    """

    window: int
    done: int
    grown: int
    end: date | None

    @property
    def rate(self) -> float:
        """What was completed a day."""
        return self.done / self.window


@dataclass(frozen=True, slots=True)
class Burndown:
    """A burndown.

    Attributes:
        question: What was asked.
        days: Without gaps; empty when there is no task.
        due: When all should be done, or None.
        forecast: None when nothing remains, or when the history is too short; days before the
            first that is shown count as well.
        unestimated: How many tasks that remain have no estimate.
    """

    question: Question
    days: tuple[Day, ...]
    due: date | None
    forecast: Forecast | None
    unestimated: int

    @property
    def ideal(self) -> tuple[tuple[date, int], tuple[date, int]] | None:
        """Where the straight line to the due date begins and ends; None where there is none.

        It begins with what of today's scope was still to do on the first day.
        """
        if not self.days or self.due is None or self.due <= self.days[0].day:
            return None
        return (self.days[0].day, self.days[-1].scope - self.days[0].done), (self.due, 0)

    @property
    def end(self) -> date:
        """The last day that a chart shows: the due date and the forecast, where they are near."""
        first, last = self.days[0].day, self.days[-1].day
        farthest = last + max((last - first) * 2, timedelta(days=WINDOW))
        forecast = self.forecast.end if self.forecast else None
        ahead = [day for day in (self.due, forecast) if day is not None and day > last]
        return min(max([last, *ahead]), farthest)


def burndown(ledger: Ledger, question: Question) -> Burndown:
    """Return the burndown that a ledger gives; the same for the same ledger and question."""
    evenings = tuple(_evenings(ledger, question))
    begin = question.since or date.min
    days = tuple(evening for evening in evenings if evening.day >= begin)
    final = [state for state in ledger.evening(question.last).values() if _is_in(state, question)]
    due = question.due or max(
        (date.fromisoformat(state.due) for state in final if state.due and state.is_counted),
        default=None,
    )
    rest = [state for state in final if state.is_counted and not state.is_done]
    return Burndown(
        question, days, due, _forecast(evenings), sum(not state.minutes for state in rest)
    )


def on_day(line: tuple[tuple[date, int], tuple[date, int]], day: date) -> float:
    """Return the height of a straight line between two days, level before and after them."""
    (first, high), (last, low) = line
    share = (day - first).days / max((last - first).days, 1)
    return high + (low - high) * min(max(share, 0.0), 1.0)


def _evenings(ledger: Ledger, question: Question) -> Iterator[Day]:
    if ledger.first is None:
        return
    scope = done = 0
    present: date | None = None
    for entry in (*_until(ledger.entries, question.last), None):
        day = entry.day if entry else question.last + _DAY
        if present is not None:
            # The evenings from the last entry's day up to the one before this entry's.
            while present < day:
                yield Day(present, scope, done)
                present += _DAY
        if entry is None:
            return
        change = _size(entry.after, question) - _size(entry.before, question)
        finished = _finished(entry.after, question) - _finished(entry.before, question)
        if change or finished or present is not None:
            present = day
        scope += change
        done += finished


def _until(entries: Iterable[Entry], last: date) -> Iterator[Entry]:
    return (entry for entry in entries if entry.day <= last)


def _is_in(state: State, question: Question) -> bool:
    return question.project is None or state.project == question.project


def _size(state: State | None, question: Question) -> int:
    if state is None or not state.is_counted or not _is_in(state, question):
        return 0
    return state.minutes if question.in_minutes else 1


def _finished(state: State | None, question: Question) -> int:
    return _size(state, question) if state is not None and state.is_done else 0


def _forecast(days: tuple[Day, ...]) -> Forecast | None:
    if not days or days[-1].remaining <= 0:
        return None
    window = min(WINDOW, len(days) - 1)
    if window < _LEAST_WINDOW:
        return None
    then, now = days[-1 - window], days[-1]
    done = max(now.done - then.done, 0)
    needed = ceil(now.remaining * window / done) if done else _TOO_FAR + 1
    end = now.day + timedelta(days=needed) if needed <= _TOO_FAR else None
    return Forecast(window, done, now.scope - then.scope, end)
