"""Tasks that got another id on one side while the other side worked on them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from orchestrator.model.shape import Document
from orchestrator.store.parse import document_of
from orchestrator.store.proposals.delta import Delta, Entity, Version, place_in
from orchestrator.store.proposals.join import Sides
from orchestrator.store.repository import Repository
from orchestrator.store.trees import read_blobs

Files = Mapping[Entity, tuple[str, Version]]
"""Path and version by entity."""


class Rename(NamedTuple):
    """A task under another id.

    Attributes:
        old: The id that it had.
        new: The id that it has.
        also: Other entities that are settled with it.
        sides: Its files, under either id.
    """

    old: Entity
    new: Entity
    also: tuple[Entity, ...]
    sides: Sides


def renamed(repository: Repository, mine: Delta, yours: Delta) -> list[Rename]:
    """Return the renamed tasks that both sides changed.

    An id that goes and an id that comes on one side are one task when they were made at the same
    moment and have one title, or say the same in everything.
    """
    gone = [_gone(delta) for delta in (mine, yours)]
    touched = [{place_in(path) for path in delta} for delta in (mine, yours)]
    wanted = {entity for entity in gone[0] if entity in touched[1]}
    wanted |= {entity for entity in gone[1] if entity in touched[0]}
    if not wanted:
        return []
    follow = [
        _followed(repository, delta, gone[at], wanted) for at, delta in enumerate((mine, yours))
    ]
    return [*_renames(wanted, follow, gone, (mine, yours))]


def _renames(
    wanted: set[Entity],
    follow: list[dict[Entity, tuple[Entity, str, Version]]],
    gone: Sequence[Files],
    deltas: tuple[Delta, Delta],
) -> Iterator[Rename]:
    mine, yours = deltas
    for old in sorted(wanted):
        path, was = next(side[old] for side in gone if old in side)
        ours, theirs = (side.get(old) for side in follow)
        base = {path: was}
        if ours and theirs:
            also = (ours[0], theirs[0])
            sides = Sides(base, {ours[1]: ours[2]}, {theirs[1]: theirs[2]})
            yield Rename(old, ours[0], also, sides)
        elif ours or theirs:
            found = ours or theirs
            assert found is not None  # noqa: S101 - one of the two is
            new, new_path, version = found
            other = Sides.of([item for item in {**mine, **yours} if place_in(item) == old], *deltas)
            is_new_there = any(place_in(item) == new for item in (yours if ours else mine))
            left = other.theirs if ours else other.ours
            if is_new_there or len(left) != 1:
                continue
            placed = {new_path: version}
            sides = Sides(base, placed if ours else left, left if ours else placed)
            yield Rename(old, new, (new,), sides)


def _gone(delta: Delta) -> dict[Entity, tuple[str, Version]]:
    """Return the tasks that a side removed."""
    return _lone(delta, 0)


def _lone(delta: Delta, at: int) -> dict[Entity, tuple[str, Version]]:
    """Return the tasks that are only on one end of a delta."""
    here: dict[Entity, tuple[str, Version]] = {}
    there: set[Entity] = set()
    for path, versions in delta.items():
        entity = place_in(path)
        if entity is None or entity[0] != "tasks":
            continue
        version = versions[at]
        if version is not None:
            here[entity] = path, version
        if versions[1 - at] is not None:
            there.add(entity)
    return {entity: found for entity, found in here.items() if entity not in there}


def _followed(
    repository: Repository, delta: Delta, gone: Files, wanted: set[Entity]
) -> dict[Entity, tuple[Entity, str, Version]]:
    """Return under which id, path and version a side has the tasks that it removed."""
    lost = {entity: found for entity, found in gone.items() if entity in wanted}
    fresh = _lone(delta, 1) if lost else {}
    found: dict[Entity, tuple[Entity, str, Version]] = {}
    by_mark = {
        mark: new for new, after in _documents(repository, fresh).items() for mark in _marks(after)
    }
    for old, before in _documents(repository, lost).items():
        new = next((by_mark[mark] for mark in _marks(before) if mark in by_mark), None)
        if new is not None:
            found[old] = (new, *fresh[new])
    return found


def _documents(repository: Repository, files: Files) -> dict[Entity, Document]:
    contents = read_blobs(repository.git, [version.oid for _, version in files.values()])
    found: dict[Entity, Document] = {}
    for (entity, (path, _)), data in zip(files.items(), contents, strict=True):
        document: Any = document_of(path, data)
        if isinstance(document, dict):
            found[entity] = document
    return found


def _marks(document: Document) -> Iterator[str]:
    """Yield what a task keeps when its id changes: two that share one of these are one task."""
    if document.get("created_at") and document.get("title"):
        yield json.dumps([document["created_at"], document["title"]])
    rest = {key: value for key, value in document.items() if key != "id"}
    yield json.dumps(rest, sort_keys=True, default=str)
