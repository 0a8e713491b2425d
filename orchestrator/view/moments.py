"""What happened to one entity, as values: each commit's state before and after, atom by atom."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from orchestrator.model.places import Kind
from orchestrator.model.shape import Document

_SETS = frozenset({"labels", "tags", "dependencies", "time_entries"})
_NOTHING = object()


class Atom(NamedTuple):
    """The smallest part of an entity that somebody sets: a field, a key, an element of a set.

    Attributes:
        field: Name, dotted inside mappings: `tests.unit`.
        element: Of a set: the element as JSON; `""` where the field has one value.
    """

    field: str
    element: str = ""


@dataclass(frozen=True, slots=True)
class Committed:
    """A commit, as far as a reader of histories wants to know it.

    Attributes:
        oid: Its full id.
        author: Name of whoever made the change.
        email: Theirs.
        at: When they made it.
        subject: The message's first line.
        agent: The agent that proposed it, or None.
        reason: Why, or None.
    """

    oid: str
    author: str
    email: str
    at: datetime
    subject: str
    agent: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One change of one entity.

    Attributes:
        kind: What the entity is.
        id: Its id afterwards, or its last one.
        commit: Where it was changed; None for what is not committed.
        parents: Its states before: one, or one for each parent of a merge; None where it was not.
        after: Its state afterwards; None when it was removed.
        is_readable: Whether the file could be read; else `after` is what it said last.
        is_horizon: Whether a shallow clone begins here, and nothing tells what was before.
    """

    kind: Kind
    id: str
    commit: Committed | None
    parents: tuple[Document | None, ...]
    after: Document | None
    is_readable: bool = True
    is_horizon: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the present value of an atom comes from.

    Attributes:
        atom: What was set.
        value: What it is.
        was: What it was before, or None.
        moment: When it was set; None when the history does not reach back so far.
    """

    atom: Atom
    value: Any
    was: Any
    moment: Moment | None


def atoms(document: Mapping[str, Any]) -> dict[Atom, Any]:
    """Return the atoms of a document and their values, in its order; empty lists have none."""
    return dict(_atoms("", document))


def news(moment: Moment) -> dict[Atom, tuple[Any, Any]]:
    """Return the atoms that a moment changed, with the value before and after; None for nothing.

    A merge changed only what is as none of its parents had it: the rest was changed by them.
    """
    there = [atoms(parent) for parent in moment.parents if parent is not None]
    now = {} if moment.after is None else atoms(moment.after)
    known = dict.fromkeys(atom for parent in there for atom in parent)
    found = {}
    for atom in (*now, *(atom for atom in known if atom not in now)):
        value = now.get(atom, _NOTHING)
        if all(_differs(parent.get(atom, _NOTHING), value) for parent in there):
            before = there[0].get(atom) if there else None
            found[atom] = (before, None if value is _NOTHING else value)
    return found


def before(moment: Moment) -> Document | None:
    """Return the state to compare `after` with: of a merge, only what is news differs."""
    there = [parent for parent in moment.parents if parent is not None]
    if not there or moment.after is None or len(moment.parents) == 1:
        return there[0] if there else None
    changed = {atom.field.partition(".")[0] for atom in news(moment)}
    found = {}
    for name in (*moment.after, *(name for name in there[0] if name not in moment.after)):
        side = there[0] if name in changed else moment.after
        if name in side:
            found[name] = side[name]
    return found


def touches(moment: Moment, fields: Iterable[str]) -> bool:
    """Return whether a moment changed one of the fields; all do, when none is named."""
    wanted = tuple(fields)
    return not wanted or any(is_part(atom.field, name) for atom in news(moment) for name in wanted)


def is_part(field: str, name: str) -> bool:
    """Return whether a dotted field is `name` or lies in it."""
    return field == name or field.startswith(f"{name}.")


def part(document: Mapping[str, Any], fields: Iterable[str]) -> Document:
    """Return a document with nothing but some of its fields, dotted inside mappings."""
    found: Document = {}
    for field in fields:
        value: Any = document
        *above, last = field.split(".")
        for step in above:
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, Mapping) and last in value:
            inside = found
            for step in above:
                inside = inside.setdefault(step, {})
            inside[last] = value[last]
    return found


def origins(present: Mapping[str, Any], moments: Sequence[Moment]) -> list[Origin]:
    """Return for each atom of a document who set its present value.

    Args:
        present: The document as it is now.
        moments: Its history, newest first.
    """
    lacking = atoms(present)
    found: dict[Atom, Origin] = {}
    for moment in moments:
        if not lacking:
            break
        if moment.after is None:
            continue
        for atom, (was, value) in news(moment).items():
            if atom in lacking and not _differs(lacking[atom], value):
                found[atom] = Origin(atom, lacking.pop(atom), was, moment)
    whole = atoms(present)
    return [found.get(atom) or Origin(atom, value, None, None) for atom, value in whole.items()]


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago something was, in words: `just now`, `3 days ago`."""
    seconds = int((now - then).total_seconds())
    if seconds < -_MINUTE:
        return "in the future"
    for unit, length, least in _UNITS:
        if seconds >= least:
            count = seconds // length
            return f"{count:,} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


_MINUTE, _HOUR, _DAY = 60, 60 * 60, 24 * 60 * 60
# The unit, its seconds, and from where on it is used: 10 days say more than 1 week.
_UNITS = (
    ("year", 365 * _DAY, 730 * _DAY),
    ("month", 30 * _DAY, 60 * _DAY),
    ("week", 7 * _DAY, 14 * _DAY),
    ("day", _DAY, _DAY),
    ("hour", _HOUR, _HOUR),
    ("minute", _MINUTE, _MINUTE),
)


def _atoms(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[Atom, Any]]:
    for name, value in values.items():
        field = f"{prefix}{name}"
        if isinstance(value, dict) and value:
            yield from _atoms(f"{field}.", value)
        elif isinstance(value, list) and (field in _SETS or field.startswith("tests.")):
            for item in value:
                yield Atom(field, json.dumps(item, sort_keys=True, default=str)), item
        else:
            yield Atom(field), value


def _differs(one: Any, other: Any) -> bool:
    # 1 and true are equal in Python and different in a plan.
    return one != other or type(one) is not type(other)
