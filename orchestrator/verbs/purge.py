"""Emptying the bin: the files of what is deleted go."""

from collections.abc import Iterable, Mapping

from orchestrator.model.graph import hierarchy, subtree
from orchestrator.model.places import Kind
from orchestrator.model.pointer import join
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import SnapshotDocuments
from orchestrator.patch.ops import Operation, Patch
from orchestrator.verbs.delete import NeededError, dependents, is_live
from orchestrator.verbs.refuse import ImpossibleError, refuse_live


def purge_tasks(snapshot: Snapshot, ids: Iterable[str], *, unlink: bool = False) -> Patch:
    """Return the patch that removes deleted tasks, and the deleted ones below them.

    Args:
        snapshot: The plan.
        ids: The tasks.
        unlink: Whether dependencies on them are removed from the tasks that stay.

    Raises:
        ImpossibleError: There is no such task, or it or one below it is not deleted.
        NeededError: A task that stays depends on one that would go.
    """
    children = hierarchy(snapshot).children
    going: dict[str, None] = {}
    for task_id in ids:
        refuse_live(snapshot, "tasks", task_id, f"orchestrator task rm {task_id} first.")
        for below in subtree(children, task_id):
            if is_live(snapshot, below):
                raise ImpossibleError(
                    f"{below} under {task_id} is not deleted.",
                    f"orchestrator task move it elsewhere, or orchestrator task rm {below} first.",
                )
            going[below] = None
    return _removal(snapshot, (), going, unlink=unlink)


def purge_projects(snapshot: Snapshot, ids: Iterable[str], *, unlink: bool = False) -> Patch:
    """Return the patch that removes deleted projects with all their tasks.

    Raises:
        ImpossibleError: There is no such project, or it or a task in it is not deleted.
        NeededError: A task that stays depends on one that would go.
    """
    wanted = dict.fromkeys(ids)
    for project_id in wanted:
        refuse_live(
            snapshot, "projects", project_id, f"orchestrator project rm {project_id} first."
        )
    going = {task_id: None for task_id, task in snapshot.tasks.items() if task["project"] in wanted}
    for task_id in going:
        if is_live(snapshot, task_id):
            raise ImpossibleError(
                f"{task_id} in the project {snapshot.tasks[task_id]['project']} is not deleted.",
                f"orchestrator task rm {task_id} first, or move it to another project.",
            )
    return _removal(snapshot, wanted, going, unlink=unlink)


def bin_of(snapshot: Snapshot, kind: Kind) -> list[str]:
    """Return the ids of all deleted tasks or projects."""
    return [
        entity_id
        for entity_id, document in snapshot.entities(kind).items()
        if document.get("deleted_at") is not None
    ]


def _removal(
    snapshot: Snapshot, projects: Iterable[str], going: Mapping[str, None], *, unlink: bool
) -> Patch:
    # A deleted task that stays may be restored, and must then find what it depends on.
    pairs = sorted(dependents(snapshot, going, lambda _: True))
    if pairs and not unlink:
        raise NeededError(pairs, "removed for good", "--unlink removes such dependencies")
    documents = SnapshotDocuments(snapshot)
    ops: list[Operation] = []
    for task_id in dict.fromkeys(dependent for dependent, _ in pairs):
        document = documents.document("tasks", task_id) or {}
        kept = [needed for needed in document["dependencies"] if needed not in going]
        path = join(["tasks", task_id, "dependencies"])
        ops.append(
            {"op": "replace", "path": path, "value": kept}
            if kept
            else {"op": "remove", "path": path}
        )
    ops += ({"op": "remove", "path": join(["tasks", task_id])} for task_id in going)
    ops += ({"op": "remove", "path": join(["projects", project_id])} for project_id in projects)
    return Patch(tuple(ops))
