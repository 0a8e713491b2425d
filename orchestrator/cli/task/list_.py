"""`task list`: tasks by filter."""

from typing import Any

import click

from orchestrator.cli.filters import filter_options
from orchestrator.cli.options import list_options
from orchestrator.cli.session import Session

COLUMNS = ("id", "status", "priority", "assignee", "due_date", "title")


@click.command("list")
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
    """List tasks. All that is said must hold; of several values of one option, one must."""
    from orchestrator.cli.entity import show_list, warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.view.rows import find_tasks, page, task_rows

    snapshot = session.workspace.snapshot()
    found = page(
        find_tasks(snapshot, filter_of(session, snapshot, terms), sort or "id"), limit, offset
    )
    warn_unreadable(snapshot)
    if as_json:
        rows = task_rows(snapshot, found.ids)
    else:
        rows = [snapshot.tasks[task_id] for task_id in found.ids]
    show_list(session, "tasks", rows, found.total, COLUMNS, as_json=as_json)
