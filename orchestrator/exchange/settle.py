"""Stamps and dates of an imported task made to agree with its status, each other and the clock."""

from datetime import datetime

from orchestrator.exchange.dates import parse, written
from orchestrator.exchange.imported import Document, Notebook
from orchestrator.model.vocabulary import STARTED

_STAMPS = ("created_at", "started_at", "completed_at", "deleted_at")


def settle(task: Document, source: str, now: datetime, notes: Notebook) -> None:
    """Change the stamps of `task` until the rules ORC301 to ORC304 hold; originals are kept.

    Args:
        task: Changed in place.
        source: The key under metadata where originals are kept.
        now: No stamp may be later.
        notes: What was changed, by kind.
    """
    before = {key: task[key] for key in _STAMPS if key in task}
    moments = {key: parse(value) for key, value in before.items()}
    if any(when > now for when in moments.values()):
        notes.count("date", "Tasks with stamps in the future, which are set to now")
        moments = {key: min(when, now) for key, when in moments.items()}
    _complete(task, moments, now, notes)
    _order(moments, notes)
    for key in _STAMPS:
        task.pop(key, None)
        if key in moments:
            same = key in before and parse(before[key]) == moments[key]
            task[key] = before[key] if same else written(moments[key])
    if changed := {key: value for key, value in before.items() if task.get(key) != value}:
        task["metadata"][source]["stamps"] = changed
    _order_plan(task, source, notes)


def _complete(task: Document, moments: dict[str, datetime], now: datetime, notes: Notebook) -> None:
    if "created_at" not in moments:
        moments["created_at"] = min(moments.values(), default=now)
        notes.count("date", "Tasks that do not say when they were created, which now do")
    if task["status"] in STARTED and "started_at" not in moments:
        moments["started_at"] = moments["created_at"]
        notes.count("date", "Tasks under way that do not say since when, which now do")
    if task["status"] == "completed" and "completed_at" not in moments:
        moments["completed_at"] = max(moments.values())
        notes.count("date", "Completed tasks that do not say since when, which now do")
    if task["status"] == "todo" and moments.pop("started_at", None):
        notes.count("date", "Tasks to do that say that they were started, which no longer do")
    if task["status"] != "completed" and moments.pop("completed_at", None):
        notes.count("date", "Open tasks that say that they were completed, which no longer do")


def _order(moments: dict[str, datetime], notes: Notebook) -> None:
    """Make created ≤ started ≤ completed; the end of a task is better known than its start."""
    ends = [moments[key] for key in ("completed_at", "deleted_at") if key in moments]
    latest = min(ends) if ends else None
    before = dict(moments)
    if "started_at" in moments and "completed_at" in moments:
        moments["started_at"] = min(moments["started_at"], moments["completed_at"])
    first = [when for key, when in moments.items() if key != "created_at"]
    moments["created_at"] = min([moments["created_at"], *first])
    if latest is not None:
        moments["created_at"] = min(moments["created_at"], latest)
    if moments != before:
        notes.count("date", "Tasks whose stamps were out of order, which were moved back")


def _order_plan(task: Document, source: str, notes: Notebook) -> None:
    start, due = task.get("start_date"), task.get("due_date")
    if start and due and start > due:
        del task["start_date"]
        task["metadata"][source].setdefault("stamps", {})["start_date"] = start
        notes.count("date", "Tasks that start after they are due, whose start is kept in metadata")
