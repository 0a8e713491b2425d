"""Rejecting a proposal: its branch goes, and a ref of ours keeps its commits and the reason."""

from dataclasses import dataclass
from datetime import datetime

from orchestrator.store.git import Oid
from orchestrator.store.lock import locked
from orchestrator.store.proposals.find import Proposal, ProposalError
from orchestrator.store.proposals.tree import move_ref, write_merge
from orchestrator.store.repository import Repository
from orchestrator.store.workspace import Workspace

REJECTED = "refs/orchestrator/rejected/"
"""Below it, `<author>/<slug>` is a commit: the reason as its message, the proposal's tip as its
first parent, an earlier rejection of the same name as its second."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """What rejecting did.

    Attributes:
        ref: Leads to the note, a commit on top of the proposal.
        is_kept: Whether the branch is still there: that of a remote is not ours to remove.
    """

    ref: str
    is_kept: bool


def is_rejected(repository: Repository, proposal: Proposal) -> bool:
    """Return whether a proposal was rejected as it is: that of a remote may still be there."""
    ref = f"{REJECTED}{proposal.id}^1"
    code, out, _ = repository.git.finish("rev-parse", "--verify", "--quiet", ref)
    return code == 0 and out.decode().strip() == proposal.tip


def reject(workspace: Workspace, proposal: Proposal, reason: str | None, now: datetime) -> Rejected:
    """Remove a proposal's branch, and keep its commits under a ref with a note that says why.

    `git branch BRANCH refs/orchestrator/rejected/AUTHOR/SLUG^` brings it back.

    Raises:
        ProposalError: The branch is checked out.
        StoreError: A ref cannot be written.
    """
    repository = workspace.required_repository
    with locked(workspace.lock, "reject"):
        if proposal.checked_out:
            raise ProposalError(
                f"{proposal.branch} is checked out in {proposal.checked_out} .",
                "Switch to another branch first.",
            )
        ref = f"{REJECTED}{proposal.id}"
        code, out, _ = repository.git.finish("rev-parse", "--verify", "--quiet", ref)
        earlier = None if code else Oid(out.decode().strip())
        tree = Oid(repository.git.run("rev-parse", f"{proposal.tip}^{{tree}}").decode().strip())
        parents = [proposal.tip] if earlier is None else [proposal.tip, earlier]
        why = " ".join((reason or "").split())
        note = f"Reject {proposal.id}\n\n{f'{reason}' if reason else ''}\n\n"
        note += f"Rejected-Proposal: {proposal.id}\n"
        commit = write_merge(repository, tree, parents, note, workspace.author, now)
        move_ref(repository, ref, commit, earlier, f"reject {proposal.id}: {why}"[:200])
        if not proposal.remote:
            move_ref(repository, proposal.ref, None, proposal.tip, f"reject {proposal.id}")
    return Rejected(ref, bool(proposal.remote))
