"""`proposal push`: a proposal on a remote, and its pull or merge request."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session


@click.command("push")
@click.argument("proposal", metavar="ID")
@click.option("--remote", default="origin", show_default=True, help="Where to.")
@click.option("--pr", "wants_request", is_flag=True, help="Open or update its request for review.")
@click.option("--into", "target", metavar="BRANCH", help="For this branch; else the present one.")
@json_option
@click.pass_obj
def command(
    session: Session,
    proposal: str,
    remote: str,
    wants_request: bool,
    target: str | None,
    as_json: bool,
) -> None:
    """Push a proposal to a remote; with --pr, open a pull or merge request for it, or update it.

    The request's text says what the proposal changes, by task and field. The forge is told by the
    remote's URL; the token is where the integration in orchestrator.yaml says, else in
    GITHUB_TOKEN or GITLAB_TOKEN.
    """
    from orchestrator.cli.proposal.send import send, sent_row, tell_sent, way_to
    from orchestrator.cli.talk import say_json
    from orchestrator.store.proposals.find import proposal_named, target_of

    repository = session.workspace.required_repository
    into = target_of(repository, target)
    found = proposal_named(repository, proposal)
    way = way_to(session, into, remote, wants_request=wants_request)
    sent = send(session, found, into, way)
    if as_json:
        say_json({"id": found.id, **sent_row(sent)})
        return
    tell_sent(found, sent)
