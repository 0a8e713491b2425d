"""Changed entities back into ops: the patch that leads from one state to another."""

from collections.abc import Iterable, Iterator
from typing import Any

from orchestrator.model.pointer import join
from orchestrator.model.snapshot import KINDS, Snapshot
from orchestrator.patch.apply import Change, SnapshotDocuments
from orchestrator.patch.ops import Operation
from orchestrator.patch.step import same


def diff(changes: Iterable[Change]) -> list[Operation]:
    """Return the ops that make each change, field by field, deletions last.

    Equal changes give equal ops: they are ordered by kind, id and field, wherever they come from.
    That makes the digest of a commit's patch one that anybody can compute again.
    """
    ops: list[Operation] = []
    removals: list[Operation] = []
    for kind, entity_id, before, after, *_ in sorted(changes, key=_rank):
        pointer = "/settings" if kind == "settings" else join([kind, entity_id])
        if before is None:
            ops.append({"op": "add", "path": pointer, "value": after})
        elif after is None:
            removals.append({"op": "remove", "path": pointer})
        else:
            ops += sorted(value_ops(pointer, before, after), key=_path)
    return ops + removals


def _rank(change: Change) -> tuple[int, str]:
    return KINDS.index(change.kind), change.id


def _path(op: Operation) -> str:
    return str(op["path"])


def changes_between(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Yield the entities that differ between two snapshots, by kind and id."""
    before, after = SnapshotDocuments(old), SnapshotDocuments(new)
    for kind in KINDS:
        ids = {**dict.fromkeys(old.entities(kind)), **dict.fromkeys(new.entities(kind))}
        for entity_id in sorted(ids):
            was = before.document(kind, entity_id)
            now = after.document(kind, entity_id)
            if not same(was, now):
                yield Change(kind, entity_id, was or None, now or None)


def value_ops(pointer: str, before: Any, after: Any) -> Iterator[Operation]:
    """Yield the ops that turn one value into another.

    Mappings are compared by key. Lists are replaced whole: an index says nothing to a reader,
    and means something else as soon as somebody adds an item.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            if key not in after:
                yield {"op": "remove", "path": pointer + join([key])}
        for key, value in after.items():
            if key not in before:
                yield {"op": "add", "path": pointer + join([key]), "value": value}
            else:
                yield from value_ops(pointer + join([key]), before[key], value)
    elif not same(before, after):
        yield {"op": "replace", "path": pointer, "value": after}
