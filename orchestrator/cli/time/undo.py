"""`time undo`: the last entry taken back."""

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session


@click.command("undo")
@click.argument("task_id", metavar="[ID]", required=False)
@click.option("--user", metavar="ID", default=None, help="Whose entry; yours when not given.")
@commit_options
@click.pass_obj
def command(
    session: Session,
    task_id: str | None,
    user: str | None,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Take your last entry back: the last of a task, or of all tasks the one that ended last."""
    from orchestrator.cli.change import make_change
    from orchestrator.cli.time.clock import say_spent, timer_of
    from orchestrator.verbs.time import take_back, undo_log

    snapshot = session.snapshot()
    me = session.me(snapshot)
    timer_of(session, snapshot)
    found = take_back(snapshot, me if user in (None, "me") else user, session.now, task_id)
    patch = undo_log(snapshot, found)
    applied = make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    say_spent(applied.snapshot, found.task)
