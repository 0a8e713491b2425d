"""Notion's pages as items, and changes of items as what Notion takes; pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Foreign, Item
from orchestrator.sync.remotes.notion import values
from orchestrator.sync.remotes.notion.client import shaped
from orchestrator.sync.remotes.notion.description import Read, normal
from orchestrator.sync.remotes.notion.ids import key_of, plain_id
from orchestrator.sync.remotes.notion.table import Table, holdable

_OURS = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}")
PEOPLE: Final = ("assignee", "owner")
SETS: Final = ("labels", "tags")
RELATIONS: Final = ("parent", "project", "dependencies")
ONE: Final = ("parent", "project")
"""Relations of which we have one, and Notion may have several."""
LONG: Final = ("title", "rich_text", "people", "relation")
"""Types of which a page may show only a part."""

Properties = Mapping[str, Any]


def properties_of(table: Table, row: Mapping[str, Any]) -> dict[str, Properties]:
    """Return the properties of a page by field of ours, whatever they are called."""
    rows = (each for each in row["properties"].values() if isinstance(each, Mapping))
    by_id = {plain_id(str(each.get("id"))): each for each in rows}
    found = {name: by_id.get(plain_id(column.id)) for name, column in table.columns.items()}
    return {
        name: each
        for name, each in found.items()
        if each is not None and each.get("type") == table.columns[name].type
    }


def item(table: Table, row: Any, whole: Mapping[str, list[Any]], body: Read | None) -> Item:
    """Return a page as an item.

    Args:
        table: In which it is.
        row: As Notion describes it.
        whole: The values of which it shows only a part, by field.
        body: Of the page, where that is the description and was read.

    Raises:
        DriftError: It is no page.
    """
    row = shaped(row, "page", "id", "last_edited_time", "properties")
    found = properties_of(table, row)
    fields: dict[str, Any] = {}
    kept: dict[str, Any] = {"edited": row["last_edited_time"]}
    for name, prop in found.items():
        _read(table, name, whole.get(name, prop.get(prop["type"])), fields, kept)
    if body is not None:
        fields["description"] = Foreign("blocks") if body.is_partial else body.text
        kept["body"] = body.kept
    external = fields.pop("external_id", "")
    is_trashed = bool(row.get("in_trash") or row.get("archived"))
    return Item(
        table.kind,
        key_of(row["id"]),
        fields,
        kept,
        name=_number(row),
        url=str(row.get("url") or ""),
        updated_at=row["last_edited_time"],
        state="trashed" if is_trashed else "archived" if row.get("is_archived") else "live",
        stamps={"created_at": str(row["created_time"])} if row.get("created_time") else {},
        external=external if _OURS.fullmatch(external) else None,
    )


def properties(
    table: Table, current: Item | None, changes: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return what to send for changes, by the ids of the properties; without a page's body.

    Raises:
        InvalidError: A value has no counterpart.
    """
    kept: Mapping[str, Any] = current.kept if current else {}
    found: dict[str, dict[str, Any]] = {}
    for name, value in changes.items():
        column = table.columns.get(name)
        if column is None or isinstance(value, Foreign):
            continue
        if name == "status" and _is_shown(table, kept.get("status"), value):
            continue
        found[column.id] = {column.type: _written(table, name, column.type, value, kept)}
    if "dates" in table.columns and not changes.keys().isdisjoint({"start_date", "due_date"}):
        column = table.columns["dates"]
        have = current.fields if current else {}
        both = {
            name: _day(changes.get(name, have.get(name))) for name in ("start_date", "due_date")
        }
        was = kept.get("dates")
        value = values.ranged(was, both["start_date"], both["due_date"])
        found[column.id] = {"date": value}
    return found


def represent(table: Table, name: str, value: Any) -> Any:
    """Return what reading a field would give after writing `value`."""
    if isinstance(value, Foreign):
        return value
    if name == "title":
        return title(value)
    if name == "description":
        return normal(value)
    if name in SETS:
        return holdable(value or ())
    if value is None:
        return None
    if name in PEOPLE:
        account = table.accounts.get(str(value))
        return Foreign(str(value)) if account is None else table.user_of(account.id)
    if name == "status":
        option = table.option_for(str(value))
        return Foreign(str(value)) if option is None else table.status_of(option)
    if name == "priority" and value in table.priorities:
        return table.priority_of(table.priorities[value])
    return value


def title(value: Any) -> str:
    """Return a title on one line."""
    return " ".join(str(value or "").split())


def _read(
    table: Table,
    name: str,
    value: Any,
    fields: dict[str, Any],
    kept: dict[str, Any],
) -> None:
    """Put a property's value into the fields, and what an update needs into what is kept."""
    if name in PEOPLE or name in RELATIONS:
        keys = values.ids(value)
        if name != "dependencies" and keys:
            kept[name] = keys
        if name in PEOPLE:
            fields[name] = _person(table, keys, value)
        else:
            fields[name] = (keys[0] if keys else None) if name in ONE else sorted(set(keys))
    elif name == "status":
        option = values.option(value)
        kept |= {"status": option} if option else {}
        fields[name] = None if option is None else table.status_of(option)
    elif name == "priority":
        option = values.option(value)
        fields[name] = None if option is None else table.priority_of(option)
    elif name in SETS:
        fields[name] = values.options(value)
    elif name.endswith("_minutes"):
        fields[name] = values.minutes(value)
    elif name in {"start_date", "due_date", "dates"}:
        span = values.span(value)
        if span and (span["end"] or len(span["start"]) > len("2026-12-01")):
            kept[name] = span
        fields |= _days(name, span)
    else:
        text = values.plain(value)
        fields[name] = {"title": title, "description": normal}.get(name, str.strip)(text)


def _days(name: str, span: Mapping[str, Any] | None) -> dict[str, Any]:
    if name != "dates":
        return {name: values.day(span["start"]) if span else None}
    if span is None:
        return {"start_date": None, "due_date": None}
    start, end = values.day(span["start"]), values.day(span["end"])
    return {"start_date": start if end else None, "due_date": end or start}


def _person(table: Table, keys: list[str], rows: Any) -> str | Foreign | None:
    for key in keys:
        user = table.user_of(key)
        if user is not None:
            return user
    if not keys:
        return None
    shown = next(
        (each for each in rows or () if isinstance(each, Mapping) and each.get("name")), {}
    )
    return Foreign(str(shown.get("name") or keys[0]))


def _written(table: Table, name: str, type_: str, value: Any, kept: Mapping[str, Any]) -> Any:
    if type_ in {"title", "rich_text"}:
        text = title(value) if name == "title" else normal(value)
        return values.rich_text(text, name)
    if name in SETS:
        return [{"name": label} for label in holdable(value or ())]
    if name in PEOPLE:
        return values.related(_people(table, name, value, kept.get(name) or []), name)
    if name in ONE:
        rest = (kept.get(name) or [])[1:]
        return values.related([*([value] if value else []), *rest], name)
    if name == "dependencies":
        return values.related(value or (), name)
    if type_ == "date":
        return values.moved(kept.get(name), value)
    if name == "status":
        return {"name": _option(table, str(value))}
    if name == "priority":
        return {"name": table.priorities.get(value, value)} if value else None
    return value


def _people(table: Table, name: str, user: Any, have: list[str]) -> Iterable[str]:
    """The first whom the workspace knows makes room; whoever else is there stays."""
    shown = next((key for key in have if table.user_of(key) is not None), None)
    rest = [key for key in have if key != shown]
    if user is None:
        return rest
    account = table.accounts.get(str(user))
    if account is None:
        raise InvalidError(
            f"Notion has no account for {user} .",
            "Put the e-mail into users/, or the account into users of the integration.",
            field=name,
        )
    return [account.id, *rest]


def _option(table: Table, status: str) -> str:
    option = table.option_for(status)
    if option is None:
        raise InvalidError(
            f"The database in Notion has no option for the status {status} .",
            "Name one in statuses of the integration.",
            field="status",
        )
    return option


def _is_shown(table: Table, option: str | None, status: Any) -> bool:
    """Whether a page shows a status already, be it with another option of the same meaning."""
    return option is not None and table.status_of(option) == represent(table, "status", status)


def _day(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(row: Mapping[str, Any]) -> str:
    """What people call a page where the database counts them; otherwise nothing is as unique."""
    for each in row["properties"].values():
        unique = each.get("unique_id") if isinstance(each, Mapping) else None
        if isinstance(unique, Mapping) and isinstance(unique.get("number"), int):
            prefix = unique.get("prefix")
            return f"{prefix}-{unique['number']}" if prefix else str(unique["number"])
    return ""
