"""Verbs called by a client become one proposal; nothing reaches the branch that it is for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from orchestrator.agent.catalog import answer
from orchestrator.agent.provider import Called
from orchestrator.agent.taint import Taint
from orchestrator.agent.tools import Draft
from orchestrator.agent.wishes import ToolError
from orchestrator.errors import OrchestratorError
from orchestrator.mcp.committed import CommittedPlans
from orchestrator.mcp.proposals import own_proposal
from orchestrator.mcp.rows import change_row, problem_row
from orchestrator.mcp.strict import refuse_odd
from orchestrator.mcp.tools import verb
from orchestrator.model.ids import is_task_id
from orchestrator.patch.apply import Change
from orchestrator.patch.describe import subject
from orchestrator.patch.ops import Patch
from orchestrator.patch.policy import accepts_alone
from orchestrator.patch.semantic import counts, semantic_diff
from orchestrator.store.consequences import PatchRejectedError
from orchestrator.store.git import Oid
from orchestrator.store.policy_gate import policy_at, refuse_by_policy
from orchestrator.store.proposals.find import Target, merged_ids, target_of
from orchestrator.store.proposals.names import Name, author_slug, slug_of
from orchestrator.store.proposals.propose import (
    Proposed,
    free_name,
    propose,
    tip_of_branch,
    was_proposed,
)
from orchestrator.store.repository import Repository
from orchestrator.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client wants proposed.

    Attributes:
        calls: Verbs and their arguments, in order.
        author: `agent:<name>`.
        client: The program that asks, in words.
        title: One line, or None.
        reason: Why, or None.
        proposal: The one to add to, or None for a new one.
        is_trial: Whether only to say what it would do.
        read: What the client read that others wrote.
    """

    calls: Sequence[tuple[str, Mapping[str, Any]]]
    author: str
    client: str
    title: str | None = None
    reason: str | None = None
    proposal: str | None = None
    is_trial: bool = False
    read: tuple[str, ...] = ()


def propose_wish(
    workspace: Workspace, wish: Wish, plans: CommittedPlans, now: datetime,
    choose: Callable[[str], str],
) -> dict[str, Any]:  # fmt: skip
    """Return the verbs' answers, the proposal, what it changes, and the problems it brings.

    Args:
        workspace: Where.
        wish: What is wanted.
        plans: Where committed plans are had from.
        now: The moment at which all of it happens.
        choose: Picks a character at random, for ids.

    Raises:
        OrchestratorError: A verb or the policy refuses, or errors would come of it.
    """
    repository = workspace.required_repository
    target = target_of(repository, None)
    start = _start(repository, target, wish)
    gate, is_agreed = _bounds(repository, target, wish)
    draft = Draft(
        plans.at(repository, start), now, choose, base_commit=start, gate=gate, confirm=is_agreed
    )
    taint = Taint(draft.snapshot, *wish.read)
    try:
        answers = _called(draft, wish.calls, taint)
    except OrchestratorError as error:
        if (lost := _uncommitted(workspace, draft, wish)) is None:
            raise
        hint = f"{lost} is not committed yet; a person commits it first."
        raise ToolError(error.message, hint) from error
    problems = draft.problems()
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise PatchRejectedError(tuple(errors))
    changes: Sequence[Change] = draft.changes
    made: dict[str, Any] = {"proposal": None, "note": "Nothing changes: the plan has that."}
    if changes and wish.is_trial:
        made["note"] = "A dry run: nothing was proposed."
    elif changes:
        patch = _patch(draft, wish, taint)
        name = _name(repository, start, patch, changes, wish)
        done = propose(workspace, name, [patch], start, now)
        made = _told(done, target)
        changes = [change for commit in done.commits for change in commit.changes] or changes
    entities = semantic_diff(changes)
    return {
        "answers": answers, **made, "summary": counts(entities),
        "changes": [change_row(entity) for entity in entities],
        "problems": [problem_row(problem) for problem in problems],
    }  # fmt: skip


def _start(repository: Repository, target: Target, wish: Wish) -> Oid:
    """Return the commit that the draft is of: the target's, or a proposal's own."""
    if wish.proposal is None:
        return target.tip
    found = own_proposal(repository, wish.author, wish.proposal)
    if found.ref in merged_ids(repository, target.tip):
        raise ToolError(f"{wish.proposal} was accepted already.", "Leave proposal out.")
    return found.tip


def _bounds(
    repository: Repository, target: Target, wish: Wish
) -> tuple[Callable[[Sequence[Change]], None], Callable[[str], bool]]:
    """Return what refuses changes that the policy forbids, and what agrees to deletions."""
    policy = policy_at(repository, target.tip)
    agent = wish.author.removeprefix("agent:")

    def gate(changes: Sequence[Change]) -> None:
        refuse_by_policy(policy, wish.author, changes, f"agent/{agent}/draft")

    def is_agreed(_question: str) -> bool:
        # Whoever reviews the proposal is asked by that, as long as somebody has to.
        return not accepts_alone(policy.policy, agent)

    return gate, is_agreed


def _called(
    draft: Draft, calls: Sequence[tuple[str, Mapping[str, Any]]], taint: Taint
) -> list[dict[str, Any]]:
    found = []
    for number, (name, arguments) in enumerate(calls, start=1):
        try:
            refuse_odd(name, verb(name).schema, arguments)
            told = answer(draft, name, arguments)
        except OrchestratorError as error:
            if len(calls) == 1:
                raise
            where = f"Call {number}, {name}: {error.message} None of the calls was done."
            raise ToolError(where, error.hint) from error
        taint.note(Called(name, arguments, told))
        found.append(told)
    return found


def _uncommitted(workspace: Workspace, draft: Draft, wish: Wish) -> str | None:
    """Return a task that is named and has a file, and that the commit does not know."""
    named = _texts([arguments for _, arguments in wish.calls])
    lost = (name for name in named if is_task_id(name) and name not in draft.snapshot.tasks)
    found = (name for name in lost if any(workspace.root.glob(f"projects/*/tasks/{name}.yaml")))
    return next(found, None)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from _texts(list(value.values()))
        case list():
            for item in value:
                yield from _texts(item)
        case _:
            return


def _patch(draft: Draft, wish: Wish, taint: Taint) -> Patch:
    said = taint.said
    trailers = [f"Orchestrator-Client: {wish.client}"]
    if said:
        trailers.append(f"Orchestrator-Tainted: {said}")
    made = draft.patch(wish.title or None, wish.reason or None, wish.author)
    return replace(made, trailers=tuple(trailers))


def _name(
    repository: Repository, start: Oid, patch: Patch, changes: Sequence[Change], wish: Wish
) -> Name:
    """Return the proposal to add to, or a new one; what was proposed before gets no second."""
    owner = author_slug(wish.author)
    if wish.proposal is not None:
        return Name(owner, wish.proposal)
    name = Name(owner, slug_of(patch.title or subject(changes)))
    tip = tip_of_branch(repository, name)
    if tip is not None and was_proposed(repository, patch, start, tip):
        return name
    return free_name(repository, name)


def _told(done: Proposed, target: Target) -> dict[str, Any]:
    name = done.name
    note = "That was proposed before; nothing was added."
    if done.commits:
        note = f"A person reviews it: orchestrator proposal show {name.id}"
    return {
        "proposal": {
            "id": name.slug, "branch": name.branch, "is_new": done.is_new,
            "target": target.name, "state": "waits for a person",
        },
        "note": note,
    }  # fmt: skip
