"""Motion's JSON as items, and changes of items as what Motion takes; pure."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from orchestrator.sync.errors import DriftError, InvalidError
from orchestrator.sync.item import Foreign, Item, Kind
from orchestrator.sync.remotes.motion import description
from orchestrator.sync.remotes.motion.words import Words

_ODD = "Check the url of the integration in orchestrator.yaml."
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_END = time(17, 0)
_LONGEST_TITLE = 500


def task(words: Words, row: Any, kept: Mapping[str, Any], sent: str | None = None) -> Item:
    """Return a task as an item.

    Args:
        words: Of the workspace.
        row: As Motion describes it.
        kept: What was remembered of it.
        sent: The Markdown of its description, when this answers a request that sent it.

    Raises:
        DriftError: It is no task.
    """
    row = shaped(row, "task", "id", "name")
    state, told = (
        _mapping(row.get("status")),
        description.read(_text(row, "description"), kept, sent),
    )
    assignees = [each for each in _rows(row.get("assignees")) if isinstance(each.get("id"), str)]
    project = _mapping(row.get("project")).get("id")
    is_done = bool(state.get("isResolvedStatus"))
    fields: dict[str, Any] = {
        "title": title(row["name"]),
        "description": told.text,
        "status": words.status_of(_text(state, "name"), is_resolved=is_done),
        "priority": words.priority_of(_text(row, "priority")),
        "assignee": _assignee(words, assignees),
        "labels": sorted(_text(each, "name") for each in _rows(row.get("labels"))),
        "due_date": day(row.get("dueDate"), words.zone),
        "estimated_minutes": _minutes(row.get("duration")),
        "project": project if isinstance(project, str) else None,
    }
    start = row.get("startOn")
    if isinstance(start, str) and _DAY.match(start):
        fields["start_date"] = start[:10]
    done = _text(row, "completedTime") if fields["status"] == "completed" else ""
    stamps = {"created_at": _text(row, "createdTime"), "completed_at": done}
    remembered = {
        **told.kept,
        "name": row["name"],
        "assignees": [each["id"] for each in assignees],
        "mark": list(told.mark) if told.mark else None,
    }
    return Item(
        "tasks",
        row["id"],
        fields,
        remembered,
        name=row["id"],
        url=f"https://app.usemotion.com/web/pm/workspace/{words.workspace}?task={row['id']}",
        updated_at=_text(row, "updatedTime") or _text(row, "createdTime"),
        stamps={name: value for name, value in stamps.items() if value},
        external=told.mark.id if told.mark else None,
    )


def project(words: Words, row: Any, kept: Mapping[str, Any], sent: str | None = None) -> Item:
    """Return a project as an item; due date, priority and labels cannot be read back."""
    row = shaped(row, "project", "id", "name")
    state, told = (
        _mapping(row.get("status")),
        description.read(_text(row, "description"), kept, sent),
    )
    status = words.status_of(_text(state, "name"), is_resolved=bool(state.get("isResolvedStatus")))
    fields: dict[str, Any] = {"title": title(row["name"]), "description": told.text}
    if state:
        fields["status"] = _stage(status)
    mark = list(told.mark) if told.mark else None
    return Item(
        "projects",
        row["id"],
        fields,
        {**told.kept, "mark": mark},
        name=row["id"],
        url=f"https://app.usemotion.com/web/pm/workspace/{words.workspace}?project={row['id']}",
        updated_at=_text(row, "updatedTime") or _text(row, "createdTime"),
        external=told.mark.id if told.mark else None,
    )


def body(words: Words, current: Item | None, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to send for changes of a task.

    An assignee that is taken away is not in it: Motion has a request of its own for that. A due
    date, priority or project that is taken away is not either: Motion's API has no way to say so.

    Raises:
        InvalidError: A value has no counterpart.
    """
    kept: Mapping[str, Any] = current.kept if current else {}
    found: dict[str, Any] = {}
    for name, value in changes.items():
        match name:
            case _ if isinstance(value, Foreign):
                continue
            case "title":
                found["name"] = title(value)
            case "description":
                found["description"] = description.written(value or "", mark_in(kept))
            case "status":
                found["status"] = _or_refuse(words.state_for(value), "status", value)
            case "priority" if value is not None:
                found["priority"] = _or_refuse(words.priorities.get(value), "priority", value)
            case "assignee" if value is not None:
                account = words.accounts.get(value)
                key = account.id if account is not None else None
                found["assigneeId"] = _or_refuse(key, "account", value)
            case "labels":
                found["labels"] = words.spelled(value or ())
            case "due_date" if value is not None:
                found["dueDate"] = _moment(value, words.zone)
            case "estimated_minutes":
                found["duration"] = value or "NONE"
            case "project" if value is not None:
                found["projectId"] = value
            case _:
                continue
    return found


def represent(words: Words, kind: Kind, name: str, value: Any) -> Any:
    """Return what reading a field would give after writing `value`."""
    if isinstance(value, Foreign):
        return value
    match name:
        case "title":
            return title(value)
        case "description":
            return description.normal(value or "")
        case "status" if kind == "tasks":
            there = words.state_for(value)
            if there is None:
                return Foreign(str(value))
            is_resolved = any(state.name == there and state.is_resolved for state in words.known)
            return words.status_of(there, is_resolved=is_resolved)
        case "assignee" if value is not None:
            return value if value in words.accounts else Foreign(str(value))
        case "labels":
            return words.spelled(value or ())
        case "estimated_minutes":
            return value or None
        case _:
            return value


def title(value: Any) -> str:
    """Return a title on one line, as Motion keeps it."""
    return " ".join(str(value or "").splitlines()).strip()[:_LONGEST_TITLE]


def day(value: Any, zone: str) -> str | Foreign | None:
    """Return the day of a moment, where the workspace is."""
    if value is None or value == "":
        return None
    text = str(value)
    if _DAY.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Foreign(text[:40])
    if moment.tzinfo is None:
        return moment.date().isoformat()
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()


def mark_in(kept: Mapping[str, Any]) -> description.Mark | None:
    """Return the mark that an item carries."""
    found = kept.get("mark")
    return description.Mark(*found) if isinstance(found, list) and len(found) == 2 else None  # noqa: PLR2004 - id and token


def shaped(row: Any, what: str, *needed: str) -> Mapping[str, Any]:
    """Return an object that has texts by these names.

    Raises:
        DriftError: It is none, or lacks one.
    """
    if not isinstance(row, Mapping):
        raise DriftError(f"Motion answered with something that is no {what}.", _ODD)
    for name in needed:
        if not isinstance(row.get(name), str):
            raise DriftError(f"Motion answered with a {what} that has no {name}.", _ODD)
    return row


def _moment(value: str, zone: str) -> str:
    end = datetime.combine(date.fromisoformat(value), _END, ZoneInfo(zone))
    return end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _minutes(value: Any) -> int | Foreign | None:
    if value is None or value == "NONE":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value or None
    return Foreign(str(value))


def _assignee(words: Words, rows: list[Mapping[str, Any]]) -> str | Foreign | None:
    if not rows:
        return None
    user = words.user_of(rows[0]["id"])
    return user if user is not None else Foreign(_text(rows[0], "name") or rows[0]["id"])


def _stage(status: str | Foreign) -> str | Foreign:
    match status:
        case "todo":
            return "planned"
        case "completed" | "cancelled" | Foreign():
            return status
        case _:
            return "active"


def _or_refuse(found: str | None, what: str, value: Any) -> str:
    if found is None:
        raise InvalidError(
            f"Motion has no {what} for {value} .",
            "Put it into statuses, priorities or users of the integration.",
            field="assignee" if what == "account" else what,
        )
    return found


def _text(row: Mapping[str, Any], name: str) -> str:
    found = row.get(name)
    return found if isinstance(found, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
