"""What tools tell of a plan: rows that are short, and bounded in number."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from orchestrator.agent.clean import shortened
from orchestrator.model.places import Kind
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import Reading, read_filter, read_where
from orchestrator.verbs.refuse import refuse_gone_project, unknown
from orchestrator.view.ready import ready
from orchestrator.view.rows import project_rows, task_rows
from orchestrator.view.search import read_query, search
from orchestrator.view.select import select

MOST_ROWS = 200
_TEXT = 8_000
_SHORT = (
    "title", "status", "priority", "assignee", "parent", "dependencies", "due_date",
    "estimated_minutes", "labels", "project",
)  # fmt: skip


def list_tasks(
    snapshot: Snapshot, today: date, where: str, limit: int, offset: int = 0
) -> dict[str, Any]:
    """Return the tasks that a filter lets through: `{"total": n, "tasks": […]}`.

    Args:
        snapshot: The plan.
        today: For `overdue`.
        where: Terms of filters, as `--where` takes them; `""` for all.
        limit: How many rows; never more than 200.
        offset: How many to leave out.

    Raises:
        FilterError: The filter cannot be understood.
    """
    reading = Reading(today, None, snapshot.hours_per_day, snapshot.settings.get("filters"))
    ids = select(snapshot, read_filter(read_where(where), reading))
    return _rows(snapshot, ids, limit, offset)


def ready_tasks(snapshot: Snapshot, project: str | None, limit: int) -> dict[str, Any]:
    """Return what can be worked on now, the most urgent first."""
    if project:
        refuse_gone_project(snapshot, project)
    ids = [
        item
        for item in ready(snapshot)
        if project is None or snapshot.tasks[item]["project"] == project
    ]
    return _rows(snapshot, ids, limit)


def find(snapshot: Snapshot, text: str, limit: int) -> dict[str, Any]:
    """Return the tasks and projects in which all words occur, the best first."""
    words = read_query(text[:500])
    if not words:
        return {"total": 0, "tasks": [], "projects": []}
    live = [task_id for task_id, _ in snapshot.live_tasks()]
    tasks = [found for found, _ in search(snapshot, "tasks", live, words)]
    names = [key for key, value in snapshot.projects.items() if not value.get("deleted_at")]
    projects = [found for found, _ in search(snapshot, "projects", names, words)]
    rows = _rows(snapshot, tasks, limit)
    shown = [
        {"id": name, "title": snapshot.projects[name].get("title")}
        for name in projects[: _bound(limit)]
    ]
    return {**rows, "total": len(tasks) + len(projects), "projects": shown}


def get(snapshot: Snapshot, entity_id: str) -> dict[str, Any]:
    """Return a task, project or user; long texts are cut, and say so.

    Raises:
        ImpossibleError: There is none.
    """
    if entity_id in snapshot.tasks:
        return {**_cut(task_rows(snapshot, [entity_id])[0])}
    if entity_id in snapshot.projects:
        return {**_cut(project_rows(snapshot, [entity_id])[0])}
    if entity_id in snapshot.users:
        return person_row(entity_id, snapshot.users[entity_id])
    kind: Kind = "tasks" if entity_id[:1].isupper() else "projects"
    raise unknown(snapshot, kind, entity_id)


def person_row(user_id: str, user: Document) -> dict[str, Any]:
    """Return of a person what a plan needs: no address, no accounts elsewhere."""
    return {"id": user_id, "name": user.get("name"), "kind": user.get("kind") or "human"}


def problem_row(problem: Problem) -> dict[str, Any]:
    """Return a problem as a model reads it."""
    found = {
        "code": problem.code, "severity": problem.severity, "message": problem.message,
        "id": problem.id, "hint": problem.hint,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def short_row(task_id: str, task: Document) -> dict[str, Any]:
    """Return a task in few words."""
    return {"id": task_id, **{name: task[name] for name in _SHORT if task.get(name)}}


def _rows(snapshot: Snapshot, ids: Sequence[str], limit: int, offset: int = 0) -> dict[str, Any]:
    shown = ids[max(offset, 0) :][: _bound(limit)]
    rows = [short_row(task_id, snapshot.tasks[task_id]) for task_id in shown]
    return {"total": len(ids), "tasks": rows}


def _bound(limit: int) -> int:
    return min(max(limit, 0), MOST_ROWS)


def _cut(value: Any) -> Any:
    match value:
        case str():
            return shortened(value, _TEXT)
        case list():
            return [_cut(item) for item in value[:MOST_ROWS]]
        case dict():
            return {name: _cut(item) for name, item in value.items()}
        case _:
            return value
