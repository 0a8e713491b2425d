"""Taskwarrior: what `task export` prints, a list or one task a line."""

import re
from collections.abc import Iterator
from typing import Any

from orchestrator.exchange import clean, dates, take
from orchestrator.exchange.assemble import assemble
from orchestrator.exchange.dates import Local
from orchestrator.exchange.identity import digest
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.keys import Keys, keys_of, project_id
from orchestrator.exchange.people import People
from orchestrator.exchange.records import records
from orchestrator.model.ids import is_task_id

SOURCE = "taskwarrior"

_STATUSES = {
    "pending": "todo", "waiting": "todo", "completed": "completed", "deleted": "cancelled",
}  # fmt: skip
_PRIORITIES = {"h": "high", "m": "medium", "l": "low"}
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_TAKEN = frozenset({
    "id", "uuid", "urgency", "description", "status", "project", "tags", "priority", "due",
    "scheduled", "wait", "entry", "start", "end", "depends", "annotations",
})  # fmt: skip


def read(
    data: bytes, keys: Keys | None = None, into: str = "", local: Local = dates.as_it_is
) -> Imported:
    """Read an export; the first part of a task's project is the project that it goes into.

    Args:
        data: A list of tasks, or one task a line.
        keys: The keys of projects, the prefixes of the task ids.
        into: A project for all tasks.
        local: Where its days begin: Taskwarrior writes the midnight of a place in UTC.
    """
    notes = Notebook()
    find_key = keys or keys_of({})
    items: dict[str, Item] = {}
    names: dict[str, str] = {}
    for uuid, row in _rows(data, notes):
        item = items[uuid] = _item(uuid, row, local, notes)
        named = str(item.kept.get("project", "")).partition(".")[0].strip()
        place = into or (project_id(named) if named else SOURCE)
        names.setdefault(place, named)
        item.project = place
        item.wanted = _wanted(find_key(place), uuid)

    def find(_: Item, reference: str) -> Item | None:
        return items.get(reference)

    if items:
        what = "Tasks whose urgency and short number, which Taskwarrior derives, are left out"
        notes.count("value", what, len(items))
    found = assemble(SOURCE, list(items.values()), find, notes, {}, People())
    projects = {
        place: {"id": place, "key": find_key(place), **({"title": name} if name else {})}
        for place, name in names.items()
    }
    first = projects.get(into or SOURCE) or next(iter(projects.values()), {})
    return Imported(SOURCE, found.tasks, found.users, found.notes, first, projects)


def _rows(data: bytes, notes: Notebook) -> Iterator[tuple[str, Document]]:
    """Yield each task with its uuid, once."""
    seen: set[str] = set()
    for where, row in records(data, ("tasks",), notes):
        uuid = clean.line(row.get("uuid"), where, notes)[:200].casefold()
        if not uuid:
            notes.add("line", where, "It is no task: it has no uuid; it is left out.")
        elif uuid in seen:
            notes.count("duplicate", "Tasks that are there twice, the first of which is kept")
        elif row.get("status") == "recurring":
            notes.count("value", "Templates of recurring tasks, which are left out")
        else:
            seen.add(uuid)
            yield uuid, row


def _wanted(key: str, uuid: str) -> str:
    """Return the id that a task gets: its uuid as Taskwarrior shortens it."""
    found = f"{key}-{uuid[:8].upper()}"
    return found if _UUID.fullmatch(uuid) and is_task_id(found) else f"{key}-{digest(uuid)}"


def _item(uuid: str, row: Document, local: Local, notes: Notebook) -> Item:
    item = Item(uuid)
    fields = item.fields
    take.title(item, row.get("description"), notes)
    if "\n" in (whole := take.text(item, row.get("description"), notes)):
        fields["description"] = take.joined([("", whole)])
    take.rest(item, row, _TAKEN, notes)
    take.keep(item, "project", clean.line(row.get("project"), uuid, notes), notes)
    _status(item, row, notes)
    take.priority(item, row.get("priority"), _PRIORITIES, notes)
    due, scheduled, wait = (
        take.local_day(item, key, _written(row.get(key)), local, notes)
        for key in ("due", "scheduled", "wait")
    )
    fields |= {"due_date": due, "start_date": scheduled or wait}
    below = str(item.kept.get("project", "")).partition(".")[2]
    fields["labels"] = clean.labels([*_split(row.get("tags")), below], uuid, notes)
    item.dependencies = [
        clean.line(each, uuid, notes)[:200].casefold() for each in _split(row.get("depends"))
    ]
    _annotate(item, row.get("annotations"), notes)
    return item


def _status(item: Item, row: Document, notes: Notebook) -> None:
    fields = item.fields
    take.status(item, row.get("status"), _STATUSES, notes)
    fields["created_at"] = take.moment(item, "entry", _written(row.get("entry")), notes)
    start = take.moment(item, "start", _written(row.get("start")), notes)
    end = take.moment(item, "end", _written(row.get("end")), notes)
    if start and fields["status"] == "todo":
        fields["status"] = "in_progress"
    fields["started_at"] = start
    if fields["status"] == "completed":
        fields["completed_at"] = end
    elif row.get("status") == "deleted":
        fields["deleted_at"] = end or fields["created_at"]
    elif end:
        take.keep(item, "end", row["end"], notes)
    if row.get("status") == "waiting":
        item.kept["status"] = "waiting"


def _written(value: Any) -> Any:
    """Return `20261122T093000Z` as others write it, and anything else as it is."""
    match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    return "{}-{}-{}T{}:{}:{}Z".format(*match.groups()) if match else value


def _split(value: Any) -> list[Any]:
    """Return a list; Taskwarrior 2.5 and earlier wrote some of them as text with commas."""
    if isinstance(value, str):
        return [each for each in value.split(",") if each.strip()]
    return take.listed(value)


def _annotate(item: Item, written: Any, notes: Notebook) -> None:
    lines = []
    for each in take.listed(written):
        if not isinstance(each, dict):
            take.keep(item, "annotation", each, notes)
            continue
        said = take.text(item, each.get("description"), notes).replace("\n", "\n  ")
        when = clean.line(_written(each.get("entry")), item.origin, notes)
        if said:
            day = f"{when.removesuffix(':00Z').replace('T', ' ')}: " if when else ""
            lines.append(f"- {day}{said}")
    if lines:
        first = item.fields.get("description", "").rstrip("\n")
        item.fields["description"] = take.joined([("", first), ("Annotations", "\n".join(lines))])
