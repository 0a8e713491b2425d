"""Sending a proposal away: the push, and the request for review on the forge."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.store.proposals.find import Proposal, Target
    from orchestrator.sync.forges.place import Forge
    from orchestrator.sync.forges.request import Opened


@dataclass(frozen=True, slots=True)
class Way:
    """Where a proposal goes.

    Attributes:
        remote: The remote's name.
        forge: Where to open its request, or None when none is wanted.
        token: For the forge.
    """

    remote: str
    forge: "Forge | None"
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent.

    Attributes:
        remote: Where the branch is now.
        request: The pull or merge request, or None when none was asked for.
    """

    remote: str
    request: "Opened | None"


def way_to(session: Session, target: "Target", remote: str, *, wants_request: bool) -> Way:
    """Return where to send a proposal, before anything is made or pushed.

    Raises:
        StoreError: There is no such remote, or no token.
        ForgeError: Nothing says which forge the remote is on.
    """
    from orchestrator.store.proposals.find import ProposalError
    from orchestrator.store.proposals.push import remote_url

    repository = session.workspace.required_repository
    url = remote_url(repository, remote)
    if not wants_request:
        return Way(remote, None, "")
    from orchestrator.model.places import SETTINGS_FILE
    from orchestrator.store.credentials import credential
    from orchestrator.store.parse import document_of
    from orchestrator.store.trees import commit_tree
    from orchestrator.sync.forges.place import forge_of

    if not target.branch:
        raise ProposalError("No branch is checked out.", "git switch to the one that it is for.")
    # The target's settings hold: a proposal must not choose where a token goes.
    tree = commit_tree(repository.git, repository.prefix, target.tip)
    settings = document_of(SETTINGS_FILE, tree.read(SETTINGS_FILE) or b"")
    integrations = settings.get("integrations") if isinstance(settings, dict) else None
    forge = forge_of(url, integrations if isinstance(integrations, dict) else {})
    return Way(remote, forge, credential(forge.token, session.environment))


def send(session: Session, proposal: "Proposal", target: "Target", way: Way) -> Sent:
    """Push a proposal, and open or update its request for review.

    Raises:
        StoreError: The remote does not take it.
        ForgeError: The forge cannot be reached, or refuses.
    """
    from orchestrator.store.proposals.find import ProposalError
    from orchestrator.store.proposals.push import push

    repository = session.workspace.required_repository
    if proposal.remote:
        raise ProposalError(
            f"{proposal.id} is on {proposal.remote} already, and no branch here.",
            f"git switch {proposal.name.branch} makes it one.",
        )
    if way.forge is None:
        push(repository, proposal.branch, way.remote)
        return Sent(way.remote, None)
    from orchestrator.store.proposals.markdown import proposal_markdown
    from orchestrator.store.proposals.review import Plans, review
    from orchestrator.sync.forges import open_or_update
    from orchestrator.sync.forges.request import Wanted

    found = review(Plans(repository, target.tip, session.now), proposal.tip)
    title = found.commits[0].subject if found.commits else proposal.name.slug
    body = proposal_markdown(found, target.name, proposal.id)
    push(repository, proposal.branch, way.remote)
    wanted = Wanted(proposal.branch, target.branch, title, body)
    return Sent(way.remote, open_or_update(way.forge, way.token, wanted))


def sent_row(sent: Sent | None) -> dict[str, Any]:
    """Return what was sent as JSON; all null when nothing was."""
    request = sent.request if sent else None
    return {
        "remote": sent.remote if sent else None,
        "request": {"number": request.number, "url": request.url, "is_new": request.is_new}
        if request
        else None,
    }


def tell_sent(proposal: "Proposal", sent: Sent) -> None:
    """Say what was sent; the request's address is the answer."""
    from orchestrator.cli.talk import note, say

    note(f"Pushed {proposal.branch} to {sent.remote} .")
    if sent.request is not None:
        note(f"{'Opened' if sent.request.is_new else 'Updated'} request {sent.request.number} .")
        say(sent.request.url)
