"""The fields that are synced, and their values: as a file has them, cleaned, and to compare."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from orchestrator.model.shape import Document
from orchestrator.sync.item import REFERENCES, Foreign, Kind

SYNCED: Final[Mapping[Kind, tuple[str, ...]]] = {
    "projects": (
        "title", "status", "description", "priority", "tags", "owner", "start_date", "due_date",
    ),
    "tasks": (
        "title", "status", "project", "parent", "dependencies", "description", "priority",
        "assignee", "labels", "start_date", "due_date", "estimated_minutes", "actual_minutes",
    ),
}  # fmt: skip
"""What can be synced at all, in the order in which people read it."""

SETS: Final = frozenset({"labels", "tags", "dependencies"})
PEOPLE: Final = frozenset({"assignee", "owner"})
MINUTES: Final = "actual_minutes"

_WORDS: Mapping[tuple[Kind, str], frozenset[str]] = {
    ("tasks", "status"): frozenset({
        "todo", "in_progress", "blocked", "in_review", "completed", "cancelled",
    }),
    ("projects", "status"): frozenset({
        "planned", "active", "on_hold", "completed", "cancelled",
    }),
    **dict.fromkeys(
        [("tasks", "priority"), ("projects", "priority")],
        frozenset({"low", "medium", "high", "urgent"}),
    ),
}  # fmt: skip
_LONGEST_TITLE, _LONGEST_LABEL, _MOST_MINUTES = 500, 100, 10_000_000
# What no file may hold; a tab and a line end may stand in a description.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
UNTITLED = "Untitled"


def local_value(document: Document, name: str) -> Any:
    """Return what a document says in a field, None for an empty one; minutes are a total."""
    if name == MINUTES and (entries := document.get("time_entries")):
        return sum(int(entry.get("minutes") or 0) for entry in entries)
    value = document.get(name)
    return None if value in ("", []) else value  # 0 is a value


def fitted(kind: Kind, name: str, value: Any, users: frozenset[str] | None) -> Any:
    """Return a tracker's value as a file can hold it, or a `Foreign` where no file can.

    Args:
        kind: Of the item.
        name: Of the field, no reference.
        value: As an `Item` has it.
        users: The ids that may be named, or None for any.
    """
    if value is None:
        # Every item of ours has both, and a tracker that has none says nothing about them.
        return {"status": Foreign(""), "title": UNTITLED}.get(name)
    if isinstance(value, Foreign):
        return value
    if (allowed := _WORDS.get((kind, name))) is not None:
        return value if value in allowed else Foreign(str(value))
    if name in PEOPLE:
        return value if users is None or value in users else Foreign(str(value))
    if name.endswith("_minutes"):
        return min(max(int(value), 0), _MOST_MINUTES)
    if name.endswith("_date"):
        return _day(str(value))
    if name in SETS:
        words = (_line(str(each), _LONGEST_LABEL) for each in value)
        return list(dict.fromkeys(word for word in words if word)) or None
    if name == "title":
        return _line(str(value), _LONGEST_TITLE) or UNTITLED
    return _text(str(value)) or None


def _line(text: str, longest: int) -> str:
    return " ".join(_UNPRINTABLE.sub("", text).split())[:longest].strip()


def _text(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("", lines)


def _day(text: str) -> Any:
    try:
        date.fromisoformat(text)
    except ValueError:
        return Foreign(text)
    return text if _DAY.fullmatch(text) else Foreign(text)


@dataclass(frozen=True, slots=True)
class Lens:
    """What the tracker can tell apart: two values that look the same through it are one.

    Attributes:
        represent: The tracker's.
        seen: What was asked already.
    """

    represent: Callable[[Kind, str, Any], Any]
    seen: dict[tuple[Kind, str, Any], Any] = field(default_factory=dict)

    def see(self, kind: Kind, name: str, value: Any) -> Any:
        """Return a value that is equal for all that are one over there; a set as a tuple."""
        plain = canonical(name, value)
        if name in REFERENCES:
            return plain
        key = (kind, name, plain)
        if key not in self.seen:
            asked = list(plain) if isinstance(plain, tuple) else plain
            self.seen[key] = canonical(name, self.represent(kind, name, asked))
        return self.seen[key]


def canonical(name: str, value: Any) -> Any:
    """Return a value with sets in order, and None for everything that is empty."""
    if isinstance(value, list | tuple):
        return tuple(sorted(set(value))) or None
    if value == "" or (name == MINUTES and value == 0):
        return None
    return value
