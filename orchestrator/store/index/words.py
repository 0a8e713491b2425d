"""Search with the index: which tasks hold all words, and which of them come first.

The answer is that of `view.search.search`. Full-text search by trigrams finds the few files that
may hold a rare word; where a word is common, only those are scored in full that could be shown.
"""

import json
from bisect import insort
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Any, NamedTuple

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.model.vocabulary import DONE
from orchestrator.store.index.select import select_ids
from orchestrator.store.index.state import State
from orchestrator.store.index.texts import BREAK
from orchestrator.view.ready import urgency
from orchestrator.view.search import OPEN, fields_of, fold, score_of, search

_TRIGRAM = 3
_MOST_TRIGRAMS = 40
_HIGHEST_IN_REST = 6.0
"""What a word adds at most that is neither in the id nor in the title nor in a label."""

_HIGHEST_IN_TITLE = 30.0
"""What a word adds at most that is not in the id."""

_BONUS = 15.0
"""What a title adds at most beside its words."""

Row = tuple[float, int, str, str, str]
"""What tasks are sorted by: the score below zero, rank, due date, stamp of creation, id."""


class Ranked(NamedTuple):
    """What a search found.

    Attributes:
        total: How many tasks hold all words.
        scores: By id, the best first; as many as were asked for.
    """

    total: int
    scores: dict[str, float]


_MATCHES = """
files.id, head, open, rank, coalesce(due, '9999-12-31'), coalesce(created, '9999-12-31')
FROM files INDEXED BY files_by_path CROSS JOIN texts ON texts.key = files.blob
WHERE state = ? AND counts
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
    clauses, arguments = _conditions(ids, words)
    odd = _odd(state, snapshot, ids, words)
    in_head = " + ".join("(instr(head, ?) > 0)" for _ in words)
    in_id = " + ".join("instr(lower(files.id), ?)" for _ in words)
    rows = state.db.execute(
        f"SELECT {in_head}, {in_id}, {_MATCHES}{clauses}",
        (*words, *words, state.number, *arguments),
    ).fetchall()
    groups: list[list[tuple[Any, ...]]] = [[] for _ in range(len(words) + 2)]
    for count, is_in_id, *row in rows:
        groups[-1 if is_in_id else count].append(tuple(row))
    found = list(odd)
    for count in range(len(words) + 1, -1, -1):
        if most is not None and _is_beyond(found, words, count, most):
            break
        found += _bounded(snapshot, groups[count], words, most)
    return Ranked(len(rows) + len(odd), _best(found, most))


def _is_beyond(found: Sequence[Row], words: Sequence[str], count: int, most: int) -> bool:
    """Return whether no task can be among the best that has so many of the words in its head."""
    if not most:
        return True
    if len(found) < most or count > len(words):
        return False
    highest = _HIGHEST_IN_TITLE * count + _HIGHEST_IN_REST * (len(words) - count)
    highest += _BONUS * bool(count) + OPEN
    return -nsmallest(most, found)[-1][0] > highest


def _conditions(ids: Iterable[str] | None, words: Iterable[str]) -> tuple[str, list[Any]]:
    """Return the conditions that a row holds all words and is one of the ids, and their values."""
    clauses, arguments = " AND NOT deleted", list[Any]()
    if ids is not None:
        clauses = " AND files.id IN (SELECT value FROM json_each(?))"
        arguments.append(json.dumps(list(ids)))
    if trigrams := _trigrams(words):
        clauses += " AND blob IN (SELECT rowid FROM words WHERE words MATCH ?)"
        arguments.append(trigrams)
    for word in words:
        clauses += " AND (instr(head, ?) OR instr(rest, ?))"
        arguments += (word, word)
    return clauses, arguments


def _trigrams(words: Iterable[str]) -> str:
    """Return the query of all trigrams of words; files without one of them hold not all words."""
    found = {word[at : at + _TRIGRAM] for word in words for at in range(len(word) - _TRIGRAM + 1)}
    return " AND ".join(f'"{text}"' for text in sorted(found)[:_MOST_TRIGRAMS])


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


def _bounded(
    snapshot: Snapshot, rows: Iterable[Sequence[Any]], words: tuple[str, ...], most: int | None
) -> list[Row]:
    """Return the rows with their scores, of those at least that are among the `most` best."""
    exact: list[Row] = []
    unsure: list[tuple[float, Row]] = []
    for name, head, is_open, *place in rows:
        score, missing = _head_score(head, words)
        row = (-score - OPEN * is_open, *place, name)
        if missing:
            unsure.append((row[0] - _HIGHEST_IN_REST * missing, row))
        else:
            exact.append(row)
    unsure.sort()
    scores = [] if most is None else nsmallest(most, (row[0] for row in exact))
    for best, row in unsure:
        if most is not None and len(scores) >= most and best > scores[most - 1]:
            break
        document = snapshot.tasks[row[4]]
        texts = [("id", fold(row[4])), *((name, fold(text)) for name, text in fields_of(document))]
        is_open = document.get("status") not in DONE
        exact.append((-score_of(texts, words)[0] - OPEN * is_open, *row[1:]))
        if most is not None:
            insort(scores, exact[-1][0])
    return exact


def _head_score(head: str, words: tuple[str, ...]) -> tuple[float, int]:
    name, title, *labels = head.split(BREAK)
    texts = [("id", name), ("title", title), *(("labels", label) for label in labels)]
    return score_of(texts, words)


def _best(rows: Sequence[Row], most: int | None) -> dict[str, float]:
    kept = sorted(rows) if most is None else nsmallest(most, rows)
    return {row[4]: -row[0] for row in kept}
