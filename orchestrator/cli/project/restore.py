"""`project restore`: projects come back out of the bin."""

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session


@click.command("restore")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@commit_options
@click.pass_obj
def command(
    session: Session, ids: tuple[str, ...], wants_commit: bool | None, message: str | None
) -> None:
    """Bring deleted projects back, with the tasks deleted with each."""
    from orchestrator.cli.change import make_change
    from orchestrator.verbs.restore import restore_projects

    snapshot = session.snapshot()
    patch = restore_projects(snapshot, ids)
    make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
