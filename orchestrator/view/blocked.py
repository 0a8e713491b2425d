"""What is held up: by what, whose that is, and what holds up the most."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from orchestrator.model.graph import ancestors
from orchestrator.model.vocabulary import DONE
from orchestrator.view.derived import Derived
from orchestrator.view.ready import urgency


class Blocker(NamedTuple):
    """One thing that a task waits for.

    Attributes:
        id: An open task.
        status: Of that task, or None where its file says none that is right.
        assignee: Whose it is, or None.
        via: The task above whose dependency it is; None for one of the task's own.
    """

    id: str
    status: str | None
    assignee: str | None
    via: str | None


class Hold(NamedTuple):
    """A task that others wait for.

    Attributes:
        id: The task.
        directly: How many of the tasks asked about wait for it without another between.
        all: How many open tasks of the plan wait for it over any number of steps, up to 100.
    """

    id: str
    directly: int
    all: int


def blocked(derived: Derived) -> list[str]:
    """Return the open tasks that are held up.

    By what they wait for, or by their status alone. Those that wait for what holds up the most
    come first and stand together; within that the most urgent comes first. Those that name no
    reason come last.
    """
    found = [
        task_id
        for task_id, task in derived.snapshot.live_tasks()
        if task.get("status") not in DONE
        and (task.get("status") == "blocked" or derived.blocked_by(task_id))
    ]
    ranks = {hold.id: rank for rank, hold in enumerate(holds(derived, found))}

    def place(task_id: str) -> tuple[int, tuple[int, str, str, str]]:
        names = derived.blocked_by(task_id)
        heaviest = min((ranks[name] for name in names), default=len(ranks))
        return heaviest, urgency(task_id, derived.snapshot.tasks[task_id])

    return sorted(found, key=place)


def blockers_of(derived: Derived, task_id: str) -> list[Blocker]:
    """Return what a task waits for, its own dependencies before those of the tasks above it."""
    tasks = derived.snapshot.tasks
    left = dict.fromkeys(derived.blocked_by(task_id))
    found: list[Blocker] = []
    for place in (task_id, *ancestors(derived.snapshot, task_id)):
        for name in tasks[place].get("dependencies") or ():
            if name in left:
                del left[name]
                via = None if place == task_id else place
                blocker = tasks[name]
                found.append(Blocker(name, blocker.get("status"), blocker.get("assignee"), via))
    return found


def holds(derived: Derived, ids: Iterable[str]) -> list[Hold]:
    """Return what holds up tasks, the heaviest first; ties are by urgency."""
    tasks = derived.snapshot.tasks
    weights = Counter(name for task_id in ids for name in derived.blocked_by(task_id))
    counts = derived.waiting.counts(weights)
    found = [Hold(name, count, counts[name]) for name, count in weights.items()]
    return sorted(
        found, key=lambda hold: (-hold.all, -hold.directly, urgency(hold.id, tasks[hold.id]))
    )
