"""One entity that both sides changed, made one again: its place, and what its file says."""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from orchestrator.model.places import path_for, place_of
from orchestrator.patch.merge import ABSENT, Conflict
from orchestrator.store.proposals.delta import Delta, Entity, Version
from orchestrator.store.repository import Repository
from orchestrator.store.trees import read_blobs
from orchestrator.text.merge import merge_files

_REGULAR = "100644"

Placed = Mapping[str, Version]
"""The files of an entity on one side, by path: one, or none; two when an id is used twice."""


class Sides(NamedTuple):
    """An entity's files in the base and on both sides."""

    base: Placed
    ours: Placed
    theirs: Placed

    @classmethod
    def of(cls, paths: Iterable[str], mine: Delta, yours: Delta) -> "Sides":
        """Return the files at `paths`; what a side did not change is as in the base."""
        base: dict[str, Version] = {}
        ours: dict[str, Version] = {}
        theirs: dict[str, Version] = {}
        for path in paths:
            was = (mine.get(path) or yours[path])[0]
            versions = (
                (base, was),
                (ours, mine[path][1] if path in mine else was),
                (theirs, yours[path][1] if path in yours else was),
            )
            for side, version in versions:
                if version is not None:
                    side[path] = version
        return cls(base, ours, theirs)

    @property
    def paths(self) -> set[str]:
        """All paths."""
        return {*self.base, *self.ours, *self.theirs}


class Joined(NamedTuple):
    """An entity after a merge.

    Attributes:
        entity: Kind and id.
        path: Where it is.
        paths: Where it was, on any side.
        files: What its files hold; none when it is gone.
        conflicts: What nobody has chosen.
        said: What a rule settled.
    """

    entity: Entity
    path: str
    paths: frozenset[str]
    files: Mapping[str, Version | bytes]
    conflicts: tuple[Conflict, ...] = ()
    said: tuple[str, ...] = ()


class _Place(NamedTuple):
    """Where an entity belongs, or which part of its path nobody has chosen."""

    path: str
    conflicts: tuple[Conflict, ...] = ()


def join_entity(repository: Repository, entity: Entity, sides: Sides) -> Joined:
    """Merge an entity that both sides changed: it is followed by its id, not by its path."""
    base, ours, theirs = sides
    paths = frozenset(sides.paths)
    if max(len(base), len(ours), len(theirs)) > 1:
        return _by_path(repository, entity, sides)
    (was, old), (mine, our), (yours, their) = (_only(side) for side in sides)
    if our is None or their is None:
        return _one_is_gone(entity, sides)
    place = _where(was, mine, yours)
    merged = _content(repository, entity, (old, our, their))
    if isinstance(merged, Conflict):
        return Joined(entity, place.path, paths, {}, (*place.conflicts, merged))
    content, conflicts = merged
    # An id that both changed is in the path and in the file, and is one conflict.
    named = {conflict.pointer for conflict in place.conflicts}
    rest = (conflict for conflict in conflicts if conflict.pointer not in named)
    return Joined(entity, place.path, paths, {place.path: content}, (*place.conflicts, *rest))


def _only(side: Placed) -> tuple[str, Version | None]:
    return next(iter(side.items()), ("", None))


def _one_is_gone(entity: Entity, sides: Sides) -> Joined:
    """An edit beats a deletion; both sides' deletion is one."""
    kept = {**sides.ours, **sides.theirs}
    paths = frozenset(sides.paths)
    path = next(iter(kept), next(iter(sides.base), ""))
    said = f"{entity[1]} was removed on one side and changed on the other: it stays."
    return Joined(entity, path, paths, kept, said=(said,) if kept else ())


def _by_path(repository: Repository, entity: Entity, sides: Sides) -> Joined:
    """Merge an id's files one by one: it is used twice, and check will say so."""
    files: dict[str, Version | bytes] = {}
    conflicts: list[Conflict] = []
    for path in sorted(sides.paths):
        here = [{path: side[path]} if path in side else {} for side in sides]
        base, ours, theirs = here
        if theirs in (ours, base):
            files |= ours
        elif ours == base:
            files |= theirs
        else:
            one = join_entity(repository, entity, Sides(base, ours, theirs))
            files |= one.files
            conflicts += one.conflicts
    return Joined(entity, min(sides.paths), frozenset(sides.paths), files, tuple(conflicts))


def _where(was: str, mine: str, yours: str) -> _Place:
    """Merge the paths: as a whole, or project and name each for themselves."""
    if mine in (was, yours):
        return _Place(yours)
    if was == yours:
        return _Place(mine)
    places = [place_of(path) for path in (was or mine, mine, yours)]
    base, ours, theirs = places
    if base is None or ours is None or theirs is None:
        return _Place(mine, (Conflict("", was, mine, yours),))
    conflicts = []
    parts = []
    for pointer, *values in (
        ("/project", base.project if was else ABSENT, ours.project, theirs.project),
        ("/id", base.id if was else ABSENT, ours.id, theirs.id),
    ):
        first, second, third = values
        parts.append(third if second == first else second)
        if second not in (first, third) and first != third:
            conflicts.append(Conflict(pointer, first, second, third))
    return _Place(path_for(ours.kind, str(parts[1]), str(parts[0])), tuple(conflicts))


def _content(
    repository: Repository, entity: Entity, versions: tuple[Version | None, Version, Version]
) -> tuple[Version | bytes, tuple[Conflict, ...]] | Conflict:
    """Return what the file is to hold, or that it cannot be told."""
    old, our, their = versions
    if their in (old, our):
        return our, ()
    if our == old:
        return their, ()
    if our.mode != _REGULAR or their.mode != _REGULAR:
        return Conflict("", ABSENT, f"mode {our.mode}", f"mode {their.mode}")
    data = list(read_blobs(repository.git, [item.oid for item in versions if item is not None]))
    texts = [_text(item) for item in ([b"", *data] if old is None else data)]
    base, ours, theirs = texts
    if base is None or ours is None or theirs is None:
        return Conflict("", ABSENT, "not UTF-8", "not UTF-8")
    merged = merge_files(entity[0], base, ours, theirs)
    if merged is not None:
        return merged.text.encode(), merged.conflicts
    by_line = _by_line(repository, (base, ours, theirs))
    return Conflict("", ABSENT, "other lines", "other lines") if by_line is None else (by_line, ())


def _text(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _by_line(repository: Repository, texts: tuple[str, str, str]) -> bytes | None:
    """Merge a file that is no plain mapping as git does; None where that would leave markers."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder, name) for name in ("base", "ours", "theirs")]
        for name, text in zip(names, texts, strict=True):
            name.write_bytes(text.encode())
        base, ours, theirs = map(str, names)
        code, out, _ = repository.git.finish("merge-file", "-p", "-q", "--", ours, base, theirs)
    return out if code == 0 else None
