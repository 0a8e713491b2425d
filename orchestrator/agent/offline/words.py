"""What a tool answered, in words for a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestrator.model.duration import format_duration

_SHOWN = 20
_CHANGED = 5


def in_words(tool: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """Return a sentence, or rows, that say what came of a call."""
    match tool:
        case "list" | "ready" | "search":
            return _rows(answer)
        case "get":
            return _entity(answer)
        case "check":
            lines = [f"{row['code']} {row['message']}" for row in answer["problems"][:_SHOWN]]
            return "\n".join(lines) or "Nothing is wrong."
        case "history":
            lines = [_moment(item) for item in answer["changes"][:_SHOWN]]
            return "\n".join(lines) or "Nothing happened to it yet."
        case "create_task":
            return f"Made {answer['id']} : {arguments['title']}"
        case "move_task":
            below = f"below {answer['parent']}" if answer.get("parent") else "a root"
            return f"{answer['id']} is now {below} in {answer['project']} ."
        case "delete":
            ids = answer["deleted"]
            more = f" and {answer['total'] - _CHANGED} more" if answer["total"] > _CHANGED else ""
            return f"Deleted {', '.join(ids[:_CHANGED])}{more} ."
        case "restore":
            return f"{answer['id']} is back."
        case "log_time":
            return f"Logged {format_duration(answer['minutes'])} on {answer['id']} ."
        case "set_dependencies":
            return f"{answer['id']} waits for {', '.join(answer['dependencies']) or 'nothing'} ."
        case _:
            said = [_said(name, value) for name, value in answer.items() if name != "id"]
            return f"{answer['id']} : {', '.join(said)}" if said else f"{answer['id']} is set."


def _rows(answer: Mapping[str, Any]) -> str:
    rows: Sequence[Mapping[str, Any]] = answer["tasks"]
    lines = [_row(row) for row in rows[:_SHOWN]]
    lines += [f"{row['id']}  {row['title']}" for row in answer.get("projects", ())[:_SHOWN]]
    if not lines:
        return "There are none."
    total = int(answer["total"])
    if total > len(lines):
        lines.append(f"… and {total - len(lines):,} more.")
    return "\n".join(lines)


def _row(row: Mapping[str, Any]) -> str:
    said = [
        str(row.get("status", "")).replace("_", " "),
        str(row.get("priority") or ""),
        str(row.get("assignee") or ""),
        f"due {row['due_date']}" if row.get("due_date") else "",
    ]
    return f"{row['id']}  {row.get('title', '')}  ({', '.join(part for part in said if part)})"


def _entity(answer: Mapping[str, Any]) -> str:
    lines = [f"{answer['id']}  {answer.get('title') or answer.get('name') or ''}".rstrip()]
    lines += [
        f"{name.replace('_', ' ')}: {_value(value)}"
        for name, value in answer.items()
        if name not in ("id", "title", "name", "derived", "description") and value not in (None, "")
    ]
    if answer.get("description"):
        lines += ["", str(answer["description"]).rstrip()]
    return "\n".join(lines)


def _said(name: str, value: Any) -> str:
    if name == "estimated_minutes":
        name, value = "estimate", None if value is None else format_duration(value)
    return f"{name.replace('_', ' ')} {_value(value)}"


def _value(value: Any) -> str:
    match value:
        case None:
            return "cleared"
        case list():
            return ", ".join(_value(item) for item in value)
        case dict():
            return "; ".join(f"{name}: {_value(item)}" for name, item in value.items())
        case "in_progress" | "in_review":
            return str(value).replace("_", " ")
        case _:
            return str(value)


def _moment(item: Mapping[str, Any]) -> str:
    return "  ".join(str(value) for value in item.values() if isinstance(value, str) and value)
