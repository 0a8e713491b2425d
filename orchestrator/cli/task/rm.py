"""`task rm`: tasks go into the bin, with all below them."""

import click

from orchestrator.cli import FINE
from orchestrator.cli.session import Session
from orchestrator.cli.task.bulk import Bulk, bulk_options


@click.command("rm")
@click.argument("task_ids", metavar="ID...", nargs=-1)
@click.option("--force", "-f", is_flag=True, help="Although others depend on what goes.")
@bulk_options
@click.pass_obj
def command(session: Session, task_ids: tuple[str, ...], force: bool, bulk: Bulk) -> int:
    """Delete tasks and all below them; task restore brings them back."""
    from orchestrator.cli.talk import note
    from orchestrator.verbs.delete import delete_tasks

    snapshot = session.snapshot()
    ids = bulk.tasks(session, snapshot, task_ids)
    patch = delete_tasks(snapshot, ids, session.now, session.me(snapshot), force=force)
    code = bulk.carry_out(session, snapshot, patch)
    if code == FINE and not bulk.is_dry_run and not bulk.is_filtered:
        note(f"orchestrator task restore {' '.join(ids)} undoes this.")
    return code
