"""Changing what is there: fields, status, with the stamps that a status brings."""

from collections.abc import Sequence
from datetime import datetime

from orchestrator.model.fields import REQUIRED
from orchestrator.model.places import Kind
from orchestrator.model.pointer import join
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.patch.apply import SnapshotDocuments
from orchestrator.patch.diff import value_ops
from orchestrator.patch.ops import Patch
from orchestrator.verbs.assign import Assignment, assigned
from orchestrator.verbs.create import ImpossibleError
from orchestrator.verbs.stamps import stamped

_NOUN: dict[Kind, str] = {"tasks": "task", "projects": "project", "users": "user"}


def set_fields(
    snapshot: Snapshot, kind: Kind, entity_id: str, wishes: Sequence[Assignment], now: datetime
) -> Patch:
    """Return the patch that fulfils wishes about one entity.

    Raises:
        ImpossibleError: It does not exist, or a file of it cannot be read.
        AssignmentError: A value does not fit its field.
    """
    before = SnapshotDocuments(snapshot).document(kind, entity_id)
    if before is None:
        raise unknown(snapshot, kind, entity_id)
    wanted = assigned(before, wishes, snapshot.hours_per_day)
    for name in REQUIRED[kind]:
        if name in before and name not in wanted:
            raise ImpossibleError(
                f"{name} cannot be cleared: every {_NOUN[kind]} has one.", f"{name}=… sets another."
            )
    after = stamped(kind, before, wanted, now)
    return Patch(tuple(value_ops(join([kind, entity_id]), before, after)))


def set_status(snapshot: Snapshot, task_id: str, status: str, now: datetime) -> Patch:
    """Return the patch that gives a task a status and the stamps that go with it.

    Raises:
        ImpossibleError: There is no such task.
    """
    return set_fields(snapshot, "tasks", task_id, [Assignment("status", "=", status)], now)


def unknown(snapshot: Snapshot, kind: Kind, entity_id: str) -> ImpossibleError:
    """Return the refusal for an id that names nothing."""
    noun = _NOUN[kind]
    if (kind, entity_id) in snapshot.unreadable:
        return ImpossibleError(f"The file of {entity_id} cannot be read.", "orchestrator check")
    known = snapshot.entities(kind)
    return ImpossibleError(
        f"There is no {noun} {entity_id} .",
        did_you_mean(entity_id, known) or f"orchestrator {noun} list shows them.",
    )
