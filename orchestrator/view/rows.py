"""Lists: filtered, sorted, paged, with derived fields."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.errors import OrchestratorError
from orchestrator.model.fields import FIELDS
from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.model.task_filter import TaskFilter
from orchestrator.model.vocabulary import DONE, PRIORITIES, PROJECT_STATUSES, TASK_STATUSES
from orchestrator.view.ready import Held, ready
from orchestrator.view.select import select
from orchestrator.view.tree import child_counts, depth


class UnknownFieldError(OrchestratorError):
    """A list cannot be sorted by that."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list.

    Attributes:
        total: How many there are in all.
        ids: Those of this page.
    """

    total: int
    ids: tuple[str, ...]


def page(ids: Sequence[str], limit: int | None, offset: int = 0) -> Page:
    """Return the part of a list that starts at `offset` and has at most `limit` ids."""
    end = None if limit is None else offset + limit
    return Page(len(ids), tuple(ids[offset:end]))


def find_tasks(snapshot: Snapshot, wanted: TaskFilter, sort: str = "id") -> list[str]:
    """Return the ids of the tasks that a filter lets through, sorted.

    Args:
        snapshot: The plan.
        wanted: Which tasks.
        sort: Field names with commas between; `-` before a name turns its order around.

    Raises:
        FilterError: The filter names what is nowhere in the plan.
        UnknownFieldError: There is no such field.
    """
    return sort_ids(select(snapshot, wanted), snapshot.tasks.__getitem__, sort, "tasks")


def sort_ids(
    ids: Iterable[str], document: Callable[[str], Document], sort: str, kind: Kind
) -> list[str]:
    """Return ids sorted by fields; entities without a value come last, ties are by id.

    Raises:
        UnknownFieldError: There is no such field.
    """
    result = sorted(ids)
    for name in reversed([part.strip() for part in sort.split(",") if part.strip()]):
        field = name.removeprefix("-")
        known = (*FIELDS[kind], "project")
        if field not in known:
            raise UnknownFieldError(
                f"There is no field {field} to sort by.", did_you_mean(field, known)
            )
        has = [item for item in result if document(item).get(field) not in (None, "", [])]
        lacks = [item for item in result if document(item).get(field) in (None, "", [])]
        has.sort(key=lambda item: _key(field, document(item)[field]), reverse=name[0] == "-")
        result = has + lacks
    return result


def task_rows(snapshot: Snapshot, ids: Iterable[str]) -> list[Document]:
    """Return the tasks as lists show them: their fields, `project`, and `derived`."""
    counts = child_counts(snapshot)
    able = set(ready(snapshot))
    held = Held(snapshot)
    return [
        {
            **snapshot.tasks[task_id],
            "derived": {
                "depth": depth(snapshot, task_id),
                "children": counts.get(task_id, 0),
                "ready": task_id in able,
                "blocked_by": held.by(task_id, snapshot.tasks[task_id]),
                "actual_minutes": actual_minutes(snapshot.tasks[task_id]),
            },
        }
        for task_id in ids
    ]


def project_rows(snapshot: Snapshot, ids: Iterable[str]) -> list[Document]:
    """Return the projects as lists show them: their fields and `derived`."""
    tasks: dict[str, int] = {}
    open_tasks: dict[str, int] = {}
    for _, task in snapshot.live_tasks():
        project = task["project"]
        tasks[project] = tasks.get(project, 0) + 1
        if task.get("status") not in DONE:
            open_tasks[project] = open_tasks.get(project, 0) + 1
    return [
        {
            **snapshot.projects[project_id],
            "derived": {
                "tasks": tasks.get(project_id, 0),
                "open": open_tasks.get(project_id, 0),
            },
        }
        for project_id in ids
    ]


def actual_minutes(task: Document) -> int:
    """Return the minutes spent: the sum of the entries, or what the task states."""
    entries = task.get("time_entries")
    if entries:
        return sum(entry["minutes"] for entry in entries)
    return task.get("actual_minutes") or 0


_ORDERS: dict[str, tuple[str, ...]] = {
    "priority": PRIORITIES[::-1],
    "status": (*TASK_STATUSES, *PROJECT_STATUSES),
}


def _key(field: str, value: Any) -> Any:
    order = _ORDERS.get(field)
    if order and value in order:
        return order.index(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return str(value).casefold()
