"""What is worked out about tasks, from the index: of those that are asked for, not of all.

Who asks for many gets it worked out for all at once, which is then faster.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from typing import Any

from orchestrator.model.snapshot import Snapshot
from orchestrator.store.index import edges
from orchestrator.store.index.select import column_of, ready_ids
from orchestrator.store.index.state import State
from orchestrator.store.index.tasks import Tasks
from orchestrator.view.columns import Of
from orchestrator.view.derived import Derived
from orchestrator.view.ready import is_open, is_running
from orchestrator.view.rollup import Rollup, rollups
from orchestrator.view.waiting import MOST, Waiting

_SHARE = 16
"""Of all tasks; where one in so many is asked about, working it out for all is as fast."""


class IndexedDerived(Derived):
    """The derived fields of the tasks of a state.

    Attributes:
        snapshot: The plan, its tasks a `Tasks`.
    """

    def __init__(self, snapshot: Snapshot, state: State) -> None:
        super().__init__(snapshot)
        self._below = _Below(state)
        self._state = state
        self._is_whole = False

    @cached_property
    def children(self) -> Mapping[str, int]:  # type: ignore[override]
        """How many live tasks each parent has directly below it."""
        return _Asked(self._count_children, self.are_many, lambda: self.whole.children)

    @cached_property
    def waiting(self) -> Waiting:
        """Who waits for whom."""
        return _IndexedWaiting(self, self._state, self._below)

    @cached_property
    def ready(self) -> Sequence[str]:
        """The tasks that somebody could start now, the most urgent first."""
        return ready_ids(self._state, self.snapshot)

    @cached_property
    def able(self) -> AbstractSet[str]:  # type: ignore[override]
        """The same, to look in."""
        return _Able(self)

    @cached_property
    def rollups(self) -> Mapping[str, Rollup]:  # type: ignore[override]
        """Progress and effort of each live task, with all below it."""
        return _Asked(self._rollup, self.are_many, lambda: self.whole.rollups)

    @cached_property
    def whole(self) -> Derived:
        """The same, worked out for all tasks."""
        return Derived(replace(self.snapshot, tasks=dict(self.snapshot.tasks.items())))

    def expect(self, ids: Collection[str]) -> None:
        """Get ready for questions about these tasks."""
        tasks = self.snapshot.tasks
        self._is_whole = self.are_many(len(ids))
        if isinstance(tasks, Tasks):
            tasks.fetch(ids)

    def values(self, name: str) -> Of:
        """Return the function from a task's id to a field of its own, for many tasks."""
        known = column_of(self._state, name)
        return super().values(name) if known is None else known.get

    def blocks(self, task_id: str) -> list[str]:
        """Return the live tasks that name a task as a dependency, by id."""
        return sorted({name for name in live_dependents(self._state, task_id) if name != task_id})

    def are_many(self, count: int) -> bool:
        """Return whether it is about so many tasks that all of them are as quickly done."""
        tasks = self.snapshot.tasks
        return self._is_whole or (isinstance(tasks, Tasks) and tasks.are_many(count, _SHARE))

    def is_able(self, task_id: str) -> bool:
        """Return whether somebody could start a task now, as `ready` says of all."""
        tasks = self.snapshot.tasks
        task = tasks.get(task_id)
        return (
            task is not None
            and task.get("status") == "todo"
            and not task.get("deleted_at")
            and not self.blocked_by(task_id)
            and not any(is_open(tasks, child) for child in self._below.of(task_id))
            and is_running(self.snapshot, task["project"])
        )

    def _count_children(self, task_id: str) -> int:
        found = self._below.of(task_id)
        return sum(not self.snapshot.tasks[child].get("deleted_at") for child in found)

    def _rollup(self, task_id: str) -> Rollup | None:
        return rollups(part_below(self._state, self.snapshot, task_id)).get(task_id)


def part_below(state: State, snapshot: Snapshot, task_id: str) -> Snapshot:
    """Return a plan of which all tasks are gone but one and those below it."""
    return _part(snapshot, edges.descendants(state.db, state.number, [task_id]))


def part_of_project(snapshot: Snapshot, state: State, project_id: str) -> Snapshot:
    """Return a plan of which all tasks are gone but those of a project."""
    rows = state.db.execute(
        "SELECT id FROM files INDEXED BY files_by_project "
        "WHERE state = ? AND project = ? AND counts",
        (state.number, project_id),
    )
    return _part(snapshot, {row[0] for row in rows})


def _part(snapshot: Snapshot, ids: AbstractSet[str]) -> Snapshot:
    tasks = snapshot.tasks
    if isinstance(tasks, Tasks):
        return replace(snapshot, tasks=tasks.part(ids))
    return replace(snapshot, tasks={name: task for name, task in tasks.items() if name in ids})


def live_dependents(state: State, task_id: str) -> list[str]:
    """Return the tasks that are not deleted and depend on one."""
    rows = state.db.execute(
        "SELECT edges.id FROM edges CROSS JOIN files ON files.key = file "
        "WHERE edges.state = ? AND needed = ? AND counts AND NOT deleted",
        (state.number, task_id),
    )
    return [row[0] for row in rows.fetchall()]


class _Asked(Mapping[str, Any]):
    """A mapping whose values are worked out when they are asked for."""

    def __init__(
        self,
        of: Callable[[str], Any],
        are_many: Callable[[int], bool] = lambda _: False,
        whole: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        self._of = of
        self._are_many = are_many
        self._whole = whole
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            if self._are_many(len(self._known)):
                return self._whole()[name]
            self._known[name] = self._of(name)
        if self._known[name] is None:
            raise KeyError(name)
        return self._known[name]

    def __iter__(self) -> Any:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class _Able(AbstractSet[str]):
    def __init__(self, derived: IndexedDerived) -> None:
        self._derived = derived
        self._asked = 0

    def __contains__(self, task_id: object) -> bool:
        self._asked += 1
        if self._derived.are_many(self._asked):
            return task_id in self._all
        return isinstance(task_id, str) and self._derived.is_able(task_id)

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(self._derived.ready)

    def __iter__(self) -> Any:
        return iter(self._derived.ready)

    def __len__(self) -> int:
        return len(self._derived.ready)


class _Below:
    """The tasks directly below each, deleted ones too."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known: dict[str, list[str]] = {}

    def of(self, task_id: str) -> list[str]:
        if task_id not in self._known:
            rows = self._state.db.execute(
                "SELECT id FROM files INDEXED BY files_by_parent "
                "WHERE state = ? AND parent = ? AND counts",
                (self._state.number, task_id),
            )
            self._known[task_id] = sorted(row[0] for row in rows)
        return self._known[task_id]


class _IndexedWaiting(Waiting):
    """The same counts, along the edges that are asked for."""

    def __init__(self, derived: IndexedDerived, state: State, below: _Below) -> None:
        self._derived = derived
        self._tasks = derived.snapshot.tasks
        self._asked: set[str] = set()
        self._state = state
        self._all_below = below
        self._leads: dict[str, bool] = {}
        self._full: set[str] = set()
        self._counted: dict[str, int] = {}
        self._below: Mapping[str, list[str]] = _Asked(self._below_of)
        self._dependents: Mapping[str, list[str]] = _Asked(self._dependents_of)

    def count(self, task_id: str, most: int = MOST) -> int:
        """Return how many open tasks wait for a task, over any number of steps; at most `most`."""
        self._asked.add(task_id)
        if self._derived.are_many(len(self._asked)):
            return self._derived.whole.waiting.count(task_id, most)
        return super().count(task_id, most)

    def _below_of(self, task_id: str) -> list[str]:
        return [child for child in self._all_below.of(task_id) if self._is_leading(child)]

    def _dependents_of(self, task_id: str) -> list[str]:
        found = live_dependents(self._state, task_id)
        return [name for name in found if self._is_leading(name)]

    def _is_leading(self, task_id: str) -> bool:
        """Return whether a task is open or has an open one below it."""
        if task_id not in self._leads:
            seen = {task_id}
            stack = [task_id]
            found = False
            while stack and not found:
                name = stack.pop()
                found = is_open(self._tasks, name)
                below = [child for child in self._all_below.of(name) if child not in seen]
                seen.update(below)
                stack += below
            self._leads[task_id] = found
        return self._leads[task_id]
