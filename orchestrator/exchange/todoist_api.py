"""The JSON of Todoist's API: a full sync, or lists of tasks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.exchange import clean, dates, take, todoist_task
from orchestrator.exchange.assemble import assemble
from orchestrator.exchange.dates import Local
from orchestrator.exchange.identity import digest
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.keys import Keys, hashed, project_id
from orchestrator.exchange.people import People
from orchestrator.exchange.records import values

_PRIORITIES: dict[str, str | None] = {"4": "urgent", "3": "high", "2": "medium", "1": "low"}
_KNOWN = ("projects", "sections", "collaborators", "labels")
_LISTS = ("items", "tasks", "results", "completed")
_VIEW = frozenset({
    "child_order", "order", "day_order", "collapsed", "is_collapsed", "note_count",
    "comment_count", "user_id", "sync_id", "assigned_by_uid", "assigner_id", "is_deleted",
    "is_uncompletable", "completed_by_uid", "goal_ids",
})  # fmt: skip
_TAKEN = _VIEW | {
    "id", "content", "description", "project_id", "section_id", "parent_id", "labels", "priority",
    "due", "deadline", "duration", "checked", "is_completed", "completed", "completed_at",
    "date_completed", "added_at", "created_at", "date_added", "responsible_uid", "assignee_id",
    "added_by_uid", "creator_id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Export:
    """The objects of an export, by their ids; comments by the task that they are on."""

    tasks: dict[str, Document] = field(default_factory=dict)
    known: dict[str, dict[str, Document]] = field(
        default_factory=lambda: {kind: {} for kind in _KNOWN}
    )
    comments: dict[str, list[str]] = field(default_factory=dict)


def read(data: bytes, keys: Keys, into: str, local: Local) -> Imported:
    """Read tasks; each project of a full sync becomes one of ours.

    Args:
        data: The file.
        keys: The keys of projects, the prefixes of the task ids.
        into: A project for all tasks.
        local: Where its days begin.
    """
    notes = Notebook()
    export = _export(data, notes)
    names = {
        each: clean.line(row.get("name"), each, notes)
        for each, row in export.known["projects"].items()
    }
    places = _places(export.tasks, names, into)
    items: dict[str, Item] = {}
    for origin, row in export.tasks.items():
        item = items[origin] = _item(origin, row, export, local, notes)
        item.project = places[_id(row.get("project_id"))]
        item.wanted = hashed(keys(item.project), origin)
        text = take.text(item, row.get("description"), notes)
        todoist_task.describe(item, text, export.comments.pop(origin, []))
    if lost := sum(map(len, export.comments.values())):
        notes.count("line", "Comments on what is not in the file", lost)

    def find(_: Item, reference: str) -> Item | None:
        return items.get(reference)

    found = assemble(todoist_task.SOURCE, list(items.values()), find, notes, {}, People())
    projects = {
        place: {"id": place, "key": keys(place), "title": into or names.get(each) or place}
        for each, place in places.items()
    }
    first = next(iter(projects.values()), {})
    return Imported(todoist_task.SOURCE, found.tasks, found.users, found.notes, first, projects)


def _export(data: bytes, notes: Notebook) -> _Export:
    found = _Export()
    for kind, row in _entries(data, notes):
        if kind in found.known:
            found.known[kind][_id(row.get("id"))] = row
        elif kind == "comment":
            owner = _id(row.get("item_id") or row.get("task_id"))
            when = clean.line(row.get("posted_at"), owner, notes)[:10]
            said = take.text(Item(owner), row.get("content"), notes)
            found.comments.setdefault(owner, []).append(f"{when}: {said}" if when else said)
        elif (origin := _id(row.get("id"))) in found.tasks:
            notes.count("duplicate", "Tasks that are there twice, the first of which is kept")
        elif row.get("is_deleted") in (True, 1):
            notes.count("value", "Deleted tasks, which are left out")
        else:
            found.tasks[origin] = row
    return found


def _entries(data: bytes, notes: Notebook) -> Iterator[tuple[str, Document]]:
    """Yield `task`, `comment` or the list that it is in, and each object of the file."""
    for value in values(data, notes):
        lists = [("", value if isinstance(value, list) else [value])]
        if isinstance(value, dict) and "content" not in value:
            lists = [(str(key), each) for key, each in value.items() if isinstance(each, list)]
        for kind, entries in lists:
            for each in entries:
                if not isinstance(each, dict):
                    notes.count("line", "Items that are no objects, which are left out")
                elif kind in _KNOWN:
                    yield kind, each
                elif "completed_at" not in each and ("item_id" in each or "task_id" in each):
                    yield "comment", each
                elif "content" in each and _id(each.get("id")) and kind in ("", *_LISTS):
                    yield "task", each
                else:
                    notes.count("line", f"Entries of the list {kind[:60]!r}, which hold no task")


def _id(value: Any) -> str:
    """Return an id as text: numbers in old exports, texts in new ones."""
    return clean.line(value, "", Notebook())[:100] if isinstance(value, str) else take.number(value)


def _places(rows: Mapping[str, Document], names: Mapping[str, str], into: str) -> dict[str, str]:
    """Return the project of ours for each project of Todoist's that has a task."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for row in rows.values():
        each = _id(row.get("project_id"))
        if each in found:
            continue
        place = into or (project_id(names[each]) if names.get(each) else todoist_task.SOURCE)
        if place in used and not into and names.get(each):
            place = f"{place[:50]}-{digest(each).casefold()}"
        used.add(place)
        found[each] = place
    return found


def _item(origin: str, row: Document, export: _Export, local: Local, notes: Notebook) -> Item:
    item = Item(origin)
    take.title(item, row.get("content"), notes)
    take.rest(item, row, _TAKEN, notes)
    if any(row.get(key) for key in _VIEW):
        notes.count("value", "Tasks whose order and counts in Todoist are left out")
    is_done = any(row.get(key) in (True, 1) for key in ("checked", "is_completed", "completed"))
    done_at = row.get("completed_at") or row.get("date_completed")
    item.fields["status"] = "completed" if is_done or done_at else "todo"
    if item.fields["status"] == "completed":
        item.fields["completed_at"] = take.moment(item, "completed_at", done_at, notes)
    added = next(
        (row[key] for key in ("added_at", "created_at", "date_added") if row.get(key)), None
    )
    item.fields["created_at"] = take.moment(item, "added_at", added, notes)
    take.priority(item, row.get("priority"), _PRIORITIES, notes)
    _label(item, row, export, notes)
    _plan(item, row, local, notes)
    length = row.get("duration")
    if isinstance(length, dict):
        todoist_task.duration(item, length.get("amount"), length.get("unit"), notes)
    else:
        take.keep(item, "duration", length, notes)
    people = export.known["collaborators"]
    assignee = _person(row.get("responsible_uid") or row.get("assignee_id"), people, notes)
    item.assignees = [assignee] if assignee else []
    if creator := _person(row.get("added_by_uid") or row.get("creator_id"), people, notes):
        item.kept["added_by"] = creator
    if parent := _id(row.get("parent_id")):
        item.parents = [parent]
    return item


def _label(item: Item, row: Document, export: _Export, notes: Notebook) -> None:
    """Set the labels, of which old exports have the numbers, and the section as one of them."""
    section = export.known["sections"].get(_id(row.get("section_id")), {}).get("name")
    more = [f"section:{clean.line(section, item.origin, notes)}"] if section else []
    names = export.known["labels"]
    found = [names.get(_id(each), {}).get("name", each) for each in take.listed(row.get("labels"))]
    item.fields["labels"] = clean.labels([*found, *more], item.origin, notes)


def _plan(item: Item, row: Document, local: Local, notes: Notebook) -> None:
    days = []
    for key in ("due", "deadline"):
        value = row.get(key)
        said = value if isinstance(value, dict) else {"date": value}
        written = said.get("datetime") or said.get("date")
        found = dates.local_day(written, local)
        days.append(found)
        if said.get("is_recurring") is True:
            notes.count(
                "date", "Repeated tasks, of which the next date is kept, the rule in metadata"
            )
        if written and (
            found is None or said.get("is_recurring") is True or dates.has_time(written)
        ):
            take.keep(item, key, said, notes)
    todoist_task.plan(item, *days)


def _person(uid: Any, people: Mapping[str, Document], notes: Notebook) -> str:
    """Return a person's name and e-mail, or the number where the export does not say more."""
    number = _id(uid)
    row = people.get(number, {})
    name = clean.line(row.get("full_name") or row.get("name"), number, notes)[:200]
    email = clean.line(row.get("email"), number, notes)[:200]
    if name and email:
        return f"{name} <{email}>"
    return name or email or (f"todoist-{number}" if number else "")
