"""Items that exist on both sides and are to be linked: by title, or by the mark they carry."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from orchestrator.errors import OrchestratorError
from orchestrator.sync.action import Action, Plan
from orchestrator.sync.item import Item, Kind
from orchestrator.sync.reconcile.links import KINDS, Key, newest_items
from orchestrator.sync.reconcile.plan import totals
from orchestrator.sync.reconcile.sides import Local, Name, There
from orchestrator.sync.record import Base
from orchestrator.sync.remote import Tie


class AdoptionError(OrchestratorError):
    """Two items cannot be linked."""


def adopt(
    local: Local, there: There, base: Base, tie: Tie, match: Literal["title", "external"]
) -> Plan:
    """Return a plan of `link` actions, and of `skip` where more than one fits.

    Its actions write no field: `pull.local_patch` notes the keys in the files, and a run that is
    planned after that finds the links by them and compares the two sides field by field. They are
    not for `settle.renewed`, which would take both sides for agreed.

    Args:
        local: The files.
        there: The tracker, listed completely.
        base: What is linked already.
        tie: The integration.
        match: `title`: equal apart from case and spaces, tasks within linked projects; `external`:
            the item carries an id of ours.
    """
    free = _Free(local, there, base, tie)
    actions: list[Action] = []
    for kind in KINDS:
        linked = {action.key: action.id for action in actions if action.verb == "link"}
        for ids, items in free.groups(kind, match, linked):
            if len(ids) == len(items) == 1:
                actions.append(_link(local, kind, ids[0], items[0]))
                continue
            keys = ", ".join(item.name or item.key for item in items)
            for entity_id in ids:
                others = ", ".join(each for each in ids if each != entity_id)
                why = f"{keys} fit" if len(items) > 1 else f"{keys} fits {others} as well"
                actions.append(replace(_link(local, kind, entity_id, items[0]), verb="skip",
                                       key=None, item=None, reason=why))  # fmt: skip
    return _plan(local, base, tie, actions)


def join(local: Local, there: There, base: Base, tie: Tie, pair: tuple[str, str]) -> Plan:
    """Return the plan that links one item of ours with one of theirs.

    Args:
        local: The files.
        there: The tracker, with the item in its listing.
        base: What is linked already.
        tie: The integration.
        pair: Our id, and their key or name.

    Raises:
        AdoptionError: One of them is not there, or is linked already.
    """
    entity_id, word = pair
    for kind in KINDS:
        document = local.document(kind, entity_id)
        if document is None:
            continue
        if document.get("deleted_at"):
            raise AdoptionError(f"{entity_id} is deleted.", "Restore it first.")
        if (kind, entity_id) in base.records:
            other = base.records[kind, entity_id]
            raise AdoptionError(
                f"{entity_id} is linked to {other.name or other.key} already.",
                f"orchestrator sync unlink {tie.name} {entity_id} first.",
            )
        found = [
            item
            for item in newest_items(there).values()
            if item.kind == kind and word in {item.key, item.name} and item.state != "trashed"
        ]
        if len(found) != 1:
            many = "several items there fit" if found else "there is no such item"
            raise AdoptionError(f"{word[:80]} cannot be linked: {many}.", "Give its key.")
        for record in base.records.values():
            if (record.kind, record.key) == (kind, found[0].key):
                raise AdoptionError(
                    f"{word[:80]} is linked to {record.id} already.",
                    f"orchestrator sync unlink {tie.name} {record.id} first.",
                )
        return _plan(local, base, tie, [_link(local, kind, entity_id, found[0])])
    raise AdoptionError(
        f"There is no task or project {entity_id[:80]} .", "orchestrator task list shows the tasks."
    )


def normal_title(text: str) -> str:
    """Return a title to compare: without case, and with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class _Free:
    """What is linked on neither side."""

    def __init__(self, local: Local, there: There, base: Base, tie: Tie) -> None:
        self._local = local
        self._taken = {(record.kind, record.key): record.id for record in base.records.values()}
        self._records = base.records
        self._tie = tie
        items = newest_items(there)
        self._items = [item for key, item in items.items()
                       if key not in self._taken and item.state != "trashed"]  # fmt: skip

    def groups(
        self, kind: Kind, match: Literal["title", "external"], linked: dict[str | None, str]
    ) -> Iterator[tuple[list[str], list[Item]]]:
        """Yield ids and items that fit one another, each group once."""
        ours = [name for name in self._local.documents[kind] if self._is_free((kind, name))]
        theirs = [item for item in self._items if item.kind == kind]
        if match == "external":
            marked: dict[str, list[Item]] = {}
            for item in theirs:
                marked.setdefault(item.external or "", []).append(item)
            yield from (([name], marked[name]) for name in ours if name in marked)
            return
        by_title: dict[str, tuple[list[str], list[Item]]] = {}
        for name in ours:
            title = normal_title(str(self._local.documents[kind][name].get("title", "")))
            by_title.setdefault(title, ([], []))[0].append(name)
        for item in theirs:
            title = normal_title(str(item.fields.get("title") or ""))
            if title in by_title:
                by_title[title][1].append(item)
        for ids, items in by_title.values():
            if items:
                yield from self._by_place(kind, ids, items, linked)

    def _by_place(
        self, kind: Kind, ids: list[str], items: list[Item], linked: dict[str | None, str]
    ) -> Iterator[tuple[list[str], list[Item]]]:
        """Yield what has one title by project, where that tells the items apart."""
        here = {name: self._place(kind, name, linked) for name in ids}
        there = {item.key: self._project(item, linked) for item in items}
        if len(ids) == len(items) == 1:
            places = {*here.values(), *there.values()} - {None}
            if len(places) <= 1:
                yield ids, items
            return
        for place in dict.fromkeys(here.values()):
            group = (
                [name for name in ids if here[name] == place],
                [item for item in items if there[item.key] == place],
            )
            if group[1]:
                yield group

    def _is_free(self, name: Name) -> bool:
        document = self._local.document(*name) or {}
        stated = self._tie.name in (document.get("external_ids") or {})
        return not document.get("deleted_at") and name not in self._records and not stated

    def _project(self, item: Item, linked: dict[str | None, str]) -> str | None:
        key = item.fields.get("project") if item.kind == "tasks" else None
        if key is None:
            return None
        spot: Key = ("projects", str(key))
        return linked.get(str(key)) or self._taken.get(spot) or f"?{key}"

    def _place(self, kind: Kind, name: str, linked: dict[str | None, str]) -> str | None:
        if kind != "tasks":
            return None
        project = str(self._local.documents[kind][name].get("project"))
        is_linked = ("projects", project) in self._records or project in linked.values()
        return project if is_linked else None


def _link(local: Local, kind: Kind, entity_id: str, item: Item) -> Action:
    title = str((local.document(kind, entity_id) or {}).get("title") or "")
    return Action("link", kind, entity_id, item.key, None, title, item=item)


def _plan(local: Local, base: Base, tie: Tie, actions: Iterable[Action]) -> Plan:
    done = tuple(actions)
    meta = base.meta
    return Plan(tie.name, local.head, meta.lineage, meta.serial, done, totals=totals(done))
