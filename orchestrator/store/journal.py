"""The journal: what a change of several files is about to do, and what the last change did."""

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestrator.store.lock import is_alive
from orchestrator.store.write import FileEdit, sync_file

FOLDER = "journal"
VERSION = 1
_PENDING = ".journal"
_LAST = ".last"
_LARGEST_KEPT = 32 * 1024 * 1024  # bytes of a record that is kept to be taken back


@dataclass(frozen=True, slots=True)
class Record:
    """A change of files.

    Attributes:
        title: What it does, in words.
        moment: When it was made.
        head: The commit that was checked out, or None.
        edits: By file, with all bytes, so that nothing else is needed to make or unmake it.
        is_way_back: Whether it is what takes a merge back that git is about to make in the work
            tree; it counts only while `head` is still checked out.
    """

    title: str
    moment: datetime
    head: str | None
    edits: tuple[FileEdit, ...]
    is_way_back: bool = False


@dataclass(frozen=True, slots=True)
class Journal:
    """Where the changes of one work tree are written down.

    Attributes:
        folder: The folder of journals.
        owner: Which work tree and workspace of the repository.
        keeps_last: Whether the last change is kept, to be taken back.
    """

    folder: Path
    owner: str
    keeps_last: bool = True

    def pending(self) -> list[Path]:
        """Return the journals of changes that were begun, the oldest first."""
        return sorted(self.folder.glob(f"{self.owner}-*{_PENDING}"))

    def abandoned(self) -> list[Path]:
        """Return the journals of changes whose process has ended without finishing them."""
        return [
            path
            for path in self.pending()
            if not is_alive(int(path.name.removesuffix(_PENDING).rpartition("-")[2]))
        ]

    @property
    def last(self) -> Path:
        """The file of the last change."""
        return self.folder / f"{self.owner}{_LAST}"

    def begin(self, record: Record) -> Path:
        """Write down, and force to the disk, a change of which no file has been touched yet."""
        path = self.folder / f"{self.owner}-{time.time_ns():020d}-{os.getpid()}{_PENDING}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(path, record, is_forced=True)
        except BaseException:
            self.drop(path)
            raise
        return path

    def finish(self, path: Path) -> None:
        """Turn a change that is made into the last one.

        Where that fails the journal stays; the next command finds that nothing is left to do.
        """
        with suppress(OSError):
            if self.keeps_last and path.stat().st_size <= _LARGEST_KEPT:
                os.replace(path, self.last)  # noqa: PTH105
            else:
                self.drop(path)
                self.forget()

    def keep(self, record: Record) -> None:
        """Keep a change of one file, which needs no journal, as the last one.

        Where that fails there is nothing to take back; the change itself is made.
        """
        with suppress(OSError):
            self.forget()
            size = sum(len(edit.before or b"") + len(edit.after or b"") for edit in record.edits)
            if self.keeps_last and size <= _LARGEST_KEPT:
                self.folder.mkdir(parents=True, exist_ok=True)
                _write(self.last, record, is_forced=False)

    def drop(self, path: Path) -> None:
        """Remove the journal of a change that is made or unmade."""
        with suppress(OSError):
            path.unlink(missing_ok=True)
            if not self.keeps_last:
                self.folder.rmdir()

    def forget(self) -> None:
        """Forget the last change."""
        self.last.unlink(missing_ok=True)

    def left_over(self) -> list[Path]:
        """Return the half-written journals of killed commands; the caller holds the lock."""
        return sorted(self.folder.glob(f"{self.owner}*.tmp"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A change that is about to be made; `write.Deed` says when which of its methods is called.

    Attributes:
        journal: Where it is written down.
        title: What it does, in words.
        moment: When.
        head: The commit that is checked out, or None.
    """

    journal: Journal
    title: str
    moment: datetime
    head: str | None

    def begin(self, edits: Sequence[FileEdit]) -> Path:
        """Write the change down before it touches the first file."""
        return self.journal.begin(self._record(edits))

    def finish(self, edits: Sequence[FileEdit], written_down: Path | None) -> None:
        """Keep the change, which is made, as the last one."""
        if written_down is None:
            self.journal.keep(self._record(edits))
        else:
            self.journal.finish(written_down)

    def drop(self, written_down: Path) -> None:
        """Forget the change, which is not made after all."""
        self.journal.drop(written_down)

    def _record(self, edits: Sequence[FileEdit]) -> Record:
        return Record(self.title, self.moment, self.head, tuple(edits))


def read_record(path: Path) -> Record | None:
    """Return the change that a file of the journal holds, or None when it holds none."""
    try:
        with path.open(encoding="ascii") as file:
            head: dict[str, Any] = json.loads(file.readline())
            edits = tuple(_edit(json.loads(line)) for line in file)
        moment = datetime.fromisoformat(head["moment"])
        is_whole = head["version"] == VERSION and head["files"] == len(edits)
        if not is_whole:
            return None
        return Record(head["title"], moment, head["head"], edits, bool(head.get("is_way_back")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, record: Record, *, is_forced: bool) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        with temporary.open("w", encoding="ascii", newline="\n") as file:
            file.writelines(_lines(record))
        if is_forced:
            sync_file(str(temporary))
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    if is_forced:
        with suppress(OSError):
            sync_file(str(path.parent))


def _lines(record: Record) -> Iterator[str]:
    head = {
        "version": VERSION,
        "title": record.title,
        "moment": record.moment.isoformat(),
        "head": record.head,
        "files": len(record.edits),
        "is_way_back": record.is_way_back,
    }
    yield f"{json.dumps(head)}\n"
    for path, before, after in _members(record.edits):
        yield f"{json.dumps({'path': path, 'before': before, 'after': after})}\n"


def _members(edits: Sequence[FileEdit]) -> Iterable[tuple[str, str | None, str | None]]:
    return ((edit.path, _text(edit.before), _text(edit.after)) for edit in edits)


def _text(data: bytes | None) -> str | None:
    # What is no UTF-8 goes through JSON as lone surrogates, and comes back as it was.
    return None if data is None else data.decode("utf-8", "surrogateescape")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogateescape")


def _edit(member: dict[str, Any]) -> FileEdit:
    return FileEdit(member["path"], _bytes(member["before"]), _bytes(member["after"]))
