"""`time stop`: the timer's time becomes an entry."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.store.timer import Timer
    from orchestrator.verbs.time import Entry


@click.command("stop")
@click.argument("words", metavar="[NOTE]...", nargs=-1)
@click.option("--at", "at", metavar="WHEN", default=None, help="When you stopped: 17:30.")
@click.option("--minutes", metavar="TIME", default=None, help="Log this instead: 1h30m.")
@click.option("--task", metavar="ID", default=None, help="Log it on another task.")
@click.option("--discard", is_flag=True, help="Forget the timer and log nothing.")
@commit_options
@click.pass_obj
def command(
    session: Session,
    words: tuple[str, ...],
    at: str | None,
    minutes: str | None,
    task: str | None,
    discard: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Stop your timer and log its time, begun minutes counted, at the moment it was started."""
    from orchestrator.cli.talk import note
    from orchestrator.cli.time.clock import clock_of, since, stop
    from orchestrator.cli.time.moment import read_moment
    from orchestrator.model.duration import parse_duration
    from orchestrator.store.timer import timers_locked
    from orchestrator.verbs.refuse import ImpossibleError

    if at and minutes:
        raise click.UsageError("Give --at or --minutes, not both.")
    snapshot = session.snapshot()
    me = session.me(snapshot)
    clock = clock_of(session, me)
    with timers_locked(clock.folder):
        timer = clock.running(snapshot)
        if timer is None:
            raise ImpossibleError("No timer is running.", "orchestrator time start ID")
        if discard:
            clock.keep(None)
            note(f"Discarded the timer on {timer.task} since {since(timer, session)}")
            return
        task_id = task or _task_of(snapshot, timer)
        end = read_moment(at, session.now) if at else None
        known = parse_duration(minutes, snapshot.hours_per_day) if minutes else None
        text = " ".join(words).strip() or None
        entry = entry_of(session, timer, me, end, known)._replace(note=text)
        stop(
            session, snapshot, clock, timer, task_id, entry,
            wants_commit=wants_commit, message=message,
        )  # fmt: skip


def entry_of(
    session: Session,
    timer: "Timer",
    user: str | None,
    end: datetime | None = None,
    minutes: int | None = None,
) -> "Entry":
    """Return the entry that a timer amounts to.

    Args:
        session: For the clock.
        timer: The timer.
        user: Whose it is.
        end: When the work ended, if not now.
        minutes: How long the work took, where the timer does not know.

    Raises:
        ImpossibleError: It ran for more than a day, or ends before it began.
    """
    from orchestrator.cli.time.clock import OLD, since
    from orchestrator.verbs.refuse import ImpossibleError
    from orchestrator.verbs.time import Entry

    now = session.now
    began = timer.began
    if minutes is not None:
        return Entry(min(began, now), minutes, user)
    moment = end or now
    spent = timer.minutes(moment)
    if spent <= 0 or moment > now:
        wrong = (
            f"before the timer was started, {_shown(began)}." if spent <= 0 else "still to come."
        )
        raise ImpossibleError(
            f"{_shown(moment)} is {wrong}",
            "orchestrator time stop --minutes 1h30m logs what you say; --discard logs nothing.",
        )
    if end is None and now - began > OLD:
        raise ImpossibleError(
            f"The timer on {timer.task} runs since {since(timer, session)}, more than a day.",
            "Say when you stopped, --at '2026-11-20 17:30', or how long it was, --minutes 1h30m, "
            "or --discard it.",
        )
    return Entry(began, spent, user)


def _task_of(snapshot: "Snapshot", timer: "Timer") -> str:
    from orchestrator.verbs.refuse import ImpossibleError

    found = snapshot.tasks.get(timer.task)
    is_read = ("tasks", timer.task) not in snapshot.unreadable
    if is_read and (found is None or found.get("deleted_at")):
        raise ImpossibleError(
            f"{timer.task} , which the timer runs on, is no longer in the plan.",
            "orchestrator time stop --task ID logs it on another task; --discard logs nothing.",
        )
    return timer.task


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
