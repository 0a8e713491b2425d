"""A first look at every task, which leaves to the rules only those that may be wrong.

At 100,000 tasks a walk over all of them costs more than what is done on the way, since no cache
holds them; so there is one walk for the rules that look at single tasks.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import STARTED

_SEPARATOR, _OFFSET = 10, 19  # in 2026-12-01T09:30:00+01:00
_WIDEST_OFFSET = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Suspects:
    """Tasks by what may be wrong with them; all others are right.

    Attributes:
        people: Who it names.
        status: Its stamps, given its status.
        order: The order of its dates.
        future: Its stamps, given the clock.
        minutes: Its total of minutes.
    """

    people: list[str] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    future: list[str] = field(default_factory=list)
    minutes: list[str] = field(default_factory=list)


def sift(snapshot: Snapshot, now: datetime) -> Suspects:
    """Return the tasks that rules on single tasks must look at."""
    suspects = Suspects()
    known = known_users(snapshot)
    past = surely_past(now)
    for task_id, task in snapshot.tasks.items():
        if (
            "time_entries" in task
            or "deleted_at" in task
            or "actual_minutes" in task
            or "deleted_by" in task
            or "deleted_with" in task
        ):
            _suspect(suspects, task_id)
            continue
        get = task.get
        status, created = get("status"), get("created_at")
        started, completed = get("started_at"), get("completed_at")
        if (
            (status in STARTED if started is None else status == "todo")
            or (completed is None) is (status == "completed")
        ):  # fmt: skip
            suspects.status.append(task_id)
        if (
            (created is not None and created >= past)
            or (started is not None and started >= past)
            or (completed is not None and completed >= past)
        ):
            suspects.future.append(task_id)
        if (
            (started is not None and created is not None and is_after(created, started))
            or (completed is not None and _ends_early(created, started, completed))
            or ((due := get("due_date")) is not None and due < (get("start_date") or ""))
        ):
            suspects.order.append(task_id)
        if known is not None and get("assignee") not in known:
            suspects.people.append(task_id)
    return suspects


def known_users(snapshot: Snapshot) -> set[str | None] | None:
    """Return the user ids that may be named, with None for nobody; None when any may."""
    if not snapshot.users:
        return None
    unreadable = (entity_id for kind, entity_id in snapshot.unreadable if kind == "users")
    return {None, *snapshot.users, *unreadable}


def surely_past(now: datetime) -> str:
    """Return a day: a timestamp whose text is before it is past, whatever its offset."""
    return (now - _WIDEST_OFFSET).isoformat()[:_SEPARATOR]


def is_after(one: str, other: str) -> bool:
    """Return whether the timestamp `one` is a later moment than `other`.

    With the same offset, and seconds written alike, texts sort as the moments do.
    """
    if one[_OFFSET:] == other[_OFFSET:] and one[_SEPARATOR] == other[_SEPARATOR]:
        return one > other
    return instant(one) > instant(other)


def instant(stamp: str) -> datetime:
    """Return the moment that a valid timestamp names."""
    return datetime.fromisoformat(stamp.upper())


def _ends_early(created: str | None, started: str | None, completed: str) -> bool:
    begun = created if started is None else started
    return begun is not None and is_after(begun, completed)


def _suspect(suspects: Suspects, task_id: str) -> None:
    suspects.people.append(task_id)
    suspects.status.append(task_id)
    suspects.order.append(task_id)
    suspects.future.append(task_id)
    suspects.minutes.append(task_id)
