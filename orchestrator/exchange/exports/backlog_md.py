"""Backlog.md: a folder of Markdown files with front matter."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.text.render import render

_STATUSES = {
    "todo": "To Do", "in_progress": "In Progress", "blocked": "Blocked", "in_review": "In Review",
    "cancelled": "Cancelled", "completed": "Done",
}  # fmt: skip
_NUMBERED = re.compile(r"(?P<key>[A-Z][A-Z0-9]{0,15})-(?P<number>[1-9]\d{0,8})")
_NO_FILE_NAME = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80
_SECTIONS = {
    "acceptance criteria": "AC", "definition of done": "DOD",
    "implementation plan": "SECTION:PLAN", "implementation notes": "SECTION:NOTES",
    "final summary": "SECTION:FINAL_SUMMARY",
}  # fmt: skip


def as_backlog_md(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, str]:
    """Return the files of a Backlog.md folder: its text by path.

    Backlog.md numbers its tasks: `PAY-7` keeps its number, `PAY-7K3F` gets a free one. Estimates,
    time entries and test requirements have no place there.
    """
    chosen = list(ids)
    prefix, names = _names(snapshot, chosen)
    files = {"config.yml": _config(snapshot, chosen, prefix)}
    for task_id in chosen:
        task = snapshot.tasks[task_id]
        words = _NO_FILE_NAME.sub("-", str(task.get("title") or "")).strip("-")[:_LONGEST_NAME]
        stem = f"{names[task_id].lower()} - {words or 'task'}"
        front = render({key: value for key, value in _front(task, names).items() if value != ""})
        body = _body(str(task.get("description") or ""))
        files[f"tasks/{stem}.md"] = f"---\n{front}---\n{body}"
    return files


def _names(snapshot: Snapshot, ids: list[str]) -> tuple[str, dict[str, str]]:
    """Return the prefix, and a numbered id for each task."""
    projects = {snapshot.tasks[task_id]["project"] for task_id in ids}
    keys = [str(snapshot.projects.get(project, {}).get("key") or "") for project in projects]
    prefix = keys[0] if len(keys) == 1 and keys[0].isalpha() else "TASK"
    numbers: dict[str, int] = {}
    for task_id in ids:
        found = _NUMBERED.fullmatch(task_id)
        if found and found["key"] == prefix:
            numbers[task_id] = int(found["number"])
    free = max(numbers.values(), default=0) + 1
    for task_id in ids:
        if task_id not in numbers:
            numbers[task_id] = free
            free += 1
    return prefix, {task_id: f"{prefix}-{number}" for task_id, number in numbers.items()}


def _config(snapshot: Snapshot, ids: list[str], prefix: str) -> str:
    projects = sorted({snapshot.tasks[task_id]["project"] for task_id in ids})
    title = snapshot.projects.get(projects[0], {}).get("title") if len(projects) == 1 else None
    return render(
        {
            "project_name": title or snapshot.settings.get("name") or "Plan",
            "default_status": "To Do",
            "statuses": list(_STATUSES.values()),
            "priorities": ["urgent", "high", "medium", "low"],
            "labels": sorted({label for each in ids for label in _labels(snapshot.tasks[each])}),
            "date_format": "yyyy-mm-dd",
            "task_prefix": prefix.lower(),
        }
    )


def _labels(task: Document) -> list[str]:
    return list(task.get("labels") or ())


def _front(task: Document, names: dict[str, str]) -> dict[str, Any]:
    completed = _moment(task.get("completed_at"))
    return {
        "id": names[task["id"]],
        "title": task.get("title") or task["id"],
        "status": _STATUSES[task.get("status") or "todo"],
        "assignee": [f"@{task['assignee']}"] if task.get("assignee") else [],
        "created_date": _moment(task.get("created_at")),
        "updated_date": completed or _moment(task.get("started_at")),
        "completed_date": completed,
        "actual_start": _moment(task.get("started_at")),
        "planned_start": task.get("start_date") or "",
        "due_date": task.get("due_date") or "",
        "labels": _labels(task),
        "dependencies": [names[each] for each in task.get("dependencies") or () if each in names],
        "parent_task_id": names.get(task.get("parent") or "", ""),
        "priority": task.get("priority") or "",
    }


def _moment(stamp: str | None) -> str:
    """Return a stamp as Backlog.md has it: UTC, to the minute."""
    if not stamp:
        return ""
    return datetime.fromisoformat(stamp).astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _body(description: str) -> str:
    """Return the description in the sections that Backlog.md looks for, between its marks."""
    parts = re.split(r"(?m)^## (.+)$", description)
    text = _section("Description", "SECTION:DESCRIPTION", parts[0])
    for heading, content in zip(parts[1::2], parts[2::2], strict=True):
        mark = _SECTIONS.get(heading.strip().casefold())
        text += _section(heading.strip(), mark, content)
    return text


def _section(heading: str, mark: str | None, content: str) -> str:
    inner = content.strip("\n")
    if not inner.strip():
        return "" if mark else f"\n## {heading}\n"
    if mark is None:
        return f"\n## {heading}\n\n{inner}\n"
    return f"\n## {heading}\n\n<!-- {mark}:BEGIN -->\n{inner}\n<!-- {mark}:END -->\n"
