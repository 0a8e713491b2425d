"""Which files of the plan differ between two commits."""

import os
from typing import NamedTuple

from orchestrator.model.places import TEMPLATES, Kind, layer_of, place_of
from orchestrator.store.git import Oid
from orchestrator.store.repository import Repository

_FOLDERS = ("users/", "projects/", f"{TEMPLATES}/")

Entity = tuple[Kind, str]
"""Kind and id; of an environment's settings, its name."""


class Version(NamedTuple):
    """A file as a commit has it.

    Attributes:
        mode: As git writes it, `100644`.
        oid: Its blob.
    """

    mode: str
    oid: Oid


Delta = dict[str, tuple[Version | None, Version | None]]
"""Before and after by path, relative to the workspace; None where there is no file."""


def place_in(path: str) -> Entity | None:
    """Return whose file a path of the workspace is, or None when it is none of the plan's."""
    if (layer := layer_of(path)) is not None:
        return "settings", layer
    place = place_of(path)
    return None if place is None else (place.kind, place.id)


def plan_delta(repository: Repository, old: Oid, new: Oid) -> Delta:
    """Return the files of the plan that differ."""
    prefix = repository.prefix
    return {
        path[len(prefix) :]: versions
        for path, versions in _all(repository, old, new).items()
        if path.startswith(prefix) and place_in(path[len(prefix) :]) is not None
    }


def files_that_differ(repository: Repository, old: Oid, new: Oid) -> Delta:
    """Return all files that differ and that a check of the plan looks at, entities or not."""
    prefix = repository.prefix
    found = {
        path[len(prefix) :]: versions
        for path, versions in _all(repository, old, new).items()
        if path.startswith(prefix)
    }
    return {
        path: versions
        for path, versions in found.items()
        if path.startswith(_FOLDERS) or place_in(path) is not None
    }


def other_files(repository: Repository, old: Oid, new: Oid) -> tuple[str, ...]:
    """Return the files that differ and are no part of the plan, relative to the repository."""
    prefix = repository.prefix
    return tuple(
        path
        for path in _all(repository, old, new)
        if not path.startswith(prefix) or place_in(path[len(prefix) :]) is None
    )


def _all(repository: Repository, old: Oid, new: Oid) -> Delta:
    out = repository.git.run(
        "diff-tree", "-r", "-z", "--no-renames", "--no-ext-diff", "--raw", "--full-index", old, new
    )
    fields = out.split(b"\0")[:-1]
    found: Delta = {}
    for head, name in zip(fields[::2], fields[1::2], strict=True):
        old_mode, new_mode, old_oid, new_oid, _ = head.decode().lstrip(":").split(" ")
        sides = tuple(
            Version(mode, Oid(oid)) if oid.strip("0") else None
            for mode, oid in ((old_mode, old_oid), (new_mode, new_oid))
        )
        found[os.fsdecode(name)] = (sides[0], sides[1])
    return found
