"""An action while it is being decided."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from orchestrator.sync.action import Action, Clash, FieldChange, Side, Verb
from orchestrator.sync.item import Item, Kind
from orchestrator.sync.reconcile.links import Pair
from orchestrator.sync.reconcile.sides import Name

_NUMBERS = re.compile(r"([0-9]{1,18})")


@dataclass(slots=True)
class Draft:
    """An action that may still change: where a task hangs depends on all the others.

    Attributes:
        verb: As in `Action`; `update` until it is known what is left of it.
        kind: Task or project.
        id: Ours.
        key: Theirs, or None.
        title: For people.
        side: Where it is created or deleted.
        changes: What is written, where.
        clashes: What nobody has chosen.
        left: Fields that differ and stay so.
        reason: For people.
        item: As the tracker has it.
        moves: Whether the base moves even when nothing is written.
        pair: The link that it is about, for one that is there already.
    """

    verb: Verb
    kind: Kind
    id: str
    key: str | None = None
    title: str = ""
    side: Side | None = None
    changes: list[FieldChange] = field(default_factory=list)
    clashes: tuple[Clash, ...] = ()
    left: tuple[str, ...] = ()
    reason: str = ""
    item: Item | None = None
    moves: bool = False
    pair: Pair | None = None

    @property
    def name(self) -> Name:
        """By kind and id of ours."""
        return self.kind, self.id

    @property
    def is_idle(self) -> bool:
        """Whether it turned out that nothing is to be done."""
        return self.verb == "update" and not self.changes and not self.clashes

    def written(self, side: Side) -> dict[str, Any]:
        """Return what one side gets."""
        return {change.name: change.after for change in self.changes if change.side == side}

    def put(self, name: str, before: Any, after: Any, sends: Any = None) -> None:
        """Let the file get another value than was decided; `sends` for what goes over there."""
        self.changes = [
            change for change in self.changes if (change.name, change.side) != (name, "local")
        ]
        if before != after:
            self.changes.append(FieldChange(name, "local", before, after, "both"))
        else:
            self.moves = True
        if sends is not None:
            self.changes = [
                change._replace(after=sends)
                if (change.name, change.side) == (name, "remote")
                else change
                for change in self.changes
            ]

    def skip(self, reason: str) -> None:
        """Do nothing, and say why."""
        self.verb, self.side, self.changes, self.reason = "skip", None, [], reason

    def action(self) -> Action:
        """Return it as it stands."""
        verb = self.verb
        if self.clashes and verb in {"update", "link"}:
            verb = "conflict"
        return Action(
            verb, self.kind, self.id, self.key, self.side, self.title, tuple(self.changes),
            self.clashes, self.reason, self.item, self.left,
        )  # fmt: skip


def ordered(drafts: Iterable[Draft], above: dict[Name, list[Name]]) -> list[Draft]:
    """Return drafts in the order of execution.

    Projects before tasks, parents and what is waited for before what waits; deletions last, what
    is below before what is above. Else by id, and what is new from there as it is counted there.

    Args:
        drafts: All that are to be done.
        above: By item, what has to be there before it.
    """
    by_name = {draft.name: draft for draft in drafts}
    names = sorted(by_name, key=lambda name: _rank(by_name[name]))
    found: dict[Name, None] = {}
    for start in names:
        stack = [(start, iter(above.get(start, ())))]
        open_names = {start}
        while stack:
            name, rest = stack[-1]
            needed = next((each for each in rest if each in by_name and each not in found
                           and each not in open_names), None)  # fmt: skip
            if needed is None:
                found[name] = None
                open_names.discard(name)
                stack.pop()
            else:
                open_names.add(needed)
                stack.append((needed, iter(above.get(needed, ()))))
    line = [by_name[name] for name in found]
    return [
        *(draft for draft in line if draft.verb not in {"delete", "unlink"}),
        *(draft for draft in reversed(line) if draft.verb in {"delete", "unlink"}),
    ]


def _rank(draft: Draft) -> tuple[Kind, bool, list[str | int], str]:
    is_import = draft.verb == "create" and draft.side == "local"
    name = draft.item.name if is_import and draft.item is not None else ""
    # Every second part is a number, so that like is compared with like.
    parts = [int(part) if odd % 2 else part for odd, part in enumerate(_NUMBERS.split(name))]
    return draft.kind, is_import, parts, draft.id
