"""iCalendar: due dates as whole days, which every calendar shows.

It is written without a library: RFC 5545 asks for little here, and ten thousand tasks are to be
written in a blink. The tests read it with one.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import DONE

_RANK = {"urgent": 1, "high": 3, "medium": 5, "low": 9}
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_LONGEST = 75  # octets of a line, without its end


def as_calendar(snapshot: Snapshot, ids: Iterable[str], now: datetime) -> str:
    """Return a calendar with one event a due date, of tasks and of their projects.

    An event's id stays the same from export to export, so that a calendar that reads the file
    again moves what has moved. Tasks without a due date are left out.
    """
    name = str(snapshot.settings.get("name") or "Plan")
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//orchestrator//plan//EN",
        f"X-WR-CALNAME:{_text(name)}",
    ]  # fmt: skip
    stamp = f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    host = _host(name)
    chosen = [snapshot.tasks[task_id] for task_id in ids]
    for task in chosen:
        if task.get("due_date"):
            lines += _event(task, host, stamp, task["project"])
    for project_id in sorted({task["project"] for task in chosen}):
        project = snapshot.projects.get(project_id, {})
        if project.get("due_date") and not project.get("deleted_at"):
            lines += _event(project, host, stamp, project_id)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(entity: Document, host: str, stamp: str, project: str) -> Iterator[str]:
    day = date.fromisoformat(entity["due_date"])
    done = "✓ " if entity.get("status") in DONE else ""
    yield "BEGIN:VEVENT"
    yield f"UID:{entity['id']}@{host}.orchestrator"
    yield stamp
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    summary = f"{done}{entity['id']} {entity.get('title') or ''}".rstrip()
    yield f"SUMMARY:{_text(summary)}"
    if entity.get("description"):
        yield f"DESCRIPTION:{_text(str(entity['description']))}"
    groups = [project, *(entity.get("labels") or entity.get("tags") or ())]
    yield f"CATEGORIES:{','.join(_text(str(each)) for each in groups)}"
    if entity.get("priority") in _RANK:
        yield f"PRIORITY:{_RANK[entity['priority']]}"
    yield "TRANSP:TRANSPARENT"  # a due date takes nobody's time
    yield "END:VEVENT"


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _folded(line: str) -> str:
    """Return a line in pieces of 75 octets at most, each but the first behind a space."""
    data = line.encode()
    if len(data) <= _LONGEST:
        return line
    pieces = []
    start, room = 0, _LONGEST
    while start < len(data):
        end = min(start + room, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:  # noqa: PLR2004 - inside a character
            end -= 1
        pieces.append(data[start:end].decode())
        start, room = end, _LONGEST - 1
    return "\r\n ".join(pieces)


def _host(name: str) -> str:
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in name.casefold())
    return kept.strip("-")[:60] or "plan"
