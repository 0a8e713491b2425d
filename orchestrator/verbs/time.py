"""Time spent: entries that are added to a task, and the last one taken back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orchestrator.check.lifecycle import SKEW
from orchestrator.check.sieve import known_users
from orchestrator.model.duration import format_duration
from orchestrator.model.ids import is_user_id
from orchestrator.model.pointer import join
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.patch.ops import Operation, Patch
from orchestrator.verbs.draft import present
from orchestrator.verbs.refuse import ImpossibleError, refuse_gone

DAY_MINUTES = 24 * 60
_STATED = "Stated as a total before there were entries."
_DAY = 10  # characters of 2026-11-22 in a stamp


class Entry(NamedTuple):
    """Time spent on a task, once.

    Attributes:
        at: When, with an offset; its day is the day that the minutes belong to.
        minutes: How long.
        user: Who, or None where nobody knows.
        note: What was done, or None.
    """

    at: datetime
    minutes: int
    user: str | None = None
    note: str | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The entry as a file holds it."""
        values = {
            "at": self.at.isoformat(timespec="seconds"),
            "minutes": self.minutes,
            "user": self.user,
            "note": self.note,
        }
        return {name: value for name, value in values.items() if value is not None}


class Logged(NamedTuple):
    """An entry that is in the plan.

    Attributes:
        task: Whose it is.
        place: Its index among the task's entries.
        entry: As the file holds it.
    """

    task: str
    place: int
    entry: Document


def log_time(snapshot: Snapshot, task_id: str, entry: Entry, now: datetime) -> Patch:
    """Return the patch that adds an entry to a task.

    A task that stated only a total keeps it: the total becomes its first entry, dated when the
    work began, because a total beside entries would contradict them.

    Raises:
        ImpossibleError: The task is unknown or deleted, its entries cannot be trusted, the user is
            unknown, or the minutes are none, too many or still to come.
    """
    refuse_gone(snapshot, [task_id])
    refuse_entry(snapshot, entry, now)
    document = present(snapshot, "tasks", task_id)
    entries = _entries(snapshot, task_id, document)
    stated = document.get("actual_minutes")
    pointer = join(["tasks", task_id, "time_entries"])
    ops: list[Operation] = []
    if entries:
        ops.append({"op": "add", "path": f"{pointer}/-", "value": entry.document})
    else:
        first = _stated(document, stated, entry) if stated else []
        ops.append({"op": "add", "path": pointer, "value": [*first, entry.document]})
    if "actual_minutes" in document:
        ops.insert(0, {"op": "remove", "path": join(["tasks", task_id, "actual_minutes"])})
    return Patch(tuple(ops))


def take_back(
    snapshot: Snapshot, user: str | None, now: datetime, task_id: str | None = None
) -> Logged:
    """Return the last entry of a user: the one to take back.

    Of one task it is the one that was added last; of all tasks the one whose work ended last.

    Raises:
        ImpossibleError: There is none, or the task is unknown or deleted.
    """
    if task_id is not None:
        refuse_gone(snapshot, [task_id])
    own = [
        found
        for found in logged(snapshot)
        if found.entry.get("user") == user and task_id in (None, found.task)
    ]
    if not own:
        who = f"{user} has logged no time" if user else "No time is logged without a name"
        where = f" on {task_id} ." if task_id else "."
        raise ImpossibleError(who + where, "orchestrator time report --by user,task")
    if task_id is not None:
        return own[-1]
    return max(own, key=lambda found: (_end(found.entry, now), found.place))


def undo_log(snapshot: Snapshot, found: Logged) -> Patch:
    """Return the patch that takes an entry out again, if the entries are still what they were."""
    pointer = join(["tasks", found.task, "time_entries"])
    entries = snapshot.tasks[found.task]["time_entries"]
    if len(entries) > 1:
        pointer, value = f"{pointer}/{found.place}", found.entry
    else:
        value = entries
    return Patch((
        {"op": "test", "path": pointer, "value": value}, {"op": "remove", "path": pointer},
    ))  # fmt: skip


def logged(snapshot: Snapshot) -> Iterator[Logged]:
    """Yield the entries of all live tasks."""
    for task_id, task in snapshot.live_tasks():
        for index, entry in enumerate(task.get("time_entries") or ()):
            yield Logged(task_id, index, entry)


def minutes_on(snapshot: Snapshot, user: str | None, day: str) -> int:
    """Return the minutes that a user has logged for a day, deleted tasks included."""
    return sum(
        entry["minutes"]
        for task in snapshot.tasks.values()
        for entry in task.get("time_entries") or ()
        if entry.get("user") == user and entry["at"][:_DAY] == day
    )


def task_in_hand(snapshot: Snapshot, user: str | None) -> str:
    """Return the one task that a user is working on, for commands that name none.

    Raises:
        ImpossibleError: There is none, or more than one.
    """
    mine = sorted(
        task_id
        for task_id, task in snapshot.live_tasks()
        if task.get("status") == "in_progress" and task.get("assignee") == user
    )
    if len(mine) == 1:
        return mine[0]
    whose = f"assigned to {user}" if user else "assigned to nobody"
    if not mine:
        raise ImpossibleError(
            f"Which task? No timer is running, and none {whose} is in progress.",
            "Name the task.",
        )
    raise ImpossibleError(
        f"Which task? {len(mine)} {whose} are in progress.",
        f"Name one of them: {' '.join(mine[:8])}{' …' if len(mine) > 8 else ''}",  # noqa: PLR2004
    )


def refuse_entry(snapshot: Snapshot, entry: Entry, now: datetime) -> None:
    """Do nothing when somebody can have spent this time.

    Raises:
        ImpossibleError: Nobody can.
    """
    _refuse_user(snapshot, entry.user)
    spent = format_duration(entry.minutes, 0)
    if entry.minutes <= 0:
        raise ImpossibleError(f"{spent} is no time to log.", "orchestrator time log PAY-1 1h30m")
    if entry.minutes > DAY_MINUTES:
        raise ImpossibleError(
            f"{spent} is more than a day has.", "Log each day's work with --at DAY."
        )
    day = entry.at.date().isoformat()
    if entry.at - now > SKEW:
        raise ImpossibleError(
            f"{entry.at:%Y-%m-%d %H:%M} is still to come.", "Log work that is done: --at yesterday"
        )
    if entry.user is None:
        return  # several people may log without a name
    before = minutes_on(snapshot, entry.user, day)
    if before + entry.minutes > DAY_MINUTES:
        raise ImpossibleError(
            f"{entry.user} has logged {format_duration(before, 0)} on {day} , "
            f"and {spent} more is more than a day has.",
            f"orchestrator time report --user {entry.user} --since {day} --until {day} --by task",
        )


def _refuse_user(snapshot: Snapshot, user: str | None) -> None:
    known = known_users(snapshot)
    if known is not None and user not in known and snapshot.severity("ORC210") == "error":
        hint = did_you_mean(user or "", snapshot.users) or f"orchestrator user new {user}"
        raise ImpossibleError(f"There is no user {(user or '')[:60]} .", hint)
    if user is not None and is_user_id(user) is None:
        raise ImpossibleError(f"{user[:60]!r} is not a user id.", "An id looks like dana .")


def _entries(snapshot: Snapshot, task_id: str, document: Document) -> list[Document]:
    """Return a task's entries, refusing those that an addition would make worse or lose."""
    read = snapshot.tasks[task_id]
    for field in ("time_entries", "actual_minutes"):
        if document.get(field) is not None and read.get(field) is None:
            raise ImpossibleError(
                f"{field} of {task_id} cannot be read as it is.",
                f"orchestrator check {snapshot.path_of('tasks', task_id)}",
            )
    entries: list[Document] = read.get("time_entries") or []
    stated, total = read.get("actual_minutes"), sum(entry["minutes"] for entry in entries)
    if entries and stated is not None and stated != total:
        raise ImpossibleError(
            f"{task_id} states {format_duration(stated, 0)}, and its entries add up to "
            f"{format_duration(total, 0)}.",
            f"Decide which is right: orchestrator task set {task_id} actual_minutes= keeps the "
            "entries.",
        )
    return entries


def _stated(document: Document, minutes: int, entry: Entry) -> list[Document]:
    began = document.get("started_at") or document.get("created_at")
    is_stamp = isinstance(began, str)
    return [{
        "at": began if is_stamp else entry.document["at"], "minutes": minutes, "note": _STATED,
    }]  # fmt: skip


def _end(entry: Document, now: datetime) -> datetime:
    """Return when the work ended; an entry may also be dated with its end, as one logged now is."""
    at = datetime.fromisoformat(str(entry["at"]).upper())
    end = at + timedelta(minutes=entry["minutes"])
    return end if end <= now else at
