"""`task new`: a task, or a small tree of them from a template."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from orchestrator.cli.options import commit_options, json_option
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.verbs.assign import Assignment


@click.command("new")
@click.argument("title")
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option(
    "--project",
    "-p",
    default=None,
    help="The project; its parent's, or the only one, if not given.",
)
@click.option("--id", "task_id", default=None, help="The id, instead of a random one.")
@click.option("--template", "-t", default=None, metavar="NAME", help="See task templates.")
@json_option
@commit_options
@click.pass_obj
def command(
    session: Session,
    title: str,
    fields: tuple[str, ...],
    project: str | None,
    task_id: str | None,
    template: str | None,
    as_json: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Make a task: orchestrator task new "Retry captures" -p payments due=friday parent=PAY-1 ."""
    from orchestrator.cli.change import make_change, read_wishes
    from orchestrator.cli.talk import note, say, say_json
    from orchestrator.model.graph import ancestors
    from orchestrator.store.template_files import template as read_template
    from orchestrator.verbs.create import create_task
    from orchestrator.verbs.template import with_me
    from orchestrator.view.rows import task_rows

    snapshot = session.snapshot()
    wishes = read_wishes(session, snapshot, "tasks", fields)
    home = _project(snapshot, project, wishes)
    wishes = [wish for wish in wishes if wish.field != "project"]
    seed = None
    if template is not None:
        seed = with_me(
            read_template(session.workspace.files, template), lambda: session.me(snapshot)
        )
    made, patch = create_task(
        snapshot, home, title, wishes, session.now, session.choose, task_id, seed
    )
    applied = make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    if as_json:
        say_json(task_rows(applied.snapshot, [made])[0])
        return
    if above := ancestors(applied.snapshot, made):
        note(f"{made} is at depth {len(above)}, under {above[0]} .")
    say(made)


def _project(snapshot: "Snapshot", chosen: str | None, wishes: "Sequence[Assignment]") -> str:
    """Return the project of a new task: as said, its parent's, or the only one."""
    from orchestrator.verbs.refuse import ImpossibleError

    named = [wish.value for wish in wishes if wish.field == "project"]
    parents = [wish.value for wish in wishes if wish.field == "parent"]
    said = list(dict.fromkeys([*([chosen] if chosen is not None else ()), *named]))
    if len(said) > 1:
        raise click.UsageError(f"Which project: {' or '.join(said)} ?")
    if said:
        return str(said[0])
    if parents and parents[-1] in snapshot.tasks:
        return str(snapshot.tasks[parents[-1]]["project"])
    live = [name for name, found in snapshot.projects.items() if not found.get("deleted_at")]
    if len(live) != 1:
        names = ", ".join(sorted(live)[:10])
        raise ImpossibleError(
            "Which project is the task for?" if names else "There is no project yet.",
            f"Name it with -p: {names}" if names else "orchestrator project new ID",
        )
    return live[0]
