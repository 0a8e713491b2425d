"""Writing files: whole or not at all, and never over a file that has changed since it was read."""

import os
import stat
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from orchestrator.store.flush import is_flushed
from orchestrator.store.git import StoreError
from orchestrator.store.lock import is_alive

_STALE = 60.0  # seconds; a write takes milliseconds
_MANY = 100  # files, from which on one sync of the file system costs less than one for each


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


class Deed(Protocol):
    """A change that is written down, so that it can be finished and taken back."""

    def begin(self, edits: Sequence[FileEdit]) -> Path:
        """Write the change down before it touches the first file; return where."""

    def finish(self, edits: Sequence[FileEdit], written_down: Path | None) -> None:
        """Keep the change, which is made, as the last one."""

    def drop(self, written_down: Path) -> None:
        """Forget the change, which is not made after all."""


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


def write_files(root: Path, edits: Iterable[FileEdit], deed: Deed | None = None) -> None:
    """Make all edits, or none: what was done before a failure is undone.

    New contents are first written beside their targets and forced to the disk; only when all are
    there does the first rename happen. The caller holds the lock, which keeps other commands out;
    editors know no lock, so each file is compared once more right before it is replaced.

    Args:
        root: The folder that the paths are relative to.
        edits: By file.
        deed: What the change is called in the journal, from which it is finished when this process
            is killed in the midst of several files, and later taken back; None keeps no journal.

    Raises:
        DirtyFileError: A file is not what it was when it was read.
        LinkedFolderError: A folder on the way to a file is a symbolic link.
        NotWritableError: The system refuses.
    """
    # Removals come last: a file that moves is never in neither place.
    wanted = sorted(edits, key=lambda edit: edit.after is None)
    # One path a folder is enough: what leads out is a folder on the way.
    for path in {edit.path.rpartition("/")[0]: edit.path for edit in wanted}.values():
        _refuse_links(root, path)
    if dirty := [edit.path for edit in wanted if present(root / edit.path) != edit.before]:
        raise DirtyFileError(dirty)
    for folder in {(root / edit.path).parent for edit in wanted}:
        _sweep(folder)
    ready: dict[str, str] = {}
    made: list[Path] = []
    done: list[FileEdit] = []
    written_down: Path | None = None
    path = ""
    try:
        for edit in wanted:
            path = edit.path
            if edit.after is not None:
                made += _make_folders((root / path).parent)
                ready[path] = _write_beside(root / path, edit.after)
        _force(root, ready)
        if deed is not None and len(wanted) > 1:
            written_down = deed.begin(wanted)
        for edit in wanted:
            path = edit.path
            if present(root / path) != edit.before:
                raise DirtyFileError([path])  # noqa: TRY301 - undone like every other failure
            if edit.after is None:
                (root / path).unlink()
            else:
                os.replace(ready[path], root / path)  # noqa: PTH105
                del ready[path]
            done.append(edit)
    except BaseException as error:
        is_undone = _undo(root, done, list(ready.values()), made)
        if deed is not None and written_down is not None and is_undone:
            deed.drop(written_down)
        if isinstance(error, OSError):
            raise NotWritableError(path, error) from error
        raise
    tidy(root, wanted)
    if deed is not None and wanted:
        deed.finish(wanted, written_down)


def tidy(root: Path, edits: Sequence[FileEdit]) -> None:
    """Remove the folders that edits left empty, and force the others to the disk."""
    for edit in edits:
        if edit.after is None:
            _drop_empty(root, (root / edit.path).parent)
    for folder in {(root / edit.path).parent for edit in edits}:
        with suppress(OSError):
            sync_file(str(folder))


def write_one(root: Path, edit: FileEdit) -> None:
    """Give one file its new bytes, or remove it, without asking what it holds.

    Raises:
        LinkedFolderError: A folder on the way to it is a symbolic link.
        NotWritableError: The system refuses.
    """
    target = root / edit.path
    _refuse_links(root, edit.path)
    try:
        if edit.after is None:
            target.unlink(missing_ok=True)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = _write_beside(target, edit.after)
        try:
            sync_file(temporary)
            os.replace(temporary, target)  # noqa: PTH105
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
            raise
    except OSError as error:
        raise NotWritableError(edit.path, error) from error


def _refuse_links(root: Path, path: str) -> None:
    parent = (root / path).parent
    if parent.resolve() != root.resolve() / parent.relative_to(root):
        raise LinkedFolderError(path)


def _sweep(folder: Path) -> None:
    """Remove what a killed command left beside its targets, once no living one can own it."""
    for item in left_beside(folder):
        with suppress(OSError):
            item.unlink()


def left_beside(folder: Path) -> list[Path]:
    """Return what killed commands left in a folder, and no living one can own."""
    return [item for item in folder.glob(".*.yaml.*.tmp") if _is_left(item)]


def _is_left(item: Path) -> bool:
    owner = item.name.split(".")[-3]
    if owner.isdigit() and not is_alive(int(owner)):
        return True
    try:
        return time.time() - item.stat().st_mtime > _STALE
    except OSError:
        return False  # it is gone


def present(path: Path) -> bytes | None:
    """Return the bytes of a file, or None when it does not exist.

    Raises:
        NotWritableError: The system refuses to read it.
    """
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
) -> bool:
    """Put back what was replaced or removed, and take away what is left over.

    Returns:
        Whether all is as it was.
    """
    is_undone = True
    for edit in reversed(done):
        try:
            if edit.before is None:
                (root / edit.path).unlink()
            else:
                temporary = _write_beside(root / edit.path, edit.before)
                sync_file(temporary)
                os.replace(temporary, root / edit.path)  # noqa: PTH105
        except OSError:
            is_undone = False
    for temporary in temporaries:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
    for folder in reversed(made):
        with suppress(OSError):
            folder.rmdir()
    return is_undone


def _write_beside(target: Path, data: bytes) -> str:
    descriptor, name = tempfile.mkstemp(
        prefix=f".{target.name}.{os.getpid()}.", suffix=".tmp", dir=target.parent
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), _mode(target))
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise
    return name


def _force(root: Path, temporaries: Mapping[str, str]) -> None:
    """Force files to the disk, by the path that each is to replace; an error names that path."""
    if len(temporaries) > _MANY and is_flushed({(root / path).parent for path in temporaries}):
        return
    for path, name in temporaries.items():
        try:
            sync_file(name)
        except OSError as error:
            raise NotWritableError(path, error) from error


def sync_file(name: str) -> None:
    """Force a file or folder to the disk."""
    descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
