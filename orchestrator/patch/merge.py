"""Three-way merge of documents, field by field; each field has one rule.

The merge driver, `proposal rebase` and sync all decide here.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final, Literal, NamedTuple

from orchestrator.model.places import Kind
from orchestrator.model.pointer import join
from orchestrator.model.shape import Document
from orchestrator.patch.lines import merge_lines
from orchestrator.patch.step import same

Rule = Literal["whole", "set", "lines", "mapping", "entries", "earliest"]

_SHARED: dict[str, Rule] = {
    "id": "whole", "title": "whole", "status": "whole", "priority": "whole",
    "description": "lines", "start_date": "whole", "due_date": "whole",
    "created_at": "earliest", "started_at": "earliest", "completed_at": "earliest",
    "external_ids": "mapping", "deleted_at": "earliest", "deleted_by": "whole",
    "deleted_with": "whole", "metadata": "mapping",
}  # fmt: skip

RULES: dict[Kind, dict[str, Rule]] = {
    "tasks": {
        **_SHARED, "assignee": "whole", "labels": "set", "parent": "whole", "dependencies": "set",
        "estimated_minutes": "whole", "actual_minutes": "whole", "time_entries": "entries",
        "tests": "mapping", "project": "whole",
    },
    "projects": {**_SHARED, "key": "whole", "tags": "set", "owner": "whole"},
    "users": {
        "id": "whole", "name": "whole", "email": "whole", "kind": "whole", "role": "whole",
        "handles": "mapping", "active": "whole", "created_at": "earliest", "metadata": "mapping",
    },
    "settings": {
        "version": "whole", "name": "whole", "description": "lines", "max_depth": "whole",
        "hours_per_day": "whole", "commit": "whole", "required_tests": "set", "rules": "mapping",
        "filters": "mapping", "policy": "whole", "agents": "mapping", "integrations": "mapping",
        "metadata": "mapping",
    },
}  # fmt: skip
"""How a field is merged that both sides changed.

`set` merges by element, `lines` by line, `mapping` by key, `entries` takes the entries of both
sides, `earliest` is for stamps: what both sides did happened when the first did it. `whole` is a
conflict. A field that has no rule, since another version writes it, is merged by its type.
"""

_INSIDE: Mapping[str, Rule] = {"tests": "set"}
"""Rules for the values of mappings; the others are merged by their type."""


class Absent(Enum):
    """The value of a field that is not there; None is a value that a file can hold."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


class Conflict(NamedTuple):
    """A field that both sides changed, and nobody has chosen.

    Attributes:
        pointer: RFC 6901, into the document.
        base: What it was; ABSENT when it was not there.
        ours: What our side says.
        theirs: What the other side says.
    """

    pointer: str
    base: Any
    ours: Any
    theirs: Any


class Merged(NamedTuple):
    """What a merge makes.

    Attributes:
        value: The result; where there is a conflict, our side.
        conflicts: What nobody has chosen.
    """

    value: Any
    conflicts: tuple[Conflict, ...] = ()


def merge_documents(kind: Kind, base: Document, ours: Document, theirs: Document) -> Merged:
    """Return one entity's document with the changes of both sides.

    Swapping the sides gives the same data and the same conflicts, apart from the order of keys.

    Args:
        kind: What the document describes.
        base: What both sides started from; empty when both made it.
        ours: Our side.
        theirs: The other side.
    """
    document: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for key in dict.fromkeys((*ours, *theirs)):
        sides = (base.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT))
        value, found = merge_values(rule_of(kind, key, *sides), join([key]), *sides)
        conflicts += found
        if value is not ABSENT:
            document[key] = value
    return Merged(document, tuple(conflicts))


def rule_of(kind: Kind, key: str, *values: Any) -> Rule:
    """Return how a field is merged: by its rule, or by the type of its values."""
    return RULES[kind].get(key) or _by_type(values)


def merge_values(rule: Rule, pointer: str, base: Any, ours: Any, theirs: Any) -> Merged:
    """Return one value with the changes of both sides; ABSENT stands for one that is not there."""
    if same(base, ours) or same(ours, theirs):
        return Merged(theirs)
    if same(base, theirs):
        return Merged(ours)
    conflict = Merged(ours, (Conflict(pointer, base, ours, theirs),))
    match rule:
        case "set" if _are(list, base, ours, theirs):
            return Merged(_emptied(_set(*map(_list, (base, ours, theirs))), ours, theirs))
        case "entries" if _are(list, base, ours, theirs):
            entries = _entries(*map(_list, (base, ours, theirs)))
            return conflict if entries is None else Merged(_emptied(entries, ours, theirs))
        case "mapping" if _are(dict, base, ours, theirs):
            return _mapping(pointer, base, ours, theirs)
        case "lines" if _are(str, base, ours, theirs) and ABSENT not in (ours, theirs):
            lines = merge_lines(*map(_lines, (base, ours, theirs)))
            return conflict if lines is None else Merged("".join(lines))
        case "earliest" if isinstance(ours, str) and isinstance(theirs, str):
            return _earliest(ours, theirs, conflict)
        case _:
            return conflict


def _mapping(pointer: str, base: Any, ours: Any, theirs: Any) -> Merged:
    was, mine, yours = ({} if side is ABSENT else side for side in (base, ours, theirs))
    result: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    inside = _INSIDE.get(pointer.removeprefix("/"))
    for key in dict.fromkeys((*was, *mine, *yours)):
        sides = (was.get(key, ABSENT), mine.get(key, ABSENT), yours.get(key, ABSENT))
        value, found = merge_values(inside or _by_type(sides), pointer + join([key]), *sides)
        conflicts += found
        if value is not ABSENT:
            result[key] = value
    return Merged(_emptied(result, ours, theirs), tuple(conflicts))


def _set(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    """Keep what neither side took away, and add what either did.

    The order is that of the base; what both sides added is sorted, so that both get one result.
    """
    kept = [item for item in base if item in ours and item in theirs]
    mine = [item for item in ours if item not in base]
    yours = [item for item in theirs if item not in base]
    if not mine or not yours:
        return kept + mine + yours
    return kept + sorted({*mine, *yours}) if _are_texts(mine + yours) else kept + mine + yours


def _entries(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any] | None:
    """Keep what neither side took away, and add what either did, by time.

    None where both changed one entry, each in its own way: to keep both would count it twice.
    """
    kept = [entry for entry in base if entry in ours and entry in theirs]
    mine = [entry for entry in ours if entry not in base]
    yours = [entry for entry in theirs if entry not in base and entry not in mine]
    if not all(isinstance(entry, dict) for entry in mine + yours):
        return None
    if {_mark(entry) for entry in mine} & {_mark(entry) for entry in yours}:
        return None
    return kept + sorted(mine + yours, key=_mark)


def _mark(entry: Document) -> tuple[str, str]:
    return str(entry.get("at")), str(entry.get("user"))


def _earliest(ours: str, theirs: str, conflict: Merged) -> Merged:
    try:
        mine, yours = datetime.fromisoformat(ours), datetime.fromisoformat(theirs)
        return Merged(min((mine, ours), (yours, theirs))[1])
    except (ValueError, TypeError):
        return conflict


def _emptied(value: Any, ours: Any, theirs: Any) -> Any:
    """Take a list or mapping away that is empty now, if a side did so."""
    return ABSENT if not value and ABSENT in (ours, theirs) else value


def _by_type(values: tuple[Any, ...]) -> Rule:
    return "mapping" if _are(dict, *values) else "whole"


def _are(kind: type, *values: Any) -> bool:
    return all(value is ABSENT or isinstance(value, kind) for value in values)


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _list(value: Any) -> list[Any]:
    return [] if value is ABSENT else value


def _lines(value: Any) -> list[str]:
    return [] if value is ABSENT else value.splitlines(keepends=True)
