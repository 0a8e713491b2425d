"""What becomes of a linked item as a whole: kept in step, deleted, brought back, left alone."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from orchestrator.model.shape import Document
from orchestrator.sync.item import REFERENCES, Kind
from orchestrator.sync.reconcile.links import Key, Pair
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.reconcile.stage import Stage, scope_fault
from orchestrator.sync.reconcile.values import canonical, local_value


class Fate(NamedTuple):
    """What becomes of a linked item.

    Attributes:
        deed: `step`: compared field by field. `restore`: deleted here and edited there since, so
            it comes back. `anew`: the other way round. `unlink`: gone on both sides.
        why: For people; "" where nothing needs saying.
    """

    deed: Literal["step", "restore", "anew", "delete here", "delete there", "unlink", "skip"]
    why: str = ""


def fates(stage: Stage) -> dict[Name, Fate]:
    """Return what becomes of each linked item."""
    gone = {
        (pair.kind, pair.key)
        for pair in stage.links.pairs.values()
        if pair.item is None or pair.is_missing
    }
    found = {name: _fate(stage, pair, gone) for name, pair in stage.links.pairs.items()}
    return _with_those_above(stage, found)


STEP = Fate("step")


def _fate(stage: Stage, pair: Pair, gone: set[Key]) -> Fate:
    if pair.name in stage.local.unreadable:
        return Fate("skip", "its file cannot be read")
    if pair.id in stage.base.meta.suspended:
        return Fate("skip", "it is suspended")
    document = stage.local.document(*pair.name)
    is_here = document is not None and not document.get("deleted_at")
    if is_here and pair.item is not None and not pair.is_missing:
        fault = scope_fault(stage, pair) if stage.tie.projects is not None else None
        return STEP if fault is None else Fate("skip", fault)
    if fault := scope_fault(stage, pair):
        return Fate("skip", fault)
    if pair.kind not in stage.fields:
        return Fate("skip", "the tracker shows no such items to this account")
    if pair.is_missing:
        gone_there = "it is not among what is listed there"
        return Fate("skip", gone_there if is_here else f"it is deleted here, and {gone_there}")
    if document is not None and is_here:
        return _gone_there(stage, pair, document)
    if pair.item is None:
        return Fate("unlink", "it is gone on both sides")
    return _gone_here(stage, pair, gone)


def _gone_there(stage: Stage, pair: Pair, document: Document) -> Fate:
    if is_edited_here(stage, pair, document):
        if not stage.sends():
            return Fate("skip", "it is deleted there, and was edited here since")
        return Fate("anew", "it was deleted there, and edited here since")
    if not stage.takes():
        return Fate("skip", "it is deleted there, and nothing is written here")
    if not stage.tie.prune:
        return Fate("skip", "it is deleted there, and prune is off")
    return Fate("delete here", "it was deleted there")


def _gone_here(stage: Stage, pair: Pair, gone: set[Key]) -> Fate:
    if _is_edited_there(stage, pair, gone):
        if not stage.takes():
            return Fate("skip", "it is deleted here, and was edited there since")
        return Fate("restore", "it was deleted here, and edited there since")
    if not stage.sends():
        return Fate("skip", "it is deleted here, and nothing is written there")
    if not stage.tie.prune:
        return Fate("skip", "it is deleted here, and prune is off")
    return Fate("delete there", "it was deleted here")


def is_edited_here(stage: Stage, pair: Pair, document: Document) -> bool:
    """Return whether a file says something else than at the last sync, that crosses over."""
    record = pair.record
    if record is None:
        return True
    for name in stage.fields.get(pair.kind, {}):
        agreed = record.fields.get(name)
        if agreed is None or stage.tie.owner.get(name) == "remote":
            continue
        if name in stage.local.faulty.get(pair.name, ()):
            continue
        now = local_value(document, name)
        if name == "dependencies":
            # What could not be held there is not in the base, and is no news.
            known = set(agreed.here or ())
            now = [each for each in now or () if each in known or _is_linked(stage, each)]
        if _differ(stage, pair, name, agreed.here, now):
            if name == "parent" and agreed.here is None and not _is_linked(stage, str(now)):
                continue
            return True
    return False


def _is_linked(stage: Stage, task_id: str) -> bool:
    return ("tasks", task_id) in stage.links.pairs


def _is_edited_there(stage: Stage, pair: Pair, gone: set[Key]) -> bool:
    """Return whether the tracker says something else than at the last sync.

    That it dropped a reference to an item that is gone is its own doing.
    """
    record, item = pair.record, pair.item
    if record is None or item is None:
        return True
    for name in stage.fields.get(pair.kind, {}):
        agreed = record.fields.get(name)
        if agreed is None or name not in item.fields or stage.tie.owner.get(name) == "local":
            continue
        was, now = agreed.there, item.fields[name]
        if (kind := REFERENCES.get(name)) is not None:
            was, now = _known(stage, kind, was, gone), _known(stage, kind, now, gone)
        if _differ(stage, pair, name, was, now):
            return True
    return False


def _known(stage: Stage, kind: Kind, value: object, gone: set[Key]) -> object:
    keys = value if isinstance(value, list | tuple) else [value]
    ids = stage.links.ids
    kept = [key for key in keys if (kind, key) in ids and (kind, key) not in gone]
    return kept if isinstance(value, list | tuple) else next(iter(kept), None)


def _differ(stage: Stage, pair: Pair, name: str, was: object, now: object) -> bool:
    if canonical(name, was) == canonical(name, now):
        return False
    see = stage.lens.see
    return bool(see(pair.kind, name, was) != see(pair.kind, name, now))


def _with_those_above(stage: Stage, found: dict[Name, Fate]) -> dict[Name, Fate]:
    """Bring back what a task that comes back belongs under, and its project."""
    above: Mapping[Name, Fate] = {
        name: fate for name, fate in found.items() if fate.deed == "restore"
    }
    stack = list(above)
    while stack:
        kind, entity_id = stack.pop()
        document = stage.local.document(kind, entity_id)
        if kind != "tasks" or document is None:
            continue
        needed: list[Name] = [("projects", str(document.get("project")))]
        if document.get("parent"):
            needed.append(("tasks", str(document["parent"])))
        for name in needed:
            there = stage.local.document(*name)
            if there is None or not there.get("deleted_at"):
                continue
            fate = found.get(name)
            is_there = fate is not None and stage.links.pairs[name].item is not None
            if fate is not None and is_there and fate.deed in {"delete there", "skip"}:
                found[name] = Fate("restore", f"{entity_id} comes back")
                stack.append(name)
            elif name[0] == "projects" and (fate is None or fate.deed != "restore"):
                found[kind, entity_id] = Fate(
                    "skip", f"it was edited there since its project {name[1]} was deleted here"
                )
    return found
