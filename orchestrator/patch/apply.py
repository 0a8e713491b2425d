"""Applying a patch in memory: snapshot and ops in, changed entities out."""

import copy
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, cast

from orchestrator.model.ids import is_project_id, is_task_id, is_user_id
from orchestrator.model.places import Kind, name_fault
from orchestrator.model.pointer import join, split
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.patch.ops import Operation, PatchError, entity_of
from orchestrator.patch.step import (
    MisplacedOpError,
    quoted,
    resolved,
    same,
    step,
)


class Change(NamedTuple):
    """What a patch does to one entity.

    Attributes:
        kind: The member of the virtual document.
        id: The entity.
        before: Its document, or None when the patch makes it.
        after: Its document, or None when the patch removes it.
        origin: The id that it was moved from, when the patch renames it.
    """

    kind: Kind
    id: str
    before: Document | None
    after: Document | None
    origin: str | None = None


class MalformedIdError(PatchError):
    """A patch would make an entity whose id is none.

    Attributes:
        index: The op that would make it, from 0.
        kind: What it would make.
        id: The text that is no id.
    """

    def __init__(self, index: int, kind: Kind, entity_id: object) -> None:
        example = {"tasks": "PAY-7K3F", "projects": "payments-api"}.get(kind, "dana")
        super().__init__(
            f"Op {index}: {str(entity_id)[:100]!r} is no id of {kind}.",
            f"An id looks like {example} .",
        )
        self.index = index
        self.kind = kind
        self.id = entity_id


class UnreadableTargetError(PatchError):
    """A patch is about an entity whose file cannot be read.

    Attributes:
        kind: Its kind.
        id: Its id.
    """

    def __init__(self, kind: Kind, entity_id: str) -> None:
        super().__init__(
            f"The file of {entity_id or 'the settings'} cannot be read.",
            "orchestrator check says why.",
        )
        self.kind = kind
        self.id = entity_id


class Documents(Protocol):
    """Where the present documents come from."""

    def document(self, kind: Kind, entity_id: str) -> Document | None:
        """Return an entity's document as its file says it, tasks with `project`, or None."""

    def ids(self, kind: Kind) -> Iterable[str]:
        """Yield ids to suggest; may be none."""


class SnapshotDocuments(NamedTuple):
    """The documents of a snapshot."""

    snapshot: Snapshot

    def document(self, kind: Kind, entity_id: str) -> Document | None:
        """Return an entity's document, or None."""
        if (kind, entity_id) in self.snapshot.unreadable:
            raise UnreadableTargetError(kind, entity_id)
        if entity_id not in self.snapshot.entities(kind) or (
            kind == "settings" and not self.snapshot.settings
        ):
            return None
        document = self.snapshot.file_document(kind, entity_id)
        if kind == "tasks":
            return {**document, "project": self.snapshot.tasks[entity_id]["project"]}
        return document

    def ids(self, kind: Kind) -> Iterable[str]:
        """Yield the ids of one kind."""
        return self.snapshot.entities(kind)


def apply(documents: Documents, ops: Sequence[Operation]) -> list[Change]:
    """Return what `ops` do to each entity that they touch; nothing else is looked at.

    Raises:
        UnknownTargetError: An op names an entity or a field that is not there.
        TestFailedError: A `test` op found something else.
        MisplacedOpError: An op is about no entity, or would change an id.
    """
    before: dict[tuple[Kind, str], Document | None] = {}
    virtual: dict[str, Any] = {"users": {}, "projects": {}, "tasks": {}}
    origins: dict[tuple[str, str], str] = {}
    writers: dict[tuple[str, str], int] = {}
    copied = 0

    def suggest(steps: Sequence[str]) -> str | None:
        is_entity = len(steps) == _ENTITY and steps[0] in ("users", "projects", "tasks")
        return did_you_mean(steps[1], documents.ids(cast("Kind", steps[0]))) if is_entity else None

    for index, op in enumerate(ops):
        for pointer in (op["path"], op.get("from")):
            if pointer is not None:
                _materialise(documents, virtual, before, index, op, pointer)
        _refuse_misplaced(index, op)
        if op["op"] == "copy":
            copied += _weight(resolved(virtual, split(op["from"])))
            if copied > _MOST_COPIED:
                raise PatchError(
                    f"Op {index} (copy): the patch copies more than {_MOST_COPIED:,} bytes.",
                    "Split it into several patches.",
                )
        step(virtual, index, op, suggest)
        if op["op"] != "test":
            writers[cast("tuple[str, str]", entity_of(op["path"]))] = index
        _note_rename(origins, op)
    changes = []
    for (kind, entity_id), was in before.items():
        now = virtual.get("settings") if kind == "settings" else virtual[kind].get(entity_id)
        if now is not None:
            index = writers.get((kind, entity_id), 0)
            now = _identified(index, kind, entity_id, now)
            _refuse_unsafe(index, kind, entity_id, was, now)
        if not same(now, was):
            origin = origins.get((kind, entity_id)) if was is None else None
            changes.append(Change(kind, entity_id, was, now, origin))
    return changes


def _materialise(
    documents: Documents,
    virtual: dict[str, Any],
    before: dict[tuple[Kind, str], Document | None],
    index: int,
    op: Operation,
    pointer: str,
) -> None:
    found = entity_of(pointer)
    if found is None:
        raise MisplacedOpError(
            index, op, f"{pointer or 'the whole plan'} is no entity",
            "A path starts with /tasks/ID, /projects/ID, /users/ID or /settings .",
        )  # fmt: skip
    key = cast("tuple[Kind, str]", found)
    if key in before:
        return
    kind, entity_id = key
    document = documents.document(kind, entity_id)
    before[key] = document
    if document is not None:
        if kind == "settings":
            virtual["settings"] = copy.deepcopy(document)
        else:
            virtual[kind][entity_id] = copy.deepcopy(document)


_MOST_COPIED = 16 * 1024 * 1024  # as large as a patch may be itself
_NODE = 64  # bytes of a value beside its characters
_ENTITY = 2  # steps of a pointer to an entity
_FIELD = 3  # steps of a pointer to a top-level field: kind, id, field


def _refuse_misplaced(index: int, op: Operation) -> None:
    """Refuse what would change an id."""
    if op["op"] == "test":
        return
    for pointer in (op["path"], op.get("from", "") if op["op"] == "move" else ""):
        steps = split(pointer)
        if len(steps) == _FIELD and steps[0] != "settings" and steps[-1] == "id":
            raise MisplacedOpError(
                index, op, "an id is not a field to change",
                f"Rename with a move from /{steps[0]}/{steps[1]} .",
            )  # fmt: skip
    steps, value = split(op["path"]), op.get("value")
    if len(steps) == _ENTITY and steps[0] != "settings" and isinstance(value, dict):
        said = value.get("id", steps[1])
        if said != steps[1]:
            raise MisplacedOpError(
                index, op, f"its value has the id {quoted(said)}",
                "Leave id out of the value; the path says it.",
            )  # fmt: skip


def _weight(value: Any) -> int:
    """Return about how many bytes a value takes; forty copies of a copy are a terabyte."""
    stack = [value]
    weight = 0
    while stack and weight <= _MOST_COPIED:
        node = stack.pop()
        weight += _NODE + (len(node) if isinstance(node, str) else 0)
        if isinstance(node, dict):
            stack.extend(node)
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
    return weight


def _note_rename(origins: dict[tuple[str, str], str], op: Operation) -> None:
    """Remember where an entity that is moved as a whole comes from, through several moves."""
    if op["op"] != "move":
        return
    source, target = split(op["from"]), split(op["path"])
    if len(source) == len(target) == _ENTITY and source[0] == target[0]:
        kind, old = source
        origins[kind, target[1]] = origins.pop((kind, old), old)


def _identified(index: int, kind: Kind, entity_id: str, document: Any) -> Document:
    """Give a document the id that its place in the virtual document promises."""
    if not isinstance(document, dict):
        where = join([kind, entity_id]) if kind != "settings" else "/settings"
        raise PatchError(
            f"Op {index}: the value of {where} is not a mapping.",
            'An entity is a mapping of its fields: {"title": …, "status": …}.',
        )
    if kind == "settings" or document.get("id") == entity_id:
        return document
    return {"id": entity_id, **{key: value for key, value in document.items() if key != "id"}}


def _refuse_unsafe(
    index: int, kind: Kind, entity_id: str, before: Document | None, now: Document
) -> None:
    """Refuse an id that would become a path it must not; no setting can turn this off."""
    grammar = {"tasks": is_task_id, "projects": is_project_id, "users": is_user_id}
    if before is None and kind != "settings" and not grammar[kind](entity_id):
        raise MalformedIdError(index, kind, entity_id)
    if before is None and (fault := name_fault(entity_id)):
        raise PatchError(f"Op {index}: the name {entity_id} {fault}.", "Choose another id.")
    if kind == "tasks":
        project = now.get("project")
        if project is None:
            raise PatchError(
                f"Op {index}: {join([kind, entity_id])} names no project.",
                'Add "project": "<id>" to it.',
            )
        if not isinstance(project, str) or not is_project_id(project):
            raise MalformedIdError(index, "projects", project)


def touched(ops: Iterable[Operation]) -> Iterator[tuple[Kind, str]]:
    """Yield the entities that ops name, each once, in order."""
    seen: dict[tuple[str, str], None] = {}
    for op in ops:
        for pointer in (op["path"], op.get("from")):
            if pointer is not None and (found := entity_of(pointer)):
                seen.setdefault(found)
    yield from cast("Iterable[tuple[Kind, str]]", seen)
