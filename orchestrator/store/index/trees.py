"""What git has, staged or in a commit, in the index: brought along by what git says differs.

A state of this kind stands at a tree, its base, with changes to it. Git compares the base with
what is wanted now without a look at most of the files, and only those in which one of the two
comparisons found something are read.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from orchestrator.model.places import name_fault, place_of
from orchestrator.model.problem import Problem
from orchestrator.store.files import Entry, layer_in
from orchestrator.store.git import GitFailedError, Oid
from orchestrator.store.index.found import Found, found_in, odd_path
from orchestrator.store.index.outline import Beside, is_of_task
from orchestrator.store.index.packing import pack, unpack
from orchestrator.store.index.schema import UnusableIndexError
from orchestrator.store.index.state import State, add_state, find_state
from orchestrator.store.index.sweep import sweep_if_due
from orchestrator.store.index.work_tree import Refreshed
from orchestrator.store.repository import Repository
from orchestrator.store.trees import Tree, commit_tree, plan_pathspecs

Blob = tuple[str, Oid]
"""A file in a tree: its mode and blob id."""

_REGULAR = "100644"
_MANY = 500
_TRIES = 4


class UnmergedError(Exception):
    """Files are in conflict: git does not say what is staged of them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a state is to say.

    Attributes:
        repository: Around the workspace.
        tree: Of a commit; None for what is staged.
        over: Files that are otherwise than there.
    """

    repository: Repository
    tree: Oid | None = None
    over: Mapping[str, Blob] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of its state: what is staged has one, and all commits share another."""
        kind = "staged" if self.tree is None else "commit"
        return f"{kind}\n{self.repository.git_folder}\n{self.repository.prefix}"


class _Difference(NamedTuple):
    old: Blob | None
    new: Blob | None


class _Position(NamedTuple):
    """Where a state stands: at a tree, and what it holds otherwise."""

    base: Oid
    changes: dict[str, _Difference]


_Changes = dict[str, Blob | None]
"""Files to read, by path; None for one to take out."""


def _nothing(_: Refreshed) -> bool:
    return False


@contextmanager
def git_tree(
    db: sqlite3.Connection, wanted: Wanted, writes: Callable[[Refreshed], bool] = _nothing
) -> Iterator[Refreshed]:
    """Bring a state along to what git has, and hold it still while the block runs.

    Args:
        db: The index, outside of a transaction.
        wanted: What the state is to say.
        writes: Whether the block will write though the state says so already.

    Raises:
        UnusableIndexError: Others keep writing.
        UnmergedError: Files are in conflict.
    """
    try:
        for attempt in range(_TRIES):
            is_last = attempt == _TRIES - 1
            db.execute("BEGIN IMMEDIATE" if is_last else "BEGIN")
            number, generation = find_state(db, wanted.name)
            before = _position(db, number)
            after, changes = _plan(wanted, before)
            if number and changes is not None and not changes:
                present = _refreshed(db, wanted, number, may_write=is_last)
                if not writes(present):
                    yield present
                    db.execute("COMMIT")
                    return
            if not is_last:
                db.execute("COMMIT")
                db.execute("BEGIN IMMEDIATE")
                if find_state(db, wanted.name) != (number, generation):
                    db.execute("ROLLBACK")
                    continue
            number = number or add_state(db, wanted.name)
            _write(db, wanted, number, after, changes)
            yield _refreshed(db, wanted, number, may_write=True)
            db.execute("COMMIT")
            return
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    raise UnusableIndexError("others keep writing")


def tree_with(refreshed: Refreshed, repository: Repository, problems: Sequence[Problem]) -> Tree:
    """Return a tree that holds the files in which there are problems, and those beside tasks."""
    db, number = refreshed.state.db, refreshed.state.number
    blobs = _others(db, number)
    paths = list({problem.path for problem in problems if is_of_task(problem.path)})
    if paths:
        rows = db.execute(
            "SELECT files.path, mode, files.oid FROM json_each(?2) CROSS JOIN files "
            "INDEXED BY files_by_path ON state = ?1 AND files.path = value "
            "WHERE files.oid IS NOT NULL",
            (number, json.dumps(paths)),
        )
        blobs |= {path: (mode, Oid(oid)) for path, mode, oid in rows}
    git = repository.git
    return Tree(git, repository.prefix, blobs, layer_in(git.environment))


def _refreshed(
    db: sqlite3.Connection, wanted: Wanted, number: int, *, may_write: bool
) -> Refreshed:
    git = wanted.repository.git
    tree = Tree(git, wanted.repository.prefix, _others(db, number), layer_in(git.environment))
    return Refreshed(State(db, number, by_path=True), Beside(tree, tree.entries()), may_write)


def _others(db: sqlite3.Connection, number: int) -> dict[str, Blob]:
    rows = db.execute("SELECT path, mode, oid FROM others WHERE state = ? ORDER BY path", (number,))
    return {path: (mode, Oid(oid)) for path, mode, oid in rows}


def _position(db: sqlite3.Connection, number: int) -> _Position | None:
    row = db.execute("SELECT position FROM states WHERE state = ?", (number,)).fetchone()
    if row is None or row[0] is None:
        return None
    base, changes = unpack(row[0])
    return _Position(Oid(base), {path: _Difference(*both) for path, both in changes.items()})


def _plan(wanted: Wanted, before: _Position | None) -> tuple[_Position, _Changes | None]:
    """Return where the state is to stand, and the files to read; None for all of the tree."""
    repository = wanted.repository
    changes: _Changes | None = None
    if before is not None:
        try:
            found = _differences(wanted, before.base)
        except GitFailedError:
            pass  # the base was of a commit that nothing leads to any more, and git dropped it
        else:
            changes = _changes(before.changes, found)
            if len(found) <= _MANY:
                return _Position(before.base, found), changes
    if wanted.tree is not None:
        base = wanted.tree
    elif repository.has_commits:
        base = Oid(repository.git.run("rev-parse", "HEAD^{tree}").decode().strip())
    else:
        base = repository.git.empty_tree()
    return _Position(base, _differences(wanted, base)), changes


def _differences(wanted: Wanted, base: Oid) -> dict[str, _Difference]:
    """Return the files of the plan in which what is wanted differs from a tree."""
    repository = wanted.repository
    compare = ("diff-index", "--cached", base)
    if wanted.tree is not None:
        compare = ("diff-tree", base, wanted.tree)
    options = ("-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--no-textconv")
    command = (*compare[:1], *options, *compare[1:])
    out = b""
    if base != wanted.tree:
        specs = plan_pathspecs(repository.prefix)
        out = repository.git.with_magic().run(*command, "--", *specs)
    fields = iter(out.split(b"\0")[:-1])
    found: dict[str, _Difference] = {}
    for head, name in zip(fields, fields, strict=True):
        old_mode, new_mode, old, new, status = head.decode()[1:].split(" ")
        if status == "U":
            raise UnmergedError
        path = os.fsdecode(name)[len(repository.prefix) :]
        found[path] = _Difference(_blob(old_mode, old), _blob(new_mode, new))
    for path, blob in wanted.over.items():
        was = found[path].old if path in found else _blob_at(repository, base, path)
        found[path] = _Difference(was, blob)
    return found


def _blob_at(repository: Repository, tree: Oid, path: str) -> Blob | None:
    command = ("ls-tree", "-z", "--full-tree", tree, "--", f"{repository.prefix}{path}")
    head = repository.git.run(*command).decode("utf-8", "replace").partition("\t")[0]
    if not head:
        return None
    mode, _, oid = head.split(" ")
    return mode, Oid(oid)


def _blob(mode: str, oid: str) -> Blob | None:
    return (mode, Oid(oid)) if mode.strip("0") else None


def _changes(before: Mapping[str, _Difference], after: Mapping[str, _Difference]) -> _Changes:
    """Return the files in which two sets of differences from one tree are not the same."""
    changes: _Changes = {}
    for path in before.keys() | after.keys():
        then, now = before.get(path), after.get(path)
        if then is not None:
            was, is_to_be = then.new, now.new if now else then.old
        else:
            was, is_to_be = (now.old, now.new) if now else (None, None)
        if was != is_to_be:
            changes[path] = is_to_be
    return changes


def _write(
    db: sqlite3.Connection,
    wanted: Wanted,
    number: int,
    position: _Position,
    changes: _Changes | None,
) -> None:
    state = State(db, number, by_path=True)
    if changes is None:
        tree = commit_tree(wanted.repository.git, wanted.repository.prefix, position.base)
        changes = dict(tree.blobs)
        changes |= {path: both.new for path, both in position.changes.items()}
        known = db.execute("SELECT path FROM files WHERE state = ?", (number,)).fetchall()
        changes |= {path: None for (path,) in known if path not in changes}
        db.execute("DELETE FROM others WHERE state = ?", (number,))
    tasks = {path: blob for path, blob in changes.items() if blob and is_of_task(path)}
    found = list(_read(db, wanted.repository, tasks))
    there = {file.path for file in found}
    gone = [path for path in map(_shown, changes) if is_of_task(path) and path not in there]
    state.apply(found, gone)
    others = {path: blob for path, blob in changes.items() if not is_of_task(path)}
    db.executemany(
        "DELETE FROM others WHERE state = ? AND path = ?", [(number, path) for path in others]
    )
    db.executemany(
        "INSERT INTO others VALUES (?, ?, ?, ?)",
        [(number, path, *blob) for path, blob in others.items() if blob is not None],
    )
    packed = pack((position.base, {path: tuple(both) for path, both in position.changes.items()}))
    db.execute(
        "UPDATE states SET position = ?, generation = generation + 1 WHERE state = ?",
        (packed, number),
    )
    sweep_if_due(db, number)


def _read(
    db: sqlite3.Connection, repository: Repository, blobs: Mapping[str, Blob]
) -> Iterator[Found]:
    """Yield what files say; those whose bytes are known need not be read."""
    wanted = json.dumps([oid for _, oid in blobs.values()])
    known = dict(
        db.execute(
            "SELECT oid, document FROM blobs WHERE oid IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
    )
    left: dict[str, Blob] = {}
    for path, (mode, oid) in blobs.items():
        place = place_of(path)
        name = path.rpartition("/")[2]
        is_right = (
            mode == _REGULAR and place is not None and name[0] != "." and not name_fault(name)
        )
        if is_right and place is not None and oid in known:
            yield Found(path, place, oid, mode, unpack(known[oid]))
        else:
            left[path] = mode, oid
    problems: dict[str, list[Problem]] = {}
    entries: dict[str, Entry] = {}
    for item in Tree(repository.git, repository.prefix, left).entries():
        if isinstance(item, Problem):
            problems.setdefault(item.path, []).append(item)
        else:
            entries[item.path] = item
    for path, entry in entries.items():
        mode, oid = left[path]
        file = found_in(path, entry.place, entry.data, oid, mode)
        yield file._replace(problems=(*problems.pop(path, ()), *file.problems))
    for found in problems.values():
        yield odd_path(found[0])._replace(problems=tuple(found))


def _shown(path: str) -> str:
    """Return a path as its problems name it."""
    return path.encode("utf-8", "backslashreplace").decode()
