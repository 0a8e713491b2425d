"""What a connection sees: its databases, how they are set up, and who can be assigned."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from orchestrator.sync.errors import DriftError, ForbiddenError, InvalidError, NotFoundError
from orchestrator.sync.item import Kind
from orchestrator.sync.remote import Capabilities, Choice, Support, Survey, Tie
from orchestrator.sync.remotes.notion import values
from orchestrator.sync.remotes.notion.client import Client, place, shaped
from orchestrator.sync.remotes.notion.columns import (
    BODY,
    NONE,
    USUAL,
    check_scope,
    columns_of,
    setting_of,
)
from orchestrator.sync.remotes.notion.ids import key_of, uuid_in
from orchestrator.sync.remotes.notion.mapping import PEOPLE
from orchestrator.sync.remotes.notion.table import Account, Table
from orchestrator.sync.remotes.notion.words import (
    account_of,
    accounts_of,
    priorities_of,
    statuses_of,
)

SETTLE: Final = 10.0
"""Seconds until a page that was made shows in questions; Notion does not publish how many."""

_BODY_NOTE: Final = (
    "Descriptions are the bodies of pages, and each changed page takes one more request: a text "
    "property Description, or description: none in the scope, saves them."
)


def learn(client: Client, tie: Tie) -> tuple[dict[Kind, Table], list[str]]:
    """Return the databases of an integration, and what people should know about them.

    Raises:
        RemoteError: There is no such database, or it cannot be synced.
    """
    check_scope(tie.scope, tie.name)
    sources: dict[Kind, Mapping[str, Any]] = {"tasks": _task_source(client, tie)}
    if tie.scope.get("projects"):
        sources["projects"] = _source(client, tie, "projects", None)
    people, notes = _people(client)
    accounts = accounts_of(tie, people)
    found: dict[Kind, Table] = {}
    for kind, source in sources.items():
        table = _table(kind, source, tie)
        columns = {
            name: column
            for name, column in table.columns.items()
            if name not in PEOPLE or not notes
        }
        found[kind] = table = replace(table, accounts=accounts, columns=columns)
        client.fields.update((column.name, name) for name, column in table.columns.items())
    ids = {kind: table.id for kind, table in found.items()}
    if len(set(ids.values())) < len(ids):
        raise InvalidError(
            f"The scope of {tie.name} names one database for tasks and for projects.",
            "Name another one in scope.projects, or none.",
        )
    found["tasks"] = _with_relations(found["tasks"], ids)
    has_no_people = bool(notes)
    for table in found.values():
        notes += _notes(table, tie, has_no_people=has_no_people)
    return found, notes


def capabilities(tables: Mapping[Kind, Table], notes: list[str]) -> Capabilities:
    """Return what the databases can hold."""
    fields: dict[Kind, Mapping[str, Support]] = {}
    for kind, table in tables.items():
        names = set(table.columns) - {"external_id", "dates"}
        names |= {"description"} if table.has_body else set()
        names |= {"start_date", "due_date"} if "dates" in table.columns else set()
        fields[kind] = dict.fromkeys((name for name in USUAL[kind] if name in names), "both")
    return Capabilities(fields, is_incremental=True, settle=SETTLE, notes=tuple(notes))


def survey(client: Client, tie: Tie) -> Survey:
    """Return the databases that the connection sees, and what the chosen one has."""
    me = shaped(client.get("/users/me"), "user", "id")
    bot = me.get("bot")
    place_ = bot.get("workspace_name") if isinstance(bot, Mapping) else None
    account = " in ".join(str(each) for each in (me.get("name"), place_) if each) or me["id"]
    sources = list(_sources(client))
    bases = {
        str(source["parent"]["database_id"]): Choice(
            key_of(source["parent"]["database_id"]), values.plain(source.get("title")) or "Untitled"
        )
        for source in sources
        if isinstance(source.get("parent"), Mapping) and source["parent"].get("database_id")
    }
    choices = tuple(bases.values())
    scopes = {"database": choices, "projects": choices}
    if not tie.scope.get("database") and not tie.scope.get("data_source"):
        return Survey(account, scopes, ("database",))
    table = _table("tasks", _task_source(client, tie), replace(tie, direction="pull"))
    meanings = {there: ours for ours, there in table.statuses.items()}
    column = table.columns.get("status")
    options = column.options if column else ()
    states = tuple(Choice(each.name, each.name, meanings.get(each.name)) for each in options)
    known = {there: ours for ours, there in table.priorities.items()}
    column = table.columns.get("priority")
    options = column.options if column else ()
    priorities = tuple(Choice(each.name, each.name, known.get(each.name)) for each in options)
    people, _ = _people(client)
    users = tuple(
        Choice(each.email or each.name or each.id, each.name, each.email or None) for each in people
    )
    return Survey(account, scopes, ("database",), states, priorities, users)


def _table(kind: Kind, source: Mapping[str, Any], tie: Tie) -> Table:
    columns = columns_of(kind, source, tie.scope)
    if "title" not in columns:
        raise DriftError("Notion describes a database that has no title property.", "Try later.")
    title = values.plain(source.get("title")) or kind
    if "external_id" not in columns and tie.direction != "pull":
        usual = USUAL[kind]["external_id"].name
        raise InvalidError(
            f"The database {title!r} in Notion has no text property {usual!r}, which keeps a page "
            "from being made twice.",
            f"Add a text property of that name, or name one in "
            f"scope.{setting_of(kind, 'external_id')}.",
        )
    status, priority = columns.get("status"), columns.get("priority")
    parent = source.get("parent")
    base = parent.get("database_id") if isinstance(parent, Mapping) else None
    told = tie.scope.get(setting_of(kind, "description"))
    return Table(
        kind,
        key_of(source["id"]),
        key_of(base) if base else "",
        title,
        columns,
        has_body="description" not in columns and told != NONE,
        statuses=statuses_of(kind, status, tie.statuses),
        priorities=priorities_of(priority, tie.priorities),
        names={str(row["id"]): name for name, row in source["properties"].items()},
    )


def _with_relations(table: Table, ids: Mapping[Kind, str]) -> Table:
    """A relation that leads elsewhere is not the one that is meant."""
    targets = {"parent": ids["tasks"], "dependencies": ids["tasks"], "project": ids.get("projects")}
    fitting = {
        name: column
        for name, column in table.columns.items()
        if name not in targets or column.target == targets[name]
    }
    return replace(table, columns=fitting)


def _notes(table: Table, tie: Tie, *, has_no_people: bool) -> list[str]:
    lacking = []
    for name, usual in USUAL[table.kind].items():
        is_told = tie.scope.get(setting_of(table.kind, name)) == NONE
        is_range = "dates" in table.columns and name in {"start_date", "due_date"}
        is_body = name == "description" and table.has_body
        is_told |= name in PEOPLE and has_no_people
        if name not in table.columns and not (is_told or is_range or is_body):
            is_apart = name == "project" and not tie.scope.get("projects")
            lacking += [] if is_apart else [f"{name} ({usual.name}, {usual.types[0]})"]
    notes = [_BODY_NOTE] if table.has_body else []
    if table.has_body and tie.scope.get(setting_of(table.kind, "description")) == BODY:
        notes = []
    if lacking:
        notes.append(
            f"The database {table.title} has no property for {', '.join(lacking)}: "
            "that stays local."
        )
    if table.kind == "tasks" and not tie.scope.get("projects"):
        notes.append("Projects stay local: the scope names no database for them.")
    return notes


def _task_source(client: Client, tie: Tie) -> Mapping[str, Any]:
    return _source(client, tie, "database", tie.scope.get("data_source"))


def _source(client: Client, tie: Tie, key: str, wanted: str | None) -> Mapping[str, Any]:
    """Return the data source that a key of the scope names, or the only one of its database."""
    said = tie.scope.get(key, "")
    id_ = uuid_in(wanted) if wanted else None
    if said and id_ is None:
        id_ = _only_source(client, said, key, wanted)
    if id_ is None:
        raise _unknown(str(wanted), "data_source")
    try:
        row = client.get(place("data_sources", id_))
    except NotFoundError as error:
        raise _unknown(wanted or said, "data_source" if wanted else key, error.hint) from error
    return shaped(row, "data source", "id", "properties")


def _only_source(client: Client, said: str, key: str, wanted: str | None) -> str:
    id_ = uuid_in(said)
    if id_ is None:
        raise _unknown(said, key)
    try:
        base = client.get(place("databases", id_))
    except NotFoundError as error:
        raise _unknown(said, key, error.hint) from error
    rows = shaped(base, "database", "id").get("data_sources")
    listed = rows if isinstance(rows, list) else []
    sources = [shaped(row, "data source", "id") for row in listed]
    names = ", ".join(str(row.get("name")) for row in sources) or "none"
    if wanted is not None:
        sources = [row for row in sources if str(row.get("name")).casefold() == wanted.casefold()]
        if not sources:
            raise NotFoundError(
                f"The database in Notion has no data source {wanted[:80]!r} .",
                f"It has {names[:200]}; mend scope.data_source.",
            )
    if len(sources) != 1:
        raise InvalidError(
            f"The database in Notion has not one data source but {len(sources)}: {names[:200]}.",
            "Name one in scope.data_source."
            if key == "database"
            else "Move the projects into a database of their own.",
        )
    return str(sources[0]["id"])


def _unknown(said: str, key: str, hint: str | None = None) -> NotFoundError:
    return NotFoundError(
        f"Notion has no database {said[:200]!r} that the connection may see.",
        hint or f"Write the link of the database into scope.{key}; sync init notion lists them.",
    )


def _sources(client: Client) -> Iterator[Mapping[str, Any]]:
    asked = {"filter": {"property": "object", "value": "data_source"}, "page_size": 100}

    def ask(cursor: str | None) -> Any:
        return client.read("/search", {**asked, "start_cursor": cursor} if cursor else asked)

    for page in client.pages(ask, "databases"):
        for row in page["results"]:
            yield shaped(row, "data source", "id")


def _people(client: Client) -> tuple[list[Account], list[str]]:
    try:
        rows = list(client.rows("/users", "users", {}))
    except ForbiddenError:
        return [], [
            "Assignees and owners stay local: the connection lacks the capability to read users."
        ]
    found = [account_of(row) for row in rows]
    return [account for account in found if account is not None], []
