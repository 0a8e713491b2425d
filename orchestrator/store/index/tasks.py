"""The tasks of a state as a mapping that reads a document when somebody asks for it.

A `Snapshot` with such tasks answers every question as any other does. A question about few tasks
reads few documents; one about all of them reads them all, once.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.store.index.outline import Beside
from orchestrator.store.index.packing import unpack
from orchestrator.store.index.schema import UnusableIndexError
from orchestrator.store.index.state import State

D = TypeVar("D")

_ONE = """
SELECT project, odd, document FROM files LEFT JOIN blobs ON blobs.key = blob
WHERE state = ? AND id = ? AND counts
"""
_SOME = """
SELECT id, project, odd, document, path FROM files LEFT JOIN blobs ON blobs.key = blob
WHERE state = ? AND counts AND id IN (SELECT value FROM json_each(?))
"""
_ALL = """
SELECT id, project, odd, document, path FROM files LEFT JOIN blobs ON blobs.key = blob
WHERE state = ? AND counts
"""


_FEW = 500
"""Tasks; as many are read one by one in no time."""


class Tasks(Mapping[str, Document]):
    """The tasks of a state by id, in the order of the listing."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known: dict[str, Document | None] = {}

    def __getitem__(self, task_id: str) -> Document:
        """Return a task's document.

        Raises:
            KeyError: There is no such task.
        """
        found = self._find(task_id)
        if found is None:
            raise KeyError(task_id)
        return found

    def get(self, task_id: str, default: D | None = None) -> Document | D | None:  # type: ignore[override]
        """Return a task's document, or the default."""
        found = self._find(task_id)
        return default if found is None else found

    def __contains__(self, task_id: object) -> bool:
        """Return whether there is such a task."""
        return isinstance(task_id, str) and self._find(task_id) is not None

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        if "_whole" in self.__dict__:
            yield from self._whole
            return
        rows = self._state.db.execute(
            "SELECT id, path FROM files WHERE state = ? AND counts", (self._state.number,)
        ).fetchall()
        rows.sort(key=lambda row: self._state.order(row[1]))
        yield from (row[0] for row in rows)

    def __len__(self) -> int:
        """Return how many there are."""
        query = "SELECT count(*) FROM files WHERE state = ? AND counts"
        return int(self._state.db.execute(query, (self._state.number,)).fetchone()[0])

    def items(self) -> Any:
        """Return ids with documents."""
        return self._whole.items()

    def values(self) -> Any:
        """Return the documents."""
        return self._whole.values()

    def fetch(self, ids: Collection[str]) -> None:
        """Read these documents at once, which is faster than one after the other."""
        if self.are_many(len(ids), 4):
            self._known |= self._whole
            return
        wanted = json.dumps([name for name in ids if name not in self._known])
        rows = self._state.db.execute(_SOME, (self._state.number, wanted))
        self._known |= {name: _document(*rest) for name, *rest, _ in rows}

    def part(self, ids: Iterable[str]) -> dict[str, Document]:
        """Return those of the tasks that there are, in the order of the listing."""
        wanted = json.dumps(list(ids))
        rows = self._state.db.execute(_SOME, (self._state.number, wanted)).fetchall()
        rows.sort(key=lambda row: self._state.order(row[4]))
        return {name: _document(*rest) for name, *rest, _ in rows}

    def are_many(self, count: int, share: int) -> bool:
        """Return whether so many are more than a share, `1 / share`, of all tasks, and not few."""
        return count >= _FEW and count * share >= self._count

    @cached_property
    def _count(self) -> int:
        return len(self)

    @cached_property
    def _whole(self) -> dict[str, Document]:
        rows = self._state.db.execute(_ALL, (self._state.number,)).fetchall()
        rows.sort(key=lambda row: self._state.order(row[4]))
        return {name: _document(*rest) for name, *rest, _ in rows}

    def _find(self, task_id: str) -> Document | None:
        if task_id in self._known:
            return self._known[task_id]
        if "_whole" in self.__dict__ or self.are_many(len(self._known), 4):
            return self._whole.get(task_id)
        row = self._state.db.execute(_ONE, (self._state.number, task_id)).fetchone()
        found = self._known[task_id] = None if row is None else _document(*row)
        return found


def snapshot_of(state: State, beside: Beside) -> Snapshot:
    """Return the plan that a state holds; to be used only while the state is held still."""
    rows = state.db.execute(
        "SELECT promised, id FROM files WHERE state = ?1 AND (odd IS NOT NULL OR counts = 0) UNION "
        "SELECT promised, id FROM files INDEXED BY files_astray "
        "WHERE state = ?1 AND id IS NOT promised",
        (state.number,),
    )
    odd = {name for row in rows for name in row if name}
    # Whatever is unusual about a file shows beside the others that have, or promise, its id.
    whole = beside.with_tasks(state.parts(odd)) if odd else beside.snapshot
    return replace(whole, tasks=Tasks(state))


def document_in(odd: bytes | None, document: bytes | None) -> Document:
    """Return the document that a row holds, as far as it is right.

    Raises:
        UnusableIndexError: It holds none.
    """
    found: Document | None = unpack(document or b"") if odd is None else unpack(odd)[3]
    if found is None:
        raise UnusableIndexError("a document is missing")
    return found


def _document(project: str, odd: bytes | None, document: bytes | None) -> Document:
    found = document_in(odd, document)
    found["project"] = project
    return found
