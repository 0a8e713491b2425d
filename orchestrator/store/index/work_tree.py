"""A work tree in the index: looked over at each command, and read where it has changed."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from orchestrator.store.files import WorkTree, read_listed
from orchestrator.store.index.found import Found, odd_path, odd_values, read_files
from orchestrator.store.index.outline import Beside
from orchestrator.store.index.packing import pack
from orchestrator.store.index.scan import Outline, compare, moment
from orchestrator.store.index.schema import UnusableIndexError
from orchestrator.store.index.state import State, add_state, find_state
from orchestrator.store.index.sweep import sweep_if_due

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A state that says what its source says, inside of a transaction.

    Attributes:
        state: The tasks.
        beside: All else.
        may_write: Whether this process is the one that writes.
    """

    state: State
    beside: Beside
    may_write: bool


class _Change(NamedTuple):
    """What must be written so that a state says what the files say."""

    found: list[Found]
    gone: list[str]
    folders: dict[str, bytes | None]


def _nothing(_: Refreshed) -> bool:
    return False


@contextmanager
def work_tree(
    db: sqlite3.Connection,
    source: WorkTree,
    processes: int,
    writes: Callable[[Refreshed], bool] = _nothing,
) -> Iterator[Refreshed]:
    """Bring the state of a work tree up to date and hold it still while the block runs.

    Whoever finds the files as the index has them only reads, and hinders nobody. Whoever does not
    becomes the one writer, and looks again if another wrote in the meantime: what was seen before
    that may be older than what is now kept.

    Args:
        db: The index, outside of a transaction.
        source: The files.
        processes: With 2, a forked child does half of the work where there is much.
        writes: Whether the block will write though the files are as the index has them.

    Raises:
        UnusableIndexError: Others keep writing.
    """
    name = f"files\n{source.root}"
    try:
        for attempt in range(_TRIES):
            # The last look is taken while nobody else can write.
            is_last = attempt == _TRIES - 1
            db.execute("BEGIN IMMEDIATE" if is_last else "BEGIN")
            number, generation = find_state(db, name)
            beside, change = _look(db, source, number, processes)
            present = Refreshed(State(db, number, by_path=False), beside, is_last)
            if number and change is None and not writes(present):
                yield present
                db.execute("COMMIT")
                return
            if not is_last:
                db.execute("COMMIT")
                db.execute("BEGIN IMMEDIATE")
                if find_state(db, name) != (number, generation):
                    db.execute("ROLLBACK")
                    continue
            state = State(db, number or add_state(db, name), by_path=False)
            if change is not None:
                _write(state, change)
            yield Refreshed(state, beside, may_write=True)
            db.execute("COMMIT")
            return
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    raise UnusableIndexError("others keep writing")


def _look(
    db: sqlite3.Connection, source: WorkTree, number: int, processes: int
) -> tuple[Beside, _Change | None]:
    """Return what is beside the tasks, and how the tasks differ from a state."""
    began = moment()
    outline = Outline(source.root, source.layer)
    listing = list(outline.listing())
    root = str(source.root)
    beside = Beside(source, read_listed(root, listing))
    rows = db.execute("SELECT folder, entries FROM folders WHERE state = ?", (number,))
    difference = compare(outline, dict(rows), began, processes)
    odd = {problem.path: odd_path(problem) for problem in difference.odd}
    known = dict(
        db.execute("SELECT path, odd FROM files WHERE state = ? AND is_pathless", (number,))
    )
    strays = [file for path, file in odd.items() if known.get(path) != pack(odd_values(file))]
    gone = [*difference.gone, *(known.keys() - odd.keys())]
    if not (strays or gone or difference.read or difference.folders):
        return beside, None
    found = list(strays)
    for (path, _), file in zip(
        difference.read, read_files(root, difference.read, processes), strict=True
    ):
        if file is None:
            gone.append(path)
        else:
            found.append(file)
    present = {file.path for file in found}
    return beside, _Change(
        found, [path for path in gone if path not in present], difference.folders
    )


def _write(state: State, change: _Change) -> None:
    state.apply(change.found, change.gone)
    db, number = state.db, state.number
    left = [path for path, entries in change.folders.items() if entries is None]
    db.execute(
        "DELETE FROM folders WHERE state = ? AND folder IN (SELECT value FROM json_each(?))",
        (number, json.dumps(left)),
    )
    db.executemany(
        "INSERT OR REPLACE INTO folders VALUES (?, ?, ?)",
        [
            (number, path, entries)
            for path, entries in change.folders.items()
            if entries is not None
        ],
    )
    db.execute("UPDATE states SET generation = generation + 1 WHERE state = ?", (number,))
    sweep_if_due(db, number)
