"""Moving tasks: under another task, to the root, to another project; what is below comes along."""

from collections.abc import Iterator, Mapping, Sequence

from orchestrator.check.facts import way
from orchestrator.model.graph import ancestors, hierarchy
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Patch
from orchestrator.verbs.draft import leading_to, present
from orchestrator.verbs.refuse import (
    ImpossibleError,
    refuse_gone,
    refuse_gone_project,
    refuse_unknown,
)

Children = Mapping[str, Sequence[str]]


def move(
    snapshot: Snapshot,
    task_ids: Sequence[str],
    under: str | None = None,
    to: str | None = None,
    *,
    is_root: bool = False,
) -> Patch:
    """Return the patch that moves tasks with all that is below them, deleted tasks too.

    Args:
        snapshot: The plan.
        task_ids: What to move.
        under: The new parent; its project is the new project.
        to: The new project. A parent that is not there, and does not come along, is dropped.
        is_root: Whether they shall have no parent.

    Raises:
        ImpossibleError: Something named is unknown or deleted, the move would close a circle, go
            too deep, or put a task above or below one that it depends on.
    """
    refuse_gone(snapshot, task_ids)
    return leading_to(snapshot, "tasks", moved(snapshot, task_ids, under, to, is_root=is_root))


def moved(
    snapshot: Snapshot,
    task_ids: Sequence[str],
    under: str | None = None,
    to: str | None = None,
    *,
    is_root: bool = False,
) -> dict[str, Document]:
    """Return the tasks that a move changes as they will be; deleted ones may be named as well.

    Raises:
        ImpossibleError: As for `move`.
    """
    ids = list(dict.fromkeys(task_ids))
    refuse_unknown(snapshot, ids)
    if under is not None:
        refuse_gone(snapshot, [under])
        home = str(snapshot.tasks[under]["project"])
        if to not in (None, home):
            raise ImpossibleError(
                f"{under} is in the project {home} and not in {to} .",
                f"Leave --to out, or name a task of {to} .",
            )
        to = home
    if to is not None:
        refuse_gone_project(snapshot, to)
    children = hierarchy(snapshot).children
    wanted: dict[str, Document] = {}
    for task_id in ids:
        _take_along(snapshot, children, task_id, to, wanted)
    for task_id in ids:
        _refuse(snapshot, children, task_id, under, frozenset(ids))
        before = wanted.get(task_id) or present(snapshot, "tasks", task_id)
        if under is not None:
            wanted[task_id] = {**before, "parent": under}
        elif is_root or not _keeps_parent(snapshot, wanted, before, to):
            wanted[task_id] = {key: value for key, value in before.items() if key != "parent"}
    return wanted


def _keeps_parent(
    snapshot: Snapshot, wanted: Mapping[str, Document], task: Document, to: str | None
) -> bool:
    parent = task.get("parent")
    if parent is None or to is None:
        return True
    found = wanted.get(parent) or snapshot.tasks.get(parent, {})
    return bool(found.get("project") == to)


def _take_along(
    snapshot: Snapshot,
    children: Children,
    task_id: str,
    project: str | None,
    wanted: dict[str, Document],
) -> None:
    """Give a task and all below it another project."""
    if project is None:
        return
    for member, _ in _below(children, task_id):
        if snapshot.tasks[member]["project"] != project and member not in wanted:
            wanted[member] = {**present(snapshot, "tasks", member), "project": project}


def _below(children: Children, root: str) -> Iterator[tuple[str, list[str]]]:
    """Yield a task and all below it, each with the way from the root to it."""
    seen = {root}
    stack = [(root, [root])]
    while stack:
        task_id, path = stack.pop()
        yield task_id, path
        for child in children.get(task_id, ()):
            if child not in seen:
                seen.add(child)
                stack.append((child, [*path, child]))


def _refuse(
    snapshot: Snapshot,
    children: Children,
    task_id: str,
    under: str | None,
    movers: frozenset[str],
) -> None:
    """Refuse what the new place of one task would break."""
    if task_id == under:
        raise ImpossibleError(
            f"{task_id} cannot be under itself.", "Name another task, or --root for none."
        )
    over = [] if under is None else [*reversed(ancestors(snapshot, under)), under]
    if task_id in over:
        circle = [*over[over.index(task_id) :], task_id]
        raise ImpossibleError(
            f"{task_id} cannot be under {under} , which is below it: {way(circle)} .",
            f"Move {under} away first: orchestrator task move {under} --root",
        )
    if snapshot.tasks[task_id].get("parent") == under:
        return
    _refuse_too_deep(snapshot, children, task_id, over, movers)
    if over and snapshot.severity("ORC208") == "error":
        _refuse_kin(snapshot, children, task_id, over)


def _refuse_too_deep(
    snapshot: Snapshot,
    children: Children,
    task_id: str,
    over: Sequence[str],
    movers: frozenset[str],
) -> None:
    if snapshot.severity("ORC204") != "error":
        return
    deepest: list[str] = []
    for member, path in _below(children, task_id):
        goes_elsewhere = any(step in movers for step in path[1:])
        is_gone = snapshot.tasks[member].get("deleted_at") is not None
        if len(path) > len(deepest) and not goes_elsewhere and not is_gone:
            deepest = path
    depth = len(over) + len(deepest) - 1
    if depth > snapshot.max_depth:
        raise ImpossibleError(
            f"{deepest[-1]} would be at depth {depth} and the deepest allowed is "
            f"{snapshot.max_depth}: {way([*over, *deepest])} .",
            "Choose a parent further up, or raise max_depth in orchestrator.yaml.",
        )


def _refuse_kin(snapshot: Snapshot, children: Children, task_id: str, over: Sequence[str]) -> None:
    """Refuse a place where a task waits for one above or below it."""
    members = {member: None for member, _ in _below(children, task_id)}
    above = frozenset(over)
    for first, others, place in ((members, above, "above"), (over, members, "below")):
        for name in first:
            task = snapshot.tasks[name]
            if task.get("deleted_at"):
                continue
            if kin := [other for other in task.get("dependencies") or () if other in others]:
                raise ImpossibleError(
                    f"{name} depends on {kin[0]} , which would be {place} it.",
                    f"orchestrator task unlink {name} --on {kin[0]}",
                )
