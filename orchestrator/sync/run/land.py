"""The local commit of a sync: on the branch that is checked out, or on one for review."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from orchestrator.patch.apply import Change
from orchestrator.patch.describe import subject
from orchestrator.store.commit import BranchError, Draft, commit_message, make_commit
from orchestrator.store.fast_import import CollectedError
from orchestrator.store.git import Git, Oid
from orchestrator.store.git_locks import git_writing
from orchestrator.store.identity import author_of, committer_of
from orchestrator.store.journal import Entry
from orchestrator.store.lock import locked
from orchestrator.store.proposals.checkout import refuse_checked_out_elsewhere
from orchestrator.store.proposals.find import HEADS
from orchestrator.store.proposals.tree import move_ref
from orchestrator.store.repository import Repository
from orchestrator.store.trees import Tree, commit_tree, read_blobs
from orchestrator.store.write import DirtyFileError, write_files
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.run.fit import Build, Fit, Fitting, changed_names
from orchestrator.sync.run.ground import Ground, GroundError, stand_again
from orchestrator.sync.run.unsaved import Placed, is_but_for_stamps, placed

_TRIES = 5
_ROUNDS = 4
_WAITS = 20
_PAUSE = 0.1  # seconds


class Landed(NamedTuple):
    """What became of the local half of a sync.

    Attributes:
        head: The last commit of the checked-out branch that holds what was taken.
        commit: The commit that was made, be it on another branch; None when nothing changed.
        changes: By entity.
        taken: What is in the files now.
        refused: Why items could not be taken, by kind and id.
    """

    head: Oid
    commit: Oid | None
    changes: tuple[Change, ...]
    taken: tuple[Done, ...]
    refused: Mapping[Name, str]


@dataclass(frozen=True, slots=True)
class Landing:
    """How the local half of a sync becomes a commit.

    Attributes:
        name: Of the integration.
        build: Makes the patch.
        now: The moment.
        branch: For review, instead of the checked-out one; rebuilt from that one's last commit.
    """

    name: str
    build: Build
    now: datetime
    branch: str | None = None


def land(planned: Ground, done: Iterable[Done], landing: Landing) -> Landed:
    """Commit what a sync brings to the files.

    Where the branch has got commits since the plan was made, what they changed is kept.

    Raises:
        StoreError: Another branch is checked out by now, or git or the system refuses.
    """
    wanted = tuple(done)
    if not wanted:
        return Landed(planned.head, None, (), (), {})
    for _ in range(_TRIES - 1):
        try:
            return _landed(planned, stand_again(planned), wanted, landing)
        except (BranchError, CollectedError, DirtyFileError):
            continue  # somebody committed or saved a file in between
    return _landed(planned, stand_again(planned), wanted, landing)


def _landed(planned: Ground, ground: Ground, done: Sequence[Done], landing: Landing) -> Landed:
    fitting = Fitting(planned, ground, landing.build, landing.now)
    fit = fitting.fit(done, {})
    if landing.branch is not None:
        return _reviewed(ground, fit, landing)
    for _ in range(_ROUNDS):
        put = placed(ground, fit.edits)
        if not put.refused:
            break
        names = changed_names(ground.snapshot, fit.changes)
        unsaved = {names[path]: why for path, why in put.refused.items() if path in names}
        fit = fitting.fit(fit.taken, {**fit.refused, **unsaved})
    else:
        fit = fitting.fit((), fit.refused)
        put = Placed()
    if not fit.edits:
        return Landed(ground.head, None, (), fit.taken, fit.refused)
    ready = _draft(ground, fit, landing, ground.branch)
    oid = _commit(ground, ready, landing.now)
    _write(ground, ready, put, oid, landing.now)
    return Landed(oid, oid, fit.changes, fit.taken, fit.refused)


def _write(ground: Ground, ready: Draft, put: Placed, oid: Oid, now: datetime) -> None:
    """Give files, index and branch what the commit holds, in this order.

    Killed in between, the files hold what the next sync will bring, which is then no difference.
    """
    workspace, repository = ground.workspace, ground.repository
    workspace.mend()
    new = commit_tree(repository.git, repository.prefix, oid)
    with locked(workspace.lock, "sync"):
        if repository.head != ground.head:
            raise BranchError(f"{ground.branch} moved while the sync ran.", "Try again.")
        title = ready.message.partition("\n")[0]
        entry = Entry(workspace.journal, title, now, ground.head)
        write_files(workspace.root, put.files, entry)
        _stage(repository, put, new)
        move_ref(repository, f"{HEADS}{ground.branch}", oid, ground.head, title)


def _stage(repository: Repository, put: Placed, new: Tree) -> None:
    git = repository.git
    gone = "0" * len(git.empty_tree())
    rows = []
    for path, content in put.index.items():
        if content is not None:
            blob = git.run("hash-object", "-w", "--no-filters", "--stdin", stdin=content)
            row = f"100644 {blob.decode().strip()}\t"
        elif path in new.blobs:
            mode, oid = new.blobs[path]
            row = f"{mode} {oid}\t"
        else:
            row = f"0 {gone}\t"
        rows.append(f"{row}{repository.prefix}{path}\0".encode("utf-8", "surrogateescape"))
    with git_writing(repository):
        _update_index(git, b"".join(rows))
        git.finish("update-index", "-q", "--refresh")


def _update_index(git: Git, rows: bytes) -> None:
    """Put entries into the index, waiting for an editor's git that holds it for a moment."""
    for _ in range(_WAITS):
        code, _, said = git.finish("update-index", "-z", "--index-info", stdin=rows)
        if not code:
            return
        if "index.lock" not in said:
            break
        time.sleep(_PAUSE)
    git.run("update-index", "-z", "--index-info", stdin=rows)


def _reviewed(ground: Ground, fit: Fit, landing: Landing) -> Landed:
    """Put what a sync brings on a branch of its own, on top of the checked-out one's commit."""
    branch = landing.branch or ""
    repository = ground.repository
    ref = f"{HEADS}{branch}"
    if refuse_checked_out_elsewhere(repository, branch):
        raise GroundError(f"{branch} is checked out.", f"git switch {ground.branch}")
    code, out, _ = repository.git.finish("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    old = None if code else Oid(out.decode().strip())
    if not fit.edits:
        return Landed(ground.head, None, (), fit.taken, fit.refused)
    ready = _draft(ground, fit, landing, branch)
    oid = _commit(ground, ready, landing.now)
    if old is not None and _is_alike(repository.git, old, oid):
        return Landed(ground.head, None, fit.changes, fit.taken, fit.refused)
    with locked(ground.workspace.lock, "sync"):
        move_ref(repository, ref, oid, old, ready.message.partition("\n")[0])
    return Landed(ground.head, oid, fit.changes, fit.taken, fit.refused)


def _is_alike(git: Git, old: Oid, new: Oid) -> bool:
    """Return whether two commits hold the same but for stamps, which are of the moment of a run."""
    rows = git.run("diff-tree", "-r", "-z", "--no-renames", old, new).split(b"\0")[:-1]
    blobs: list[Oid] = []
    for row in rows[::2]:
        _, _, before, after, verb = row.decode().split(" ")
        if verb != "M":
            return False
        blobs += [Oid(before), Oid(after)]
    texts = list(read_blobs(git, blobs))
    return all(map(is_but_for_stamps, texts[::2], texts[1::2]))


def _draft(ground: Ground, fit: Fit, landing: Landing, branch: str) -> Draft:
    title = f"Sync {landing.name}: {subject(fit.changes)}"
    patch = replace(fit.patch, title=title, trailers=(f"Source: {landing.name}",))
    message = commit_message(patch, fit.changes)
    return Draft(branch, ground.head, False, fit.changes, fit.edits, message)  # noqa: FBT003


def _commit(ground: Ground, ready: Draft, now: datetime) -> Oid:
    people = (author_of(ground.repository), committer_of(ground.repository))
    return make_commit(ground.repository, ready, people, now)
