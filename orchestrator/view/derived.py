"""What a task's own file does not say: its place, and what holds it up; worked out once."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

from orchestrator.model.graph import Hierarchy, hierarchy
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.ready import Held, ready
from orchestrator.view.rollup import Rollup, rollups
from orchestrator.view.tree import child_counts
from orchestrator.view.waiting import Waiting


class Derived:
    """The derived fields of a plan's tasks; each map is made when somebody first asks for it.

    Attributes:
        snapshot: The plan.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._blocked_by: dict[str, list[str]] = {}

    @cached_property
    def tree(self) -> Hierarchy:
        """The hierarchy of tasks."""
        return hierarchy(self.snapshot)

    @cached_property
    def children(self) -> dict[str, int]:
        """How many live tasks each parent has directly below it."""
        return child_counts(self.snapshot, self.tree)

    @cached_property
    def held(self) -> Held:
        """What holds tasks up."""
        return Held(self.snapshot)

    @cached_property
    def waiting(self) -> Waiting:
        """Who waits for whom."""
        return Waiting(self.snapshot, self.tree)

    @cached_property
    def ready(self) -> Sequence[str]:
        """The tasks that somebody could start now, the most urgent first."""
        return ready(self.snapshot, self.tree, self.held)

    @cached_property
    def able(self) -> frozenset[str]:
        """The same, to look in."""
        return frozenset(self.ready)

    @cached_property
    def rollups(self) -> dict[str, Rollup]:
        """Progress and effort of each live task, with all below it."""
        return rollups(self.snapshot)

    def expect(self, ids: Collection[str]) -> None:
        """Get ready for questions about these tasks; a plan that is read already need not."""

    def values(self, name: str) -> Callable[[str], Any]:
        """Return the function from a task's id to a field of its own, for many tasks."""
        tasks = self.snapshot.tasks
        return lambda task_id: tasks[task_id].get(name)

    def blocks(self, task_id: str) -> list[str]:
        """Return the live tasks that name a task as a dependency, by id."""
        return sorted(
            other
            for other, task in self.snapshot.live_tasks()
            if task_id in (task.get("dependencies") or ()) and other != task_id
        )

    def blocked_by(self, task_id: str) -> list[str]:
        """Return the open tasks that a task, or one above it, depends on."""
        if task_id not in self._blocked_by:
            self._blocked_by[task_id] = self.held.by(task_id, self.snapshot.tasks[task_id])
        return self._blocked_by[task_id]
