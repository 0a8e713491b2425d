"""Where a plan's bytes come from, and the files of the work tree."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from orchestrator.model.places import (
    SETTINGS_FILE,
    SUFFIX,
    TEMPLATES,
    Kind,
    Place,
    layer_of,
    layer_path,
    name_fault,
    template_name,
)
from orchestrator.model.problem import Problem
from orchestrator.store.git import StoreError

LARGEST = 256 * 1024
LAYER_VARIABLE = "ORCHESTRATOR_ENV"
_READ_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_FIRST_READ = 16 * 1024  # most files end here; a larger buffer costs a page mapping a file


class Entry(NamedTuple):
    """One file of a plan.

    Attributes:
        path: Relative to the workspace.
        place: What the path promises.
        data: Its bytes; of a file over 256 KiB, the first 256 KiB and one.
    """

    path: str
    place: Place
    data: bytes


Listed = tuple[str, Place]
"""A file that is there, not yet read: its path and what the path promises."""


class Source(Protocol):
    """Something that a plan can be read from."""

    @property
    def layer(self) -> str:
        """The environment whose settings lie over the others; `""` for none."""

    def entries(self) -> Iterator[Entry | Problem]:
        """Yield each file that holds an entity, and a Problem for each path that must not be."""

    def templates(self) -> list[str]:
        """Return the paths of the templates of tasks."""

    def read(self, path: str) -> bytes | None:
        """Return one file's bytes, or None when it is not there."""

    def read_all(self, paths: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the bytes of files in the order given; None for one that is not there."""


@dataclass(frozen=True)
class WorkTree:
    """The files as they are on the disk.

    Attributes:
        root: The workspace's folder.
        layer: The environment whose settings lie over the others; `""` for none.
    """

    root: Path
    layer: str = ""

    def read(self, path: str) -> bytes | None:
        """Return one file's bytes, or None when it cannot be read."""
        try:
            return _read_file(f"{self.root}/{path}")
        except OSError:
            return None

    def read_all(self, paths: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the bytes of files in the order given; None for one that cannot be read."""
        return map(self.read, paths)

    def templates(self) -> list[str]:
        """Return the paths of the templates of tasks."""
        items = [item for item in _scan(str(self.root), TEMPLATES) if not isinstance(item, Problem)]
        paths = (f"{TEMPLATES}/{item.name}" for item in items if not item.is_symlink())
        return [path for path in paths if template_name(path)]

    def entries(self) -> Iterator[Entry | Problem]:
        """Yield the plan's files in the order of the folders."""
        return read_listed(str(self.root), self.listing())

    def listing(self) -> "Iterator[Listed | Problem]":
        """Yield the plan's files without reading them."""
        root = str(self.root)
        if os.path.lexists(f"{root}/{SETTINGS_FILE}"):
            yield SETTINGS_FILE, Place("settings", "")
        for item in _scan(root, "."):
            if not isinstance(item, Problem) and (name := layer_of(item.name)) is not None:
                yield item.name, Place("settings", name)
        yield from self.folder(root, "users", "users")
        for item in _scan(root, "projects"):
            if isinstance(item, Problem):
                yield item
                continue
            path = f"projects/{item.name}"
            if item.is_symlink():
                yield bad_path(path, "is a symbolic link")
            elif item.is_dir():
                yield from self._project(root, path)
            elif found := unexpected(path):
                yield found

    def _project(self, root: str, path: str) -> "Iterator[Listed | Problem]":
        item_project = path.rpartition("/")[2]
        if fault := name_fault(item_project):
            yield bad_path(path, fault)
            return
        for item in _scan(root, path):
            if isinstance(item, Problem):
                yield item
                continue
            inner = f"{path}/{item.name}"
            if item.is_symlink():
                yield bad_path(inner, "is a symbolic link")
            elif item.name == "project.yaml":
                yield inner, Place("projects", item_project, item_project)
            elif item.name == "tasks" and item.is_dir():
                yield from self.folder(root, inner, "tasks", item_project)
            elif found := unexpected(inner):
                yield found

    def folder(
        self, root: str, folder: str, kind: Kind, project: str = ""
    ) -> "Iterator[Listed | Problem]":
        """Yield the entities of a folder that holds nothing but entities."""
        for item in _scan(root, folder):
            if isinstance(item, Problem):
                yield item
                continue
            name = item.name
            path = f"{folder}/{name}"
            if not name.endswith(SUFFIX) or not item.is_file(follow_symlinks=False):
                if item.is_symlink():
                    yield bad_path(path, "is a symbolic link")
                elif found := unexpected(path):
                    yield found
                continue
            if name.startswith("."):
                continue
            stem = name[: -len(SUFFIX)]
            if fault := name_fault(name):
                yield bad_path(path, fault)
                continue
            yield path, Place(kind, stem, project)


def layer_in(environment: Mapping[str, str]) -> str:
    """Return the environment whose settings hold, as ORCHESTRATOR_ENV says; `""` for none."""
    chosen = environment.get(LAYER_VARIABLE, "")
    if chosen and layer_of(layer_path(chosen)) is None:
        raise StoreError(
            f"{LAYER_VARIABLE} is {chosen[:60]!r}, which is no name of an environment.",
            "Small letters, digits and dashes: staging.",
        )
    return chosen


def read_listed(root: str, listing: Iterable[Listed | Problem]) -> Iterator[Entry | Problem]:
    """Yield the files of a listing with their bytes, and its problems as they are."""
    for item in listing:
        if isinstance(item, Problem):
            yield item
            continue
        path, place = item
        try:
            yield Entry(path, place, _read_file(f"{root}/{path}"))
        except FileNotFoundError:
            continue  # removed since it was listed
        except OSError as error:
            yield unreadable(path, error)


def unexpected(path: str) -> Problem | None:
    """Return the problem of a path that holds no entity, or None when it may be there.

    Dotfiles and editors' backups are nobody's business, and a project's folder may hold notes
    and pictures; in `tasks/` and `users/` there is nothing but entities, and a YAML file that
    nothing reads is always a mistake.
    """
    parts = path.split("/")
    name = parts[-1]
    if any(part.startswith(".") for part in parts) or name.endswith("~") or name.startswith("#"):
        return None
    is_yaml = name.endswith((".yaml", ".yml", ".YAML", ".YML"))
    is_closed = parts[0] == "users" or parts[2:3] == ["tasks"]
    if not is_yaml and not is_closed:
        return None
    stem = name.rpartition(".")[0]
    hint = f"Rename it to {stem}.yaml" if is_yaml and is_closed else "Move it out of the plan."
    if is_yaml and not is_closed:
        hint = "Tasks live in projects/<project>/tasks/ ."
    return Problem("ORC105", "error", "Nothing reads this file.", path, hint=hint)


def unreadable(path: str, error: OSError) -> Problem:
    """Return the problem of a file that the system does not let us read."""
    reason = (error.strerror or str(error)).lower()
    return Problem("ORC006", "error", f"The file cannot be read: {reason}.", path)


def bad_path(path: str, fault: str) -> Problem:
    """Return the problem of a path that a plan must not have."""
    shown = path.encode("utf-8", "backslashreplace").decode()
    return Problem(
        "ORC006", "error", f"The path {fault}.", shown,
        hint="A plan holds plain files (mode 644) with portable names.",
    )  # fmt: skip


def _read_file(path: str) -> bytes:
    descriptor = os.open(path, _READ_FLAGS)
    try:
        data = os.read(descriptor, _FIRST_READ)
        if len(data) == _FIRST_READ:
            while len(data) <= LARGEST and (more := os.read(descriptor, LARGEST + 1 - len(data))):
                data += more
        return data
    finally:
        os.close(descriptor)


def _scan(root: str, folder: str) -> list["os.DirEntry[str] | Problem"]:
    whole = f"{root}/{folder}"
    try:
        if os.path.islink(whole):  # noqa: PTH114 - a Path for each folder costs more than the scan
            return [bad_path(folder, "is a symbolic link")]
        with os.scandir(whole) as items:
            return [*sorted(items, key=_name_of)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        return [unreadable(folder, error)]


def _name_of(item: "os.DirEntry[str]") -> str:
    return item.name
