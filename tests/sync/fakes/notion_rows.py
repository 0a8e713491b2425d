"""What a Notion workspace holds: two databases, their properties, pages and people."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.sync.fakes.tracker import PEOPLE


class Property(NamedTuple):
    """A column: its id stays when it is renamed. `options` by group for a status."""

    id: str
    type: str
    options: tuple[tuple[str, int], ...] = ()
    target: str = ""
    pair: str = ""


@dataclass
class Page:
    """A row of a database; `values` by the ids of its properties."""

    id: str
    table: str
    created: datetime
    edited: datetime
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    is_trashed: bool = False
    is_archived: bool = False
    has_subpage: bool = False
    unknown_blocks: list[str] = field(default_factory=list)


@dataclass
class Table:
    """A database with one data source."""

    id: str
    database: str
    title: str
    properties: dict[str, Property]

    def find(self, name: str) -> tuple[str, Property] | None:
        """Return a property by its name or its id."""
        for each, prop in self.properties.items():
            if name in {each, prop.id}:
                return each, prop
        return None


STATUSES = (
    ("Not started", 0), ("Blocked", 1), ("In progress", 1), ("In review", 1), ("Doing", 1),
    ("Done", 2), ("Cancelled", 2), ("Shipped", 2),
)  # fmt: skip
STAGES = (("Planned", 0), ("Active", 1), ("On hold", 1), ("Completed", 2), ("Cancelled", 2))
PRIORITIES = (("Low", 0), ("Medium", 0), ("High", 0))
EMPTY: Mapping[str, Any] = {
    "title": "", "rich_text": "", "status": None, "select": None, "multi_select": [],
    "people": [], "date": None, "number": None, "relation": [], "checkbox": False,
}  # fmt: skip
COLOR = "default"


@dataclass
class Book:
    """Everything in the workspace."""

    tables: dict[str, Table] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: Any = field(default_factory=lambda: itertools.count(1))

    def new_id(self) -> str:
        number = next(self.ids)
        return f"2b5c{number:04x}-7d1e-8{number % 4096:03x}-9f0a-{number * 7919:012x}"

    def table(self, key: str) -> Table | None:
        return next((each for each in self.tables.values() if each.id == key), None)

    def add(self, table: Table, now: datetime) -> Page:
        minute = now.astimezone(UTC).replace(second=0, microsecond=0)
        number = sum(page.table == table.id for page in self.pages.values()) + 1
        page = Page(self.new_id(), table.id, minute, minute, number)
        for prop in table.properties.values():
            value = EMPTY.get(prop.type)
            page.values[prop.id] = list(value) if isinstance(value, list) else value
            if prop.type == "status":
                page.values[prop.id] = prop.options[0][0]
        self.pages[page.id] = page
        return page

    def relate(self, page: Page, prop: Property, keys: list[str]) -> None:
        """Set a relation, and its other side with it."""
        before = page.values[prop.id]
        page.values[prop.id] = list(keys)
        if not prop.pair:
            return
        for key in set(before) - set(keys):
            other = self.pages[key].values[prop.pair]
            if page.id in other:
                other.remove(page.id)
        for key in keys:
            other = self.pages[key].values[prop.pair]
            if page.id not in other:
                other.append(page.id)


def book() -> Book:
    """Return a workspace with a database of tasks, one of projects, and three people."""
    found = Book()
    for who, (mail, _) in PEOPLE.items():
        found.users[who] = _person(found.new_id(), who.capitalize(), mail)
    found.users["stranger"] = _person(found.new_id(), "stranger", "who@else.example")
    tasks, projects = found.new_id(), found.new_id()
    found.tables["projects"] = Table(
        projects, found.new_id(), "Projects",
        {
            "Name": Property("title", "title"),
            "Status": Property("p%3Ast", "status", STAGES),
            "Priority": Property("pPri", "select", PRIORITIES),
            "Tags": Property("pTag", "multi_select"),
            "Owner": Property("pOwn", "people"),
            "Dates": Property("pDat", "date"),
            "Description": Property("pTxt", "rich_text"),
            "External ID": Property("pExt", "rich_text"),
        },
    )  # fmt: skip
    found.tables["tasks"] = Table(
        tasks, found.new_id(), "Tasks",
        {
            "Name": Property("title", "title"),
            "Status": Property("%3Ast", "status", STATUSES),
            "Priority": Property("prio", "select", PRIORITIES),
            "Assignee": Property("who%7B", "people"),
            "Labels": Property("labl", "multi_select"),
            "Start": Property("strt", "date"),
            "Due": Property("due%5D", "date"),
            "Estimate (min)": Property("esti", "number"),
            "Actual (min)": Property("actu", "number"),
            "Parent item": Property("prnt", "relation", target=tasks, pair="subs"),
            "Sub-item": Property("subs", "relation", target=tasks, pair="prnt"),
            "Blocked by": Property("b%3Aby", "relation", target=tasks, pair="blks"),
            "Blocking": Property("blks", "relation", target=tasks, pair="b%3Aby"),
            "Project": Property("proj", "relation", target=projects),
            "Description": Property("text", "rich_text"),
            "External ID": Property("exid", "rich_text"),
            "Reviewed": Property("chck", "checkbox"),
        },
    )  # fmt: skip
    return found


def _person(key: str, name: str, email: str) -> dict[str, Any]:
    return {
        "object": "user", "id": key, "name": name, "avatar_url": None, "type": "person",
        "person": {"email": email},
    }  # fmt: skip


def moment(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:00.000Z")
