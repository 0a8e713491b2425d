"""Issues of GitHub as items, and changes of items as what GitHub takes; pure."""

import re
from collections.abc import Mapping
from typing import Any

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Foreign, Item
from orchestrator.sync.remotes.github import columns, marks, rows
from orchestrator.sync.remotes.github.words import OPEN, REASONS, Words

_ISSUE = re.compile(r"/repos/(?P<repository>[^/]+/[^/]+)/issues/(?P<number>[1-9]\d{0,17})/?\Z")
_TRUSTED = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


def issue(words: Words, row: Any, blockers: Mapping[str, int] | None) -> Item:
    """Return an issue as an item.

    Args:
        words: Of the repository.
        row: As GitHub describes it.
        blockers: What it is blocked by: key → GitHub's id; None where dependencies are not known.

    Raises:
        DriftError: When it is no issue.
    """
    row = rows.row(row, "issue", "number", "id", "title", "state")
    text, mark = marks.read(rows.text(row, "body"))
    labels, logins = names(row.get("labels"), "name"), names(row.get("assignees"), "login")
    reason = row.get("state_reason") if isinstance(row.get("state_reason"), str) else None
    is_trashed = mark is not None and mark.is_deleted and row["state"] != OPEN
    fields: dict[str, Any] = {
        "title": row["title"].strip(),
        "description": text,
        "status": words.status(row["state"], reason, labels),
        "labels": words.plain(labels),
        "assignee": _assignee(words, logins),
        "priority": words.priority(labels),
        **columns.read(words, row.get("issue_field_values")),
    }
    if words.has_projects:
        milestone = row.get("milestone")
        fields["project"] = (
            str(rows.row(milestone, "milestone", "number")["number"]) if milestone else None
        )
    if "parent_issue_url" in row:
        fields["parent"] = key_in(words, row["parent_issue_url"])
    if blockers is not None:
        fields["dependencies"] = sorted(blockers)
    kept = {
        "id": row["id"],
        "labels": labels,
        "assignees": logins,
        "reason": reason if row["state"] != OPEN else OPEN,
        "mark": str(mark) if mark else None,
        "at": rows.text(row, "updated_at"),
        "blockers": dict(blockers) if blockers is not None else None,
        "blocked": blocked_by(row),
        "values": columns.kept(row.get("issue_field_values")),
    }
    done = rows.text(row, "closed_at") if fields["status"] == "completed" else ""
    stamps = {"created_at": rows.text(row, "created_at"), "completed_at": done}
    return Item(
        "tasks",
        str(row["number"]),
        fields,
        kept,
        name=f"#{row['number']}",
        url=rows.text(row, "html_url"),
        updated_at=rows.text(row, "updated_at"),
        state="trashed" if is_trashed else "live",
        stamps={name: value for name, value in stamps.items() if value},
        external=mark.id if mark and not mark.is_deleted and _is_trusted(row) else None,
    )


def issue_body(words: Words, current: Item | None, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to send for changes of a task, without its relations.

    Args:
        words: Of the repository.
        current: The issue as last read; None when it is made, which can only make open ones.
        changes: New values by field.
    """
    kept: Mapping[str, Any] = current.kept if current else {}
    body: dict[str, Any] = {}
    if "title" in changes:
        body["title"] = rows.title(changes["title"])
    if "description" in changes:
        body["body"] = marks.written(changes["description"] or "", rows.mark_of(current))
    if "status" in changes and current is not None:
        body.update(_state(words, current, changes["status"]))
    labels = _labels(words, kept.get("labels") or [], changes)
    if labels is not None:
        body["labels"] = labels
    if "assignee" in changes:
        logins = kept.get("assignees") or []
        wanted = _logins(words, logins, changes["assignee"])
        if wanted != logins:
            body["assignees"] = wanted
    if "project" in changes and words.has_projects:
        number = changes["project"]
        body["milestone"] = int(number) if number else None
    values = columns.sent(words, kept.get("values") or [], changes)
    return {**body, "issue_field_values": values} if values else body


def represent(words: Words, name: str, value: Any) -> Any:
    """Return what reading a task's field would give after writing `value`."""
    if isinstance(value, Foreign):
        return value
    if name == "title":
        return rows.title(value)
    if name == "description":
        return marks.read(value)[0]
    match name:
        case "status" if value in words.statuses:
            there = words.statuses[value]
            is_closed = there in REASONS
            labels = [] if is_closed or there == OPEN else [there]
            return words.status("closed" if is_closed else OPEN, there, labels)
        case "priority" if value in words.priorities:
            return _priority(words, value)
        case "assignee" if value is not None:
            login = words.login(value)
            return (login and words.user(login)) or Foreign(str(value))
        case "labels":
            return words.plain(value or [])
        case _:
            return value


def key_in(words: Words, url: Any) -> str | None:
    """Return the key of the issue at an address of the API: with its repository if that differs."""
    found = _ISSUE.search(url) if isinstance(url, str) else None
    if found is None:
        return None
    if found["repository"].lower() == words.repository.lower():
        return found["number"]
    return f"{found['repository']}#{found['number']}"


def names(rows: Any, name: str) -> list[str]:
    """Return one name of each entry: labels can be plain texts as well."""
    entries = rows if isinstance(rows, list) else []
    found = [row.get(name) if isinstance(row, Mapping) else row for row in entries]
    return [each for each in found if isinstance(each, str)]


def blocked_by(row: Mapping[str, Any]) -> int | None:
    """Return how many issues an issue is blocked by, closed ones included; None when unknown."""
    summary = row.get("issue_dependencies_summary")
    count = summary.get("total_blocked_by") if isinstance(summary, Mapping) else None
    return count if isinstance(count, int) else None


def _labels(words: Words, have: list[str], changes: Mapping[str, Any]) -> list[str] | None:
    labels = list(have)
    if "labels" in changes:
        special = [name for name in labels if words.is_status(name) or words.is_priority(name)]
        labels = special + words.plain(changes["labels"] or [])
    if "status" in changes:
        there = words.statuses.get(changes["status"], OPEN)
        labels = [name for name in labels if not words.is_status(name)]
        labels += [] if there == OPEN or there in REASONS else [there]
    if "priority" in changes and "priority" not in words.columns:
        labels = [name for name in labels if not words.is_priority(name)]
        labels += [words.priorities[changes["priority"]]] if changes["priority"] else []
    wanted = words.spelled(labels)
    return None if wanted == words.spelled(have) else wanted


def _state(words: Words, current: Item, status: str) -> dict[str, str]:
    there = words.statuses[status]
    was = current.kept.get("reason") or "completed"
    if there not in REASONS:
        return {} if was == OPEN else {"state": OPEN, "state_reason": "reopened"}
    # A duplicate stays one where it means the same as what is wanted.
    if was != OPEN and words.status("closed", was, []) == words.status("closed", there, []):
        return {}
    return {"state": "closed", "state_reason": there}


def _assignee(words: Words, logins: list[str]) -> str | Foreign | None:
    known = [user for user in map(words.user, logins) if user is not None]
    if known:
        return known[0]
    return Foreign(logins[0]) if logins else None


def _logins(words: Words, have: list[str], user: Any) -> list[str]:
    """The first whom the workspace knows makes room; whoever else is assigned stays."""
    shown = next((login for login in have if words.user(login) is not None), None)
    rest = [login for login in have if login != shown]
    if user is None:
        return rest
    login = words.login(user)
    if login is None:
        raise InvalidError(
            f"GitHub has no account that issues can be assigned to for {user} .",
            "Put the login into handles of the user, or into users of the integration.",
            field="assignee",
        )
    return [login, *(each for each in rest if each.lower() != login.lower())]


def _priority(words: Words, value: str) -> Any:
    there = words.priorities[value]
    if "priority" not in words.columns:
        return words.priority([there])
    return words.choice(there)


def _is_trusted(row: Mapping[str, Any]) -> bool:
    # Anybody can write a mark into an issue of a public repository.
    author = row.get("user")
    is_bot = isinstance(author, Mapping) and author.get("type") == "Bot"
    return is_bot or row.get("author_association", "OWNER") in _TRUSTED
