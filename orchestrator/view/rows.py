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
from orchestrator.view.derived import Derived
from orchestrator.view.rollup import actual_minutes
from orchestrator.view.tree import depth


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


def sort_ids(
    ids: Iterable[str],
    document: Callable[[str], Document],
    sort: str,
    kind: Kind,
    also: Sequence[str] = (),
) -> list[str]:
    """Return ids sorted by fields; entities without a value come last, ties are by id.

    Args:
        ids: In any order.
        document: Returns what an id stands for.
        sort: Field names with commas between; `-` before a name turns its order around.
        kind: What the ids are of.
        also: More fields that the documents have.

    Raises:
        UnknownFieldError: There is no such field.
    """
    known = (*FIELDS[kind], *(("project",) if kind == "tasks" else ()), *also)

    def value_of(field: str) -> Callable[[str], Any]:
        if field not in known:
            raise UnknownFieldError(
                f"There is no field {field[:40]} to sort by.",
                did_you_mean(field, known) or f"There are {', '.join(known)} .",
            )
        return lambda item: document(item).get(field)

    return sort_by(ids, sort, value_of)


def sort_by(
    ids: Iterable[str], sort: str, value_of: Callable[[str], Callable[[str], Any]]
) -> list[str]:
    """Return ids sorted by several keys; what has no value comes last, ties are by id.

    Args:
        ids: In any order.
        sort: Names with commas between; `-` before a name turns its order around.
        value_of: Returns, for a name, the function from an id to its value.
    """
    result = sorted(ids)
    for name in reversed([part.strip() for part in sort.split(",") if part.strip()]):
        field = name.removeprefix("-")
        values = value_of(field)
        known = {item: values(item) for item in result}
        has = [item for item in result if known[item] not in _EMPTY]
        lacks = [item for item in result if known[item] in _EMPTY]
        has.sort(key=lambda item: _key(field, known[item]), reverse=name[0] == "-")
        result = has + lacks
    return result


def task_rows(
    snapshot: Snapshot, ids: Iterable[str], derived: Derived | None = None
) -> list[Document]:
    """Return the tasks as lists show them: their fields, `project`, and `derived`.

    Args:
        snapshot: The plan.
        ids: Which tasks, in this order.
        derived: What was worked out about the plan before.
    """
    derived = derived or Derived(snapshot)
    return [
        {
            **snapshot.tasks[task_id],
            "derived": {
                "depth": depth(snapshot, task_id),
                "children": derived.children.get(task_id, 0),
                "ready": task_id in derived.able,
                "blocked_by": derived.blocked_by(task_id),
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


_EMPTY: tuple[Any, ...] = (None, "", [], {})

_ORDERS: dict[str, tuple[str, ...]] = {
    "priority": PRIORITIES[::-1],
    "status": (*TASK_STATUSES, *PROJECT_STATUSES),
}


def _key(field: str, value: Any) -> Any:
    # Metadata may hold a number in one task and a word in the next.
    order = _ORDERS.get(field)
    if order and value in order:
        return 0, order.index(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 0, value
    return 1, str(value).casefold()
