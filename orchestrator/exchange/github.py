"""GitHub: issues as its REST API lists them, or as `gh issue list --json` prints them."""

import re
from typing import Any

from orchestrator.exchange import clean, forge, take
from orchestrator.exchange.imported import Document, Imported, Item, Notebook
from orchestrator.exchange.keys import Keys, keys_of, numbered
from orchestrator.exchange.records import records

SOURCE = "github"

_ADDRESS = re.compile(
    r"https?://[^/\s]+/(?:api/v3/)?(?:repos/)?(?P<repo>[\w.-]+/[\w.-]+)/(?:issues|pull)/(?P<number>\d{1,18})",
    re.ASCII,
)
_REPOSITORY = re.compile(r"https?://[^\s]*?/repos/(?P<repo>[\w.-]+/[\w.-]+)", re.ASCII)
# What leads to more in the API, or counts what is there: of no use in a file.
_DERIVED = frozenset({
    "id", "node_id", "url", "repository_url", "labels_url", "comments_url", "events_url",
    "timeline_url", "body_html", "body_text", "reactions", "author_association", "assignee",
    "performed_via_github_app", "sub_issues_summary", "issue_dependencies_summary", "repository",
    "closed", "isPinned", "subIssuesSummary", "reactionGroups", "projectCards", "assignees",
    "pinned_comment",
})  # fmt: skip
_TAKEN = _DERIVED | {
    "number", "title", "body", "state", "state_reason", "labels", "milestone", "user",
    "created_at", "closed_at", "html_url", "parent_issue_url", "parent", "sub_issues",
    "blocked_by", "blocking", "type", "closed_by", "locked", "draft", "issue_field_values",
}  # fmt: skip
_NAMES = {
    "stateReason": "state_reason", "createdAt": "created_at", "closedAt": "closed_at",
    "updatedAt": "updated_at", "author": "user", "subIssues": "sub_issues",
    "blockedBy": "blocked_by", "issueType": "type",
}  # fmt: skip
_DATES = {"start date": "start_date", "target date": "due_date", "due date": "due_date"}
_REASONS = {"not_planned": "cancelled", "duplicate": "cancelled"}


def read(data: bytes, keys: Keys | None = None, into: str = "") -> Imported:
    """Read issues; pull requests are left out and counted.

    Args:
        data: A list, pages one after another, or one issue a line.
        keys: The keys of projects, the prefixes of the task ids.
        into: The project; without it the name of the first issue's repository.
    """
    notes = Notebook()
    rows: dict[str, tuple[str, Document]] = {}
    repository = ""
    for where, raw in records(data, ("items", "issues", "nodes"), notes):
        row = {_NAMES.get(key, key): value for key, value in raw.items()}
        if row.get("pull_request") or "/pull/" in str(row.get("html_url") or row.get("url")):
            notes.count("value", "Pull requests, which are left out")
            continue
        number = take.number(row.get("number"))
        if not number:
            notes.add("line", where, "It is no issue: it has no number; it is left out.")
            continue
        repo = _repository(row)
        repository = repository or repo
        origin = f"{repo}#{number}"
        if origin in rows:
            notes.count("duplicate", "Issues that are there twice, the first of which is kept")
            continue
        rows[origin] = number, row
    project = forge.project_of(SOURCE, repository, into, keys or keys_of({}))
    items: dict[str, Item] = {}
    for origin, (number, row) in rows.items():
        items[origin] = _item(origin, row, notes)
        items[origin].wanted = numbered(str(project["key"]), number)
    _link_others(items, rows, notes)
    return forge.plan_of(SOURCE, items, project, notes)


def _repository(row: Document) -> str:
    """Return `owner/name` of the repository that an issue is in, or `""`."""
    for key in ("html_url", "url"):
        if match := _ADDRESS.match(str(row.get(key) or "")[:1_000]):
            return match["repo"]
    match = _REPOSITORY.match(str(row.get("repository_url") or "")[:1_000])
    return match["repo"] if match else ""


def _item(origin: str, row: Document, notes: Notebook) -> Item:
    item = Item(origin)
    fields = item.fields
    take.title(item, row.get("title"), notes)
    take.rest(item, row, _TAKEN, notes)
    take.keep(item, "html_url", row.get("html_url") or row.get("url"), notes)
    if author := forge.name(row.get("user"), item, notes):
        item.kept["user"] = author
    if closer := forge.name(row.get("closed_by"), item, notes):
        item.kept["closed_by"] = closer
    for key in ("locked", "draft"):
        if row.get(key) is True:
            item.kept[key] = True
    if item.kept.get("comments") == 0:
        del item.kept["comments"]
    _status(item, row, notes)
    _field_values(item, row.get("issue_field_values"), notes)
    kind = row.get("type")
    kind = clean.line(kind.get("name") if isinstance(kind, dict) else kind, origin, notes)
    if kind:
        item.kept["type"] = kind
    more = [kind] if kind and kind.casefold() not in ("task", "issue") else []
    more += forge.milestone(item, row.get("milestone"), "due_on", notes)
    forge.label(item, row.get("labels"), more, notes)
    forge.assign(item, [*take.listed(row.get("assignees")), row.get("assignee")], notes)
    fields["created_at"] = take.moment(item, "created_at", row.get("created_at"), notes)
    forge.finish(item, row, "closed_at", row.get("updated_at"), notes)
    body = take.text(item, row.get("body"), notes)
    fields["description"] = take.joined([("", body)])
    _links(item, row, notes)
    return item


def _status(item: Item, row: Document, notes: Notebook) -> None:
    state = clean.line(row.get("state"), item.origin, notes).casefold()
    reason = clean.line(row.get("state_reason"), item.origin, notes).casefold()
    if state == "closed":
        item.fields["status"] = _REASONS.get(reason, "completed")
    else:
        take.status(item, state, {"open": "todo"}, notes)
    if reason and reason != "completed":
        item.kept["state_reason"] = reason


def _field_values(item: Item, written: Any, notes: Notebook) -> None:
    """Take the dates and the priority of an organisation's own fields; the others are kept."""
    for each in take.listed(written):
        if not isinstance(each, dict):
            take.keep(item, "field", each, notes)
            continue
        field = clean.line(each.get("issue_field_name"), item.origin, notes)
        option = each.get("single_select_option")
        value = option.get("name") if isinstance(option, dict) else each.get("value")
        if (ours := _DATES.get(field.casefold())) and isinstance(value, str):
            item.fields[ours] = take.day(item, field, value, notes)
        elif field.casefold() == "priority":
            take.priority(item, value, {}, notes)
        else:
            take.keep(item, field or "field", value, notes)


def _links(item: Item, row: Document, notes: Notebook) -> None:
    for key, links in (("parent", item.parents), ("blocked_by", item.dependencies)):
        for each in _nodes(row.get(key)):
            if reference := _reference(item, each):
                links.append(reference)
            else:
                take.keep(item, key, each, notes)
    address = row.get("parent_issue_url")
    if reference := _reference(item, address):
        item.parents.append(reference)
    else:
        take.keep(item, "parent_issue_url", address, notes)


def _link_others(
    items: dict[str, Item], rows: dict[str, tuple[str, Document]], notes: Notebook
) -> None:
    """Give the links that an issue states for others to these."""
    for origin, (_, row) in rows.items():
        item = items[origin]
        for key in ("sub_issues", "blocking"):
            for each in _nodes(row.get(key)):
                other = items.get(_reference(item, each))
                if other is None:
                    take.keep(item, key, each, notes)
                    notes.count("link", f"Links of the kind {key} to what is not in the file")
                else:
                    (other.parents if key == "sub_issues" else other.dependencies).append(origin)


def _nodes(value: Any) -> list[Any]:
    """Return a list of links: GraphQL has them under nodes."""
    if isinstance(value, dict) and isinstance(value.get("nodes"), list):
        return list(value["nodes"])
    if isinstance(value, dict) and "totalCount" in value:
        return []
    return take.listed(value)


def _reference(item: Item, value: Any) -> str:
    """Return the origin that an issue, its address or its number means, or `""`."""
    own = item.origin.rpartition("#")[0]
    if isinstance(value, dict):
        number = take.number(value.get("number"))
        return f"{_repository(value) or own}#{number}" if number else ""
    if isinstance(value, str) and (match := _ADDRESS.match(value[:1_000])):
        return f"{match['repo']}#{match['number'].lstrip('0') or '0'}"
    number = take.number(value)
    return f"{own}#{number}" if number else ""
