"""`time start`: the timer begins to run."""

from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.store.timer import Timer


@click.command("start")
@click.argument("task_id", metavar="[ID]", required=False)
@click.option("--at", "at", metavar="WHEN", default=None, help="When you began: 09:30.")
@click.option("--switch", is_flag=True, help="Stop and log the timer that runs, first.")
@commit_options
@click.pass_obj
def command(
    session: Session,
    task_id: str | None,
    at: str | None,
    switch: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Start your timer on a task; a task that is to do is then in progress.

    Without an ID it is for the only task of yours in progress.
    """
    from orchestrator.cli.change import make_change
    from orchestrator.cli.talk import note
    from orchestrator.cli.time.clock import clock_of, since, stop
    from orchestrator.cli.time.moment import read_moment
    from orchestrator.cli.time.stop import entry_of
    from orchestrator.store.timer import Timer, timers_locked
    from orchestrator.verbs.create import stamp
    from orchestrator.verbs.refuse import refuse_gone
    from orchestrator.verbs.status import act
    from orchestrator.verbs.time import Entry, refuse_entry, task_in_hand

    snapshot = session.snapshot()
    now = session.now
    me = session.me(snapshot)
    chosen = task_id or task_in_hand(snapshot, me)
    refuse_gone(snapshot, [chosen])
    begin = read_moment(at, now) if at else now
    refuse_entry(snapshot, Entry(begin, 1, me), now)
    clock = clock_of(session, me)
    status = snapshot.tasks[chosen].get("status")
    starts = status not in ("in_progress", "blocked", "in_review")
    patch = act(snapshot, "start", [chosen], now) if starts else None
    with timers_locked(clock.folder):
        if running := clock.running(snapshot):
            _refuse_running(session, running, chosen, switch=switch)
            ended = entry_of(session, running, me, begin)
            snapshot = stop(
                session, snapshot, clock, running, running.task, ended, wants_commit=wants_commit
            )
        if patch is not None:
            make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
        timer = Timer(chosen, stamp(begin))
        clock.keep(timer)
    note(f"The timer runs on {chosen} since {since(timer, session)}")


def _refuse_running(session: Session, running: "Timer", chosen: str, *, switch: bool) -> None:
    from orchestrator.cli.time.clock import since
    from orchestrator.verbs.refuse import ImpossibleError

    if running.task == chosen:
        raise ImpossibleError(
            f"The timer runs on {chosen} already, since {since(running, session)}.",
            "orchestrator time stop",
        )
    if not switch:
        raise ImpossibleError(
            f"The timer runs on {running.task} since {since(running, session)}.",
            f"orchestrator time start {chosen} --switch stops and logs that first.",
        )
