"""Writing files: whole or not at all, and never over a file that has changed since it was read."""

import os
import stat
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orchestrator.store.git import StoreError

_STALE = 60.0  # seconds; a write takes milliseconds


@dataclass(frozen=True, slots=True)
class FileEdit:
    """One file's old and new bytes.

    Attributes:
        path: Relative to the workspace.
        before: What it must hold now; None when it must not exist.
        after: What it is to hold; None to remove it.
    """

    path: str
    before: bytes | None
    after: bytes | None


class DirtyFileError(StoreError):
    """A file has changed since it was read; nothing was written.

    Attributes:
        paths: The files.
    """

    def __init__(self, paths: list[str]) -> None:
        super().__init__(
            f"{', '.join(paths[:5])} changed while the command ran.", "Run the command again."
        )
        self.paths = paths


class LinkedFolderError(StoreError):
    """A file would be written through a symbolic link; nothing was written.

    Attributes:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} leads out of the plan through a symbolic link.",
            "A plan holds plain files and folders; see orchestrator check.",
        )
        self.path = path


class NotWritableError(StoreError):
    """The system refuses to write a file; nothing was written.

    Attributes:
        path: The file.
    """

    def __init__(self, path: str, error: OSError) -> None:
        reason = (error.strerror or str(error)).lower()
        super().__init__(
            f"{path} cannot be written: {reason}.", "Check the folder's permissions and free space."
        )
        self.path = path


def write_files(root: Path, edits: Iterable[FileEdit]) -> None:
    """Make all edits, or none: what was done before a failure is undone.

    New contents are first written beside their targets and forced to the disk; only when all are
    there does the first rename happen. The caller holds the lock, which keeps other commands out;
    editors know no lock, so each file is compared once more right before it is replaced.

    Raises:
        DirtyFileError: A file is not what it was when it was read.
        LinkedFolderError: A folder on the way to a file is a symbolic link.
        NotWritableError: The system refuses.
    """
    # Removals come last: a file that moves is never in neither place.
    wanted = sorted(edits, key=lambda edit: edit.after is None)
    for edit in wanted:
        _refuse_links(root, edit.path)
    if dirty := [edit.path for edit in wanted if _present(root / edit.path) != edit.before]:
        raise DirtyFileError(dirty)
    for folder in {(root / edit.path).parent for edit in wanted}:
        _sweep(folder)
    ready: dict[str, str] = {}
    made: list[Path] = []
    done: list[FileEdit] = []
    path = ""
    try:
        for edit in wanted:
            path = edit.path
            if edit.after is not None:
                made += _make_folders((root / path).parent)
                ready[path] = _write_beside(root / path, edit.after)
        for edit in wanted:
            path = edit.path
            if _present(root / path) != edit.before:
                raise DirtyFileError([path])  # noqa: TRY301 - undone like every other failure
            if edit.after is None:
                (root / path).unlink()
            else:
                os.replace(ready[path], root / path)  # noqa: PTH105
                del ready[path]
            done.append(edit)
    except BaseException as error:
        _undo(root, done, list(ready.values()), made)
        if isinstance(error, OSError):
            raise NotWritableError(path, error) from error
        raise
    for edit in wanted:
        if edit.after is None:
            _drop_empty(root, (root / edit.path).parent)
    for folder in {(root / edit.path).parent for edit in wanted}:
        _sync_folder(folder)


def _refuse_links(root: Path, path: str) -> None:
    parent = (root / path).parent
    if parent.resolve() != root.resolve() / parent.relative_to(root):
        raise LinkedFolderError(path)


def _sweep(folder: Path) -> None:
    """Remove what a killed command left beside its targets, once no living one can own it."""
    for item in folder.glob(".*.yaml.*.tmp"):
        with suppress(OSError):
            if time.time() - item.stat().st_mtime > _STALE:
                item.unlink()


def _present(path: Path) -> bytes | None:
    try:
        if path.is_symlink():
            return b"\0a symbolic link is no file of a plan"
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise NotWritableError(str(path), error) from error


def _undo(
    root: Path, done: Sequence[FileEdit], temporaries: Iterable[str], made: Sequence[Path]
) -> None:
    """Put back what was replaced or removed, and take away what is left over."""
    for edit in reversed(done):
        with suppress(OSError):
            if edit.before is None:
                (root / edit.path).unlink()
            else:
                os.replace(_write_beside(root / edit.path, edit.before), root / edit.path)  # noqa: PTH105
    for temporary in temporaries:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()


def _write_beside(target: Path, data: bytes) -> str:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), _mode(target))
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise
    return name


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0o022)
        os.umask(mask)
        return 0o666 & ~mask


def _make_folders(folder: Path) -> list[Path]:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for item in reversed(missing):
        item.mkdir()
    return list(reversed(missing))


def _drop_empty(root: Path, folder: Path) -> None:
    """Remove folders that the last file has left, as git does."""
    while folder not in (root, root / "projects", root / "users"):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
