"""Locks of git's that a killed git leaves behind, and when it is safe to remove them."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from orchestrator.store.git import GitFailedError
from orchestrator.store.journal import FOLDER
from orchestrator.store.lock import is_alive
from orchestrator.store.repository import Repository
from orchestrator.store.write import NotWritableError

_SUFFIX = ".git"
_PATIENCE = 5.0  # seconds for a git that outlives the command that started it
_STEP = 0.05
_STALE = 60.0  # seconds, where nobody can tell whether git is at work
_CLOCKS = 2.0  # seconds by which the clocks of file systems may differ
_OWN = ("index.lock", "HEAD.lock", "next-index-*.lock")
_PROCESSES = Path("/proc")


@contextmanager
def git_writing(repository: Repository) -> Iterator[None]:
    """Say, while the block runs, that git writes for us; the caller holds our lock.

    What git locks meanwhile, and does not unlock because it or this process is killed, is known
    by that to be nobody else's. What was left so before is removed first.
    """
    release(repository)
    folder = repository.state_folder / FOLDER
    mark = folder / f"{os.getpid()}-{time.time_ns()}{_SUFFIX}"
    try:
        folder.mkdir(exist_ok=True)
        mark.touch()
    except OSError as error:
        raise NotWritableError(str(mark), error) from error
    begun = _time(mark)
    try:
        yield
    except (GitFailedError, KeyboardInterrupt) as error:
        if isinstance(error, KeyboardInterrupt) or error.code < 0:  # git was ended by a signal
            release(repository, begun)
        raise
    finally:
        with suppress(OSError):
            mark.unlink()


def left_locks(repository: Repository) -> list[Path]:
    """Return git's locks that were made while a command of ours wrote that was then killed."""
    marks = _left_marks(repository)
    if not marks:
        return []
    begun = min(_time(mark) for mark in marks) - _CLOCKS
    return [path for path in git_locks(repository) if _time(path) >= begun]


def release(repository: Repository, since: float | None = None) -> list[Path]:
    """Remove locks that a killed git left; the caller holds our lock.

    Args:
        repository: Whose.
        since: Of a git that was killed just now, when it was started; without, locks of commands
            of ours that were killed.

    Returns:
        What was removed; nothing while some git is at work here.
    """
    if since is None:
        found = left_locks(repository)
    else:
        found = [path for path in git_locks(repository) if _time(path) >= since - _CLOCKS]
    end = time.monotonic() + _PATIENCE
    while found and _is_busy(repository, found):
        if time.monotonic() > end:
            return []
        time.sleep(_STEP)
        found = [path for path in found if path.exists()]
    for path in found:
        with suppress(OSError):
            path.unlink()
    for mark in _left_marks(repository):
        with suppress(OSError):
            mark.unlink()
    return found


def git_locks(repository: Repository) -> list[Path]:
    """Return the locks of the index, of HEAD and of refs that are there now."""
    own = [path for pattern in _OWN for path in repository.git_folder.glob(pattern)]
    common = repository.common_folder
    own += [path for path in (common / "packed-refs.lock",) if path.exists()]
    for folder, _, names in os.walk(common / "refs"):
        own += [Path(folder, name) for name in names if name.endswith(".lock")]
    return own


def old_locks(repository: Repository) -> list[Path]:
    """Return git's locks that are older than any git that is well."""
    return [path for path in git_locks(repository) if time.time() - _time(path) > _STALE]


def _left_marks(repository: Repository) -> list[Path]:
    marks = (repository.state_folder / FOLDER).glob(f"*{_SUFFIX}")
    return [mark for mark in marks if not is_alive(int(mark.name.partition("-")[0]))]


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _is_busy(repository: Repository, locks: list[Path]) -> bool:
    """Return whether some git may be at work in this repository."""
    if not (_PROCESSES / "self/stat").exists():
        return any(time.time() - _time(path) < _STALE for path in locks)
    ours = (str(repository.top), str(repository.common_folder))
    return any(_works_in(process, ours) for process in _PROCESSES.glob("[0-9]*"))


def _works_in(process: Path, folders: tuple[str, ...]) -> bool:
    try:
        name, _, rest = (process / "stat").read_text("utf-8", "replace").rpartition(")")
        if not name.partition("(")[2].startswith("git") or rest.split()[0] in "ZX":
            return False
        where = os.readlink(process / "cwd")  # noqa: PTH115 - the link's text, wherever it leads
    except PermissionError:
        return True  # somebody else's git: it may be here
    except OSError:
        return False  # it has ended
    return any(where == folder or where.startswith(f"{folder}/") for folder in folders)
