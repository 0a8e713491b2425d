"""A patch as a commit on a branch, without the work tree and at a cost that does not grow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestrator.patch.apply import Change
from orchestrator.patch.describe import body, subject
from orchestrator.patch.diff import diff
from orchestrator.patch.ops import Patch, digest
from orchestrator.store.documents import TreeDocuments
from orchestrator.store.edits import file_edits
from orchestrator.store.fast_import import bare, ident, import_commit, raw_date
from orchestrator.store.git import GitFailedError, Oid, StoreError
from orchestrator.store.identity import Author
from orchestrator.store.objects import Objects, open_objects
from orchestrator.store.rebase import wanted_changes
from orchestrator.store.repository import Repository
from orchestrator.store.sign import sign, wants_signature
from orchestrator.store.write import FileEdit
from orchestrator.verbs.stamps import refuse_agents_stamps, stamped_changes

_BRANCH = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._/+-]*[A-Za-z0-9_+-])?")
_LONGEST_BRANCH = 200


@dataclass(frozen=True, slots=True)
class Commit:
    """What applying a patch to a branch produced.

    Attributes:
        oid: The commit; the branch's old tip when the plan was so already.
        branch: Its branch.
        changes: By entity.
        message: Subject, body and trailers.
    """

    oid: Oid
    branch: str
    changes: tuple[Change, ...]
    message: str


class BranchError(StoreError):
    """The branch cannot be written to."""


class MovedError(BranchError):
    """The branch has got another commit since its tip was read; nothing was written.

    Attributes:
        branch: Which.
    """

    def __init__(self, branch: str) -> None:
        super().__init__(f"{branch} moved while the patch was applied.", "Try again.")
        self.branch = branch


@dataclass(frozen=True, slots=True)
class Draft:
    """A commit that is ready to be written.

    Attributes:
        branch: Where it is to go.
        tip: What the patch was applied to; writing fails when the branch has moved.
        is_new: Whether there is no such branch yet; writing fails when somebody has made it.
        changes: By entity.
        edits: By file.
        message: Subject, body and trailers.
    """

    branch: str
    tip: Oid
    is_new: bool
    changes: tuple[Change, ...]
    edits: tuple[FileEdit, ...]
    message: str


def draft(repository: Repository, branch: str, patch: Patch, now: datetime) -> Draft:
    """Apply `patch` to the tip of `branch`, or to HEAD when there is no such branch.

    Two processes, whatever the size of the plan: one tells the branch's tip, one reads the files
    that the ops name.

    Raises:
        BranchError: The branch's name is unfit, or it is checked out in some work tree.
        StalePatchError: What the patch changes has changed otherwise since its base.
        PatchError: The patch cannot be applied.
    """
    refuse_agents_stamps(patch)
    with open_objects(repository.git) as objects:
        tip, is_new = tip_of(repository, branch, objects)
        documents = TreeDocuments.read(repository, tip, patch, objects)
        wanted = wanted_changes(repository, patch, documents, objects)
    changes = tuple(stamped_changes(wanted, now, restores=patch.restores))
    edits = tuple(file_edits(changes, documents.locate, documents.bytes_of))
    return Draft(branch, tip, is_new, changes, edits, commit_message(patch, changes))


def write_commit(
    repository: Repository,
    ready: Draft,
    author: Author,
    now: datetime,
    *,
    committer: Author | None = None,
    is_signed: bool | None = None,
) -> Commit:
    """Write a draft: one fast-import makes blobs, trees and commit; then the ref is moved.

    The ref is taken only if it still has the tip that the patch was applied to: fast-import itself
    would overwrite a branch that was set back or deleted meanwhile. It cannot sign either; a
    commit that is to be signed takes two processes more.

    Args:
        repository: Where.
        ready: The draft.
        author: Whose name it carries.
        now: When.
        committer: Who writes it, when that is somebody else.
        is_signed: Whether to sign it; None asks git's commit.gpgSign.

    Raises:
        MovedError: The branch has moved, or was deleted or made.
        CollectedError: A gc was in the way.
        SigningError: It was to be signed, and git could not.
    """
    if not ready.edits:
        return Commit(ready.tip, ready.branch, (), ready.message)
    people = (author, committer or author)
    oid = make_commit(repository, ready, people, now, is_signed=is_signed)
    _move(repository, ready, oid)
    return Commit(oid, ready.branch, ready.changes, ready.message)


def make_commit(
    repository: Repository,
    ready: Draft,
    people: tuple[Author, Author],
    now: datetime,
    *,
    is_signed: bool | None = None,
) -> Oid:
    """Return the commit of a draft, to which no ref leads yet.

    Args:
        repository: Where.
        ready: The draft.
        people: Author and committer.
        now: When.
        is_signed: Whether to sign it; None asks git's commit.gpgSign.

    Raises:
        CollectedError: A gc was in the way.
        SigningError: It was to be signed, and git could not.
    """
    author, committer = people
    if wants_signature(repository.git) if is_signed is None else is_signed:
        return _signed(repository, ready, author, committer, now)
    return _import(repository, ready, author, committer, now)


def branch_ref(branch: str) -> str:
    """Return the full ref of a branch.

    Raises:
        BranchError: Git, a shell or a file system would stumble over the name.
    """
    bad = (
        not _BRANCH.fullmatch(branch)
        or len(branch) > _LONGEST_BRANCH
        or any(part in branch for part in ("..", "//", "/.", "./", "/-"))
        or any(part.endswith(".lock") for part in branch.split("/"))
        or branch == "HEAD"
    )
    if bad:
        raise BranchError(
            f"{branch[:100]!r} is no name for a branch.",
            "Letters, digits, dots, dashes and slashes: agent/planner/split-capture.",
        )
    return f"refs/heads/{branch}"


def commit_message(patch: Patch, changes: Sequence[Change]) -> str:
    """Return subject, what changed in words, and the trailers that tie the commit to the patch."""
    head = _one_line(patch.title) if patch.title else subject(changes)
    trailers = [f"Orchestrator-Patch: {digest(diff(changes))}"]
    if patch.author and patch.author.startswith("agent:"):
        trailers.append(f"Orchestrator-Agent: {_one_line(patch.author.removeprefix('agent:'))}")
    if patch.model:
        trailers.append(f"Orchestrator-Model: {_one_line(patch.model)}")
    if patch.reason:
        trailers.append(f"Reason: {_one_line(patch.reason)}")
    trailers += map(_one_line, patch.trailers)
    words = body(changes)
    return "\n\n".join(part for part in (head, words, "\n".join(trailers)) if part) + "\n"


def tip_of(repository: Repository, branch: str, objects: Objects) -> tuple[Oid, bool]:
    """Return the commit that a patch on `branch` is applied to, and whether that branch is new.

    It is the branch's tip, or HEAD for a new one.

    Raises:
        BranchError: The name is unfit, the branch is checked out, or there is no commit at all.
    """
    ref = branch_ref(branch)
    out = repository.git.run(
        "for-each-ref", "--format=%(refname)%00%(objectname)%00%(worktreepath)", ref
    )
    for line in out.decode("utf-8", "replace").splitlines():
        name, oid, where = line.split("\0")
        if name == ref and where:
            is_gone = not Path(where).exists()
            raise BranchError(
                f"{branch} is checked out in {where} {', which is gone' if is_gone else ''}.",
                "git worktree prune forgets work trees that are gone."
                if is_gone
                else "Apply the patch there without --branch, or name another branch.",
            )
        if name == ref:
            return Oid(oid), False
    head = objects.oid("HEAD")
    if head is None:
        raise BranchError("There are no commits yet to start a branch from.", "git commit first.")
    return head, True


def _signed(
    repository: Repository, ready: Draft, author: Author, committer: Author, now: datetime
) -> Oid:
    """Return a signed commit of the tree that fast-import writes."""
    unsigned = _import(repository, ready, author, committer, now)
    people = [(bare(who.name), bare(who.email)) for who in (author, committer)]
    return sign(repository.git, unsigned, ready.tip, ready.message, people, raw_date(now))


def _move(repository: Repository, ready: Draft, oid: Oid) -> None:
    old = "0" * len(ready.tip) if ready.is_new else ready.tip
    message = ("-m", "orchestrator: patch")
    ref = branch_ref(ready.branch)
    code, _, said = repository.git.finish("update-ref", *message, ref, oid, old)
    if not code:
        return
    out = repository.git.run("for-each-ref", "--format=%(objectname)", ref).decode().split()
    if out != ([] if ready.is_new else [ready.tip]):
        raise MovedError(ready.branch)
    raise GitFailedError(("update-ref",), said, code)


def _import(
    repository: Repository,
    ready: Draft,
    author: Author,
    committer: Author,
    now: datetime,
) -> Oid:
    """Return a commit that no ref has yet."""
    people = (
        ident(author.name, author.email, now),
        ident(committer.name, committer.email, now),
    )
    files = ((f"{repository.prefix}{edit.path}", edit.after) for edit in ready.edits)
    return import_commit(repository.git, (ready.tip,), files, ready.message, people)


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
