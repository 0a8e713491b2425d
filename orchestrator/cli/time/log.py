"""`time log`: time spent on a task."""

from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot


@click.command("log")
@click.argument("words", metavar="[ID] TIME [NOTE]...", nargs=-1, required=True)
@click.option(
    "--at", "at", metavar="WHEN", default=None, help="A day, 09:30, or both; now when not given."
)
@click.option("--user", metavar="ID", default=None, help="Who worked; you when not given.")
@commit_options
@click.pass_obj
def command(
    session: Session,
    words: tuple[str, ...],
    at: str | None,
    user: str | None,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Log time spent: orchestrator time log PAY-1 1h30m "Retries" --at yesterday .

    Without an ID it is for the task of your running timer, or the only one of yours in progress.
    """
    from orchestrator.cli.change import make_change
    from orchestrator.cli.talk import note
    from orchestrator.cli.time.clock import say_spent, timer_of
    from orchestrator.cli.time.moment import read_moment
    from orchestrator.verbs.time import Entry, log_time, task_in_hand

    snapshot = session.snapshot()
    named, minutes, text = _read(snapshot, words)
    now = session.now
    me = session.me(snapshot)
    who = me if user in (None, "me") else user
    timer = timer_of(session, snapshot)
    task_id = named or (timer.task if timer and who == me else task_in_hand(snapshot, who))
    entry = Entry(read_moment(at, now) if at else now, minutes, who, text)
    patch = log_time(snapshot, task_id, entry, now)
    applied = make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    if who is None and snapshot.users:
        note(
            "warning: this is nobody's time: no file in users/ has the e-mail that git has for you."
        )
    say_spent(applied.snapshot, task_id)


def _read(snapshot: "Snapshot", words: tuple[str, ...]) -> tuple[str | None, int, str | None]:
    """Return the task, the minutes and the note; `1h 30m` may be two words."""
    from orchestrator.model.duration import DurationError, parse_duration

    rest = list(words)
    named = None if rest[0][:1].isdecimal() or rest[0].startswith(("-", "+")) else rest.pop(0)
    if not rest:
        raise click.UsageError(f"How long? orchestrator time log {named} 1h30m")
    duration = rest.pop(0)
    minutes = parse_duration(duration, snapshot.hours_per_day)
    while rest and not duration.isdecimal() and rest[0][:1].isdecimal():
        try:
            minutes = parse_duration(f"{duration} {rest[0]}", snapshot.hours_per_day)
        except DurationError:
            break
        duration += f" {rest.pop(0)}"
    return named, minutes, " ".join(rest).strip() or None
