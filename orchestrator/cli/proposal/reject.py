"""`proposal reject`: remove a proposal, and keep why."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("reject")
@click.argument("proposal", metavar="ID")
@click.option("-m", "--message", default=None, help="Why.")
@json_option
@click.pass_obj
def command(session: Session, proposal: str, message: str | None, as_json: bool) -> None:
    """Remove a proposal's branch; a note keeps its commits and why it was rejected.

    The note is a commit on top of them, at refs/orchestrator/rejected/AUTHOR/SLUG .
    """
    from orchestrator.cli.talk import note, say_json
    from orchestrator.store.proposals.find import proposal_named
    from orchestrator.store.proposals.reject import reject

    workspace = session.workspace
    found = proposal_named(workspace.required_repository, proposal)
    done = reject(workspace, found, message, session.now)
    back = f"git branch {found.name.branch} {done.ref}^"
    if as_json:
        say_json({"id": found.id, "ref": done.ref, "is_kept": done.is_kept, "undo": back})
        return
    if found.remote:
        note(f"Noted that {found.id} is rejected; the branch is still on {found.remote} .")
        note(f"git push {found.remote} --delete {found.name.branch} removes it there.")
        return
    note(f"Rejected {found.id} .")
    note(f"{back} brings it back.")
