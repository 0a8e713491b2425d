"""SQL over a plan: views that people may read, and nothing that they may write."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.store.git import StoreError
from orchestrator.store.index.history import fill_history
from orchestrator.store.index.open import using
from orchestrator.store.index.schema import connect_in_memory
from orchestrator.store.index.tasks import document_in
from orchestrator.store.index.work_tree import Refreshed, work_tree
from orchestrator.store.index.worth import is_worth_it
from orchestrator.store.workspace import Workspace
from orchestrator.view.rollup import actual_minutes

_STEPS = 20_000
"""Between two looks at the clock; some milliseconds."""

_LONGEST = 20_000_000
"""Bytes of a value: what a query makes may not fill the memory."""


class QueryError(StoreError):
    """A query cannot be answered."""


class View(NamedTuple):
    """Something to select from.

    Attributes:
        name: As queries name it.
        says: What its rows are.
        columns: With what they say.
    """

    name: str
    says: str
    columns: tuple[tuple[str, str], ...]


class Answer(NamedTuple):
    """What a query gave.

    Attributes:
        columns: Their names.
        rows: At most as many as were asked for.
        is_cut: Whether there are more.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    is_cut: bool


VIEWS = (
    View("tasks", "every task, deleted ones too", (
        ("id", "PAY-7K3F"), ("project", "the project that it is in"), ("title", "one line"),
        ("description", "Markdown"), ("status", "todo, in_progress, …"),
        ("priority", "low, medium, high, urgent"), ("assignee", "a user's id"),
        ("parent", "a task's id"), ("start_date", "planned: 2026-11-30"),
        ("due_date", "planned: 2026-12-04"), ("created_at", "when it was made"),
        ("started_at", "when it was started"), ("completed_at", "when it was completed"),
        ("estimated_minutes", "planned effort"), ("actual_minutes", "what was spent on it"),
        ("is_open", "1 unless it is completed, cancelled or deleted"),
        ("deleted_at", "when it was deleted"), ("tests", "JSON, tests by kind"),
        ("external_ids", "JSON, ids by integration"), ("metadata", "JSON"), ("path", "its file"),
    )),
    View("projects", "every project, deleted ones too", (
        ("id", "payments"), ("key", "how ids of its tasks begin"), ("title", "one line"),
        ("description", "Markdown"), ("status", "planned, active, …"), ("priority", "as of tasks"),
        ("owner", "a user's id"), ("start_date", "planned"), ("due_date", "planned"),
        ("created_at", "when it was made"), ("deleted_at", "when it was deleted"),
        ("tags", "JSON list"), ("metadata", "JSON"),
    )),
    View("users", "people and agents", (
        ("id", "dana"), ("name", "in full"), ("email", "as git has it"), ("kind", "human, agent"),
        ("role", "admin, maintainer, …"), ("active", "0 or 1"), ("handles", "JSON, by integration"),
        ("metadata", "JSON"),
    )),
    View("dependencies", "who waits for whom", (
        ("task", "the id of the task that waits"), ("needs", "the id of what it waits for"),
    )),
    View("labels", "a row a label of a task", (("task", "its id"), ("label", "the label"))),
    View("time_entries", "time that was logged", (
        ("task", "its id"), ("at", "when"), ("minutes", "how long"), ("user", "who"),
        ("note", "what for"),
    )),
    View("history", "what commits did to entities, merges left out", (
        ("commit_id", "the commit"), ("at", "when it was made"), ("author", "who"),
        ("email", "of the author"), ("subject", "the first line of its message"),
        ("kind", "tasks, projects, users or settings"), ("id", "of the entity"),
        ("change", "added, changed or removed"),
    )),
)  # fmt: skip
"""What a query may select from."""

_TEMPLATES = (
    """
    CREATE TEMP VIEW tasks AS SELECT {columns}
    FROM main.files LEFT JOIN main.blobs ON blobs.key = files.blob
    WHERE files.state = {state} AND files.counts
    """,
    """
    CREATE TEMP VIEW dependencies AS SELECT edges.id AS task, needed AS needs
    FROM main.edges JOIN main.files ON files.key = file
    WHERE files.state = {state} AND files.counts
    """,
    """
    CREATE TEMP VIEW labels AS SELECT files.id AS task, json_each.value AS label
    FROM main.files LEFT JOIN main.blobs ON blobs.key = files.blob
    JOIN json_each(field_of(odd, document, 'labels'))
    WHERE files.state = {state} AND files.counts AND files.labels IS NOT NULL
    """,
    """
    CREATE TEMP VIEW time_entries AS SELECT files.id AS task, {entry}
    FROM main.files LEFT JOIN main.blobs ON blobs.key = files.blob
    JOIN json_each(field_of(odd, document, 'time_entries'))
    WHERE files.state = {state} AND files.counts
    """,
    """
    CREATE TEMP VIEW history AS
    SELECT commit_id, at, author, email, subject, kind, id, change FROM main.changes
    WHERE state = {history}
    """,
)
_NAMES = frozenset(view.name for view in VIEWS)
_READABLE = _NAMES | {"json_each", "json_tree"}
_OWN = {
    "start_date": "start", "due_date": "due", "created_at": "created", "started_at": "started",
    "completed_at": "completed", "estimated_minutes": "estimate", "is_open": "open",
}  # fmt: skip
_PLAIN = frozenset({"id", "project", "status", "priority", "assignee", "parent", "path"})
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE})
_FORBIDDEN = frozenset({"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit"})


def query(workspace: Workspace, sql: str, most: int, seconds: float) -> Answer:
    """Return what one SELECT over the views says of the plan in the work tree.

    Args:
        workspace: Where the plan is.
        sql: One statement.
        most: How many rows at most.
        seconds: After so many it is given up.

    Raises:
        QueryError: It is none, it would do more than read, or it takes too long.
    """

    def run(refreshed: Refreshed) -> Answer | QueryError:
        try:
            return _answer(workspace, refreshed, sql, most, seconds)
        except QueryError as error:
            return error

    found: Answer | QueryError | None = None
    if is_worth_it(workspace):

        def hold(db: sqlite3.Connection) -> Any:
            return work_tree(db, workspace.files, workspace.processes)

        found = using(workspace, hold, run)
    if found is None:
        with closing(connect_in_memory()) as db, work_tree(db, workspace.files, 1) as refreshed:
            found = run(refreshed)
    if isinstance(found, QueryError):
        raise found
    return found


def _answer(
    workspace: Workspace, refreshed: Refreshed, sql: str, most: int, seconds: float
) -> Answer:
    db = refreshed.state.db
    history = 0
    if "history" in sql.casefold() and workspace.repository is not None:
        history = fill_history(db, workspace.repository)
    _make_views(refreshed, history)
    end = time.monotonic() + seconds
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    db.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    db.set_authorizer(_authorize)
    try:
        cursor = db.execute(sql)
        if cursor.description is None:
            raise QueryError("A query is a SELECT.", "orchestrator query --schema shows the views.")
        rows = cursor.fetchmany(most + 1)
        columns = tuple(item[0] for item in cursor.description)
        cursor.close()
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        raise _refusal(error, seconds) from error
    finally:
        db.set_authorizer(None)
        db.set_progress_handler(None, 0)
    return Answer(columns, rows[:most], len(rows) > most)


def _refusal(error: Exception, seconds: float) -> QueryError:
    said = str(error).rstrip(".")
    schema = "orchestrator query --schema shows the views."
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
        return QueryError(
            f"The query was given up after {seconds:g} seconds.", "--timeout gives it more."
        )
    if said == "not authorized" or "prohibited" in said:
        return QueryError("A query may read the views, and do nothing else.", schema)
    if "one statement" in said:
        return QueryError("A query is one statement.", "Leave out what follows the semicolon.")
    return QueryError(f"The query cannot be answered: {said}.", schema)


def _authorize(
    action: int, first: str | None, second: str | None, _: str | None, within: str | None
) -> int:
    """Allow reading the views, and for a view to read what it is made of."""
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        is_fine = (second or "").casefold() not in _FORBIDDEN
    else:
        # `count(*)` reads no column; then the table that is named may be one that a view reads.
        is_fine = action == sqlite3.SQLITE_READ and (
            not second or first in _READABLE or within in _NAMES
        )
    return sqlite3.SQLITE_OK if is_fine else sqlite3.SQLITE_DENY


def _make_views(refreshed: Refreshed, history: int) -> None:
    """Make the views, for this connection alone."""
    db, number = refreshed.state.db, refreshed.state.number
    db.create_function("field_of", 3, _field_of(), deterministic=True)
    columns = ", ".join(_column(name) for name, _ in VIEWS[0].columns)
    entry = ", ".join(
        f"json_extract(json_each.value, '$.{name}') AS {name}"
        for name in ("at", "minutes", "user", "note")
    )
    for template in _TEMPLATES:
        db.execute(template.format(columns=columns, entry=entry, state=number, history=history))
    _make_tables(db, refreshed.beside.snapshot)


def _make_tables(db: sqlite3.Connection, snapshot: Snapshot) -> None:
    kinds: tuple[tuple[View, Any], ...] = (
        (VIEWS[1], snapshot.projects), (VIEWS[2], snapshot.users)
    )  # fmt: skip
    for view, documents in kinds:
        names = [name for name, _ in view.columns]
        marks = ", ".join("?" for _ in names)
        db.execute(f"CREATE TEMP TABLE {view.name} ({', '.join(names)})")
        db.executemany(
            f"INSERT INTO temp.{view.name} VALUES ({marks})",  # noqa: S608 - constants
            (
                [entity_id, *(_plain(document.get(name)) for name in names[1:])]
                for entity_id, document in documents.items()
            ),
        )


def _column(name: str) -> str:
    if name in _PLAIN:
        return f"files.{name} AS {name}"
    if name in _OWN:
        return f"files.{_OWN[name]} AS {name}"
    return f"field_of(odd, document, '{name}') AS {name}"


def _field_of() -> Callable[[bytes | None, bytes | None, str], Any]:
    """Return the function from a row to a field; of one row mostly several are asked for."""
    last: tuple[bytes | None, bytes | None, Document] = (None, None, {})

    def field(odd: bytes | None, document: bytes | None, name: str) -> Any:
        nonlocal last
        if (odd, document) != last[:2]:
            last = odd, document, document_in(odd, document)
        if name == "actual_minutes":
            return actual_minutes(last[2]) or None
        return _plain(last[2].get(name))

    return field


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def described() -> Iterator[str]:
    """Yield the lines of a description of the views."""
    for view in VIEWS:
        yield f"{view.name}: {view.says}"
        yield from _lines(view.columns)
        yield ""


def _lines(columns: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max(len(name) for name, _ in columns)
    for name, says in columns:
        yield f"    {name.ljust(width)}  {says}"
