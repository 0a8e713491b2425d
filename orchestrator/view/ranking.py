"""What to do next: a score for each task, made of points that are given with their reasons.

| term | points |
|---|---|
| priority | urgent 10, high 6, medium 3, low 0 |
| due | 8.5 today; 0.5 more for each day late, up to 12; 0.5 less for each day ahead |
| unblocks | 1 for each open task that waits for it, up to 8 |
| started | 5 in progress, 3 in review |
| yours | 1 when it is assigned to the person who asks |
| small | 1 when it is estimated at an hour or less, 0.5 at half a day |
| age | 0.1 for each week since it was made, up to 2 |
| project | its project's priority: urgent 2, high 1, low -1 |
| later | -4 when it is planned to start after today |
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from orchestrator.model.duration import format_duration
from orchestrator.model.shape import Document
from orchestrator.model.vocabulary import DEFAULT_PRIORITY, STARTED
from orchestrator.view.derived import Derived
from orchestrator.view.ready import is_open
from orchestrator.view.waiting import MOST
from orchestrator.view.when import counted, due_words

_PRIORITY = {"urgent": 10.0, "high": 6.0, "medium": 3.0}
_PROJECT = {"urgent": 2.0, "high": 1.0, "low": -1.0}
_STARTED = {"in_progress": 5.0, "in_review": 3.0}
_DUE_TODAY, _DUE_MOST, _A_DAY = 8.5, 12.0, 0.5
_UNBLOCKS_MOST = 8
_AGE_MOST, _A_WEEK = 2.0, 0.1
_SMALL, _LATER, _YOURS = 60, -4.0, 1.0


class Reason(NamedTuple):
    """A part of a score.

    Attributes:
        term: Which part, as the table at the top of `view/ranking.py` names it.
        points: What it adds.
        because: Why, in words.
    """

    term: str
    points: float
    because: str


class Ranked(NamedTuple):
    """A task with its score, and what the score is made of, the weightiest first."""

    id: str
    score: float
    reasons: tuple[Reason, ...]


def candidates(derived: Derived) -> list[str]:
    """Return the tasks that can be gone on with now: those that are ready or in progress."""
    begun = [
        task_id
        for task_id, task in derived.snapshot.live_tasks()
        if task.get("status") == "in_progress"
    ]
    return [*begun, *derived.ready]


def rank(
    derived: Derived, ids: Iterable[str], today: date, most: int, me: str | None = None
) -> list[Ranked]:
    """Return the `most` tasks with the highest scores; ties are by due date, then by id.

    Args:
        derived: Of the plan.
        ids: The tasks to choose from.
        today: What due dates are measured from.
        most: How many at most.
        me: The person who asks.
    """
    tasks = derived.snapshot.tasks
    scores = {task_id: score(derived, task_id, today, me) for task_id in ids}

    def place(task_id: str) -> tuple[float, str, str]:
        return (-scores[task_id], tasks[task_id].get("due_date") or "~", task_id)

    return [
        Ranked(task_id, scores[task_id], explain(derived, task_id, today, me))
        for task_id in sorted(scores, key=place)[:most]
    ]


def score(derived: Derived, task_id: str, today: date, me: str | None = None) -> float:
    """Return the sum of a task's points; 0 when nothing is left to do."""
    if not is_open(derived.snapshot.tasks, task_id):
        return 0.0
    return round(sum(points for _, points in _points(derived, task_id, today, me)), 1)


def explain(
    derived: Derived, task_id: str, today: date, me: str | None = None
) -> tuple[Reason, ...]:
    """Return what a task's score is made of, the weightiest part first."""
    found = [
        Reason(term, points, _because(derived, task_id, today, term))
        for term, points in _points(derived, task_id, today, me)
        if points
    ]
    return tuple(sorted(found, key=lambda reason: -abs(reason.points)))


def _points(
    derived: Derived, task_id: str, today: date, me: str | None
) -> Iterator[tuple[str, float]]:
    task = derived.snapshot.tasks[task_id]
    project = derived.snapshot.projects.get(task["project"]) or {}
    yield "priority", _PRIORITY.get(task.get("priority") or DEFAULT_PRIORITY, 0.0)
    if due := task.get("due_date"):
        left = (date.fromisoformat(due) - today).days
        yield "due", min(max(_DUE_TODAY - _A_DAY * left, 0.0), _DUE_MOST)
    yield "unblocks", float(derived.waiting.count(task_id, _UNBLOCKS_MOST))
    if task.get("status") in STARTED:
        yield "started", _STARTED[task["status"]]
    if me and task.get("assignee") == me:
        yield "yours", _YOURS
    if (estimate := task.get("estimated_minutes")) is not None:
        day = derived.snapshot.hours_per_day * 60
        yield "small", 1.0 if estimate <= _SMALL else 0.5 if estimate <= day / 2 else 0.0
    if created := task.get("created_at"):
        weeks = (today - date.fromisoformat(created[:10])).days // 7
        yield "age", round(min(max(weeks, 0) * _A_WEEK, _AGE_MOST), 1)
    yield "project", _PROJECT.get(project.get("priority") or "", 0.0)
    if (start := task.get("start_date")) and start > today.isoformat():
        yield "later", _LATER


def _because(derived: Derived, task_id: str, today: date, term: str) -> str:
    task = derived.snapshot.tasks[task_id]
    match term:
        case "priority":
            return _priority_words(task)
        case "due":
            words = due_words(task["due_date"], today)
            return words if words.endswith("late") else f"due {words}"
        case "unblocks":
            waiting = derived.waiting.count(task_id)
            more = " or more" if waiting == MOST else ""
            return f"unblocks {waiting}{more} task{'' if waiting == 1 else 's'}"
        case "started":
            since = (task.get("started_at") or "")[:10]
            begun = task["status"].replace("_", " ")
            return f"{begun} since {since}" if since else begun
        case "small":
            hours = derived.snapshot.hours_per_day
            return f"{format_duration(task['estimated_minutes'], hours)} estimated"
        case "age":
            weeks = (today - date.fromisoformat(task["created_at"][:10])).days // 7
            return f"{counted(weeks, 'week')} old"
        case "project":
            priority = derived.snapshot.projects[task["project"]]["priority"]
            return f"{priority}-priority project"
        case "later":
            return f"planned to start on {task['start_date']}"
        case _:
            return "yours"


def _priority_words(task: Document) -> str:
    priority = task.get("priority") or DEFAULT_PRIORITY
    return str(priority) if priority == "urgent" else f"{priority} priority"
