"""Dependencies between tasks: adding them and taking them away."""

from collections import deque
from collections.abc import Mapping, Sequence

from orchestrator.check.facts import way
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.patch.ops import Patch
from orchestrator.verbs.draft import above, leading_to, present
from orchestrator.verbs.refuse import ImpossibleError, refuse_gone


def link(snapshot: Snapshot, task_id: str, others: Sequence[str]) -> Patch:
    """Return the patch that makes a task depend on others; what it waits for already stays.

    Raises:
        ImpossibleError: A task is unknown or deleted, is the task itself, is above or below it, or
            waits for it.
    """
    refuse_gone(snapshot, [task_id])
    wanted = {task_id: linked(present(snapshot, "tasks", task_id), others)}
    refuse_links(snapshot, wanted)
    return leading_to(snapshot, "tasks", wanted)


def linked(task: Document, others: Sequence[str]) -> Document:
    """Return a task's document with more dependencies."""
    names = [*(task.get("dependencies") or ()), *others]
    return {**task, "dependencies": list(dict.fromkeys(names))} if names else task


def unlink(snapshot: Snapshot, task_id: str, others: Sequence[str] | None) -> Patch:
    """Return the patch that takes dependencies away.

    Args:
        snapshot: The plan.
        task_id: Whose.
        others: Which; None for all.

    Raises:
        ImpossibleError: There is no such task, or it does not depend on one of the others.
    """
    task = present(snapshot, "tasks", task_id)
    names = list(task.get("dependencies") or ())
    for other in others or ():
        if other not in names:
            listed = " · ".join(names[:5]) + (" …" if len(names) > 5 else "")  # noqa: PLR2004
            raise ImpossibleError(
                f"{task_id} does not depend on {other[:60]} .",
                did_you_mean(other, names)
                or (f"It depends on {listed} ." if names else "It depends on nothing."),
            )
    kept = [] if others is None else [name for name in names if name not in others]
    after = {key: value for key, value in task.items() if key != "dependencies"}
    if kept:
        after = {**task, "dependencies": kept}
    return leading_to(snapshot, "tasks", {task_id: after})


def refuse_links(snapshot: Snapshot, wanted: Mapping[str, Document]) -> None:
    """Do nothing when the dependencies that tasks would get may be.

    Args:
        snapshot: The plan.
        wanted: Tasks as they will be.

    Raises:
        ImpossibleError: As for `link`.
    """
    added: dict[str, list[str]] = {}
    for task_id, task in wanted.items():
        file = snapshot.file_document("tasks", task_id) if task_id in snapshot.tasks else {}
        had = file.get("dependencies") or ()
        new = [str(name) for name in task.get("dependencies") or () if name not in had]
        for other in new:
            _refuse_pair(snapshot, wanted, task_id, other)
            added.setdefault(other, []).append(task_id)
    for other, task_ids in added.items():
        _refuse_circles(snapshot, wanted, other, task_ids)


def _refuse_pair(
    snapshot: Snapshot, wanted: Mapping[str, Document], task_id: str, other: str
) -> None:
    if other == task_id:
        raise ImpossibleError(f"{task_id} cannot depend on itself.", "Name another task.")
    if other not in wanted or other in snapshot.tasks:
        refuse_gone(snapshot, [other])
    if snapshot.severity("ORC208") != "error":
        return
    if other in above(snapshot, wanted, task_id):
        raise ImpossibleError(
            f"{task_id} cannot depend on {other} , which is above it.",
            "A task is completed after those below it, so both would wait.",
        )
    if task_id in above(snapshot, wanted, other):
        raise ImpossibleError(
            f"{task_id} cannot depend on {other} , which is below it.",
            "A task waits for those below it anyway.",
        )


def _refuse_circles(
    snapshot: Snapshot, wanted: Mapping[str, Document], start: str, task_ids: Sequence[str]
) -> None:
    """Refuse when one of the tasks that are to wait for `start` is what that waits for."""
    if snapshot.severity("ORC207") != "error":
        return
    goals = frozenset(task_ids)
    came_from: dict[str, str] = {start: ""}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if node in goals:
            path = [node]
            while path[-1] != start:
                path.append(came_from[path[-1]])
            raise ImpossibleError(
                f"{node} and {start} would wait for each other: {way([node, *path[::-1]])} .",
                f"orchestrator task unlink {path[1]} --on {node}",
            )
        task = wanted.get(node) or snapshot.tasks.get(node, {})
        for other in task.get("dependencies") or ():
            if other not in came_from:
                came_from[other] = node
                queue.append(other)
