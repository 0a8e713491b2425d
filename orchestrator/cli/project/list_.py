"""`project list`: projects."""

import click

from orchestrator.cli.options import list_options
from orchestrator.cli.session import Session
from orchestrator.model.vocabulary import PROJECT_STATUSES

COLUMNS = ("id", "key", "status", "progress", "open", "tasks", "remaining", "due_date", "title")
_NARROW = ("id", "progress", "open", "title")
_LEAST_WIDTH = 80
_DELETED = ("id", "key", "deleted_at", "deleted_by", "tasks", "title")
_DERIVED = ("tasks", "open", "estimated", "spent", "remaining", "done", "total", "progress")


@click.command("list")
@click.option(
    "--status", "-s", multiple=True, type=click.Choice(PROJECT_STATUSES), help="In this status."
)
@click.option("--deleted", "is_deleted", is_flag=True, help="The deleted ones instead.")
@list_options
@click.pass_obj
def command(
    session: Session,
    status: tuple[str, ...],
    is_deleted: bool,
    as_json: bool,
    limit: int | None,
    offset: int,
    sort: str | None,
) -> None:
    """List projects with their progress.

    --sort takes what is worked out as well: tasks, open, progress, estimated, spent, remaining.
    """
    from orchestrator.cli.entity import show_list, warn_unreadable
    from orchestrator.cli.ink import screen
    from orchestrator.model.duration import format_duration
    from orchestrator.view.card import project_cards
    from orchestrator.view.rows import page, sort_ids

    snapshot = session.workspace.snapshot()
    ids = [
        project_id
        for project_id, project in snapshot.projects.items()
        if bool(project.get("deleted_at")) == is_deleted
        and (not status or project.get("status") in status)
    ]
    rows = dict(zip(ids, project_cards(snapshot, ids), strict=True))
    flat = {
        project_id: {**row, **row["derived"], **(row["derived"]["rollup"] or {})}
        for project_id, row in rows.items()
    }
    found = page(sort_ids(ids, flat.__getitem__, sort or "id", "projects", _DERIVED), limit, offset)
    warn_unreadable(snapshot)
    if as_json:
        chosen = [rows[project_id] for project_id in found.ids]
    else:
        chosen = [flat[project_id] for project_id in found.ids]
        for row in chosen:
            if "progress" in row:
                row["progress"] = f"{int(row['progress'] * 100)}%"
                row["remaining"] = format_duration(row["remaining"], snapshot.hours_per_day)
    is_narrow = session.is_terminal and screen()[0] < _LEAST_WIDTH
    columns = _DELETED if is_deleted else _NARROW if is_narrow else COLUMNS
    show_list(session, "projects", chosen, found.total, columns, as_json=as_json, offset=offset)
