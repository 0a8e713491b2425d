"""What Notion's API does with a request, errors and oddities included."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.sync.fakes import notion_shown as shown
from tests.sync.fakes.notion_markdown import rewritten
from tests.sync.fakes.notion_rows import Book, Page, Table
from tests.sync.fakes.notion_schema import refusal
from tests.sync.fakes.notion_writes import RefusedError, write
from tests.sync.fakes.server import Reply, Seen
from tests.sync.fakes.tracker import TOKEN, Clock

VERSIONS = ("2025-09-03",)
_CODES = {
    400: "validation_error", 401: "unauthorized", 403: "restricted_resource",
    404: "object_not_found", 409: "conflict_error", 429: "rate_limited",
}  # fmt: skip


class Api:
    """The API over a workspace.

    Attributes:
        page_size: The most that a page of a list has.
        most: The most that a question shows altogether.
        lag: Seconds that questions are behind what was written.
        may: The capabilities of the connection.
        more_sources: Further data sources, by the title of a database.
        schema: The vendor's, when there is one.
    """

    def __init__(self, book: Book, clock: Clock, schema: Path | None) -> None:
        self.book, self.clock, self.schema = book, clock, schema
        self.page_size = 100
        self.most = 10_000
        self.lag = 0.0
        self.may = {"read", "update", "insert", "users"}
        self.more_sources: dict[str, list[Table]] = {}
        self.history: dict[str, list[tuple[datetime, Page]]] = {}

    def answer(self, request: Seen) -> Reply:
        try:
            return Reply(200, self._answer(request))
        except RefusedError as error:
            return failure(error.status, str(error), error.code)

    def touch(self, page: Page) -> None:
        """Note that a page changed: to the minute, as Notion does."""
        page.edited = self.clock.now().astimezone(UTC).replace(second=0, microsecond=0)
        self.note(page)

    def note(self, page: Page) -> None:
        self.history.setdefault(page.id, []).append((self.clock.now(), deepcopy(page)))

    def _answer(self, request: Seen) -> Any:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise RefusedError(401, "API token is invalid.")
        if request.headers.get("notion-version") not in VERSIONS:
            message = "Notion-Version header failed validation"
            raise RefusedError(400, message, "missing_version")
        body = self._body(request)
        if self.schema is not None and (why := refusal(self.schema, request)):
            raise RefusedError(400, why)
        parts = [unquote(part) for part in request.path.strip("/").split("/")]
        match (request.method, parts):
            case ("GET", ["v1", "users", "me"]):
                return self._me()
            case ("GET", ["v1", "users"]):
                self._needs("users")
                rows = [*self.book.users.values(), self._me()]
                asked = {"start_cursor": request.get("start_cursor"),
                         "page_size": request.get("page_size")}  # fmt: skip
                return self._list(asked, rows, "user", lambda row: row)
            case ("POST", ["v1", "search"]):
                return self._search(body)
            case ("GET", ["v1", "databases", key]):
                table = self._table(key, lambda table: table.database, "database")
                return shown.base(table, self.more_sources.get(table.title, []))
            case (method, ["v1", "data_sources", key, *rest]):
                table = self._table(key, lambda table: table.id, "data source")
                return self._source(method, table, rest, body)
            case ("POST", ["v1", "pages"]):
                return self._create(body)
            case (method, ["v1", "pages", key, *rest]):
                return self._page(request, method, self._row(key), rest, body)
            case _:
                raise RefusedError(400, "Invalid request URL.", "invalid_request_url")

    def _body(self, request: Seen) -> Any:
        try:
            found = request.json if request.body else {}
        except json.JSONDecodeError:
            raise RefusedError(400, "Error parsing JSON body.", "invalid_json") from None
        if len(request.body) > 500_000:
            raise RefusedError(400, "body exceeds the maximum size of 500KB")
        return found

    def _source(self, method: str, table: Table, rest: list[str], body: Any) -> Any:
        match (method, rest):
            case ("GET", []):
                return shown.source(self.book, table)
            case ("POST", ["query"]):
                self._needs("read")
                return self._query(table, body)
            case _:
                raise RefusedError(400, "Invalid request URL.", "invalid_request_url")

    def _page(self, request: Seen, method: str, row: Page, rest: list[str], body: Any) -> Any:
        match (method, rest):
            case ("GET", []):
                self._needs("read")
                return shown.page(self.book, row)
            case ("PATCH", []):
                self._needs("update")
                return self._update(row, body)
            case ("GET", ["markdown"]):
                return self._markdown(row)
            case ("PATCH", ["markdown"]):
                self._needs("update")
                return self._replace(row, body)
            case ("GET", ["properties", id_]):
                return self._property(request, row, id_)
            case _:
                raise RefusedError(400, "Invalid request URL.", "invalid_request_url")

    def _create(self, body: dict[str, Any]) -> Any:
        self._needs("insert")
        key = body.get("parent", {}).get("data_source_id", "")
        table = self._table(key, lambda table: table.id, "data source")
        row = self.book.add(table, self.clock.now())
        try:
            write(self.book, table, row, body.get("properties", {}))
        except RefusedError:
            del self.book.pages[row.id]
            raise
        row.body = rewritten(body.get("markdown", ""))
        self.note(row)
        return shown.page(self.book, row)

    def _update(self, row: Page, body: dict[str, Any]) -> Any:
        extra = set(body) - {"properties", "in_trash", "archived", "is_archived", "is_locked"}
        if extra:
            raise RefusedError(400, f"body failed validation: body.{min(extra)} should be absent")
        if row.is_trashed and body.get("in_trash") is not False:
            message = "Can't edit block that is archived. You must unarchive the block before"
            raise RefusedError(400, f"{message} editing.")
        table = self.book.table(row.table)
        assert table is not None
        write(self.book, table, row, body.get("properties", {}))
        row.is_trashed = body.get("in_trash", row.is_trashed)
        self.touch(row)
        return shown.page(self.book, row)

    def _markdown(self, row: Page) -> Any:
        return {
            "object": "page_markdown", "id": row.id, "markdown": row.body, "truncated": False,
            "unknown_block_ids": row.unknown_blocks,
        }  # fmt: skip

    def _replace(self, row: Page, body: dict[str, Any]) -> Any:
        """Only content: the page's moment does not move, as it may not in the real one."""
        new = body.get("replace_content", {})
        if body.get("type") != "replace_content" or "new_str" not in new:
            raise RefusedError(400, "body failed validation: body.replace_content is missing")
        if row.has_subpage and not new.get("allow_deleting_content"):
            raise RefusedError(400, "This would delete 1 child page. Set allow_deleting_content.")
        row.body = rewritten(new["new_str"])
        self.note(row)
        return self._markdown(row)

    def _property(self, request: Seen, row: Page, id_: str) -> Any:
        table = self.book.table(row.table)
        assert table is not None
        found = next((each for each in table.properties.values() if unquote(each.id) == id_), None)
        if found is None:
            raise RefusedError(404, f"Could not find property with ID: {id_}.")
        if found.type not in {"relation", "people", "title", "rich_text"}:
            value = shown.value(self.book, found, row.values[found.id])
            return {"object": "property_item", **value}
        asked = {"start_cursor": request.get("start_cursor"), "page_size": request.get("page_size")}
        rows = shown.items(self.book, found, row.values[found.id])
        listed = self._list(asked, rows, "property_item", lambda each: each)
        item: dict[str, Any] = {
            "id": found.id,
            "type": found.type,
            found.type: {},
            "next_url": None,
        }
        return {**listed, "property_item": item}

    def _query(self, table: Table, body: dict[str, Any]) -> Any:
        wanted = bool(body.get("in_trash"))
        seen = [page for page in map(self._as_indexed, self.book.pages.values()) if page]
        rows = [
            page
            for page in seen
            if page.table == table.id
            and page.is_trashed is wanted
            and fits(table, page, body.get("filter"))
        ]
        for sort in reversed(body.get("sorts", [])):
            name = {"created_time": "created", "last_edited_time": "edited"}[sort["timestamp"]]
            rows.sort(key=lambda page: getattr(page, name), reverse=sort["direction"][0] == "d")
        is_cut = len(rows) > self.most
        rows = rows[: self.most]
        listed = self._list(
            body, rows, "page_or_data_source", lambda row: shown.page(self.book, row)
        )
        status: dict[str, Any] = {"type": "complete"}
        if is_cut and not listed["has_more"]:
            status = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
        return {**listed, "request_status": status}

    def _as_indexed(self, page: Page) -> Page | None:
        """The page as questions see it: as it was a while ago."""
        if not self.lag:
            return page
        then = self.clock.now() - timedelta(seconds=self.lag)
        versions = [each for when, each in self.history.get(page.id, []) if when <= then]
        return versions[-1] if versions else None

    def _search(self, body: dict[str, Any]) -> Any:
        if body.get("filter", {}).get("value") != "data_source":
            raise RefusedError(400, "The fake only searches for data sources.")
        rows = list(self.book.tables.values())
        return self._list(
            body, rows, "page_or_data_source", lambda table: shown.source(self.book, table)
        )

    def _list(
        self, asked: Mapping[str, Any], rows: list[Any], type_: str, show: Callable[[Any], Any]
    ) -> dict[str, Any]:
        size = int(asked.get("page_size") or 100)
        if not 1 <= size <= 100:
            raise RefusedError(400, "body.page_size should be ≤ `100`")
        size = min(size, self.page_size)
        start = self._start(rows, asked.get("start_cursor"))
        after = rows[start + size] if start + size < len(rows) else None
        cursor = None if after is None else _cursor(after, start + size)
        return {
            "object": "list", "results": [show(row) for row in rows[start : start + size]],
            "has_more": after is not None, "next_cursor": cursor, "type": type_, type_: {},
        }  # fmt: skip

    def _start(self, rows: list[Any], cursor: Any) -> int:
        if not cursor:
            return 0
        places = [at for at, row in enumerate(rows) if _cursor(row, at) == cursor]
        if not places:
            raise RefusedError(400, f"start_cursor is invalid: {cursor}")
        return places[0]

    def _me(self) -> dict[str, Any]:
        return {
            "object": "user", "id": "2b5c0000-0000-8000-9000-0000000000b0", "name": "Planner",
            "avatar_url": None, "type": "bot",
            "bot": {
                "owner": {"type": "workspace", "workspace": True}, "workspace_name": "Acme",
                "workspace_id": "2b5c0000-0000-8000-9000-0000000000a0",
                "workspace_limits": {"max_file_upload_size_in_bytes": 5_242_880},
            },
        }  # fmt: skip

    def _needs(self, capability: str) -> None:
        if capability not in self.may:
            raise RefusedError(403, "Insufficient permissions for this endpoint.")

    def _table(self, key: str, id_of: Callable[[Table], str], what: str) -> Table:
        wanted = key.replace("-", "").lower()
        more = [each for tables in self.more_sources.values() for each in tables]
        for table in (*self.book.tables.values(), *more):
            if id_of(table).replace("-", "") == wanted:
                return table
        raise _missing(what, key)

    def _row(self, key: str) -> Page:
        wanted = key.replace("-", "").lower()
        for row in self.book.pages.values():
            if row.id.replace("-", "") == wanted:
                return row
        raise _missing("page", key)


def fits(table: Table, page: Page, condition: Any) -> bool:
    """Return whether a page is what a filter asks for."""
    if condition is None:
        return True
    if "and" in condition:
        return all(fits(table, page, each) for each in condition["and"])
    if "or" in condition:
        return any(fits(table, page, each) for each in condition["or"])
    if "timestamp" in condition:
        name = condition["timestamp"]
        have = page.created if name == "created_time" else page.edited
        [(word, text)] = condition[name].items()
        bound = datetime.fromisoformat(text)
        return bool({"on_or_after": have >= bound, "on_or_before": have <= bound}[word])
    found = table.find(condition["property"])
    if found is None:
        raise RefusedError(400, f"Could not find property with name or id: {condition['property']}")
    [(word, text)] = condition[found[1].type].items()
    content = page.values[found[1].id] or ""
    return bool({"equals": content == text, "contains": text in content}[word])


def failure(status: int, message: str, code: str | None = None) -> Reply:
    body = {"object": "error", "status": status, "code": code or _CODES[status],
            "message": message, "request_id": "d1f1f1a0-0000-4000-8000-000000000001"}  # fmt: skip
    return Reply(status, body)


def _cursor(row: Any, at: int) -> str:
    return str(row.id) if isinstance(row, Page | Table) else f"at-{at}"


def _missing(what: str, key: str) -> RefusedError:
    return RefusedError(
        404,
        f"Could not find {what} with ID: {key}. Make sure the relevant pages and databases are "
        'shared with your integration "Planner".',
    )
