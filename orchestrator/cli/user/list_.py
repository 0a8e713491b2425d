"""`user list`: users."""

import click

from orchestrator.cli.options import list_options
from orchestrator.cli.session import Session

COLUMNS = ("id", "name", "kind", "role", "email")


@click.command("list")
@list_options
@click.pass_obj
def command(
    session: Session, as_json: bool, limit: int | None, offset: int, sort: str | None
) -> None:
    """List users."""
    from orchestrator.cli.entity import show_list, warn_unreadable
    from orchestrator.view.rows import page, sort_ids

    snapshot = session.workspace.snapshot()
    ids = sort_ids(snapshot.users, snapshot.users.__getitem__, sort or "id", "users")
    found = page(ids, limit, offset)
    warn_unreadable(snapshot)
    rows = [snapshot.users[user_id] for user_id in found.ids]
    show_list(session, "users", rows, found.total, COLUMNS, as_json=as_json)
