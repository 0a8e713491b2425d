"""What became of each task day by day, as values: the book that burndown and throughput are of."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class State(NamedTuple):
    """A task on one day, as far as charts want to know it.

    Attributes:
        project: Where it is.
        title: What it is called.
        status: Its status.
        minutes: Its own estimate; 0 without one.
        due: Its due date, ISO, or None.
        is_live: Whether it is not deleted.
    """

    project: str
    title: str
    status: str
    minutes: int = 0
    due: str | None = None
    is_live: bool = True

    @property
    def is_counted(self) -> bool:
        """Whether it belongs to what there is to do: neither deleted nor cancelled."""
        return self.is_live and self.status != "cancelled"

    @property
    def is_done(self) -> bool:
        """Whether it is completed, and not deleted."""
        return self.is_live and self.status == "completed"


class Entry(NamedTuple):
    """What one day made of one task.

    Attributes:
        day: When.
        task: Its id afterwards, or its last one.
        before: As it was on the evening before; None when there was none.
        after: As it was in the evening; None when its file is gone.
        was: Its id before, where it was changed; else None.
    """

    day: date
    task: str
    before: State | None
    after: State | None
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a branch says of its tasks from day to day.

    Attributes:
        entries: By day.
        first: The first day that git tells of; None when it tells of no task.
        unreadable: How many versions of files could not be read, and were left out.
        is_shallow: Whether a shallow clone hides what was before `first`.
    """

    entries: tuple[Entry, ...] = ()
    first: date | None = None
    unreadable: int = 0
    is_shallow: bool = False

    def evening(self, day: date) -> dict[str, State]:
        """Return the tasks as they were in the evening of a day, by id."""
        tasks: dict[str, State] = {}
        for entry in self.entries:
            if entry.day > day:
                break
            if entry.was or entry.after is None:
                tasks.pop(entry.was or entry.task, None)
            if entry.after is not None:
                tasks[entry.task] = entry.after
        return tasks


def in_order(days: Sequence[date], today: date) -> list[date]:
    """Return the days of commits, oldest commit first, so that none is before an earlier one's.

    Clocks of machines go wrong in both directions. The longest row of days that are in order, and
    not after today, is believed; a commit between takes the day of the one before it.
    """
    ends: list[int] = []  # index of the smallest last day of a row of each length
    previous: list[int | None] = []
    keys: list[date] = []
    for at, day in enumerate(days):
        if day > today:
            previous.append(None)
            continue
        place = bisect_right(keys, day)
        previous.append(ends[place - 1] if place else None)
        ends[place : place + 1] = [at]
        keys[place : place + 1] = [day]
    believed = set()
    last = ends[-1] if ends else None
    while last is not None:
        believed.add(last)
        last = previous[last]
    present = days[min(believed)] if believed else today
    found = []
    for at, day in enumerate(days):
        present = day if at in believed else present
        found.append(present)
    return found


def with_renames(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries of one day; a task that got another id is one of them instead of two."""
    kept = list(entries)
    gone: dict[State, list[str]] = {}
    for entry in kept:
        if entry.after is None and entry.before is not None:
            gone.setdefault(entry.before, []).append(entry.task)
    came = {}
    for entry in kept:
        if entry.before is None and entry.after is not None and (ids := gone.get(entry.after)):
            came[entry.task] = ids.pop(0)
    went = set(came.values())
    for entry in kept:
        if entry.task in came:
            yield entry._replace(before=entry.after, was=came[entry.task])
        elif entry.task not in went:
            yield entry
