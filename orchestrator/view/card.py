"""What there is to know about one task or one project, beyond what its file says."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from orchestrator.model.graph import ancestors
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE
from orchestrator.view.derived import Derived
from orchestrator.view.rollup import project_rollups
from orchestrator.view.rows import project_rows, task_rows
from orchestrator.view.select import is_overdue


class ProjectFacts(NamedTuple):
    """How a project stands.

    Attributes:
        by_status: How many live tasks are in each status that any is in.
        ready: Tasks that somebody could start now, the most urgent first.
        overdue: Open tasks that were due before today, the latest first.
        next_due: Open tasks that are due today or later, the nearest first.
        over_runs: Open tasks on which more was spent than estimated, by id.
    """

    by_status: dict[str, int]
    ready: tuple[str, ...]
    overdue: tuple[str, ...]
    next_due: tuple[str, ...]
    over_runs: tuple[str, ...]


def task_card(snapshot: Snapshot, task_id: str, derived: Derived) -> Document:
    """Return a task as lists show it, with `rollup`, `blocks` and `path` under `derived` as well.

    `blocks` are the live tasks that name it as a dependency; `path` are the tasks above it, the
    root first; `rollup` is None for a deleted task.
    """
    [row] = task_rows(snapshot, [task_id], derived)
    amount = derived.rollups.get(task_id)
    more = {
        "rollup": amount._asdict() if amount else None,
        "blocks": derived.blocks(task_id),
        "path": ancestors(snapshot, task_id)[::-1],
    }
    return {**row, "derived": {**row["derived"], **more}}


def children_of(snapshot: Snapshot, task_id: str, derived: Derived) -> list[str]:
    """Return the live tasks directly below a task, by id; of a deleted one, all of them."""
    tasks = snapshot.tasks
    is_gone = bool(tasks[task_id].get("deleted_at"))
    return sorted(
        child
        for child in derived.tree.children.get(task_id, ())
        if is_gone or not tasks[child].get("deleted_at")
    )


def project_cards(snapshot: Snapshot, ids: Iterable[str]) -> list[Document]:
    """Return projects as lists show them, with `rollup` under `derived`; None for deleted ones."""
    amounts = project_rollups(snapshot)
    wanted = list(ids)
    rows = project_rows(snapshot, wanted)
    for project_id, row in zip(wanted, rows, strict=True):
        amount = amounts.get(project_id)
        row["derived"]["rollup"] = amount._asdict() if amount else None
    return rows


def project_facts(
    snapshot: Snapshot, project_id: str, today: date, derived: Derived
) -> ProjectFacts:
    """Return how a project stands."""
    day = today.isoformat()
    by_status: dict[str, int] = {}
    late: list[tuple[str, str]] = []
    coming: list[tuple[str, str]] = []
    over = []
    for task_id, task in snapshot.live_tasks():
        if task["project"] != project_id:
            continue
        status = task.get("status") or ""
        by_status[status] = by_status.get(status, 0) + 1
        if status in DONE:
            continue
        if due := task.get("due_date"):
            (late if is_overdue(task, day) else coming).append((due, task_id))
        if derived.rollups[task_id].is_over:
            over.append(task_id)
    return ProjectFacts(
        by_status,
        tuple(item for item in derived.ready if snapshot.tasks[item]["project"] == project_id),
        tuple(task_id for _, task_id in sorted(late)),
        tuple(task_id for _, task_id in sorted(coming)),
        tuple(sorted(over)),
    )
