"""Which proposals there are, and the branch that they are proposed for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from orchestrator.model.suggest import did_you_mean
from orchestrator.store.commit import branch_ref
from orchestrator.store.git import Oid, StoreError
from orchestrator.store.proposals.names import Name, name_of_branch
from orchestrator.store.repository import Repository

HEADS = "refs/heads/"
REMOTES = "refs/remotes/"
_FORMAT = "%(refname)%00%(objectname)%00%(committerdate:iso8601-strict)%00%(worktreepath)"
_MOST_COMMITS = 1000


class ProposalError(StoreError):
    """There is no such proposal, or more than one, or it cannot be dealt with."""


@dataclass(frozen=True, slots=True)
class Target:
    """The branch that a proposal is for.

    Attributes:
        branch: Its name; `""` when it is just a commit.
        tip: Its commit.
    """

    branch: str
    tip: Oid

    @property
    def name(self) -> str:
        """How to call it."""
        return self.branch or self.tip[:12]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A branch that waits for a person.

    Attributes:
        name: Author and slug.
        ref: The full ref.
        tip: Its commit.
        at: When that was committed.
        remote: The remote that it was fetched from; `""` when it is a branch here.
        checked_out: The work tree that has it checked out, or `""`.
    """

    name: Name
    ref: str
    tip: Oid
    at: datetime
    remote: str
    checked_out: str

    @property
    def id(self) -> str:
        """Author and slug."""
        return self.name.id

    @property
    def branch(self) -> str:
        """Its short name: with the remote before it where it is not a branch here."""
        return self.ref.removeprefix(HEADS).removeprefix(REMOTES)


@dataclass(frozen=True, slots=True)
class ProposedCommit:
    """One commit of a proposal.

    Attributes:
        oid: Its id.
        subject: The first line of its message.
        author: As git has it.
        at: When it was made.
        agent: The agent that proposed it, or None.
        model: The language model that wrote it, or None.
        reason: Why, or None.
        tainted: What of it others wrote that the agent read, or None.
    """

    oid: Oid
    subject: str
    author: str
    at: datetime
    agent: str | None
    model: str | None
    reason: str | None
    tainted: str | None = None


def target_of(repository: Repository, branch: str | None) -> Target:
    """Return the branch named, or the one that is checked out.

    Raises:
        StoreError: There is no such branch or no commit.
    """
    git = repository.git
    if branch is not None:
        name = branch.removeprefix(HEADS)
        return Target(name, git.commit_of(branch_ref(name)))
    code, out, _ = git.finish("symbolic-ref", "--quiet", "HEAD")
    ref = out.decode("utf-8", "replace").strip()
    name = ref.removeprefix(HEADS) if code == 0 and ref.startswith(HEADS) else ""
    code, out, _ = git.finish("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if code:
        raise ProposalError("There are no commits here yet.", "git commit first.")
    return Target(name, Oid(out.decode().strip()))


def proposals(repository: Repository) -> list[Proposal]:
    """Return the proposals, the newest first: the branches here, and others of the remotes."""
    found: dict[tuple[str, Name], Proposal] = {}
    for proposal in _refs(repository, "refs/heads/agent/", "refs/remotes/*/agent/**"):
        found[proposal.remote, proposal.name] = proposal
    local = {name for remote, name in found if not remote}
    kept = [item for (remote, name), item in found.items() if not remote or name not in local]
    return sorted(kept, key=lambda item: (item.at, item.id), reverse=True)


def proposal_named(repository: Repository, text: str) -> Proposal:
    """Return the proposal that a person means: `author/slug`, a slug, or the branch.

    Raises:
        ProposalError: There is none, or several.
    """
    known = proposals(repository)
    short = text.removeprefix(HEADS).removeprefix(REMOTES)
    for match in (
        [item for item in known if short in {item.id, item.branch, item.name.branch}],
        [item for item in known if item.name.slug == short],
    ):
        here = [item for item in match if not item.remote] or match
        if len(here) > 1:
            named = ", ".join(item.branch if item.remote else item.id for item in here[:5])
            raise ProposalError(f"{text[:100]} could be {named} .", "Name one of them in full.")
        if here:
            return here[0]
    hint = did_you_mean(short, [name for item in known for name in (item.id, item.name.slug)])
    raise ProposalError(
        f"There is no proposal {text[:100]} .", hint or "orchestrator proposal list shows them."
    )


def merged_ids(repository: Repository, target: Oid) -> set[str]:
    """Return the refs of the proposals that `target` contains already."""
    out = repository.git.run(
        "for-each-ref", f"--merged={target}", "--format=%(refname)",
        "refs/heads/agent/", "refs/remotes/*/agent/**",
    )  # fmt: skip
    return set(out.decode("utf-8", "replace").splitlines())


def commits_of(repository: Repository, target: Oid, tip: Oid) -> list[ProposedCommit]:
    """Return the commits that a proposal brings, the oldest first, without merges."""
    trailer = "%(trailers:key={},valueonly,unfold,separator=%x20)"
    names = ("Orchestrator-Agent", "Orchestrator-Model", "Reason", "Orchestrator-Tainted")
    shown = ("%H", "%s", "%an", "%aI", *(trailer.format(name) for name in names))
    out = repository.git.run(
        "log", "--reverse", "--topo-order", "--no-merges", "--no-show-signature", "-z",
        f"--max-count={_MOST_COMMITS}", f"--format={'%x01'.join(shown)}",
        "--end-of-options", f"{target}..{tip}",
    )  # fmt: skip
    found = []
    for record in out.decode("utf-8", "replace").split("\0"):
        if record:
            oid, subject, author, at, *rest = record.split("\x01")
            told = (value.strip() or None for value in (*rest, "", "", "", "")[:4])
            moment = datetime.fromisoformat(at)
            found.append(ProposedCommit(Oid(oid), subject, author, moment, *told))
    return found


def checked_out_at(repository: Repository, ref: str) -> str:
    """Return the work tree that has a branch checked out, or `""`."""
    out = repository.git.run("for-each-ref", "--format=%(refname)%00%(worktreepath)", ref)
    for line in out.decode("utf-8", "surrogateescape").splitlines():
        name, _, where = line.partition("\0")
        if name == ref:
            return where
    return ""


def _refs(repository: Repository, *patterns: str) -> Iterator[Proposal]:
    out = repository.git.run("for-each-ref", f"--format={_FORMAT}", *patterns)
    for line in out.decode("utf-8", "replace").splitlines():
        ref, oid, at, where = _four(line.split("\0"))
        remote, branch = "", ref.removeprefix(HEADS)
        if ref.startswith(REMOTES):
            remote, _, branch = ref.removeprefix(REMOTES).partition("/")
        name = name_of_branch(branch)
        if name is not None and at:
            yield Proposal(name, ref, Oid(oid), datetime.fromisoformat(at), remote, where)


def _four(fields: Sequence[str]) -> tuple[str, str, str, str]:
    ref, oid, at, where = (*fields, "", "", "", "")[:4]
    return ref, oid, at, where
