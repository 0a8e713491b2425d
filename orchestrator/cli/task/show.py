"""`task show`: one task."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("show")
@click.argument("task_id", metavar="ID")
@json_option
@click.pass_obj
def command(session: Session, task_id: str, as_json: bool) -> None:
    """Show one task."""
    from orchestrator.cli.entity import show_one
    from orchestrator.verbs.change import unknown
    from orchestrator.view.rows import task_rows

    snapshot = session.workspace.snapshot()
    if task_id not in snapshot.tasks:
        raise unknown(snapshot, "tasks", task_id)
    show_one(snapshot, task_rows(snapshot, [task_id])[0], as_json=as_json)
