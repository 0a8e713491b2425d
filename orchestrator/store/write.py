"""Writing files: whole or not at all, and never over a file that has changed since it was read."""

import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orchestrator.store.git import StoreError


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


class NotWritableError(StoreError):
    """The system refuses to write a file.

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
    """Make all edits, or none that has begun when one cannot be.

    New contents are first written beside their targets and forced to the disk; only when all are
    there does the first rename happen. The caller holds the lock.

    Raises:
        DirtyFileError: A file is not what it was when it was read.
        NotWritableError: The system refuses.
    """
    wanted = list(edits)
    dirty = [edit.path for edit in wanted if _present(root / edit.path) != edit.before]
    if dirty:
        raise DirtyFileError(dirty)
    ready: list[tuple[str, Path]] = []
    made: list[Path] = []
    path = ""
    try:
        for edit in wanted:
            path = edit.path
            if edit.after is not None:
                target = root / path
                made += _make_folders(target.parent)
                ready.append((_write_beside(target, edit.after), target))
        for temporary, target in ready:
            path = str(target)
            os.replace(temporary, target)  # noqa: PTH105
        for edit in wanted:
            path = edit.path
            if edit.after is None:
                (root / path).unlink(missing_ok=True)
                _drop_empty(root, (root / path).parent)
        for folder in {(root / edit.path).parent for edit in wanted}:
            _sync_folder(folder)
    except OSError as error:
        for temporary, _ in ready:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise NotWritableError(path, error) from error


def _present(path: Path) -> bytes | None:
    try:
        if path.is_symlink():
            return b"\0a symbolic link is no file of a plan"
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise NotWritableError(str(path), error) from error


def _write_beside(target: Path, data: bytes) -> str:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), _mode(target))
            os.fsync(file.fileno())
    except OSError:
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
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
