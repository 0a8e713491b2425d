"""`task restore`: tasks come back out of the bin."""

import click

from orchestrator.cli.session import Session
from orchestrator.cli.task.bulk import Bulk, bulk_options


@click.command("restore")
@click.argument("task_ids", metavar="ID...", nargs=-1)
@bulk_options
@click.pass_obj
def command(session: Session, task_ids: tuple[str, ...], bulk: Bulk) -> int:
    """Bring deleted tasks back, with all that was deleted with each; --where deleted is all."""
    from orchestrator.verbs.restore import restore_tasks

    snapshot = session.snapshot()
    ids = bulk.tasks(session, snapshot, task_ids)
    return bulk.carry_out(session, snapshot, restore_tasks(snapshot, ids))
