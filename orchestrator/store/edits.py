"""From changed entities to edited files: the only place where documents become bytes."""

from collections.abc import Callable, Iterable, Iterator

from orchestrator.model.fields import FIELDS
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
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
    for change in changes:
        old_path, new_path = locate(change)
        data = read_bytes(old_path) if old_path else None
        if old_path and (data is None or document_of(old_path, data) != _in_file(change.before)):
            raise DirtyFileError([old_path])
        if new_path and new_path != old_path and read_bytes(new_path) is not None:
            raise OccupiedError(new_path)
        if old_path and old_path != new_path:
            yield FileEdit(old_path, data, None)
        if new_path:
            text = None if data is None else data.decode("utf-8")
            fresh = data if new_path == old_path else None
            yield FileEdit(new_path, fresh, _readable(new_path, _text(change, text).encode()))


def _readable(path: str, data: bytes) -> bytes:
    """Return a file's new bytes, unless nobody could read them: too large, too deep."""
    outcome = document_of(path, data)
    if isinstance(outcome, list):
        raise UnreadableResultError(path, outcome[0])
    return data


def _text(change: Change, text: str | None) -> str:
    document = _in_file(change.after) or {}
    order = FIELDS[change.kind]
    return render(document, order) if text is None else rewrite(text, document, order)


def _in_file(document: Document | None) -> Document | None:
    if document is None:
        return None
    return {key: value for key, value in document.items() if key != "project"}
