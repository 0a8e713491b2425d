"""GitLab: issues as its REST API lists them."""

import re
from typing import Any

from orchestrator.exchange import clean, forge, take
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.keys import Keys, keys_of, numbered
from orchestrator.exchange.records import records

SOURCE = "gitlab"

_ADDRESS = re.compile(
    r"https?://[^/\s]+/(?P<project>[^\s?#]+?)/-/(?:issues|work_items)/(?P<number>\d{1,18})",
    re.ASCII,
)
_FULL = re.compile(r"(?P<project>[^\s#]+)#(?P<number>\d{1,18})", re.ASCII)
_DERIVED = frozenset({
    "id", "project_id", "_links", "references", "user_notes_count", "merge_requests_count",
    "has_tasks", "task_status", "task_completion_status", "upvotes", "downvotes", "subscribed",
    "blocking_issues_count", "assignee", "imported", "discussion_locked", "epic_iid",
    "service_desk_reply_to", "issue_link_id", "link_created_at", "link_updated_at",
})  # fmt: skip
_TAKEN = _DERIVED | {
    "iid", "title", "description", "state", "labels", "assignees", "milestone", "author",
    "closed_by", "due_date", "start_date", "time_stats", "created_at", "closed_at",
    "confidential", "epic", "parent", "iteration", "type", "issue_type", "severity", "links",
    "issue_links", "linked_issues", "imported_from",
}  # fmt: skip
_TOPICS = {"incident", "test_case", "requirement", "ticket", "objective", "key_result"}


def read(data: bytes, keys: Keys | None = None, into: str = "") -> Imported:
    """Read issues.

    Args:
        data: A list, pages one after another, or one issue a line.
        keys: The keys of projects, the prefixes of the task ids.
        into: The project; without it the name of the first issue's project.
    """
    notes = Notebook()
    rows: dict[str, tuple[str, Document]] = {}
    path = ""
    for where, row in records(data, ("issues", "items", "nodes"), notes):
        number = take.number(row.get("iid"))
        if not number:
            notes.add("line", where, "It is no issue: it has no iid; it is left out.")
            continue
        path = path or _project(row)
        origin = f"{_project(row)}#{number}"
        if origin in rows:
            notes.count("duplicate", "Issues that are there twice, the first of which is kept")
        else:
            rows[origin] = number, row
    project = forge.project_of(SOURCE, path, into, keys or keys_of({}))
    items: dict[str, Item] = {}
    for origin, (number, row) in rows.items():
        items[origin] = _item(origin, row, notes)
        items[origin].wanted = numbered(str(project["key"]), number)
    for origin, (_, row) in rows.items():
        _link(items, items[origin], row, notes)
    return forge.plan_of(SOURCE, items, project, notes)


def _project(row: Document) -> str:
    """Return the path of the project that an issue is in, or its number, or `""`."""
    references = row.get("references")
    full = references.get("full") if isinstance(references, dict) else None
    if isinstance(full, str) and (match := _FULL.fullmatch(full[:1_000])):
        return match["project"]
    if match := _ADDRESS.match(str(row.get("web_url") or "")[:1_000]):
        return match["project"]
    return take.number(row.get("project_id"))


def _item(origin: str, row: Document, notes: Notebook) -> Item:
    item = Item(origin)
    fields = item.fields
    take.title(item, row.get("title"), notes)
    take.rest(item, row, _TAKEN, notes)
    if author := forge.name(row.get("author"), item, notes):
        item.kept["author"] = author
    if closer := forge.name(row.get("closed_by"), item, notes):
        item.kept["closed_by"] = closer
    state = clean.line(row.get("state"), origin, notes)
    take.status(item, state, {"opened": "todo", "closed": "completed"}, notes)
    for key in ("due_date", "start_date"):
        fields[key] = take.day(item, key, row.get(key), notes)
    more = forge.milestone(item, row.get("milestone"), "due_date", notes)
    kind = clean.line(row.get("issue_type") or row.get("type"), origin, notes).casefold()
    if kind in _TOPICS:
        more.append(kind)
    elif kind not in ("", "issue", "task"):
        item.kept["type"] = kind
    forge.label(item, row.get("labels"), more, notes)
    forge.assign(item, [*take.listed(row.get("assignees")), row.get("assignee")], notes)
    fields["created_at"] = take.moment(item, "created_at", row.get("created_at"), notes)
    forge.finish(item, row, "closed_at", row.get("updated_at"), notes)
    fields["description"] = take.joined([("", take.text(item, row.get("description"), notes))])
    _time(item, row.get("time_stats"), notes)
    _particulars(item, row, notes)
    return item


def _time(item: Item, stats: Any, notes: Notebook) -> None:
    if not isinstance(stats, dict):
        take.keep(item, "time_stats", stats, notes)
        return
    for key, ours in (
        ("time_estimate", "estimated_minutes"),
        ("total_time_spent", "actual_minutes"),
    ):
        if found := take.minutes(item, key, stats.get(key) or None, 1, notes):
            item.fields[ours] = found


def _particulars(item: Item, row: Document, notes: Notebook) -> None:
    if row.get("confidential") is True:
        item.kept["confidential"] = True
        notes.count("value", "Confidential issues, which all who have the repository can read now")
    if row.get("discussion_locked") is True:
        item.kept["discussion_locked"] = True
    if row.get("imported") is True:
        take.keep(item, "imported_from", row.get("imported_from"), notes)
    severity = clean.line(row.get("severity"), item.origin, notes)
    if severity.casefold() not in ("", "unknown"):
        item.kept["severity"] = severity
    for key in ("epic", "iteration"):
        value = row.get(key)
        if isinstance(value, dict):
            value = {each: value.get(each) for each in ("iid", "title") if value.get(each)}
        take.keep(item, key, value, notes)


def _link(items: dict[str, Item], item: Item, row: Document, notes: Notebook) -> None:
    """Take the links, where the export has them; the API lists them apart from the issues."""
    parent = row.get("parent")
    if reference := _reference(item, parent):
        item.parents.append(reference)
    else:
        take.keep(item, "parent", parent, notes)
    for key in ("links", "issue_links", "linked_issues"):
        for each in take.listed(row.get(key)):
            reference = _reference(item, each)
            kind = each.get("link_type") if isinstance(each, dict) else None
            other = items.get(reference)
            if kind == "is_blocked_by" and reference:
                item.dependencies.append(reference)
            elif kind == "blocks" and other is not None:
                other.dependencies.append(item.origin)
            else:
                short = {"issue": reference, "link_type": kind} if reference else each
                item.kept.setdefault("links", []).append(clean.data(short, item.origin, notes))
                notes.count("link", "Links that are no dependency, which are kept in metadata")


def _reference(item: Item, value: Any) -> str:
    """Return the origin of the issue that a link leads to, or `""`."""
    if not isinstance(value, dict):
        return ""
    number = take.number(value.get("iid"))
    own = item.origin.rpartition("#")[0]
    return f"{_project(value) or own}#{number}" if number else ""
