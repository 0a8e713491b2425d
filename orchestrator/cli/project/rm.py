"""`project rm`: projects go into the bin, with their tasks."""

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session


@click.command("rm")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--force", "-f", is_flag=True, help="Although others depend on what goes.")
@commit_options
@click.pass_obj
def command(
    session: Session,
    ids: tuple[str, ...],
    force: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Delete projects with their tasks; project restore brings them back."""
    from orchestrator.cli.change import make_change
    from orchestrator.cli.talk import note
    from orchestrator.verbs.delete import delete_projects

    snapshot = session.snapshot()
    patch = delete_projects(snapshot, ids, session.now, session.me(snapshot), force=force)
    make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    note(f"orchestrator project restore {' '.join(ids)} undoes this.")
