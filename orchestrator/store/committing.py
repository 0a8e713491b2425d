"""Committing files of the work tree: just these, and never over somebody's unfinished merge."""

from collections.abc import Iterable
from pathlib import Path

from orchestrator.store.git import GitFailedError, Oid, StoreError
from orchestrator.store.git_locks import git_writing
from orchestrator.store.lock import locked
from orchestrator.store.repository import Repository
from orchestrator.store.trees import as_pattern

_AT_ONCE = 500  # patterns a call of git; a command line has an end


class NotCommittedError(StoreError):
    """Files were changed as asked for, and git, or a hook, refused to commit them.

    Attributes:
        output: What git and the hook said.
        paths: The files, changed and staged.
    """

    def __init__(self, output: str, paths: Iterable[str]) -> None:
        self.output = output
        self.paths = tuple(paths)
        super().__init__(
            f"The files were changed, but git refused to commit them:\n{output.rstrip()}",
            f"git commit when it is mended, or git restore --staged --worktree "
            f"{' '.join(self.paths[:3])}{' …' if len(self.paths) > 3 else ''}",  # noqa: PLR2004
        )


def commit_files(
    repository: Repository,
    lock: Path,
    paths: tuple[str, ...],
    message: str,
    trailers: Iterable[str],
) -> Oid:
    """Commit just these files of the work tree; what else is staged stays staged.

    Args:
        repository: Where.
        lock: Our lock.
        paths: The files, relative to the workspace.
        message: Subject and body.
        trailers: `Name: value`, to go behind those that the message has.

    Raises:
        NotCommittedError: Git or a hook refuses.
    """
    git = repository.git
    options = [f"--trailer={trailer}" for trailer in trailers]
    try:
        full = committable(repository, paths)
        # Two commands that commit at the same time would stumble over git's lock on the index.
        with locked(lock, "commit"), git_writing(repository):
            if full:
                git.run("add", "--all", "--", *full)
                command = ("commit", "--quiet", "--only", "--file", "-", *options, "--", *full)
                git.run(*command, stdin=message.encode())
    except StoreError as error:
        said = error.output if isinstance(error, GitFailedError) else error.message
        raise NotCommittedError(said, paths) from error
    if not full:
        raise StoreError("There is nothing to commit.")
    return git.commit_of("HEAD")


def refuse_unfinished(repository: Repository) -> None:
    """Do nothing, unless a merge or the like waits to be finished, which a commit would end.

    Raises:
        StoreError: One does.
    """
    for name in ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge"):
        if (repository.git_folder / name).exists():
            raise StoreError(
                "A merge, a rebase or the like is not finished.",
                "Finish it first, or leave the change uncommitted with --no-commit.",
            )


def committable(repository: Repository, paths: Iterable[str]) -> list[str]:
    """Return those of the workspace's paths, from the top, that git knows or that exist."""
    full = sorted({f"{repository.prefix}{path}" for path in paths})
    full += _left_behind(repository, full)
    known = repository.git.run("ls-files", "-z", "--", *full).decode("utf-8", "surrogateescape")
    tracked = set(known.split("\0"))
    return [path for path in full if path in tracked or (repository.top / path).exists()]


def _left_behind(repository: Repository, full: list[str]) -> list[str]:
    """Return where tasks stood that were moved to another project and not committed since.

    Without these, the commit would hold such a task twice.
    """
    names = {path.rpartition("/")[2] for path in full if path.rpartition("/")[0].endswith("/tasks")}
    patterns = [
        f":(top,glob){as_pattern(repository.prefix)}projects/*/tasks/{as_pattern(name)}"
        for name in sorted(names)
    ]
    gone: list[str] = []
    for start in range(0, len(patterns), _AT_ONCE):
        some = patterns[start : start + _AT_ONCE]
        out = repository.git.with_magic().run("ls-files", "-z", "--deleted", "--", *some)
        gone += out.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return [path for path in gone if path not in full]
