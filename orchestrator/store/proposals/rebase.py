"""Bringing a proposal up to date: its target is merged into it, field by field."""

from dataclasses import dataclass
from datetime import datetime

from orchestrator.store.git import Oid
from orchestrator.store.lock import locked
from orchestrator.store.proposals.checkout import move_branch
from orchestrator.store.proposals.find import HEADS, Proposal, Target
from orchestrator.store.proposals.merge import MergeClashError, MergedCommits, merge_commits
from orchestrator.store.proposals.review import clash_words
from orchestrator.store.proposals.tree import move_ref, write_merge
from orchestrator.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rebased:
    """What bringing a proposal up to date did.

    Attributes:
        tip: Where the branch is now.
        merged: The merge; None when the proposal had all of the target.
    """

    tip: Oid
    merged: MergedCommits | None


def rebase(workspace: Workspace, proposal: Proposal, target: Target, now: datetime) -> Rebased:
    """Merge the target into a proposal, so that a forge has nothing left to merge by line.

    A proposal of a remote's becomes a branch here. Where the branch is checked out in this work
    tree, the files that differ are written as well.

    Raises:
        MergeClashError: Both sides changed the same field.
        StoreError: The branch cannot be written.
    """
    repository = workspace.required_repository
    branch = proposal.name.branch
    workspace.mend()
    with locked(workspace.lock, "rebase"):
        merged = merge_commits(repository, proposal.tip, target.tip)
        if merged.base == target.tip:
            return Rebased(proposal.tip, None)
        if merged.tree is None:
            raise MergeClashError(
                f"{target.name} cannot be merged into {proposal.id}", merged,
                clash_words(merged, proposal.id, target.name),
                f"git switch {branch} && git merge {target.name} lets you choose.",
            )  # fmt: skip
        message = f"Merge {target.name} into {proposal.id}\n"
        parents = (proposal.tip, target.tip)
        commit = write_merge(repository, merged.tree, parents, message, workspace.author, now)
        why = f"merge {target.name}"
        if proposal.remote:
            move_ref(repository, f"{HEADS}{branch}", commit, None, why)
        else:
            move_branch(repository, branch, proposal.tip, commit, why)
    return Rebased(commit, merged)
