"""`project new`: a project."""

import click

from orchestrator.cli.options import commit_options, json_option
from orchestrator.cli.session import Session


@click.command("new")
@click.argument("project_id", metavar="ID")
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--title", default=None, help="Its name; made from the id when not given.")
@click.option(
    "--key", default=None, help="Prefix of its task ids; made from the id when not given."
)
@json_option
@commit_options
@click.pass_obj
def command(
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
    from orchestrator.cli.change import make_change, read_wishes
    from orchestrator.cli.talk import say, say_json
    from orchestrator.verbs.create import create_project
    from orchestrator.view.rows import project_rows

    snapshot = session.snapshot()
    wishes = read_wishes(session, snapshot, "projects", fields)
    patch = create_project(snapshot, project_id, title, key, wishes, session.now)
    applied = make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    if as_json:
        say_json(project_rows(applied.snapshot, [project_id])[0])
    else:
        say(project_id)
