"""The hierarchy as rows in reading order."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from orchestrator.model.graph import Hierarchy, ancestors, hierarchy
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE


class Branch(NamedTuple):
    """One task in the tree.

    Attributes:
        id: The task.
        depth: 0 for roots.
        is_last: Whether no sibling follows, from the root down to this task; for drawing lines.
        done: Live tasks below it that are completed or cancelled.
        total: Live tasks below it.
        is_wanted: Whether it was asked for, and is not just above one that was.
    """

    id: str
    depth: int
    is_last: tuple[bool, ...]
    done: int
    total: int
    is_wanted: bool = True


def tree(
    snapshot: Snapshot,
    project: str | None = None,
    root: str | None = None,
    wanted: Collection[str] | None = None,
) -> list[Branch]:
    """Return live tasks, parents before children, siblings by id.

    A task in a parent cycle is shown too: each cycle is cut above its smallest id.

    Args:
        snapshot: The plan.
        project: Only this project's tasks.
        root: Only this task and those below it.
        wanted: Only these, and what is above them; deleted ones, when there are any among them.
    """
    live = dict(snapshot.live_tasks())
    if wanted is not None and not live.keys() >= set(wanted):
        live = dict(snapshot.tasks)
    children: dict[str, list[str]] = {}
    roots: list[str] = []
    for task_id, task in live.items():
        parent = task.get("parent")
        if parent and parent in live and parent != task_id:
            children.setdefault(parent, []).append(task_id)
        else:
            roots.append(task_id)
    for ids in children.values():
        ids.sort()
    roots += _cut_cycles(live, children, roots)
    if root is not None:
        roots = [root]
    elif project is not None:
        roots = [task_id for task_id in roots if live[task_id]["project"] == project]
    roots.sort(key=lambda task_id: (live[task_id]["project"], task_id))
    order = _downwards(children, roots)
    counts = _counts(live, children, order)
    if wanted is None:
        return list(_walk(roots, children, counts))
    kept = frozenset(wanted)
    shown = _with_ancestors(children, order, kept)
    roots = [task_id for task_id in roots if task_id in shown]
    below = {
        task_id: [child for child in children[task_id] if child in shown]
        for task_id in shown
        if task_id in children
    }
    return [branch._replace(is_wanted=branch.id in kept) for branch in _walk(roots, below, counts)]


def depth(snapshot: Snapshot, task_id: str) -> int:
    """Return how many tasks are above `task_id`."""
    return len(ancestors(snapshot, task_id))


def child_counts(snapshot: Snapshot, known: Hierarchy | None = None) -> dict[str, int]:
    """Return how many live tasks each task has directly below it.

    Args:
        snapshot: The plan.
        known: Its hierarchy, where somebody has it already.
    """
    return {
        parent: sum(not snapshot.tasks[child].get("deleted_at") for child in found)
        for parent, found in (known or hierarchy(snapshot)).children.items()
    }


def _cut_cycles(
    live: dict[str, Document], children: dict[str, list[str]], roots: list[str]
) -> list[str]:
    """Take one task of each cycle out of its parent's children, and return these tasks."""
    reached: set[str] = set()

    def reach(stack: list[str]) -> None:
        while stack:
            task_id = stack.pop()
            if task_id not in reached:
                reached.add(task_id)
                stack.extend(children.get(task_id, ()))

    reach(list(roots))
    cut = []
    for task_id in sorted(live):
        if task_id not in reached:
            children[live[task_id]["parent"]].remove(task_id)
            cut.append(task_id)
            reach([task_id])
    return cut


def _walk(
    roots: list[str], children: dict[str, list[str]], counts: dict[str, tuple[int, int]]
) -> Iterator[Branch]:
    stack: list[tuple[str, tuple[bool, ...]]]
    stack = [(root, (root == roots[-1],)) for root in reversed(roots)]
    while stack:
        task_id, lasts = stack.pop()
        done, total = counts[task_id]
        yield Branch(task_id, len(lasts) - 1, lasts, done, total)
        below = children.get(task_id, [])
        stack += [(child, (*lasts, child == below[-1])) for child in reversed(below)]


def _downwards(children: dict[str, list[str]], roots: list[str]) -> list[str]:
    """Return all tasks below the roots, parents first; cycles have been cut."""
    order: list[str] = []
    stack = list(roots)
    while stack:
        task_id = stack.pop()
        order.append(task_id)
        stack += children.get(task_id, [])
    return order


def _counts(
    live: dict[str, Document], children: dict[str, list[str]], order: list[str]
) -> dict[str, tuple[int, int]]:
    """Count the live tasks below each task without recursion."""
    counts: dict[str, tuple[int, int]] = {}
    for task_id in reversed(order):
        done = total = 0
        for child in children.get(task_id, []):
            below_done, below_total = counts[child]
            if live[child].get("deleted_at"):
                done, total = done + below_done, total + below_total
            else:
                done += below_done + (live[child].get("status") in DONE)
                total += below_total + 1
        counts[task_id] = done, total
    return counts


def _with_ancestors(
    children: dict[str, list[str]], order: list[str], kept: Collection[str]
) -> set[str]:
    shown: set[str] = set()
    for task_id in reversed(order):
        if task_id in kept or any(child in shown for child in children.get(task_id, ())):
            shown.add(task_id)
    return shown
