"""What a plan is made from: the files at one commit, the tracker as it was read, and the wishes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.sync.action import Side
from orchestrator.sync.item import Item, Kind, Listing
from orchestrator.sync.remote import Capabilities

Name = tuple[Kind, str]
"""An item by kind and id of ours."""

Represent = Callable[[Kind, str, Any], Any]


@dataclass(frozen=True, slots=True)
class Local:
    """The plan's items at one commit.

    Attributes:
        documents: By kind and id, deleted ones included; a task's has `project`.
        head: The commit, or None.
        users: Ids that may be named, or None when any may.
        unreadable: Items whose file cannot be read; nothing is known about them.
        faulty: Fields that are in the file and cannot be read, by item; they count as unknown.
        max_depth: The deepest level that a task may have; roots have 0.
    """

    documents: Mapping[Kind, Mapping[str, Document]]
    head: str | None = None
    users: frozenset[str] | None = None
    unreadable: frozenset[Name] = frozenset()
    faulty: Mapping[Name, frozenset[str]] = field(default_factory=dict)
    max_depth: int = 5

    def document(self, kind: Kind, entity_id: str) -> Document | None:
        """Return an item's document, deleted or not, or None when there is no file."""
        return self.documents[kind].get(entity_id)


@dataclass(frozen=True, slots=True)
class There:
    """The tracker's side.

    Attributes:
        listing: What `Remote.fetch` returned.
        can: What `Remote.greet` returned.
        represent: `Remote.represent`.
        looked: What `Remote.look` said of the records that `plan.missing` named, by kind and key:
            the item, or None when it is gone.
    """

    listing: Listing
    can: Capabilities
    represent: Represent
    looked: Mapping[tuple[Kind, str], Item | None] = field(default_factory=dict)


def _never(_kind: Kind, _entity_id: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Wish:
    """What one run is to do otherwise.

    Attributes:
        newest: When the file of an item last changed, for `on_conflict: newest`; asked only about
            fields that both sides changed.
        choices: The side that somebody has chosen, by kind, id and field: it beats the settings.
        only: Ids that alone are looked at (ours, or a key or name of theirs); None for all.
        allow_deletions: Whether many may be deleted at once.
    """

    newest: Callable[[Kind, str], datetime | None] = _never
    choices: Mapping[tuple[Kind, str, str], Side] = field(default_factory=dict)
    only: frozenset[str] | None = None
    allow_deletions: bool = False


def local_side(snapshot: Snapshot, head: str | None = None) -> Local:
    """Return the plan's side of a sync."""
    kinds: tuple[Kind, ...] = ("projects", "tasks")
    faulty = {
        (kind, entity_id): frozenset(raw) - frozenset(snapshot.entities(kind)[entity_id])
        for (kind, entity_id), raw in snapshot.raw.items()
        if kind in {"projects", "tasks"}
    }
    users = {*snapshot.users, *(name for kind, name in snapshot.unreadable if kind == "users")}
    return Local(
        {kind: snapshot.entities(kind) for kind in kinds},
        head,
        frozenset(users) if snapshot.users else None,
        frozenset((kind, name) for kind, name in snapshot.unreadable if kind in kinds),
        faulty,
        snapshot.max_depth,
    )
