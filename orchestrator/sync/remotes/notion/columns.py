"""Which property of a database is which field: by the settings, otherwise by its usual name."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Kind
from orchestrator.sync.remotes.notion.client import shaped
from orchestrator.sync.remotes.notion.ids import key_of, plain_id
from orchestrator.sync.remotes.notion.table import Column, Option

BODY: Final = "body"
NONE: Final = "none"
_DATES: Final = ("start_date", "due_date")


class Usual(NamedTuple):
    """The property that a field has when nobody says otherwise.

    Attributes:
        name: Of the property.
        types: That it may have.
    """

    name: str
    types: tuple[str, ...]


USUAL: Final[Mapping[Kind, Mapping[str, Usual]]] = {
    "tasks": {
        "title": Usual("Name", ("title",)),
        "description": Usual("Description", ("rich_text",)),
        "status": Usual("Status", ("status", "select")),
        "priority": Usual("Priority", ("select",)),
        "assignee": Usual("Assignee", ("people",)),
        "labels": Usual("Labels", ("multi_select",)),
        "start_date": Usual("Start", ("date",)),
        "due_date": Usual("Due", ("date",)),
        "estimated_minutes": Usual("Estimate (min)", ("number",)),
        "actual_minutes": Usual("Actual (min)", ("number",)),
        "parent": Usual("Parent item", ("relation",)),
        "dependencies": Usual("Blocked by", ("relation",)),
        "project": Usual("Project", ("relation",)),
        "external_id": Usual("External ID", ("rich_text",)),
    },
    "projects": {
        "title": Usual("Name", ("title",)),
        "description": Usual("Description", ("rich_text",)),
        "status": Usual("Status", ("status", "select")),
        "priority": Usual("Priority", ("select",)),
        "owner": Usual("Owner", ("people",)),
        "tags": Usual("Tags", ("multi_select",)),
        "start_date": Usual("Dates", ("date",)),
        "due_date": Usual("Dates", ("date",)),
        "external_id": Usual("External ID", ("rich_text",)),
    },
}
"""By field."""

PLACES: Final = ("database", "data_source", "projects")
"""The keys of the scope that are no properties."""


def setting_of(kind: Kind, name: str) -> str:
    """Return the key of the scope that names the property of a field."""
    return name if kind == "tasks" else f"project_{name}"


def check_scope(scope: Mapping[str, str], integration: str) -> None:
    """Refuse a scope that names no database, or that has a key nobody knows.

    Raises:
        InvalidError: It does.
    """
    known = [setting_of(kind, name) for kind, fields in USUAL.items() for name in fields]
    unknown = sorted(set(scope) - {*PLACES, *known})
    if unknown:
        raise InvalidError(
            f"The scope of {integration} has a key that Notion does not know: {unknown[0]} .",
            f"It takes {', '.join((*PLACES, *known))}.",
        )
    if not scope.get("database") and not scope.get("data_source"):
        raise InvalidError(
            f"The scope of {integration} names no database.",
            "Write scope: {database: LINK} into orchestrator.yaml, with the database's link.",
        )


def columns_of(
    kind: Kind, source: Mapping[str, Any], scope: Mapping[str, str]
) -> dict[str, Column]:
    """Return the properties of a data source by field; start and end in one are `dates`.

    Raises:
        InvalidError: The settings name one that it does not have, or that is of another type.
    """
    columns = [_column(name, row) for name, row in source["properties"].items()]
    found: dict[str, Column] = {}
    for name, usual in USUAL[kind].items():
        told = scope.get(setting_of(kind, name))
        if told == NONE or (name == "description" and told == BODY):
            continue
        if name == "title":
            fitting = [each for each in columns if each.type == "title"]
        elif told is not None:
            fitting = [_named(columns, told, usual, setting_of(kind, name))]
        else:
            low = usual.name.casefold()
            fitting = [
                each for each in columns if each.name.casefold() == low and each.type in usual.types
            ]
        if fitting:
            found[name] = fitting[0]
    if found.get("start_date") is not None and found["start_date"] == found.get("due_date"):
        found["dates"] = found["start_date"]
        for name in _DATES:
            del found[name]
    return found


def _named(columns: list[Column], told: str, usual: Usual, key: str) -> Column:
    for column in columns:
        if column.name.casefold() == told.casefold() or plain_id(column.id) == plain_id(told):
            if column.type in usual.types:
                return column
            raise InvalidError(
                f"The property {column.name!r} in Notion is a {column.type}, and not a "
                f"{usual.types[0]}.",
                f"Name another one in scope.{key}.",
            )
    names = ", ".join(column.name for column in columns if column.type in usual.types) or "none"
    raise InvalidError(
        f"The database in Notion has no property {told!r} (any more).",
        f"Of the type {usual.types[0]} it has {names[:200]}; mend scope.{key}.",
    )


def _column(name: str, row: Any) -> Column:
    row = shaped(row, "property", "id", "type")
    more = row.get(row["type"])
    more = more if isinstance(more, Mapping) else {}
    groups = _rows(more.get("groups"))[:3]
    group_of = {id_: at for at, group in enumerate(groups) for id_ in group.get("option_ids") or ()}
    options = tuple(
        Option(option["name"], group_of.get(option.get("id")))
        for option in _rows(more.get("options"))
        if isinstance(option.get("name"), str)
    )
    target = key_of(more["data_source_id"]) if more.get("data_source_id") else ""
    return Column(row["id"], name, row["type"], options, target)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, Mapping)]
