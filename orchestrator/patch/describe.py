"""What a patch does, in words: commit subjects and bodies."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from orchestrator.model.duration import format_duration
from orchestrator.model.fields import DELETION
from orchestrator.model.pointer import split
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change
from orchestrator.patch.diff import value_ops
from orchestrator.patch.effort import entry_subject, entry_words

_NOUN = {"tasks": "task", "projects": "project", "users": "user", "settings": "settings"}
_LONGEST = 72
_MOST_LINES = 50
_SHOWN = 60
_REFERENCES = frozenset({"parent", "dependencies", "deleted_with"})
_PLACE = frozenset({"parent", "project"})


def subject(changes: Sequence[Change]) -> str:
    """Return one line, at most 72 characters, that says what was changed."""
    told = renames_as_one(changes)
    renamed = [change for change in told if change.origin]
    if len(renamed) == 1 and all(change.origin or _only(change, _REFERENCES) for change in told):
        told = renamed
    match told:
        case []:
            return "Change nothing"
        case [one] if one.origin:
            line = _renaming(one)
        case [one]:
            lines = list(sentences(one))
            line = lines[0] if len(lines) == 1 else _several_fields(one)
        case several:
            line = _several(several)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def body(changes: Sequence[Change]) -> str:
    """Return a line for each change, field by field, old → new; `""` when the subject says all."""
    lines = [line for change in renames_as_one(changes) for line in fields(change)]
    if len(lines) <= 1:
        return ""
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"… and {len(lines) - _MOST_LINES:,} more"]
    return "\n".join(lines)


def renames_as_one(changes: Sequence[Change]) -> list[Change]:
    """Return changes in which the removal of an old id and the new one are one change.

    Its `before` is the document under the old id.
    """
    removed = {(change.kind, change.id): change for change in changes if change.after is None}
    found = []
    followed = set()
    for change in changes:
        old = removed.get((change.kind, change.origin or ""))
        if change.before is None and change.after is not None and old is not None:
            followed.add((old.kind, old.id))
            found.append(change._replace(before=old.before))
        else:
            found.append(change)
    return [change for change in found if (change.kind, change.id) not in followed]


def sentences(change: Change) -> Iterator[str]:
    """Yield what happens to one entity, one sentence a field."""
    kind, entity_id, before, now, origin = change
    name = _name(change)
    if origin is not None and now is not None:
        yield _renaming(change)
        if before is None:
            return
        before = {**before, "id": entity_id}
    if before is None and now is not None:
        title = now.get("title") or now.get("name") or ""
        yield f"Add {name}: {title}" if title else f"Add {name}"
        return
    if now is None:
        yield f"Remove {name}"
        return
    logged = entry_subject(name, before or {}, now)
    for op in value_ops("", before, now):
        field = ".".join(split(str(op["path"])))
        if field == "time_entries" and logged:
            yield logged
            continue
        yield _sentence(kind, entity_id, name, field, op.get("value"))


def fields(change: Change) -> Iterator[str]:
    """Yield `PAY-1: status: todo → completed`, one line a field."""
    _, entity_id, before, now, origin = change
    name = _name(change)
    if before is None or now is None:
        yield from sentences(change)
        return
    if origin is not None:
        yield _renaming(change)
        before = {**before, "id": entity_id}
    deed = _bin_deed(before, now)
    if deed:
        root = now.get("deleted_with")
        yield f"{deed} {name} with {root}" if root else f"{deed} {name}"
    entries = entry_words(before, now)
    for op in value_ops("", before, now):
        steps = split(str(op["path"]))
        if deed and steps[0] in DELETION:
            continue
        if steps == ["time_entries"] and entries:
            yield from (f"{name}: {line}" for line in entries)
            continue
        old: Any = before
        for step in steps:
            old = old.get(step) if isinstance(old, dict) else None
        field = ".".join(steps)
        yield f"{name}: {field}: {shown(old, field)} → {shown(op.get('value'), field)}"


def shown(value: Any, field: str = "") -> str:
    """Return a value on one line, cut to 60 characters; nothing is `-`.

    Args:
        value: Of any kind; a list of words has commas between them.
        field: Whose it is; minutes are told in hours.
    """
    if value is None:
        return "-"
    is_words = isinstance(value, list) and value and all(isinstance(each, str) for each in value)
    if is_words and not any("," in each for each in value):
        text = ", ".join(value)
    elif field.endswith("_minutes") and isinstance(value, int) and value >= 0:
        text = format_duration(value, 0)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _name(change: Change) -> str:
    if change.kind == "settings":
        return "the settings"
    return change.id if change.kind == "tasks" else f"{_NOUN[change.kind]} {change.id}"


def _renaming(change: Change) -> str:
    noun = "" if change.kind == "tasks" else f"{_NOUN[change.kind]} "
    return f"Rename {noun}{change.origin} to {change.id}"


def _only(change: Change, names: frozenset[str]) -> bool:
    """Return whether nothing but these fields of an entity changes."""
    if change.before is None or change.after is None:
        return False
    return all(
        split(str(op["path"]))[0] in names for op in value_ops("", change.before, change.after)
    )


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
            return f"Set {field} of {name} to {shown(value, field)}"


def _deletion(change: Change) -> str | None:
    """Return `Delete` or `Restore` when that is all that happens to an entity."""
    if change.before is None or change.after is None:
        return None
    before, now = change.before, change.after
    if any(split(str(op["path"]))[0] not in DELETION for op in value_ops("", before, now)):
        return None
    return _bin_deed(before, now)


def _bin_deed(before: Document, now: Document) -> str | None:
    """Return `Delete` or `Restore` when an entity goes into the bin or comes out of it."""
    was, is_gone = (document.get("deleted_at") is not None for document in (before, now))
    return None if was == is_gone else "Delete" if is_gone else "Restore"


def _several_fields(change: Change) -> str:
    if deed := _deletion(change):
        return f"{deed} {_name(change)}"
    ops = list(value_ops("", change.before, change.after))
    names = list(dict.fromkeys(split(str(op["path"]))[0] for op in ops))
    # A status brings its stamps along; the status is what people want to read.
    told = [name for name in names if not name.endswith("_at")] or names
    if told == ["status"] and change.after:
        return f"Mark {_name(change)} as {change.after.get('status')}"
    return f"Change {', '.join(told)} of {_name(change)}"


def _several(changes: Sequence[Change]) -> str:
    verb = _verb(changes)
    if verb in ("Delete", "Restore") and (root := _root(changes)):
        others = len(changes) - 1
        return f"{verb} {_name(root)} and {others:,} task{'' if others == 1 else 's'} with it"
    parts = []
    for kind, noun in _NOUN.items():
        count = sum(change.kind == kind for change in changes)
        if count:
            plural = "" if count == 1 or kind == "settings" else "s"
            parts.append(f"{count} {noun}{plural}" if kind != "settings" else "the settings")
    line = f"{verb} {' and '.join(parts)}"
    named = f"{line}: {', '.join(change.id or 'settings' for change in changes)}"
    return named if len(named) <= _LONGEST else line


def _root(changes: Iterable[Change]) -> Change | None:
    """Return the one entity whose deletion took all the others along."""
    roots = [
        change
        for change in changes
        if not (
            (change.before or {}).get("deleted_with") or (change.after or {}).get("deleted_with")
        )
    ]
    return roots[0] if len(roots) == 1 else None


def _verb(changes: Sequence[Change]) -> str:
    kinds = {(change.before is None, change.after is None) for change in changes}
    if kinds == {(True, False)}:
        return "Add"
    if kinds == {(False, True)}:
        return "Remove"
    if all(change.origin is None and _only(change, _PLACE) for change in changes):
        return "Move"
    deeds = {_deletion(change) for change in changes}
    return (deeds.pop() or "Change") if len(deeds) == 1 else "Change"
