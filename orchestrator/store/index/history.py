"""What commits did to which files: asked of git once, and kept."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from orchestrator.model.places import place_of
from orchestrator.store.files import plan_pathspecs
from orchestrator.store.repository import Repository

_FORMAT = "%x01%H%x00%aI%x00%an%x00%ae%x00%s"
_CHANGES = {"A": "added", "D": "removed"}


def fill_history(db: sqlite3.Connection, repository: Repository) -> None:
    """Bring the table of changes along to HEAD; only commits that came since are asked for."""
    head = repository.head
    name = f"history\n{repository.git_folder}\n{repository.prefix}"
    row = db.execute("SELECT position FROM states WHERE name = ?", (name,)).fetchone()
    known = row[0].decode() if row and row[0] else None
    if head is None or known == head:
        return
    since: tuple[str, ...] = ()
    if known and repository.git.finish("merge-base", "--is-ancestor", known, head)[0] == 0:
        since = (f"^{known}",)
    else:
        db.execute("DELETE FROM changes")
    db.executemany(
        "INSERT OR IGNORE INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        _changes(repository, head, since),
    )
    db.execute(
        "INSERT INTO states (name, position) VALUES (?1, ?2) "
        "ON CONFLICT (name) DO UPDATE SET position = ?2",
        (name, head.encode()),
    )


def _changes(
    repository: Repository, head: str, since: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    out = repository.git.with_magic().run(
        "log", "--no-merges", "-z", "--raw", "--no-renames", "--no-abbrev", "--root",
        f"--format={_FORMAT}", head, *since, "--", *plan_pathspecs(repository.prefix),
    )  # fmt: skip
    for record in out.split(b"\x01")[1:]:
        fields = record.decode("utf-8", "replace").lstrip("\n").split("\0")
        commit, rest = fields[:5], iter(fields[5:])
        for raw in rest:
            if not raw.lstrip("\n").startswith(":"):
                continue
            path = next(rest, "")
            place = place_of(path[len(repository.prefix) :])
            if place is not None:
                status = raw.rsplit(" ", 1)[-1]
                yield (*commit, place.kind, place.id, _CHANGES.get(status, "changed"))
