"""Who is whose child, and how deep: the maps that rules and views share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The tree of tasks.

    Attributes:
        children: Ids of the tasks below each parent, in the order of the snapshot; a parent that
            does not exist has its children here too.
        roots: Ids of tasks without a parent, or with one that does not exist.
    """

    children: Mapping[str, list[str]]
    roots: tuple[str, ...]


def hierarchy(snapshot: Snapshot) -> Hierarchy:
    """Return the tree of a plan's tasks."""
    children: dict[str, list[str]] = {}
    roots: list[str] = []
    tasks = snapshot.tasks
    for task_id, task in tasks.items():
        parent = task.get("parent")
        if parent:
            children.setdefault(parent, []).append(task_id)
        if not parent or parent not in tasks:
            roots.append(task_id)
    return Hierarchy(children, tuple(roots))


def subtree(children: Mapping[str, Sequence[str]], root: str) -> list[str]:
    """Return a task and all below it, deleted or not, parents first; a cycle is gone round once."""
    found: dict[str, None] = {}
    stack = [root]
    while stack:
        task_id = stack.pop()
        if task_id not in found:
            found[task_id] = None
            stack += reversed(children.get(task_id, ()))
    return list(found)


def ancestors(snapshot: Snapshot, task_id: str) -> list[str]:
    """Return the tasks above `task_id`, nearest first; a cycle ends where it closes."""
    found: list[str] = []
    seen = {task_id}
    parent = snapshot.tasks[task_id].get("parent")
    while parent and parent in snapshot.tasks and parent not in seen:
        found.append(parent)
        seen.add(parent)
        parent = snapshot.tasks[parent].get("parent")
    return found
