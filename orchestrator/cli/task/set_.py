"""`task set`: fields of tasks, of one or of all that fit a filter."""

import click

from orchestrator.cli.session import Session
from orchestrator.cli.set_ import parted
from orchestrator.cli.task.bulk import Bulk, bulk_options


@click.command("set")
@click.argument("given", metavar="[ID]... FIELD=VALUE...", nargs=-1)
@bulk_options
@click.pass_obj
def command(session: Session, given: tuple[str, ...], bulk: Bulk) -> int:
    """Change fields: f=value sets, f+=value adds, f-=value takes away, f= clears."""
    from orchestrator.cli.change import read_wishes
    from orchestrator.verbs.change import set_all

    named, fields = parted(given, needs_ids=not bulk.is_filtered)
    snapshot = session.snapshot()
    wishes = read_wishes(session, snapshot, "tasks", fields)
    ids = bulk.tasks(session, snapshot, named)
    return bulk.carry_out(session, snapshot, set_all(snapshot, "tasks", ids, wishes, session.now))
