"""Counts: what there is, what is late, what was done lately, and how long things take."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from orchestrator.model.shape import Document
from orchestrator.model.vocabulary import DEFAULT_PRIORITY, DONE, PRIORITIES, TASK_STATUSES
from orchestrator.view.derived import Derived
from orchestrator.view.ready import is_blocked
from orchestrator.view.rollup import project_rollups
from orchestrator.view.select import is_overdue

_DAY = 86_400
SPANS = (7, 30)
"""The numbers of days, today included, over which is counted what was made and completed."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What a set of tasks amounts to.

    Attributes:
        total: How many tasks there are.
        open: How many are neither completed nor cancelled.
        ready: How many somebody could start now.
        blocked: How many are held up.
        overdue: How many are open and were due before today.
        status: How many by status, all statuses.
        priority: How many open ones by priority, urgent first.
        project: How many open ones by project, the most first.
        assignee: How many open ones by person, `""` being nobody, the most first.
        estimated: Minutes, as rollups count them.
        spent: Minutes.
        remaining: Minutes.
        created: How many were made in the last so many days.
        completed: How many were completed in the last so many days.
        lead_days: The median from made to completed, or None.
        cycle_days: The median from started to completed, or None.
    """

    total: int
    open: int
    ready: int
    blocked: int
    overdue: int
    status: dict[str, int]
    priority: dict[str, int]
    project: dict[str, int]
    assignee: dict[str, int]
    estimated: int
    spent: int
    remaining: int
    created: dict[int, int]
    completed: dict[int, int]
    lead_days: float | None
    cycle_days: float | None


def stats(derived: Derived, ids: Iterable[str], today: date) -> Stats:
    """Return what the tasks `ids` amount to, as seen from `today`."""
    snapshot = derived.snapshot
    tasks = {task_id: snapshot.tasks[task_id] for task_id in ids}
    left = [task for task in tasks.values() if task.get("status") not in DONE]
    finished = [task for task in tasks.values() if task.get("status") == "completed"]
    statuses = Counter(task.get("status") for task in tasks.values())
    priorities = Counter(task.get("priority") or DEFAULT_PRIORITY for task in left)
    effort = project_rollups(replace(snapshot, tasks=tasks)).values()
    return Stats(
        total=len(tasks),
        open=len(left),
        ready=sum(task_id in derived.able for task_id in tasks),
        blocked=sum(is_blocked(derived.held, task_id, task) for task_id, task in tasks.items()),
        overdue=sum(is_overdue(task, today.isoformat()) for task in left),
        status={name: statuses[name] for name in TASK_STATUSES},
        priority={name: priorities[name] for name in reversed(PRIORITIES)},
        project=_by_size(task["project"] for task in left),
        assignee=_by_size(task.get("assignee") or "" for task in left),
        estimated=sum(rollup.estimated for rollup in effort),
        spent=sum(rollup.spent for rollup in effort),
        remaining=sum(rollup.remaining for rollup in effort),
        created={days: _within(tasks.values(), "created_at", today, days) for days in SPANS},
        completed={days: _within(finished, "completed_at", today, days) for days in SPANS},
        lead_days=_median(finished, "created_at"),
        cycle_days=_median(finished, "started_at"),
    )


def _by_size(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _within(tasks: Iterable[Document], field: str, today: date, days: int) -> int:
    """Count the stamps of the last `days` days; a stamp's day is the one its author saw."""
    before, last = (today - timedelta(days=days)).isoformat(), today.isoformat()
    return sum(before < (task.get(field) or "")[:10] <= last for task in tasks)


def _median(tasks: Iterable[Document], since: str) -> float | None:
    """Return the median of days between a stamp and the completion, where both are there."""
    found = sorted(
        days
        for task in tasks
        if task.get(since)
        and task.get("completed_at")
        and (days := _days(task[since], task["completed_at"])) >= 0
    )
    if not found:
        return None
    middle = len(found) // 2
    value = found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2
    return round(value, 1)


def _days(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / _DAY
