"""Who waits for whom: how many open tasks each open task holds up, near and far."""

from collections.abc import Collection, Mapping

from orchestrator.model.graph import Hierarchy
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.ready import is_open

MOST = 100
"""Counts end here: that a hundred wait says enough, and long chains would cost their square."""


class Waiting:
    """The open tasks that wait, by what they wait for.

    A task waits for what it depends on and for what the tasks above it depend on. What waits for
    a parent waits for the parent's open children as well: until they are done, it is not.
    """

    def __init__(self, snapshot: Snapshot, tree: Hierarchy) -> None:
        self._tasks = snapshot.tasks
        leads = self._leading_to_open()
        self._below: Mapping[str, list[str]] = {
            parent: kept
            for parent, children in tree.children.items()
            if (kept := [child for child in children if child in leads])
        }
        dependents: dict[str, list[str]] = {}
        for task_id in leads:
            task = self._tasks[task_id]
            if not task.get("deleted_at"):
                for name in task.get("dependencies") or ():
                    dependents.setdefault(name, []).append(task_id)
        self._dependents: Mapping[str, list[str]] = dependents
        self._full: set[str] = set()
        self._counted: dict[str, int] = {}

    def count(self, task_id: str, most: int = MOST) -> int:
        """Return how many open tasks wait for a task, over any number of steps; at most `most`."""
        climbed: set[str] = set()
        reached: set[str] = set()
        waiting = 0
        stack = self._behind(task_id, climbed)
        while stack and waiting < most:
            found = stack.pop()
            if found in reached:
                continue
            if found in self._full:
                # What waits for it waits for this as well.
                waiting = most
                break
            reached.add(found)
            if is_open(self._tasks, found):
                waiting += found != task_id  # in a cycle a task waits for itself
                stack += self._behind(found, climbed)
            stack += self._below.get(found, ())
        if waiting == MOST:
            self._full.add(task_id)
        return waiting

    def counts(self, ids: Collection[str]) -> dict[str, int]:
        """Return the count of each task; for many tasks faster than asking for one at a time."""
        # Those that wait come before what they wait for: then a full count ends the next at once.
        order: list[str] = []
        seen: set[str] = set(self._counted)
        stack = [(task_id, False) for task_id in ids]
        while stack:
            task_id, is_after = stack.pop()
            if is_after:
                order.append(task_id)
            elif task_id not in seen:
                seen.add(task_id)
                stack.append((task_id, True))
                stack += [(name, False) for name in self._behind(task_id, set())]
        wanted = frozenset(ids)
        self._counted |= {task_id: self.count(task_id) for task_id in order if task_id in wanted}
        return {task_id: self._counted[task_id] for task_id in wanted}

    def _behind(self, task_id: str, climbed: set[str]) -> list[str]:
        """Return what depends on a task or on an open one above it; `climbed` is asked once."""
        found: list[str] = []
        name: str | None = task_id
        while name and name not in climbed and is_open(self._tasks, name):
            climbed.add(name)
            found += self._dependents.get(name, ())
            name = self._tasks[name].get("parent")
        return found

    def _leading_to_open(self) -> dict[str, None]:
        """Return the tasks that are open or have an open one below them, in a fixed order."""
        found: dict[str, None] = {}
        for task_id in self._tasks:
            name: str | None = task_id if is_open(self._tasks, task_id) else None
            while name and name in self._tasks and name not in found:
                found[name] = None
                name = self._tasks[name].get("parent")
        return found
