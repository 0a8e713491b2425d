"""What a sync is going to do: a plan is complete, and a value, before anything is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from orchestrator.sync.item import Item, Kind
from orchestrator.sync.record import Record

Side = Literal["local", "remote"]
Verb = Literal["noop", "create", "update", "delete", "link", "unlink", "conflict", "skip"]


class FieldChange(NamedTuple):
    """One field that gets another value on one side.

    Attributes:
        name: Of the field.
        side: Where it is written.
        before: What is there now; ids in references, whichever side.
        after: What it will be; ids in references.
        owner: The side that the settings let decide it.
    """

    name: str
    side: Side
    before: Any
    after: Any
    owner: Literal["local", "remote", "both"]


class Clash(NamedTuple):
    """A field that both sides changed, and nobody has chosen.

    Attributes:
        name: Of the field.
        base: What both had agreed on, in our terms; None without a base.
        local: What the file says.
        remote: What the tracker says.
    """

    name: str
    base: Any
    local: Any
    remote: Any


@dataclass(frozen=True, slots=True)
class Action:
    """What is going to happen to one item.

    Attributes:
        verb: `create` and `delete` name in `side` where; `update` may write on both sides;
            `conflict` may still update other fields; `skip` does nothing, and says why.
        kind: Task or project.
        id: Ours; for one that is new here, the id that it will get.
        key: Theirs; None for one that is new there.
        side: Where it is created or deleted; None for the other verbs.
        title: For people.
        fields: What is written, where.
        clashes: What nobody has chosen.
        reason: Why it is skipped, unlinked, deleted, brought back or made anew; "" otherwise.
        item: The item as the tracker has it, where it was read or is remembered.
        left: Fields that differ and are left so, neither written nor agreed on: what the direction,
            a field that is only read, or a value that cannot be held over there forbids.
    """

    verb: Verb
    kind: Kind
    id: str
    key: str | None
    side: Side | None = None
    title: str = ""
    fields: tuple[FieldChange, ...] = ()
    clashes: tuple[Clash, ...] = ()
    reason: str = ""
    item: Item | None = None
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a sync is going to do, and what it leaves.

    Attributes:
        integration: Its name.
        head: The commit that the local side was read from; None without one.
        lineage: Of the base it was made against.
        serial: Of that base.
        actions: In the order of execution: projects before tasks, parents before children,
            targets before dependants, deletions last and children before parents. Without noops.
        unchanged: How many items need nothing.
        warnings: Sentences: unknown states and accounts, values that cannot be held.
        totals: How many of each verb, by side where it has one: `{"create remote": 3}`.
        records: Of items for which nothing is written and the base moves all the same: both sides
            made one change, or the tracker's own notes on the item are new.
    """

    integration: str
    head: str | None
    lineage: str
    serial: int
    actions: tuple[Action, ...]
    unchanged: int = 0
    warnings: tuple[str, ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
