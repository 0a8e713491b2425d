"""`user new`: a user."""

import click

from orchestrator.cli.options import commit_options, json_option
from orchestrator.cli.session import Session


@click.command("new")
@click.argument("user_id", metavar="ID")
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--name", default=None, help="As people write it; made from the id when not given.")
@json_option
@commit_options
@click.pass_obj
def command(
    session: Session,
    user_id: str,
    fields: tuple[str, ...],
    name: str | None,
    as_json: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Make a user: orchestrator user new dana --name "Dana Ionescu" email=dana@example.com ."""
    from orchestrator.cli.change import make_change, read_wishes
    from orchestrator.cli.talk import say, say_json
    from orchestrator.verbs.create import create_user

    snapshot = session.snapshot()
    wishes = read_wishes(session, snapshot, "users", fields)
    patch = create_user(snapshot, user_id, name, wishes, session.now)
    applied = make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    if as_json:
        say_json(applied.snapshot.users[user_id])
    else:
        say(user_id)
