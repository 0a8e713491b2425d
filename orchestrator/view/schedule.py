"""When everything could happen: the critical path method over what is still open.

Every task starts as soon as what it waits for is finished, as if whoever is needed were free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE
from orchestrator.view.network import Ignored, Network, network
from orchestrator.view.ready import is_running
from orchestrator.view.workdays import Calendar, calendar_of

_NEVER = 1 << 60


class Placed(NamedTuple):
    """When one task happens.

    Attributes:
        start: The day on which it begins, or began.
        finish: The day on which it is finished.
        latest_finish: The day on which it must be finished so that neither the end of the plan
            nor a due date moves; None where nothing asks for it.
        begin: The moment of `start` in working minutes; 0 for a task that is done.
        end: The moment of `finish`.
        minutes: The work that is left; of a parent 0, its children have it.
        slack_minutes: By how much it can slip, in working minutes; negative where a due date is
            missed already; None where nothing asks for it.
        is_critical: Whether the end of the plan moves when this slips at all.
        is_late: Whether it is open and finished only after its due date.
        is_assumed: Whether `minutes` is a guess, for want of an estimate.
        is_parent: Whether it spans open tasks below it.
        is_done: Whether nothing is left to do; the days are then what happened.
    """

    start: date
    finish: date
    latest_finish: date | None = None
    begin: int = 0
    end: int = 0
    minutes: int = 0
    slack_minutes: int | None = None
    is_critical: bool = False
    is_late: bool = False
    is_assumed: bool = False
    is_parent: bool = False
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a plan, or one project of it, happens.

    Attributes:
        tasks: By id: all open tasks, and those done tasks whose stamps say when.
        scope: The open tasks whose end is the end that `path` leads to.
        path: The critical path in order: the tasks without open ones below them which, one after
            the other, take until the end.
        finish: The day on which everything in the scope is finished; None if nothing is open.
        minutes: How long that takes from the first task on `path`, in working minutes.
        ignored: Dependencies that could not be counted.
        calendar: The working time that all is counted in.
        above: Of every live task that has one, the task above it.
    """

    tasks: Mapping[str, Placed]
    scope: frozenset[str]
    path: tuple[str, ...]
    finish: date | None
    minutes: int
    ignored: tuple[Ignored, ...]
    calendar: Calendar
    above: Mapping[str, str]


def schedule(
    snapshot: Snapshot, today: date, project: str | None = None, assumed_minutes: int | None = None
) -> Schedule:
    """Return when the open tasks of a plan can happen, from `today` on.

    Args:
        snapshot: The plan.
        today: Nothing that is still to do happens before.
        project: Whose end matters; None is all that are running. What it waits for in other
            projects counts as well.
        assumed_minutes: What a task without an estimate takes; None is one day.
    """
    calendar = calendar_of(snapshot.hours_per_day)
    guess = calendar.day_minutes if assumed_minutes is None else assumed_minutes
    net = network(snapshot, guess)
    scope = frozenset(
        task_id for task_id in net.ids if _matters(snapshot, snapshot.tasks[task_id], project)
    )
    early = _forward(net, snapshot, calendar, today)
    ends = [early[2 * at + 1] for at, task_id in enumerate(net.ids) if task_id in scope]
    horizon = max(ends, default=0)
    closed = _backward(net, scope, horizon, {})
    latest = _backward(net, scope, horizon, _deadlines(net, snapshot, calendar))
    path = _path(net, scope, early, horizon)
    begins = early[2 * net.index[path[0]]] if path else 0
    return Schedule(
        {**_done(snapshot), **_placed(net, snapshot, calendar, early, latest, closed)},
        scope,
        path,
        calendar.last_day(begins, horizon) if scope else None,
        horizon - begins,
        net.ignored,
        calendar,
        net.above,
    )


def _matters(snapshot: Snapshot, task: Document, project: str | None) -> bool:
    if project is not None:
        return bool(task["project"] == project)
    return is_running(snapshot, task["project"])


def _forward(net: Network, snapshot: Snapshot, calendar: Calendar, today: date) -> list[int]:
    """Return the earliest moment of each node."""
    early = [calendar.start(today)] * (2 * len(net.ids))
    for at, task_id in enumerate(net.ids):
        if start := snapshot.tasks[task_id].get("start_date"):
            early[2 * at] = max(early[2 * at], calendar.start(date.fromisoformat(start)))
    for node in net.order:
        work = 0 if node & 1 else net.minutes[node >> 1]
        for after in net.successors[node]:
            # Only a task's own work lies between its start and its end.
            moment = early[node] + (work if after == node + 1 else 0)
            early[after] = max(early[after], moment)
    return early


def _deadlines(net: Network, snapshot: Snapshot, calendar: Calendar) -> dict[int, int]:
    return {
        2 * at + 1: calendar.end(date.fromisoformat(due))
        for at, task_id in enumerate(net.ids)
        if (due := snapshot.tasks[task_id].get("due_date"))
        and snapshot.tasks[task_id].get("status") not in DONE
    }


def _backward(
    net: Network, scope: frozenset[str], horizon: int, deadlines: Mapping[int, int]
) -> list[int]:
    """Return the latest moment of each node that moves neither the horizon nor a deadline."""
    late = [_NEVER] * (2 * len(net.ids))
    for at, task_id in enumerate(net.ids):
        if task_id in scope:
            late[2 * at + 1] = horizon
    for node in reversed(net.order):
        latest = min(late[node], deadlines.get(node, _NEVER))
        work = 0 if node & 1 else net.minutes[node >> 1]
        for after in net.successors[node]:
            latest = min(latest, late[after] - (work if after == node + 1 else 0))
        late[node] = latest
    return late


def _path(net: Network, scope: frozenset[str], early: list[int], horizon: int) -> tuple[str, ...]:
    """Walk back from what ends last along what each task had to wait for."""
    last = [
        task_id
        for task_id in scope
        if early[2 * net.index[task_id] + 1] == horizon and not net.is_parent[net.index[task_id]]
    ]
    if not last:
        return ()
    before: list[list[int]] = [[] for _ in early]
    for node, found in enumerate(net.successors):
        for after in found:
            before[after].append(node)
    at: int | None = 2 * net.index[min(last)] + 1
    path = []
    while at is not None:
        if at & 1 and not net.is_parent[at >> 1]:
            path.append(net.ids[at >> 1])
            at -= 1
        moment = early[at]
        causes = [found for found in before[at] if early[found] == moment]
        # What is finished explains a start better than that a parent has started.
        at = min(causes, key=lambda found: (1 - (found & 1), net.ids[found >> 1]), default=None)
    return tuple(reversed(path))


def _placed(
    net: Network,
    snapshot: Snapshot,
    calendar: Calendar,
    early: list[int],
    latest: list[int],
    closed: list[int],
) -> dict[str, Placed]:
    begins = _begins(net, early)
    found = {}
    for at, task_id in enumerate(net.ids):
        task = snapshot.tasks[task_id]
        if task.get("status") in DONE:
            continue
        begin, end = begins[at], early[2 * at + 1]
        finish = calendar.last_day(begin, end)
        started = _stamp_day(task, "started_at")
        start = calendar.day(begin)
        late = latest[2 * at + 1]
        # Whoever goes nowhere that matters has no latest moment, and none with a margin to it.
        is_bound = late < _NEVER >> 1
        found[task_id] = Placed(
            min(start, started) if started else start,
            finish,
            calendar.last_day(min(begin, late - 1), late) if is_bound else None,
            begin,
            end,
            net.minutes[at],
            late - end if is_bound else None,
            closed[2 * at + 1] == end,
            bool(task.get("due_date")) and finish.isoformat() > task["due_date"],
            net.is_assumed[at],
            net.is_parent[at],
        )
    return found


def _begins(net: Network, early: list[int]) -> list[int]:
    """Return when work on each task begins: of a parent, on the first task below it."""
    begins = [early[2 * at] for at in range(len(net.ids))]
    first: dict[int, int] = {}
    for node in net.order:
        if not node & 1:
            continue
        at = node >> 1
        begins[at] = first.get(at, begins[at])
        above = net.parents[at]
        if above is not None:
            first[above] = min(first.get(above, begins[at]), begins[at])
    return begins


def _done(snapshot: Snapshot) -> dict[str, Placed]:
    found = {}
    for task_id, task in snapshot.live_tasks():
        if task.get("status") in DONE:
            started, completed = _stamp_day(task, "started_at"), _stamp_day(task, "completed_at")
            finish = completed or started
            if finish is not None:
                found[task_id] = Placed(min(started or finish, finish), finish, is_done=True)
    return found


def _stamp_day(task: Document, field: str) -> date | None:
    # The day that its author saw on the wall.
    stamp = task.get(field)
    return date.fromisoformat(stamp[:10]) if stamp else None
