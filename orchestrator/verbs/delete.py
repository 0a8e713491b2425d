"""Soft deletion: a task with all below it, a project with all its tasks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from orchestrator.model.fields import DELETION
from orchestrator.model.graph import ancestors, hierarchy, subtree
from orchestrator.model.places import Kind
from orchestrator.model.pointer import join
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import SnapshotDocuments
from orchestrator.patch.diff import value_ops
from orchestrator.patch.ops import Operation, Patch
from orchestrator.verbs.create import stamp
from orchestrator.verbs.refuse import ImpossibleError, restoring, unknown

_SHOWN = 4

Taken = Mapping[str, str | None]
"""Tasks to delete, each with the task or project that takes it along; None for a root."""


class NeededError(ImpossibleError):
    """Others depend on what would be deleted or purged.

    Attributes:
        pairs: Who depends on what: (dependent, needed).
    """

    def __init__(self, pairs: Sequence[tuple[str, str]], deed: str, way_out: str) -> None:
        dependent, needed = pairs[0]
        if len(pairs) == 1:
            message = f"{needed} would be {deed} and {dependent} depends on it."
        else:
            listed = " · ".join(f"{one} on {other}" for one, other in pairs[:_SHOWN])
            more = f" and {len(pairs) - _SHOWN:,} more" if len(pairs) > _SHOWN else ""
            message = f"Others depend on what would be {deed}: {listed}{more} ."
        unlink = f"orchestrator task unlink {dependent} --on {needed}"
        super().__init__(message, f"{way_out}; or end the dependency: {unlink}")
        self.pairs = tuple(pairs)


def delete_tasks(
    snapshot: Snapshot, ids: Iterable[str], now: datetime, by: str | None, *, force: bool = False
) -> Patch:
    """Return the patch that deletes tasks and every live task below them.

    A given task below another given one goes along with that one. What is below and deleted
    already stays as it is: it belongs to its own deletion.

    Args:
        snapshot: The plan.
        ids: The tasks.
        now: For `deleted_at`.
        by: The user who deletes, or None when nobody knows.
        force: Whether others may depend on what is deleted.

    Raises:
        ImpossibleError: There is no such task, or it is deleted already, or no such user.
        NeededError: A live task that stays depends on one that would go.
    """
    wanted = list(dict.fromkeys(ids))
    for task_id in wanted:
        _refuse_gone(snapshot, "tasks", task_id)
    children = hierarchy(snapshot).children
    groups: dict[str, list[str]] = {}
    seen: set[str] = set()
    # Those further up come first, whatever the order in which they were given.
    for root in sorted(wanted, key=lambda task_id: len(ancestors(snapshot, task_id))):
        if root not in seen:
            below = (item for item in subtree(children, root) if is_live(snapshot, item))
            groups[root] = [item for item in below if item not in seen]
            seen.update(groups[root])
    taken = {
        item: None if item == root else root for root in wanted for item in groups.get(root, ())
    }
    return _deletion(snapshot, (), taken, now, by, force=force)


def delete_projects(
    snapshot: Snapshot, ids: Iterable[str], now: datetime, by: str | None, *, force: bool = False
) -> Patch:
    """Return the patch that deletes projects and their live tasks.

    Raises:
        ImpossibleError: There is no such project, or it is deleted already, or no such user.
        NeededError: A live task of another project depends on one that would go.
    """
    wanted = dict.fromkeys(ids)
    for project_id in wanted:
        _refuse_gone(snapshot, "projects", project_id)
    taken: dict[str, str | None] = {
        task_id: task["project"]
        for task_id, task in snapshot.live_tasks()
        if task["project"] in wanted
    }
    return _deletion(snapshot, wanted, taken, now, by, force=force)


def is_live(snapshot: Snapshot, task_id: str) -> bool:
    """Return whether a task exists and is not deleted."""
    task = snapshot.tasks.get(task_id)
    return task is not None and task.get("deleted_at") is None


def dependents(
    snapshot: Snapshot, going: Mapping[str, object], counts: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Yield (dependent, needed) where a task that stays, and counts, depends on one that goes."""
    for task_id, task in snapshot.tasks.items():
        for needed in task.get("dependencies") or ():
            if needed in going and task_id not in going and counts(task_id):
                yield task_id, needed


def _deletion(
    snapshot: Snapshot, projects: Iterable[str], taken: Taken, now: datetime, by: str | None,
    *, force: bool,
) -> Patch:  # fmt: skip
    if by is not None and snapshot.users and by not in snapshot.users:
        raise unknown(snapshot, "users", by)
    pairs = sorted(dependents(snapshot, taken, lambda task_id: is_live(snapshot, task_id)))
    if pairs and not force:
        raise NeededError(pairs, "deleted", "--force deletes all the same")
    marks = {"deleted_at": stamp(now)} | ({"deleted_by": by} if by else {})
    ops: list[Operation] = []
    for project_id in projects:
        ops += marking(snapshot, "projects", project_id, marks)
    for task_id, root in taken.items():
        ops += marking(snapshot, "tasks", task_id, marks | ({"deleted_with": root} if root else {}))
    return Patch(tuple(ops))


def marking(
    snapshot: Snapshot, kind: Kind, entity_id: str, marks: Mapping[str, str]
) -> Iterator[Operation]:
    """Yield the ops that give an entity these marks of deletion and no others."""
    before = SnapshotDocuments(snapshot).document(kind, entity_id) or {}
    rest = {name: value for name, value in before.items() if name not in DELETION}
    return value_ops(join([kind, entity_id]), before, {**rest, **marks})


def _refuse_gone(snapshot: Snapshot, kind: Kind, entity_id: str) -> None:
    noun = "task" if kind == "tasks" else "project"
    found = snapshot.entities(kind).get(entity_id)
    if found is None:
        raise unknown(snapshot, kind, entity_id)
    if found.get("deleted_at") is not None:
        raise ImpossibleError(
            f"The {noun} {entity_id} is deleted already.",
            f"{restoring(found.get('deleted_with') or entity_id)} brings it back, "
            f"orchestrator {noun} purge {entity_id} removes its file.",
        )
