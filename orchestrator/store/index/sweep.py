"""Keeping the index small: what no state needs any more is dropped, once in a while."""

import sqlite3
from pathlib import Path

from orchestrator.store.index.texts import TEXTS

_EVERY = 512
"""Generations between two sweeps of a state."""


def sweep_if_due(db: sqlite3.Connection, state: int) -> None:
    """Sweep when a state has changed often enough since the last time."""
    query = "SELECT generation FROM states WHERE state = ?"
    if db.execute(query, (state,)).fetchone()[0] % _EVERY == 0:
        sweep(db)


def sweep(db: sqlite3.Connection) -> None:
    """Drop the states of work trees that are gone, and documents that no state has.

    Is called by the one process that writes. What a state drops and takes up again, a checkout of
    another branch and back, stays until then.
    """
    for number, name in db.execute("SELECT state, name FROM states").fetchall():
        if not Path(name.split("\n")[1]).is_dir():
            _drop(db, number)
    unused = "(SELECT key FROM blobs EXCEPT SELECT blob FROM files WHERE blob IS NOT NULL)"
    # A table of words without contents forgets a text only when it is told the text.
    db.execute(
        f"INSERT INTO words (words, rowid, {TEXTS}) "  # noqa: S608 - constants
        f"SELECT 'delete', key, {TEXTS} FROM texts WHERE key IN {unused}"
    )
    db.execute(f"DELETE FROM texts WHERE key IN {unused}")  # noqa: S608 - a constant
    db.execute(f"DELETE FROM blobs WHERE key IN {unused}")  # noqa: S608 - a constant


def _drop(db: sqlite3.Connection, number: int) -> None:
    db.execute("DELETE FROM edges WHERE file IN (SELECT key FROM files WHERE state = ?)", (number,))
    for statement in (
        "DELETE FROM files WHERE state = ?",
        "DELETE FROM folders WHERE state = ?",
        "DELETE FROM others WHERE state = ?",
        "DELETE FROM past WHERE state = ?",
        "DELETE FROM changes WHERE state = ?",
        "DELETE FROM homes WHERE state = ?",
        "DELETE FROM dirty WHERE state = ?",
        "DELETE FROM problems WHERE state = ?",
        "DELETE FROM states WHERE state = ?",
    ):
        db.execute(statement, (number,))
