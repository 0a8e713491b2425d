"""From the actions of a plan to the one patch that the files get."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from orchestrator.check.sieve import instant
from orchestrator.model.fields import DELETION, FIELDS
from orchestrator.model.pointer import join
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import SnapshotDocuments
from orchestrator.patch.diff import value_ops
from orchestrator.patch.ops import Operation, Patch
from orchestrator.sync.action import Action
from orchestrator.sync.item import Item
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.reconcile.values import MINUTES, local_value
from orchestrator.sync.remote import Tie
from orchestrator.verbs.create import stamp
from orchestrator.verbs.delete import marking


def local_patch(snapshot: Snapshot, done: Iterable[Done], tie: Tie, now: datetime) -> Patch:
    """Return the one patch that brings the files what actions mean for them.

    Pulled fields, new items, soft deletions, restorations, and `external_ids` of what was linked,
    made or deleted in this run. No ops when nothing is written here: with `direction: push` always.

    Args:
        snapshot: The plan at the commit that the sync was planned against.
        done: The actions that are to be taken over.
        tie: The integration.
        now: For `deleted_at` and for time that was logged over there.

    Raises:
        PatchError: An item cannot be changed so.
    """
    ops: list[Operation] = []
    if tie.direction == "push":
        return Patch(())
    doing = list(done)
    going = {
        (each.action.kind, each.action.id)
        for each in doing
        if each.action.verb == "delete" and each.action.side == "local"
    }
    for each in doing:
        action = each.action
        name = (action.kind, action.id)
        if action.verb == "skip":
            continue
        if action.verb in {"delete", "unlink"}:
            ops += _forgetting(snapshot, name, tie)
            if name in going:
                ops += _deleting(snapshot, name, going, now)
        elif action.verb == "create" and action.side == "local":
            value = _new(action, tie, now)
            ops.append({"op": "add", "path": join(name), "value": value})
        else:
            ops += _changing(snapshot, each, tie, now)
    return Patch(tuple(ops))


def _changing(snapshot: Snapshot, done: Done, tie: Tie, now: datetime) -> Iterable[Operation]:
    action = done.action
    before = SnapshotDocuments(snapshot).document(action.kind, action.id)
    if before is None:
        return []
    after: Document = dict(before)
    for change in action.fields:
        if change.side != "local":
            continue
        if change.name == "deleted_at":
            after = {name: value for name, value in after.items() if name not in DELETION}
        elif change.name == MINUTES and before.get("time_entries"):
            _log(after, int(change.after or 0), tie, now)
        elif change.after in (None, []):
            after.pop(change.name, None)
        else:
            after[change.name] = change.after
    item = done.item or action.item
    if item is not None and (action.key is not None or action.verb == "create"):
        _state_key(after, item, tie, is_new=action.verb == "create")
    return value_ops(join([action.kind, action.id]), before, after)


def _log(document: Document, total: int, tie: Tie, now: datetime) -> None:
    spent = total - int(local_value(document, MINUTES) or 0)
    entry = {"at": stamp(now), "minutes": spent, "note": f"Logged in {tie.name}"}
    document["time_entries"] = [*document["time_entries"], entry]


def _state_key(document: Document, item: Item, tie: Tie, *, is_new: bool) -> None:
    stated = document.get("external_ids") or {}
    # One that it states already may be the name that the item had before.
    if is_new or stated.get(tie.name) not in {item.key, item.name}:
        document["external_ids"] = {**stated, tie.name: item.name or item.key}


def _new(action: Action, tie: Tie, now: datetime) -> Document:
    values: dict[str, Any] = {
        change.name: change.after for change in action.fields if change.side == "local"
    }
    values["id"] = action.id
    if action.item is not None:
        values |= _stamps(action.item, now)
        _state_key(values, action.item, tie, is_new=True)
    order = (*FIELDS[action.kind], "project")
    return {name: values[name] for name in order if values.get(name) not in (None, [])}


def _stamps(item: Item, now: datetime) -> dict[str, str]:
    """Return the stamps of an item that are moments of the past, in their right order."""
    found: dict[str, str] = {}
    latest = None
    for name in ("completed_at", "started_at", "created_at"):
        try:
            at = instant(item.stamps[name])
        except (KeyError, ValueError):
            continue
        if at.tzinfo is None or at > now:
            continue
        latest = at if latest is None else min(at, latest)
        found[name] = stamp(latest)
    return found


def _forgetting(snapshot: Snapshot, name: Name, tie: Tie) -> Iterable[Operation]:
    """Take the key out of a file, so that the task can be made anew when it is restored."""
    kind, entity_id = name
    document = SnapshotDocuments(snapshot).document(kind, entity_id) or {}
    stated = document.get("external_ids") or {}
    if tie.name in stated:
        steps = [kind, entity_id, "external_ids", *([tie.name] if len(stated) > 1 else [])]
        yield {"op": "remove", "path": join(steps)}


def _deleting(
    snapshot: Snapshot, name: Name, going: set[Name], now: datetime
) -> Iterable[Operation]:
    kind, entity_id = name
    marks = {"deleted_at": stamp(now)}
    if kind == "tasks" and (root := _root(snapshot, entity_id, going)) is not None:
        marks["deleted_with"] = root
    return marking(snapshot, kind, entity_id, marks)


def _root(snapshot: Snapshot, task_id: str, going: set[Name]) -> str | None:
    """Return the project or the highest task that is deleted along with a task, or None."""
    project = snapshot.tasks[task_id]["project"]
    if ("projects", project) in going:
        return str(project)
    root, seen = task_id, {task_id}
    parent = str(snapshot.tasks[task_id].get("parent"))
    while parent in snapshot.tasks and ("tasks", parent) in going and parent not in seen:
        seen.add(parent)
        root = parent
        parent = str(snapshot.tasks[parent].get("parent"))
    return None if root == task_id else root
