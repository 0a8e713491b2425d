"""`task rename`: another id, followed in all that names it."""

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session


@click.command("rename")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@commit_options
@click.pass_obj
def command(
    session: Session, old: str, new: str, wants_commit: bool | None, message: str | None
) -> None:
    """Give a task another id; its file and all that names it follow."""
    from orchestrator.cli.change import make_change
    from orchestrator.verbs.rename import rename_task

    snapshot = session.snapshot()
    patch = rename_task(snapshot, old, new)
    make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
