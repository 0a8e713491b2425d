"""What a draft does to each entity, as a patch of an agent may say it: without stamps."""

from collections.abc import Iterable

from orchestrator.model.fields import DELETION, STAMPS
from orchestrator.model.graph import hierarchy, subtree
from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import Change, SnapshotDocuments
from orchestrator.patch.step import same

Key = tuple[Kind, str]
_TOOLS_OWN = STAMPS | set(DELETION)


def changes_of(base: Snapshot, present: Snapshot, touched: Iterable[Key]) -> tuple[Change, ...]:
    """Return what leads from one plan to another, by entity.

    The clock is the tool's, so that stamps are left out, and set when the patch is applied. Marks
    of deletion are stamps as well: what was deleted is removed, with all that is below it.

    Args:
        base: The plan as it was.
        present: The plan as it is wished for.
        touched: What may differ.
    """
    was, now = SnapshotDocuments(base), SnapshotDocuments(present)
    keys = dict.fromkeys(touched)
    gone = _removed(base, present, keys)
    found = []
    for kind, entity_id in keys | gone:
        before, after = was.document(kind, entity_id), now.document(kind, entity_id)
        is_gone = (kind, entity_id) in gone or after is None
        wanted = None if is_gone or after is None else _unstamped(before, after)
        if not same(before, wanted):
            found.append(Change(kind, entity_id, before, wanted))
    return tuple(found)


def _removed(base: Snapshot, present: Snapshot, keys: Iterable[Key]) -> dict[Key, None]:
    """Return what was deleted, with what is below it and was deleted before."""
    roots = [
        (kind, entity_id)
        for kind, entity_id in keys
        if present.entities(kind).get(entity_id, {}).get("deleted_at")
        and not base.entities(kind).get(entity_id, {}).get("deleted_at")
    ]
    if not roots:
        return {}
    children = hierarchy(present).children
    found: dict[Key, None] = {}
    for kind, entity_id in roots:
        found[kind, entity_id] = None
        if kind == "tasks":
            found |= {("tasks", item): None for item in subtree(children, entity_id)}
        else:
            found |= {
                ("tasks", task_id): None
                for task_id, task in present.tasks.items()
                if task["project"] == entity_id
            }
    return found


def _unstamped(before: Document | None, after: Document) -> Document:
    """Return a document with the stamps that it had before, and no others."""
    old = before or {}
    kept = {name: value for name, value in after.items() if name not in _TOOLS_OWN}
    return kept | {name: value for name, value in old.items() if name in _TOOLS_OWN}
