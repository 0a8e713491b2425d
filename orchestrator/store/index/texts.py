"""The texts of tasks as a search sees them: folded, and in pieces of three letters."""

import sqlite3
from typing import Any

from orchestrator.model.shape import Document
from orchestrator.store.index.packing import unpack
from orchestrator.view.search import fields_of, fold

BREAK = "\x1e"
"""Between texts of one column; no word that is searched for holds it."""

TEXTS = "name, title, labels, description, rest"
"""The columns of texts; where a word is in one, no later one can make it count for more."""

Texts = tuple[str, str, str, str, str]

_LACKING = """
SELECT blobs.key, files.id, document
FROM files INDEXED BY files_by_path CROSS JOIN blobs ON blobs.key = blob
WHERE state = ? AND files.key > ?
    AND NOT EXISTS (SELECT 1 FROM texts WHERE texts.key = blobs.key)
"""


def is_searchable(db: sqlite3.Connection, state: int) -> bool:
    """Return whether the texts of a state are kept up with its files."""
    row = db.execute("SELECT searchable FROM states WHERE state = ?", (state,)).fetchone()
    return row is not None and bool(row[0])


def make_searchable(db: sqlite3.Connection, state: int) -> None:
    """Add the texts of all files; from now on they are kept up."""
    add_texts(db, state, 0)
    db.execute("UPDATE states SET searchable = 1 WHERE state = ?", (state,))


def add_texts(db: sqlite3.Connection, state: int, above: int) -> None:
    """Add the texts of the rows whose keys are above one."""
    rows: dict[int, tuple[Any, ...]] = {}
    for key, name, document in db.execute(_LACKING, (state, above)).fetchall():
        rows[key] = (key, *_texts(name, unpack(document)))
    db.executemany("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?)", rows.values())
    db.executemany(
        f"INSERT INTO words (rowid, {TEXTS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
        rows.values(),
    )


def _texts(name: str, document: Document) -> Texts:
    """Return the folded texts of a task by column."""
    title, labels, description, rest = "", [], "", []
    for field, text in fields_of(document):
        match field:
            case "title":
                title = fold(text)
            case "labels":
                labels.append(fold(text))
            case "description":
                description = fold(text)
            case _:
                rest.append(fold(text))
    return fold(name), title, BREAK.join(labels), description, BREAK.join(rest)
