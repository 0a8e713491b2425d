"""Time spent, added up by person, project, label, task, day, week and month."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from orchestrator.errors import OrchestratorError
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.view.rollup import actual_minutes

_DAY, _MONTH = 10, 7  # characters of 2026-11-22 and 2026-11 in a stamp


class UnknownColumnError(OrchestratorError):
    """A report cannot be sorted by that."""


class Spent(NamedTuple):
    """Time spent on a task.

    Attributes:
        task: Its id.
        document: The task.
        day: The day that the entry's stamp names; `""` for a total that a task only states.
        minutes: How long.
        user: Who, or `""`.
    """

    task: str
    document: Document
    day: str
    minutes: int
    user: str


class Group(NamedTuple):
    """What has the same value in each dimension.

    Attributes:
        keys: The values, `""` where there is none: nobody, no label, no day.
        minutes: Time spent.
        entries: How many entries that is.
    """

    keys: tuple[str, ...]
    minutes: int
    entries: int


@dataclass(frozen=True, slots=True)
class TimeReport:
    """Time spent, in groups.

    Attributes:
        by: The dimensions.
        groups: Sorted.
        minutes: All of it; each entry once, also where its task has several labels.
        entries: How many.
        is_shared: Whether groups share entries: some task is under several labels.
        undated: Minutes that tasks state without a day, left out because days were asked for.
    """

    by: tuple[str, ...]
    groups: tuple[Group, ...]
    minutes: int
    entries: int
    is_shared: bool = False
    undated: int = 0


_VALUES: Mapping[str, Callable[[Spent], Sequence[str]]] = {
    "user": lambda spent: (spent.user,),
    "project": lambda spent: (spent.document["project"],),
    "label": lambda spent: spent.document.get("labels") or ("",),
    "task": lambda spent: (spent.task,),
    "day": lambda spent: (spent.day,),
    "week": lambda spent: (_week(spent.day),),
    "month": lambda spent: (spent.day[:_MONTH],),
}
DIMENSIONS = tuple(_VALUES)


def time_report(
    snapshot: Snapshot,
    task_ids: Iterable[str],
    by: Sequence[str],
    since: str | None = None,
    until: str | None = None,
    user: str | None = None,
) -> TimeReport:
    """Return the time spent on tasks, added up.

    A task with several labels counts under each of them, and once in the total. A total that a
    task only states counts as one entry of nobody, without a day.

    Args:
        snapshot: The plan.
        task_ids: The tasks.
        by: Some of DIMENSIONS; each group has one value of each.
        since: The first day, ISO.
        until: The last day.
        user: Whose time; everybody's when it is not given, nobody's when it is `""`.
    """
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    minutes = entries = undated = 0
    is_shared = False
    for spent in _spent(snapshot, task_ids):
        if user is not None and spent.user != user:
            continue
        if not spent.day and (since or until):
            undated += spent.minutes
            continue
        if (since and spent.day < since) or (until and spent.day > until):
            continue
        minutes += spent.minutes
        entries += 1
        keys = list(_keys(spent, by))
        is_shared |= len(keys) > 1
        for key in keys:
            before = found.get(key, (0, 0))
            found[key] = before[0] + spent.minutes, before[1] + 1
    groups = [Group(key, *sums) for key, sums in found.items()]
    # What has no value comes last.
    groups.sort(key=lambda group: [(not key, key) for key in group.keys])
    return TimeReport(tuple(by), tuple(groups), minutes, entries, is_shared, undated)


def sorted_groups(report: TimeReport, sort: str) -> list[Group]:
    """Return a report's groups in another order.

    Args:
        report: The report.
        sort: Dimensions, `minutes` or `entries`, with commas between; `-` turns an order around.

    Raises:
        UnknownColumnError: There is no such column.
    """
    groups = list(report.groups)
    known = (*report.by, "minutes", "entries")
    for name in reversed([part.strip() for part in sort.split(",") if part.strip()]):
        column = name.removeprefix("-")
        if column not in known:
            raise UnknownColumnError(
                f"There is no column {column[:40]} to sort by.",
                did_you_mean(column, known) or f"There are {', '.join(known)} .",
            )
        at = known.index(column)
        groups.sort(key=lambda group: _cell(group, at), reverse=name[0] == "-")
    return groups


def group_row(snapshot: Snapshot, report: TimeReport, group: Group) -> dict[str, Any]:
    """Return a group as an object: its dimensions, `minutes`, `entries`.

    Under `task` it has the task's `title`, and under `derived` what was ever spent on the task,
    what it was estimated at, and whether that is over the estimate.
    """
    row: dict[str, Any] = {
        name: key or None for name, key in zip(report.by, group.keys, strict=True)
    }
    row |= {"minutes": group.minutes, "entries": group.entries}
    if "task" in report.by:
        task = snapshot.tasks[group.keys[report.by.index("task")]]
        spent, estimate = actual_minutes(task), task.get("estimated_minutes") or 0
        row["title"] = task.get("title")
        row["derived"] = {
            "estimated_minutes": estimate or None,
            "actual_minutes": spent,
            "is_over": 0 < estimate < spent,
        }
    return row


def _spent(snapshot: Snapshot, task_ids: Iterable[str]) -> Iterator[Spent]:
    for task_id in task_ids:
        task = snapshot.tasks[task_id]
        entries = task.get("time_entries")
        for entry in entries or ():
            yield Spent(
                task_id, task, entry["at"][:_DAY], entry["minutes"], entry.get("user") or ""
            )
        if not entries and (stated := task.get("actual_minutes")):
            yield Spent(task_id, task, "", stated, "")


def _keys(spent: Spent, by: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the groups that an entry is in: several only where its task has several labels."""
    found: list[tuple[str, ...]] = [()]
    for name in by:
        values = _VALUES[name](spent)
        found = [(*key, value) for key in found for value in values]
    yield from found


def _week(day: str) -> str:
    if not day:
        return ""
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def _cell(group: Group, at: int) -> Any:
    return (*group.keys, group.minutes, group.entries)[at]
