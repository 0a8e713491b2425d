"""What commits did to which files: asked of git once, and kept."""

import sqlite3
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from orchestrator.model.places import place_of
from orchestrator.store.index.past import has_replacements
from orchestrator.store.index.schema import index_path, with_index
from orchestrator.store.index.state import add_state
from orchestrator.store.index.worth import VARIABLE
from orchestrator.store.repository import FOLDER, Repository
from orchestrator.store.trees import plan_pathspecs
from orchestrator.store.workspace import Workspace

_FORMAT = "%x01%H%x00%aI%x00%an%x00%ae%x00%s"
_CHANGES = {"A": "added", "D": "removed"}


class _Change(NamedTuple):
    """What a commit did to a file; of a merge, what none of its parents had done."""

    row: tuple[Any, ...]
    project: str
    is_of_merge: bool


def homes_of(workspace: Workspace, task_id: str) -> list[str] | None:
    """Return the projects in which a task's file ever was, in HEAD or before; None if unknown.

    To ask git about a few files is much faster than about a pattern.
    """
    repository = workspace.required_repository
    chosen = workspace.environment.get(VARIABLE)
    folder = repository.common_folder / FOLDER
    is_there = chosen == "always" or index_path(folder).exists()
    if chosen == "never" or not is_there or has_replacements(repository):
        return None
    return with_index(folder, partial(_homes, repository, task_id))


def _homes(repository: Repository, task_id: str, db: sqlite3.Connection) -> list[str]:
    state, known = _position(db, repository)
    if known != repository.head:
        db.execute("BEGIN IMMEDIATE")
        state = fill_history(db, repository)
        db.execute("COMMIT")
    query = "SELECT project FROM homes WHERE state = ? AND id = ? ORDER BY project"
    return [row[0] for row in db.execute(query, (state, task_id))]


def fill_history(db: sqlite3.Connection, repository: Repository) -> int:
    """Bring the table of changes along to HEAD; only commits that came since are asked for.

    Returns the number of the state that it is kept under.
    """
    head = repository.head
    state, known = _position(db, repository)
    if head is None or known == head:
        return state
    since: tuple[str, ...] = ()
    if known and repository.git.finish("merge-base", "--is-ancestor", known, head)[0] == 0:
        since = (f"^{known}",)
    elif known:
        db.execute("DELETE FROM changes WHERE state = ?", (state,))
        db.execute("DELETE FROM homes WHERE state = ?", (state,))
    state = state or add_state(db, _name(repository))
    found = list(_changes(repository, head, since))
    db.executemany(
        "INSERT OR IGNORE INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(state, *change.row) for change in found if not change.is_of_merge],
    )
    # The last columns of a row are the kind, the id, and what was done.
    homes = {
        (state, change.row[-2], change.project) for change in found if change.row[-3] == "tasks"
    }
    db.executemany("INSERT OR IGNORE INTO homes VALUES (?, ?, ?)", sorted(homes))
    db.execute("UPDATE states SET position = ? WHERE state = ?", (head.encode(), state))
    return state


def _name(repository: Repository) -> str:
    return f"history\n{repository.git_folder}\n{repository.prefix}"


def _position(db: sqlite3.Connection, repository: Repository) -> tuple[int, str | None]:
    query = "SELECT state, position FROM states WHERE name = ?"
    state, position = db.execute(query, (_name(repository),)).fetchone() or (0, None)
    return state, position.decode() if position else None


def _changes(repository: Repository, head: str, since: tuple[str, ...]) -> Iterator[_Change]:
    out = repository.git.with_magic().run(
        "log", "--full-history", "-z", "--raw", "-c", "--no-renames", "--no-abbrev", "--root",
        "--no-ext-diff", "--no-show-signature", f"--format={_FORMAT}", head, *since,
        "--", *plan_pathspecs(repository.prefix),
    )  # fmt: skip
    for record in out.split(b"\x01")[1:]:
        fields = record.decode("utf-8", "replace").lstrip("\n").split("\0")
        commit, rest = fields[:5], iter(fields[5:])
        for raw in rest:
            head_of = raw.lstrip("\n")
            if not head_of.startswith(":"):
                continue
            path = next(rest, "")
            place = place_of(path[len(repository.prefix) :])
            if place is not None:
                did = _CHANGES.get(raw.rsplit(" ", 1)[-1], "changed")
                row = (*commit, place.kind, place.id, did)
                yield _Change(row, place.project, is_of_merge=head_of.startswith("::"))
