"""iCalendar: due dates as whole days, which every calendar shows."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE

if TYPE_CHECKING:
    from icalendar import Event

_RANK = {"urgent": 1, "high": 3, "medium": 5, "low": 9}


def as_calendar(snapshot: Snapshot, ids: Iterable[str], now: datetime) -> str:
    """Return a calendar with one event a due date, of tasks and of their projects.

    An event's id stays the same from export to export, so that a calendar that reads the file
    again moves what has moved. Tasks without a due date are left out.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//orchestrator//plan//EN")
    calendar.add("version", "2.0")
    name = str(snapshot.settings.get("name") or "Plan")
    calendar.add("x-wr-calname", name)
    chosen = [snapshot.tasks[task_id] for task_id in ids]
    for task in chosen:
        if task.get("due_date"):
            calendar.add_component(_event(task, name, now, task["project"]))
    for project_id in sorted({task["project"] for task in chosen}):
        project = snapshot.projects.get(project_id, {})
        if project.get("due_date") and not project.get("deleted_at"):
            calendar.add_component(_event(project, name, now, project_id))
    return str(calendar.to_ical().decode())


def _event(entity: Document, name: str, now: datetime, project: str) -> "Event":
    from icalendar import Event

    event = Event()
    day = date.fromisoformat(entity["due_date"])
    done = "✓ " if entity.get("status") in DONE else ""
    event.add("uid", f"{entity['id']}@{_host(name)}.orchestrator")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{done}{entity['id']} {entity.get('title') or ''}".rstrip())
    event.add("transp", "TRANSPARENT")  # a due date takes nobody's time
    if entity.get("description"):
        event.add("description", entity["description"])
    event.add("categories", [project, *(entity.get("labels") or entity.get("tags") or ())])
    if entity.get("priority") in _RANK:
        event.add("priority", _RANK[entity["priority"]])
    return event


def _host(name: str) -> str:
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in name.casefold())
    return kept.strip("-")[:60] or "plan"
