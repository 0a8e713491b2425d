"""What a person does with a task: start, finish, block, cancel, reopen it, or hand it to review."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE
from orchestrator.patch.ops import Patch
from orchestrator.verbs.assign import Assignment
from orchestrator.verbs.change import set_all
from orchestrator.verbs.refuse import ImpossibleError, refuse_gone


class Action(NamedTuple):
    """One thing to do with tasks.

    Attributes:
        status: What they have afterwards.
        done: In words, as in "PAY-1 cannot be started".
    """

    status: str
    done: str


ACTIONS: Mapping[str, Action] = {
    "start": Action("in_progress", "started"),
    "done": Action("completed", "completed"),
    "block": Action("blocked", "blocked"),
    "review": Action("in_review", "reviewed"),
    "cancel": Action("cancelled", "cancelled"),
    "reopen": Action("todo", "reopened"),
}
_CLOSED = frozenset({*DONE, "blocked"})
"""What `reopen` opens again."""


def act(
    snapshot: Snapshot,
    action: str,
    task_ids: Sequence[str],
    now: datetime,
    waits_for: Sequence[str] = (),
) -> Patch:
    """Return the patch that does something with tasks; nothing for those that it is done with.

    Args:
        snapshot: The plan.
        action: A key of ACTIONS.
        task_ids: The tasks.
        now: For the stamps.
        waits_for: Tasks that they depend on from now on.

    Raises:
        ImpossibleError: A task is unknown or deleted, or its status does not allow it.
    """
    refuse_gone(snapshot, task_ids)
    status, words = ACTIONS[action]
    skipped = set(already(snapshot, action, task_ids))
    for task_id in task_ids:
        present = str(snapshot.tasks[task_id].get("status"))
        if task_id in skipped:
            continue
        if action == "reopen":
            if present not in _CLOSED:
                raise ImpossibleError(
                    f"{task_id} is open: its status is {present}.",
                    f"orchestrator task set {task_id} status=todo",
                )
        elif present in DONE:
            raise ImpossibleError(
                f"{task_id} is {present} and cannot be {words}.",
                f"orchestrator task reopen {task_id}",
            )
    wishes = [Assignment("status", "=", status)]
    changed = [task_id for task_id in task_ids if task_id not in skipped]
    if waits_for:
        wishes.append(Assignment("dependencies", "+=", ",".join(waits_for)))
        changed = list(task_ids)
    return set_all(snapshot, "tasks", changed, wishes, now)


def already(snapshot: Snapshot, action: str, task_ids: Sequence[str]) -> list[str]:
    """Return the tasks that have the status which an action gives."""
    status = ACTIONS[action].status
    return [
        task_id
        for task_id in dict.fromkeys(task_ids)
        if snapshot.tasks.get(task_id, {}).get("status") == status
    ]
