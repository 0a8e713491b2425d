"""One field of one item: who changed it, who may decide, and what each side gets.

The merging itself is `patch.merge`, as for the merge driver and for `proposal rebase`.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal, NamedTuple

from orchestrator.patch.merge import ABSENT, merge_values, rule_of
from orchestrator.sync.action import Side
from orchestrator.sync.item import REFERENCES, Foreign, Kind
from orchestrator.sync.reconcile.values import MINUTES, SETS
from orchestrator.sync.record import Agreed

KEEP: Final = ABSENT
"""No new value: the side stays as it is."""


class Field(NamedTuple):
    """One field as it was and is.

    Attributes:
        kind: Of the item.
        name: Of the field.
        agreed: The base, references as ids on both sides; None without one.
        local: What the file says.
        remote: What the tracker says, in our terms and as a file can hold it.
        owner: The side that the settings let decide.
        chosen: The side that somebody has chosen for this item and field.
        can_send: Whether it may be written over there.
        can_take: Whether it may be written here.
        least: What the file cannot go below, for minutes.
    """

    kind: Kind
    name: str
    agreed: Agreed | None
    local: Any
    remote: Any
    owner: Literal["local", "remote", "both"] = "both"
    chosen: Side | None = None
    can_send: bool = True
    can_take: bool = True
    least: int = 0


class Decision(NamedTuple):
    """What becomes of a field.

    Attributes:
        state: `same`: nobody changed it. `agreed`: nothing is written and the base moves. `left`:
            it differs and stays so, base included. `clash`: nobody has chosen. `write`: a side
            gets another value.
        local: What the file gets, or KEEP.
        remote: What the tracker gets, or KEEP.
        note: What people should know, without the item's name; "" for nothing.
    """

    state: Literal["same", "agreed", "left", "clash", "write"]
    local: Any = KEEP
    remote: Any = KEEP
    note: str = ""


SAME = Decision("same")
See = Callable[[Kind, str, Any], Any]
Choose = Callable[[], Side | None]


def decide(field: Field, see: See, choose: Choose) -> Decision:
    """Return what becomes of a field.

    Args:
        field: As it was and is.
        see: What the tracker can tell apart.
        choose: The side that wins a field that both changed; None when nobody has said.
    """
    looks = _Looks(*(see(field.kind, field.name, value) for value in _four(field)))
    if (looks.here, looks.there) == (looks.local, looks.remote):
        return SAME
    if looks.local == looks.remote:
        return Decision("agreed")
    by_here, by_there = looks.local != looks.here, looks.remote != looks.there
    if field.name == MINUTES and _is_counted(field):
        return _added(field)
    side: Side | None = field.chosen or (field.owner if field.owner != "both" else None)
    if side is None and field.name in SETS and not any(isinstance(x, Foreign) for x in looks):
        return _united(field, looks, see)
    if side is None and by_here and by_there:
        if (merged := _merged(field, looks)) is not KEEP:
            return _written(field, merged, merged)
        side = choose()
        if side is None:
            return Decision("clash")
    elif side is None:
        side = "local" if by_here else "remote"
    return _sent(field, looks) if side == "local" else _taken(field, looks, see)


class _Looks(NamedTuple):
    """The four values as the tracker tells them apart."""

    here: Any
    there: Any
    local: Any
    remote: Any


def _four(field: Field) -> tuple[Any, Any, Any, Any]:
    here, there = field.agreed or (None, None)
    return here, there, field.local, field.remote


def _sent(field: Field, looks: _Looks) -> Decision:
    """The file's value goes over there."""
    if isinstance(looks.local, Foreign):
        # A reference to what is not mirrored is no news: most plans have some.
        told = "" if field.name in REFERENCES else f"{field.local} cannot be held there"
        return Decision("left", note=told)
    if not field.can_send:
        return Decision("left")
    wanted = list(looks.local or ()) if field.name in SETS else field.local
    return Decision("write", remote=wanted)


def _taken(field: Field, looks: _Looks, see: See) -> Decision:
    """The tracker's value comes here."""
    if isinstance(looks.remote, Foreign):
        if field.name in REFERENCES:
            return Decision("left")
        text = looks.remote.text
        return Decision("agreed", note=f"{text!r} has no word here" if text else "")
    if not field.can_take:
        return Decision("left")
    if field.name in SETS:
        return Decision("write", local=_blended(field, looks.remote, see))
    return Decision("write", local=field.remote)


def _merged(field: Field, looks: _Looks) -> Any:
    """Return what both sides' changes make together, or KEEP when they exclude each other."""
    if looks.here != looks.there or any(isinstance(look, Foreign) for look in looks):
        return KEEP
    base, ours, theirs = (
        ABSENT if value is None else value for value in (looks.here, looks.local, looks.remote)
    )
    merged = merge_values(rule_of(field.kind, field.name), "", base, ours, theirs)
    return KEEP if merged.conflicts else merged.value


def _written(field: Field, local: Any, remote: Any) -> Decision:
    """Each side gets a value, where it may and where it does not say so already."""
    takes = field.can_take and local is not KEEP
    sends = field.can_send and remote is not KEEP
    if not takes and not sends:
        return Decision("left")
    return Decision("write", local if takes else KEEP, remote if sends else KEEP)


def _united(field: Field, looks: _Looks, see: See) -> Decision:
    """Merge a set by element: what a side added or took away goes for the other one too.

    Each side keeps what only it holds by agreement, so the sets need not become equal.
    """
    here, there, local, remote = (set(look or ()) for look in looks)
    for_here = _set(here, local, (here - (there - remote)) | (remote - there))
    for_there = _set(there, (there - (here - local)) | (local - here), remote)
    decision = _written(
        field,
        KEEP if for_here == local else _blended(field, for_here, see),
        KEEP if for_there == remote else sorted(for_there),
    )
    if for_here == local and for_there == remote:
        return Decision("agreed")
    return decision


def _set(base: set[str], ours: set[str], theirs: set[str]) -> set[str]:
    merged = merge_values("set", "", *(sorted(side) for side in (base, ours, theirs)))
    return set(merged.value)


def _blended(field: Field, wanted: Iterable[str] | None, see: See) -> list[str]:
    """Return the file's set so that it looks like `wanted`: what cannot be held there stays."""
    rest = dict.fromkeys(sorted(wanted or ()))
    kept: list[str] = []
    for each in field.local or ():
        looks = see(field.kind, field.name, [each]) or ()
        if not looks or all(look in rest for look in looks):
            kept.append(each)
            for look in looks:
                rest.pop(look, None)
    return [*kept, *rest]


def _is_counted(field: Field) -> bool:
    is_free = field.owner == "both" and field.chosen is None and field.agreed is not None
    return is_free and not any(isinstance(value, Foreign) for value in _four(field))


def _added(field: Field) -> Decision:
    """Minutes that were spent on either side add up."""
    here, there, local, remote = (int(value or 0) for value in _four(field))
    for_here = max(field.least, local + remote - there)
    for_there = max(0, remote + local - here)
    note = ""
    if for_here != max(0, local + remote - there):
        note = f"{there - remote} minutes were taken away there, and entries cannot be made less"
    decision = _written(
        field, KEEP if for_here == local else for_here, KEEP if for_there == remote else for_there
    )
    if for_here == local and for_there == remote:
        return Decision("agreed", note=note)
    return decision._replace(note=note)
