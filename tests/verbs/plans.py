"""Small plans for the tests of verbs, and what a patch makes of one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from orchestrator.check.run import check
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.after import after
from orchestrator.patch.apply import SnapshotDocuments, apply
from orchestrator.patch.ops import Patch
from orchestrator.verbs.stamps import stamped_changes

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STAMP = "2026-11-22T09:30:00+00:00"


def plan(tasks: Mapping[str, Mapping[str, Any]], **members: Any) -> Snapshot:
    """Return a plan of tasks, in the project `pay` unless they say another; `ops` is there too."""
    documents = {
        task_id: _stamped({
            "id": task_id, "title": f"Title of {task_id}", "status": "todo", "project": "pay",
            **task,
        })
        for task_id, task in tasks.items()
    }  # fmt: skip
    projects = {
        "pay": {"id": "pay", "key": "PAY", "title": "Payments", "status": "active"},
        "ops": {"id": "ops", "key": "OPS", "title": "Operations", "status": "active"},
    }
    given = {"settings": {"version": 1, "name": "Test"}, "projects": projects, **members}
    return Snapshot(tasks=documents, **given)


def _stamped(task: dict[str, Any]) -> dict[str, Any]:
    earlier = "2026-11-01T09:00:00+00:00"
    if task["status"] in ("in_progress", "in_review", "completed"):
        task.setdefault("started_at", earlier)
    if task["status"] == "completed":
        task.setdefault("completed_at", earlier)
    return task


def done_to(snapshot: Snapshot, patch: Patch) -> Snapshot:
    """Return the plan after a patch, as the workspace would have it; no error may be new."""
    changes = list(stamped_changes(apply(SnapshotDocuments(snapshot), patch.ops), NOW))
    result = after(snapshot, changes)
    known = {problem.message for problem in check(snapshot, NOW)}
    fresh = [
        problem
        for problem in check(result, NOW)
        if problem.severity == "error" and problem.message not in known
    ]
    assert not fresh
    return result


def fields(snapshot: Snapshot, field: str) -> dict[str, Any]:
    """Return one field of each task that has it."""
    return {name: task[field] for name, task in snapshot.tasks.items() if task.get(field)}
