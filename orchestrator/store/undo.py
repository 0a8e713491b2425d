"""Taking back the last change: of the work tree's files, or a commit that a patch made."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from orchestrator.model.places import place_of
from orchestrator.patch.apply import Change
from orchestrator.store.differences import edits_between
from orchestrator.store.git import Oid, StoreError
from orchestrator.store.journal import Journal, Record, read_record
from orchestrator.store.repository import Repository
from orchestrator.store.reversal import ReadBytes, changes_of, taken_back
from orchestrator.store.write import FileEdit

_FAR = 1000  # commits to look through for one that a patch made
_TRAILERS = ("Orchestrator-Patch", "Accepted-Proposal")
_UNDO, _REDO = "Undo: ", "Redo: "


class NothingToUndoError(StoreError):
    """No change is known that could be taken back."""

    def __init__(
        self,
        why: str = "There is nothing to undo.",
        hint: str = "orchestrator undo COMMIT takes back what a commit did.",
    ) -> None:
        super().__init__(why, hint)


class UncommittedError(StoreError):
    """Files that a commit is to be taken back in have changes that no commit has.

    Attributes:
        paths: The files.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(paths)
        more = f" and {len(self.paths) - 5} more" if len(self.paths) > 5 else ""  # noqa: PLR2004
        super().__init__(
            f"{', '.join(self.paths[:5])}{more} changed since the last commit.",
            "Commit that first, or git stash it.",
        )


@dataclass(frozen=True, slots=True)
class Undoing:
    """A change that can be taken back.

    Attributes:
        title: What it did, in words.
        commit: The commit that it is; None when it changed the files of the work tree alone.
        edits: What takes it back, by file.
        changes: The same by entity.
    """

    title: str
    commit: Oid | None
    edits: tuple[FileEdit, ...]
    changes: tuple[Change, ...]

    @property
    def subject(self) -> str:
        """The line that says what taking it back does; taking back an undo is a redo."""
        if self.title.startswith(_UNDO):
            return f"{_REDO}{self.title.removeprefix(_UNDO)}"
        return f"{_UNDO}{self.title.removeprefix(_REDO)}"


def undoing(
    repository: Repository | None, journal: Journal, read: ReadBytes, revision: str | None
) -> Undoing:
    """Return what `undo` takes back: a commit, or the last change, whichever came later.

    Args:
        repository: Around the workspace, or None.
        journal: Where its changes are written down.
        read: Gives the bytes of a file of the work tree.
        revision: The commit to take back; without, the last change of the files that a command
            made, unless the branch has got a commit of a patch since.

    Raises:
        NothingToUndoError: There is nothing.
        ChangedSinceError: It has been changed again.
        UnknownRevisionError: The text names no commit.
    """
    if repository is None:
        why = "There is nothing to undo: without git no change is kept."
        raise NothingToUndoError(why, "git init")
    if revision is not None:
        return _of_commit(repository, repository.git.commit_of(revision), read)
    record = read_record(journal.last)
    commit = _last_commit(repository)
    if record is not None and not (commit and _is_later(repository, commit, record)):
        edits = taken_back(record.title, record.edits, read)
        if edits:
            return Undoing(record.title, None, tuple(edits), tuple(changes_of(edits)))
    if commit is None:
        raise NothingToUndoError
    return _of_commit(repository, commit, read)


def uncommitted(repository: Repository, paths: Iterable[str]) -> list[str]:
    """Return those of the workspace's files that are not as HEAD has them."""
    full = [f"{repository.prefix}{path}" for path in paths]
    out = repository.git.run(
        "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *full
    )
    names = (os.fsdecode(line[3:]) for line in out.split(b"\0") if line)
    return [name.removeprefix(repository.prefix) for name in names]


def _of_commit(repository: Repository, commit: Oid, read: ReadBytes) -> Undoing:
    title, made = _edits_of(repository, commit)
    short = f"{title} ({commit[:12]})"
    if not made:
        raise NothingToUndoError(f"{short} changed nothing in the plan.")
    edits = taken_back(short, made, read)
    if not edits:
        raise NothingToUndoError(f"{short} has been taken back already.")
    if dirty := uncommitted(repository, [edit.path for edit in edits]):
        raise UncommittedError(dirty)
    return Undoing(title, commit, tuple(edits), tuple(changes_of(edits)))


def _edits_of(repository: Repository, commit: Oid) -> tuple[str, list[FileEdit]]:
    """Return the subject of a commit, and what it did to the plan's files."""
    git = repository.git
    out = git.run("log", "-1", "--no-show-signature", "--format=%s%x00%P", commit)
    subject, _, parents = out.decode("utf-8", "replace").rstrip("\n").rpartition("\0")
    old = Oid(parents.split(" ")[0]) if parents else git.empty_tree()
    return subject, edits_between(repository, old, commit, place_of)


def _last_commit(repository: Repository) -> Oid | None:
    """Return the last commit on the current branch that a patch made."""
    if not repository.has_commits:
        return None
    keys = "".join(f"%(trailers:key={name},valueonly,separator=%x20)" for name in _TRAILERS)
    out = repository.git.run(
        "log", "--first-parent", f"--max-count={_FAR}", "--no-show-signature",
        f"--format=%H%x00{keys}",
    )  # fmt: skip
    for line in out.decode("utf-8", "replace").splitlines():
        oid, _, trailers = line.partition("\0")
        if trailers.strip():
            return Oid(oid)
    return None


def _is_later(repository: Repository, commit: Oid, record: Record) -> bool:
    """Return whether a commit came to this branch after a change of its files.

    On another branch than then, nobody can tell; the change of the files is what `undo` offers.
    """
    if record.head is None:
        return True

    def holds(ancestor: str, descendant: str) -> bool:
        command = ("merge-base", "--is-ancestor", ancestor, descendant)
        return repository.git.finish(*command)[0] == 0

    return holds(record.head, "HEAD") and not holds(commit, record.head)
