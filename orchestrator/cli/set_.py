"""`set`, which is the same for tasks, projects and users."""

import click

from orchestrator.cli.options import commit_options
from orchestrator.cli.session import Session
from orchestrator.model.places import Kind


def set_command(kind: Kind) -> click.Command:
    """Return the `set` command of a group."""

    @click.command("set")
    @click.argument("entity_id", metavar="ID")
    @click.argument("fields", metavar="FIELD=VALUE...", nargs=-1, required=True)
    @commit_options
    @click.pass_obj
    def set_(
        session: Session,
        entity_id: str,
        fields: tuple[str, ...],
        wants_commit: bool | None,
        message: str | None,
    ) -> None:
        """Change fields: f=value sets, f+=value adds, f-=value takes away, f= clears."""
        from orchestrator.cli.change import make_change
        from orchestrator.verbs.assign import read_assignments
        from orchestrator.verbs.change import set_fields

        snapshot = session.workspace.snapshot()
        wishes = read_assignments(kind, fields)
        patch = set_fields(snapshot, kind, entity_id, wishes, session.now)
        make_change(session, snapshot, patch, wants_commit=wants_commit, message=message)

    return set_
