"""task-master: `.taskmaster/tasks/tasks.json`, whose tags are projects."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from orchestrator.exchange import clean, take
from orchestrator.exchange.assemble import assemble
from orchestrator.exchange.identity import digest
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.keys import Keys, keys_of, numbered, project_id
from orchestrator.exchange.people import People
from orchestrator.exchange.records import values

SOURCE = "taskmaster"
FIRST_TAG = "master"
"""The tag that task-master makes, and the one of a file from before there were tags."""

_STATUSES = {
    "pending": "todo", "in-progress": "in_progress", "done": "completed", "review": "in_review",
    "cancelled": "cancelled", "blocked": "blocked", "completed": "completed",
}  # fmt: skip
_PRIORITIES = {"low": "low", "medium": "medium", "high": "high", "critical": "urgent"}
_SECTIONS = (
    ("details", "Details"),
    ("acceptanceCriteria", "Acceptance criteria"),
    ("testStrategy", "Test strategy"),
)
_TAKEN = frozenset({
    "id", "title", "description", "status", "priority", "dependencies", "subtasks", "createdAt",
    "parentId", "parentTaskId", "assignee", "tags", *(key for key, _ in _SECTIONS),
})  # fmt: skip
_ABOVE = "task above "  # and its place: the parent of 5.1 is 5, and not 5.5
_MOST_TAGS = 1_000
_MOST_TASKS = 500_000
_DEEPEST = 20
_REFERENCE = re.compile(r"\d{1,18}(?:\.\d{1,18})*", re.ASCII)

Place = tuple[str, str]
"""A tag, and the id of a task in it."""


def read(
    data: bytes, keys: Keys | None = None, into: str = "", only: Collection[str] = ()
) -> Imported:
    """Read a tasks.json; each tag becomes a project.

    Args:
        data: The file, with tags or from before there were any.
        keys: The keys of projects, the prefixes of the task ids.
        into: A project for the tag master, or for the only tag; those of the others begin with it.
        only: Tags to read; none means all.
    """
    notes = Notebook()
    tags = dict(_tags(data, only, notes))
    projects = _projects(tags, into, keys or keys_of({}))
    items: list[Item] = []
    first: dict[Place, Item] = {}
    for tag, content in tags.items():
        project = projects[tag]
        for item in _tasks(content, tag, len(items), notes):
            place = tag, item.origin.rpartition(":")[2]
            item.project = str(project["id"])
            item.wanted = numbered(str(project["key"]), place[1])
            first.setdefault(place, item)
            items.append(item)

    def find(item: Item, reference: str) -> Item | None:
        if reference.startswith(_ABOVE):
            return items[int(reference.removeprefix(_ABOVE))]
        tag, _, number = item.origin.rpartition(":")
        above = number.rpartition(".")[0]
        # A subtask names those beside it by their own number; task-master takes these first.
        beside = first.get((tag, f"{above}.{reference}")) if above else None
        return beside if beside and beside is not item else first.get((tag, reference))

    found = assemble(SOURCE, items, find, notes, {}, People())
    by_id = {str(each["id"]): each for each in projects.values()}
    main = next(iter(projects.values()), {})
    return Imported(SOURCE, found.tasks, found.users, found.notes, main, by_id)


def _tags(data: bytes, only: Collection[str], notes: Notebook) -> Iterator[tuple[str, Document]]:
    content = next(values(data, notes), None)
    if isinstance(content, list):
        content = {"tasks": content}
    if not isinstance(content, dict):
        notes.add("file", "", "The file holds no tasks of task-master.")
        return
    if isinstance(content.get("tasks"), list):
        content = {FIRST_TAG: content}
    for name in sorted(set(only) - {clean.line(each, "", notes) for each in content}):
        notes.add("file", name, "There is no such tag in the file.")
    for number, (name, tag) in enumerate(content.items()):
        shown = clean.line(name, "", notes)[:200] or FIRST_TAG
        if number >= _MOST_TAGS:
            notes.count("size", f"Tags after the first {_MOST_TAGS:,}, which are left out")
        elif only and shown not in only:
            notes.count("project", "Tags that were not asked for")
        elif isinstance(tag, dict) and isinstance(tag.get("tasks"), list):
            yield shown, tag
        else:
            notes.add("file", shown, "It is no tag: it holds no list of tasks; it is left out.")


def _projects(tags: dict[str, Document], into: str, keys: Keys) -> dict[str, Document]:
    """Return what is known of each tag's project: its id, key, title and metadata."""
    found: dict[str, Document] = {}
    used: set[str] = set()
    for tag, content in tags.items():
        own = project_id(tag)
        if into:
            own = into if tag == FIRST_TAG or len(tags) == 1 else f"{into}-{own}"[:63]
        if own in used:
            own = f"{own[:50]}-{digest(tag).casefold()}"
        used.add(own)
        notes = Notebook()  # what is odd in it is kept as text, and says nothing of a task
        kept: Document = {"tag": tag}
        metadata = content.get("metadata")
        for key, value in metadata.items() if isinstance(metadata, dict) else ():
            if key not in ("taskCount", "completedCount", "tags"):
                clean.keep(kept, key, clean.data(value, tag, notes))
        title, _ = clean.title(kept.get("projectName") or tag, own, tag, notes)
        found[tag] = {"id": own, "key": keys(own), "title": title, "metadata": {SOURCE: kept}}
    return found


def _tasks(content: Document, tag: str, before: int, notes: Notebook) -> Iterator[Item]:
    """Yield the tasks of a tag and their subtasks, each after the one above it.

    Args:
        content: The tag.
        tag: Its name.
        before: How many tasks there are before these; a parent is named by its place.
        notes: Of what is left out.
    """
    rest: list[tuple[str, str, Any]] = [("", "", each) for each in reversed(content["tasks"])]
    copies: dict[str, int] = {}
    while rest:
        above, parent, row = rest.pop()
        number = _number(row, above)
        if not isinstance(row, dict) or not number:
            where = f"{tag}:{above}" if above else tag
            notes.add("line", where, "Something there is no task with a number; it is left out.")
            continue
        if before >= _MOST_TASKS:
            notes.count("size", f"Tasks after the first {_MOST_TASKS:,}, which are left out")
            continue
        item = _item(tag, number, row, notes)
        item.copy = copies[number] = copies.get(number, 0) + 1
        if item.copy > 1:
            notes.add("duplicate", item.origin, "Another task has the number too.")
        item.parents = [_ABOVE + parent] if parent else []
        if not parent and "." in number:
            item.parents = [number.rpartition(".")[0]]
        yield item
        below = row.get("subtasks")
        if isinstance(below, list) and number.count(".") < _DEEPEST:
            rest += [(number, str(before), each) for each in reversed(below)]
        elif not clean.is_empty(below):
            notes.add("line", item.origin, "Its subtasks are no list that can be read.")
        before += 1


def _number(row: Any, above: str) -> str:
    """Return the number of a task: `5`, or `5.2` for a subtask; `""` when it has none."""
    written = row.get("id") if isinstance(row, dict) else None
    number = take.number(written)
    if not number and isinstance(written, str) and len(written) <= 200:  # noqa: PLR2004
        number = written.strip() if _REFERENCE.fullmatch(written.strip()) else ""
    if not above or not number or number.startswith(f"{above}."):
        return number
    return f"{above}.{number}"


def _item(tag: str, number: str, row: Document, notes: Notebook) -> Item:
    item = Item(f"{tag}:{number}")
    take.title(item, row.get("title"), notes)
    take.status(item, row.get("status"), _STATUSES, notes)
    take.priority(item, row.get("priority"), _PRIORITIES, notes)
    take.rest(item, row, _TAKEN, notes)
    item.fields["labels"] = clean.labels(take.listed(row.get("tags")), item.origin, notes)
    item.fields["created_at"] = take.moment(item, "createdAt", row.get("createdAt"), notes)
    if item.fields["status"] == "completed":
        updated = take.moment(item, "updatedAt", row.get("updatedAt"), notes)
        item.fields["completed_at"] = updated
    item.fields["description"] = take.joined(
        [
            ("", take.text(item, row.get("description"), notes)),
            *((heading, _section(item, row.get(key), notes)) for key, heading in _SECTIONS),
        ]
    )
    item.assignees = [
        name for name in [clean.line(row.get("assignee"), item.origin, notes)] if name
    ]
    for each in take.listed(row.get("dependencies")):
        item.dependencies.append(take.number(each) or clean.line(each, item.origin, notes)[:200])
    return item


def _section(item: Item, written: Any, notes: Notebook) -> str:
    if isinstance(written, list):
        return "\n".join(f"- {clean.line(each, item.origin, notes)}" for each in written)
    return take.text(item, written, notes)
