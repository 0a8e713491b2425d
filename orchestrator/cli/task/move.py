"""`task move`: tasks with all below them, to another parent or project."""

import click

from orchestrator.cli.session import Session
from orchestrator.cli.task.bulk import Bulk, bulk_options


@click.command("move")
@click.argument("task_ids", metavar="ID...", nargs=-1)
@click.option("--under", metavar="ID", default=None, help="The new parent, in any project.")
@click.option("--root", "is_root", is_flag=True, help="To the root: without a parent.")
@click.option("--to", metavar="PROJECT", default=None, help="To another project; ids stay.")
@bulk_options
@click.pass_obj
def command(
    session: Session,
    task_ids: tuple[str, ...],
    under: str | None,
    is_root: bool,
    to: str | None,
    bulk: Bulk,
) -> int:
    """Move tasks, with all below them, under another task, to the root or to another project."""
    from orchestrator.verbs.move import move

    if under is not None and is_root:
        raise click.UsageError("Choose one of --under and --root.")
    if under is None and to is None and not is_root:
        raise click.UsageError("Say where to: --under ID, --root or --to PROJECT.")
    snapshot = session.snapshot()
    ids = bulk.tasks(session, snapshot, task_ids)
    patch = move(snapshot, ids, under, to, is_root=is_root)
    return bulk.carry_out(session, snapshot, patch)
