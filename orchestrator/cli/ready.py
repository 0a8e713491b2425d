"""`ready`: what can be worked on now."""

import click

from orchestrator.cli.options import list_options
from orchestrator.cli.session import Session


@click.command("ready")
@click.option("--project", "-p", multiple=True, help="Of this project.")
@click.option("--assignee", "-a", multiple=True, help="Of this person; '' is nobody.")
@click.option("--label", "-l", multiple=True, help="With this label.")
@list_options
@click.pass_obj
def command(
    session: Session,
    project: tuple[str, ...],
    assignee: tuple[str, ...],
    label: tuple[str, ...],
    as_json: bool,
    limit: int | None,
    offset: int,
    sort: str | None,
) -> None:
    """List what can be worked on now, the most urgent first."""
    from orchestrator.cli.entity import show_list, warn_unreadable
    from orchestrator.cli.task import COLUMNS
    from orchestrator.view.ready import ready
    from orchestrator.view.rows import TaskFilter, page, sort_ids, task_rows

    snapshot = session.workspace.snapshot()
    wanted = TaskFilter(project=project, assignee=assignee, label=label)
    ids = [item for item in ready(snapshot) if wanted.lets(item, snapshot.tasks[item])]
    if sort:
        ids = sort_ids(ids, snapshot.tasks.__getitem__, sort, "tasks")
    found = page(ids, limit, offset)
    warn_unreadable(snapshot)
    if as_json:
        rows = task_rows(snapshot, found.ids)
    else:
        rows = [snapshot.tasks[task_id] for task_id in found.ids]
    show_list(session, "tasks", rows, found.total, COLUMNS, as_json=as_json)
