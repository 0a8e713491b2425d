"""The facts of a plan, gathered once for all rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, cast

from orchestrator.check.facts import Facts
from orchestrator.check.sieve import sift
from orchestrator.model.problem import Severity
from orchestrator.model.rules import RULES
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE, STARTED

_SETTLED = DONE | {None}  # a status that could not be read is not held against anyone
_BEGUN = STARTED | {"completed"}


def gather(snapshot: Snapshot, now: datetime) -> Facts:
    """Return the facts of a plan at a moment."""
    tasks = snapshot.tasks
    parents: dict[str, str] = {}
    children: dict[str, list[str]] = {}
    dependencies: dict[str, Sequence[str]] = {}
    folders, deleted, settled = set[str](), set[str](), set[str]()
    lost, astray, completed, begun = list[str](), list[str](), list[str](), list[str]()
    for task_id, task in tasks.items():
        get = task.get
        folders.add(task["project"])
        if (parent := get("parent")) is not None:
            above = tasks.get(parent)
            if above is None or parent == task_id:
                lost.append(task_id)
            else:
                parents[task_id] = parent
                if parent in children:
                    children[parent].append(task_id)
                else:
                    children[parent] = [task_id]
                if above["project"] != task["project"]:
                    astray.append(task_id)
        status = get("status")
        if get("deleted_at") is not None:
            deleted.add(task_id)
            settled.add(task_id)
        elif status in _SETTLED:
            settled.add(task_id)
            if status == "completed":
                completed.append(task_id)
        if needed := get("dependencies"):
            dependencies[task_id] = needed
            if status in _BEGUN and task_id not in deleted:
                begun.append(task_id)
    return Facts(
        snapshot=snapshot,
        now=now,
        severity={
            code: cast("Severity | Literal['off']", snapshot.severity(code)) for code in RULES
        },
        folders=folders,
        parents=parents,
        lost=lost,
        astray=astray,
        children=children,
        levels=_levels(parents, children),
        dependencies=dependencies,
        deleted=deleted,
        settled=settled,
        completed=completed,
        begun=begun,
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
