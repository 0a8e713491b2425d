"""Moving a branch, and with it the files of the work tree that has it checked out."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from orchestrator.store.commit import BranchError
from orchestrator.store.differences import edits_between
from orchestrator.store.git import GitFailedError, Oid
from orchestrator.store.git_locks import git_writing
from orchestrator.store.journal import Record
from orchestrator.store.proposals.find import HEADS, checked_out_at
from orchestrator.store.proposals.tree import move_ref
from orchestrator.store.recover import finish_changes, journal_of
from orchestrator.store.repository import Repository
from orchestrator.store.write import DirtyFileError

_MOST_NAMED = 5


class UnsavedFilesError(DirtyFileError):
    """Files that a merge would write over hold changes that are not committed."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(paths)
        more = " …" if len(paths) > _MOST_NAMED else ""
        self.message = (
            f"{', '.join(paths[:_MOST_NAMED])}{more} : changes that are not committed would be "
            "lost; nothing was written."
        )
        self.hint = "Commit them, or git stash."


def refuse_checked_out_elsewhere(repository: Repository, branch: str) -> bool:
    """Return whether a branch is checked out in this work tree.

    Raises:
        BranchError: It is checked out in another one, whose files are not ours to change.
    """
    where = checked_out_at(repository, f"{HEADS}{branch}")
    if not where:
        return False
    if Path(where).resolve() == repository.top.resolve():
        return True
    raise BranchError(f"{branch} is checked out in {where} .", f"Run the command in {where} .")


def refuse_unsaved(repository: Repository, old: Oid, new: Oid) -> None:
    """Refuse when this work tree has unsaved changes in files that differ between two commits.

    Raises:
        UnsavedFilesError: It has.
    """
    git = repository.git
    out = git.run("diff-tree", "-r", "-z", "--no-renames", "--name-status", old, new)
    fields = [os.fsdecode(item) for item in out.split(b"\0")[:-1]]
    touched = dict(zip(fields[1::2], fields[::2], strict=True))
    with git_writing(repository):
        code, _, said = git.finish("update-index", "-q", "--refresh")
        if code < 0:  # a signal
            raise GitFailedError(("update-index",), said, code)
    changed = git.run("diff-index", "-z", "--name-only", "--no-ext-diff", old)
    dirty = {os.fsdecode(item) for item in changed.split(b"\0")[:-1]} & touched.keys()
    for path, status in touched.items():
        if status == "A" and os.path.lexists(repository.top / path):
            dirty.add(path)
    if dirty:
        raise UnsavedFilesError(sorted(dirty))


def move_branch(repository: Repository, branch: str, old: Oid, new: Oid, why: str) -> bool:
    """Let a branch lead from `old` to `new`; return whether files of this work tree changed.

    Where the branch is checked out here, the files that differ are written as `git merge` does
    it, before the branch moves; nobody's unsaved change is written over.

    Raises:
        StoreError: The branch has moved on, is checked out elsewhere, or files are not saved.
    """
    is_here = refuse_checked_out_elsewhere(repository, branch)
    if not is_here:
        move_ref(repository, f"{HEADS}{branch}", new, old, why)
        return False
    refuse_unsaved(repository, old, new)
    with _way_back(repository, old, new, why), git_writing(repository):
        _read_tree(repository, old, new)
        try:
            move_ref(repository, f"{HEADS}{branch}", new, old, why)
        except BaseException:
            _read_tree(repository, new, old)
            raise
    return True


@contextmanager
def _way_back(repository: Repository, old: Oid, new: Oid, why: str) -> Iterator[None]:
    """Write down what takes the files back, should this process be killed before the branch moves.

    Git writes files in place; a merge that is killed in the midst leaves some new and some old.
    """
    journal = journal_of(repository.workspace, repository)
    back = edits_between(repository, new, old, bool)
    moment = datetime.fromtimestamp(time.time(), UTC)
    title = f"Take back what was not finished: {why}"
    written_down = journal.begin(Record(title, moment, old, tuple(back), is_way_back=True))
    try:
        yield
    except BaseException:
        finish_changes(repository.workspace, repository, journal)
        raise
    journal.drop(written_down)


def _read_tree(repository: Repository, old: Oid, new: Oid) -> None:
    code, _, said = repository.git.finish("read-tree", "-m", "-u", old, new)
    if code:
        raise GitFailedError(("read-tree",), said, code)
