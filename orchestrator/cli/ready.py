"""`ready`: what can be worked on now."""

from typing import Any

import click

from orchestrator.cli.filters import filter_options
from orchestrator.cli.options import list_options
from orchestrator.cli.session import Session


@click.command("ready")
@filter_options
@list_options
@click.pass_obj
def command(
    session: Session,
    /,
    as_json: bool,
    limit: int | None,
    offset: int,
    sort: str | None,
    **terms: Any,
) -> None:
    """List what can be worked on now, the most urgent first."""
    from orchestrator.cli.entity import show_list, warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.task.list_ import COLUMNS
    from orchestrator.view.ready import ready
    from orchestrator.view.rows import page, sort_ids, task_rows
    from orchestrator.view.select import predicate

    snapshot = session.workspace.snapshot()
    lets = predicate(snapshot, filter_of(session, snapshot, terms))
    ids = [item for item in ready(snapshot) if lets(item, snapshot.tasks[item])]
    if sort:
        ids = sort_ids(ids, snapshot.tasks.__getitem__, sort, "tasks")
    found = page(ids, limit, offset)
    warn_unreadable(snapshot)
    if as_json:
        rows = task_rows(snapshot, found.ids)
    else:
        rows = [snapshot.tasks[task_id] for task_id in found.ids]
    show_list(session, "tasks", rows, found.total, COLUMNS, as_json=as_json)
