"""What clients are told of tasks, problems, changes and moments, a short row each."""

from typing import Any

from orchestrator.agent.context import is_from_outside
from orchestrator.agent.questions import short_row
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change
from orchestrator.patch.describe import fields
from orchestrator.patch.semantic import EntityDiff, FieldDiff
from orchestrator.view.moments import Moment, before

FOREIGN = "tracker"
_MOST_LINES = 40
_MOST_WORDS = 30


def task_row(task_id: str, task: Document) -> dict[str, Any]:
    """Return a task in few words; one that a tracker knows as well says so under `text_from`."""
    return {**short_row(task_id, task), **origin_row(task)}


def project_row(project_id: str, project: Document) -> dict[str, Any]:
    """Return a project in few words."""
    names = ("key", "title", "status", "priority", "owner", "due_date")
    told = {name: project[name] for name in names if project.get(name)}
    return {"id": project_id, **told, **origin_row(project)}


def origin_row(entity: Document) -> dict[str, Any]:
    """Return `text_from` for what a tracker knows as well: anybody may have written it."""
    return {"text_from": FOREIGN} if is_from_outside(entity) else {}


def problem_row(problem: Problem) -> dict[str, Any]:
    """Return a problem, and where it is."""
    found = {
        "code": problem.code, "severity": problem.severity, "message": problem.message,
        "file": problem.path, "line": problem.line, "id": problem.id, "hint": problem.hint,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def change_row(entity: EntityDiff) -> dict[str, Any]:
    """Return what happens to one task or project, field by field, old → new."""
    return {
        "kind": entity.kind.removesuffix("s"), "id": entity.id, "title": entity.title,
        "deed": entity.deed, "fields": {field.field: _field(field) for field in entity.fields},
    }  # fmt: skip


def moment_row(moment: Moment) -> dict[str, Any]:
    """Return what a commit did to an entity, in words."""
    commit = moment.commit
    return {
        "at": commit.at.isoformat() if commit else "not committed",
        "by": (commit.agent or commit.author) if commit else None,
        "commit": commit.oid[:10] if commit else None,
        "changes": _words(moment)[:_MOST_WORDS],
    }


def _field(field: FieldDiff) -> dict[str, Any]:
    if field.lines:
        return {"lines": list(field.lines[:_MOST_LINES])}
    if field.added or field.removed:
        sides = {"added": list(field.added), "removed": list(field.removed)}
        return {name: items for name, items in sides.items() if items}
    return {"before": field.before, "after": field.after}


def _words(moment: Moment) -> list[str]:
    if not moment.is_readable:
        return [f"{moment.id}: the file could not be read from here on"]
    was = before(moment)
    old = was.get("id") if was and moment.after else None
    origin = old if isinstance(old, str) and old != moment.id else None
    told = list(fields(Change(moment.kind, moment.id, was, moment.after, origin)))
    return told or [f"{moment.id}: no field, only comments or layout"]
