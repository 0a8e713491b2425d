"""`task`: list, show, make and change tasks."""

import click

from orchestrator.cli.group import SuggestingGroup
from orchestrator.cli.options import commit_options, json_option, list_options
from orchestrator.cli.session import Session
from orchestrator.cli.set_ import add_set_command
from orchestrator.model.vocabulary import PRIORITIES, TASK_STATUSES

COLUMNS = ("id", "status", "priority", "assignee", "due_date", "title")


@click.group("task", cls=SuggestingGroup)
def command() -> None:
    """List, show, make and change tasks."""


@command.command("list")
@click.option("--project", "-p", multiple=True, help="Of this project.")
@click.option(
    "--status", "-s", multiple=True, type=click.Choice(TASK_STATUSES), help="In this status."
)
@click.option("--priority", multiple=True, type=click.Choice(PRIORITIES), help="Of this priority.")
@click.option("--assignee", "-a", multiple=True, help="Of this person; '' is nobody.")
@click.option("--label", "-l", multiple=True, help="With this label.")
@click.option("--parent", default=None, help="Directly below this task; '' is roots only.")
@click.option("--text", default="", help="With this text in id, title or description.")
@click.option("--deleted", "is_deleted", is_flag=True, help="The deleted ones instead.")
@list_options
@click.pass_obj
def list_(
    session: Session,
    project: tuple[str, ...],
    status: tuple[str, ...],
    priority: tuple[str, ...],
    assignee: tuple[str, ...],
    label: tuple[str, ...],
    parent: str | None,
    text: str,
    is_deleted: bool,
    as_json: bool,
    limit: int | None,
    offset: int,
    sort: str | None,
) -> None:
    """List tasks."""
    from orchestrator.cli.entity import show_list, warn_unreadable
    from orchestrator.view.rows import TaskFilter, find_tasks, page, task_rows

    snapshot = session.workspace.snapshot()
    wanted = TaskFilter(project, status, priority, assignee, label, parent, text, is_deleted)
    found = page(find_tasks(snapshot, wanted, sort or "id"), limit, offset)
    warn_unreadable(snapshot)
    if as_json:
        rows = task_rows(snapshot, found.ids)
    else:
        rows = [snapshot.tasks[task_id] for task_id in found.ids]
    show_list(session, "tasks", rows, found.total, COLUMNS, as_json=as_json)


@command.command()
@click.argument("task_id", metavar="ID")
@json_option
@click.pass_obj
def show(session: Session, task_id: str, as_json: bool) -> None:
    """Show one task."""
    from orchestrator.cli.entity import show_one
    from orchestrator.verbs.change import unknown
    from orchestrator.view.rows import task_rows

    snapshot = session.workspace.snapshot()
    if task_id not in snapshot.tasks:
        raise unknown(snapshot, "tasks", task_id)
    show_one(snapshot, task_rows(snapshot, [task_id])[0], as_json=as_json)


@command.command()
@click.argument("title")
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--project", "-p", default=None, help="The project; the only one when not given.")
@click.option("--id", "task_id", default=None, help="The id, instead of a random one.")
@json_option
@commit_options
@click.pass_obj
def new(
    session: Session,
    title: str,
    fields: tuple[str, ...],
    project: str | None,
    task_id: str | None,
    as_json: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Make a task: orchestrator task new "Retry captures" -p payments priority=high ."""
    from orchestrator.cli.change import make_change
    from orchestrator.cli.talk import say, say_json
    from orchestrator.verbs.assign import read_assignments
    from orchestrator.verbs.create import ImpossibleError, create_task
    from orchestrator.view.rows import task_rows

    snapshot = session.workspace.snapshot()
    wishes = read_assignments("tasks", fields)
    if project is None:
        named = [wish.value for wish in wishes if wish.field == "project"]
        if not named and len(snapshot.projects) != 1:
            names = ", ".join(sorted(snapshot.projects))
            raise ImpossibleError(
                "Which project is the task for?" if names else "There is no project yet.",
                f"Name it with -p: {names}" if names else "orchestrator project new ID",
            )
        project = named[0] if named else next(iter(snapshot.projects))
    wishes = [wish for wish in wishes if wish.field != "project"]
    made, patch = create_task(
        snapshot, project, title, wishes, session.now, session.choose, task_id
    )
    applied = make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    if as_json:
        say_json(task_rows(applied.snapshot, [made])[0])
    else:
        say(made)


add_set_command(command, "tasks")


def _status_command(name: str, status: str, help_text: str) -> None:
    @command.command(name, help=help_text)
    @click.argument("task_ids", metavar="ID...", nargs=-1, required=True)
    @commit_options
    @click.pass_obj
    def change(
        session: Session, task_ids: tuple[str, ...], wants_commit: bool | None, message: str | None
    ) -> None:
        from orchestrator.cli.change import make_change
        from orchestrator.patch.ops import Patch
        from orchestrator.verbs.change import set_status

        snapshot = session.workspace.snapshot()
        now = session.now
        ops = [op for item in task_ids for op in set_status(snapshot, item, status, now).ops]
        make_change(
            session, snapshot, Patch(tuple(ops)), wants_commit=wants_commit, message=message
        )


_status_command("start", "in_progress", "Mark tasks as in progress, stamped with the time.")
_status_command("done", "completed", "Mark tasks as completed, stamped with the time.")
