"""Notion's JSON of what a workspace holds."""

from typing import Any

from tests.sync.fakes.notion_rows import COLOR, Book, Page, Property, Table, moment

SHOWN = 25
_GROUPS = ("To-do", "In progress", "Complete")
_PLAIN = {
    "bold": False, "italic": False, "strikethrough": False, "underline": False, "code": False,
    "color": "default",
}  # fmt: skip


def text(content: str) -> list[dict[str, Any]]:
    pieces = [content[at : at + 2000] for at in range(0, len(content), 2000)]
    return [
        {
            "type": "text", "text": {"content": piece, "link": None}, "annotations": _PLAIN,
            "plain_text": piece, "href": None,
        }
        for piece in pieces
    ]  # fmt: skip


def option(name: str | None) -> dict[str, Any] | None:
    return None if name is None else {"id": f"opt-{name.lower()}", "name": name, "color": COLOR}


def value(book: Book, prop: Property, raw: Any) -> dict[str, Any]:
    """Return a property of a page: not more than 25 of what it relates to, or pieces of text."""
    shown: Any = raw
    match prop.type:
        case "title" | "rich_text":
            shown = text(raw)[:SHOWN]
        case "status" | "select":
            shown = option(raw)
        case "multi_select":
            shown = [option(name) for name in raw]
        case "people":
            shown = [user(book, key) for key in raw[:SHOWN]]
        case "relation":
            live = [key for key in raw if not book.pages[key].is_trashed]
            found = {"id": prop.id, "type": "relation", "has_more": len(live) > SHOWN}
            return {**found, "relation": [{"id": key} for key in live[:SHOWN]]}
        case "date" if raw is not None:
            shown = {"start": raw["start"], "end": raw.get("end"),
                     "time_zone": raw.get("time_zone")}  # fmt: skip
    return {"id": prop.id, "type": prop.type, prop.type: shown}


def user(book: Book, key: str) -> dict[str, Any]:
    known = {each["id"]: each for each in book.users.values()}
    return known.get(key, {"object": "user", "id": key})


def page(book: Book, row: Page) -> dict[str, Any]:
    table = book.table(row.table)
    assert table is not None
    someone = {"object": "user", "id": book.users["dana"]["id"]}
    return {
        "object": "page", "id": row.id, "created_time": moment(row.created),
        "last_edited_time": moment(row.edited), "created_by": someone, "last_edited_by": someone,
        "cover": None, "icon": None, "in_trash": row.is_trashed, "archived": row.is_trashed,
        "is_archived": row.is_archived, "is_locked": False, "public_url": None,
        "url": f"https://www.notion.so/{row.id.replace('-', '')}",
        "parent": {
            "type": "data_source_id", "data_source_id": table.id, "database_id": table.database,
        },
        "properties": {
            name: value(book, prop, row.values[prop.id]) for name, prop in table.properties.items()
        },
    }  # fmt: skip


def items(book: Book, prop: Property, raw: Any) -> list[dict[str, Any]]:
    """Return what the endpoint for one property lists of a long value."""
    rows: list[Any]
    match prop.type:
        case "relation":
            rows = [{"id": key} for key in raw if not book.pages[key].is_trashed]
        case "people":
            rows = [user(book, key) for key in raw]
        case _:
            rows = text(raw)
    whole = {"object": "property_item", "id": prop.id, "type": prop.type}
    return [{**whole, prop.type: row} for row in rows]


def source(book: Book, table: Table) -> dict[str, Any]:
    someone = {"object": "user", "id": book.users["dana"]["id"]}
    when = "2026-01-01T08:00:00.000Z"
    return {
        "object": "data_source", "id": table.id, "title": text(table.title), "description": [],
        "parent": {"type": "database_id", "database_id": table.database},
        "database_parent": {"type": "workspace", "workspace": True}, "is_inline": False,
        "in_trash": False, "archived": False, "created_time": when, "last_edited_time": when,
        "created_by": someone, "last_edited_by": someone, "icon": None, "cover": None,
        "url": f"https://www.notion.so/{table.database.replace('-', '')}", "public_url": None,
        "properties": {
            name: {"id": prop.id, "name": name, "description": None, "type": prop.type,
                   prop.type: _config(book, table, prop)}
            for name, prop in table.properties.items()
        },
    }  # fmt: skip


def base(table: Table, more: list[Table]) -> dict[str, Any]:
    when = "2026-01-01T08:00:00.000Z"
    return {
        "object": "database", "id": table.database, "title": text(table.title), "description": [],
        "parent": {"type": "workspace", "workspace": True}, "is_inline": False, "in_trash": False,
        "archived": False, "is_locked": False, "created_time": when, "last_edited_time": when,
        "data_sources": [{"id": each.id, "name": each.title} for each in (table, *more)],
        "icon": None, "cover": None, "public_url": None,
        "url": f"https://www.notion.so/{table.database.replace('-', '')}",
    }  # fmt: skip


def _config(book: Book, table: Table, prop: Property) -> dict[str, Any]:
    options = [{**(option(name) or {}), "description": None} for name, _ in prop.options]
    match prop.type:
        case "status":
            groups = [
                {"id": f"grp-{at}", "name": name, "color": COLOR,
                 "option_ids": [f"opt-{each.lower()}" for each, group in prop.options
                                if group == at]}
                for at, name in enumerate(_GROUPS)
            ]  # fmt: skip
            return {"options": options, "groups": groups}
        case "select" | "multi_select":
            return {"options": options}
        case "number":
            return {"format": "number"}
        case "relation":
            target = book.table(prop.target)
            assert target is not None
            ids = {"data_source_id": target.id, "database_id": target.database}
            if not prop.pair:
                return {**ids, "type": "single_property", "single_property": {}}
            other = table.find(prop.pair)
            assert other is not None
            dual = {"synced_property_id": prop.pair, "synced_property_name": other[0]}
            return {**ids, "type": "dual_property", "dual_property": dual}
        case _:
            return {}
