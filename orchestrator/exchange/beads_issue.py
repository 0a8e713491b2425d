"""One issue of beads as a task."""

from typing import Any

from orchestrator.exchange import clean, dates, words
from orchestrator.exchange.imported import Document, Item, Notebook

_STATUSES = {
    "open": "todo", "in_progress": "in_progress", "hooked": "in_progress", "blocked": "blocked",
    "deferred": "todo", "pinned": "todo", "closed": "completed", "resolved": "completed",
    "tombstone": "cancelled",
}  # fmt: skip
_SAME = frozenset({"open", "in_progress", "blocked", "closed", "tombstone"})
_PRIORITIES = ("urgent", "high", "medium", "low", "low")
_LOWEST = 4
_SECTIONS = (
    ("design", "Design"),
    ("acceptance_criteria", "Acceptance criteria"),
    ("notes", "Notes"),
)
_COUNTS = frozenset({"dependency_count", "dependent_count", "comment_count"})
_TAKEN = _COUNTS | {
    "id", "title", "description", "design", "acceptance_criteria", "notes", "status", "priority",
    "assignee", "labels", "dependencies", "parent", "created_at", "closed_at", "started_at",
    "estimated_minutes", "due_at", "defer_until", "deleted_at", "deleted_by", "issue_type",
}  # fmt: skip
_MOST_MINUTES = 10_000_000


def issue_of(origin: str, row: Document, notes: Notebook) -> Item:
    """Return the task that an issue makes."""
    item = Item(origin)
    fields = item.fields
    fields["title"], whole = clean.title(row.get("title"), origin, origin, notes)
    if whole:
        item.kept["title"] = whole
    for key, value in row.items():
        if key not in _TAKEN and not clean.is_empty(value):
            clean.keep(item.kept, key, clean.data(value, origin, notes))
    if any(row.get(key) for key in _COUNTS):
        notes.count("value", "Counts of links and comments can be had from the plan; left out")
    _status(item, row, notes)
    _priority(item, row, notes)
    _stamps(item, row, notes)
    _estimate(item, row, notes)
    fields["labels"] = _labels(item, row, notes)
    fields["description"] = _description(row, origin, notes)
    item.assignees = _name(row.get("assignee"), origin, notes)
    _links(item, row, notes)
    return item


def _name(value: Any, origin: str, notes: Notebook) -> list[str]:
    found = clean.line(value, origin, notes)
    return [found] if found else []


def _status(item: Item, row: Document, notes: Notebook) -> None:
    written = clean.line(row.get("status"), item.origin, notes) or "open"
    found = _STATUSES.get(written) or words.status(written)
    if found is None:
        notes.add("status", item.origin, f"The status {written[:60]} is unknown; it is todo now.")
    elif written not in _SAME:
        notes.count("status", f"Issues with the status {written[:60]} are {found} now")
    reason = row.get("close_reason")
    if found == "completed" and isinstance(reason, str) and words.status(reason) == "cancelled":
        found = "cancelled"
    item.fields["status"] = found or "todo"
    if written not in _SAME:
        item.kept["status"] = written


def _priority(item: Item, row: Document, notes: Notebook) -> None:
    written = row.get("priority")
    if type(written) is int and 0 <= written <= _LOWEST:
        item.fields["priority"] = _PRIORITIES[written]
        if written == _LOWEST:
            item.kept["priority"] = written
    elif not clean.is_empty(written):
        word = clean.line(written, item.origin, notes)
        item.kept["priority"] = clean.data(written, item.origin, notes)
        if found := words.priority(word):
            item.fields["priority"] = found
        else:
            notes.add("priority", item.origin, f"The priority {word[:60]} is unknown; left out.")


def _stamps(item: Item, row: Document, notes: Notebook) -> None:
    fields = item.fields
    status = fields["status"]

    def read(key: str) -> str | None:
        found = dates.moment(row.get(key), item.origin, key, notes)
        if found is None and not clean.is_empty(row.get(key)):
            item.kept[key] = clean.data(row[key], item.origin, notes)
        return found

    created, updated, started = read("created_at"), read("updated_at"), read("started_at")
    closed, deleted = read("closed_at"), read("deleted_at")
    fields["created_at"] = created
    if status in ("in_progress", "in_review"):
        fields["started_at"] = started or updated or created
        if started is None and fields["started_at"]:
            notes.count(
                "date", "Issues that do not say when they were started: updated_at is taken"
            )
    else:
        fields["started_at"] = started
    if status == "completed":
        fields["completed_at"] = closed or updated or created
    elif closed:
        item.kept["closed_at"] = clean.data(row["closed_at"], item.origin, notes)
    if row.get("status") == "tombstone" or deleted:
        fields["deleted_at"] = deleted or closed or updated or created
    if fields.get("deleted_at"):
        item.deleter = next(iter(_name(row.get("deleted_by"), item.origin, notes)), None)
    for key, ours in (("due_at", "due_date"), ("defer_until", "start_date")):
        fields[ours] = dates.day(row.get(key), item.origin, key, notes)
        if not clean.is_empty(row.get(key)):
            item.kept[key] = clean.data(row[key], item.origin, notes)


def _estimate(item: Item, row: Document, notes: Notebook) -> None:
    written = row.get("estimated_minutes")
    if type(written) is int and 0 <= written <= _MOST_MINUTES:
        item.fields["estimated_minutes"] = written
    elif not clean.is_empty(written):
        item.kept["estimated_minutes"] = clean.data(written, item.origin, notes)
        notes.add("value", item.origin, "Its estimate is no number of minutes; kept in metadata.")


def _labels(item: Item, row: Document, notes: Notebook) -> list[str]:
    written = row.get("labels")
    found: list[Any] = written if isinstance(written, list) else [written]
    kind = clean.line(row.get("issue_type"), item.origin, notes)
    if kind:
        item.kept["issue_type"] = kind
    kinds = [kind] if kind and kind != "task" else []
    return clean.labels([*found, *kinds], item.origin, notes)


def _description(row: Document, origin: str, notes: Notebook) -> str:
    parts = [clean.text(row.get("description"), origin, notes).strip("\n")]
    for key, heading in _SECTIONS:
        if section := clean.text(row.get(key), origin, notes).strip("\n"):
            parts.append(f"## {heading}\n\n{section}")
    text = "\n\n".join(part for part in parts if part.strip())
    return f"{text}\n" if text else ""


def _links(item: Item, row: Document, notes: Notebook) -> None:
    """Sort the links: `blocks` is a dependency, `parent-child` a parent, the others metadata."""
    written = row.get("dependencies")
    for link in written if isinstance(written, list) else []:
        if isinstance(link, str):
            link = {"depends_on_id": link, "type": "blocks"}  # noqa: PLW2901
        target = link.get("depends_on_id") if isinstance(link, dict) else None
        if not isinstance(target, str) or not target:
            notes.add("link", item.origin, "A link that names no issue is kept in metadata.")
            item.kept.setdefault("links", []).append(clean.data(link, item.origin, notes))
            continue
        target, kind = clean.line(target, item.origin, notes), str(link.get("type") or "blocks")
        owner = link.get("issue_id", item.origin)
        if kind not in ("blocks", "parent-child"):
            item.kept.setdefault("links", []).append(clean.data(link, item.origin, notes))
            notes.count("link", f"Links of the kind {kind[:60]} are kept in metadata")
        elif isinstance(owner, str) and owner not in ("", item.origin):
            alien = {"issue_id": owner, "depends_on_id": target, "type": kind}
            item.elsewhere.append(alien)
        else:
            (item.parents if kind == "parent-child" else item.dependencies).append(target)
            if link.get("created_at") or link.get("created_by"):
                notes.count("link", "Links of which it is not kept who made them, and when")
    if parent := clean.line(row.get("parent"), item.origin, notes):
        item.parents.append(parent)
    if not isinstance(written, list) and not clean.is_empty(written):
        item.kept["dependencies"] = clean.data(written, item.origin, notes)
        notes.add("link", item.origin, "Its dependencies are no list; kept in metadata.")
