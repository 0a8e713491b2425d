"""The timer of the person at the terminal: whose it is, what it says, and what is logged of it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.cli.session import Session
from orchestrator.cli.talk import note
from orchestrator.model.duration import format_duration
from orchestrator.model.snapshot import Snapshot
from orchestrator.store.committing import NotCommittedError
from orchestrator.store.identity import NoIdentityError
from orchestrator.store.timer import FILE, Timer, read_timers, write_timers
from orchestrator.view.rollup import actual_minutes

if TYPE_CHECKING:
    from orchestrator.verbs.time import Entry

OLD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where one person's timer is kept.

    Attributes:
        folder: The state folder, in git's.
        key: Whose timer, in which workspace of the repository.
    """

    folder: Path
    key: str

    def running(self, snapshot: Snapshot) -> Timer | None:
        """Return the timer that runs, or None.

        One whose entry a stop has written, and was then killed, does not run.
        """
        kept = read_timers(self.folder)
        if kept.spoiled:
            note(
                "warning: the file of running timers could not be understood; "
                f"it is kept as {kept.spoiled}"
            )
        timer = kept.timers.get(self.key)
        if timer is not None and _was_logged(snapshot, timer):
            self.keep(None)
            return None
        return timer

    def keep(self, timer: Timer | None) -> None:
        """Remember a timer; with None, that there is none."""
        others = {
            key: value for key, value in read_timers(self.folder).timers.items() if key != self.key
        }
        write_timers(self.folder, others if timer is None else {**others, self.key: timer})


def clock_of(session: Session, user: str | None) -> Clock:
    """Return the clock of a user, or without one of the e-mail that git has.

    Raises:
        NoRepositoryError: The workspace is in no git repository.
    """
    repository = session.workspace.required_repository
    name = user
    if name is None:
        try:
            name = session.workspace.author.email
        except NoIdentityError:
            name = ""
    return Clock(repository.state_folder, f"{repository.prefix}{name}")


def timer_of(session: Session, snapshot: Snapshot) -> Timer | None:
    """Return my timer, for commands that can do without; warn when it is more than a day old."""
    repository = session.workspace.repository
    if repository is None or not (repository.state_folder / FILE).exists():
        return None
    timer = clock_of(session, session.me(snapshot)).running(snapshot)
    if timer is not None and session.now - timer.began > OLD:
        note(
            f"warning: the timer on {timer.task} runs since {since(timer, session)}, more than a "
            "day; orchestrator time stop --at WHEN, or --discard"
        )
    return timer


def since(timer: Timer, session: Session) -> str:
    """Return when a timer was started, as people read it."""
    began = timer.began.astimezone()
    return f"{began:%H:%M}" if began.date() == session.today else f"{began:%Y-%m-%d %H:%M}"


def stop(
    session: Session,
    snapshot: Snapshot,
    clock: Clock,
    timer: Timer,
    task_id: str,
    entry: "Entry",
    *,
    wants_commit: bool | None,
    message: str | None = None,
) -> Snapshot:
    """Log a timer's time and forget the timer; return the plan afterwards.

    The entry is written first. Killed before the timer is forgotten, the next command finds the
    entry, which the timer names, and does not write it twice.
    """
    from orchestrator.cli.change import make_change
    from orchestrator.verbs.time import log_time

    patch = log_time(snapshot, task_id, entry, session.now)
    clock.keep(replace(timer, stopping={"task": task_id, "entry": entry.document}))
    try:
        applied = make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    except NotCommittedError:
        clock.keep(None)  # it is in the file
        raise
    clock.keep(None)
    say_spent(applied.snapshot, task_id)
    return applied.snapshot


def say_spent(snapshot: Snapshot, task_id: str) -> None:
    """Say how much has been spent on a task, and of what."""
    task, day = snapshot.tasks[task_id], snapshot.hours_per_day
    spent, estimate = actual_minutes(task), task.get("estimated_minutes")
    text = f"{task_id}: {format_duration(spent, day)} spent"
    if estimate:
        text += f" of {format_duration(estimate, day)}"
    if estimate and spent > estimate:
        text += f", {format_duration(spent - estimate, day)} over"
    note(text)


def _was_logged(snapshot: Snapshot, timer: Timer) -> bool:
    if timer.stopping is None:
        return False
    task = snapshot.tasks.get(str(timer.stopping.get("task")), {})
    return timer.stopping.get("entry") in (task.get("time_entries") or [])
