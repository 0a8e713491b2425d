"""`task link` and `task unlink`: what a task waits for."""

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session


@click.command("link")
@click.argument("task_id", metavar="ID")
@click.option("--on", multiple=True, required=True, metavar="ID", help="Wait for it; A,B for more.")
@commit_options
@click.pass_obj
def link(
    session: Session,
    task_id: str,
    on: tuple[str, ...],
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Make a task depend on others: orchestrator task link PAY-3 --on PAY-1,PAY-2 ."""
    from orchestrator.cli.change import make_change
    from orchestrator.verbs.link import link as linked

    snapshot = session.snapshot()
    patch = linked(snapshot, task_id, _ids(on))
    make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)


@click.command("unlink")
@click.argument("task_id", metavar="ID")
@click.option("--on", multiple=True, metavar="ID", help="No longer wait for it; A,B for more.")
@click.option("--all", "takes_all", is_flag=True, help="Wait for nothing.")
@commit_options
@click.pass_obj
def unlink(
    session: Session,
    task_id: str,
    on: tuple[str, ...],
    takes_all: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Make a task depend on others no longer."""
    from orchestrator.cli.change import make_change
    from orchestrator.verbs.link import unlink as unlinked

    if bool(on) == takes_all:
        raise click.UsageError("Say what it no longer depends on: --on ID, or --all.")
    snapshot = session.snapshot()
    patch = unlinked(snapshot, task_id, None if takes_all else _ids(on))
    make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)


def _ids(texts: tuple[str, ...]) -> list[str]:
    parts = (part.strip() for text in texts for part in text.split(","))
    return list(dict.fromkeys(part for part in parts if part))
