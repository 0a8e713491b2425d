"""Beads: JSON Lines, one issue a line, as `bd import` reads it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from orchestrator.model.graph import hierarchy
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot

_STATUSES = {
    "todo": "open", "in_progress": "in_progress", "blocked": "blocked", "in_review": "in_progress",
    "completed": "closed", "cancelled": "closed",
}  # fmt: skip
_PRIORITIES = {"urgent": 0, "high": 1, "medium": 2, "low": 3}
_SAME = (
    ("assignee", "assignee"), ("labels", "labels"), ("started_at", "started_at"),
    ("estimated_minutes", "estimated_minutes"), ("due_date", "due_at"),
    ("start_date", "defer_until"),
)  # fmt: skip


def as_beads(snapshot: Snapshot, ids: Iterable[str]) -> str:
    """Return tasks as beads issues.

    Beads has no test requirements, time entries or review: the first two are left out, and a task
    in review is in progress. A cancelled task is closed with the reason `cancelled`.
    """
    chosen = list(ids)
    names = _names(snapshot, chosen)
    parents = hierarchy(snapshot).children
    lines = (
        json.dumps(_issue(snapshot.tasks[task_id], task_id, names, task_id in parents),
                   ensure_ascii=False)
        for task_id in chosen
    )  # fmt: skip
    return "".join(f"{line}\n" for line in lines)


def _names(snapshot: Snapshot, ids: Iterable[str]) -> dict[str, str]:
    """Return the issue id of each task: the one it came with, or its own in beads' spelling."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for task_id in ids:
        kept = (snapshot.tasks[task_id].get("metadata") or {}).get("beads")
        origin = kept.get("id") if isinstance(kept, dict) else None
        name = origin if isinstance(origin, str) and origin else task_id.lower()
        names[task_id] = name if name not in taken else task_id.lower()
        taken.add(names[task_id])
    return names


def _issue(task: Document, task_id: str, names: dict[str, str], is_parent: bool) -> Document:  # noqa: FBT001
    status = str(task.get("status") or "todo")
    created = task.get("created_at") or task.get("started_at") or task.get("completed_at")
    stamps = [stamp for key in _STAMPS if (stamp := task.get(key))]
    issue: dict[str, Any] = {
        "id": names[task_id],
        "title": task.get("title") or task_id,
        "description": task.get("description") or "",
        "status": _STATUSES[status],
        "priority": _PRIORITIES[task.get("priority") or "medium"],
        "issue_type": "epic" if is_parent else "task",
    }
    issue |= {theirs: task[ours] for ours, theirs in _SAME if task.get(ours)}
    if created:
        issue |= {"created_at": created, "updated_at": max(stamps)}
    if status in ("completed", "cancelled"):
        closed = task.get("completed_at") or (max(stamps) if stamps else None)
        issue |= {"closed_at": closed} if closed else {}
        issue |= {"close_reason": "cancelled"} if status == "cancelled" else {}
    links = list(_links(task, names[task_id], names))
    return issue | ({"dependencies": links} if links else {})


_STAMPS = ("created_at", "started_at", "completed_at")


def _links(task: Document, name: str, names: dict[str, str]) -> Iterator[Document]:
    for kind, targets in (
        ("parent-child", [task.get("parent")]),
        ("blocks", task.get("dependencies") or ()),
    ):
        for target in targets:
            if target in names:
                yield {"issue_id": name, "depends_on_id": names[target], "type": kind}
