"""`project list`: projects."""

import click

from orchestrator.cli.options import list_options
from orchestrator.cli.session import Session
from orchestrator.model.vocabulary import PROJECT_STATUSES

COLUMNS = ("id", "key", "status", "open", "tasks", "title")


@click.command("list")
@click.option(
    "--status", "-s", multiple=True, type=click.Choice(PROJECT_STATUSES), help="In this status."
)
@list_options
@click.pass_obj
def command(
    session: Session,
    status: tuple[str, ...],
    as_json: bool,
    limit: int | None,
    offset: int,
    sort: str | None,
) -> None:
    """List projects."""
    from orchestrator.cli.entity import show_list, warn_unreadable
    from orchestrator.view.rows import page, project_rows, sort_ids

    snapshot = session.workspace.snapshot()
    ids = [
        project_id
        for project_id, project in snapshot.projects.items()
        if not project.get("deleted_at") and (not status or project.get("status") in status)
    ]
    found = page(
        sort_ids(ids, snapshot.projects.__getitem__, sort or "id", "projects"), limit, offset
    )
    warn_unreadable(snapshot)
    rows = project_rows(snapshot, found.ids)
    if not as_json:
        rows = [{**row, **row["derived"]} for row in rows]
    show_list(session, "projects", rows, found.total, COLUMNS, as_json=as_json)
