"""A linked item field by field: what changed, where, and what each side gets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orchestrator.model.shape import Document
from orchestrator.sync.action import Clash, FieldChange, Side
from orchestrator.sync.item import REFERENCES, Foreign, Item
from orchestrator.sync.reconcile.decide import KEEP, Decision, Field, decide
from orchestrator.sync.reconcile.links import Pair
from orchestrator.sync.reconcile.refs import Frame
from orchestrator.sync.reconcile.stage import Stage
from orchestrator.sync.reconcile.values import MINUTES, fitted, local_value
from orchestrator.sync.record import Agreed, Record


@dataclass(frozen=True, slots=True)
class Compared:
    """What the fields of a linked item need.

    Attributes:
        changes: What is written, where.
        clashes: What nobody has chosen.
        left: Fields that differ and stay so, base included.
        moves: Whether the base moves though nothing is written.
        notes: What people should know.
    """

    changes: tuple[FieldChange, ...] = ()
    clashes: tuple[Clash, ...] = ()
    left: tuple[str, ...] = ()
    moves: bool = False
    notes: tuple[str, ...] = ()


NOTHING = Compared()


def compare(stage: Stage, frame: Frame, pair: Pair, document: Document, item: Item) -> Compared:
    """Return what the fields of an item need; most items need nothing, and are seen so at once."""
    names = stage.fields[pair.kind]
    record = pair.record
    if record is not None and not frame.anew and _is_untouched(names, record, document, item):
        return NOTHING
    found = _Found()
    seen = _See(stage, frame)
    for each in fields(stage, frame, pair, document, item):
        decision = decide(each, seen, lambda: _winner(stage, pair, item))
        _note(found, stage, each, decision)
    return Compared(
        tuple(found.changes), tuple(found.clashes), tuple(found.left), found.moves,
        tuple(found.notes),
    )  # fmt: skip


def fields(
    stage: Stage, frame: Frame, pair: Pair, document: Document, item: Item
) -> Iterator[Field]:
    """Yield the fields that both sides know of an item, references as ids."""
    agreed = pair.record.fields if pair.record is not None else {}
    faulty = stage.local.faulty.get(pair.name, ())
    for name, support in stage.fields[pair.kind].items():
        if name not in item.fields or name in faulty:
            continue
        was = agreed.get(name)
        if name in REFERENCES:
            remote = remote_reference(stage, frame, name, item.fields[name])
            if was is not None:
                there = remote_reference(stage, frame, name, was.there)
                was = Agreed(frame.here(name, was.here), there)
        else:
            remote = fitted(pair.kind, name, item.fields[name], stage.local.users)
        local = local_value(document, name)
        if name == "project" and was is None and item.fields[name] is None and local != stage.home:
            remote = None  # a new link: being in no project there is no opinion
        yield Field(
            pair.kind, name, was, local, remote,
            stage.tie.owner.get(name, "both"),
            stage.wish.choices.get((pair.kind, pair.id, name)),
            stage.sends() and support == "both",
            stage.takes(),
            int(local or 0) if name == MINUTES and document.get("time_entries") else 0,
        )  # fmt: skip


def remote_reference(stage: Stage, frame: Frame, name: str, value: Any) -> Any:
    """Return a reference over there as ids; a task in no project is in the one for such."""
    if name == "project" and value is None:
        return stage.home
    return frame.there(name, value)


def sent_value(stage: Stage, name: str, value: Any) -> Any:
    """Return what is sent for a value of ours: the project that stands for none is none."""
    if name == "project" and stage.is_home_ours and value == stage.home:
        return None
    return value


class _See:
    """What the tracker can tell apart, references included."""

    def __init__(self, stage: Stage, frame: Frame) -> None:
        self._lens = stage.lens
        self._frame = frame

    def __call__(self, kind: Any, name: str, value: Any) -> Any:
        if name in REFERENCES:
            return self._frame.see(name, value)
        return self._lens.see(kind, name, value)


@dataclass(slots=True)
class _Found:
    changes: list[FieldChange] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    moves: bool = False


def _note(found: _Found, stage: Stage, each: Field, decision: Decision) -> None:
    if decision.note:
        found.notes.append(f"{each.name}: {decision.note}")
    match decision.state:
        case "same":
            return
        case "agreed":
            found.moves = True
        case "left":
            found.left.append(each.name)
        case "clash":
            base = each.agreed.here if each.agreed else None
            found.clashes.append(Clash(each.name, base, each.local, _shown(each)))
        case "write":
            if decision.local is not KEEP:
                found.changes.append(
                    FieldChange(each.name, "local", each.local, decision.local, each.owner)
                )
            if decision.remote is not KEEP:
                before, after = (
                    sent_value(stage, each.name, value) for value in (each.remote, decision.remote)
                )
                found.changes.append(FieldChange(each.name, "remote", before, after, each.owner))


def _shown(each: Field) -> Any:
    if each.name in REFERENCES and isinstance(each.remote, Foreign):
        return each.remote.text
    return each.remote


def _is_untouched(
    names: Mapping[str, object], record: Record, document: Document, item: Item
) -> bool:
    """Return whether every field is to the letter what it was."""
    agreed, now, get = record.fields, item.fields, document.get
    has_entries = "time_entries" in document
    for name in names:
        if name not in now:
            continue
        was = agreed.get(name)
        if was is None or was[1] != now[name]:
            return False
        is_sum = has_entries and name == MINUTES
        if (is_sum or was[0] != get(name)) and local_value(document, name) != was[0]:
            return False
    return True


def _winner(stage: Stage, pair: Pair, item: Item) -> Side | None:
    """Return the side that the settings let win where both changed a field, or None."""
    match stage.tie.on_conflict:
        case "stop":
            return None
        case "newest":
            here, there = stage.wish.newest(*pair.name), moment(item.updated_at)
            if here is None or there is None or here == there:
                return None
            return "local" if here > there else "remote"
        case side:
            return side


def moment(text: str) -> datetime | None:
    """Return the moment that a tracker's text names, or None when it names none for sure."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
