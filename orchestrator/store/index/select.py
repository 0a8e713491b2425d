"""Tasks that a filter lets through, found by the database rather than in documents."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.store.index import edges
from orchestrator.store.index.found import RANKS, SEPARATOR
from orchestrator.store.index.state import State
from orchestrator.view.ready import is_running
from orchestrator.view.select import predicate, refuse_unknown

Clause = tuple[str, tuple[Any, ...]]
"""A condition of a query, and what stands for its question marks."""

_DONE = "('completed', 'cancelled')"
_AMONG = "IN (SELECT value FROM json_each(?))"

# A task is held up by what it depends on and by what those above it depend on.
_HELD = """
WITH RECURSIVE held (id) AS (
    SELECT DISTINCT edges.id FROM edges
    CROSS JOIN files AS needed INDEXED BY files_by_id
        ON needed.state = edges.state AND needed.id = edges.needed
        AND needed.counts AND needed.open
    CROSS JOIN files AS own ON own.key = edges.file AND own.counts
    WHERE edges.state = :state
    UNION
    SELECT child.id FROM held CROSS JOIN files AS child INDEXED BY files_by_parent
    ON child.state = :state AND child.parent = held.id AND child.counts
)
"""
_READY = f"""
{_HELD}
SELECT id FROM files INDEXED BY files_todo
WHERE state = :state AND counts AND status = 'todo' AND NOT deleted
    AND id NOT IN (SELECT id FROM held)
    AND id NOT IN (
        SELECT parent FROM files INDEXED BY files_by_parent
        WHERE state = :state AND parent IS NOT NULL AND open AND counts
    )
    AND project NOT IN (SELECT value FROM json_each(:idle))
ORDER BY rank, coalesce(due, '9999-12-31'), coalesce(created, '9999-12-31'), id
"""  # noqa: S608 - constants
_BLOCKED = f"""
{_HELD}
SELECT id FROM files INDEXED BY files_by_path
WHERE state = :state AND counts AND coalesce(status, '') NOT IN {_DONE}
    AND (status = 'blocked' OR id IN (SELECT id FROM held))
"""  # noqa: S608 - constants

_COLUMNS = {
    "status": "status", "priority": "priority", "assignee": "assignee", "parent": "parent",
    "due_date": "due", "start_date": "start", "created_at": "created", "started_at": "started",
    "completed_at": "completed", "estimated_minutes": "estimate", "project": "project",
}  # fmt: skip


def select_ids(state: State, snapshot: Snapshot, wanted: TaskFilter) -> list[str]:
    """Return the ids of the tasks that a filter lets through, sorted.

    Raises:
        FilterError: It names a project, task or person that is nowhere in the plan.
    """
    refuse_unknown(snapshot, wanted)
    if any(SEPARATOR in label for label in (*wanted.label, *wanted.any_label, *wanted.no_label)):
        return []  # no label of a plan holds it
    clauses = [*_own(wanted), *_labelled(wanted), *_dated(wanted), *_weighed(wanted)]
    conditions = "".join(f" AND {condition}" for condition, _ in clauses)
    arguments = [value for _, values in clauses for value in values]
    rows = state.db.execute(
        f"SELECT id FROM files WHERE state = ? AND counts{conditions} ORDER BY id",  # noqa: S608
        (state.number, *arguments),
    )
    found = [row[0] for row in rows]
    for able in _able(state, snapshot, wanted):
        found = [name for name in found if able(name)]
    if wanted.text:
        lets = predicate(snapshot, TaskFilter(text=wanted.text, is_deleted=wanted.is_deleted))
        tasks = snapshot.tasks
        found = [name for name in found if lets(name, tasks[name])]
    return found


def ready_ids(state: State, snapshot: Snapshot) -> list[str]:
    """Return the ids of tasks that somebody could start now, as `view.ready.ready` does."""
    idle = [project for project in snapshot.projects if not is_running(snapshot, project)]
    rows = state.db.execute(_READY, {"state": state.number, "idle": json.dumps(idle)})
    return [row[0] for row in rows]


def blocked_ids(state: State) -> frozenset[str]:
    """Return the ids of all tasks that are open and held up, deleted ones too."""
    return frozenset(row[0] for row in state.db.execute(_BLOCKED, {"state": state.number}))


def column_of(state: State, name: str) -> dict[str, Any] | None:
    """Return a field of all tasks by id; None for a field that the index has no column of."""
    column = _COLUMNS.get(name)
    return None if column is None else dict(_column(state, column))


def _column(state: State, column: str) -> sqlite3.Cursor:
    query = f"SELECT id, {column} FROM files WHERE state = ? AND counts"  # noqa: S608 - a constant
    return state.db.execute(query, (state.number,))


def _among(column: str, values: Iterable[Any]) -> Clause:
    return f"{column} {_AMONG}", (json.dumps(list(values)),)


def _own(wanted: TaskFilter) -> Iterator[Clause]:
    yield "deleted = ?", (wanted.is_deleted,)
    if wanted.id:
        yield _among("id", wanted.id)
    if wanted.project:
        yield _among("project", wanted.project)
    if wanted.status:
        yield _among("status", wanted.status)
    if wanted.is_open is not None:
        yield f"(coalesce(status, '') NOT IN {_DONE}) = ?", (wanted.is_open,)
    if wanted.priority:
        yield _among("rank", [RANKS[name] for name in wanted.priority])
    if wanted.assignee:
        yield _among("coalesce(assignee, '')", wanted.assignee)
    if wanted.parent is not None:
        yield "coalesce(parent, '') = ?", (wanted.parent,)


def _labelled(wanted: TaskFilter) -> Iterator[Clause]:
    def has(label: str) -> str:
        return f"{SEPARATOR}{label}{SEPARATOR}"

    for label in wanted.label:
        yield "instr(labels, ?)", (has(label),)
    if wanted.any_label:
        some = " OR ".join("instr(labels, ?)" for _ in wanted.any_label)
        yield f"({some})", tuple(map(has, wanted.any_label))
    for label in wanted.no_label:
        yield "NOT coalesce(instr(labels, ?), 0)", (has(label),)


def _dated(wanted: TaskFilter) -> Iterator[Clause]:
    bounds = (
        ("due", wanted.due_after, wanted.due_before),
        ("created", wanted.created_after, wanted.created_before),
        ("completed", wanted.completed_after, wanted.completed_before),
    )
    for column, after, before in bounds:
        if after is not None:
            yield f"substr({column}, 1, 10) > ?", (after,)
        if before is not None:
            yield f"substr({column}, 1, 10) < ?", (before,)
    if wanted.overdue_on is not None:
        yield f"due < ? AND coalesce(status, '') NOT IN {_DONE}", (wanted.overdue_on,)


def _weighed(wanted: TaskFilter) -> Iterator[Clause]:
    if wanted.min_estimate is not None:
        yield "coalesce(estimate, 0) >= ?", (wanted.min_estimate,)
    if wanted.max_estimate is not None:
        yield "estimate <= ?", (wanted.max_estimate,)
    if wanted.has_estimate is not None:
        yield "(estimate IS NOT NULL) = ?", (wanted.has_estimate,)
    if wanted.has_dependencies is not None:
        yield "(needs > 0) = ?", (wanted.has_dependencies,)


def _able(state: State, snapshot: Snapshot, wanted: TaskFilter) -> Iterator[Any]:
    if wanted.under is not None:
        below = edges.subtree(state.db, state.number, wanted.under) - {wanted.under}
        yield below.__contains__
    if (most := wanted.depth) is not None:
        parents = dict(_column(state, "parent"))
        yield lambda name: _depth(parents, name) <= most
    if wanted.is_ready is not None:
        able = frozenset(ready_ids(state, snapshot))
        yield able.__contains__ if wanted.is_ready else lambda name: name not in able
    if wanted.is_blocked is not None:
        held = blocked_ids(state)
        yield held.__contains__ if wanted.is_blocked else lambda name: name not in held


def _depth(parents: dict[str, str | None], task_id: str) -> int:
    """Return how many tasks are above one; a circle ends where it closes."""
    seen = {task_id}
    parent = parents.get(task_id)
    while parent and parent in parents and parent not in seen:
        seen.add(parent)
        parent = parents[parent]
    return len(seen) - 1
