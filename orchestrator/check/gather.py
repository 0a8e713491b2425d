"""The facts of a plan, gathered once for all rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, cast

from orchestrator.check.facts import Facts
from orchestrator.check.sieve import sift
from orchestrator.model.problem import Severity
from orchestrator.model.rules import RULES
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE, TASK_STATUSES

_OPEN = frozenset(TASK_STATUSES) - DONE


def gather(snapshot: Snapshot, now: datetime) -> Facts:
    """Return the facts of a plan at a moment."""
    tasks = snapshot.tasks
    parents: dict[str, str] = {}
    lost: list[str] = []
    children: dict[str, list[str]] = {}
    dependencies: dict[str, Sequence[str]] = {}
    unfinished: set[str] = set()
    completed: set[str] = set()
    folders: set[str] = set()
    deleted: set[str] = set()
    for task_id, task in tasks.items():
        get = task.get
        folders.add(task["project"])
        if (parent := get("parent")) is not None:
            if parent in tasks and parent != task_id:
                parents[task_id] = parent
                if parent in children:
                    children[parent].append(task_id)
                else:
                    children[parent] = [task_id]
            else:
                lost.append(task_id)
        if needed := get("dependencies"):
            dependencies[task_id] = needed
        if get("deleted_at") is not None:
            deleted.add(task_id)
        elif (status := get("status")) == "completed":
            completed.add(task_id)
        elif status in _OPEN:
            unfinished.add(task_id)
    return Facts(
        snapshot=snapshot,
        now=now,
        severity={
            code: cast("Severity | Literal['off']", snapshot.severity(code)) for code in RULES
        },
        folders=folders,
        parents=parents,
        lost=lost,
        children=children,
        levels=_levels(parents, children),
        dependencies=dependencies,
        deleted=deleted,
        open=unfinished,
        completed=completed,
        suspects=sift(snapshot, now),
    )


def _levels(
    parents: Mapping[str, str], children: Mapping[str, Sequence[str]]
) -> Sequence[Sequence[str]]:
    level = [parent for parent in children if parent not in parents]
    levels = []
    while level:
        levels.append(level)
        level = [child for parent in level if parent in children for child in children[parent]]
    return levels
