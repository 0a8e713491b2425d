"""Which column of a table is which field: as a person says, or as other tools call it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator.exchange.rows import TableError
from orchestrator.model.suggest import nearest

# The likeliest name first; what Jira, Asana, Trello, Linear and our own export call their columns.
_NAMES: dict[str, str] = {
    "title": "title, summary, name, task name, card name, task, subject, issue, todo, content",
    "id": "id, issue key, key, task id, card id, identifier, iid, number, issue id, uuid",
    "other_id": "issue id, uuid",
    "description": "description, notes, body, details, card description, note",
    "status": "status, state, list name, stage, column, section/column",
    "priority": "priority",
    "assignee": "assignee, assigned to, assignees, responsible, owner, members",
    "assignee_email": "assignee email",
    "labels": "labels, label, tags, tag, categories",
    "parent": "parent, parent id, parent key, parent issue, parent task",
    "dependencies": "dependencies, depends on, blocked by, blocked by (dependencies), "
    "inward issue link (blocks)",
    "start_date": "start date, planned start, custom field (start date), start",
    "due_date": "due date, due, deadline, due on, target date, duedate",
    "created_at": "created at, created, date created, creation date, created date, created time",
    "started_at": "started at, started",
    "completed_at": "completed at, completed, resolved, resolution date, closed at, closed, "
    "date completed, completed date, done",
    "estimated_minutes": "estimated minutes, estimate (minutes), estimate, estimated time, "
    "time estimate, effort",
    "estimated_hours": "estimated hours, estimate (hours), estimate (h), hours",
    "estimated_seconds": "original estimate, original estimate (seconds)",
    "actual_minutes": "actual minutes, spent minutes, time spent (minutes), actual time",
    "actual_hours": "actual hours, time spent (hours), hours spent",
    "actual_seconds": "time spent",
    "project": "project, project name",
}
FIELDS = tuple(_NAMES)
"""What a column can be mapped to."""

SEVERAL = frozenset({"labels", "dependencies", "description"})
"""Fields that take all cells of several columns; others take the first that says something."""

_EQUALLY = ("estimated", "actual")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table.

    Attributes:
        names: What each is called; a name for each that has none.
        fields: The field of each column that has one, by its place.
    """

    names: tuple[str, ...]
    fields: Mapping[int, str]

    def by_field(self) -> dict[str, list[str]]:
        """Return the names of the columns of each field that has one."""
        found: dict[str, list[str]] = {}
        for at, field in sorted(self.fields.items()):
            found.setdefault(field, []).append(self.names[at])
        return found

    def unmapped(self) -> list[str]:
        """Return the names of the others."""
        return [name for at, name in enumerate(self.names) if at not in self.fields]


def columns_of(header: Sequence[str], wishes: Sequence[tuple[str, str]]) -> Columns:
    """Return which column is which field.

    Args:
        header: The cells of the first row.
        wishes: Fields with the columns that a person names for them; no column means none.

    Raises:
        TableError: A field or a column is unknown, or no column is the title.
    """
    names = tuple(
        " ".join(cell.split())[:120] or f"column {at}" for at, cell in enumerate(header, 1)
    )
    fields: dict[int, str] = {}
    for field, column in wishes:
        _check_field(field)
        for at in _places(names, column) if column else ():
            fields[at] = field
    said = {field for field, _ in wishes}
    keys = [_key(name) for name in names]
    # The estimates of Linear, which has cycles, are points.
    skipped = {"estimate"} if "cycle number" in keys else set()
    for field, aliases in _NAMES.items():
        if field in said or _is_there(field, {*fields.values(), *said}):
            continue
        free = {at: key for at, key in enumerate(keys) if at not in fields and key not in skipped}
        alias = next((each for each in aliases.split(", ") if each in free.values()), None)
        for at, key in free.items():
            if key == alias and (field in SEVERAL or field not in fields.values()):
                fields[at] = field
    if "title" not in fields.values():
        raise TableError(
            f"No column is the title; the columns are {_shown(names)}.",
            f"Say which: --map title={_quoted(names[0]) if names else 'Name'} .",
        )
    return Columns(names, fields)


def _is_there(field: str, found: set[str]) -> bool:
    """Return whether a length of time is known in another unit already."""
    stem = field.partition("_")[0]
    return stem in _EQUALLY and any(each.partition("_")[0] == stem for each in found)


def _check_field(field: str) -> None:
    if field not in FIELDS:
        near = nearest(field, FIELDS)
        raise TableError(
            f"{field[:40]!r} is no field that a column can be.",
            f"Did you mean {near} ?" if near else f"The fields are {', '.join(FIELDS)} .",
        )


def _places(names: Sequence[str], column: str) -> list[int]:
    wanted = " ".join(column.split())
    found = [at for at, name in enumerate(names) if name == wanted]
    found = found or [at for at, name in enumerate(names) if _key(name) == _key(wanted)]
    if not found:
        near = nearest(wanted, names)
        raise TableError(
            f"There is no column {wanted[:80]!r}; the columns are {_shown(names)}.",
            f"Did you mean {_quoted(near)} ?" if near else "Columns are named by the first row.",
        )
    return found


def _key(name: str) -> str:
    return " ".join(re.split(r"[\s_-]+", name.casefold().strip()))


def _shown(names: Sequence[str]) -> str:
    found = ", ".join(_quoted(name[:60]) for name in names[:30])
    return f"{found}, …" if len(names) > 30 else found or "none"  # noqa: PLR2004


def _quoted(name: str) -> str:
    return f'"{name}"' if re.search(r"[\s,&;|<>()$]", name) else name
