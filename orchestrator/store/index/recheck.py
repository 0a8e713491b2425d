"""Checking with the index: only what changed, and what that can affect, is looked at again."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from orchestrator.check.gather import gather
from orchestrator.check.incremental import check_part, kinds_of
from orchestrator.check.run import check, check_facts
from orchestrator.model.problem import Problem
from orchestrator.store.index import edges
from orchestrator.store.index.outline import Beside, Locate, is_of_task
from orchestrator.store.index.packing import pack, plain, problem_of, unpack
from orchestrator.store.index.state import State
from orchestrator.store.load import Report, case_collisions

_TIMED, _GUESSED = 1, 2
_MOST_SEEDS = 2_000
_MOST_AFFECTED = 12_000
"""Tasks; where more are affected, a full check is as fast."""

_PROJECTS = """
WITH RECURSIVE found (name) AS (
    SELECT min(project) FROM files WHERE state = :state
    UNION ALL
    SELECT (SELECT min(project) FROM files WHERE state = :state AND project > name)
    FROM found WHERE name IS NOT NULL
)
SELECT name FROM found
WHERE EXISTS (SELECT 1 FROM files WHERE state = :state AND project = name AND counts)
"""


def recheck(
    state: State,
    beside: Beside,
    now: datetime,
    locate: Locate,
    touched: Collection[str] | None = None,
) -> Report:
    """Return all problems of a plan, and keep them for the next time.

    Args:
        state: The plan's tasks, as they are.
        beside: All else of the plan.
        now: For the checks of stamps.
        locate: Finds line and column in the files of this state.
        touched: Paths; of tasks' files that are not among them, warnings are not wanted.
    """
    affected = _affected(state, beside, now)
    if affected is None:
        _check_fully(state, beside, now, locate)
    elif affected:
        _check_again(state, beside, now, locate, affected)
    if affected is None or affected:
        state.db.execute("DELETE FROM dirty WHERE state = ?", (state.number,))
        state.db.execute(
            "UPDATE states SET checked = ?, outline = ? WHERE state = ?",
            (now.isoformat(), beside.fingerprint, state.number),
        )
    kept = _kept(state, touched)
    return Report(
        _problems(state, beside, now, locate, kept), _files(state) + len(beside.parts.reads)
    )


def is_settled(state: State, beside: Beside, now: datetime) -> bool:
    """Return whether the problems that are kept hold now, so that nothing need be written."""
    affected = _affected(state, beside, now)
    return affected is not None and not affected


def _affected(state: State, beside: Beside, now: datetime) -> set[str] | None:
    """Return the ids whose problems may have changed; None for all."""
    db, number = state.db, state.number
    checked, outline = db.execute(
        "SELECT checked, outline FROM states WHERE state = ?", (number,)
    ).fetchone()
    if checked is None or outline != beside.fingerprint:
        return None
    if now < datetime.fromisoformat(checked) or _odd_case(state):
        return None
    rows = db.execute("SELECT id, is_structural FROM dirty WHERE state = ?", (number,)).fetchall()
    seeds = {row[0] for row in rows}
    heavy = {row[0] for row in rows if row[1]}
    timed = _ids_with(state, _TIMED)
    if not seeds:
        return timed
    if len(seeds) > _MOST_SEEDS:
        return None
    below = edges.descendants(db, number, heavy)
    found = seeds | below | timed | edges.knotted(db, number, heavy)
    found |= edges.parents(db, number, seeds)
    found |= edges.children(db, number, seeds)
    found |= edges.dependents(db, number, seeds | below)
    if heavy:
        found |= _ids_with(state, _GUESSED)
    return None if len(found) > _MOST_AFFECTED else found


def _ids_with(state: State, kinds: int) -> set[str]:
    rows = state.db.execute(
        "SELECT files.id, promised FROM problems JOIN files USING (state, path) "
        "WHERE state = ? AND kinds > 0 AND kinds & ?",
        (state.number, kinds),
    )
    return {name for row in rows for name in row if name}


def _odd_case(state: State) -> bool:
    """Return whether a name is of such a case that it could collide with others."""
    rows = state.db.execute(
        "SELECT 1 FROM files WHERE state = ? AND promised GLOB '*[^-A-Z0-9]*' LIMIT 1",
        (state.number,),
    )
    return rows.fetchone() is not None


def _check_fully(state: State, beside: Beside, now: datetime, locate: Locate) -> None:
    tasks = state.parts()
    tasks.problems.extend(case_collisions(tasks.reads))
    problems = locate(check(beside.with_tasks(tasks), now))
    state.db.execute("DELETE FROM problems WHERE state = ?", (state.number,))
    _keep(state, problems)


def _check_again(
    state: State, beside: Beside, now: datetime, locate: Locate, affected: set[str]
) -> None:
    db, number = state.db, state.number
    wider = affected | edges.needed(db, number, affected) | edges.children(db, number, affected)
    around = edges.ancestors(db, number, wider)
    part = beside.with_tasks(state.parts(around))
    names = json.dumps(sorted(affected))
    within = "IN (SELECT value FROM json_each(?))"
    paths = {
        row[0]
        for row in db.execute(
            f"SELECT path FROM files WHERE state = ? AND (id {within}) UNION "  # noqa: S608
            "SELECT path FROM files WHERE state = ? AND id IS NOT promised "
            f"AND promised {within}",
            (number, names, number, names),
        )
    }

    def exists(name: str) -> bool:
        query = "SELECT 1 FROM files WHERE state = ? AND id = ? LIMIT 1"
        return db.execute(query, (number, name)).fetchone() is not None

    problems = check_part(part, now, _folders(state), exists, paths.__contains__)
    db.execute(
        f"DELETE FROM problems WHERE state = ? AND path {within}",  # noqa: S608 - a constant
        (number, json.dumps(sorted(paths))),
    )
    # Of a file that is gone, nothing is wrong any more.
    db.execute(
        "DELETE FROM problems WHERE state = ?1 AND NOT EXISTS "
        "(SELECT 1 FROM files WHERE files.state = ?1 AND files.path = problems.path)",
        (number,),
    )
    _keep(state, locate(problems))


def _keep(state: State, problems: Iterable[Problem]) -> None:
    """Keep the problems in files of tasks."""
    rows = []
    for path, found in groupby(problems, key=lambda problem: problem.path):
        if is_of_task(path):
            listed = list(found)
            kinds = kinds_of({problem.code for problem in listed})
            errors = sum(problem.severity == "error" for problem in listed)
            packed = pack([plain(item) for item in listed])
            rows.append((state.number, path, kinds, errors, packed))
    state.db.executemany("INSERT INTO problems VALUES (?, ?, ?, ?, ?)", rows)


def _kept(state: State, touched: Collection[str] | None) -> list[Problem]:
    """Return the problems that are kept, in the order of their paths."""
    query = "SELECT path, found FROM problems WHERE state = ?1"
    arguments: tuple[Any, ...] = (state.number,)
    if touched is not None:
        within = "IN (SELECT value FROM json_each(?2))"
        query = f"{query} AND errors > 0 UNION {query} AND path {within}"
        arguments = (state.number, json.dumps(list(touched)))
    kept: list[Problem] = []
    for _, found in state.db.execute(f"{query} ORDER BY path", arguments):
        kept += map(problem_of, unpack(found))
    return kept


def _problems(
    state: State, beside: Beside, now: datetime, locate: Locate, kept: Sequence[Problem]
) -> tuple[Problem, ...]:
    """Return the problems of tasks' files, which are kept, and those of what lies beside."""
    facts = gather(beside.snapshot, now)
    own = check_facts(replace(facts, folders=_folders(state)))
    others = locate([problem for problem in own if not is_of_task(problem.path)])
    if not others:
        return tuple(kept)
    return tuple(sorted((*others, *kept), key=lambda problem: problem.path))


def _folders(state: State) -> frozenset[str]:
    """Return the projects that tasks are in."""
    # From one project to the next by the index; a DISTINCT would go through all of the plan.
    rows = state.db.execute(_PROJECTS, {"state": state.number})
    return frozenset(row[0] for row in rows)


def _files(state: State) -> int:
    """Return how many files hold tasks, readable or not."""
    query = "SELECT count(*) FROM files WHERE state = ? AND NOT is_bare"
    return int(state.db.execute(query, (state.number,)).fetchone()[0])
