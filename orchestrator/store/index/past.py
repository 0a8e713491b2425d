"""What git says of the past, asked once and kept: commits of a branch, and versions of files."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from orchestrator.store.git import Oid
from orchestrator.store.index.packing import pack, unpack
from orchestrator.store.index.schema import index_path, with_index
from orchestrator.store.index.worth import VARIABLE
from orchestrator.store.repository import FOLDER, Repository
from orchestrator.store.workspace import Workspace

Commit = tuple[str, list[tuple[str, str, str | None]]]
"""A commit's day, and the files of tasks that it touched: id, project and blob."""

_MANY = 1_000
"""Commits or versions; fewer are not worth an index of their own."""

_MOST_PARTS = 50
"""Of one past; then they are put together."""


def has_replacements(repository: Repository) -> bool:
    """Return whether somebody told git to see other commits than there are."""
    folder = repository.common_folder
    if (folder / "refs/replace").is_dir() or (folder / "info/grafts").exists():
        return True
    try:
        return b" refs/replace/" in (folder / "packed-refs").read_bytes()
    except OSError:
        return False


class _Kept(NamedTuple):
    """What the index has of a branch: up to which commit, and under which marks."""

    head: str
    marks: str
    commits: list[Commit]


class Past:
    """What git was asked before about a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._repository = workspace.required_repository
        self._folder = self._repository.common_folder / FOLDER
        chosen = workspace.environment.get(VARIABLE)
        self._is_used = chosen != "never" and not has_replacements(self._repository)
        self._is_there = chosen == "always" or index_path(self._folder).exists()

    def commits(self, read: Callable[[str], list[Commit]], marks: str) -> list[Commit]:
        """Return the commits of the branch itself that touched tasks, oldest first.

        Args:
            read: Gets those of a range of git, or up to a commit.
            marks: What was kept under others is forgotten.
        """
        head = self._repository.head
        if head is None:
            return []
        if not self._is_used:
            return read(head)
        kept = with_index(self._folder, self._load) if self._is_there else None
        if kept is not None and kept.marks == marks:
            if kept.head == head:
                return kept.commits
            if _leads(self._repository, kept.head, head):
                fresh = read(f"{kept.head}..{head}")
                self._write(partial(self._append, kept, head, fresh))
                return kept.commits + fresh
        commits = read(head)
        if self._is_there or len(commits) >= _MANY:
            self._write(partial(self._replace, kept, _Kept(head, marks, commits)))
        return commits

    def versions(
        self, oids: Sequence[Oid], read: Callable[[Sequence[Oid]], list[Any]]
    ) -> dict[Oid, Any]:
        """Return what files said.

        Args:
            oids: Their blobs.
            read: Gets it of git, as `pack` takes it.
        """
        known: dict[Oid, Any] = {}
        if self._is_used and self._is_there:
            known = with_index(self._folder, partial(_versions, oids)) or {}
        left = [oid for oid in oids if oid not in known]
        fresh = dict(zip(left, read(left), strict=True)) if left else {}
        if fresh and self._is_used and (self._is_there or len(fresh) >= _MANY):
            self._write(partial(_keep_versions, fresh))
        return known | fresh

    def _write(self, work: Callable[[sqlite3.Connection], None]) -> None:
        def within(db: sqlite3.Connection) -> None:
            db.execute("BEGIN IMMEDIATE")
            work(db)
            db.execute("COMMIT")

        with_index(self._folder, within)

    @property
    def _name(self) -> str:
        return f"past\n{self._repository.git_folder}\n{self._repository.prefix}"

    def _load(self, db: sqlite3.Connection) -> _Kept | None:
        db.execute("BEGIN")
        state, position = self._position(db)
        if position is None:
            return None
        parts = db.execute("SELECT commits FROM past WHERE state = ? ORDER BY part", (state,))
        head, marks = unpack(position)
        return _Kept(head, marks, [commit for (part,) in parts for commit in unpack(part)])

    def _position(self, db: sqlite3.Connection) -> tuple[int, bytes | None]:
        query = "SELECT state, position FROM states WHERE name = ?"
        found: tuple[int, bytes | None] = db.execute(query, (self._name,)).fetchone() or (0, None)
        return found

    def _is_as_read(self, db: sqlite3.Connection, kept: _Kept | None) -> bool:
        """Return whether nobody else has written since."""
        position = self._position(db)[1]
        return position == (None if kept is None else pack((kept.head, kept.marks)))

    def _append(self, kept: _Kept, head: str, fresh: list[Commit], db: sqlite3.Connection) -> None:
        if not self._is_as_read(db, kept):
            return
        state = self._position(db)[0]
        query = "SELECT coalesce(max(part), 0) + 1 FROM past WHERE state = ?"
        part = db.execute(query, (state,)).fetchone()[0]
        if part > _MOST_PARTS:
            self._replace(kept, _Kept(head, kept.marks, kept.commits + fresh), db)
            return
        if fresh:
            db.execute("INSERT INTO past VALUES (?, ?, ?)", (state, part, pack(fresh)))
        position = pack((head, kept.marks))
        db.execute("UPDATE states SET position = ? WHERE state = ?", (position, state))

    def _replace(self, kept: _Kept | None, now: _Kept, db: sqlite3.Connection) -> None:
        if not self._is_as_read(db, kept):
            return
        db.execute(
            "INSERT INTO states (name, position) VALUES (?1, ?2) "
            "ON CONFLICT (name) DO UPDATE SET position = ?2",
            (self._name, pack((now.head, now.marks))),
        )
        state = self._position(db)[0]
        db.execute("DELETE FROM past WHERE state = ?", (state,))
        db.execute("INSERT INTO past VALUES (?, 1, ?)", (state, pack(now.commits)))


def _versions(oids: Sequence[Oid], db: sqlite3.Connection) -> dict[Oid, Any]:
    rows = db.execute(
        "SELECT oid, said FROM json_each(?) CROSS JOIN versions ON oid = value",
        (json.dumps(list(oids)),),
    )
    return {Oid(oid): unpack(said) for oid, said in rows}


def _keep_versions(fresh: dict[Oid, Any], db: sqlite3.Connection) -> None:
    rows = sorted((oid, pack(said)) for oid, said in fresh.items())
    db.executemany("INSERT OR REPLACE INTO versions VALUES (?, ?)", rows)


def _leads(repository: Repository, old: str, head: str) -> bool:
    """Return whether first parents lead from one commit back to another."""
    command = ("rev-list", "--first-parent", "--parents", "--reverse", f"{old}..{head}")
    code, out, _ = repository.git.finish(*command)
    first = out.split(b"\n", 1)[0].decode("ascii", "replace").split()
    return not code and first[1:2] == [old]
