"""The gate that agents' patches pass before anything is written: the target's policy."""

from collections.abc import Iterable
from typing import NamedTuple

from orchestrator.model.ids import is_user_id
from orchestrator.model.places import SETTINGS_FILE
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change
from orchestrator.patch.ops import PatchError
from orchestrator.patch.policy import (
    BrokenPolicyError,
    Verdict,
    accepts_alone,
    agent_of,
    decide,
    is_own_branch,
    policy_of,
)
from orchestrator.store.git import Oid
from orchestrator.store.parse import document_of
from orchestrator.store.repository import Repository

_MOST_SHOWN = 10


class PolicyRefusedError(PatchError):
    """The policy does not let an agent make a change (ORC401).

    Attributes:
        agent: Its name.
        refusals: What it may not do, step by step.
    """

    def __init__(self, agent: str, refusals: Iterable[Verdict], target: "TargetPolicy") -> None:
        self.agent = agent
        self.refusals = tuple(refusals)
        shown = [f"  {target.said(verdict)}" for verdict in self.refusals[:_MOST_SHOWN]]
        if (more := len(self.refusals) - _MOST_SHOWN) > 0:
            shown.append(f"  … and {more:,} more")
        listed = "\n".join(shown)
        super().__init__(
            f"The policy refuses the patch of agent {agent} ; nothing was written.\n{listed}",
            "orchestrator policy explain FILE names the line that decides about each change.",
        )


class NotOwnBranchError(PatchError):
    """An agent's patch is for something else than one of its own branches (ORC401).

    Attributes:
        agent: Its name.
        branch: The branch, or None for the work tree.
    """

    def __init__(self, agent: str, branch: str | None) -> None:
        self.agent = agent
        self.branch = branch
        where = f"the branch {branch}" if branch else "the work tree"
        super().__init__(
            f"Agent {agent} may not write to {where} : it has branches of its own (ORC401).",
            f"Name one with --branch agent/{agent}/… ; a person who has read it merges it.",
        )


class TargetPolicy(NamedTuple):
    """The policy of what a change is for.

    Attributes:
        policy: As `patch.policy` reads it, or None when there is none.
        text: Of the settings' file, to name lines of.
    """

    policy: Document | None
    text: str = ""

    def place(self, pointer: str | None) -> str | None:
        """Return where a rule stands, `orchestrator.yaml:12`; None for one that is built in."""
        if pointer is None:
            return None
        from orchestrator.text.locate import locate

        found = locate(self.text, pointer, at_key=True)
        return f"{SETTINGS_FILE}:{found[0]}" if found and self.policy is not None else SETTINGS_FILE

    def said(self, verdict: Verdict) -> str:
        """Return a verdict as one line that names the rule's line."""
        place = self.place(verdict.pointer)
        return f"ORC401 {place}: {verdict.why}" if place else f"ORC401 {verdict.why}"


def policy_in(data: bytes | None) -> TargetPolicy:
    """Return the policy in the bytes of orchestrator.yaml; None stands for no such file.

    Environments' settings are not asked: a variable must not choose what an agent may do.

    Raises:
        BrokenPolicyError: It cannot be read; then nothing may be allowed.
    """
    if data is None:
        return TargetPolicy(None)
    found = document_of(SETTINGS_FILE, data)
    if isinstance(found, list):
        raise BrokenPolicyError(
            f"The policy cannot be read, so no agent may change anything: {found[0].message}",
            "orchestrator check says more.",
        )
    return TargetPolicy(policy_of(found), data.decode("utf-8", "replace"))


def policy_at(repository: Repository, revision: Oid | None) -> TargetPolicy:
    """Return the policy that a commit has; no commit has none.

    Raises:
        BrokenPolicyError: It cannot be read.
    """
    if revision is None:
        return TargetPolicy(None)
    name = f"{revision}:{repository.prefix}{SETTINGS_FILE}"
    code, data, _ = repository.git.finish("cat-file", "blob", name)
    return policy_in(None if code else data)


def head_of(repository: Repository) -> Oid | None:
    """Return the commit that HEAD names, or None before the first."""
    code, out, _ = repository.git.finish("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return None if code else Oid(out.decode().strip())


def refuse_by_policy(
    target: TargetPolicy, author: str | None, changes: Iterable[Change], branch: str | None = None
) -> None:
    """Do nothing when a patch's author may make these changes; people may make any.

    An agent writes to branches of its own, `agent/<name>/…`. Where the policy says `accept: auto`
    it may write anywhere, since nobody has to accept what it does.

    Args:
        target: The policy of the branch that the change is meant for, never of a proposal.
        author: The patch's; `agent:<name>` for agents.
        changes: By entity, stamped.
        branch: Where it is written; None is the work tree.

    Raises:
        PolicyRefusedError: The policy does not allow it.
        NotOwnBranchError: It is not one of the agent's own branches.
    """
    agent = agent_of(author)
    if agent is None:
        return
    if not is_user_id(agent):
        raise PatchError(
            f"{agent[:60]!r} is no name of an agent.",
            "Small letters, digits, dots and dashes: agent:planner.",
        )
    if not is_own_branch(agent, branch or "") and not accepts_alone(target.policy, agent):
        raise NotOwnBranchError(agent, branch)
    decision = decide(target.policy, agent, changes)
    if not decision.is_allowed:
        raise PolicyRefusedError(agent, decision.refusals, target)


def refuse_on_branch(
    repository: Repository,
    author: str | None,
    changes: Iterable[Change],
    branch: str,
    tip: Oid | None,
) -> None:
    """Do nothing when a patch's author may make these changes on a branch, as above.

    What is written to `agent/…` is meant for the branch that is checked out, so HEAD's policy
    holds; on another branch its own does.

    Args:
        repository: Around the workspace.
        author: The patch's; `agent:<name>` for agents.
        changes: By entity, stamped.
        branch: Where the commit goes.
        tip: What the commit is made on.

    Raises:
        PolicyRefusedError: The policy does not allow it.
        NotOwnBranchError: It is not one of the agent's own branches.
    """
    if agent_of(author) is None:
        return
    target = head_of(repository) if branch.startswith("agent/") else tip
    refuse_by_policy(policy_at(repository, target), author, changes, branch)
