"""Who is above, below, before and after whom in a plan; worked out when somebody asks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from orchestrator.model.graph import ancestors
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.derived import Derived
from orchestrator.view.ready import is_open
from orchestrator.view.rollup import Rollup, rollups
from orchestrator.view.search import fold


class Around:
    """The neighbourhood of each task.

    Attributes:
        snapshot: The plan.
        derived: What is worked out about all of its tasks.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.derived = Derived(snapshot)

    @property
    def children(self) -> Mapping[str, list[str]]:
        """The tasks directly below each, deleted ones too."""
        return self.derived.tree.children

    @cached_property
    def dependents(self) -> Mapping[str, list[str]]:
        """The tasks that depend on each, deleted ones too."""
        found: dict[str, list[str]] = {}
        for task_id, task in self.snapshot.tasks.items():
            for name in task.get("dependencies") or ():
                found.setdefault(name, []).append(task_id)
        return found

    @cached_property
    def labels(self) -> Sequence[str]:
        """The labels of live tasks, those that most have first."""
        counts = Counter(
            label for _, task in self.snapshot.live_tasks() for label in task.get("labels") or ()
        )
        return [label for label, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]

    @cached_property
    def names(self) -> Sequence[tuple[str, str, str]]:
        """Each task's id, and id and title as searching sees them."""
        return [
            (task_id, fold(task_id), fold(str(task.get("title") or "")))
            for task_id, task in self.snapshot.tasks.items()
        ]

    def above(self, task_id: str) -> list[str]:
        """Return the tasks above one, nearest first."""
        return ancestors(self.snapshot, task_id) if task_id in self.snapshot.tasks else []

    def below(self, task_id: str) -> set[str]:
        """Return the tasks below one, over any number of steps; in a cycle, itself as well."""
        return _reached(self.children, task_id)

    def after(self, task_id: str) -> set[str]:
        """Return the tasks that wait for one over any number of steps."""
        return _reached(self.dependents, task_id)

    def blocks(self, task_id: str) -> list[str]:
        """Return the open tasks that name one as a dependency, by id."""
        tasks = self.snapshot.tasks
        return sorted(
            name
            for name in self.dependents.get(task_id, ())
            if name != task_id and is_open(tasks, name)
        )

    def progress(self, task_id: str) -> Rollup | None:
        """Return what a task amounts to with all below it; None for a deleted one."""
        tasks = self.snapshot.tasks
        wanted = sorted({task_id, *self.below(task_id)})
        part = {name: tasks[name] for name in wanted if name in tasks}
        return rollups(replace(self.snapshot, tasks=part)).get(task_id)


def _reached(steps: Mapping[str, Iterable[str]], start: str) -> set[str]:
    found: set[str] = set()
    stack = [start]
    while stack:
        for name in steps.get(stack.pop(), ()):
            if name not in found:
                found.add(name)
                stack.append(name)
    return found
