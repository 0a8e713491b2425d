"""`ready`: what can be worked on now."""

from collections.abc import Callable
from typing import Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import task_list_options
from orchestrator.cli.session import Session

COLUMNS = ("id", "priority", "due_date", "estimated_minutes", "assignee", "unblocks", "title")


@click.command("ready", cls=FilteredCommand)
@filter_options
@task_list_options
@click.pass_obj
def command(session: Session, /, **options: Any) -> None:
    """List what can be worked on now: by priority, then due date, then age.

    A task is ready when it is todo, nothing that it or a task above it depends on is open, nothing
    below it is open, and its project is not at rest. The column unblocks counts the open tasks that
    wait for it. orchestrator next weighs all of this.
    """
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.task_table import shown_tasks
    from orchestrator.store.index.plan import Plan, ask

    def answer(plan: Plan) -> Callable[[], None]:
        ids = plan.ready(filter_of(session, plan.snapshot, options))
        return shown_tasks(session, plan.derived, ids, options, COLUMNS)

    ask(session.workspace, answer)()
