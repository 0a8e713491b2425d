"""Search with the index: which tasks hold all words, and which of them come first.

The answer is that of `view.search.search`. Full-text search by trigrams finds the few files that
may hold a rare word; where a word is common, only those are scored that could be shown.
"""

import json
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.model.vocabulary import DONE
from orchestrator.store.index.select import select_ids
from orchestrator.store.index.state import State
from orchestrator.store.index.texts import BREAK
from orchestrator.view.ready import urgency
from orchestrator.view.search import (
    ALL_TOGETHER,
    AT_START,
    OPEN,
    Ranked,
    fields_of,
    fold,
    highest,
    score_of,
    search,
)

_TRIGRAM = 3
_MOST_TRIGRAMS = 40
_COMMON = 20_000
_AT_ONCE = 200
"""Tasks whose texts are read together; of those that fit as well, a page shows fewer."""

_COLUMNS = {
    "name": highest("id"), "title": highest("title"), "labels": highest("labels"),
    "description": highest("description"), "rest": highest("tests"),
}  # fmt: skip
"""The columns of texts, and what a word adds at most that is in one, and in none before."""

Row = tuple[float, int, str, str, str]
"""What tasks are sorted by: the score below zero, rank, due date, stamp of creation, id."""


_PLACES = """
SELECT coalesce(status, '') NOT IN (SELECT value FROM json_each(?2)) AS is_open, rank,
    coalesce(due, '9999-12-31'), coalesce(created, '9999-12-31'), files.id, blob
FROM json_each(?1) CROSS JOIN files ON files.key = value
"""
_TEXTS = """
SELECT texts.key, name, title, labels, description
FROM json_each(?) CROSS JOIN texts ON texts.key = value
"""


def search_ids(
    state: State, snapshot: Snapshot, wanted: TaskFilter, words: tuple[str, ...], most: int | None
) -> Ranked:
    """Return the tasks that a filter lets through and that hold all words.

    Args:
        state: That is searchable.
        snapshot: The plan.
        wanted: Which tasks.
        words: As `view.search.read_query` returns them; at least one.
        most: How many scores are wanted; None for all.
    """
    ids = None if wanted == TaskFilter() else select_ids(state, snapshot, wanted)
    best = Best(most)
    odd = _odd(state, snapshot, ids, words)
    for row in odd:
        best.take(row)
    rows = _matches(state, ids, words)
    classes: dict[float, list[int]] = {}
    for bound, key in rows:
        classes.setdefault(bound, []).append(key)
    for bound in sorted(classes, reverse=True):
        if best.is_before((-bound - OPEN,)):
            break
        _rank(state, snapshot, words, classes[bound], bound, best)
    return Ranked(len(rows) + len(odd), best.scores())


class Best:
    """The best rows of those that it was given: all of them, or as many as were asked for."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._rows: list[Row] = []

    def take(self, row: Row) -> None:
        """Take one row more."""
        if self._most is None:
            self._rows.append(row)
        else:
            insort(self._rows, row)
            del self._rows[self._most :]

    def is_before(self, row: tuple[Any, ...]) -> bool:
        """Return whether neither this row nor one behind it can be among the best."""
        if self._most is None or len(self._rows) < self._most:
            return False
        return not self._rows or self._rows[-1] < row

    def scores(self) -> dict[str, float]:
        """Return the scores by id, the best first."""
        return {row[4]: -row[0] for row in sorted(self._rows)}


def _matches(
    state: State, ids: Iterable[str] | None, words: tuple[str, ...]
) -> list[tuple[float, int]]:
    """Return of each task that holds all words a score that it cannot exceed, and its key."""
    clauses, arguments = _conditions(state, ids, words)
    places = "".join(f" WHEN instr(texts.{name}, ?) THEN {most}" for name, most in _COLUMNS.items())
    bound = " + ".join(f"CASE{places} END" for _ in words)  # a word that is nowhere makes it NULL
    bound += f" + {AT_START} * (instr(title, ?) = 1)"
    known = [word for word in words for _ in _COLUMNS] + [words[0]]
    if len(words) > 1:
        bound += f" + {ALL_TOGETHER} * (instr(title, ?) > 0)"
        known.append(" ".join(words))
    # In the order of their keys the texts are read as they lie there; and but for the limit, the
    # database would look for each word twice.
    return state.db.execute(
        f"SELECT * FROM (SELECT {bound} AS bound, files.key "  # noqa: S608 - constants
        "FROM files INDEXED BY files_by_blob CROSS JOIN texts ON texts.key = files.blob "
        f"WHERE state = ? AND blob > 0 AND counts{clauses} LIMIT -1) WHERE bound IS NOT NULL",
        (*known, state.number, *arguments),
    ).fetchall()


def _conditions(
    state: State, ids: Iterable[str] | None, words: Iterable[str]
) -> tuple[str, list[Any]]:
    """Return conditions without which a row cannot be one of those, and their values."""
    clauses, arguments = " AND NOT deleted", list[Any]()
    if ids is not None:
        clauses = " AND files.id IN (SELECT value FROM json_each(?))"
        arguments.append(json.dumps(list(ids)))
    trigrams = _trigrams(words)
    if trigrams and _is_rare(state, trigrams):
        clauses += " AND blob IN (SELECT rowid FROM words WHERE words MATCH ?)"
        arguments.append(trigrams)
    return clauses, arguments


def _trigrams(words: Iterable[str]) -> str:
    """Return the query of all trigrams of words; files without one of them hold not all words."""
    found = {word[at : at + _TRIGRAM] for word in words for at in range(len(word) - _TRIGRAM + 1)}
    quoted = (text.replace('"', '""') for text in sorted(found)[:_MOST_TRIGRAMS])
    return " AND ".join(f'"{text}"' for text in quoted)


def _is_rare(state: State, trigrams: str) -> bool:
    """Return whether few texts hold all trigrams; else it is faster to look into each."""
    query = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    return bool(state.db.execute(query, (trigrams, _COMMON)).fetchone()[0] < _COMMON)


def _odd(
    state: State, snapshot: Snapshot, ids: Iterable[str] | None, words: tuple[str, ...]
) -> list[Row]:
    """Return what a search finds among the files in which something is wrong."""
    rows = state.db.execute(
        "SELECT id FROM files WHERE state = ? AND odd IS NOT NULL AND counts", (state.number,)
    )
    found = [row[0] for row in rows]
    if ids is None:
        found = [name for name in found if not snapshot.tasks[name].get("deleted_at")]
    else:
        found = sorted(frozenset(ids).intersection(found))
    return [
        (-score, *urgency(name, snapshot.tasks[name]))
        for name, score in search(snapshot, "tasks", found, words)
    ]


def _rank(
    state: State,
    snapshot: Snapshot,
    words: tuple[str, ...],
    keys: Sequence[int],
    bound: float,
    best: Best,
) -> None:
    """Score tasks, of which none exceeds a bound, as long as one can be among the best.

    Those that come first if they score as much as they can are scored first.
    """
    rows = state.db.execute(_PLACES, (json.dumps(keys), json.dumps(sorted(DONE))))
    places = sorted((-bound - OPEN * is_open, *rest) for is_open, *rest in rows)
    for at in range(0, len(places), _AT_ONCE):
        if best.is_before(places[at][:5]):
            return
        chunk = places[at : at + _AT_ONCE]
        blobs = json.dumps([place[5] for place in chunk])
        texts = {key: row for key, *row in state.db.execute(_TEXTS, (blobs,))}
        for first, *place, blob in chunk:
            name = place[3]
            score, missing = score_of(list(_named(*texts[blob])), words)
            if missing:
                fields = fields_of(snapshot.tasks[name])
                whole = [("id", fold(name)), *((field, fold(text)) for field, text in fields)]
                score = score_of(whole, words)[0]
            best.take((first + bound - score, *place))


def _named(name: str, title: str, labels: str, description: str) -> Iterator[tuple[str, str]]:
    yield "id", name
    yield "title", title
    yield from (("labels", label) for label in labels.split(BREAK))
    yield "description", description
