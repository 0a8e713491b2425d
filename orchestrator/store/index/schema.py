"""The database of the index: where it is, what it holds, and how it is opened.

Everything in it can be made again from the files. So nothing here is ever repaired: what cannot
be used is removed, and where that is not possible either, commands do without.
"""

import os
import re
import sqlite3
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from orchestrator import __version__
from orchestrator.store.git import StoreError

T = TypeVar("T")

FORMAT = 1
PATIENCE_MS = 4_000
"""How long one process waits for another that writes, before it does without the index."""

LARGEST = 4 * 1024**3
"""Bytes; an index that has grown beyond them is made anew."""

_TABLES = """
CREATE TABLE made_by (stamp TEXT NOT NULL);
CREATE TABLE states (
    state INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    generation INTEGER NOT NULL DEFAULT 0,
    position BLOB,
    outline TEXT,
    checked TEXT,
    searchable INTEGER NOT NULL DEFAULT 0,
    used INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE folders (
    state INTEGER NOT NULL, folder TEXT NOT NULL, entries BLOB NOT NULL,
    PRIMARY KEY (state, folder)
) WITHOUT ROWID;
CREATE TABLE blobs (key INTEGER PRIMARY KEY, oid TEXT NOT NULL UNIQUE, document BLOB NOT NULL);
CREATE TABLE files (
    key INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    path TEXT NOT NULL,
    project TEXT NOT NULL,
    promised TEXT NOT NULL,
    id TEXT,
    counts INTEGER NOT NULL DEFAULT 0,
    is_bare INTEGER NOT NULL DEFAULT 0,
    is_pathless INTEGER NOT NULL DEFAULT 0,
    oid TEXT,
    mode TEXT,
    blob INTEGER,
    odd BLOB,
    status TEXT, rank INTEGER NOT NULL DEFAULT 0, priority TEXT, assignee TEXT, parent TEXT,
    due TEXT, start TEXT, created TEXT, started TEXT, completed TEXT,
    estimate INTEGER, deleted INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL DEFAULT 0,
    labels TEXT, needs INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX files_by_path ON files (state, path);
CREATE INDEX files_by_id ON files (state, id, counts, open, deleted);
CREATE INDEX files_todo ON files (state, rank, due, created, id, project)
    WHERE status = 'todo' AND counts AND NOT deleted;
CREATE INDEX files_by_project ON files (state, project, counts, is_bare);
CREATE INDEX files_astray ON files (state, promised) WHERE id IS NOT promised;
CREATE INDEX files_unusual ON files (state) WHERE odd IS NOT NULL OR counts = 0;
CREATE INDEX files_pathless ON files (state) WHERE is_pathless;
CREATE INDEX files_odd ON files (state) WHERE promised GLOB '*[^-A-Z0-9]*';
CREATE INDEX files_by_parent ON files (state, parent, counts, open, id)
    WHERE parent IS NOT NULL;
CREATE INDEX files_by_blob ON files (state, blob, counts, deleted, id);
CREATE TABLE texts (
    key INTEGER PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, labels TEXT NOT NULL,
    description TEXT NOT NULL, rest TEXT NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5 (
    name, title, labels, description, rest, content = '', tokenize = 'trigram', detail = none
);
CREATE TABLE edges (
    state INTEGER NOT NULL, needed TEXT NOT NULL, id TEXT NOT NULL, file INTEGER NOT NULL,
    PRIMARY KEY (state, needed, id, file)
) WITHOUT ROWID;
CREATE INDEX edges_by_file ON edges (file);
CREATE INDEX edges_by_id ON edges (state, id);
CREATE TABLE others (
    state INTEGER NOT NULL, path TEXT NOT NULL, mode TEXT NOT NULL, oid TEXT NOT NULL,
    PRIMARY KEY (state, path)
) WITHOUT ROWID;
CREATE TABLE changes (
    state INTEGER NOT NULL, commit_id TEXT NOT NULL, at TEXT NOT NULL, author TEXT NOT NULL,
    email TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
    change TEXT NOT NULL,
    PRIMARY KEY (state, id, commit_id, kind)
) WITHOUT ROWID;
CREATE TABLE homes (
    state INTEGER NOT NULL, id TEXT NOT NULL, project TEXT NOT NULL,
    PRIMARY KEY (state, id, project)
) WITHOUT ROWID;
CREATE TABLE past (
    state INTEGER NOT NULL, part INTEGER NOT NULL, commits BLOB NOT NULL,
    PRIMARY KEY (state, part)
);
CREATE TABLE versions (oid TEXT PRIMARY KEY, said BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE dirty (
    state INTEGER NOT NULL, id TEXT NOT NULL, is_structural INTEGER NOT NULL,
    PRIMARY KEY (state, id)
) WITHOUT ROWID;
CREATE TABLE problems (
    state INTEGER NOT NULL, path TEXT NOT NULL, kinds INTEGER NOT NULL,
    errors INTEGER NOT NULL, found BLOB NOT NULL,
    PRIMARY KEY (state, path)
) WITHOUT ROWID;
CREATE INDEX problems_of_kinds ON problems (state, path) WHERE kinds > 0;
CREATE INDEX problems_grave ON problems (state, path) WHERE errors > 0;
"""


_INDEXES = re.compile(r"CREATE (?:UNIQUE )?INDEX (\w+) ON (?:files|edges) [^;]*")


class UnusableIndexError(StoreError):
    """The index cannot be used now; the plan is read without it."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The index cannot be used: {reason}.", "It is made again when it is gone."
        )


def index_path(folder: Path) -> Path:
    """Return where the database is, below the folder that linked work trees share."""
    return folder / f"index-{FORMAT}.sqlite"


def connect(folder: Path) -> sqlite3.Connection:
    """Return a connection to the index, which is made, or made again, where it has to be.

    Args:
        folder: What linked work trees share.

    Raises:
        UnusableIndexError: It cannot be read or written.
    """
    path = index_path(folder)
    for is_last in (False, True):
        connection: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=PATIENCE_MS / 1000, isolation_level=None)
            _prepare(connection)
            _refuse_if_too_large(path)
        except (sqlite3.Error, OSError, StaleIndexError) as error:
            if connection is not None:
                connection.close()
            # Of what another process uses, nothing is removed: it is not broken.
            if is_last or is_busy(error) or not discard(folder):
                raise UnusableIndexError(str(error)) from error
        else:
            return connection
    raise UnusableIndexError("it cannot be made")


def with_index(folder: Path, work: Callable[[sqlite3.Connection], T]) -> T | None:
    """Return what `work` makes of the index; None where it cannot be used.

    What turns out to be damaged is removed.

    Args:
        folder: What linked work trees share.
        work: Is called with a connection outside of a transaction, which is closed afterwards.
    """
    try:
        with closing(connect(folder)) as db:
            try:
                return work(db)
            except sqlite3.Error as error:
                if is_busy(error):
                    return None
                raise UnusableIndexError(str(error)) from error
    except UnusableIndexError:
        discard(folder)
        return None
    except (sqlite3.Error, UnicodeError):
        return None


def _refuse_if_too_large(path: Path) -> None:
    if path.stat().st_size > LARGEST:
        raise StaleIndexError("it has grown too large")


def discard(folder: Path) -> bool:
    """Remove the index; return whether it is gone."""
    path = index_path(folder)
    try:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    except OSError:
        return False
    return True


def is_busy(error: BaseException) -> bool:
    """Return whether an error only says that another process is writing."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class StaleIndexError(Exception):
    """The index was made by another version of the program."""


def _prepare(connection: sqlite3.Connection) -> None:
    execute = connection.execute
    execute("PRAGMA synchronous = NORMAL")
    execute("PRAGMA temp_store = MEMORY")
    execute("PRAGMA cache_size = -65536")
    if execute("SELECT count(*) FROM sqlite_master WHERE name = 'made_by'").fetchone()[0] == 0:
        execute("PRAGMA journal_mode = WAL")
        execute("BEGIN IMMEDIATE")
        # Two processes may come here at once; the second finds the tables made.
        if execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            _make_tables(connection)
        execute("COMMIT")
    row = execute("SELECT stamp FROM made_by").fetchone()
    if row is None or row[0] != stamp_of_program():
        raise StaleIndexError("another version of the program made it")


def without_indexes(db: sqlite3.Connection) -> None:
    """Drop the indexes on files: many rows go in faster without, and they are made afterwards."""
    for match in _INDEXES.finditer(_TABLES):
        db.execute(f"DROP INDEX {match[1]}")


def with_indexes(db: sqlite3.Connection) -> None:
    """Make the indexes that `without_indexes` dropped."""
    for match in _INDEXES.finditer(_TABLES):
        db.execute(match[0])


def connect_in_memory() -> sqlite3.Connection:
    """Return a connection to an index that is empty, and gone when it is closed."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _make_tables(connection)
    return connection


def _make_tables(connection: sqlite3.Connection) -> None:
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute("INSERT INTO made_by VALUES (?)", (stamp_of_program(),))


def stamp_of_program() -> str:
    """Return what tells two versions of the program apart, unreleased ones as well.

    What the index keeps is what this code makes of files: another reader, another rule, and it
    no longer holds.
    """
    found = 0
    root = Path(__file__).parents[2]
    for folder in ("model", "text", "check", "store", "store/index"):
        try:
            with os.scandir(root / folder) as items:
                for item in items:
                    if item.name.endswith(".py"):
                        status = item.stat()
                        text = f"{item.name} {status.st_size} {status.st_mtime_ns}"
                        found ^= zlib.crc32(text.encode()) * 2654435761 % (1 << 61)
        except OSError:
            continue  # in an archive: then the version alone says it
    python = ".".join(str(part) for part in sys.version_info[:3])
    return f"{__version__} {python} {sqlite3.sqlite_version} {found:x}"
