"""`field=value` as people type it, read by the field's type."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from orchestrator.errors import OrchestratorError
from orchestrator.model.day import read_day
from orchestrator.model.duration import parse_duration
from orchestrator.model.fields import DELETION, FIELDS
from orchestrator.model.oneself import ME, NOBODY, UnknownSelfError
from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.model.suggest import did_you_mean

_FORM = re.compile(r"(?P<field>[A-Za-z_][A-Za-z0-9_.-]*?)(?P<how>\+=|-=|=)(?P<value>.*)", re.DOTALL)
_LISTS = frozenset({"labels", "tags", "dependencies"})
_MAPPINGS = frozenset({"metadata", "external_ids", "handles", "tests"})
_SHORT = {"estimate": "estimated_minutes", "due": "due_date", "start": "start_date"}


_PEOPLE = frozenset({"assignee", "owner"})
_DAYS = frozenset({"start_date", "due_date"})
_BY_COMMAND = {
    **dict.fromkeys(DELETION, "orchestrator {0} rm ID deletes, {0} restore ID brings it back."),
    "time_entries": "orchestrator time log ID 1h30m adds one, time undo ID takes it back.",
}
"""Fields that a command of their own keeps right, with the hint that names it."""


class AssignmentError(OrchestratorError):
    """A `field=value` cannot be understood."""


class MalformedAssignmentError(AssignmentError):
    """A text has not the form `field=value`."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:60]!r} is not field=value.",
            "Write status=completed, labels+=api or due_date= .",
        )


class Assignment(NamedTuple):
    """One wish about one field.

    Attributes:
        field: Name, dotted inside mappings: `tests.unit`.
        how: `=` set or clear, `+=` add, `-=` take away.
        value: As typed.
    """

    field: str
    how: str
    value: str


def read_assignments(kind: Kind, texts: Iterable[str]) -> list[Assignment]:
    """Return what `field=value`, `field+=value`, `field-=value` and `field=` ask for.

    Raises:
        MalformedAssignmentError: A text has another form.
        AssignmentError: A text names no field of this kind.
    """
    return [_read(kind, text) for text in texts]


def names_me(wishes: Iterable[Assignment]) -> bool:
    """Return whether a wish is about `me`, the person at the terminal."""
    return any(wish.field in _PEOPLE and wish.value == ME for wish in wishes)


def with_me(wishes: Iterable[Assignment], me: str | None) -> list[Assignment]:
    """Return wishes with the user's id for `me`.

    Raises:
        UnknownSelfError: Nobody knows who that is.
    """
    found = list(wishes)
    if not names_me(found):
        return found
    if me is None:
        raise UnknownSelfError
    return [
        wish._replace(value=me) if wish.field in _PEOPLE and wish.value == ME else wish
        for wish in found
    ]


def assigned(
    document: Document, assignments: Iterable[Assignment], hours_per_day: float, today: date
) -> Document:
    """Return `document` with the wishes fulfilled.

    Args:
        document: What there is.
        assignments: The wishes, in order.
        hours_per_day: What `1d` of an estimate is worth.
        today: For `due=friday` and `start=+3d`.

    Raises:
        AssignmentError: A value does not fit its field, or there is nothing to take away.
        DayError: A text names no day.
        DurationError: A text names no duration.
    """
    result: dict[str, Any] = dict(document)
    for assignment in assignments:
        _assign(result, assignment, hours_per_day, today)
    return result


def _read(kind: Kind, text: str) -> Assignment:
    match = _FORM.fullmatch(text)
    if match is None:
        raise MalformedAssignmentError(text)
    head, _, rest = match["field"].partition(".")
    head = _SHORT.get(head, head)
    known = FIELDS[kind]
    if head == "id":
        raise AssignmentError(
            "An id is not a field to set.",
            f"orchestrator task rename OLD {match['value'] or 'NEW'}" if kind == "tasks" else None,
        )
    if head in known and head in _BY_COMMAND:
        noun = "project" if kind == "projects" else "task"
        raise AssignmentError(f"{head} is not a field to set.", _BY_COMMAND[head].format(noun))
    if head not in known and not (kind == "tasks" and head == "project"):
        raise AssignmentError(f"There is no field {head[:40]} .", _fields_like(head, known))
    return Assignment(f"{head}.{rest}" if rest else head, match["how"], match["value"])


def _fields_like(head: str, known: Sequence[str]) -> str:
    """Return a hint that names the field that was probably meant, or all that may be set."""
    settable = [name for name in known if name != "id" and name not in _BY_COMMAND]
    named = {name: name for name in settable} | _SHORT
    begun = {field for name, field in named.items() if name.startswith(head.removesuffix("s"))}
    if len(begun) == 1:
        return f"Did you mean {begun.pop()} ?"
    return did_you_mean(head, settable) or f"There are {', '.join(settable)} ."


def _assign(
    document: dict[str, Any], assignment: Assignment, hours_per_day: float, today: date
) -> None:
    head, _, rest = assignment.field.partition(".")
    if rest:
        inner = dict(document.get(head) or {})
        _assign_value(inner, rest, head, assignment, hours_per_day, today)
        if inner:
            document[head] = inner
        else:
            document.pop(head, None)
    else:
        _assign_value(document, head, head, assignment, hours_per_day, today)


def _assign_value(
    holder: dict[str, Any],
    key: str,
    head: str,
    assignment: Assignment,
    hours_per_day: float,
    today: date,
) -> None:
    is_list = head in _LISTS or head == "tests" or isinstance(holder.get(key), list)
    if assignment.how == "=":
        if assignment.value == "" or (head in _PEOPLE and assignment.value == NOBODY):
            holder.pop(key, None)
        elif is_list:
            holder[key] = _items(assignment.value, head)
        else:
            holder[key] = _value(head, assignment, hours_per_day, today)
        return
    if not is_list:
        raise AssignmentError(
            f"{assignment.field} is no list.", f"Write {assignment.field}={assignment.value}"
        )
    present = list(holder.get(key) or [])
    items = _items(assignment.value, head)
    if assignment.how == "+=":
        present += [item for item in items if item not in present]
    else:
        if missing := [item for item in items if item not in present]:
            raise AssignmentError(
                f"{assignment.field} does not have {', '.join(missing)} .",
                f"It has {', '.join(map(str, present)) or 'nothing'} .",
            )
        present = [item for item in present if item not in items]
    if present:
        holder[key] = present
    else:
        holder.pop(key, None)


def _items(text: str, head: str) -> list[str]:
    # A test requirement is a sentence and may have commas in it.
    parts = [text] if head == "tests" else text.split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _value(head: str, assignment: Assignment, hours_per_day: float, today: date) -> Any:
    text = assignment.value
    if assignment.field == head and head in _MAPPINGS:
        raise AssignmentError(f"{head} is a mapping.", f"Write {head}.<key>={text}")
    if head.endswith("_minutes"):
        return parse_duration(text, hours_per_day)
    if head in _DAYS:
        return read_day(text, today).isoformat()
    if head == "active":
        return _truth(text)
    return text


def _truth(text: str) -> bool:
    words: Mapping[str, bool] = {"true": True, "yes": True, "false": False, "no": False}
    if text.casefold() not in words:
        raise AssignmentError(f"{text[:40]!r} is neither true nor false.")
    return words[text.casefold()]
