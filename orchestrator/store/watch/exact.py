"""A commit of just the bytes that were checked, whatever is saved in the meantime."""

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from orchestrator.store.committing import NotCommittedError, committable
from orchestrator.store.git import Git, GitFailedError, Oid, StoreError
from orchestrator.store.git_locks import git_writing
from orchestrator.store.lock import locked
from orchestrator.store.repository import Repository
from orchestrator.store.workspace import Workspace

_INDEX = "watch-index"


class SavedMeanwhileError(StoreError):
    """A file was saved between its check and its commit; nothing was committed."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was saved again.", "It is committed after the next check.")


def commit_exactly(
    workspace: Workspace,
    paths: tuple[str, ...],
    message: str,
    trailers: Iterable[str],
    is_as_checked: Callable[[str], bool],
) -> Oid:
    """Commit files as they were checked; what else is staged stays staged.

    `git commit -- path` would read the files once more, and what an editor is writing just then
    with it. So they are staged first, in an index of our own, then compared with what was checked.

    Args:
        workspace: Where.
        paths: The files, relative to the workspace; nobody has staged any of them.
        message: Subject and body.
        trailers: `Name: value`, to go behind those that the message has.
        is_as_checked: Whether a file still has the bytes that were checked.

    Raises:
        SavedMeanwhileError: One has not.
        NotCommittedError: Git or a hook refuses; nothing is staged that was not before.
    """
    repository = workspace.required_repository
    options = [f"--trailer={trailer}" for trailer in trailers]
    try:
        full = committable(repository, paths)
        with locked(workspace.lock, "commit"), git_writing(repository):
            git = _with_own_index(repository)
            git.run("add", "--all", "--", *full)
            for path in paths:
                if not is_as_checked(path):
                    raise SavedMeanwhileError(path)
            try:
                git.run("commit", "--quiet", "--file", "-", *options, stdin=message.encode())
            finally:
                # The index that stays learns what was committed, also by a hook; or of nothing.
                repository.git.finish("reset", "--quiet", "--", *full)
    except GitFailedError as error:
        raise NotCommittedError(error.output, paths) from error
    finally:
        _own_index(repository).unlink(missing_ok=True)
    return repository.git.commit_of("HEAD")


def _with_own_index(repository: Repository) -> Git:
    """Return a git with an index of its own, which holds what HEAD does."""
    own = _own_index(repository)
    own.unlink(missing_ok=True)
    # What the other one knows of times and sizes spares reading all files.
    with suppress(FileNotFoundError):
        shutil.copyfile(repository.git_folder / "index", own)
    environment = {**repository.git.environment, "GIT_INDEX_FILE": str(own)}
    git = replace(repository.git, environment=environment)
    git.run("read-tree", *(("--reset", "HEAD") if repository.head else ("--empty",)))
    return git


def _own_index(repository: Repository) -> Path:
    return repository.state_folder / _INDEX
