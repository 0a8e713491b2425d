"""The history of one entity out of git, through moves to other projects and changes of its id."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from orchestrator.model.places import Kind, path_for, place_of
from orchestrator.model.shape import Document
from orchestrator.patch.step import same
from orchestrator.store.git import Oid
from orchestrator.store.index.history import homes_of
from orchestrator.store.log import Step, steps_of, touched_files
from orchestrator.store.objects import Objects, open_objects
from orchestrator.store.parse import document_of
from orchestrator.store.repository import Repository
from orchestrator.store.workspace import Workspace
from orchestrator.view.lineage import Candidate, origin_of
from orchestrator.view.moments import Moment, news


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The history of an entity.

    Attributes:
        kind: What it is.
        id: What it was asked for by.
        moments: What changed it, newest first; what is not committed is the first.
        present: What its file says now, or None when there is none.
    """

    kind: Kind
    id: str
    moments: tuple[Moment, ...]
    present: Document | None


def chronicle(workspace: Workspace, kind: Kind, entity_id: str) -> Chronicle:
    """Return the history of an entity: of the branch that is checked out, and of its file.

    Args:
        workspace: Where it is.
        kind: What it is.
        entity_id: Its id, which is what its file is called.

    Raises:
        NoRepositoryError: The workspace is in no git repository.
    """
    repository = workspace.required_repository
    with open_objects(repository.git) as objects:
        homes = partial(homes_of, workspace) if kind == "tasks" else _nowhere_known
        reader = _Reader(repository, objects, kind, horizon(repository), homes)
        head = objects.oid("HEAD")
        moments = list(reader.follow(head, entity_id)) if head else []
        own = _paths(workspace, kind, entity_id)
        path = next((path for path in own if workspace.files.read(path) is not None), None)
        before = reader.at(head, [*own, *reader.paths]) if head else None
        after = None if path is None else reader.document(path, workspace.files.read(path))
        is_readable = path is None or after is not None
        if head and before is None and after and (old := reader.removed(head, after)):
            moments = list(reader.follow(head, old.id))
            before = old.document
    if not is_readable:
        after = before or {}
    if not same(before, after) or not is_readable:
        pending = Moment(kind, entity_id, None, (before,), after, is_readable=is_readable)
        moments.insert(0, pending)
    return Chronicle(kind, entity_id, tuple(moments), after)


def _nowhere_known(_: str) -> None:
    return None


def horizon(repository: Repository) -> frozenset[str]:
    """Return the commits at which a shallow clone begins; none in a whole one."""
    try:
        return frozenset((repository.common_folder / "shallow").read_text("ascii").split())
    except FileNotFoundError:
        return frozenset()


@dataclass(frozen=True)
class _Reader:
    """Reads the states of one entity; a file that cannot be read says what it said before."""

    repository: Repository
    objects: Objects
    kind: Kind
    horizon: frozenset[str]
    homes: Callable[[str], list[str] | None]
    documents: dict[Oid, Document | None] = field(default_factory=dict)
    paths: dict[str, None] = field(default_factory=dict)

    def follow(self, start: Oid, entity_id: str) -> Iterator[Moment]:
        """Yield what changed an entity up to a commit, newest first."""
        git, prefix = self.repository.git, self.repository.prefix
        homes = self.homes(entity_id)
        steps = steps_of(git, prefix, start, self.kind, entity_id, homes=homes)
        if not steps:
            # The usual simplification leaves out what a branch added and took away again.
            every = "--full-history"
            steps = steps_of(git, prefix, start, self.kind, entity_id, every, homes=homes)
        for step in steps:
            self.paths.update(dict.fromkeys(touched.path for touched in step.files))
        moments = [self._moment(step, entity_id) for step in reversed(steps)]
        for step, moment in zip(steps, reversed(moments), strict=True):
            if moment.parents == (None,) and moment.after is not None and step.parents:
                old = self.removed(Oid(step.parents[0]), moment.after, Oid(step.commit.oid))
                if old is not None:
                    yield replace(moment, parents=(old.document,))
                    yield from self.follow(Oid(step.parents[0]), old.id)
                    return
            # A merge that only brings together what its parents changed has nothing to tell.
            if not step.is_merge or news(moment):
                yield moment

    def at(self, commit: str, paths: Iterable[str]) -> Document | None:
        """Return what the first of the files that is in a commit says, or None."""
        for path in paths:
            oid = self.objects.oid(f"{commit}:{self.repository.prefix}{path}")
            if oid is not None:
                return self._blob(path, oid) or {}
        return None

    def document(self, path: str, data: bytes | None) -> Document | None:
        """Return what a file says, tasks with `project`; None when it cannot be read."""
        found = None if data is None else document_of(path, data)
        if not isinstance(found, dict):
            return None
        return {**found, "project": path.split("/")[1]} if self.kind == "tasks" else found

    def removed(self, old: Oid, document: Document, new: Oid | None = None) -> Candidate | None:
        """Return the entity of another id that a new one was before, or None when it is new.

        Args:
            old: The commit before.
            document: The new entity.
            new: The commit that brings it; not given, the work tree.
        """
        command = ("diff-tree", "-r", "-z") if new else ("diff-index", "-z")
        out = self.repository.git.run(
            *command, "--raw", "--full-index", "--no-renames", "--no-ext-diff",
            "--diff-filter=D", *((old, new) if new else (old,)),
            "--", f"{self.repository.prefix}{self._folder}",
        )  # fmt: skip
        candidates = []
        for touched in touched_files(out.split(b"\0"), self.repository.prefix):
            place = place_of(touched.path)
            if place is None or place.kind != self.kind or touched.old is None:
                continue
            if (was := self._blob(touched.path, touched.old)) is not None:
                candidates.append(Candidate(place.id, was))
        return origin_of(document, candidates)

    @property
    def _folder(self) -> str:
        return "users" if self.kind == "users" else "projects"

    def _blob(self, path: str, oid: Oid) -> Document | None:
        if oid not in self.documents:
            self.documents[oid] = self.document(path, self.objects.blob(oid))
        found = self.documents[oid]
        if found is not None and self.kind == "tasks":
            return {**found, "project": path.split("/")[1]}
        return found

    def _moment(self, step: Step, entity_id: str) -> Moment:
        is_horizon = step.commit.oid in self.horizon
        if step.is_merge:
            parents = tuple(self.at(parent, self.paths) for parent in step.parents)
            after = self.at(step.commit.oid, self.paths)
            return Moment(self.kind, entity_id, step.commit, parents, after)
        old = next(((item.path, item.old) for item in step.files if item.old), None)
        new = next(((item.path, item.new) for item in step.files if item.new), None)
        before = (self._blob(*old) or {}) if old else None
        after = self._blob(*new) if new else None
        is_readable = new is None or after is not None
        if not is_readable and new is not None:
            after = before or {}
            self.documents[new[1]] = after
        return Moment(self.kind, entity_id, step.commit, (before,), after, is_readable, is_horizon)


def _paths(workspace: Workspace, kind: Kind, entity_id: str) -> list[str]:
    """Return where an entity's file may be: a task's in any project."""
    if kind != "tasks":
        return [path_for(kind, entity_id)]
    return [
        path_for(kind, entity_id, folder.name)
        for folder in sorted(workspace.root.glob("projects/*/"))
    ]
