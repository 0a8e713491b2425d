"""`set`, which is the same for projects and users, and nearly so for tasks."""

from collections.abc import Sequence

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session
from orchestrator.model.oneself import ME
from orchestrator.model.places import Kind


def set_command(kind: Kind) -> click.Command:
    """Return the `set` command of a group."""

    @click.command("set")
    @click.argument("given", metavar="ID... FIELD=VALUE...", nargs=-1)
    @commit_options
    @click.pass_obj
    def set_(
        session: Session, given: tuple[str, ...], wants_commit: bool | None, message: str | None
    ) -> None:
        """Change fields: f=value sets, f+=value adds, f-=value takes away, f= clears."""
        from orchestrator.cli.change import make_change, read_wishes
        from orchestrator.verbs.change import set_all

        ids, fields = parted(given)
        snapshot = session.snapshot()
        if kind == "users" and ME in ids and ME not in snapshot.users:
            ids = [session.myself(snapshot) if name == ME else name for name in ids]
        wishes = read_wishes(session, snapshot, kind, fields)
        patch = set_all(snapshot, kind, ids, wishes, session.now)
        make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)

    return set_


def parted(given: Sequence[str], *, needs_ids: bool = True) -> tuple[list[str], list[str]]:
    """Return the ids, which come first, and the `field=value` texts behind them.

    Raises:
        click.UsageError: One of both is missing.
    """
    first = next((at for at, text in enumerate(given) if "=" in text), len(given))
    ids, fields = list(given[:first]), list(given[first:])
    if len(ids) > 1 and not fields:
        # Nobody names two entities and forgets what to set: the last was meant to say it.
        ids, fields = ids[:-1], ids[-1:]
    if needs_ids and not ids:
        raise click.UsageError("Missing argument 'ID...'.")
    if not fields:
        raise click.UsageError("Missing argument 'FIELD=VALUE...'.")
    return ids, fields
