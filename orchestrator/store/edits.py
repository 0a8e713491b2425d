"""From changed entities to edited files: the only place where documents become bytes."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from orchestrator.model.fields import FIELDS
from orchestrator.model.places import Kind
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.after import target
from orchestrator.patch.apply import Change
from orchestrator.patch.ops import PatchError
from orchestrator.store.parse import document_of
from orchestrator.store.write import DirtyFileError, FileEdit
from orchestrator.text.edit import rewrite
from orchestrator.text.render import render

Locate = Callable[[Change], tuple[str | None, str | None]]
"""Gives the path of an entity before and after a change."""


class OccupiedError(PatchError):
    """A new entity's file is there already.

    Attributes:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is there already.", "Change it, or choose another id.")
        self.path = path


class UnreadableResultError(PatchError):
    """A change would leave a file that cannot be read.

    Attributes:
        path: The file.
        problem: Why it could not be read.
    """

    def __init__(self, path: str, problem: Problem) -> None:
        super().__init__(f"{path} could not be read afterwards: {problem.message}", problem.hint)
        self.path = path
        self.problem = problem


def file_edits(
    changes: Iterable[Change], locate: Locate, read_bytes: Callable[[str], bytes | None]
) -> Iterator[FileEdit]:
    """Yield the edits that make `changes`, each touching only the lines that it must.

    Raises:
        DirtyFileError: A file no longer says what the change started from.
        OccupiedError: A new entity's file exists.
    """
    wanted = list(changes)
    sources = {(change.kind, change.id): locate(change)[0] for change in wanted}
    for change in wanted:
        old_path, new_path = locate(change)
        data = read_bytes(old_path) if old_path else None
        present = document_of(old_path, data) if old_path and data is not None else None
        if old_path and present != _in_file(change.kind, change.before, present):
            raise DirtyFileError([old_path])
        if new_path and new_path != old_path and read_bytes(new_path) is not None:
            raise OccupiedError(new_path)
        if old_path and old_path != new_path:
            yield FileEdit(old_path, data, None)
        if new_path:
            # An entity that is renamed keeps its text: comments, quotes and order.
            source = sources.get((change.kind, change.origin or ""))
            start = read_bytes(source) if source else data
            text = None if start is None else start.decode("utf-8")
            fresh = data if new_path == old_path else None
            document = _in_file(change.kind, change.after, present) or {}
            edited = _text(change.kind, text, document).encode()
            yield FileEdit(new_path, fresh, _readable(new_path, edited))


def located_in(snapshot: Snapshot) -> Locate:
    """Return what tells an entity's path before and after a change of a plan."""
    return partial(_located, snapshot)


def _located(snapshot: Snapshot, change: Change) -> tuple[str | None, str | None]:
    kind, entity_id, before, now, _ = change
    old = None if before is None else snapshot.path_of(kind, entity_id)
    new = None if now is None else target(snapshot, kind, entity_id, before, now)[0]
    return old, new


def _readable(path: str, data: bytes) -> bytes:
    """Return a file's new bytes, unless nobody could read them: too large, too deep."""
    outcome = document_of(path, data)
    if isinstance(outcome, list):
        raise UnreadableResultError(path, outcome[0])
    return data


def _text(kind: Kind, text: str | None, document: Document) -> str:
    order = FIELDS[kind]
    return render(document, order) if text is None else rewrite(text, document, order)


def _in_file(kind: Kind, document: Document | None, present: object) -> Document | None:
    """Return what a document's file says: without the `project` that the folder's name gives.

    A file that has such a line all the same is wrong (ORC101), and keeps it until a person decides.
    """
    if document is None or kind != "tasks":
        return document
    found = {key: value for key, value in document.items() if key != "project"}
    if isinstance(present, dict) and "project" in present:
        found["project"] = present["project"]
    return found
