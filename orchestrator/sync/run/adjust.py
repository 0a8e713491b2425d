"""Changing the base itself, with no tracker involved: suspend, resume, unlink."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from orchestrator.model.pointer import join
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Operation, Patch
from orchestrator.store.git import StoreError
from orchestrator.sync.action import Action
from orchestrator.sync.base.ref import Written
from orchestrator.sync.base.share import ShareError, push_base
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.reconcile.links import KINDS
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.record import Base, Meta, Record
from orchestrator.sync.run.carry import take
from orchestrator.sync.run.ground import Ground
from orchestrator.sync.run.land import Landing, land
from orchestrator.sync.run.origin import Origin, Sharing, origin


class UnlinkedError(StoreError):
    """An item is linked with nothing.

    Attributes:
        id: What was named.
    """

    def __init__(self, name: str, entity_id: str) -> None:
        super().__init__(
            f"{entity_id[:80]} is linked with nothing in {name} .",
            f"orchestrator sync link {name} {entity_id[:80]} KEY",
        )
        self.id = entity_id


class UnheardError(StoreError):
    """There is no such item in the plan, and none is linked by that name.

    Attributes:
        text: What was named.
    """

    def __init__(self, text: str) -> None:
        super().__init__(
            f"There is no item {text[:80]} in the plan, and nothing is linked by that name.",
            "Name a task or project of ours, or the tracker's key or name of a linked one.",
        )
        self.text = text


def suspend(base: Base, ids: Sequence[str], plan: Snapshot) -> Base:
    """Return a base in which items, or without any the whole integration, are left alone.

    Raises:
        UnheardError: An item is neither linked nor in the plan.
    """
    if not ids:
        return Base(replace(base.meta, is_suspended=True), base.records)
    names = {ours_of(base, text) for text in ids}
    linked = {record.id for record in base.records.values()}
    for name in sorted(names - linked):
        if name not in plan.tasks and name not in plan.projects:
            raise UnheardError(name)
    return _suspending(base, {*base.meta.suspended, *names})


def resume(base: Base, ids: Sequence[str]) -> Base:
    """Return a base in which items, or without any all of it, are synced again."""
    if not ids:
        meta = replace(base.meta, is_suspended=False)
        return Base(meta, base.records)
    names = {ours_of(base, text) for text in ids}
    return _suspending(base, {*base.meta.suspended} - names)


def adjust(
    ground: Ground, name: str, change: Callable[[Base], Base], sharing: Sharing, by: Written,
    token: str,
) -> tuple[Meta, tuple[str, ...]]:  # fmt: skip
    """Change what an integration's base says; return what holds for it then, and what to know.

    Raises:
        BaseError: The base cannot be understood, or moved meanwhile.
    """
    start = origin(ground, name, sharing, by, token)
    return _adjusted(ground, start, change(start.base), by)


def unlink(
    ground: Ground, name: str, text: str, sharing: Sharing, by: Written, token: str
) -> tuple[Record, tuple[str, ...]]:
    """Part an item from what it is linked with; the item itself stays on both sides.

    A key that a file states though no base knows of it is taken out of the file all the same.

    Returns:
        What the link was, and what to know.

    Raises:
        UnlinkedError: There is no such link.
        StoreError: The item's file cannot be written.
    """
    start = origin(ground, name, sharing, by, token)
    entity_id = ours_of(start.base, text)
    found = next((item for item in start.base.records.values() if item.id == entity_id), None)
    found = found or _claimed(ground, name, text)
    if found is None:
        raise UnlinkedError(name, text)
    key: Name = (found.kind, found.id)
    landed = land(
        ground, [Done(Action("unlink", *key, found.key))],
        Landing(name, lambda done: _without_id(ground, name, done), by.now),
    )  # fmt: skip
    if why := landed.refused.get(key):
        raise StoreError(f"{found.id} cannot be changed: {why}.", "Commit or stash it first.")
    records = {item: record for item, record in start.base.records.items() if item != key}
    _, notes = _adjusted(ground, start, Base(start.base.meta, records), by)
    return found, notes


def ours_of(base: Base, text: str) -> str:
    """Return the id of ours that somebody means: by it, or by a key or name over there."""
    for record in base.records.values():
        if text in {record.id, record.key, record.name}:
            return record.id
    return text


def _suspending(base: Base, names: set[str]) -> Base:
    return Base(replace(base.meta, suspended=tuple(sorted(names))), base.records)


def _adjusted(
    ground: Ground, start: Origin, new: Base, by: Written
) -> tuple[Meta, tuple[str, ...]]:
    before = start.stored.base if start.stored else None
    if new == before:
        return new.meta, start.notes
    new = Base(replace(new.meta, serial=new.meta.serial + 1), new.records)
    oid = take(ground, start, new, by)
    notes = list(start.notes)
    if start.remote is not None:
        try:
            push_base(ground.repository.git, start.name, start.remote, oid, start.there)
        except ShareError as error:
            notes.append(f"{error.message} {error.hint or ''}".strip())
    return new.meta, tuple(notes)


def _claimed(ground: Ground, name: str, text: str) -> Record | None:
    """Return the link that a file alone states: of an item of that id, or to that key."""
    for kind in KINDS:
        for entity_id, document in ground.snapshot.entities(kind).items():
            stated = (document.get("external_ids") or {}).get(name)
            if stated is not None and text in {entity_id, str(stated)}:
                return Record(kind, entity_id, str(stated), {})
    return None


def _without_id(ground: Ground, name: str, done: Sequence[Done]) -> Patch:
    ops: list[Operation] = []
    for item in done:
        action = item.action
        found = ground.snapshot.entities(action.kind).get(action.id, {}).get("external_ids") or {}
        if name in found:
            path = [action.kind, action.id, "external_ids"]
            ops.append({"op": "remove", "path": join([*path, name] if len(found) > 1 else path)})
    return Patch(tuple(ops))
