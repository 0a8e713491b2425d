"""`project list`: projects."""

import click

from orchestrator.cli.options import list_options, usage
from orchestrator.cli.session import Session
from orchestrator.model.vocabulary import PROJECT_STATUSES

COLUMNS = ("id", "key", "status", "progress", "open", "tasks", "remaining", "due_date", "title")
_SPARE = ("key", "tasks", "due_date", "status", "remaining", "deleted_by")
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
    from orchestrator.model.duration import format_duration
    from orchestrator.view.card import project_cards
    from orchestrator.view.rows import UnknownFieldError, page, sort_ids

    snapshot = session.snapshot()
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
    with usage(UnknownFieldError):
        ids = sort_ids(ids, flat.__getitem__, sort or "id", "projects", _DERIVED)
    found = page(ids, limit, offset)
    warn_unreadable(snapshot)
    if as_json:
        chosen = [rows[project_id] for project_id in found.ids]
    else:
        chosen = [flat[project_id] for project_id in found.ids]
        for row in chosen:
            if deleted := row.get("deleted_at"):
                row["deleted_at"] = str(deleted)[:16].replace("T", " ")
            if "progress" in row:
                row["progress"] = f"{int(row['progress'] * 100)}%"
                row["remaining"] = format_duration(row["remaining"], snapshot.hours_per_day)
    columns = _DELETED if is_deleted else COLUMNS
    show_list(
        session, "projects", chosen, found.total, columns,
        as_json=as_json, offset=offset, spare=_SPARE,
    )  # fmt: skip
