"""The hierarchy as rows in reading order."""

from collections.abc import Iterator
from typing import NamedTuple

from orchestrator.model.graph import ancestors, hierarchy
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
    """

    id: str
    depth: int
    is_last: tuple[bool, ...]
    done: int
    total: int


def tree(snapshot: Snapshot, project: str | None = None, root: str | None = None) -> list[Branch]:
    """Return live tasks, parents before children, siblings by id.

    A task in a parent cycle is shown too: each cycle is cut above its smallest id.

    Args:
        snapshot: The plan.
        project: Only this project's tasks.
        root: Only this task and those below it.
    """
    live = dict(snapshot.live_tasks())
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
    counts = _counts(live, children, roots)
    return list(_walk(roots, children, counts))


def depth(snapshot: Snapshot, task_id: str) -> int:
    """Return how many tasks are above `task_id`."""
    return len(ancestors(snapshot, task_id))


def child_counts(snapshot: Snapshot) -> dict[str, int]:
    """Return how many live tasks each task has directly below it."""
    return {
        parent: sum(not snapshot.tasks[child].get("deleted_at") for child in found)
        for parent, found in hierarchy(snapshot).children.items()
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


def _counts(
    live: dict[str, Document], children: dict[str, list[str]], roots: list[str]
) -> dict[str, tuple[int, int]]:
    """Count below each task without recursion; cycles have been cut."""
    order: list[str] = []
    stack = list(roots)
    while stack:
        task_id = stack.pop()
        order.append(task_id)
        stack += children.get(task_id, [])
    counts: dict[str, tuple[int, int]] = {}
    for task_id in reversed(order):
        done = total = 0
        for child in children.get(task_id, []):
            below_done, below_total = counts[child]
            done += below_done + (live[child].get("status") in DONE)
            total += below_total + 1
        counts[task_id] = done, total
    return counts
