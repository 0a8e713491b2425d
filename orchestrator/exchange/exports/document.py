"""JSON: the plan as the one document that patches speak of."""

import json
from collections.abc import Collection

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot


def document(snapshot: Snapshot, ids: Collection[str]) -> Document:
    """Return the virtual document with these tasks, and the projects and users that they name.

    With all live tasks it has every live project and every user.
    """
    tasks = {task_id: dict(snapshot.tasks[task_id]) for task_id in sorted(ids)}
    is_whole = len(tasks) == sum(1 for _ in snapshot.live_tasks())
    projects = {task["project"] for task in tasks.values()}
    people = {task.get("assignee") for task in tasks.values()}
    people |= {
        entry.get("user") for task in tasks.values() for entry in task.get("time_entries") or ()
    }
    people |= {snapshot.projects.get(project, {}).get("owner") for project in projects}
    return {
        "settings": dict(snapshot.file_document("settings", "")) if snapshot.settings else {},
        "users": {
            user_id: dict(user)
            for user_id, user in sorted(snapshot.users.items())
            if is_whole or user_id in people
        },
        "projects": {
            project_id: dict(project)
            for project_id, project in sorted(snapshot.projects.items())
            if (is_whole and not project.get("deleted_at")) or project_id in projects
        },
        "tasks": tasks,
    }


def as_json(snapshot: Snapshot, ids: Collection[str]) -> str:
    """Return that document as JSON."""
    return json.dumps(document(snapshot, ids), indent=2, ensure_ascii=False) + "\n"
