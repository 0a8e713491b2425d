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
from orchestrator.model.vocabulary import DONE, PRIORITIES, PROJECT_STATUSES, TASK_STATUSES
from orchestrator.view.ready import blockers, ready
from orchestrator.view.tree import child_counts, depth


class UnknownFieldError(OrchestratorError):
    """A list cannot be sorted by that."""


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks to list; an empty field lets all through.

    Attributes:
        project: Of this project.
        status: In one of these statuses.
        priority: Of one of these priorities.
        assignee: Of one of these people; `""` is nobody.
        label: With all of these labels.
        parent: Directly below this task; `""` is roots only.
        text: With this text in id, title or description, in any case.
        is_deleted: The deleted ones, instead of the live ones.
    """

    project: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    parent: str | None = None
    text: str = ""
    is_deleted: bool = False

    def lets(self, task_id: str, task: Document) -> bool:
        """Return whether a task is let through."""
        return (
            bool(task.get("deleted_at")) == self.is_deleted
            and (not self.project or task["project"] in self.project)
            and (not self.status or task.get("status") in self.status)
            and (not self.priority or (task.get("priority") or "medium") in self.priority)
            and (not self.assignee or (task.get("assignee") or "") in self.assignee)
            and (not self.label or set(self.label) <= set(task.get("labels") or ()))
            and (self.parent is None or (task.get("parent") or "") == self.parent)
            and (not self.text or self._has_text(task_id, task))
        )

    def _has_text(self, task_id: str, task: Document) -> bool:
        wanted = self.text.casefold()
        texts = (task_id, task.get("title") or "", task.get("description") or "")
        return any(wanted in text.casefold() for text in texts)


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
        UnknownFieldError: There is no such field.
    """
    found = [task_id for task_id, task in snapshot.tasks.items() if wanted.lets(task_id, task)]
    return sort_ids(found, snapshot.tasks.__getitem__, sort, "tasks")


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
    return [
        {
            **snapshot.tasks[task_id],
            "derived": {
                "depth": depth(snapshot, task_id),
                "children": counts.get(task_id, 0),
                "ready": task_id in able,
                "blocked_by": blockers(snapshot, task_id),
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
