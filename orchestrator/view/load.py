"""How much each person has to do."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE, STARTED
from orchestrator.view.rollup import rollups
from orchestrator.view.when import sunday_after


class Load(NamedTuple):
    """What one person has to do.

    Attributes:
        open: Tasks that are neither completed nor cancelled.
        remaining_minutes: What their estimates leave; a task with estimated ones below it adds
            nothing of its own, so that all people's together are the plan's.
        due_this_week: Open ones due from today until Sunday.
        overdue: Open ones due before today.
        in_progress: Those begun and not completed.
    """

    open: int = 0
    remaining_minutes: int = 0
    due_this_week: int = 0
    overdue: int = 0
    in_progress: int = 0


def loads(snapshot: Snapshot, today: date) -> dict[str, Load]:
    """Return the load of each person who has an open task; `""` is nobody.

    Args:
        snapshot: The plan.
        today: The day from which the rest of the week, until Sunday, is counted.
    """
    first, last = today.isoformat(), sunday_after(today).isoformat()
    amounts = rollups(snapshot)
    split = _estimated_below(snapshot)
    found: dict[str, list[int]] = {}
    for task_id, task in snapshot.live_tasks():
        status = task.get("status")
        if status in DONE:
            continue
        sums = found.setdefault(task.get("assignee") or "", [0, 0, 0, 0, 0])
        due = task.get("due_date")
        sums[0] += 1
        if task_id not in split:
            sums[1] += amounts[task_id].remaining
        sums[2] += due is not None and first <= due <= last
        sums[3] += due is not None and due < first
        sums[4] += status in STARTED
    return {person: Load(*sums) for person, sums in found.items()}


def user_rows(snapshot: Snapshot, ids: Iterable[str], today: date) -> list[Document]:
    """Return the users as lists show them: their fields and, under `derived`, their load."""
    found = loads(snapshot, today)
    return [
        {**snapshot.users[user_id], "derived": found.get(user_id, Load())._asdict()}
        for user_id in ids
    ]


def _estimated_below(snapshot: Snapshot) -> set[str]:
    """Return the tasks with an estimated task somewhere below them, as rollups count them."""
    tasks = snapshot.tasks
    found: set[str] = set()
    for task_id, task in snapshot.live_tasks():
        if not task.get("estimated_minutes") or task.get("status") == "cancelled":
            continue
        above = task.get("parent") or ""
        while above in tasks and above not in found and above != task_id:
            found.add(above)
            above = tasks[above].get("parent") or ""
    return found
