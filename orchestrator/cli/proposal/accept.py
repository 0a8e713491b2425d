"""`proposal accept`: check the merged plan, then merge."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("accept")
@click.argument("proposal", metavar="ID")
@click.option("--into", "target", metavar="BRANCH", help="Into this branch; else the present one.")
@click.option("--keep", is_flag=True, help="Keep the proposal's branch.")
@json_option
@click.pass_obj
def command(session: Session, proposal: str, target: str | None, keep: bool, as_json: bool) -> None:
    """Merge a proposal into the present branch, once the merged plan is found to be right.

    Files are merged field by field, and a conflict or a new error refuses it. It is always a
    commit with two parents, and its branch is removed. Where the target is checked out, its files
    follow; a file with changes that are not committed refuses it. Git's hooks are not run.
    """
    from orchestrator.cli.talk import note, say, say_json
    from orchestrator.patch.semantic import counts
    from orchestrator.store.proposals.accept import accept
    from orchestrator.store.proposals.find import proposal_named, target_of
    from orchestrator.store.proposals.plan import users_at

    workspace = session.workspace
    repository = workspace.required_repository
    into = target_of(repository, target)
    found = proposal_named(repository, proposal)
    me = session.me(users_at(repository, into.tip))
    done = accept(workspace, found, into, session.now, by=me, keeps=keep)
    if as_json:
        say_json(
            {
                "id": found.id, "target": into.name, "commit": done.commit,
                "is_checked_out": done.is_checked_out, "is_kept": done.is_kept,
            }
        )  # fmt: skip
        return
    for line in done.review.merged.said:
        note(line)
    for warning in done.review.problems[:5]:
        note(f"warning: {warning.message}")
    note(f"Accepted {found.id} into {into.name}: {counts(done.review.entities)}.")
    if found.remote:
        name = found.name.branch
        note(f"git push {found.remote} --delete {name} removes it from {found.remote} as well.")
    say(done.commit)
