"""One item's record after something was done, or only read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from orchestrator.model.shape import Document
from orchestrator.sync.action import Action
from orchestrator.sync.item import REFERENCES, Item, Kind
from orchestrator.sync.reconcile.values import MINUTES, SYNCED, canonical, local_value
from orchestrator.sync.record import Agreed, Record


class Outcome(NamedTuple):
    """What became of an action.

    Attributes:
        action: As planned.
        item: As the tracker returned it after the last write; None when nothing was sent.
        sent: The fields that were sent.
        is_written: Whether the file has got what it was to get.
    """

    action: Action
    item: Item | None = None
    sent: frozenset[str] = frozenset()
    is_written: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What references can mean on both sides.

    Attributes:
        ids: Items of ours that have a key.
        keys: Keys that have an item of ours.
    """

    ids: frozenset[tuple[Kind, str]] | set[tuple[Kind, str]]
    keys: frozenset[tuple[Kind, str]] | set[tuple[Kind, str]]

    def here(self, name: str, value: Any) -> Any:
        """Return a reference of ours without what the other side cannot know."""
        return self._part(name, value, self.ids)

    def there(self, name: str, value: Any) -> Any:
        """Return a reference of theirs without what is nobody's here."""
        return self._part(name, value, self.keys)

    @staticmethod
    def _part(name: str, value: Any, known: Any) -> Any:
        # The project stands as it is: what is in none over there is in one here.
        if name not in REFERENCES or name == "project" or value is None:
            return value
        kind = REFERENCES[name]
        if isinstance(value, list | tuple):
            return [each for each in value if (kind, each) in known]
        return value if (kind, value) in known else None


def record_after(
    old: Record | None, document: Document | None, outcome: Outcome, known: Known
) -> Record:
    """Return what both sides agree on after an action.

    What was sent counts as it came back, what was not as it was when the plan was made: a change
    that somebody makes over there in between is seen by the next run.

    Args:
        old: What was agreed on before, or None.
        document: The file when the plan was made, or None when there was none.
        outcome: What was done.
        known: What references can mean after it.
    """
    action, sent = outcome.action, outcome.sent
    after = outcome.item or action.item
    if after is None:
        raise ValueError(action.verb)  # nothing is known of the item, so there is nothing to agree
    read: Mapping[str, Any] = action.item.fields if action.item is not None else after.fields
    taken = {change.name: change.after for change in action.fields if change.side == "local"}
    offered = {change.name for change in action.fields if change.side == "remote"}
    open_names = {*action.left, *(clash.name for clash in action.clashes)}
    open_names |= offered - sent
    open_names |= set() if outcome.is_written else set(taken)
    fields = dict(old.fields) if old is not None else {}
    for name in SYNCED[action.kind]:
        if name not in read or (name in sent and name not in after.fields):
            continue
        now = after.fields[name] if name in sent else read[name]
        if name not in open_names:
            said = taken[name] if name in taken else local_value(document or {}, name)
            fields[name] = Agreed(known.here(name, said), known.there(name, now))
        elif name == MINUTES and name in taken and name in sent and name in fields:
            fields[name] = _half_added(fields[name], document or {}, read[name], now)
    return Record(
        action.kind, action.id, after.key, fields, after.kept, after.name, after.url,
        after.updated_at, _seen(action.kind, fields, {**read, **after.fields}),
    )  # fmt: skip


def noted(record: Record, item: Item) -> Record:
    """Return a record that remembers what was read of its item, and agrees on nothing new."""
    return replace(
        record, kept=item.kept, name=item.name, url=item.url, updated_at=item.updated_at,
        seen=_seen(record.kind, record.fields, item.fields),
    )  # fmt: skip


def is_news(old: Record, new: Record) -> bool:
    """Return whether a record says something new, apart from when the item changed there."""
    return replace(old, updated_at="") != replace(new, updated_at="")


def _seen(kind: Kind, fields: Mapping[str, Agreed], now: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: now[name]
        for name in SYNCED[kind]
        if name in now
        and (
            name not in fields or canonical(name, now[name]) != canonical(name, fields[name].there)
        )
    }


def _half_added(old: Agreed, document: Document, read: Any, now: Any) -> Agreed:
    """Return a base for minutes that were added there and not here, so that none count twice."""
    theirs = int(read or 0) - int(old.there or 0)
    return Agreed(local_value(document, MINUTES), max(0, int(now or 0) - theirs))
