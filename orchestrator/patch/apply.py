"""Applying a patch in memory: snapshot and ops in, changed entities out."""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, cast

from orchestrator.model.ids import is_project_id, is_task_id, is_user_id
from orchestrator.model.places import Kind, name_fault
from orchestrator.model.pointer import split
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.suggest import did_you_mean
from orchestrator.patch.ops import Operation, PatchError, entity_of


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


class UnknownTargetError(PatchError):
    """An op is about something that does not exist.

    Attributes:
        index: Which op, from 0.
        path: The pointer that names nothing.
    """

    def __init__(self, index: int, op: Operation, path: str, hint: str | None) -> None:
        super().__init__(f"Op {index} ({op['op']}): there is no {path} .", hint)
        self.index = index
        self.path = path


class TestFailedError(PatchError):
    """A `test` op found something else.

    Attributes:
        index: Which op, from 0.
        path: Where it looked.
        expected: What the patch says.
        found: What is there.
    """

    __test__ = False  # pytest would otherwise collect a class of this name

    def __init__(self, index: int, path: str, expected: Any, found: Any) -> None:
        super().__init__(
            f"Op {index} (test): {path} is {found!r} and not {expected!r}.",
            "The plan has changed since the patch was made; make it again.",
        )
        self.index = index
        self.path = path
        self.expected = expected
        self.found = found


class MisplacedOpError(PatchError):
    """An op is about no entity, or about an entity's identity.

    Attributes:
        index: Which op, from 0.
    """

    def __init__(self, index: int, op: Operation, why: str, hint: str | None = None) -> None:
        super().__init__(f"Op {index} ({op['op']} {op['path']}): {why}.", hint)
        self.index = index


class MalformedIdError(PatchError):
    """A patch would make an entity whose id is none.

    Attributes:
        kind: What it would make.
        id: The text that is no id.
    """

    def __init__(self, kind: Kind, entity_id: object) -> None:
        example = {"tasks": "PAY-7K3F", "projects": "payments-api"}.get(kind, "dana")
        super().__init__(
            f"{str(entity_id)[:100]!r} is no id of {kind}.", f"An id looks like {example} ."
        )
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
    for index, op in enumerate(ops):
        for pointer in (op["path"], op.get("from")):
            if pointer is not None:
                _materialise(documents, virtual, before, index, op, pointer)
        _step(documents, virtual, index, op)
        _note_rename(origins, op)
    changes = []
    for (kind, entity_id), was in before.items():
        now = virtual.get("settings") if kind == "settings" else virtual[kind].get(entity_id)
        if now is not None:
            now = _identified(kind, entity_id, now)
            _refuse_unsafe(kind, entity_id, was, now)
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


def _step(documents: Documents, virtual: dict[str, Any], index: int, op: Operation) -> None:
    from jsonpatch import (
        InvalidJsonPatch,
        JsonPatch,
        JsonPatchConflict,
        JsonPatchTestFailed,
    )
    from jsonpointer import JsonPointerException

    steps = split(op["path"])
    if steps[-1] == "id" and len(steps) == _FIELD and op["op"] not in ("test", "copy"):
        raise MisplacedOpError(
            index, op, "an id is not a field to change",
            f"Rename with a move from /{steps[0]}/{steps[1]} .",
        )  # fmt: skip
    if op["op"] == "test":
        _test(documents, virtual, index, op)
        return
    try:
        JsonPatch([copy.deepcopy(dict(op))]).apply(virtual, in_place=True)
    except JsonPatchTestFailed as error:
        raise PatchError(f"Op {index} ({op['op']}): {error}.") from error
    except (JsonPatchConflict, JsonPointerException) as error:
        raise _unknown(documents, virtual, index, op) from error
    except (InvalidJsonPatch, TypeError, ValueError) as error:
        raise MisplacedOpError(index, op, str(error).rstrip(".")) from error
    if op["op"] == "copy" and _is_too_large(virtual, steps):
        raise PatchError(
            f"Op {index} (copy): {op['path']} grows beyond what a file may hold.",
            "A file has at most 10,000 values and 256 KiB.",
        )


_MOST_NODES = 10_000  # what a file may hold (ORC005)
_MOST_CHARACTERS = 256 * 1024
_ENTITY = 2  # steps of a pointer to an entity
_FIELD = 3  # steps of a pointer to a top-level field: kind, id, field


def _is_too_large(virtual: dict[str, Any], steps: list[str]) -> bool:
    """Return whether an entity has outgrown a file: forty copies of a copy are a terabyte."""
    stack: list[Any] = [
        virtual[steps[0]] if steps[0] == "settings" else virtual[steps[0]][steps[1]]
    ]
    nodes = characters = 0
    while stack and nodes <= _MOST_NODES and characters <= _MOST_CHARACTERS:
        node = stack.pop()
        nodes += 1
        if isinstance(node, dict):
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, str):
            characters += len(node)
    return nodes > _MOST_NODES or characters > _MOST_CHARACTERS


def _note_rename(origins: dict[tuple[str, str], str], op: Operation) -> None:
    """Remember where an entity that is moved as a whole comes from, through several moves."""
    if op["op"] != "move":
        return
    source, target = split(op["from"]), split(op["path"])
    if len(source) == len(target) == _ENTITY and source[0] == target[0]:
        kind, old = source
        origins[kind, target[1]] = origins.pop((kind, old), old)


def _test(documents: Documents, virtual: dict[str, Any], index: int, op: Operation) -> None:
    from jsonpointer import JsonPointer, JsonPointerException

    try:
        found = JsonPointer(op["path"]).resolve(virtual)
    except JsonPointerException as error:
        raise _unknown(documents, virtual, index, op) from error
    if not same(found, op["value"]):
        raise TestFailedError(index, op["path"], op["value"], found)


def same(left: Any, right: Any) -> bool:
    """Return whether two JSON values are equal; Python's True is no 1 here (RFC 6902 4.6)."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _unknown(
    documents: Documents, virtual: dict[str, Any], index: int, op: Operation
) -> UnknownTargetError:
    """Name the pointer that does not resolve: `from`, or the path up to its missing step."""
    for pointer in (op.get("from"), op["path"]):
        if pointer is None:
            continue
        steps = split(pointer)
        node: Any = virtual
        for depth, step in enumerate(steps):
            node = _child(node, step)
            if node is _NOTHING:
                if depth == len(steps) - 1 and pointer is op["path"] and op["op"] == "add":
                    break
                hint = _hint(documents, steps, depth)
                if op["op"] == "replace" and depth == len(steps) - 1 > 1:
                    hint = "Use add, which sets a field whether or not it is there."
                return UnknownTargetError(index, op, "/" + "/".join(steps[: depth + 1]), hint)
    return UnknownTargetError(index, op, op["path"], None)


_NOTHING = object()


def _child(node: Any, step: str) -> Any:
    if isinstance(node, dict):
        return node.get(step, _NOTHING)
    if isinstance(node, list) and step.isascii() and step.isdigit() and int(step) < len(node):
        return node[int(step)]
    return _NOTHING


def _hint(documents: Documents, steps: list[str], depth: int) -> str | None:
    if depth == 1 and steps[0] in ("users", "projects", "tasks"):
        return did_you_mean(steps[1], documents.ids(cast("Kind", steps[0])))
    return None


def _identified(kind: Kind, entity_id: str, document: Any) -> Document:
    """Give a document the id that its place in the virtual document promises."""
    if not isinstance(document, dict):
        raise PatchError(f"The value of /{kind}/{entity_id} is not a mapping.")
    if kind == "settings" or document.get("id") == entity_id:
        return document
    return {"id": entity_id, **{key: value for key, value in document.items() if key != "id"}}


def _refuse_unsafe(kind: Kind, entity_id: str, before: Document | None, now: Document) -> None:
    """Refuse an id that would become a path it must not; no setting can turn this off."""
    grammar = {"tasks": is_task_id, "projects": is_project_id, "users": is_user_id}
    if before is None and kind != "settings" and not grammar[kind](entity_id):
        raise MalformedIdError(kind, entity_id)
    if before is None and (fault := name_fault(entity_id)):
        raise PatchError(f"The name {entity_id} {fault}.", "Choose another id.")
    if kind == "tasks":
        project = now.get("project")
        if project is None:
            raise PatchError(
                f"The value of /tasks/{entity_id} names no project.", 'Add "project": "<id>" to it.'
            )
        if not isinstance(project, str) or not is_project_id(project):
            raise MalformedIdError("projects", project)


def touched(ops: Iterable[Operation]) -> Iterator[tuple[Kind, str]]:
    """Yield the entities that ops name, each once, in order."""
    seen: dict[tuple[str, str], None] = {}
    for op in ops:
        for pointer in (op["path"], op.get("from")):
            if pointer is not None and (found := entity_of(pointer)):
                seen.setdefault(found)
    yield from cast("Iterable[tuple[Kind, str]]", seen)
