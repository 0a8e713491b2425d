"""The plan of a sync: what each item needs, on which side, and why not."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from orchestrator.model.ids import TASK_ID
from orchestrator.sync.action import Action, FieldChange, Plan
from orchestrator.sync.item import Item
from orchestrator.sync.reconcile.compare import NOTHING, Compared, compare
from orchestrator.sync.reconcile.draft import Draft, ordered
from orchestrator.sync.reconcile.fate import STEP, Fate, fates, is_edited_here
from orchestrator.sync.reconcile.fresh import Incoming, home_draft, imported, incoming, made
from orchestrator.sync.reconcile.guard import EmptyListingError, refuse_many
from orchestrator.sync.reconcile.links import ABSENT, Pair, newest_items
from orchestrator.sync.reconcile.placing import above, place, remain
from orchestrator.sync.reconcile.records import Known, Outcome, is_news, noted, record_after
from orchestrator.sync.reconcile.refs import Frame
from orchestrator.sync.reconcile.sides import Local, Name, There, Wish
from orchestrator.sync.reconcile.stage import Stage, set_stage, to_make
from orchestrator.sync.record import Base, Record
from orchestrator.sync.remote import Tie

_PLAIN = Wish()
_ENDS_IN_ID = re.compile(rf"(?:^|\s){TASK_ID}$").search


def missing(
    local: Local, there: There, base: Base, tie: Tie, wish: Wish = _PLAIN
) -> tuple[Record, ...]:
    """Return the linked items that may be gone over there: ask `Remote.look` about each of them.

    The answers go into `There.looked`. Only those are named of which the answer decides something;
    none when the listing is not complete.

    Raises:
        EmptyListingError: The listing is complete and empty though items are linked.
        BulkDeletionError: More are missing than a run may delete.
    """
    _refuse_empty(there, base, tie, wish)
    if not there.listing.is_complete:
        return ()
    stage = set_stage(local, there, base, tie, wish)
    found: list[Record] = []
    going = 0
    for pair in stage.links.pairs.values():
        if not pair.is_missing or pair.record is None or not stage.is_wanted(pair.id, pair.key):
            continue
        document = local.document(*pair.name)
        is_here = document is not None and not document.get("deleted_at")
        is_edited = document is not None and is_here and is_edited_here(stage, pair, document)
        if not is_here or is_edited or tie.prune:
            found.append(pair.record)
            going += is_here and not is_edited
    if not wish.allow_deletions and stage.takes():
        refuse_many(tie.name, "local", going, len(base.records))
    return tuple(found)


def reconcile(local: Local, there: There, base: Base, tie: Tie, wish: Wish = _PLAIN) -> Plan:
    """Return everything that a sync is going to do; nothing is asked and nothing done.

    Raises:
        EmptyListingError: As for `missing`.
        BulkDeletionError: More would be deleted on one side than a run may.
    """
    _refuse_empty(there, base, tie, wish)
    stage = set_stage(local, there, base, tie, wish)
    work = _Work(stage, fates(stage), incoming(stage), tuple(to_make(stage)))
    for pair in stage.links.pairs.values():
        if stage.is_wanted(pair.id, pair.key, pair.item.name if pair.item else None):
            _linked(work, pair)
    _fresh(work)
    place(stage, work.drafts, work.notes)
    remain(stage, work.drafts)
    return _finished(work)


@dataclass(slots=True)
class _Work:
    """A plan in the making."""

    stage: Stage
    fates: dict[Name, Fate]
    incoming: Incoming
    to_make: tuple[Name, ...]
    drafts: dict[Name, Draft] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: int = 0
    frame: Frame = field(init=False)

    def __post_init__(self) -> None:
        stage = self.stage
        anew = {name for name, fate in self.fates.items() if fate.deed == "anew"}
        gone = {
            name
            for name, pair in stage.links.pairs.items()
            if name not in anew and (pair.item is None or pair.is_missing)
        }
        linked = {*stage.links.pairs, *self.incoming.items, *self.to_make} - gone
        if stage.home is not None and stage.is_home_ours:
            linked.add(("projects", stage.home))
        ids = {**stage.links.ids, **self.incoming.ids}
        self.frame = Frame(ids, frozenset(linked), frozenset(anew))

    def say(self, draft: Draft, notes: Iterable[str]) -> None:
        """Note what people should know of an item."""
        name = draft.item.name if draft.item is not None else ""
        label = f"{draft.id} ({name})" if name else draft.id
        self.notes += [f"{label} {note}" for note in notes]


def _linked(work: _Work, pair: Pair) -> None:
    fate = work.fates[pair.name]
    if fate is STEP:
        _stepped(work, pair)
        return
    draft = _draft(work, pair)
    match fate.deed:
        case "restore":
            draft = _restored(work, pair, draft, fate.why)
        case "anew":
            draft, notes = made(work.stage, work.frame, pair.name, fate.why)
            draft.pair = pair
            work.say(draft, notes)
        case "step":
            raise AssertionError(fate)  # it was dealt with above
        case "delete here" | "delete there":
            draft.verb = "delete"
            draft.side = "local" if fate.deed == "delete here" else "remote"
            draft.reason = fate.why
        case "unlink":
            draft.verb, draft.reason = "unlink", fate.why
        case "skip":
            draft.skip(fate.why)
    work.drafts[pair.name] = draft


def _draft(work: _Work, pair: Pair) -> Draft:
    title = _title(work.stage, pair)
    return Draft("update", pair.kind, pair.id, pair.key, title, item=pair.item, pair=pair)


def _stepped(work: _Work, pair: Pair) -> None:
    document, item = work.stage.local.document(*pair.name), pair.item
    assert document is not None and item is not None  # noqa: PT018, S101 - what `step` means
    compared = compare(work.stage, work.frame, pair, document, item)
    is_plain = compared is NOTHING and pair.record is not None and pair.record.id == pair.id
    if is_plain and pair.record is not None and _is_known(pair.record, item):
        work.unchanged += 1
        return
    draft = _draft(work, pair)
    _fill(work, draft, compared)
    if pair.record is None:
        draft.verb = "link"
    elif pair.record.id != pair.id:
        draft.verb, draft.reason = "link", f"it was {pair.record.id} here"
    work.drafts[pair.name] = draft


def _is_known(record: Record, item: Item) -> bool:
    return (
        (record.name, record.url) == (item.name, item.url)
        and record.kept == item.kept
        and not record.seen
    )


def _fill(work: _Work, draft: Draft, compared: Compared) -> None:
    draft.changes = list(compared.changes)
    draft.clashes, draft.left = compared.clashes, compared.left
    draft.moves = compared.moves
    work.say(draft, compared.notes)


def _restored(work: _Work, pair: Pair, draft: Draft, why: str) -> Draft:
    item = pair.item
    assert item is not None  # noqa: S101 - what `restore` means
    document = work.stage.local.document(*pair.name)
    if document is None:
        key = item.fields.get("project") if pair.kind == "tasks" else None
        project = work.frame.ids.get(("projects", str(key)), work.stage.home)
        draft, notes = imported(work.stage, work.frame, pair.name, item, project)
        draft.reason, draft.pair = why, pair
        work.say(draft, notes)
        return draft
    _fill(work, draft, compare(work.stage, work.frame, pair, document, item))
    draft.changes.insert(
        0, FieldChange("deleted_at", "local", document.get("deleted_at"), None, "both")
    )
    draft.reason = why
    return draft


def _fresh(work: _Work) -> None:
    stage, found = work.stage, work.incoming
    for draft in home_draft(stage, found):
        work.drafts[draft.name] = draft
    for name, item in found.items.items():
        draft, notes = imported(stage, work.frame, name, item, found.projects.get(name[1]))
        if name[0] == "projects":
            draft.changes.append(FieldChange("key", "local", None, found.keys[name[1]], "both"))
        work.drafts[name] = draft
        work.say(draft, notes)
    for name, (item, why) in found.refused.items():
        work.drafts[name] = Draft("skip", *name, item.key, str(item.fields.get("title") or ""),
                                  reason=why, item=item)  # fmt: skip
    for name in work.to_make:
        draft, notes = made(stage, work.frame, name)
        work.drafts[name] = draft
        work.say(draft, notes)
    # What is new of them has to be noted: a listing of what changed does not repeat it.
    items = newest_items(stage.there) if stage.links.refused else {}
    for name, (key, why) in stage.links.refused.items():
        document = stage.local.document(*name) or {}
        if stage.is_wanted(name[1], key):
            title = str(document.get("title") or "")
            shown = items.get((name[0], key)) if key is not None else None
            work.drafts[name] = Draft("skip", *name, key, title, reason=why, item=shown)
    if found.outside:
        work.notes.append(f"{found.outside:,} items there belong to projects that are not mirrored")


def _finished(work: _Work) -> Plan:
    stage = work.stage
    known = Known(set(work.frame.linked), set(work.frame.ids))
    todo: list[Draft] = []
    for draft in work.drafts.values():
        if not draft.is_idle:
            work.records += _lost(draft)
            todo.append(draft)
            continue
        work.unchanged += 1
        work.records += _moved(stage, draft, known)
    actions = tuple(draft.action() for draft in ordered(todo, above(stage, work.drafts)))
    if not stage.wish.allow_deletions:
        for side in ("local", "remote"):
            count = sum(each.verb == "delete" and each.side == side for each in actions)
            refuse_many(stage.tie.name, side, count, len(stage.base.records))
    notes = (*stage.there.listing.warnings, *map(_sentence, work.notes))
    meta = stage.base.meta
    return Plan(
        stage.tie.name, stage.local.head, meta.lineage, meta.serial, actions, work.unchanged,
        tuple(dict.fromkeys(notes)), totals(actions), tuple(work.records),
    )  # fmt: skip


def _moved(stage: Stage, draft: Draft, known: Known) -> Iterator[Record]:
    """Yield the record of an item for which nothing is written, where it says something new."""
    pair = draft.pair
    if pair is None or pair.record is None or pair.item is None:
        return
    if draft.moves or draft.left:
        action = replace(draft.action(), verb="noop")
        document = stage.local.document(*pair.name)
        new = record_after(pair.record, document, Outcome(action), known)
    else:
        new = noted(pair.record, pair.item)
    if is_news(pair.record, new):
        yield new


def _sentence(note: str) -> str:
    """Return a note with its period, apart from an id at its end, for that to be copied."""
    return f"{note} ." if _ENDS_IN_ID(note) else f"{note}."


def _lost(draft: Draft) -> Iterator[Record]:
    """Yield the record of an item that is not listed any more, noting that."""
    pair = draft.pair
    if draft.verb != "skip" or pair is None or pair.record is None or not pair.is_missing:
        return
    draft.item = None
    if ABSENT not in pair.record.seen:
        yield replace(pair.record, seen={**pair.record.seen, ABSENT: None})


def totals(actions: Iterable[Action]) -> dict[str, int]:
    """Return how many actions there are of each verb, by side where they have one."""
    found: dict[str, int] = {}
    for action in actions:
        name = f"{action.verb} {action.side}" if action.side else action.verb
        found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items()))


def _title(stage: Stage, pair: Pair) -> str:
    document = stage.local.document(*pair.name) or {}
    there = pair.item.fields.get("title") if pair.item is not None else None
    return str(document.get("title") or there or "")


def _refuse_empty(there: There, base: Base, tie: Tie, wish: Wish) -> None:
    listing = there.listing
    is_empty = listing.is_complete and all(item.state == "trashed" for item in listing.items)
    is_empty = is_empty and not there.looked
    if is_empty and base.records and not wish.allow_deletions:
        raise EmptyListingError(tie.name, len(base.records))
