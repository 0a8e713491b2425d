"""Which item here is which over there: by the base, else by the key that a file states."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from orchestrator.model.shape import Document
from orchestrator.sync.item import Item, Kind
from orchestrator.sync.reconcile.sides import Local, Name, There
from orchestrator.sync.record import Base, Record
from orchestrator.sync.remote import Capabilities, Tie

KINDS: Final[tuple[Kind, ...]] = ("projects", "tasks")

ABSENT: Final = "id"
"""Stands in `Record.seen` for an item that a complete listing did not show."""

Key = tuple[Kind, str]
"""An item by kind and key of theirs."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One item on both sides.

    Attributes:
        kind: Task or project.
        id: Ours; a file that was renamed has its new one.
        key: Theirs.
        record: What was agreed on, or None for a link that is new.
        item: As it was read in this run, or as the base remembers it; None when it is gone there:
            not in a complete listing, and not found when asked for.
        is_missing: Whether it was not in the last complete listing and nobody asked for it.
    """

    kind: Kind
    id: str
    key: str
    record: Record | None
    item: Item | None
    is_missing: bool = False

    @property
    def name(self) -> Name:
        """By kind and id of ours."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class Links:
    """Every item of both sides, told apart.

    Attributes:
        pairs: Linked items by kind and id.
        ids: Our id by kind and key, of the pairs.
        local: Live items of ours in scope that have no link and claim none.
        remote: Items of theirs that have no link, and nobody claims; no trashed ones.
        refused: Why an item is left alone, by kind and id, with its key where it has one.
    """

    pairs: Mapping[Name, Pair]
    ids: Mapping[Key, str]
    local: tuple[Name, ...]
    remote: tuple[Item, ...]
    refused: Mapping[Name, tuple[str | None, str]] = field(default_factory=dict)


def newest_items(there: There) -> dict[Key, Item]:
    """Return what was read in this run by kind and key, each item once in its newest form."""
    found: dict[Key, Item] = {}
    looked = (item for item in there.looked.values() if item is not None)
    for item in (*there.listing.items, *looked):
        other = found.get((item.kind, item.key))
        if other is None or other.updated_at <= item.updated_at:
            found[item.kind, item.key] = item
    return found


def remembered(record: Record) -> Item:
    """Return an item as the base remembers it, for one that was not listed."""
    fields = {name: agreed.there for name, agreed in record.fields.items()} | dict(record.seen)
    fields.pop(ABSENT, None)
    return Item(
        record.kind, record.key, fields, record.kept, record.name, record.url,
        record.updated_at,
    )  # fmt: skip


def is_in_scope(tie: Tie, kind: Kind, entity_id: str, document: Document) -> bool:
    """Return whether an item belongs to what is mirrored."""
    if tie.projects is None:
        return True
    return (entity_id if kind == "projects" else document.get("project")) in tie.projects


def can_make(can: Capabilities, kind: Kind) -> bool:
    """Return whether items of a kind can be made over there."""
    return can.fields.get(kind, {}).get("title") in {"both", "create"}


def link(local: Local, there: There, base: Base, tie: Tie) -> Links:
    """Return which item is which.

    Two of ours that claim one of theirs, or two of theirs that fit one of ours, are left alone,
    all of them: to guess could overwrite either.
    """
    items = newest_items(there)
    claims = dict(_claims(local, base, tie))
    owners, refused = _owners(local, base, claims)
    pairs = {
        (record.kind, entity_id): _pair(record, entity_id, items, there)
        for (_, entity_id), record in owners.items()
    }
    taken: dict[Key, Name] = {(pair.kind, pair.key): name for name, pair in pairs.items()}
    taken |= {(record.kind, record.key): name for name, record in base.records.items()
              if (record.kind, record.key) not in taken}  # fmt: skip
    barred = _claimed(
        local, items, taken, claims, (pairs, refused), _Way(tie.name, there.listing.is_complete)
    )
    for name, key in _marks(local, items, taken, base):
        if name not in pairs and name not in claims:
            refused[name] = (key, _MARKED.format(tie.name))
            barred.add((name[0], key))
    linked = {(pair.kind, pair.key): pair.id for pair in pairs.values()}
    free = (
        item
        for key, item in items.items()
        if key not in linked and key not in taken and key not in barred and item.state != "trashed"
    )
    return Links(
        pairs, linked, tuple(_unlinked(local, tie, pairs, refused, claims)), tuple(free), refused
    )


_MARKED = "an item there carries its mark: orchestrator sync link {} --match external joins them"


class _Way(NamedTuple):
    """How somebody gets out of a key that leads nowhere."""

    tracker: str
    is_complete: bool

    def out(self, entity_id: str) -> str:
        if not self.is_complete:
            return "--full lists everything"
        return f"orchestrator sync unlink {self.tracker} {entity_id} takes that back"


def _claims(local: Local, base: Base, tie: Tie) -> Iterator[tuple[Name, str]]:
    """Yield the key or name that a file states for itself, where the base does not know it."""
    for kind in KINDS:
        for entity_id, document in local.documents[kind].items():
            stated: Any = document.get("external_ids")
            if stated and tie.name in stated and (kind, entity_id) not in base.records:
                yield (kind, entity_id), str(stated[tie.name])


def _owners(
    local: Local, base: Base, claims: Mapping[Name, str]
) -> tuple[dict[Name, Record], dict[Name, tuple[str | None, str]]]:
    """Return the records by the id that each belongs to now, and what is left alone.

    A file that was renamed takes its record along: its old id is gone, and it states the key.
    """
    claimants: dict[Key, list[Name]] = {}
    for (kind, entity_id), stated in claims.items():
        claimants.setdefault((kind, stated), []).append((kind, entity_id))
    by_key: dict[Key, list[Name]] = {}
    for name, record in base.records.items():
        by_key.setdefault((record.kind, record.key), []).append(name)
    owners: dict[Name, Record] = {}
    refused: dict[Name, tuple[str | None, str]] = {}
    for name, record in base.records.items():
        twins = by_key[record.kind, record.key]
        if len(twins) > 1:
            others = ", ".join(entity_id for _, entity_id in twins if entity_id != name[1])
            refused[name] = (record.key, f"{others} is linked to the same item")
            continue
        rivals: list[Name] = []
        if claimants:
            words = sorted({record.key, record.name})
            rivals = [each for word in words for each in claimants.get((record.kind, word), ())]
        is_there = local.document(*name) is not None or name in local.unreadable
        if not rivals:
            owners[name] = record
        elif len(rivals) == 1 and not is_there:
            owners[rivals[0]] = record
        else:
            for each in (name, *rivals) if is_there else rivals:
                others = ", ".join(sorted({other for _, other in (name, *rivals)} - {each[1]}))
                refused[each] = (record.key, f"{others} is linked to the same item")
    return owners, refused


def _pair(record: Record, entity_id: str, items: Mapping[Key, Item], there: There) -> Pair:
    key = (record.kind, record.key)
    item = items.get(key)
    if item is not None:
        is_gone = item.state == "trashed"
        return Pair(record.kind, entity_id, record.key, record, None if is_gone else item)
    if key in there.looked:
        return Pair(record.kind, entity_id, record.key, record, None)
    is_missing = there.listing.is_complete or ABSENT in record.seen
    is_missing = is_missing and record.kind in there.can.fields
    return Pair(record.kind, entity_id, record.key, record, remembered(record), is_missing)


def _claimed(
    local: Local,
    items: Mapping[Key, Item],
    taken: Mapping[Key, Name],
    claims: Mapping[Name, str],
    found: tuple[dict[Name, Pair], dict[Name, tuple[str | None, str]]],
    way: _Way,
) -> set[Key]:
    """Link the files that state a key, or say why not; return the items that are left alone."""
    pairs, refused = found
    barred: set[Key] = set()
    if not claims:
        return barred
    by_word: dict[Key, set[str]] = {}
    for kind, key in items:
        for word in {key, items[kind, key].name} - {""}:
            by_word.setdefault((kind, word), set()).add(key)
    rivals: dict[Key, list[str]] = {}
    for (kind, entity_id), word in claims.items():
        rivals.setdefault((kind, word), []).append(entity_id)
    for (kind, entity_id), word in claims.items():
        name = (kind, entity_id)
        if name in pairs or name in refused:
            continue
        document = local.documents[kind][entity_id]
        keys = by_word.get((kind, word), set())
        barred |= {(kind, each) for each in keys}
        found_key = next(iter(keys)) if len(keys) == 1 else None
        states = {items[kind, each].state for each in keys}
        if document.get("deleted_at") and states <= {"trashed"}:
            continue  # it went the same way on both sides
        if found_key is None:
            why = "which fits several items" if keys else "which is not among what was listed"
            refused[name] = (None, f"it says that it is {word} there, {why}: {way.out(entity_id)}")
        elif (owner := taken.get((kind, found_key))) is not None:
            refused[name] = (found_key, f"{owner[1]} is linked to the same item")
        elif others := [each for each in rivals[kind, word] if each != entity_id]:
            refused[name] = (found_key, f"{', '.join(others)} says that it is the same item")
        elif document.get("deleted_at"):
            refused[name] = (found_key, "it is deleted here, and nothing says what was agreed on")
        elif items[kind, found_key].state == "trashed":
            refused[name] = (found_key, "it is deleted there, and nothing says what was agreed on")
        else:
            pairs[name] = Pair(kind, entity_id, found_key, None, items[kind, found_key])
    return barred


def _marks(
    local: Local, items: Mapping[Key, Item], taken: Mapping[Key, Name], base: Base
) -> Iterator[tuple[Name, str]]:
    """Yield our live items without a record whose mark an item over there carries, with its key."""
    for (kind, key), item in items.items():
        if item.external is None or (kind, key) in taken or item.state == "trashed":
            continue
        document = local.document(kind, item.external)
        is_live = document is not None and not document.get("deleted_at")
        if is_live and (kind, item.external) not in base.records:
            yield (kind, item.external), key


def _unlinked(local: Local, tie: Tie, *elsewhere: Iterable[Name]) -> Iterator[Name]:
    known = [set(names) for names in elsewhere]
    for kind in KINDS:
        for entity_id, document in local.documents[kind].items():
            name = (kind, entity_id)
            if document.get("deleted_at") or any(name in names for names in known):
                continue
            if is_in_scope(tie, kind, entity_id, document):
                yield name
