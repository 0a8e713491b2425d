"""Patches as commits on a branch of their own, without the work tree."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from orchestrator.model.fields import STAMPS
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change, apply
from orchestrator.patch.ops import Patch, PatchError
from orchestrator.patch.step import same
from orchestrator.store.commit import BranchError, Commit
from orchestrator.store.documents import TreeDocuments
from orchestrator.store.git import Oid
from orchestrator.store.history import patch_of
from orchestrator.store.lock import locked
from orchestrator.store.objects import open_objects
from orchestrator.store.proposals.find import HEADS
from orchestrator.store.proposals.names import Name
from orchestrator.store.proposals.tree import move_ref
from orchestrator.store.repository import Repository
from orchestrator.store.workspace import Workspace

_MOST_ASKED = 50  # commits of a branch that are asked whether they are this patch


@dataclass(frozen=True, slots=True)
class Proposed:
    """What proposing did.

    Attributes:
        name: The proposal's.
        commits: The new ones.
        tip: Where the branch is now; where it would start when nothing was to be changed.
        is_new: Whether the branch was made.
    """

    name: Name
    commits: tuple[Commit, ...]
    tip: Oid
    is_new: bool


def propose(
    workspace: Workspace, name: Name, patches: Sequence[Patch], start: Oid, now: datetime
) -> Proposed:
    """Commit each patch on the proposal's branch, all of them or none.

    A patch that one of the branch's commits is already is left out, so that asking twice is asking
    once.

    Args:
        workspace: Where.
        name: The proposal; when there is a branch of that name, the patches are added to it.
        patches: What to propose, one commit each.
        start: Where a new branch starts.
        now: For the stamps.

    Raises:
        PatchError: A patch cannot be applied, brings errors, or is refused by the policy.
        StoreError: The branch cannot be written.
    """
    repository = workspace.required_repository
    old = tip_of_branch(repository, name)
    # Made first, because a new branch of a patch would start at HEAD.
    if old is None:
        _move(workspace, name, start, None, "propose")
    tip, commits = old or start, []
    try:
        for patch in patches:
            if old is not None and was_proposed(repository, patch, start, tip):
                continue
            commit = workspace.commit_patch(name.branch, patch, now)
            if commit.oid != tip:
                commits.append(commit)
                tip = commit.oid
    except BaseException:
        with suppress(BranchError):  # somebody has added to it: then it is theirs as well
            _move(workspace, name, old, tip, "take back")
        raise
    if old is None and not commits:
        _move(workspace, name, None, start, "nothing to propose as")
    return Proposed(name, tuple(commits), tip, old is None)


def free_name(repository: Repository, name: Name) -> Name:
    """Return the name, with a number behind it when there is a branch of that name."""
    number = 1
    found = name
    while tip_of_branch(repository, found) is not None:
        number += 1
        found = Name(name.author, f"{name.slug}-{number}")
    return found


def tip_of_branch(repository: Repository, name: Name) -> Oid | None:
    """Return the commit of a proposal's branch here, or None when there is none."""
    code, out, _ = repository.git.finish(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{HEADS}{name.branch}^{{commit}}"
    )
    return None if code else Oid(out.decode().split()[-1])


def was_proposed(repository: Repository, patch: Patch, start: Oid, tip: Oid) -> bool:
    """Return whether one of the commits from `start` to `tip` does what a patch does.

    Each is compared with what the patch would do to the commit's parent, stamps left aside: they
    are the tool's, and tell when it was done.
    """
    out = repository.git.run(
        "log", "--first-parent", "--no-merges", "--no-show-signature", "--format=%H %P",
        f"--max-count={_MOST_ASKED}", "--end-of-options", f"{start}..{tip}",
    )  # fmt: skip
    for line in out.decode().splitlines():
        oid, _, parent = line.partition(" ")
        try:
            with open_objects(repository.git) as objects:
                documents = TreeDocuments.read(repository, Oid(parent), patch, objects)
            wanted = apply(documents, patch.ops)
        except PatchError:
            continue
        if _effect(wanted) == _effect(patch_of(repository, oid).changes):
            return True
    return False


def _move(workspace: Workspace, name: Name, new: Oid | None, old: Oid | None, deed: str) -> None:
    repository = workspace.required_repository
    with locked(workspace.lock, "propose"):
        move_ref(repository, f"{HEADS}{name.branch}", new, old, f"{deed} {name.id}")


def _effect(changes: Sequence[Change]) -> dict[tuple[str, str], Document | None]:
    return {
        (change.kind, change.id): change.after
        and {key: value for key, value in change.after.items() if key not in STAMPS}
        for change in changes
        if not same(change.before, change.after)
    }
