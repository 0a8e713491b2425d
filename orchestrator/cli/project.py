"""`project`: list, show, make and change projects."""

import click

from orchestrator.cli.group import SuggestingGroup
from orchestrator.cli.options import commit_options, json_option, list_options
from orchestrator.cli.session import Session
from orchestrator.cli.set_ import add_set_command
from orchestrator.model.vocabulary import PROJECT_STATUSES

COLUMNS = ("id", "key", "status", "open", "tasks", "title")


@click.group("project", cls=SuggestingGroup)
def command() -> None:
    """List, show, make and change projects."""


@command.command("list")
@click.option(
    "--status", "-s", multiple=True, type=click.Choice(PROJECT_STATUSES), help="In this status."
)
@list_options
@click.pass_obj
def list_(
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


@command.command()
@click.argument("project_id", metavar="ID")
@json_option
@click.pass_obj
def show(session: Session, project_id: str, as_json: bool) -> None:
    """Show one project."""
    from orchestrator.cli.entity import show_one
    from orchestrator.verbs.change import unknown
    from orchestrator.view.rows import project_rows

    snapshot = session.workspace.snapshot()
    if project_id not in snapshot.projects:
        raise unknown(snapshot, "projects", project_id)
    show_one(snapshot, project_rows(snapshot, [project_id])[0], as_json=as_json)


@command.command()
@click.argument("project_id", metavar="ID")
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--title", default=None, help="Its name; made from the id when not given.")
@click.option(
    "--key", default=None, help="Prefix of its task ids; made from the id when not given."
)
@json_option
@commit_options
@click.pass_obj
def new(
    session: Session,
    project_id: str,
    fields: tuple[str, ...],
    title: str | None,
    key: str | None,
    as_json: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Make a project: orchestrator project new payments --key PAY owner=dana ."""
    from orchestrator.cli.change import make_change
    from orchestrator.cli.talk import say, say_json
    from orchestrator.verbs.assign import read_assignments
    from orchestrator.verbs.create import create_project
    from orchestrator.view.rows import project_rows

    snapshot = session.workspace.snapshot()
    wishes = read_assignments("projects", fields)
    patch = create_project(snapshot, project_id, title, key, wishes, session.now)
    applied = make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    if as_json:
        say_json(project_rows(applied.snapshot, [project_id])[0])
    else:
        say(project_id)


add_set_command(command, "projects")
