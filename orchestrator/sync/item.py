"""One item of a tracker, in the workspace's own terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Kind = Literal["tasks", "projects"]

REFERENCES: Final[Mapping[str, Kind]] = {
    "parent": "tasks", "dependencies": "tasks", "project": "projects",
}  # fmt: skip
"""Fields of a task that name other items: in an `Item` they hold keys of the tracker's."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A value that the tracker holds and the workspace has no word for.

    It is kept over there, said once as a warning, and never overwrites or empties a field here.

    Attributes:
        text: As the tracker shows it: the name of a state, an account, a priority.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A task or project as a tracker has it.

    Attributes:
        kind: Which of the two.
        key: The tracker's own id, which never changes: a UUID, a page's id, an issue's number.
        fields: By the model's field names, in the model's values (status `in_progress`, assignee
            the id of a user of ours, days `2026-12-01`, minutes, sorted lists of labels), apart
            from references, which hold keys of the tracker's. A field that this tracker cannot
            hold is missing; None, "" or [] is one that is empty over there; `Foreign` is one that
            has no word here.
        kept: What the adapter needs to write to the item later: the id of its state, of its
            relations, further assignees. JSON; nobody else looks into it.
        name: As people call it there: `ENG-12`, `#7`.
        url: Where a browser shows it; "" when unknown.
        updated_at: When it last changed there, as the tracker writes it; only to choose what to
            fetch and who was last, never what changed.
        state: `archived` is still a live item that is out of sight; `trashed` is deleted.
        stamps: created_at, started_at and completed_at there, for an item that is new here.
        external: The id of ours that the item carries as a mark, or None.
    """

    kind: Kind
    key: str
    fields: Mapping[str, Any]
    kept: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    url: str = ""
    updated_at: str = ""
    state: Literal["live", "archived", "trashed"] = "live"
    stamps: Mapping[str, str] = field(default_factory=dict)
    external: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a tracker was asked for at once.

    Attributes:
        items: Projects before tasks; an item stands here once, in its newest form.
        is_complete: Whether every item in scope is here, so that one that is missing may be gone.
        watermark: From when to ask next time, as this tracker writes moments, its own overlap
            taken off; None for a tracker that always lists everything.
        warnings: Sentences about what could not be read.
    """

    items: tuple[Item, ...]
    is_complete: bool
    watermark: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item that is to be made over there.

    Attributes:
        kind: Task or project.
        id: Ours; carried as a mark where the tracker has a place for one.
        token: A UUID of version 4, journalled before the request is sent, for trackers that take
            an id from the client, and to look for the item after a crash.
        fields: As in `Item`; references are keys over there. Only what the tracker can hold.
    """

    kind: Kind
    id: str
    token: str
    fields: Mapping[str, Any]


_FOREIGN: Final = "foreign"


def value_json(value: Any) -> Any:
    """Return a field's value as JSON; a `Foreign` is `{"foreign": text}`."""
    return {_FOREIGN: value.text} if isinstance(value, Foreign) else value


def value_of(document: Any) -> Any:
    """Return the value that `value_json` was given."""
    if isinstance(document, dict) and document.keys() == {_FOREIGN}:
        return Foreign(str(document[_FOREIGN]))
    return document
