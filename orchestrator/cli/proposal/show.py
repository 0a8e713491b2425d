"""`proposal show`: what a proposal would change, and what stands in its way."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("show")
@click.argument("proposal", metavar="ID")
@click.option("--into", "target", metavar="BRANCH", help="For this branch; else the present one.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="How to answer; markdown is the text of a pull request.",
)
@json_option
@click.pass_obj
def command(session: Session, proposal: str, target: str | None, form: str, as_json: bool) -> None:
    """Show what a proposal would change: by task and field, old → new, with who and why.

    ID is AUTHOR/SLUG, the slug alone where only one proposal has it, or the branch. What it would
    do is told for the target as it is now: the problems that it would bring, and, where both
    changed the same field, the conflicts.
    """
    from orchestrator.cli.pager import show_paged
    from orchestrator.cli.proposal.review_text import review_json, review_text
    from orchestrator.cli.talk import say_json, say_raw
    from orchestrator.store.proposals.accept import why_refused
    from orchestrator.store.proposals.find import proposal_named, target_of
    from orchestrator.store.proposals.markdown import proposal_markdown
    from orchestrator.store.proposals.review import Plans, review

    repository = session.workspace.required_repository
    into = target_of(repository, target)
    found = proposal_named(repository, proposal)
    reviewed = review(Plans(repository, into.tip, session.now), found.tip)
    refused = why_refused(repository, found, into, reviewed)
    if as_json or form == "json":
        say_json({**review_json(found, into, reviewed), "refused": refused})
    elif form == "markdown":
        say_raw(proposal_markdown(reviewed, into.name, found.id))
    else:
        show_paged(session, review_text(session, found, into, reviewed, refused))
