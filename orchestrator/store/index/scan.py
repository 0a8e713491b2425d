"""What is in a work tree, by names and times alone: no file is opened that has not changed."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from orchestrator.model.places import SUFFIX, Kind, Place, name_fault
from orchestrator.model.problem import Problem
from orchestrator.store.files import Listed, WorkTree
from orchestrator.store.index.packing import pack, unpack
from orchestrator.store.pair import in_two

Entry = tuple[str, int, int, int, int]
"""A file of a folder: its name, inode, size, and when it and its inode changed, in nanoseconds."""

_UNSURE = -1
"""An inode that no file has: such an entry is read again."""

_SECOND = 1_000_000_000
_TICK = _SECOND // 10
_COARSE_TICK = 2 * _SECOND + _TICK


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
        entries: Its files with their times, by name; packed.
        is_odd: Whether it holds something that is no file of a task.
    """

    entries: bytes
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
    seen = _look(root, [folder.path for folder in folders], processes)
    read: list[Listed] = []
    odd: list[Problem] = []
    gone: list[str] = []
    changed: dict[str, bytes | None] = {}
    for folder, (entries, is_odd) in zip(folders, seen, strict=True):
        before = known.get(folder.path)
        prefix = f"{folder.path}/"
        if entries != before:
            now: list[Entry] = unpack(entries)
            then: list[Entry] = [] if before is None else unpack(before)
            fresh = sorted(set(now).difference(then))
            there = {item[0] for item in now}
            gone += [prefix + item[0] for item in then if item[0] not in there]
            read += _listed(fresh, folder)
            changed[folder.path] = pack(_surely(now, fresh, began))
        if is_odd:
            odd += _odd(outline, folder)
    present = {folder.path for folder in folders}
    for path in known.keys() - present:
        changed[path] = None
        gone += [f"{path}/{item[0]}" for item in unpack(known[path])]
    return Difference(read, odd, gone, changed)


def _listed(fresh: Iterable[Entry], folder: Folder) -> Iterator[Listed]:
    for name, *_ in fresh:
        yield f"{folder.path}/{name}", Place("tasks", name[: -len(SUFFIX)], folder.project)


def _odd(outline: Outline, folder: Folder) -> Iterator[Problem]:
    """Yield the problems of what is no file of a task, as the full listing has them."""
    whole = WorkTree(outline.root)
    for item in whole.folder(str(outline.root), folder.path, "tasks", folder.project):
        if isinstance(item, Problem):
            yield item


def _surely(now: Sequence[Entry], fresh: Sequence[Entry], began: int) -> list[Entry]:
    """Return entries such that a file changed just now is read again the next time.

    A clock of files ticks, as git says of its index: what is written twice within a tick looks the
    same afterwards. Some file systems tick once in two seconds; their times have no fractions.
    """
    doubtful = {
        item
        for item in fresh
        if max(item[3], item[4]) + (_TICK if item[3] % _SECOND else _COARSE_TICK) >= began
    }
    if not doubtful:
        return list(now)
    return [(item[0], _UNSURE, *item[2:]) if item in doubtful else item for item in now]


def _look(root: str, folders: Sequence[str], processes: int) -> list[Seen]:
    def work(paths: Sequence[str]) -> list[Seen]:
        return [_seen(f"{root}/{path}") for path in paths]

    return in_two(work, folders, least=_WORTH_IT) if processes > 1 else work(folders)


_WORTH_IT = 8
"""Folders; a fork pays from some thousands of files on."""


def _seen(folder: str) -> Seen:
    entries: list[Entry] = []
    is_odd = False
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return Seen(pack(entries), is_odd=True)
    try:
        with os.scandir(descriptor) as items:
            for item in items:
                name = item.name
                if name[0] == "." and not item.is_symlink():
                    continue
                if (
                    not name.endswith(SUFFIX)
                    or not item.is_file(follow_symlinks=False)
                    or name_fault(name)
                ):
                    is_odd = True
                    continue
                try:
                    status = item.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # removed since it was listed
                entries.append((
                    name, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
                ))  # fmt: skip
    except OSError:
        is_odd = True
    finally:
        os.close(descriptor)
    entries.sort()
    return Seen(pack(entries), is_odd)


def moment() -> int:
    """Return the time of the clock that files are stamped by, in nanoseconds since the epoch."""
    return time.time_ns()
