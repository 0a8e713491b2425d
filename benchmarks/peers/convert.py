"""The same plan in the formats of the peers for which there is no export."""

import json
import uuid
from pathlib import Path
from typing import Any

Document = dict[str, Any]

_SPACE = uuid.UUID("7a4b7b62-8c1c-4f0e-9d7a-0c5f2d1b6a11")
_MASTER_STATUS = {
    "todo": "pending", "in_progress": "in-progress", "blocked": "deferred", "in_review": "review",
    "completed": "done", "cancelled": "cancelled",
}  # fmt: skip
_WARRIOR_PRIORITY = {"low": "L", "medium": "M", "high": "H", "urgent": "H"}
_WARRIOR_STATUS = {"completed": "completed", "cancelled": "deleted"}


def task_master(tasks: dict[str, Document], folder: Path) -> str:
    """Write the folder of task-master, all tasks at one level; return the id of an open one.

    It numbers its tasks, and has one level of subtasks, so that ours do not fit below each other.
    """
    number = {task_id: at for at, task_id in enumerate(tasks, 1)}
    rows = [
        {
            "id": number[task_id],
            "title": task["title"],
            "description": task.get("description") or task["title"],
            "status": _MASTER_STATUS[task["status"]],
            "priority": {"urgent": "high"}.get(task["priority"], task["priority"]),
            "dependencies": [number[each] for each in task.get("dependencies", ())],
            "details": "",
            "testStrategy": "",
            "subtasks": [],
        }
        for task_id, task in tasks.items()
    ]
    moment = "2026-01-02T09:14:00.000Z"
    metadata = {"created": moment, "updated": moment, "description": "Benchmark"}
    path = folder / ".taskmaster/tasks/tasks.json"
    path.parent.mkdir(parents=True)
    document = {"master": {"tasks": rows, "metadata": metadata}}
    path.write_text(json.dumps(document, indent=2), "utf-8")
    return str(number[first_open(tasks)])


def taskwarrior(tasks: dict[str, Document]) -> tuple[str, str]:
    """Return what `task import` reads, and the id of an open task."""
    identity = {task_id: str(uuid.uuid5(_SPACE, task_id)) for task_id in tasks}
    rows = []
    for task_id, task in tasks.items():
        status = _WARRIOR_STATUS.get(task["status"], "pending")
        row: Document = {
            "uuid": identity[task_id],
            "description": task["title"],
            "status": status,
            "entry": "20260102T091400Z",
            "project": task["project"],
            "priority": _WARRIOR_PRIORITY[task["priority"]],
            "tags": task.get("labels", []),
            "depends": [identity[each] for each in task.get("dependencies", ())],
        }
        if due := task.get("due_date"):
            row["due"] = f"{due.replace('-', '')}T000000Z"
        if text := task.get("description"):
            note = " ".join(text.split())
            row["annotations"] = [{"entry": "20260102T091400Z", "description": note}]
        if status != "pending":
            row["end"] = "20260109T163000Z"
        rows.append({key: value for key, value in row.items() if value != []})
    return json.dumps(rows), identity[first_open(tasks)]


def first_open(tasks: dict[str, Document]) -> str:
    return next(task_id for task_id, task in tasks.items() if task["status"] == "todo")
