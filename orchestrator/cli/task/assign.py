"""`task assign`: who does tasks."""

import click

from orchestrator.cli.session import Session
from orchestrator.cli.task.bulk import Bulk, bulk_options


@click.command("assign")
@click.argument("user")
@click.argument("task_ids", metavar="ID...", nargs=-1)
@bulk_options
@click.pass_obj
def command(session: Session, user: str, task_ids: tuple[str, ...], bulk: Bulk) -> int:
    """Give tasks to a user: a user's id, me, or nobody."""
    from orchestrator.cli.change import read_wishes
    from orchestrator.verbs.change import set_all
    from orchestrator.verbs.refuse import ImpossibleError

    snapshot = session.snapshot()
    if user in snapshot.tasks:
        raise ImpossibleError(
            f"{user} is a task; the user comes first.", "orchestrator task assign USER ID..."
        )
    ids = bulk.tasks(session, snapshot, task_ids)
    whom = "" if user == "nobody" else user
    wishes = read_wishes(session, snapshot, "tasks", [f"assignee={whom}"])
    return bulk.carry_out(session, snapshot, set_all(snapshot, "tasks", ids, wishes, session.now))
