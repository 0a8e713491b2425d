"""Finishing what killed commands began, and clearing away what they left."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orchestrator.store.git_locks import git_writing, left_locks, release
from orchestrator.store.journal import FOLDER, Journal, Record, read_record
from orchestrator.store.lock import locked
from orchestrator.store.repository import Repository
from orchestrator.store.write import left_beside, present, tidy, write_one


@dataclass(frozen=True, slots=True)
class Finished:
    """A change that a killed command began, and what became of it.

    Attributes:
        title: What it does.
        moment: When it was begun, as files hold moments.
        paths: The files that were still to be written or removed.
        kept: The files that somebody has changed since: they stay as they are.
    """

    title: str
    moment: str
    paths: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recovery:
    """What killed commands left.

    Attributes:
        changes: What they began.
        temporaries: Files that they wrote and did not come to use.
        locks: Git's locks, which would keep every further git from writing.
        unreadable: Journals that cannot be understood; they are put aside.
    """

    changes: tuple[Finished, ...] = ()
    temporaries: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing."""
        return not (self.changes or self.temporaries or self.locks or self.unreadable)


def journal_of(root: Path, repository: Repository | None) -> Journal:
    """Return the journal of a workspace: in git's folder, or without git in its own.

    Without git nothing is kept after a change.
    """
    import hashlib

    if repository is None:
        return Journal(root / ".orchestrator-journal", "plan", keeps_last=False)
    folder = repository.state_folder / FOLDER
    # The folders may move together, so only how they lie to each other counts.
    tree = os.path.relpath(repository.git_folder, repository.common_folder)
    owner = hashlib.sha256(os.fsencode(f"{tree}\0{repository.prefix}")).hexdigest()[:12]
    return Journal(folder, owner)


def mend(
    root: Path, repository: Repository | None, journal: Journal, lock: Path
) -> Recovery | None:
    """Finish what killed commands began to write, or return None when there is nothing.

    Args:
        root: The workspace's folder.
        repository: Around it, or None.
        journal: Of the work tree.
        lock: What is locked while files are written.

    Raises:
        StoreError: A file cannot be written; the journal stays.
    """
    if not journal.pending():
        return None
    with locked(lock, "recover"):
        if repository is not None:
            release(repository)
        return finish_changes(root, repository, journal)


def finish_changes(
    root: Path, repository: Repository | None, journal: Journal, *, dry_run: bool = False
) -> Recovery:
    """Finish the changes in the journal; the caller holds the lock.

    A journal is complete before the first file is touched, so each change can be made to the end.
    A file that is neither as the change found it nor as it leaves it was changed by somebody since.

    Raises:
        StoreError: A file cannot be written; the journal stays.
    """
    found: list[Finished] = []
    unreadable: list[str] = []
    for path in journal.pending():
        record = read_record(path)
        if record is None:
            unreadable.append(str(path))
            if not dry_run:
                path.rename(path.with_suffix(".unreadable"))
            continue
        is_over = record.is_way_back and repository and repository.head != record.head
        if not is_over:
            found.append(_finished(root, record, dry_run=dry_run))
        if dry_run:
            continue
        tidy(root, record.edits)
        if record.is_way_back and repository and not is_over:
            reset_index(repository, record)
        if record.is_way_back:
            journal.drop(path)
        else:
            journal.finish(path)
    return Recovery(changes=tuple(found), unreadable=tuple(unreadable))


def recover(
    root: Path, repository: Repository | None, journal: Journal, *, dry_run: bool = False
) -> Recovery:
    """Finish changes and clear away temporary files and git's locks; the caller holds the lock.

    Raises:
        StoreError: A file cannot be written.
    """
    locks: list[Path] = []
    if repository is not None:
        # First, because what follows may need git.
        locks = left_locks(repository) if dry_run else release(repository)
    done = finish_changes(root, repository, journal, dry_run=dry_run)
    left = [*temporaries(root), *journal.left_over()]
    if not dry_run:
        for path in left:
            with suppress(OSError):
                path.unlink()
    names = (
        path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        for path in left
    )
    return Recovery(done.changes, tuple(names), tuple(map(str, locks)), done.unreadable)


def reset_index(repository: Repository, record: Record) -> None:
    """Let the index hold what HEAD holds of the files of a merge that is taken back."""
    full = [f"{repository.prefix}{edit.path}" for edit in record.edits]
    with git_writing(repository):
        repository.git.run("reset", "--quiet", "--", *full)


def temporaries(root: Path) -> list[Path]:
    """Return the files beside those of the plan that killed commands left."""
    return [path for folder in _folders(root) for path in left_beside(folder)]


def _folders(root: Path) -> Iterator[Path]:
    yield from (root, root / "users", root / "templates")
    with suppress(OSError):
        for project in sorted((root / "projects").iterdir()):
            if project.is_dir() and not project.is_symlink():
                yield from (project, project / "tasks")


def _finished(root: Path, record: Record, *, dry_run: bool) -> Finished:
    written, kept = [], []
    for edit in record.edits:
        found = present(root / edit.path)
        if found == edit.after:
            continue
        # Git, unlike us, writes in place: what it was killed over is gone or cut short.
        is_cut = record.is_way_back and (edit.before or b"").startswith(found or b"")
        if found != edit.before and not is_cut:
            kept.append(edit.path)
            continue
        written.append(edit.path)
        if not dry_run:
            write_one(root, edit)
    return Finished(record.title, record.moment.isoformat(), tuple(written), tuple(kept))
