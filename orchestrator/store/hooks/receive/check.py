"""The whole check of a push: who, which refs, which commits, and the plan as it would be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from orchestrator.model.shape import Document
from orchestrator.store.git import Git, Oid, open_git
from orchestrator.store.hooks.receive.agents import Refused, refused_commits
from orchestrator.store.hooks.receive.arrivals import (
    NewCommit,
    RefUpdate,
    commit_of,
    new_commits,
)
from orchestrator.store.hooks.receive.plans import verdicts
from orchestrator.store.hooks.receive.push import Push
from orchestrator.store.hooks.receive.pusher import Pusher, name_of, pusher_named
from orchestrator.store.hooks.receive.rights import (
    held_commits,
    refused_person,
    refused_refs,
    refused_signatures,
)
from orchestrator.store.hooks.receive.standing import Standing, standing_at
from orchestrator.store.hooks.verdict import Verdict

_MOST_BRANCHES = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What a push is told.

    Attributes:
        refusals: Why it is refused, besides problems of the plan.
        verdicts: What is wrong with the plan at each new tip: ref, workspace's folder, problems.
        git: The repository.
    """

    git: Git
    refusals: tuple[Refused, ...] = ()
    verdicts: tuple[tuple[str, str, Verdict], ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the push may be taken."""
        return bool(self.refusals) or any(verdict.refusing for *_, verdict in self.verdicts)


def check_receive(
    folder: str, environment: Mapping[str, str], updates: Sequence[RefUpdate], now: datetime
) -> Answer:
    """Return whether a push may be taken, and if not, every reason.

    Args:
        folder: Of the bare repository.
        environment: As git gave it to the hook: with the quarantine, and who has logged in.
        updates: The refs that would change.
        now: For the checks of stamps.
    """
    git = open_git(folder, environment, in_hook=True)
    # What refs/replace/ shows instead of a commit is not what a clone gets.
    git = replace(git, environment={**git.environment, "GIT_NO_REPLACE_OBJECTS": "1"})
    main = git.run("symbolic-ref", "HEAD", may_fail=True).decode().strip()
    head = commit_of(git, "HEAD")
    branches = _tips(git) if head is None else []
    if branches and not any(update.name == main and update.new for update in updates):
        return Answer(git, (_headless(main),))
    targets = _targets(git, updates, head) | {
        f"{oid}": standing_at(git, oid) for oid in branches[:_MOST_BRANCHES]
    }
    push = Push(git, updates, main, standing_at(git, head), targets)
    users = list(push.users())
    asks = any(
        value == "required" for update in updates for value in push.said(update, "signatures")
    )
    commits = new_commits(git, updates, signatures=asks)
    pusher = _signed_pusher(pusher_named(name_of(environment), users), commits, users)
    refusals = [*refused_person(push, pusher), *refused_refs(push, pusher)]
    if asks:
        refusals += refused_signatures(commits, pusher)
    held = list(held_commits(commits, pusher, users))
    refusals += refused_commits(git, push.trusted, held)
    if refusals:
        return Answer(git, tuple(refusals))
    return Answer(git, verdicts=tuple(verdicts(push, head, now)))


def _tips(git: Git) -> list[Oid]:
    out = git.run("for-each-ref", "--format=%(objectname)", "refs/heads/")
    return [Oid(line) for line in out.decode().split()]


def _headless(main: str) -> Refused:
    return Refused(
        f"The default branch of this repository, {main} , is not there, so nobody can tell whose "
        "policy holds; on the server, git symbolic-ref HEAD refs/heads/… names another."
    )


def _targets(git: Git, updates: Iterable[RefUpdate], head: Oid | None) -> dict[str, Standing]:
    """Return what each branch says that is pushed to; a proposal says nothing about rights."""
    found: dict[str, Standing] = {}
    for update in updates:
        branch = update.branch
        if branch and update.old and update.old != head and not branch.startswith("agent/"):
            found[update.name] = standing_at(git, update.old)
    return found


def _signed_pusher(
    pusher: Pusher, commits: Iterable[NewCommit], users: "list[tuple[str, Document]]"
) -> Pusher:
    """Return who pushes by their signature, where the transport does not say."""
    if pusher.name is not None:
        return pusher
    signers = {commit.signer for commit in commits if commit.grade == "G"}
    found = [pusher_named(signer, users) for signer in sorted(signers)]
    return next((one for one in found if one.is_agent), pusher)
