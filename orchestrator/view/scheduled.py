"""Tasks as lists show them, with when they can happen among what is derived."""

from collections.abc import Iterable

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.rows import task_rows
from orchestrator.view.schedule import Schedule


def scheduled_rows(snapshot: Snapshot, ids: Iterable[str], plan: Schedule) -> list[Document]:
    """Return tasks with their fields, `project` and `derived`, to which a schedule adds its own.

    Those are null where nothing says when a task happens.
    """
    return [
        {**row, "derived": {**row["derived"], **_derived(plan, row["id"])}}
        for row in task_rows(snapshot, ids)
    ]


def _derived(plan: Schedule, task_id: str) -> Document:
    placed = plan.tasks.get(task_id)
    latest = placed.latest_finish if placed else None
    return {
        "start": placed.start.isoformat() if placed else None,
        "finish": placed.finish.isoformat() if placed else None,
        "latest_finish": latest.isoformat() if latest else None,
        "slack_minutes": placed.slack_minutes if placed else None,
        "critical": placed is not None and placed.is_critical,
        "late": placed is not None and placed.is_late,
        "assumed": placed is not None and placed.is_assumed,
    }
