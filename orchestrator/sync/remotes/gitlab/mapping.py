"""Issues of GitLab as items, and changes of items as what GitLab takes; pure."""

import re
from collections.abc import Mapping
from typing import Any

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Foreign, Item
from orchestrator.sync.remotes.gitlab import marks, rows
from orchestrator.sync.remotes.gitlab.words import CLOSED, DONE, Words

KINDS = frozenset({"issue", "task"})
"""Of work items: those that are tasks here."""
_DAYS = ("start_date", "due_date")
# Whom a token of the project or its group belongs to; nobody can choose such a name.
_BOT = re.compile(r"(?:project|group)_\d+_bot")


def is_task(row: Mapping[str, Any]) -> bool:
    """Return whether a work item is a task here; incidents, test cases and others are not."""
    return str(row.get("issue_type") or "issue").lower() in KINDS


def issue(words: Words, row: Any, ties: Mapping[str, Any] | None) -> Item:
    """Return an issue as an item.

    Args:
        words: Of the project.
        row: As GitLab describes it.
        ties: Its `parent`, and its `links` (key → id of the link), either only where it is known;
            None where neither is.

    Raises:
        DriftError: When it is no issue.
    """
    row = rows.row(row, "issue", "iid", "id", "title", "state")
    text, mark = marks.read(rows.text(row, "description"))
    labels, accounts = _labels(row), _accounts(row)
    is_deleted = mark is not None and mark.is_deleted and row["state"] == CLOSED
    spent = seconds(row, "total_time_spent")
    fields: dict[str, Any] = {
        "title": row["title"].strip(),
        "description": text,
        "status": words.status(row["state"], labels),
        "labels": words.plain(labels),
        "assignee": _assignee(words, accounts),
        "priority": words.priority(labels),
        "due_date": rows.day(row.get("due_date")),
        "estimated_minutes": seconds(row, "time_estimate") // 60 or None,
        "actual_minutes": spent // 60 or None,
    }
    if words.has_start:
        fields["start_date"] = rows.day(row.get("start_date"))
    if words.has_projects:
        mile = row.get("milestone")
        fields["project"] = str(rows.row(mile, "milestone", "id")["id"]) if mile else None
    known = ties or {}
    if words.has_parents and "parent" in known:
        fields["parent"] = known["parent"]
    if words.has_links and "links" in known:
        fields["dependencies"] = sorted(known["links"])
    kept = {
        "id": row["id"],
        "type": str(row.get("issue_type") or "issue").lower(),
        "state": row["state"],
        "labels": labels,
        "accounts": [list(each) for each in accounts],
        "mark": str(mark) if mark else None,
        "spent": spent,
        **known,
    }
    done = rows.text(row, "closed_at") if fields["status"] == "completed" else ""
    stamps = {"created_at": rows.text(row, "created_at"), "completed_at": done}
    return Item(
        "tasks",
        str(row["iid"]),
        fields,
        kept,
        name=f"#{row['iid']}",
        url=rows.text(row, "web_url"),
        updated_at=rows.text(row, "updated_at"),
        # One that was moved to another project stays behind, closed.
        state="trashed" if is_deleted or row.get("moved_to_id") else "live",
        stamps={name: value for name, value in stamps.items() if value},
        external=mark.id if mark and not mark.is_deleted and _is_trusted(words, row) else None,
    )


def issue_body(words: Words, current: Item | None, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to send for changes of a task, without its relations and times.

    Args:
        words: Of the project.
        current: The issue as last read; None when it is made, which can only make open ones.
        changes: New values by field.
    """
    kept: Mapping[str, Any] = current.kept if current else {}
    body: dict[str, Any] = {}
    mark = rows.mark_of(current)
    if current is not None and mark is not None and mark.is_deleted:
        # It was deleted here once, and opened again: closing it must not delete it anew.
        mark = mark._replace(is_deleted=False)
        changes = {"description": current.fields.get("description"), **changes}
    if "title" in changes:
        body["title"] = rows.title(changes["title"])
    if "description" in changes:
        body["description"] = marks.written(changes["description"] or "", mark)
    have = kept.get("labels") or []
    wanted = _wanted_labels(words, have, changes, is_new=current is None)
    if current is None:
        body.update({"labels": wanted} if wanted else {})
    else:
        added = [name for name in wanted if name not in have]
        removed = [name for name in have if name not in wanted]
        body.update({"add_labels": added} if added else {})
        body.update({"remove_labels": removed} if removed else {})
        if "status" in changes and (changes["status"] in DONE) != (kept.get("state") == CLOSED):
            body["state_event"] = "close" if changes["status"] in DONE else "reopen"
    if "assignee" in changes:
        accounts = [(int(id_), str(name)) for id_, name in kept.get("accounts") or []]
        ids = _assigned(words, accounts, changes["assignee"])
        if ids != [id_ for id_, _ in accounts]:
            body["assignee_ids"] = ids
    if "project" in changes and words.has_projects and (changes["project"] or current is not None):
        body["milestone_id"] = int(changes["project"] or 0)
    for name in _DAYS:
        # A start date is not taken when an issue is made.
        is_taken = changes.get(name) and name == "due_date" if current is None else True
        if name in changes and is_taken and (name == "due_date" or words.has_start):
            body[name] = changes[name] or ""
    return body


def represent(words: Words, name: str, value: Any) -> Any:
    """Return what reading a task's field would give after writing `value`."""
    if isinstance(value, Foreign):
        return value
    match name:
        case "title":
            return rows.title(value)
        case "description":
            return marks.read(value)[0]
        case "status" if value in words.statuses:
            return words.status(CLOSED if value in DONE else "opened", words.status_labels(value))
        case "priority" if value in words.priorities:
            return words.priority([words.priorities[value]])
        case "assignee" if value is not None:
            if words.account(value) is None:
                return Foreign(str(value))
            return words.user(words.usernames[value])
        case "labels":
            return words.plain(value or [])
        case "estimated_minutes" | "actual_minutes":
            return value or None
        case _:
            return value


def seconds(row: Mapping[str, Any], name: str) -> int:
    """Return a time of an issue, 0 where it has none."""
    stats = row.get("time_stats")
    found = stats.get(name) if isinstance(stats, Mapping) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def _labels(row: Mapping[str, Any]) -> list[str]:
    found = row.get("labels")
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _accounts(row: Mapping[str, Any]) -> list[tuple[int, str]]:
    found = row.get("assignees")
    return [
        (each["id"], each["username"])
        for each in (found if isinstance(found, list) else [])
        if isinstance(each, Mapping)
        and isinstance(each.get("id"), int)
        and isinstance(each.get("username"), str)
    ]


def _wanted_labels(
    words: Words, have: list[str], changes: Mapping[str, Any], *, is_new: bool
) -> list[str]:
    labels = list(have)
    if "labels" in changes:
        special = [name for name in labels if words.is_status(name) or words.is_priority(name)]
        labels = special + words.plain(changes["labels"] or [])
    if "status" in changes and not (is_new and changes["status"] in DONE):
        labels = [name for name in labels if not words.is_status(name)]
        labels += words.spelled(words.status_labels(changes["status"]))
    if "priority" in changes:
        labels = [name for name in labels if not words.is_priority(name)]
        there = changes["priority"]
        labels += words.spelled([words.priorities[there]]) if there else []
    return list(dict.fromkeys(labels))


def _assignee(words: Words, accounts: list[tuple[int, str]]) -> str | Foreign | None:
    known = [user for _, name in accounts if (user := words.user(name)) is not None]
    if known:
        return known[0]
    return Foreign(accounts[0][1]) if accounts else None


def _assigned(words: Words, have: list[tuple[int, str]], user: Any) -> list[int]:
    """The first whom the workspace knows makes room; whoever else is assigned stays."""
    shown = next((id_ for id_, name in have if words.user(name) is not None), None)
    rest = [id_ for id_, _ in have if id_ != shown]
    if user is None:
        return rest
    account = words.account(user)
    if account is None:
        raise InvalidError(
            f"GitLab has no member of the project for {user} .",
            "Put the username into handles of the user, or into users of the integration.",
            field="assignee",
        )
    return [account, *(id_ for id_ in rest if id_ != account)]


def _is_trusted(words: Words, row: Mapping[str, Any]) -> bool:
    # Anybody can write a mark into an issue of a public project.
    author = row.get("author")
    name = str(author.get("username") or "") if isinstance(author, Mapping) else ""
    if words.accounts is None or not name or name.lower() in words.accounts:
        return True
    return _BOT.match(name) is not None
