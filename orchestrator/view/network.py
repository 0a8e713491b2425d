"""What waits for what: the open tasks of a plan as a network without cycles.

A task is two nodes, its start and its end: an end leads to the start of what depends on it, the
start of a parent to those of its children, and their ends to the parent's. So what an ancestor
waits for holds the tasks below it, and who waits for a parent waits for all below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE
from orchestrator.view.circles import circles, topological
from orchestrator.view.rollup import actual_minutes, live_parents


class Ignored(NamedTuple):
    """A dependency that cannot be counted.

    Attributes:
        id: The task that has it.
        dependency: What it names.
        reason: There is no such task, or the two wait for each other.
    """

    id: str
    dependency: str
    reason: Literal["missing", "circle"]


@dataclass(frozen=True, slots=True)
class Network:
    """The tasks that still take time, and those above them.

    Attributes:
        ids: The tasks; task `i` starts at node `2i` and ends at node `2i + 1`.
        index: Where an id is in `ids`.
        above: Of every live task that has one, the task above it.
        parents: Of each task of the network the one above it, as an index.
        minutes: The work left on each task itself.
        is_assumed: Whether that is a guess.
        is_parent: Whether the work is in open tasks below it.
        successors: Of each node the nodes that cannot be before it.
        order: All nodes, each after those that lead to it.
        ignored: Dependencies that are not in it.
    """

    ids: tuple[str, ...]
    index: Mapping[str, int]
    above: Mapping[str, str]
    parents: Sequence[int | None]
    minutes: Sequence[int]
    is_assumed: Sequence[bool]
    is_parent: Sequence[bool]
    successors: Sequence[list[int]]
    order: Sequence[int]
    ignored: tuple[Ignored, ...]


def network(snapshot: Snapshot, assumed_minutes: int) -> Network:
    """Return the network of what is open, and of what has something open below it.

    Args:
        snapshot: The plan.
        assumed_minutes: What a task without an estimate takes.
    """
    above, busy = _open(snapshot)
    ids = tuple(busy)
    index = {task_id: at for at, task_id in enumerate(ids)}
    parents = [index.get(above.get(task_id, "")) for task_id in ids]
    is_parent = [False] * len(ids)
    for parent in parents:
        if parent is not None:
            is_parent[parent] = True
    has_children = set(above.values())
    work = [
        (0, False) if is_parent[at] else _work(snapshot, task_id, assumed_minutes, has_children)
        for at, task_id in enumerate(ids)
    ]
    successors: list[list[int]] = []
    for at in range(len(ids)):
        successors += [[2 * at + 1], []]
    for at, parent in enumerate(parents):
        if parent is not None:
            successors[2 * parent].append(2 * at)
            successors[2 * at + 1].append(2 * parent + 1)
    waits, ignored = _waits(snapshot, index)
    for source, target in waits:
        successors[2 * source + 1].append(2 * target)
    order = topological(successors)
    if len(order) < len(successors):
        for source, target in _break_circles(successors, waits):
            ignored.append(Ignored(ids[target], ids[source], "circle"))
        order = topological(successors)
    return Network(
        ids, index, above, parents, [minutes for minutes, _ in work], [guess for _, guess in work],
        is_parent, successors, order, tuple(sorted(ignored)),
    )  # fmt: skip


def _break_circles(
    successors: list[list[int]], waits: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Take those dependencies out that are part of a circle, and return them.

    That leaves none, because every circle holds a dependency: the hierarchy alone has none.
    """
    where = circles(successors)
    for node in range(1, len(successors), 2):
        # From an end, starts are what depends on it and ends are parents.
        successors[node] = [
            after for after in successors[node] if after & 1 or where[after] != where[node]
        ]
    return [
        (source, target) for source, target in waits if where[2 * source + 1] == where[2 * target]
    ]


def _open(snapshot: Snapshot) -> tuple[Mapping[str, str], list[str]]:
    """Return the task above each that has one, and who is open or has something open below."""
    live = dict(snapshot.live_tasks())
    above = live_parents(live)
    busy: set[str] = set()
    for task_id, task in live.items():
        if task.get("status") in DONE:
            continue
        at: str | None = task_id
        while at is not None and at not in busy:
            busy.add(at)
            at = above.get(at)
    return above, [task_id for task_id in live if task_id in busy]


def _work(
    snapshot: Snapshot, task_id: str, assumed_minutes: int, has_children: set[str]
) -> tuple[int, bool]:
    """Return the minutes left on a task that has nothing open below it, and whether guessed."""
    task = snapshot.tasks[task_id]
    if task_id in has_children:  # all below it is done: it only waits to be closed
        return 0, False
    estimate = task.get("estimated_minutes")
    if estimate is None:
        return assumed_minutes, True
    return max(estimate - actual_minutes(task), 0), False


def _waits(
    snapshot: Snapshot, index: Mapping[str, int]
) -> tuple[list[tuple[int, int]], list[Ignored]]:
    """Return who is waited for by whom, as indexes, and which dependencies name no task."""
    waits, ignored = [], []
    for task_id, at in index.items():
        for name in dict.fromkeys(snapshot.tasks[task_id].get("dependencies") or ()):
            found = snapshot.tasks.get(name)
            if found is None:
                ignored.append(Ignored(task_id, name, "missing"))
            elif name in index and found.get("status") not in DONE:
                waits.append((index[name], at))
    return waits, ignored
