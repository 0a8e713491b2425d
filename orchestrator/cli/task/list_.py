"""`task list`: tasks by filter."""

from collections.abc import Callable
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
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.task_table import shown_tasks
    from orchestrator.store.index.plan import Plan, ask

    def answer(plan: Plan) -> Callable[[], None]:
        wanted = filter_of(session, plan.snapshot, options)
        usual = DELETED_COLUMNS if wanted.is_deleted else COLUMNS
        return shown_tasks(session, plan.derived, plan.select(wanted), options, usual)

    ask(session.workspace, answer)()
