"""One row of a table as a task."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator.exchange import calendar_words, clean, take
from orchestrator.exchange.calendar_words import Order
from orchestrator.exchange.csv_columns import SEVERAL, Columns
from orchestrator.exchange.imported import Item, Notebook
from orchestrator.exchange.rows import Row
from orchestrator.model.duration import DurationError, parse_duration

DATES = ("start_date", "due_date")
MOMENTS = ("created_at", "started_at", "completed_at")

_STATUSES = {
    "true": "completed", "yes": "completed", "x": "completed", "✓": "completed", "✔": "completed",
    "false": "todo", "no": "todo", "todo": "todo",
}  # fmt: skip
_YES = frozenset({"true", "yes", "x", "1", "✓", "✔", "done"})
_NO = frozenset({"false", "no", "0", "-"})
_NO_PRIORITY: dict[str, str | None] = {"no priority": None, "none": None, "-": None}
_NOBODY = frozenset({"unassigned", "none", "-"})
_LENGTHS = {"minutes": 60, "hours": 3600, "seconds": 1}
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """What holds for all rows.

    Attributes:
        columns: Which is which.
        orders: The order of day and month in each column of dates, by its place.
        hours_per_day: What a day is worth in an estimate.
        notes: Taken on the way.
    """

    columns: Columns
    orders: Mapping[int, Order | None]
    hours_per_day: float
    notes: Notebook


@dataclass(slots=True)
class Cells:
    """The cells of a row by the field that they are for.

    Attributes:
        item: The task.
        of: Places of the columns that say something, by field.
        row: What they say.
    """

    item: Item
    of: dict[str, list[int]]
    row: Row

    def texts(self, field: str) -> list[str]:
        """Return what is said of a field."""
        return [self.row.cells[at] for at in self.of.get(field, ())]

    def text(self, field: str) -> str:
        """Return what is said of a field first."""
        return next(iter(self.texts(field)), "")


def cells_of(row: Row, item: Item, reading: Reading) -> Cells:
    """Return a row's cells by field; what has none is kept under the column's name."""
    columns, notes = reading.columns, reading.notes
    found: dict[str, list[int]] = {}
    for at, cell in enumerate(row.cells):
        if not cell.strip():
            continue
        field = columns.fields.get(at)
        if field is None or (field in found and field not in SEVERAL):
            name = columns.names[at] if at < len(columns.names) else f"column {at + 1}"
            take.keep(item, name, clean.text(cell, item.name, notes).strip(), notes)
        else:
            found.setdefault(field, []).append(at)
    if len(row.cells) > len(columns.names):
        notes.count("line", "Rows with more cells than the first, the rest kept in metadata")
    elif len(row.cells) < len(columns.names):
        notes.count("line", "Rows with fewer cells than the first, the rest taken for empty")
    return Cells(item, found, row)


def fill(cells: Cells, reading: Reading) -> None:
    """Set the fields of the task; parent and dependencies are the reader's, who knows all rows."""
    item, notes = cells.item, reading.notes
    take.title(item, cells.text("title"), notes)
    bodies = [take.text(item, each, notes) for each in cells.texts("description")]
    item.fields["description"] = take.joined(("", each) for each in bodies)
    _status(cells, reading)
    take.priority(item, cells.text("priority"), _NO_PRIORITY, notes)
    labels = [each for cell in cells.texts("labels") for each in split(cell)]
    item.fields["labels"] = clean.labels(labels, item.name, notes)
    for field in DATES:
        if written := _spelled(cells, field, reading):
            item.fields[field] = take.day(item, _name(cells, field, reading), written, notes)
    for length in ("estimated", "actual"):
        _minutes(cells, length, reading)
    _assign(cells, notes)


def split(cell: str) -> list[str]:
    """Return the parts of a cell that holds several."""
    return [each.strip() for each in re.split(r"[,;|\n]", cell) if each.strip()]


def ambiguous(table: Sequence[Row], at: int) -> Row | None:
    """Return the first row whose date in a column could be one of two days."""
    found = (row for row in table if at < len(row.cells))
    return next((row for row in found if calendar_words.is_ambiguous(row.cells[at])), None)


def _name(cells: Cells, field: str, reading: Reading) -> str:
    return reading.columns.names[cells.of[field][0]]


def _spelled(cells: Cells, field: str, reading: Reading) -> str:
    if field not in cells.of:
        return ""
    return calendar_words.spelled(cells.text(field), reading.orders.get(cells.of[field][0]))


def _status(cells: Cells, reading: Reading) -> None:
    item, notes = cells.item, reading.notes
    done = cells.text("completed_at").strip().casefold()
    said_done = done in _YES
    moments = {}
    for field in MOMENTS:
        written = _spelled(cells, field, reading)
        if written and not (field == "completed_at" and done in _YES | _NO):
            moments[field] = take.moment(item, _name(cells, field, reading), written, notes)
    ended = moments.get("completed_at")
    unsaid = "completed" if ended or said_done else "todo"
    take.status(item, cells.text("status"), _STATUSES, notes, unsaid)
    fields = item.fields
    is_unknown = fields["status"] == "todo" and "status" in item.kept
    if said_done or (ended and is_unknown):
        fields["status"] = "completed"
    if ended and fields["status"] != "completed":
        take.keep(item, _name(cells, "completed_at", reading), cells.text("completed_at"), notes)
        del moments["completed_at"]
    fields |= moments


def _minutes(cells: Cells, length: str, reading: Reading) -> None:
    """Set an estimate or an actual time: a number of the column's unit, or a text such as 1h30m."""
    item = cells.item
    for unit, seconds in _LENGTHS.items():
        field = f"{length}_{unit}"
        written = cells.text(field).strip()
        if not written:
            continue
        found: int | None = None
        if _NUMBER.fullmatch(written):
            number = float(written.replace(",", "."))
            name = _name(cells, field, reading)
            found = take.minutes(item, name, number, seconds, reading.notes)
        else:
            try:
                found = parse_duration(written, reading.hours_per_day)
            except DurationError:
                take.keep(item, _name(cells, field, reading), written[:500], reading.notes)
                reading.notes.count("value", "Lengths of time that are none, kept in metadata")
        if found is not None and f"{length}_minutes" in item.fields:
            take.keep(item, _name(cells, field, reading), written, reading.notes)
        elif found is not None:
            item.fields[f"{length}_minutes"] = found


def _assign(cells: Cells, notes: Notebook) -> None:
    item = cells.item
    people = [clean.line(each, item.name, notes)[:200] for each in _people(cells.text("assignee"))]
    emails = [
        clean.line(each, item.name, notes)[:200] for each in split(cells.text("assignee_email"))
    ]
    if len(people) == len(emails):
        people = [f"{name} <{email}>" for name, email in zip(people, emails, strict=True)]
    elif emails and not people:
        people = emails
    elif emails:
        item.kept["assignee_email"] = emails
    item.assignees = [each for each in people if each and each.casefold() not in _NOBODY]


def _people(cell: str) -> list[str]:
    """Return the people in a cell; `Ionescu, Dana` is one, `dana, lee` and full names are two."""
    found = []
    for part in re.split(r"[;|\n]", cell):
        names = [each.strip() for each in part.split(",") if each.strip()]
        are_names = all(" " in name for name in names) or all(name.islower() for name in names)
        found += names if are_names else [part.strip()]
    return found
