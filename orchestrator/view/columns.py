"""The columns of lists of tasks: their fields, and what is worked out about them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from orchestrator.model.fields import FIELDS
from orchestrator.model.suggest import did_you_mean
from orchestrator.view.derived import Derived
from orchestrator.view.ranking import score
from orchestrator.view.rollup import actual_minutes
from orchestrator.view.rows import UnknownFieldError, sort_by
from orchestrator.view.tree import depth

Of = Callable[[str], Any]
"""From a task's id to its value in one column."""

DERIVED: Mapping[str, str] = {
    "project": "the project that it is in",
    "depth": "how many tasks are above it",
    "children": "how many tasks are directly below it",
    "ready": "whether somebody could start it now",
    "blocked_by": "the open tasks that it waits for",
    "unblocks": "how many open tasks wait for it, up to 100",
    "spent": "the time spent on it and below it",
    "remaining": "what is left of the estimates, its own and below it",
    "progress": "how much of it is done, in percent",
    "urgency": "the score by which orchestrator next ranks it",
}
"""Columns that no file holds, with what they say."""

ALIASES: Mapping[str, str] = {
    "due": "due_date", "start": "start_date", "estimate": "estimated_minutes",
    "actual": "actual_minutes", "score": "urgency",
}  # fmt: skip
MINUTES = frozenset({"estimated_minutes", "actual_minutes", "spent", "remaining"})
"""Columns whose values are minutes."""

_KNOWN = (*FIELDS["tasks"], *DERIVED)
_MAPPINGS = ("metadata", "external_ids", "tests")


def read_columns(text: str, usual: Iterable[str]) -> list[str]:
    """Return the columns that `id,title,due` names; `+labels` adds to the usual ones.

    Raises:
        UnknownFieldError: A name is no column's, or there is none.
    """
    named = [_named(part.strip(), "show") for part in text.removeprefix("+").split(",")]
    return list(dict.fromkeys([*usual, *named] if text.startswith("+") else named))


def sort_tasks(derived: Derived, today: date, ids: Iterable[str], sort: str) -> list[str]:
    """Return task ids sorted by columns; a task without a value comes last, ties are by id.

    Args:
        derived: Of the plan.
        today: For the urgency.
        ids: In any order.
        sort: Columns with commas between; `-` before a name turns its order around. Without it
            the most important priority and the most urgent task come first, and the earliest day.

    Raises:
        UnknownFieldError: A name is no column's.
    """
    return sort_by(ids, sort, lambda name: _sortable(derived, today, _named(name, "sort by")))


def column(derived: Derived, today: date, name: str) -> Of:
    """Return the function from a task's id to its value in a column that `read_columns` knows."""
    tasks = derived.snapshot.tasks
    if name in _PLACED:
        return _PLACED[name](derived)
    if name == "urgency":
        return lambda task_id: score(derived, task_id, today)
    if name == "actual_minutes":
        return lambda task_id: actual_minutes(tasks[task_id]) or None
    field, _, key = name.partition(".")
    if key:
        return lambda task_id: (tasks[task_id].get(field) or {}).get(key)
    return lambda task_id: tasks[task_id].get(name)


_PLACED: Mapping[str, Callable[[Derived], Of]] = {
    # A file need not say its id, and is listed all the same.
    "id": lambda derived: lambda task_id: task_id,  # noqa: ARG005
    "depth": lambda derived: lambda task_id: depth(derived.snapshot, task_id),
    "children": lambda derived: lambda task_id: derived.children.get(task_id) or None,
    "ready": lambda derived: lambda task_id: task_id in derived.able,
    "blocked_by": lambda derived: derived.blocked_by,
    "unblocks": lambda derived: lambda task_id: derived.waiting.count(task_id) or None,
    "spent": lambda derived: lambda task_id: _amount(derived, task_id, "spent") or None,
    "remaining": lambda derived: lambda task_id: _remaining(derived, task_id),
    "progress": lambda derived: lambda task_id: _percent(derived, task_id),
}


def _sortable(derived: Derived, today: date, name: str) -> Of:
    if name in FIELDS["tasks"] and name not in _PLACED and name != "actual_minutes":
        values = derived.values(name)
    else:
        values = column(derived, today, name)
    if name == "urgency":
        return lambda task_id: -values(task_id)
    if name in ("blocked_by", "dependencies", "time_entries"):
        return lambda task_id: len(values(task_id) or ()) or None
    return values


def _named(name: str, purpose: str) -> str:
    found = ALIASES.get(name, name)
    mapping, _, key = found.partition(".")
    if found not in _KNOWN and not (key and mapping in _MAPPINGS):
        words = (*_KNOWN, *ALIASES)
        raise UnknownFieldError(
            f"There is no field {name[:40]} to {purpose}.",
            did_you_mean(name, words) or f"There are {', '.join(_KNOWN)} .",
        )
    return found


def _amount(derived: Derived, task_id: str, name: str) -> Any:
    found = derived.rollups.get(task_id)
    return found and getattr(found, name)


def _remaining(derived: Derived, task_id: str) -> int | None:
    found = derived.rollups.get(task_id)
    return found.remaining if found and found.estimated else None


def _percent(derived: Derived, task_id: str) -> int | None:
    found = derived.rollups.get(task_id)
    return None if found is None else int(found.progress * 100)
