"""What both sides last agreed on: the base of the three-way merge, item by item."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from orchestrator.sync.item import Kind


class Agreed(NamedTuple):
    """One field at the last sync.

    Two values, since the two sides need not hold the same: a tracker without `blocked` shows
    `in_progress`, rewrites Markdown, or knows an account that nobody here is. A side has changed
    when it no longer represents what is written here for it.

    Attributes:
        here: In the file; references are ids.
        there: In the tracker, as it was read back; references are keys.
    """

    here: Any
    there: Any


@dataclass(frozen=True, slots=True)
class Record:
    """One item that exists on both sides.

    Attributes:
        kind: Task or project.
        id: Ours.
        key: Theirs.
        fields: That were agreed on, by name; one that is missing has no base.
        kept: The adapter's, as of the last reading.
        name: As people call it there.
        url: Where a browser shows it.
        updated_at: As the tracker wrote it at the last reading.
        seen: Fields that the tracker was last seen to hold otherwise than was agreed on: of a
            clash, of a write that failed. A listing of what changed since does not repeat them.
            `{"id": None}` when the item was not among all of them when they were last listed.
    """

    kind: Kind
    id: str
    key: str
    fields: Mapping[str, Agreed]
    kept: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    url: str = ""
    updated_at: str = ""
    seen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meta:
    """What holds for an integration's base as a whole.

    Attributes:
        lineage: A UUID made with the first base: bases of two lineages are never mixed.
        serial: One more with each write.
        watermark: From where the tracker is asked next; None for everything.
        head: The commit whose plan the `here` values are from; a branch that does not contain it
            lacks changes that others have synced already.
        listed_at: When everything was last listed, or None.
        is_suspended: Whether nothing is to be synced for now.
        suspended: Ids that are left alone for now.
        tie: A digest of what the settings said when everything was last listed: what was read with
            other settings may mean something else by now. None where nobody noted it.
        version: Of this format.
    """

    lineage: str
    serial: int = 0
    watermark: str | None = None
    head: str | None = None
    listed_at: str | None = None
    is_suspended: bool = False
    suspended: tuple[str, ...] = ()
    tie: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Base:
    """The base of one integration.

    Attributes:
        meta: What holds for it as a whole.
        records: By kind and id of ours.
    """

    meta: Meta
    records: Mapping[tuple[Kind, str], Record] = field(default_factory=dict)
