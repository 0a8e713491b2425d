"""`proposal rebase`: bring a proposal up to date with its target."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("rebase")
@click.argument("proposal", metavar="ID")
@click.option("--onto", "target", metavar="BRANCH", help="This branch; else the present one.")
@json_option
@click.pass_obj
def command(session: Session, proposal: str, target: str | None, as_json: bool) -> None:
    """Merge the target into a proposal, field by field, so that nothing is left to merge.

    Forges merge by line and know no fields: after this, and a push, they have nothing to merge.
    """
    from orchestrator.cli.talk import note, say, say_json
    from orchestrator.store.proposals.find import proposal_named, target_of
    from orchestrator.store.proposals.rebase import rebase

    workspace = session.workspace
    repository = workspace.required_repository
    into = target_of(repository, target)
    found = proposal_named(repository, proposal)
    done = rebase(workspace, found, into, session.now)
    if as_json:
        is_changed = done.merged is not None
        say_json({"id": found.id, "target": into.name, "tip": done.tip, "is_changed": is_changed})
        return
    if done.merged is None:
        note(f"{found.id} has all of {into.name} already.")
        return
    for line in done.merged.said:
        note(line)
    note(f"Merged {into.name} into {found.id} .")
    say(done.tip)
