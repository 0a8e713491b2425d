"""`task new`: a task."""

import click

from orchestrator.cli.options import commit_options, json_option
from orchestrator.cli.session import Session


@click.command("new")
@click.argument("title")
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--project", "-p", default=None, help="The project; the only one when not given.")
@click.option("--id", "task_id", default=None, help="The id, instead of a random one.")
@json_option
@commit_options
@click.pass_obj
def command(
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
