"""The agenda: what is late, what comes when, and who has it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.model.vocabulary import DONE, STARTED
from orchestrator.view.ready import urgency
from orchestrator.view.select import select
from orchestrator.view.when import due_words, sunday_after

SectionName = Literal[
    "overdue", "today", "tomorrow", "this_week", "next_week", "later", "in_progress"
]
SECTIONS: tuple[SectionName, ...] = (
    "overdue", "today", "tomorrow", "this_week", "next_week", "later", "in_progress",
)  # fmt: skip
_LAST = "9999-12-31"


class Entry(NamedTuple):
    """One line of the agenda.

    Attributes:
        kind: What `id` is of.
        id: The task or project.
        section: Where it stands.
        day: The ISO date that puts it there; `""` for work in progress that has none so near.
        starts: Whether that is the day on which it should begin, rather than be done.
        person: The assignee or owner; `""` is nobody.
    """

    kind: Literal["tasks", "projects"]
    id: str
    section: SectionName
    day: str
    starts: bool
    person: str


class Group(NamedTuple):
    """Entries under one heading: a section's, or a person's."""

    name: str
    entries: tuple[Entry, ...]


class Agenda(NamedTuple):
    """An agenda.

    Attributes:
        entries: By section, then by day, the most urgent of a day first.
        beyond: Open tasks and projects whose dates are all after the last day.
        last: The last day that was looked at, an ISO date.
    """

    entries: tuple[Entry, ...]
    beyond: int
    last: str


def agenda(snapshot: Snapshot, wanted: TaskFilter, today: date, days: int | None = None) -> Agenda:
    """Return what is late, due or to be started, and what is in progress without such a date.

    Each open task is there once: by its due date, or by its start date when that comes first and
    nobody has begun. What should have begun and is not due before the last day stands under today.
    Projects are there by their due dates, as far as the filter speaks of
    nothing but projects and people.

    Args:
        snapshot: The plan.
        wanted: Which tasks.
        today: The day that it is for.
        days: How many days after today to look at; not given, until the end of next week.

    Raises:
        FilterError: The filter names what is nowhere in the plan.
    """
    limit = (sunday_after(today) - today).days + 7 if days is None else days
    last = _plus(today, limit)
    bounds = _bounds(today)
    entries: list[Entry] = []
    beyond = 0
    for task_id in select(snapshot, wanted):
        task = snapshot.tasks[task_id]
        if task.get("status") in DONE:
            continue
        day, starts = _next_day(task, bounds[0][1], last)
        person = task.get("assignee") or ""
        if day and day <= last:
            section = "today" if starts and day < bounds[0][1] else _section(day, bounds)
            entries.append(Entry("tasks", task_id, section, day, starts, person))
        elif task.get("status") in STARTED:
            entries.append(Entry("tasks", task_id, "in_progress", "", False, person))  # noqa: FBT003
        elif day:
            beyond += 1
    for project_id, due, owner in _projects(snapshot, wanted):
        if due <= last:
            section = _section(due, bounds)
            entries.append(Entry("projects", project_id, section, due, False, owner))  # noqa: FBT003
        else:
            beyond += 1
    entries.sort(key=lambda entry: _order(snapshot, entry))
    return Agenda(tuple(entries), beyond, last)


def by_section(entries: Sequence[Entry]) -> list[Group]:
    """Return the entries by section, in the order of time."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.section, []).append(entry)
    return [Group(name, tuple(found[name])) for name in SECTIONS if name in found]


def by_person(entries: Sequence[Entry]) -> list[Group]:
    """Return the entries by person, by id; nobody's come last."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.person, []).append(entry)
    return [
        Group(name, tuple(found[name])) for name in sorted(found, key=lambda name: (not name, name))
    ]


def entry_words(entry: Entry, today: date) -> str:
    """Return when an entry is for: `2 days late`, `starts Fri`, `start 1 day late`."""
    if not entry.day:
        return "in progress"
    words = due_words(entry.day, today)
    if not entry.starts:
        return words
    return f"start {words}" if entry.day < today.isoformat() else f"starts {words}"


def _next_day(task: Document, today: str, last: str) -> tuple[str, bool]:
    """Return the day that matters next, and whether it is the one to start on."""
    due = task.get("due_date") or ""
    start = task.get("start_date") or ""
    if not start or task.get("status") in STARTED:
        return due, False
    is_due_first = due <= start or due < today or (start < today and due <= last)
    return (due, False) if due and is_due_first else (start, True)


def _bounds(today: date) -> list[tuple[SectionName, str]]:
    """Return the last day of each section but the first."""
    sunday = sunday_after(today)
    return [
        ("today", today.isoformat()),
        ("tomorrow", _plus(today, 1)),
        ("this_week", sunday.isoformat()),
        ("next_week", _plus(sunday, 7)),
        ("later", _LAST),
    ]


def _section(day: str, bounds: Sequence[tuple[SectionName, str]]) -> SectionName:
    if day < bounds[0][1]:
        return "overdue"
    return next(name for name, end in bounds if day <= end)


def _plus(day: date, days: int) -> str:
    try:
        return (day + timedelta(days=days)).isoformat()
    except OverflowError:
        return _LAST


def _projects(snapshot: Snapshot, wanted: TaskFilter) -> Iterator[tuple[str, str, str]]:
    speaks_of_tasks = TaskFilter(
        project=wanted.project, assignee=wanted.assignee, is_open=wanted.is_open or None,
        overdue_on=wanted.overdue_on,
    ) != wanted  # fmt: skip
    if speaks_of_tasks:
        return
    for project_id, project in snapshot.projects.items():
        due, owner = project.get("due_date"), project.get("owner") or ""
        if not due or project.get("deleted_at") or project.get("status") in DONE:
            continue
        if wanted.project and project_id not in wanted.project:
            continue
        if wanted.assignee and owner not in wanted.assignee:
            continue
        if wanted.overdue_on is None or due < wanted.overdue_on:
            yield project_id, due, owner


def _order(snapshot: Snapshot, entry: Entry) -> tuple[int, str, bool, tuple[int, str, str, str]]:
    document = snapshot.entities(entry.kind)[entry.id]
    at = SECTIONS.index(entry.section)
    return at, entry.day, entry.kind == "projects", urgency(entry.id, document)
