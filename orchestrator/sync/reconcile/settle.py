"""What both sides have agreed on after a run: the base of the next one."""

from collections.abc import Iterable, Mapping
from typing import Any

from orchestrator.model.shape import Document
from orchestrator.sync.action import Action, Plan
from orchestrator.sync.item import REFERENCES, Item, Listing, Wanted
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.reconcile.records import Known, Outcome, is_news, noted, record_after
from orchestrator.sync.reconcile.sides import Local, Name, Represent
from orchestrator.sync.reconcile.values import canonical, local_value
from orchestrator.sync.reconcile.write import known_keys
from orchestrator.sync.record import Agreed, Base, Record

Renewed = dict[Name, Record | None]
"""Records that are to be written, and None for those that are to go."""


def renewed(
    local: Local, base: Base, plan: Plan, done: Iterable[Done], *, is_written: bool = True
) -> Renewed:
    """Return the records that are to be written, and None for those that are to go.

    All others of the base stay as they are. Actions that are not among `done` do not move what was
    agreed on; what was read of their items is noted in `Record.seen`.

    Args:
        local: The files that the plan was made from.
        base: The base that it was made from.
        plan: The plan.
        done: What succeeded over there, and is in the local patch.
        is_written: Whether the local patch is on the branch that is synced. When it is not (it
            failed, or went to a branch for review) nothing that it says counts as agreed on.
    """
    by_name = {(each.action.kind, each.action.id): each for each in done}
    known = _known(base, plan, by_name, is_written=is_written)
    owners = {(record.kind, record.key): name for name, record in base.records.items()}
    found: Renewed = {(record.kind, record.id): record for record in plan.records}
    for action in plan.actions:
        name = (action.kind, action.id)
        old_name = owners.get((action.kind, action.key), name) if action.key else name
        old = base.records.get(old_name)
        each = by_name.get(name)
        if each is None or action.verb == "skip":
            if old is not None and action.item is not None and action.item.key == old.key:
                new = noted(old, action.item)
                found |= {old_name: new} if is_news(old, new) else {}
            continue
        if _ends(action, is_written=is_written):
            found[old_name] = None
        elif _begins(action, each, is_written=is_written):
            outcome = Outcome(action, each.item, each.sent, is_written)
            is_made = action.verb == "create"
            document = local.document(*name)
            found[name] = record_after(None if is_made else old, document, outcome, known)
            if old_name != name:
                found[old_name] = None
    return found


def recovered(asked: Wanted, document: Document, item: Item, represent: Represent) -> Record:
    """Return the record of an item that was looked for after its `create` was not answered.

    Only what the item holds as it was asked for is agreed on: it may have been edited since.

    Args:
        asked: What was asked for.
        document: The file as it was then.
        item: What `Remote.find` returned.
        represent: `Remote.represent`.
    """

    def see(name: str, value: Any) -> Any:
        shown = value if name in REFERENCES else represent(asked.kind, name, value)
        return canonical(name, shown)

    fields = {
        name: Agreed(local_value(document, name), item.fields[name])
        for name, value in asked.fields.items()
        if name in item.fields
        and name not in {"parent", "dependencies"}
        and see(name, value) == see(name, item.fields[name])
    }
    bare = Record(asked.kind, asked.id, item.key, fields)
    return noted(bare, item)


def next_watermark(
    base: Base, listing: Listing, plan: Plan, done: Iterable[Done], *, is_written: bool = True
) -> str | None:
    """Return from where the tracker is asked next.

    It stays where it was as long as an item that no record remembers was left out.

    Args:
        base: The base that the plan was made from.
        listing: What was read.
        plan: The plan; one that was asked for certain items only must not move the watermark.
        done: As for `renewed`.
        is_written: As for `renewed`.
    """
    remembered = {(record.kind, record.key) for record in base.records.values()}
    remembered |= {
        (each.action.kind, each.action.key or "")
        for each in done
        if is_written or each.action.side != "local"
    }
    for action in plan.actions:
        is_open = action.verb in {"create", "link", "conflict", "skip"} and action.key is not None
        if is_open and (action.kind, action.key) not in remembered:
            return base.meta.watermark
    return listing.watermark


def _ends(action: Action, *, is_written: bool) -> bool:
    if action.verb == "delete":
        return action.side == "remote" or is_written
    return action.verb == "unlink"


def _begins(action: Action, done: Done, *, is_written: bool) -> bool:
    """Return whether an action leaves an item that both sides know."""
    if action.verb == "delete" or (done.item or action.item) is None:
        return False
    if action.verb == "create" and action.side == "local":
        return is_written
    return action.verb in {"create", "update", "conflict", "link"}


def _known(base: Base, plan: Plan, done: Mapping[Name, Done], *, is_written: bool) -> Known:
    keys = known_keys(base, plan)
    for action in plan.actions:
        name = (action.kind, action.id)
        each = done.get(name)
        is_import = action.verb == "create" and action.side == "local"
        is_open = is_import and (each is None or not is_written) and name not in base.records
        if action.verb == "create" and each is not None and each.item is not None:
            keys.add(*name, each.item.key)
        elif is_open or (each is not None and action.verb in {"delete", "unlink"}):
            keys.by_id.pop(name, None)
            keys.ours.discard((action.kind, action.key or ""))
    return Known(set(keys.by_id), keys.ours)
