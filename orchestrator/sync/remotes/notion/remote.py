"""Databases of Notion: the pages of one are tasks, those of another one projects."""

from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Final, Self

from orchestrator.sync.errors import GoneError, InvalidError, NotFoundError
from orchestrator.sync.item import Foreign, Item, Kind, Listing, Wanted
from orchestrator.sync.remote import Capabilities, Known, Progress, Survey, Tie, World
from orchestrator.sync.remotes.notion import bodies, description, learning, listing, mapping
from orchestrator.sync.remotes.notion.client import client_of, place, shaped
from orchestrator.sync.remotes.notion.columns import setting_of
from orchestrator.sync.remotes.notion.description import Read
from orchestrator.sync.remotes.notion.ids import key_of
from orchestrator.sync.remotes.notion.table import Table

_SHOWN: Final = 25
"""So many related pages, people or pieces of text a page shows at most."""

_OFTEN: Final = 50
_SURE: Final = ("title", "external_id")
"""Properties that are found by their type, or refused when they are missing."""


class Notion:
    """The databases of one integration.

    Attributes:
        tie: The integration.
        tables: By kind; known after `greet`.
    """

    def __init__(self, tie: Tie, token: str, world: World) -> None:
        self.tie = tie
        self.tables: dict[Kind, Table] = {}
        self._client = client_of(tie, token, world)
        self._made: dict[str, str] = {}

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far."""
        return self._client.http.sent

    def __enter__(self) -> Self:
        """Open the connections."""
        self._client.http.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        self._client.http.__exit__(kind, error, trace)

    def greet(self) -> Capabilities:
        """Check token and databases, and learn their properties, options and accounts."""
        self.tables, notes = learning.learn(self._client, self.tie)
        return learning.capabilities(self.tables, notes)

    def survey(self) -> Survey:
        """Return the databases that the connection sees, and what the chosen one has."""
        return learning.survey(self._client, self.tie)

    def fetch(self, since: str | None, known: Known) -> Listing:
        """Return the pages that changed since a watermark, or all of them."""
        self._client.dates.clear()
        moment = listing.moment_of(since)
        is_whole = True
        items: list[Item] = []
        rows: list[Mapping[str, Any]] = []
        warnings: list[str] = []
        for kind in ("projects", "tasks"):
            if kind not in self.tables:
                continue
            table = self.tables[kind]
            found = listing.read(self._client, table, moment)
            if not found.is_complete:
                is_whole = False
                warnings.append(
                    f"Notion did not show all pages of {table.title}: "
                    "more changed within one minute than it lists."
                )
            rows += found.rows.values()
        columns, told = self._columns(since)
        mark = listing.watermark(self._client.dates, rows, since, columns) if is_whole else since
        for at, row in enumerate(rows, start=1):
            item = self._listed(row, known)
            if item is not None:
                items.append(item)
            if at % _OFTEN == 0:
                # Bodies and long relations take a request each.
                self._client.http.world.progress(Progress("reading pages", at, len(rows)))
        items.sort(key=lambda item: item.kind == "tasks")
        return Listing(tuple(items), is_whole and since is None, mark, (*warnings, *told))

    def look(self, kind: Kind, key: str, kept: Mapping[str, Any]) -> Item | None:
        """Return a page as it is now, in the trash too; None where it is not in the database."""
        if kind not in self.tables:
            return None
        try:
            row = shaped(self._client.get(place("pages", key)), "page", "id", "properties")
        except NotFoundError:
            return None
        return self._item(kind, row, kept) if self._kind_of(row) == kind else None

    def find(self, wanted: Wanted) -> Item | None:
        """Return the page that carries the id of an earlier create."""
        if wanted.token in self._made:
            found = self.look(wanted.kind, self._made[wanted.token], {})
            return found if found and found.state != "trashed" else None
        table = self._table(wanted.kind)
        if "external_id" not in table.columns:
            return None
        for row in listing.find(self._client, table, wanted.id):
            item = self._item(wanted.kind, row, {})
            if item.external == wanted.id and item.state != "trashed":
                return item
        return None

    def create(self, wanted: Wanted) -> Item:
        """Make a page with everything that it can hold."""
        if wanted.token in self._made:
            found = self.find(wanted)
            if found is not None:
                return found
        table = self._table(wanted.kind)
        fields = {"title": wanted.id, **_told(wanted.fields), "external_id": wanted.id}
        body: dict[str, Any] = {
            "parent": {"type": "data_source_id", "data_source_id": table.id},
            "properties": mapping.properties(table, None, fields),
        }
        text = description.normal(fields.get("description")) if table.has_body else ""
        if text:
            body["markdown"] = description.to_notion(text)
        row = shaped(self._client.make("/pages", body), "page", "id", "properties")
        self._made[wanted.token] = key_of(row["id"])
        if not table.has_body:
            return self._item(wanted.kind, row, {})
        told = bodies.read(self._client, row, {}, text) if text else bodies.EMPTY
        return self._item(wanted.kind, row, {}, told)

    def update(self, current: Item, changes: Mapping[str, Any]) -> Item:
        """Change properties with one request, and the body of the page with another one."""
        if current.state == "trashed":
            raise GoneError(
                f"The page {current.name or current.key} is in Notion's trash.",
                "Restore it there, or delete it here as well.",
            )
        table = self._table(current.kind)
        told = _told(changes)
        sent = mapping.properties(table, current, told)
        body = bodies.remembered(current)
        if table.has_body and "description" in told:
            body = bodies.write(self._client, current, told["description"])
            if not sent:
                fields = {**current.fields, "description": body.text}
                return replace(current, fields=fields, kept={**current.kept, "body": body.kept})
        path = place("pages", current.key)
        row = self._client.patch(path, {"properties": sent}) if sent else self._client.get(path)
        return self._item(current.kind, row, current.kept, body)

    def delete(self, current: Item) -> None:
        """Put it into the trash, where Notion keeps it for 30 days."""
        try:
            self._client.patch(place("pages", current.key), {"in_trash": True})
        except NotFoundError:
            return

    def represent(self, kind: Kind, name: str, value: Any) -> Any:
        """Return what reading would give after writing `value` to a field."""
        return mapping.represent(self._table(kind), name, value)

    def _table(self, kind: Kind) -> Table:
        if kind not in self.tables:
            raise InvalidError(
                f"The integration {self.tie.name} names no database for {kind}.",
                f"Name one in scope.{kind}.",
            )
        return self.tables[kind]

    def _kind_of(self, row: Mapping[str, Any]) -> Kind | None:
        parent = row.get("parent")
        parent = parent if isinstance(parent, Mapping) else {}
        ids = {key_of(parent[name]) for name in ("data_source_id", "database_id") if name in parent}
        for kind, table in self.tables.items():
            if table.id in ids or (table.database in ids and "data_source_id" not in parent):
                return kind
        return None

    def _listed(self, row: Mapping[str, Any], known: Known) -> Item | None:
        kind = self._kind_of(row)
        if kind is None:
            return None
        kept = known.get((kind, key_of(row["id"])), {})
        if str(row["last_edited_time"]) < str(kept.get("edited", "")):
            # Notion's lists are late: this is older than what a page was last seen as.
            return self.look(kind, key_of(row["id"]), kept)
        return self._item(kind, row, kept)

    def _item(
        self, kind: Kind, row: Mapping[str, Any], kept: Mapping[str, Any], body: Read | None = None
    ) -> Item:
        table = self._table(kind)
        row = shaped(row, "page", "id", "last_edited_time", "properties")
        whole = {
            name: self._all(row, prop)
            for name, prop in mapping.properties_of(table, row).items()
            if prop["type"] in mapping.LONG and _is_cut(prop)
        }
        if body is None and table.has_body:
            body = bodies.read(self._client, row, kept)
        return mapping.item(table, row, whole, body)

    def _all(self, row: Mapping[str, Any], prop: Mapping[str, Any]) -> list[Any]:
        """Read the whole of a value of which a page shows only a part."""
        path = place("pages", row["id"], "properties", str(prop["id"]))
        return [entry.get(prop["type"]) for entry in self._client.rows(path, "values", {})]

    def _columns(self, since: str | None) -> tuple[dict[tuple[str, str], str], list[str]]:
        """Return the properties that were found by their names, and those that then were.

        One that was synced last time and has another name now is said, for the settings to name.
        """
        found = {
            (str(kind), name): column.id
            for kind, table in self.tables.items()
            for name, column in table.columns.items()
            if name not in _SURE and setting_of(kind, name) not in self.tie.scope
        }
        told = []
        for (kind, name), id_ in listing.columns_then(since).items():
            table = next((each for each in self.tables.values() if each.kind == kind), None)
            if table is None or name in table.columns or id_ not in table.names:
                continue
            setting = setting_of(table.kind, name)
            if setting not in self.tie.scope:
                found[kind, name] = id_
                told.append(
                    f"The property for {name} is called {table.names[id_]} in Notion now, and is "
                    f"not synced: write {setting}: {table.names[id_]} into the scope of "
                    f"{self.tie.name} ."
                )
        return found, told


def _is_cut(prop: Mapping[str, Any]) -> bool:
    shown = prop.get(prop["type"])
    return bool(prop.get("has_more")) or (isinstance(shown, list) and len(shown) >= _SHOWN)


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if not isinstance(value, Foreign)}
