"""The documents that a patch names, read from one commit: no work tree, no other file."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from orchestrator.model.ids import is_task_id
from orchestrator.model.places import Kind, path_for, place_of
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change, touched
from orchestrator.patch.ops import Patch, PatchError
from orchestrator.store.git import Oid
from orchestrator.store.objects import Objects
from orchestrator.store.parse import document_of
from orchestrator.store.repository import Repository

_FEW = 50
"""Tasks that are looked for one by one; beyond it, listing all files of the commit is cheaper."""


@dataclass(frozen=True)
class TreeDocuments:
    """The documents that a patch names, read from one commit.

    Attributes:
        files: Path and bytes by entity, of those that exist.
        projects: The folders under projects/.
    """

    files: dict[tuple[Kind, str], tuple[str, bytes]]
    projects: tuple[str, ...]

    @classmethod
    def read(
        cls, repository: Repository, tip: Oid, patch: Patch, objects: Objects
    ) -> "TreeDocuments":
        """Read what `patch` names at `tip`: its entities, wherever their project is."""
        root = f"{tip}:{repository.prefix}"
        folders = objects.folders(f"{root}projects")
        entities = list(touched(patch.ops))
        listed = _listed(repository, tip) if len(entities) > _FEW else None
        files: dict[tuple[Kind, str], tuple[str, bytes]] = {}
        for kind, entity_id in entities:
            for path in _paths(repository, folders, kind, entity_id, listed):
                data = objects.blob(f"{root}{path}")
                if data is not None:
                    files[kind, entity_id] = path, data
                    break
        return cls(files, folders)

    def document(self, kind: Kind, entity_id: str) -> Document | None:
        """Return an entity's document, tasks with `project`, or None."""
        found = self.files.get((kind, entity_id))
        if found is None:
            return None
        path, data = found
        document = document_of(path, data)
        if isinstance(document, list):
            raise PatchError(f"{path} cannot be read: {document[0].message}", document[0].hint)
        return {**document, "project": path.split("/")[1]} if kind == "tasks" else document

    def ids(self, kind: Kind) -> Iterable[str]:
        """Yield the ids to suggest for one that does not exist."""
        return self.projects if kind == "projects" else ()

    def bytes_of(self, path: str) -> bytes | None:
        """Return a file's bytes, of those that the patch names."""
        return self._by_path.get(path)

    @cached_property
    def _by_path(self) -> Mapping[str, bytes]:
        return dict(self.files.values())

    def locate(self, change: Change) -> tuple[str | None, str | None]:
        """Return an entity's path before and after a change."""
        kind, entity_id, before, now, _ = change
        found = self.files.get((kind, entity_id))
        old = found[0] if found and before is not None else None
        if now is None:
            return old, None
        project = str(now.get("project", ""))
        if old and (kind != "tasks" or (before or {}).get("project") == project):
            return old, old
        return old, path_for(kind, entity_id, project)


def _listed(repository: Repository, tip: Oid) -> Mapping[str, str]:
    """Return the path of each task in a commit, by id."""
    out = repository.git.run(
        "ls-tree", "-r", "-z", "--name-only", tip, "--", f"{repository.prefix}projects/"
    )
    found: dict[str, str] = {}
    for name in out.split(b"\0")[:-1]:
        path = os.fsdecode(name)[len(repository.prefix) :]
        place = place_of(path)
        if place is not None and place.kind == "tasks":
            found.setdefault(place.id, path)
    return found


def _paths(
    repository: Repository,
    folders: Iterable[str],
    kind: Kind,
    entity_id: str,
    listed: Mapping[str, str] | None,
) -> Iterator[str]:
    """Yield where an entity's file can be in a commit, the likeliest first."""
    if kind != "tasks":
        yield path_for(kind, entity_id)
    elif not is_task_id(entity_id):
        return
    elif listed is not None:
        if entity_id in listed:
            yield listed[entity_id]
    else:
        # Git reads a tree for each of these. The work tree is asked first, which costs a
        # hundredth, where to look; what is right is what the commit says.
        paths = [path_for(kind, entity_id, project) for project in folders]
        yield from sorted(paths, key=lambda path: not (repository.workspace / path).exists())
