"""`user show`: one user."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("show")
@click.argument("user_id", metavar="ID")
@json_option
@click.pass_obj
def command(session: Session, user_id: str, as_json: bool) -> None:
    """Show one user."""
    from orchestrator.cli.entity import show_one
    from orchestrator.verbs.change import unknown

    snapshot = session.workspace.snapshot()
    if user_id not in snapshot.users:
        raise unknown(snapshot, "users", user_id)
    show_one(snapshot, snapshot.users[user_id], as_json=as_json)
