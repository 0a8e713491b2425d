"""The proposals of the server's agent: which there are, and what one would do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from orchestrator.agent.wishes import ToolError
from orchestrator.mcp.page import page
from orchestrator.mcp.rows import FOREIGN, change_row, origin_row, problem_row
from orchestrator.model.suggest import did_you_mean
from orchestrator.patch.semantic import counts
from orchestrator.store.proposals.accept import why_refused
from orchestrator.store.proposals.find import (
    Proposal,
    commits_of,
    merged_ids,
    proposals,
    target_of,
)
from orchestrator.store.proposals.markdown import proposal_markdown
from orchestrator.store.proposals.names import author_slug
from orchestrator.store.proposals.review import Plans, Review, clash_words, review
from orchestrator.store.repository import Repository
from orchestrator.store.workspace import Workspace


def own_proposals(repository: Repository, author: str) -> list[Proposal]:
    """Return the agent's proposals that are branches here, the newest first."""
    owner = author_slug(author)
    return [
        found
        for found in proposals(repository)
        if found.name.author == owner and not found.remote and "/" not in found.name.slug
    ]


def own_proposal(repository: Repository, author: str, slug: str) -> Proposal:
    """Return one of the agent's proposals.

    Raises:
        ToolError: There is none of that id.
    """
    known = {found.name.slug: found for found in own_proposals(repository, author)}
    if slug not in known:
        raise ToolError(
            f"You have no proposal {slug} .",
            did_you_mean(slug, known) or "list with what: proposals shows them.",
        )
    return known[slug]


def named_proposal(repository: Repository, author: str, name: str) -> Proposal:
    """Return a proposal by its id: one of the agent's, or `author/slug` of anybody's.

    Raises:
        ToolError: There is none of that id.
    """
    if "/" not in name:
        return own_proposal(repository, author, name)
    known = {found.id: found for found in proposals(repository) if not found.remote}
    if name not in known:
        raise ToolError(f"There is no proposal {name} .", did_you_mean(name, known))
    return known[name]


def proposals_page(
    workspace: Workspace, author: str, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the agent's proposals, a row each."""
    repository = workspace.required_repository
    target = target_of(repository, None)
    merged = merged_ids(repository, target.tip)

    def row(found: Proposal) -> dict[str, Any]:
        commits = commits_of(repository, target.tip, found.tip)
        told = {"title": commits[0].subject, "commits": len(commits)} if commits else {}
        is_accepted = found.ref in merged
        state = "accepted" if is_accepted else "waits for a person"
        return {"id": found.name.slug, **told, "at": found.at.isoformat(), "state": state}

    known = own_proposals(repository, author)
    return {**page("proposals", known, row, arguments), "target": target.name}


def proposal_answer(workspace: Workspace, author: str, slug: str, now: datetime) -> dict[str, Any]:
    """Return what accepting a proposal would do, and what stands in its way."""
    repository = workspace.required_repository
    found = own_proposal(repository, author, slug)
    into = target_of(repository, None)
    reviewed = review(Plans(repository, into.tip, now), found.tip)
    foreign = _foreign(reviewed)
    return {
        "id": slug, "branch": found.branch, "target": into.name, "state": reviewed.state,
        "summary": counts(reviewed.entities),
        "changes": [
            {**change_row(entity), **({"text_from": FOREIGN} if entity.id in foreign else {})}
            for entity in reviewed.entities
        ],
        "problems": [problem_row(problem) for problem in reviewed.problems],
        "conflicts": clash_words(reviewed.merged, into.name, found.id),
        "refused_by_policy": why_refused(repository, found, into, reviewed),
        "read_text_of_others": _tainted(reviewed),
    }  # fmt: skip


class Reviewable(NamedTuple):
    """A proposal to be reviewed.

    Attributes:
        id: Its whole id.
        text: What a person who reviews it reads, in Markdown.
        foreign: What of it others wrote, or may have dictated.
    """

    id: str
    text: str
    foreign: list[str]


def reviewable(workspace: Workspace, author: str, name: str, now: datetime) -> Reviewable:
    """Return a proposal: one of the agent's, or `author/slug` of anybody's.

    Raises:
        ToolError: There is none of that id.
    """
    repository = workspace.required_repository
    found = named_proposal(repository, author, name)
    target = target_of(repository, None)
    reviewed = review(Plans(repository, target.tip, now), found.tip)
    text = proposal_markdown(reviewed, target.name, found.id)
    return Reviewable(found.id, text, [*sorted(_foreign(reviewed)), *_tainted(reviewed)])


def _foreign(reviewed: Review) -> set[str]:
    """Return what a proposal changes that a tracker knows as well."""
    return {
        change.id for change in reviewed.changes if origin_row(change.before or change.after or {})
    }


def _tainted(reviewed: Review) -> list[str]:
    """Return what those read who made a proposal, in words, a commit each."""
    return [item.tainted for item in reviewed.commits if item.tainted]
