"""`task list`: tasks by filter."""

from typing import Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import task_list_options
from orchestrator.cli.session import Session

COLUMNS = ("id", "status", "priority", "assignee", "due_date", "title")
DELETED_COLUMNS = ("id", "deleted_at", "deleted_by", "deleted_with", "title")


@click.command("list", cls=FilteredCommand)
@filter_options
@task_list_options
@click.pass_obj
def command(session: Session, /, **options: Any) -> None:
    """List tasks. All that is said must hold; of several values of one option, one must.

    --sort and --columns know every field, and what is worked out: project, depth, children, ready,
    blocked_by, unblocks, spent, remaining, progress, urgency; metadata.KEY too. A task without a
    value sorts last.
    """
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.task_table import show_tasks
    from orchestrator.view.derived import Derived
    from orchestrator.view.select import select

    snapshot = session.workspace.snapshot()
    wanted = filter_of(session, snapshot, options)
    ids = sorted(select(snapshot, wanted))
    warn_unreadable(snapshot)
    usual = DELETED_COLUMNS if wanted.is_deleted else COLUMNS
    show_tasks(session, Derived(snapshot), ids, options, usual)
