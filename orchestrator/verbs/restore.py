"""Bringing back what a deletion took, that and no more."""

from collections.abc import Iterable, Mapping
from typing import Any

from orchestrator.check.facts import way
from orchestrator.model.graph import ancestors, hierarchy, subtree
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Operation, Patch
from orchestrator.verbs.delete import marking
from orchestrator.verbs.refuse import ImpossibleError, refuse_live, restoring


def restore_tasks(snapshot: Snapshot, ids: Iterable[str]) -> Patch:
    """Return the patch that brings back deleted tasks and what was deleted with each.

    What was deleted by itself, before or after, stays deleted.

    Raises:
        ImpossibleError: There is no such task, it is not deleted, another deletion took it along,
            or it would live under a task or in a project that is deleted or gone, too deep, or
            depend on what is gone or has become its ancestor or descendant.
    """
    wanted = dict.fromkeys(ids)
    for task_id in wanted:
        refuse_live(snapshot, "tasks", task_id, "orchestrator task list --deleted shows what is.")
    for task_id in wanted:
        root = snapshot.tasks[task_id].get("deleted_with")
        if root and root not in wanted and _is_deleted(snapshot, root):
            raise ImpossibleError(
                f"{task_id} was deleted together with {root} .",
                f"{restoring(root)} brings back both.",
            )
    brought = {**wanted, **_taken_along(snapshot, wanted)}
    for task_id in wanted:
        if (root := snapshot.tasks[task_id].get("deleted_with")) and root not in wanted:
            # What it was deleted with is back or purged; those below it share its fate.
            brought |= _below(snapshot, task_id, root)
    return _restoration(snapshot, {}, brought)


def restore_projects(snapshot: Snapshot, ids: Iterable[str]) -> Patch:
    """Return the patch that brings back deleted projects and the tasks deleted with each.

    Raises:
        ImpossibleError: There is no such project, it is not deleted, or a task of it cannot come
            back, as for `restore_tasks`.
    """
    wanted = dict.fromkeys(ids)
    for project_id in wanted:
        refuse_live(
            snapshot, "projects", project_id, "orchestrator project list --deleted shows what is."
        )
    return _restoration(snapshot, wanted, _taken_along(snapshot, wanted))


def _taken_along(snapshot: Snapshot, roots: Mapping[str, Any]) -> dict[str, None]:
    return {
        task_id: None
        for task_id, task in snapshot.tasks.items()
        if task.get("deleted_at") is not None and task.get("deleted_with") in roots
    }


def _below(snapshot: Snapshot, top: str, root: str) -> dict[str, None]:
    taken = _taken_along(snapshot, {root: None})
    found = subtree(hierarchy(snapshot).children, top)
    return {task_id: None for task_id in found if task_id in taken}


def _restoration(
    snapshot: Snapshot, projects: Mapping[str, None], brought: Mapping[str, None]
) -> Patch:
    for task_id in brought:
        _refuse_orphan(snapshot, task_id, projects, brought)
        _refuse_place(snapshot, task_id)
        _refuse_dependencies(snapshot, task_id)
    ops: list[Operation] = []
    for project_id in projects:
        ops += marking(snapshot, "projects", project_id, {})
    for task_id in brought:
        ops += marking(snapshot, "tasks", task_id, {})
    return Patch(tuple(ops))


def _refuse_orphan(
    snapshot: Snapshot, task_id: str, projects: Mapping[str, None], brought: Mapping[str, None]
) -> None:
    task = snapshot.tasks[task_id]
    project_id, parent = task["project"], task.get("parent")
    project = snapshot.projects.get(project_id, {})
    if project.get("deleted_at") is not None and project_id not in projects:
        raise ImpossibleError(
            f"{task_id} is in the project {project_id} , which is deleted.",
            f"{restoring(project_id)} first.",
        )
    if parent is None or ("tasks", parent) in snapshot.unreadable:
        return
    above = snapshot.tasks.get(parent)
    if above is None:
        raise ImpossibleError(
            f"{task_id} is under {parent} , which does not exist.",
            f"orchestrator task set {task_id} parent= makes it a root; restore it then.",
        )
    if above.get("deleted_at") is not None and parent not in brought:
        raise ImpossibleError(
            f"{task_id} is under {parent} , which is deleted.",
            f"{restoring(above.get('deleted_with') or parent)} first.",
        )


def _refuse_place(snapshot: Snapshot, task_id: str) -> None:
    """Refuse a task whose parent has moved down since."""
    over = ancestors(snapshot, task_id)
    if len(over) > snapshot.max_depth and snapshot.severity("ORC204") == "error":
        raise ImpossibleError(
            f"{task_id} would be at depth {len(over)} and the deepest allowed is "
            f"{snapshot.max_depth}: {way([task_id, *over][::-1])} .",
            f"Move {over[-2]} further up first, or raise max_depth in orchestrator.yaml.",
        )


def _refuse_dependencies(snapshot: Snapshot, task_id: str) -> None:
    """Refuse a task that depends on what is gone for good, or has moved above or below it."""
    tasks = snapshot.tasks
    for needed in tasks[task_id].get("dependencies") or ():
        hint = f"orchestrator task unlink {task_id} --on {needed} first."
        if needed not in tasks:
            if ("tasks", needed) not in snapshot.unreadable:
                raise ImpossibleError(
                    f"{task_id} depends on {needed} , which does not exist.", hint
                )
            continue
        if snapshot.severity("ORC208") != "error":
            continue
        is_above = needed in ancestors(snapshot, task_id)
        if is_above or task_id in ancestors(snapshot, needed):
            where = "above" if is_above else "below"
            raise ImpossibleError(
                f"{task_id} depends on {needed} , which is {where} it by now.", hint
            )


def _is_deleted(snapshot: Snapshot, root: str) -> bool:
    found = snapshot.tasks.get(root) or snapshot.projects.get(root) or {}
    return found.get("deleted_at") is not None
