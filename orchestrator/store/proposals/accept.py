"""Accepting a proposal: the merged plan is checked first, then the target moves.

The merge commit is written by plumbing, always with two parents, so that the review stays
visible. Git's hooks pre-merge-commit and commit-msg are not run: what orchestrator's own would
check has been checked, and others see what is merged with `git merge`.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from orchestrator.model.places import path_for
from orchestrator.patch.describe import body
from orchestrator.patch.diff import diff
from orchestrator.patch.ops import PatchError, digest
from orchestrator.patch.policy import AGENT, accepts_alone
from orchestrator.store.consequences import PatchRejectedError
from orchestrator.store.git import Oid, StoreError
from orchestrator.store.lock import locked
from orchestrator.store.parse import document_of
from orchestrator.store.policy_gate import policy_at, refuse_by_policy
from orchestrator.store.proposals.checkout import (
    move_branch,
    refuse_checked_out_elsewhere,
    refuse_unsaved,
)
from orchestrator.store.proposals.find import (
    Proposal,
    ProposalError,
    Target,
    commits_of,
)
from orchestrator.store.proposals.merge import MergeClashError
from orchestrator.store.proposals.review import Plans, Review, clash_words, review
from orchestrator.store.proposals.tree import move_ref, write_merge
from orchestrator.store.repository import Repository
from orchestrator.store.workspace import Workspace

_MOST_TITLES = 20


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting did.

    Attributes:
        commit: The merge.
        review: What it brought.
        is_checked_out: Whether files of this work tree changed.
        is_kept: Whether the proposal's branch is still there.
    """

    commit: Oid
    review: Review
    is_checked_out: bool
    is_kept: bool


def accept(
    workspace: Workspace,
    proposal: Proposal,
    target: Target,
    now: datetime,
    *,
    by: str | None,
    keeps: bool = False,
) -> Accepted:
    """Merge a proposal into its target and remove its branch.

    Args:
        workspace: Where.
        proposal: Which.
        target: The branch that it goes into.
        now: For the commit, and the checks of stamps.
        by: Who accepts it, as a user of the plan; None for somebody who is none.
        keeps: Leave the proposal's branch.

    Raises:
        MergeClashError: Both sides changed the same field.
        PatchRejectedError: The merged plan would have errors that the target has not.
        PolicyRefusedError: An agent proposes what it may not.
        StoreError: The target has moved, is checked out elsewhere, or files are not saved.
    """
    repository = workspace.required_repository
    workspace.mend()
    with locked(workspace.lock, "accept"):
        if not target.branch:
            raise ProposalError("No branch is checked out.", "Name one with --into BRANCH .")
        if target.branch == proposal.branch:
            raise ProposalError(
                f"{target.branch} is the proposal itself.", "Name its target with --into BRANCH ."
            )
        author = workspace.author
        is_here = refuse_checked_out_elsewhere(repository, target.branch)
        if is_here:
            _refuse_unfinished(workspace)
        found = review(Plans(repository, target.tip, now), proposal.tip)
        tree = _acceptable(repository, proposal, target, found, by)
        if is_here:
            refuse_unsaved(repository, target.tip, tree)
        message = _message(proposal, found)
        commit = write_merge(repository, tree, (target.tip, proposal.tip), message, author, now)
        why = f"accept {proposal.id}"
        moved = move_branch(repository, target.branch, target.tip, commit, why)
        is_kept = keeps or bool(proposal.remote) or bool(proposal.checked_out)
        if not is_kept:
            move_ref(repository, proposal.ref, None, proposal.tip, why)
    return Accepted(commit, found, moved, is_kept)


def agents_of(repository: Repository, proposal: Proposal, target: Target) -> list[str]:
    """Return the agents behind a proposal: its author, and those that its commits name."""
    agents = [item.agent for item in commits_of(repository, target.tip, proposal.tip) if item.agent]
    if is_agent(repository, target.tip, proposal.name.author):
        agents.append(proposal.name.author)
    return list(dict.fromkeys(agents))


def is_agent(repository: Repository, revision: Oid, user: str) -> bool:
    """Return whether the plan at a commit has a user of this id that is an agent."""
    path = path_for("users", user)
    code, data, _ = repository.git.finish(
        "cat-file", "blob", f"{revision}:{repository.prefix}{path}"
    )
    document = None if code else document_of(path, data)
    return isinstance(document, dict) and document.get("kind") == "agent"


def why_refused(
    repository: Repository, proposal: Proposal, target: Target, found: Review
) -> list[str]:
    """Return what the target's policy has against a proposal, line by line; none if nothing."""
    try:
        refuse_what_agents_may_not(repository, proposal, target, found)
    except (PatchError, ProposalError) as error:
        return [line.strip() for line in error.message.splitlines()]
    return []


def refuse_what_agents_may_not(
    repository: Repository, proposal: Proposal, target: Target, found: Review
) -> None:
    """Do nothing when the target's policy lets the agents behind a proposal do what it does.

    Raises:
        PolicyRefusedError: It does not.
        ProposalError: An agent proposes to change files outside the plan.
    """
    agents = agents_of(repository, proposal, target)
    policy = policy_at(repository, target.tip) if agents else None
    for agent in agents:
        if found.files:
            raise ProposalError(
                f"Agent {agent} may change nothing but the plan, and this changes "
                f"{', '.join(found.files[:5])} .",
                "git merge takes it all the same, when a person has read it.",
            )
        assert policy is not None  # noqa: S101 - it was read, since there is an agent
        branch = f"agent/{agent}/{proposal.name.slug}"
        refuse_by_policy(policy, f"{AGENT}{agent}", found.changes, branch)


def _refuse_unfinished(workspace: Workspace) -> None:
    try:
        workspace.refuse_if_it_cannot_commit()
    except StoreError as error:
        raise ProposalError(error.message, "Finish it, or git merge --abort.") from error


def _acceptable(
    repository: Repository, proposal: Proposal, target: Target, found: Review, by: str | None
) -> Oid:
    if found.is_merged:
        raise ProposalError(
            f"{target.name} has all of {proposal.id} already.",
            f"git branch -d {proposal.branch} removes the branch.",
        )
    if found.merged.tree is None:
        raise MergeClashError(
            f"{proposal.id} cannot be merged into {target.name}", found.merged,
            clash_words(found.merged, target.name, proposal.id),
            f"git switch {proposal.name.branch} && git merge {target.name} lets you choose.",
        )  # fmt: skip
    if by is not None and is_agent(repository, target.tip, by):
        policy = policy_at(repository, target.tip)
        if not accepts_alone(policy.policy, by):
            raise ProposalError(
                f"{by} is an agent, and the policy has a person accept proposals (ORC401).",
                "A person runs the command; orchestrator policy show shows the policy.",
            )
        if tainted := next((item.tainted for item in found.commits if item.tainted), None):
            raise ProposalError(
                f"{proposal.id} was made after reading text that others wrote: {tainted} .",
                f"A person who has read it types: orchestrator proposal accept {proposal.id}",
            )
    refuse_what_agents_may_not(repository, proposal, target, found)
    if found.errors:
        raise PatchRejectedError(found.errors)
    return found.merged.tree


def _message(proposal: Proposal, found: Review) -> str:
    titles = "\n".join(item.subject for item in found.commits[:_MOST_TITLES])
    trailers = [f"Accepted-Proposal: {proposal.id}"]
    with suppress(ValueError, TypeError):  # a value that JSON has no form for has no digest
        trailers.append(f"Orchestrator-Patch: {digest(diff(found.changes))}")
    agents = dict.fromkeys(item.agent for item in found.commits if item.agent)
    trailers += [f"Orchestrator-Agent: {agent}" for agent in agents]
    reasons = dict.fromkeys(item.reason for item in found.commits if item.reason)
    trailers += [f"Reason: {reason}" for reason in reasons]
    parts = (f"Accept {proposal.id}", titles, body(found.changes), "\n".join(trailers))
    return "\n\n".join(part for part in parts if part) + "\n"
