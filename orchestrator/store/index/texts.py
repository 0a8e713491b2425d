"""The texts of tasks as a search sees them: folded, and in pieces of three letters."""

import sqlite3

from orchestrator.model.shape import Document
from orchestrator.store.index.packing import unpack
from orchestrator.view.search import fields_of, fold

BREAK = "\x1e"
"""Between fields; no word that is searched for holds it."""

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
    rows: dict[int, tuple[int, str, str]] = {}
    for key, name, document in db.execute(_LACKING, (state, above)).fetchall():
        rows[key] = (key, *_texts(name, unpack(document)))
    db.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows.values())
    db.executemany("INSERT INTO words (rowid, head, rest) VALUES (?, ?, ?)", rows.values())


def _texts(name: str, document: Document) -> tuple[str, str]:
    """Return the folded texts of a task: first those in which a word adds the most."""
    title, labels, rest = "", [], []
    for field, text in fields_of(document):
        if field == "title":
            title = fold(text)
        elif field == "labels":
            labels.append(fold(text))
        else:
            rest.append(fold(text))
    return BREAK.join((fold(name), title, *labels)), BREAK.join(rest)
