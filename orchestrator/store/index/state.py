"""One state of a plan in the index, a work tree's or a tree's of git: its tasks by file, kept up.

What changes leaves a mark in `dirty`: the ids whose problems have to be looked for again. The
marks stay until a check has seen to them, however many commands refreshed the state before.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from orchestrator.model.places import Place
from orchestrator.model.shape import Document
from orchestrator.store.index.edges import knotted
from orchestrator.store.index.found import (
    NO_COLUMNS,
    Found,
    Parts,
    clean_document,
    columns,
    odd_found,
    odd_values,
    parts_of,
    promised_by,
)
from orchestrator.store.index.packing import pack, unpack
from orchestrator.store.index.schema import (
    UnusableIndexError,
    with_indexes,
    without_indexes,
)
from orchestrator.store.index.texts import add_texts, is_searchable

Row = tuple[str, Document | None, str | None, Place]
"""A file that was put in: its path, document and id, and what the path promises."""

_INSERT = """
INSERT INTO files (
    key, state, path, project, promised, id, oid, mode, blob, odd, status, rank, priority, assignee,
    parent, due, start, created, started, completed, estimate, deleted, open, labels, needs, counts,
    is_bare, is_pathless
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_OLD = """
SELECT key, path, promised, id, project, parent, oid, blob, odd
FROM files WHERE state = ? AND path IN (SELECT value FROM json_each(?))
"""
_READ = """
SELECT path, project, promised, files.oid, mode, odd, document
FROM files LEFT JOIN blobs ON blobs.key = blob
"""


@dataclass(frozen=True, slots=True)
class State:
    """A state of a plan, inside of a transaction.

    Attributes:
        db: The index.
        number: Which state.
        by_path: Whether its files follow each other by their whole path, as git has them, rather
            than by project and name: that decides which of two tasks with one id counts.
    """

    db: sqlite3.Connection
    number: int
    by_path: bool

    def apply(self, found: Sequence[Found], gone: Sequence[str]) -> None:
        """Put files in, in the place of what was at their paths, and take others out."""
        if not found and not gone:
            return
        execute = self.db.execute
        paths = json.dumps([*(file.path for file in found), *gone])
        old = {row[1]: row for row in execute(_OLD, (self.number, paths))}
        same = {file.path for file in found if _is_same(file, old.get(file.path))}
        changed = [file for file in found if file.path not in same]
        old = {path: row for path, row in old.items() if path not in same}
        if not changed and not old:
            return
        needs = {path: self._needs(row[0]) for path, row in old.items()}
        is_checked = self._is_checked()
        before = self._knotted(old.values()) if is_checked else set[str | None]()
        keys = json.dumps([row[0] for row in old.values()])
        within = "(SELECT value FROM json_each(?))"
        execute(f"DELETE FROM edges WHERE file IN {within}", (keys,))  # noqa: S608 - a constant
        execute(f"DELETE FROM files WHERE key IN {within}", (keys,))  # noqa: S608
        is_first = execute("SELECT 1 FROM files LIMIT 1").fetchone() is None
        if is_first:
            without_indexes(self.db)
        top = execute("SELECT coalesce(max(key), 0) FROM files").fetchone()[0]
        now = self._insert(changed, top)
        if is_first:
            with_indexes(self.db)
        if is_searchable(self.db, self.number):
            add_texts(self.db, self.number, top)
        ids = {name for row in old.values() if (name := row[3])}
        self._settle(ids | {name for *_, name, _ in now if name}, is_new=not old)
        if is_checked:
            self._mark(old, needs, now, before)
        execute("UPDATE states SET generation = generation + 1 WHERE state = ?", (self.number,))

    def _is_checked(self) -> bool:
        query = "SELECT checked IS NOT NULL FROM states WHERE state = ?"
        return bool(self.db.execute(query, (self.number,)).fetchone()[0])

    def _needs(self, key: int) -> frozenset[str]:
        rows = self.db.execute("SELECT needed FROM edges WHERE file = ?", (key,))
        return frozenset(row[0] for row in rows)

    def _insert(
        self, found: Sequence[Found], top: int
    ) -> list[tuple[str, Document | None, str | None, Any]]:
        """Write the rows of files; return path, document, id and place of each."""
        db, state = self.db, self.number
        blobs = self._blobs(found)
        keys = count(top + 1)
        rows: list[tuple[Any, ...]] = []
        edges: list[tuple[Any, ...]] = []
        now: list[Row] = []
        for file in found:
            key = next(keys)
            document = clean_document(file)
            name: str | None = None
            blob = odd = None
            if document is not None:
                name = document.get("id") or file.place.id
                edges += [(state, item, name, key) for item in document.get("dependencies") or ()]
            if file.is_plain:
                blob = blobs[file.oid or ""]
            else:
                odd = pack(odd_values(file))
            rows.append((
                key, state, file.path, file.place.project, file.place.id, name, file.oid,
                file.mode, blob, odd,
                *(NO_COLUMNS if document is None else columns(document)), name is not None,
                file.outcome is None, file.is_pathless,
            ))  # fmt: skip
            now.append((file.path, document, name, file.place))
        db.executemany(_INSERT, rows)
        edges.sort()
        db.executemany("INSERT OR IGNORE INTO edges VALUES (?, ?, ?, ?)", edges)
        return now

    def _blobs(self, found: Sequence[Found]) -> dict[str, int]:
        """Keep the documents of plain files; return their keys by the id of the bytes."""
        wanted = {file.oid: file.outcome for file in found if file.is_plain and file.oid}
        oids = json.dumps(list(wanted))
        known = dict(
            self.db.execute(
                "SELECT oid, key FROM blobs WHERE oid IN (SELECT value FROM json_each(?))", (oids,)
            )
        )  # fmt: skip
        top = self.db.execute("SELECT coalesce(max(key), 0) FROM blobs").fetchone()[0]
        fresh = {
            oid: key
            for key, oid in enumerate((oid for oid in wanted if oid not in known), start=top + 1)
        }
        rows = ((key, oid, pack(wanted[oid])) for oid, key in fresh.items())
        self.db.executemany("INSERT INTO blobs VALUES (?, ?, ?)", rows)
        return known | fresh

    def _settle(self, ids: set[str], *, is_new: bool) -> None:
        """Say of the files with one id which counts: the first in the order of the listing."""
        among = "" if is_new else "AND id IN (SELECT value FROM json_each(?))"
        arguments = (self.number,) if is_new else (self.number, json.dumps(sorted(ids)))
        twice = self.db.execute(
            f"SELECT id FROM files WHERE state = ? AND id IS NOT NULL {among} "  # noqa: S608
            "GROUP BY id HAVING count(*) > 1 OR min(counts) = 0",
            arguments,
        ).fetchall()
        for (name,) in twice:
            rows = self.db.execute(
                "SELECT path, key FROM files WHERE state = ? AND id = ?", (self.number, name)
            ).fetchall()
            rows.sort(key=lambda row: self.order(row[0]))
            for at, (_, key) in enumerate(rows):
                self.db.execute("UPDATE files SET counts = ? WHERE key = ?", (at == 0, key))

    def _knotted(self, rows: Iterable[tuple[Any, ...]]) -> set[str | None]:
        """Return the tasks that wait for each other with these, where any do at all."""
        query = "SELECT 1 FROM problems WHERE state = ? AND kinds & 4 LIMIT 1"
        if self.db.execute(query, (self.number,)).fetchone() is None:
            return set()
        return {*knotted(self.db, self.number, {name for row in rows for name in row[2:4] if name})}

    def _mark(
        self,
        old: dict[str, tuple[Any, ...]],
        needs: dict[str, frozenset[str]],
        now: Iterable[Row],
        knot: set[str | None],
    ) -> None:
        light, heavy = set(knot), set[str | None]()
        left = dict(old)
        for path, document, name, place in now:
            row = left.pop(path, None)
            said = document or {}
            parent = said.get("parent")
            waits = frozenset(said.get("dependencies") or ())
            is_as_before = row is not None and (name, parent, waits) == (
                row[3],
                row[5],
                needs[path],
            )
            (light if is_as_before else heavy).update([name, place.id, *(row[2:4] if row else ())])
            light.update((parent, row[5] if row else None))
        for row in left.values():
            heavy.update(row[2:4])
            light.add(row[5])
        marks = {name: name in heavy for name in light | heavy if name}
        self.db.executemany(
            "INSERT INTO dirty VALUES (?, ?, ?) ON CONFLICT (state, id) "
            "DO UPDATE SET is_structural = max(is_structural, excluded.is_structural)",
            [(self.number, name, bool(is_structural)) for name, is_structural in marks.items()],
        )

    def order(self, path: str) -> tuple[str, ...]:
        """Return a key that sorts paths as the source lists them."""
        return (path,) if self.by_path else (path.split("/")[1], path.rpartition("/")[2])

    def files(self, ids: Iterable[str] | None = None) -> Iterator[Found]:
        """Yield files in the order of the listing: all, or those that are or promise these ids."""
        if ids is None:
            rows = self.db.execute(f"{_READ} WHERE state = ?", (self.number,)).fetchall()
        else:
            names = json.dumps(sorted(ids))
            within = "IN (SELECT value FROM json_each(?))"
            rows = self.db.execute(
                f"{_READ} WHERE state = ? AND id {within} UNION "
                f"{_READ} WHERE state = ? AND id IS NOT promised AND promised {within}",
                (self.number, names, self.number, names),
            ).fetchall()
        rows.sort(key=lambda row: self.order(row[0]))
        return map(_found, rows)

    def parts(self, ids: Iterable[str] | None = None) -> Parts:
        """Return what `build` makes a snapshot of; ids as for `files`."""
        return parts_of(self.files(ids))


def find_state(db: sqlite3.Connection, name: str) -> tuple[int, int]:
    """Return the number and the generation of a state; 0 and 0 when there is none."""
    row = db.execute("SELECT state, generation FROM states WHERE name = ?", (name,)).fetchone()
    return row or (0, 0)


def add_state(db: sqlite3.Connection, name: str) -> int:
    """Make an empty state and return its number."""
    return db.execute("INSERT INTO states (name) VALUES (?)", (name,)).lastrowid or 0


def _is_same(file: Found, row: tuple[Any, ...] | None) -> bool:
    if row is None:
        return False
    if file.is_plain:
        return row[7] is not None and bool(row[6] == file.oid)
    return row[8] is not None and row[6] == file.oid and row[8] == pack(odd_values(file))


def _found(row: tuple[Any, ...]) -> Found:
    path, project, promised, oid, mode, odd, document = row
    if odd is not None:
        return odd_found(path, oid, mode, unpack(odd))
    if document is None:
        raise UnusableIndexError("a document is missing")
    place = promised_by(path)
    if (place.id, place.project) != (promised, project):
        raise UnusableIndexError("it contradicts itself")
    return Found(path, place, oid, mode, unpack(document))
