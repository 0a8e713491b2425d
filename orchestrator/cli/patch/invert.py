"""`patch invert`: the patch that takes another back."""

import click

from orchestrator.cli.session import Session


@click.command("invert")
@click.argument("what", metavar="COMMIT|FILE|-")
@click.pass_obj
def command(session: Session, what: str) -> None:
    """Print the patch that undoes a commit, or what a patch file would do to the plan now.

    The one of a commit names it as its base, so that patch apply keeps what changed since.
    """
    from orchestrator.cli.patch.files import names_file, read_file
    from orchestrator.cli.talk import MANY, say_json
    from orchestrator.patch.describe import subject
    from orchestrator.patch.invert import invert
    from orchestrator.verbs.stamps import stamped_changes

    workspace = session.workspace
    envelope: dict[str, object]
    if names_file(session, what):
        patch = read_file(session, what)
        changes = tuple(stamped_changes(workspace.preview(patch), session.now))
        envelope = {"title": f'Revert "{patch.title or subject(changes)}"'}
    else:
        found = workspace.patch_of(what)
        changes = found.changes
        envelope = {"title": f'Revert "{found.subject}"', "base": found.oid}
    ops = list(invert(changes).ops)
    say_json({**envelope, "ops": ops}, is_large=len(ops) > MANY)
