"""The board: tasks in columns by status, and in lanes by person, project or priority."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.model.vocabulary import DEFAULT_PRIORITY, DONE, PRIORITIES, TASK_STATUSES
from orchestrator.view.ready import urgency
from orchestrator.view.select import select

Lanes = Literal["assignee", "project", "priority", "none"]

RECENT_DAYS = 7
"""How long a completed task stays on the board."""


class Column(NamedTuple):
    """The tasks of one status.

    Attributes:
        status: The status; `""` holds tasks whose status cannot be read.
        ids: The most urgent first; completed and cancelled ones by when they were, latest first.
    """

    status: str
    ids: tuple[str, ...]


class Lane(NamedTuple):
    """One lane across the board.

    Attributes:
        name: A user, project or priority; `""` holds the tasks without, and is the name of the
            only lane of a board without lanes.
        columns: As many, and in the same order, as the board has.
    """

    name: str
    columns: tuple[Column, ...]


class Board(NamedTuple):
    """A board.

    Attributes:
        total: How many tasks are on it.
        statuses: Its columns, in the order of work.
        lanes: At least one, unless lanes are asked for and there is no task.
        older: Completed tasks that were left out because they are not recent.
    """

    total: int
    statuses: tuple[str, ...]
    lanes: tuple[Lane, ...]
    older: int


def board(
    snapshot: Snapshot,
    wanted: TaskFilter,
    today: date,
    *,
    lanes: Lanes = "none",
    shows_all: bool = False,
) -> Board:
    """Return the board of the tasks that a filter lets through.

    Cancelled tasks, and those completed more than a week ago, are there when `shows_all` is, or
    when the filter asks for them by status or by the day of completion.

    Raises:
        FilterError: The filter names what is nowhere in the plan.
    """
    since = (today - timedelta(days=RECENT_DAYS)).isoformat()
    statuses = _statuses(wanted, shows_all=shows_all)
    asks = shows_all or "completed" in wanted.status or _asks_when_completed(wanted)
    by_status: dict[str, list[str]] = {status: [] for status in statuses}
    older = 0
    for task_id in select(snapshot, wanted):
        task = snapshot.tasks[task_id]
        status = task.get("status") or ""
        if status == "completed" and not asks and (task.get("completed_at") or "")[:10] < since:
            older += 1
        elif status in by_status or not status:
            by_status.setdefault(status, []).append(task_id)
    ordered = {status: _ordered(snapshot, status, ids) for status, ids in by_status.items()}
    total = sum(map(len, ordered.values()))
    return Board(total, tuple(ordered), _in_lanes(snapshot, ordered, lanes), older)


def column_widths(
    is_empty: Sequence[bool], names: Sequence[int], width: int, gap: int
) -> list[int]:
    """Return how wide each column is, so that all fill `width` exactly.

    Empty columns take no more than their names, unless all are empty.

    Args:
        is_empty: Whether a column has no tasks.
        names: The widths of the columns' names.
        width: Of the terminal, in cells.
        gap: Between two columns.
    """
    room = width - gap * (len(names) - 1)
    narrow = [empty and not all(is_empty) for empty in is_empty]
    fixed = sum(name for name, small in zip(names, narrow, strict=True) if small)
    count = narrow.count(False)
    each, rest = divmod(max(room - fixed, count), count)
    widths = []
    for name, small in zip(names, narrow, strict=True):
        widths.append(name if small else each + (rest > 0))
        rest -= not small
    return widths


def _statuses(wanted: TaskFilter, *, shows_all: bool) -> tuple[str, ...]:
    if wanted.status:
        return tuple(status for status in TASK_STATUSES if status in wanted.status)
    found: Iterable[str] = TASK_STATUSES
    if wanted.is_open is not None:
        found = (status for status in found if (status not in DONE) == wanted.is_open)
    is_shown = shows_all or wanted.is_open is False
    return tuple(status for status in found if status != "cancelled" or is_shown)


def _asks_when_completed(wanted: TaskFilter) -> bool:
    return wanted.completed_after is not None or wanted.completed_before is not None


def _ordered(snapshot: Snapshot, status: str, ids: Iterable[str]) -> list[str]:
    tasks = snapshot.tasks
    if status not in DONE:
        return sorted(ids, key=lambda task_id: urgency(task_id, tasks[task_id]))
    return sorted(
        sorted(ids), key=lambda task_id: str(tasks[task_id].get("completed_at") or ""), reverse=True
    )


def _in_lanes(snapshot: Snapshot, columns: dict[str, list[str]], lanes: Lanes) -> tuple[Lane, ...]:
    if lanes == "none":
        return (Lane("", tuple(Column(*column) for column in _frozen(columns))),)
    lane_of = _LANES[lanes]
    found: dict[str, dict[str, list[str]]] = {}
    for status, ids in columns.items():
        for task_id in ids:
            lane = found.setdefault(
                lane_of(snapshot.tasks[task_id]), {name: [] for name in columns}
            )
            lane[status].append(task_id)
    if lanes == "priority":
        names = [name for name in reversed(PRIORITIES) if name in found]
    else:
        names = sorted(found, key=lambda name: (not name, name))
    return tuple(
        Lane(name, tuple(Column(*column) for column in _frozen(found[name]))) for name in names
    )


def _frozen(columns: dict[str, list[str]]) -> list[tuple[str, tuple[str, ...]]]:
    return [(status, tuple(ids)) for status, ids in columns.items()]


_LANES: dict[str, Callable[[Document], str]] = {
    "assignee": lambda task: task.get("assignee") or "",
    "project": lambda task: task["project"],
    "priority": lambda task: task.get("priority") or DEFAULT_PRIORITY,
}
