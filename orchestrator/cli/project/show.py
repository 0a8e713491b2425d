"""`project show`: one project."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("show")
@click.argument("project_id", metavar="ID")
@json_option
@click.pass_obj
def command(session: Session, project_id: str, as_json: bool) -> None:
    """Show one project."""
    from orchestrator.cli.entity import show_one
    from orchestrator.verbs.change import unknown
    from orchestrator.view.rows import project_rows

    snapshot = session.workspace.snapshot()
    if project_id not in snapshot.projects:
        raise unknown(snapshot, "projects", project_id)
    show_one(snapshot, project_rows(snapshot, [project_id])[0], as_json=as_json)
