"""Progress and effort of tasks and projects, rolled up over everything below them.

What a task says itself counts where nothing below it says more: its estimate where no task below
it has one, its status where no task below it counts. So an estimate on a parent is its budget, and
never an addition to the estimates of its parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE


class Rollup(NamedTuple):
    """What a task or a project amounts to, with everything below it that is not deleted.

    Attributes:
        estimated: Minutes: the estimates, without those of cancelled tasks. Of a parent and the
            tasks below it, those below count where they have any.
        spent: Minutes: what was spent on all tasks, cancelled ones as well.
        remaining: Minutes still to do: of each open task what its estimate leaves, at least 0.
        done: Completed tasks, among those that `total` counts.
        total: Tasks that have no other below them, without cancelled ones.
        progress: From 0 to 1: the share of the estimates that is completed, or where nothing is
            estimated, of the tasks. Work that has begun adds nothing before it is completed.
        is_over: Whether more was spent than estimated, in all or by the task's own estimate.
    """

    estimated: int
    spent: int
    remaining: int
    done: int
    total: int
    progress: float
    is_over: bool


def rollups(snapshot: Snapshot, parents: Mapping[str, str] | None = None) -> dict[str, Rollup]:
    """Return the rollup of each live task, over itself and everything below it.

    A task whose parent is missing, deleted or in another project is a root; of the tasks in a
    parent cycle, the one with the smallest id is.

    Args:
        snapshot: The plan.
        parents: What `live_parents` says of it, where that is known already.
    """
    live = dict(snapshot.live_tasks())
    sums = _summed(live, live_parents(live) if parents is None else parents)
    return {task_id: _rollup(sums[task_id], _own(live[task_id])) for task_id in live}


def project_rollups(snapshot: Snapshot) -> dict[str, Rollup]:
    """Return the rollup of each live project, over all its live tasks."""
    live = dict(snapshot.live_tasks())
    parents = live_parents(live)
    sums = _summed(live, parents)
    projects = {
        project_id: _Sum()
        for project_id, project in snapshot.projects.items()
        if not project.get("deleted_at")
    }
    for task_id, task in live.items():
        found = projects.get(task["project"])
        if found is not None and task_id not in parents:
            found.add(sums[task_id])
    return {project_id: _rollup(found, 0) for project_id, found in projects.items()}


def actual_minutes(task: Document) -> int:
    """Return the minutes spent: the sum of the entries, or what the task states."""
    entries = task.get("time_entries")
    if entries:
        return sum(entry["minutes"] for entry in entries)
    return task.get("actual_minutes") or 0


@dataclass(slots=True)
class _Sum:
    """What has been added up so far; `earned` are the minutes of `estimated` that are completed."""

    estimated: int = 0
    spent: int = 0
    remaining: int = 0
    done: int = 0
    total: int = 0
    earned: float = 0.0

    def add(self, other: "_Sum") -> None:
        self.estimated += other.estimated
        self.spent += other.spent
        self.remaining += other.remaining
        self.done += other.done
        self.total += other.total
        self.earned += other.earned


def _own(task: Document) -> int:
    return task.get("estimated_minutes") or 0


def _rollup(found: _Sum, own: int) -> Rollup:
    if found.estimated:
        progress = found.earned / found.estimated
    else:
        progress = found.done / found.total if found.total else 0.0
    budgets = [minutes for minutes in (found.estimated, own) if minutes]
    is_over = bool(budgets) and found.spent > min(budgets)
    return Rollup(
        found.estimated, found.spent, found.remaining, found.done, found.total, progress, is_over
    )


def live_parents(live: dict[str, Document]) -> dict[str, str]:
    """Return the parent of each live task that has a proper one; each cycle is cut."""
    parents = {
        task_id: parent
        for task_id, task in live.items()
        if (parent := task.get("parent")) in live and live[parent]["project"] == task["project"]
    }
    settled: set[str] = set()
    for start in live:
        path: dict[str, None] = {}
        task_id: str | None = start
        while task_id is not None and task_id not in settled and task_id not in path:
            path[task_id] = None
            task_id = parents.get(task_id)
        if task_id is not None and task_id in path:
            way = list(path)
            del parents[min(way[way.index(task_id) :])]
        settled.update(path)
    return parents


def _summed(live: dict[str, Document], parents: Mapping[str, str]) -> dict[str, _Sum]:
    """Add up each task's subtree, children before parents, without recursion."""
    sums = {task_id: _Sum() for task_id in live}
    waiting = dict.fromkeys(live, 0)
    for parent in parents.values():
        waiting[parent] += 1
    able = [task_id for task_id, count in waiting.items() if not count]
    while able:
        task_id = able.pop()
        _count_own(sums[task_id], live[task_id])
        above = parents.get(task_id)
        if above is not None:
            sums[above].add(sums[task_id])
            waiting[above] -= 1
            if not waiting[above]:
                able.append(above)
    return sums


def _count_own(found: _Sum, task: Document) -> None:
    """Add to the sum of what is below a task what the task itself says."""
    found.spent += actual_minutes(task)
    status = task.get("status")
    is_done = status in DONE
    is_cancelled = status == "cancelled"
    if found.total:
        is_done = found.done == found.total
        share = found.done / found.total
    else:
        found.total = int(not is_cancelled)
        found.done = int(status == "completed")
        share = float(found.done)
    own = _own(task)
    if own and not found.estimated and not is_cancelled:
        found.estimated = own
        found.earned = own * share
        found.remaining = 0 if is_done else max(own - found.spent, 0)
