"""What is in a work tree, by names and times alone: no file is opened that has not changed."""

import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from orchestrator.model.places import SUFFIX, Kind, Place, name_fault
from orchestrator.model.problem import Problem
from orchestrator.store.files import Listed, WorkTree
from orchestrator.store.index.packing import pack, unpack
from orchestrator.store.pair import LIGHT, in_two

Stat = tuple[int, int, int, int]
"""Of a file: its inode, size, and when it and its inode changed, in nanoseconds."""

Entries = dict[str, Stat]
"""The files of a folder by name."""

_UNSURE = -1
"""An inode that no file has: such an entry is read again."""

_SECOND = 1_000_000_000
_TICK = _SECOND // 10
_COARSE_TICK = 2 * _SECOND + _TICK
_TYPE = stat.S_IFMT(0o177777)


class Folder(NamedTuple):
    """A folder of tasks.

    Attributes:
        path: Relative to the workspace.
        project: That it is of.
    """

    path: str
    project: str


@dataclass(frozen=True)
class Outline(WorkTree):
    """A work tree that lists everything but what is in folders of tasks.

    Attributes:
        folders: Those that `listing` came across.
    """

    folders: list[Folder] = field(default_factory=list)

    def folder(
        self, root: str, folder: str, kind: Kind, project: str = ""
    ) -> "Iterator[Listed | Problem]":
        """Yield the entities of a folder; of one that holds tasks, only take note."""
        if kind == "tasks" and not os.path.islink(f"{root}/{folder}"):  # noqa: PTH114
            self.folders.append(Folder(folder, project))
        else:
            yield from super().folder(root, folder, kind, project)


class Seen(NamedTuple):
    """A folder of tasks after a look into it.

    Attributes:
        entries: Its files; None where they are as they were before.
        is_odd: Whether it holds something that is no file of a task.
    """

    entries: Entries | None
    is_odd: bool


class Difference(NamedTuple):
    """How a work tree differs from what was seen before.

    Attributes:
        read: Files that are new or may have changed.
        odd: The problems of all paths that hold no file of a task.
        gone: Paths of files that are no longer there.
        folders: Entries by folder, for those that changed; None for a folder that is gone.
    """

    read: list[Listed]
    odd: list[Problem]
    gone: list[str]
    folders: dict[str, bytes | None]


def compare(outline: Outline, known: dict[str, bytes], began: int, processes: int) -> Difference:
    """Return how the folders of an outline differ from what was seen before.

    Args:
        outline: After its listing was read.
        known: Entries by folder.
        began: When the listing began, in nanoseconds since the epoch.
        processes: With 2, a forked child looks into the second half.
    """
    root = str(outline.root)
    folders = outline.folders
    seen = _look(root, [(item.path, known.get(item.path)) for item in folders], processes)
    read: list[Listed] = []
    odd: list[Problem] = []
    gone: list[str] = []
    changed: dict[str, bytes | None] = {}
    for folder, (now, is_odd) in zip(folders, seen, strict=True):
        if now is not None:
            then = _entries(known.get(folder.path))
            fresh = sorted(name for name, item in now.items() if then.get(name) != item)
            gone += [f"{folder.path}/{name}" for name in then if name not in now]
            read += _listed(fresh, folder)
            changed[folder.path] = pack(_surely(now, fresh, began))
        if is_odd:
            odd += _odd(outline, folder)
    present = {folder.path for folder in folders}
    for path in known.keys() - present:
        changed[path] = None
        gone += [f"{path}/{name}" for name in unpack(known[path])]
    return Difference(read, odd, gone, changed)


def _entries(packed: bytes | None) -> Entries:
    found: Entries = {} if packed is None else unpack(packed)
    return found


def _listed(fresh: Iterable[str], folder: Folder) -> Iterator[Listed]:
    for name in fresh:
        yield f"{folder.path}/{name}", Place("tasks", name[: -len(SUFFIX)], folder.project)


def _odd(outline: Outline, folder: Folder) -> Iterator[Problem]:
    """Yield the problems of what is no file of a task, as the full listing has them."""
    whole = WorkTree(outline.root)
    for item in whole.folder(str(outline.root), folder.path, "tasks", folder.project):
        if isinstance(item, Problem):
            yield item


def _surely(now: Entries, fresh: Iterable[str], began: int) -> Entries:
    """Return entries such that a file changed just now is read again the next time.

    A clock of files ticks, as git says of its index: what is written twice within a tick looks the
    same afterwards. Some file systems tick once in two seconds; their times have no fractions.
    """
    doubtful = {}
    for name in fresh:
        _, size, changed, touched = now[name]
        if max(changed, touched) + (_TICK if changed % _SECOND else _COARSE_TICK) >= began:
            doubtful[name] = (_UNSURE, size, changed, touched)
    return now | doubtful


def _look(root: str, folders: Sequence[tuple[str, bytes | None]], processes: int) -> list[Seen]:
    def work(part: Sequence[tuple[str, bytes | None]]) -> list[Seen]:
        return [_seen(f"{root}/{path}", before) for path, before in part]

    return in_two(work, folders, _WORTH_IT, LIGHT) if processes > 1 else work(folders)


_WORTH_IT = 8
"""Folders; a fork pays from some thousands of files on."""


def _seen(folder: str, before: bytes | None) -> Seen:
    then = _entries(before)
    now: Entries = {}
    is_odd = False
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return Seen(now, is_odd=True)
    try:
        with os.scandir(descriptor) as items:
            for item in items:
                name = item.name
                # A name that was right before is right now: only new ones are looked at closely.
                if name not in then:
                    if name[0] == "." and not item.is_symlink():
                        continue
                    if not name.endswith(SUFFIX) or name_fault(name):
                        is_odd = True
                        continue
                try:
                    status = item.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # removed since it was listed
                if status.st_mode & _TYPE != stat.S_IFREG:
                    is_odd = True
                    continue
                now[name] = status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    except OSError:
        is_odd = True
    finally:
        os.close(descriptor)
    return Seen(None if before is not None and now == then else now, is_odd)


def moment() -> int:
    """Return the time of the clock that files are stamped by, in nanoseconds since the epoch."""
    return time.time_ns()
