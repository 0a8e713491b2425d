"""What a patch does, in words: commit subjects and bodies."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from orchestrator.model.pointer import split
from orchestrator.patch.apply import Change
from orchestrator.patch.diff import value_ops

_NOUN = {"tasks": "task", "projects": "project", "users": "user", "settings": "settings"}
_LONGEST = 72
_MOST_LINES = 50
_SHOWN = 60


def subject(changes: Sequence[Change]) -> str:
    """Return one line, at most 72 characters, that says what was changed."""
    match list(changes):
        case []:
            return "Change nothing"
        case [one]:
            lines = list(sentences(one))
            line = lines[0] if len(lines) == 1 else _several_fields(one)
        case several:
            line = _several(several)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def body(changes: Sequence[Change]) -> str:
    """Return a line for each change, field by field, old → new; `""` when the subject says all."""
    lines = [line for change in changes for line in fields(change)]
    if len(lines) <= 1:
        return ""
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"… and {len(lines) - _MOST_LINES:,} more"]
    return "\n".join(lines)


def sentences(change: Change) -> Iterator[str]:
    """Yield what happens to one entity, one sentence a field."""
    kind, entity_id, before, now, _ = change
    name = _name(change)
    if before is None and now is not None:
        title = now.get("title") or now.get("name") or ""
        yield f"Add {name}: {title}" if title else f"Add {name}"
        return
    if now is None:
        yield f"Remove {name}"
        return
    for op in value_ops("", before, now):
        field = ".".join(split(str(op["path"])))
        yield _sentence(kind, entity_id, name, field, op.get("value"))


def fields(change: Change) -> Iterator[str]:
    """Yield `PAY-1: status: todo → completed`, one line a field."""
    _, _, before, now, _ = change
    name = _name(change)
    if before is None or now is None:
        yield from sentences(change)
        return
    for op in value_ops("", before, now):
        steps = split(str(op["path"]))
        old: Any = before
        for step in steps:
            old = old.get(step) if isinstance(old, dict) else None
        field = ".".join(steps)
        yield f"{name}: {field}: {shown(old)} → {shown(op.get('value'))}"


def shown(value: Any) -> str:
    """Return a value on one line, cut to 60 characters; nothing is `-`."""
    if value is None:
        return "-"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _name(change: Change) -> str:
    if change.kind == "settings":
        return "the settings"
    return change.id if change.kind == "tasks" else f"{_NOUN[change.kind]} {change.id}"


def _sentence(kind: str, entity_id: str, name: str, field: str, value: Any) -> str:
    match field:
        case "status":
            return f"Mark {name} as {value}"
        case "deleted_at":
            return f"Restore {name}" if value is None else f"Delete {name}"
        case "parent" if kind == "tasks":
            return f"Move {entity_id} under {value}" if value else f"Move {entity_id} to the root"
        case "project" if kind == "tasks":
            return f"Move {entity_id} to {value}"
        case "assignee":
            return f"Assign {name} to {value}" if value else f"Unassign {name}"
        case _ if value is None:
            return f"Clear {field} of {name}"
        case "description" | "metadata":
            return f"Edit {field} of {name}"
        case _:
            return f"Set {field} of {name} to {shown(value)}"


def _several_fields(change: Change) -> str:
    ops = list(value_ops("", change.before, change.after))
    names = list(dict.fromkeys(split(str(op["path"]))[0] for op in ops))
    # A status brings its stamps along; the status is what people want to read.
    told = [name for name in names if not name.endswith("_at")] or names
    if told == ["status"] and change.after:
        return f"Mark {_name(change)} as {change.after.get('status')}"
    return f"Change {', '.join(told)} of {_name(change)}"


def _several(changes: Sequence[Change]) -> str:
    verb = _verb(changes)
    parts = []
    for kind, noun in _NOUN.items():
        count = sum(change.kind == kind for change in changes)
        if count:
            plural = "" if count == 1 or kind == "settings" else "s"
            parts.append(f"{count} {noun}{plural}" if kind != "settings" else "the settings")
    line = f"{verb} {' and '.join(parts)}"
    named = f"{line}: {', '.join(change.id or 'settings' for change in changes)}"
    return named if len(named) <= _LONGEST else line


def _verb(changes: Iterable[Change]) -> str:
    kinds = {(change.before is None, change.after is None) for change in changes}
    if kinds == {(True, False)}:
        return "Add"
    if kinds == {(False, True)}:
        return "Remove"
    return "Change"
