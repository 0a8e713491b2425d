"""Documents as a verb wants them, and the patch that leads there."""

from collections.abc import Iterator, Mapping

from orchestrator.model.places import Kind
from orchestrator.model.pointer import join
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import SnapshotDocuments
from orchestrator.patch.diff import value_ops
from orchestrator.patch.ops import Operation, Patch
from orchestrator.verbs.refuse import unknown


def present(snapshot: Snapshot, kind: Kind, entity_id: str) -> Document:
    """Return an entity's document as its file has it, a task's with `project`.

    Raises:
        ImpossibleError: There is no such entity, or its file cannot be read.
    """
    if (kind, entity_id) in snapshot.unreadable:
        raise unknown(snapshot, kind, entity_id)
    found = SnapshotDocuments(snapshot).document(kind, entity_id)
    if found is None:
        raise unknown(snapshot, kind, entity_id)
    return found


def leading_to(snapshot: Snapshot, kind: Kind, wanted: Mapping[str, Document]) -> Patch:
    """Return the patch after which the entities say what is wanted; no ops where they do."""
    return Patch(tuple(_ops(snapshot, kind, wanted)))


def _ops(snapshot: Snapshot, kind: Kind, wanted: Mapping[str, Document]) -> Iterator[Operation]:
    for entity_id, after in wanted.items():
        yield from value_ops(join([kind, entity_id]), present(snapshot, kind, entity_id), after)


def above(snapshot: Snapshot, wanted: Mapping[str, Document], task_id: str) -> list[str]:
    """Return the tasks that will be above a task, nearest first; a cycle ends where it closes."""
    found: dict[str, None] = {}
    parent = _parent(snapshot, wanted, task_id)
    while parent and parent in snapshot.tasks and parent not in found and parent != task_id:
        found[parent] = None
        parent = _parent(snapshot, wanted, parent)
    return list(found)


def _parent(snapshot: Snapshot, wanted: Mapping[str, Document], task_id: str) -> str | None:
    document = wanted.get(task_id) or snapshot.tasks.get(task_id, {})
    found = document.get("parent")
    return found if isinstance(found, str) else None
