"""Who is above, below, before and after whom: walks along the edges that the index keeps."""

import json
import sqlite3
from collections.abc import Iterable

# The order of the joins is given: without statistics the database would scan the whole plan.
_CHILDREN = """
SELECT DISTINCT files.id FROM json_each(?2) CROSS JOIN files INDEXED BY files_by_parent
WHERE state = ?1 AND files.parent = value AND files.id IS NOT NULL
"""
_PARENTS = """
SELECT DISTINCT files.parent FROM json_each(?2) CROSS JOIN files INDEXED BY files_by_id
WHERE state = ?1 AND files.id = value AND files.parent IS NOT NULL
"""
_DEPENDENTS = """
SELECT DISTINCT edges.id FROM json_each(?2) CROSS JOIN edges
WHERE state = ?1 AND needed = value
"""
_NEEDED = """
SELECT DISTINCT needed FROM json_each(?2) CROSS JOIN edges INDEXED BY edges_by_id
WHERE state = ?1 AND edges.id = value
"""
_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT ?2
    UNION
    SELECT files.id FROM below CROSS JOIN files INDEXED BY files_by_parent
    ON state = ?1 AND files.parent = below.id AND counts
)
SELECT id FROM below
"""
_KNOTTED = """
WITH RECURSIVE
    ahead (id) AS (
        SELECT value FROM json_each(:names)
        UNION SELECT needed FROM ahead JOIN edges ON state = :state AND edges.id = ahead.id
    ),
    behind (id) AS (
        SELECT value FROM json_each(:names)
        UNION SELECT edges.id FROM behind JOIN edges ON state = :state AND needed = behind.id
    )
SELECT id FROM ahead INTERSECT SELECT id FROM behind
"""


def children(db: sqlite3.Connection, state: int, ids: Iterable[str]) -> set[str]:
    """Return the tasks directly below these."""
    return _step(db, _CHILDREN, state, ids)


def parents(db: sqlite3.Connection, state: int, ids: Iterable[str]) -> set[str]:
    """Return what these name as their parents, whether it exists or not."""
    return _step(db, _PARENTS, state, ids)


def dependents(db: sqlite3.Connection, state: int, ids: Iterable[str]) -> set[str]:
    """Return the tasks that depend on these."""
    return _step(db, _DEPENDENTS, state, ids)


def needed(db: sqlite3.Connection, state: int, ids: Iterable[str]) -> set[str]:
    """Return what these depend on, whether it exists or not."""
    return _step(db, _NEEDED, state, ids)


def descendants(db: sqlite3.Connection, state: int, ids: Iterable[str]) -> set[str]:
    """Return these and all tasks below them."""
    found = set(ids)
    level = found
    while level := children(db, state, level) - found:
        found |= level
    return found


def subtree(db: sqlite3.Connection, state: int, task_id: str) -> set[str]:
    """Return a task and all below it, without what files say that do not count."""
    return {row[0] for row in db.execute(_BELOW, (state, task_id))}


def ancestors(db: sqlite3.Connection, state: int, ids: Iterable[str]) -> set[str]:
    """Return these and all that is above them."""
    found = set(ids)
    level = found
    while level := parents(db, state, level) - found:
        found |= level
    return found


def knotted(db: sqlite3.Connection, state: int, ids: Iterable[str]) -> set[str]:
    """Return these and all tasks that both wait for one of these and are waited for by one."""
    names = json.dumps(sorted(ids))
    return {row[0] for row in db.execute(_KNOTTED, {"state": state, "names": names})}


def _step(db: sqlite3.Connection, query: str, state: int, ids: Iterable[str]) -> set[str]:
    return {row[0] for row in db.execute(query, (state, json.dumps(list(ids))))}
