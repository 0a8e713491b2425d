"""From the actions of a plan to what is sent to the tracker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from orchestrator.sync.action import Action, Plan
from orchestrator.sync.item import REFERENCES, Item, Kind, Wanted
from orchestrator.sync.reconcile.sides import Represent
from orchestrator.sync.reconcile.values import canonical
from orchestrator.sync.record import Base


@dataclass(slots=True)
class Keys:
    """The keys over there by our ids, growing while items are made.

    Attributes:
        by_id: Key by kind and id.
        ours: Every key that belongs to an item of ours, or did, by kind and key: what a set of
            references over there holds beside them is not ours to change.
    """

    by_id: dict[tuple[Kind, str], str] = field(default_factory=dict)
    ours: set[tuple[Kind, str]] = field(default_factory=set)

    def add(self, kind: Kind, entity_id: str, key: str) -> None:
        """Note that an item of ours has a key now."""
        self.by_id[kind, entity_id] = key
        self.ours.add((kind, key))


def known_keys(base: Base, plan: Plan) -> Keys:
    """Return the keys that are known before the first write of a plan."""
    keys = Keys()
    for record in base.records.values():
        keys.add(record.kind, record.id, record.key)
    for action in plan.actions:
        name = (action.kind, action.id)
        if action.verb == "create" and action.side == "remote":
            keys.by_id.pop(name, None)
        elif action.key is not None and action.verb != "skip":
            keys.add(*name, action.key)
    return keys


def wanted(action: Action, token: str, keys: Keys) -> Wanted:
    """Return what a `create` on the remote side asks for.

    References to items that have no key yet are left out; `rest` asks for them when they have.

    Args:
        action: The create.
        token: A UUID of version 4.
        keys: Those that are known so far.
    """
    return Wanted(action.kind, action.id, token, _sendable(action, keys))


def rest(action: Action, made: Item, keys: Keys, represent: Represent) -> dict[str, Any]:
    """Return what a created item still lacks of what its action says, for `Remote.update`.

    To be asked once all creates are done; empty when nothing is missing. A field that the tracker
    does not show cannot be seen to be missing.

    Args:
        action: The create.
        made: The item as it was returned.
        keys: Those that are known by now.
        represent: `Remote.represent`.
    """

    def see(name: str, value: Any) -> Any:
        shown = value if name in REFERENCES else represent(action.kind, name, value)
        return canonical(name, shown)

    return {
        name: value
        for name, value in _sendable(action, keys).items()
        if name in made.fields and see(name, value) != see(name, made.fields[name])
    }


def changes(action: Action, keys: Keys) -> dict[str, Any]:
    """Return the changes that an action makes over there, for `Remote.update`; empty for none.

    Elements of sets of references that are nobody's here stay in the set. A reference to an item
    that has no key, since making it failed, is left out.
    """
    return {} if action.verb in _NEVER_SENT else _sendable(action, keys)


_NEVER_SENT: Final = frozenset({"skip", "delete", "unlink", "noop"})


def awaited(action: Action, failed: Mapping[tuple[Kind, str], str]) -> str | None:
    """Return why a create cannot be sent: its parent or project was not made; or None.

    Args:
        action: The create.
        failed: Creates that failed or were left out in this run, by kind and id, with the reason.
    """
    if action.verb != "create" or action.side != "remote":
        return None
    for change in action.fields:
        if change.side != "remote" or change.name not in {"parent", "project"}:
            continue
        if (REFERENCES[change.name], change.after) in failed:
            return f"{change.after} , which it belongs under, was not made"
    return None


def _sendable(action: Action, keys: Keys) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for change in action.fields:
        if change.side != "remote":
            continue
        if change.name not in REFERENCES:
            found[change.name] = change.after
            continue
        kind = REFERENCES[change.name]
        if isinstance(change.after, list | tuple):
            found[change.name] = _with_strangers(action, change.name, change.after, keys)
        elif change.after is None:
            found[change.name] = None
        elif (kind, change.after) in keys.by_id:
            found[change.name] = keys.by_id[kind, change.after]
    return found


def _with_strangers(action: Action, name: str, ids: Any, keys: Keys) -> list[str]:
    kind = REFERENCES[name]
    there = action.item.fields.get(name) if action.item is not None else ()
    strangers = [key for key in there or () if (kind, key) not in keys.ours]
    known = [keys.by_id[kind, each] for each in ids if (kind, each) in keys.by_id]
    return sorted({*known, *strangers})
