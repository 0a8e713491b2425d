"""`user`: list, show, make and change users."""

import click

from orchestrator.cli.group import SuggestingGroup
from orchestrator.cli.options import commit_options, json_option, list_options
from orchestrator.cli.session import Session
from orchestrator.cli.set_ import add_set_command

COLUMNS = ("id", "name", "kind", "role", "email")


@click.group("user", cls=SuggestingGroup)
def command() -> None:
    """List, show, make and change users."""


@command.command("list")
@list_options
@click.pass_obj
def list_(
    session: Session, as_json: bool, limit: int | None, offset: int, sort: str | None
) -> None:
    """List users."""
    from orchestrator.cli.entity import show_list, warn_unreadable
    from orchestrator.view.rows import page, sort_ids

    snapshot = session.workspace.snapshot()
    ids = sort_ids(snapshot.users, snapshot.users.__getitem__, sort or "id", "users")
    found = page(ids, limit, offset)
    warn_unreadable(snapshot)
    rows = [snapshot.users[user_id] for user_id in found.ids]
    show_list(session, "users", rows, found.total, COLUMNS, as_json=as_json)


@command.command()
@click.argument("user_id", metavar="ID")
@json_option
@click.pass_obj
def show(session: Session, user_id: str, as_json: bool) -> None:
    """Show one user."""
    from orchestrator.cli.entity import show_one
    from orchestrator.verbs.change import unknown

    snapshot = session.workspace.snapshot()
    if user_id not in snapshot.users:
        raise unknown(snapshot, "users", user_id)
    show_one(snapshot, snapshot.users[user_id], as_json=as_json)


@command.command()
@click.argument("user_id", metavar="ID")
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--name", default=None, help="As people write it; made from the id when not given.")
@json_option
@commit_options
@click.pass_obj
def new(
    session: Session,
    user_id: str,
    fields: tuple[str, ...],
    name: str | None,
    as_json: bool,
    wants_commit: bool | None,
    message: str | None,
) -> None:
    """Make a user: orchestrator user new dana --name "Dana Ionescu" email=dana@example.com ."""
    from orchestrator.cli.change import make_change
    from orchestrator.cli.talk import say, say_json
    from orchestrator.verbs.assign import read_assignments
    from orchestrator.verbs.create import create_user

    snapshot = session.workspace.snapshot()
    wishes = read_assignments("users", fields)
    patch = create_user(snapshot, user_id, name, wishes, session.now)
    applied = make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)
    if as_json:
        say_json(applied.snapshot.users[user_id])
    else:
        say(user_id)


add_set_command(command, "users")
