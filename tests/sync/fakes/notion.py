"""Notion as it is when nobody is looking: two databases, moments to the minute, 25 of a kind."""

import os
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Self

from orchestrator.sync.remote import Tie
from tests.sync.fakes.notion_api import Api, failure
from tests.sync.fakes.notion_markdown import rewritten
from tests.sync.fakes.notion_rows import Page, Property, book
from tests.sync.fakes.server import Reply, Seen, Server
from tests.sync.fakes.tracker import PEOPLE, Clock

_STATUSES = {
    "todo": "Not started", "in_progress": "In progress", "blocked": "Blocked",
    "in_review": "In review", "completed": "Done", "cancelled": "Cancelled",
}  # fmt: skip
_STAGES = {
    "planned": "Planned", "active": "Active", "on_hold": "On hold", "completed": "Completed",
    "cancelled": "Cancelled",
}  # fmt: skip
_COLUMNS = {
    "title": "Name", "status": "Status", "priority": "Priority", "assignee": "Assignee",
    "owner": "Owner", "labels": "Labels", "tags": "Tags", "start_date": "Start",
    "due_date": "Due", "estimated_minutes": "Estimate (min)", "actual_minutes": "Actual (min)",
    "parent": "Parent item", "dependencies": "Blocked by", "project": "Project",
    "description": "Description",
}  # fmt: skip


class Notion:
    """A workspace with a database `Tasks` and a database `Projects`.

    Attributes:
        api: What answers, with its knobs.
        has_budget: Whether more than `budget` requests a minute are refused.
        has_date: Whether answers say when they were sent.
    """

    kind = "notion"

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.server = Server(self._answer)
        vendor = os.environ.get("ORCHESTRATOR_VENDOR_SCHEMAS")
        schema = Path(vendor) / "notion" / "notion-derived.schema.json" if vendor else None
        self.book = book()
        self.api = Api(self.book, self.clock, schema)
        self.has_budget = True
        self.budget = 180
        self.has_date = True
        self._recent: deque[float] = deque()

    @contextmanager
    def running(self) -> Iterator[Self]:
        with self.server.running():
            yield self

    @property
    def tasks(self) -> Any:
        return self.book.tables["tasks"]

    @property
    def projects(self) -> Any:
        return self.book.tables["projects"]

    def describe_in_bodies(self) -> None:
        """Take the property for descriptions away, so that the bodies of pages are they."""
        for table in self.book.tables.values():
            del table.properties["Description"]

    def settings(self) -> dict[str, Any]:
        return {
            "kind": "notion", "token": "env:TRACKER_TOKEN", "url": f"{self.server.url}/v1",
            "scope": {"database": self.tasks.database, "projects": self.projects.database},
        }  # fmt: skip

    def tie(self, **changes: Any) -> Tie:
        return Tie(**{"name": "notion-eng", **self.settings(), "people": PEOPLE, **changes})

    # What somebody does in the application.

    def add(self, kind: str, fields: Mapping[str, Any]) -> str:
        with self.server.lock:
            page = self.book.add(self.book.tables[kind], self.clock.now())
            self.edit(kind, page.id, fields)
            return page.id

    def edit(self, kind: str, key: str, fields: Mapping[str, Any]) -> None:
        with self.server.lock:
            page = self.book.pages[key]
            # Start alone is nothing in a property for both.
            for name, value in sorted(fields.items(), key=lambda each: each[0] == "start_date"):
                self._set(kind, page, name, value)
            self.api.touch(page)

    def remove(self, kind: str, key: str) -> None:
        with self.server.lock:
            page = self.book.pages[key]
            assert page.table == self.book.tables[kind].id
            page.is_trashed = True
            self.api.touch(page)

    def items(self, kind: str) -> dict[str, dict[str, Any]]:
        with self.server.lock:
            table = self.book.tables[kind].id
            return {
                page.id: self._terms(kind, page)
                for page in self.book.pages.values()
                if page.table == table and not page.is_trashed
            }

    def limited(self) -> Reply:
        reply = failure(429, "You have been rate limited. Please try again in a few minutes.")
        body = {**reply.body, "additional_data": {"rate_limit_reason": "connection_limit"}}
        return Reply(429, body, {"Retry-After": "1"})

    def least(self, *, listed: int, changed: int = 0, made: int = 0) -> int:
        """The pages of both databases, a request for each write, and for each body to read."""
        size = min(100, self.api.page_size)
        projects = len(self.items("projects"))
        pages = max(1, -(-listed // size)) + max(1, -(-projects // size))
        bodies = 0 if "Description" in self.tasks.properties else listed
        return pages + bodies + changed + made

    # The rows in the workspace's words, both ways.

    def _set(self, kind: str, page: Page, name: str, value: Any) -> None:
        table = self.book.tables[kind]
        if name == "description" and "Description" not in table.properties:
            page.body = rewritten(value or "")
            return
        if kind == "projects" and name in {"start_date", "due_date"}:
            self._set_dates(page, name, value)
            return
        prop: Property = table.properties[_COLUMNS[name]]
        words = _STAGES if kind == "projects" else _STATUSES
        match name:
            case "status":
                value = words.get(value, value)
            case "priority":
                value = value and value.capitalize()
            case "assignee" | "owner":
                value = [self.book.users[value]["id"]] if value else []
            case "start_date" | "due_date":
                value = value and {"start": value}
            case "parent" | "project":
                self.book.relate(page, prop, [value] if value else [])
                return
            case "dependencies":
                self.book.relate(page, prop, list(value))
                return
            case "labels" | "tags":
                value = list(value)
            case "description":
                value = value or ""
            case _:
                pass
        page.values[prop.id] = value

    def _set_dates(self, page: Page, name: str, value: str | None) -> None:
        have = self._terms("projects", page)
        both = {each: have[each] for each in ("start_date", "due_date")} | {name: value}
        start, due = both["start_date"], both["due_date"]
        found = {"start": start, "end": due} if start and due else due and {"start": due}
        page.values["pDat"] = found

    def _terms(self, kind: str, page: Page) -> dict[str, Any]:
        table = self.book.tables[kind]
        people = {user["id"]: who for who, user in self.book.users.items()}
        words = {
            there: ours for ours, there in (_STAGES if kind == "projects" else _STATUSES).items()
        }
        found: dict[str, Any] = {"description": page.body}
        for name, column in _COLUMNS.items():
            if column not in table.properties:
                continue
            value = page.values[table.properties[column].id]
            match name:
                case "status":
                    value = words.get(value, value)
                case "priority":
                    value = value and value.lower()
                case "assignee" | "owner":
                    value = people[value[0]] if value else None
                case "start_date" | "due_date":
                    value = value and value["start"][:10]
                case "parent" | "project":
                    value = value[0] if value else None
                case "labels" | "tags" | "dependencies":
                    value = sorted(value)
                case _:
                    pass
            found[name] = value
        if kind == "projects":
            dates = page.values["pDat"] or {}
            start, end = dates.get("start"), dates.get("end")
            found |= {"start_date": start if end else None, "due_date": end or start}
        return found

    def _answer(self, request: Seen) -> Reply:
        reply = self.limited() if self._is_beyond_budget() else self.api.answer(request)
        now = self.clock.now().astimezone(UTC)
        date = {"Date": format_datetime(now, usegmt=True) if self.has_date else ""}
        return Reply(reply.status, reply.body, {**date, **reply.headers})

    def _is_beyond_budget(self) -> bool:
        now = self.clock.now().timestamp()
        while self._recent and self._recent[0] <= now - 60:
            self._recent.popleft()
        self._recent.append(now)
        return self.has_budget and len(self._recent) > self.budget
