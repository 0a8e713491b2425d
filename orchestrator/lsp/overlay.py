"""A work tree with open buffers laid over its files."""

import os
from codecs import BOM_UTF8
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from orchestrator.model.places import (
    SETTINGS_FILE,
    TEMPLATES,
    Place,
    layer_of,
    name_fault,
    place_of,
    template_name,
)
from orchestrator.model.problem import Problem
from orchestrator.store.files import LARGEST, WorkTree, unexpected

_RANKS = {"users": 2, "projects": 3}


@dataclass(frozen=True)
class Overlay(WorkTree):
    """The files as an editor has them: where a file is open, its buffer counts.

    Attributes:
        texts: The bytes of buffers by path.
        marked: Those whose files begin with a byte order mark that the editor does not show, and
            will write again.
    """

    texts: Mapping[str, bytes] = field(default_factory=dict)
    marked: AbstractSet[str] = frozenset()

    def read(self, path: str) -> bytes | None:
        """Return a buffer's bytes, or the file's; None when it cannot be read."""
        data = self.texts.get(path)
        if data is None:
            return super().read(path)
        if path in self.marked and (super().read(path) or b"").startswith(BOM_UTF8):
            data = BOM_UTF8 + data
        # Of a large file no more is looked at than `WorkTree` reads of one.
        return data[: LARGEST + 1]

    def hides_mark(self, path: str, data: bytes) -> bool:
        """Return whether an editor that opened a file leaves its byte order mark out."""
        return super().read(path) == BOM_UTF8 + data

    def templates(self) -> list[str]:
        """Return the paths of the templates of tasks, those that are not saved yet too."""
        fresh = (path for path in self.texts if template_name(path) and self.is_fresh(path))
        return sorted({*super().templates(), *fresh})

    def is_fresh(self, path: str) -> bool:
        """Return whether nothing is at a path yet, and a file there would be a part of the plan."""
        is_part = placed(path) is not None or template_name(path) is not None
        return is_part and self._is_free(path)

    def strays(self) -> list[Problem]:
        """Return what is wrong with buffers that would be files which nothing reads."""
        odd = [path for path in self.texts if placed(path) is None and _is_listed(path)]
        found = (unexpected(path) for path in odd if self._is_free(path))
        return [problem for problem in found if problem]

    def _is_free(self, path: str) -> bool:
        if os.path.lexists(self.root / path):
            return False
        above = path.split("/")[:-1]
        folders = ("/".join(above[: end + 1]) for end in range(len(above)))
        # What is behind a symbolic link is none of the plan's files.
        return not any((self.root / folder).is_symlink() for folder in folders)


def placed(path: str) -> Place | None:
    """Return what a file of a plan promises by its path; None where it would not be read."""
    layer = layer_of(path)
    place = place_of(path) if layer is None else Place("settings", layer)
    if place is None or any(name_fault(part) for part in path.split("/")):
        return None
    return None if path.rpartition("/")[2].startswith(".") else place


def _is_listed(path: str) -> bool:
    """Return whether a file there would be seen by who lists a plan's files."""
    match path.split("/"):
        case ["users" | "projects", _] | ["projects", _, _] | ["projects", _, "tasks", _]:
            return not any(name_fault(part) for part in path.split("/"))
        case _:
            return False


def order(path: str) -> tuple[int, list[str]]:
    """Return a key that sorts paths as a work tree lists them."""
    parts = path.split("/")
    rank = _RANKS.get(parts[0], 0 if path == SETTINGS_FILE else 1)
    return rank, parts


def is_watched(path: str) -> bool:
    """Return whether a change of a file at a path can change what is wrong with the plan."""
    return path.split("/", maxsplit=1)[0] in ("users", "projects", TEMPLATES) or "/" not in path
