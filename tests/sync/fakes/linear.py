"""Linear, in memory: its GraphQL over rows, as strict and as odd as the real one."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from orchestrator.sync.remote import Tie
from tests.sync.fakes.linear_api import Api
from tests.sync.fakes.linear_book import Book
from tests.sync.fakes.linear_graphql import Row, refused, vendor_schema
from tests.sync.fakes.server import Reply, Seen, Server
from tests.sync.fakes.tracker import PEOPLE, TOKEN, Clock

OWN = Path(__file__).parent / "linear.graphql"
_HOUR = 3600
_STATES = {
    "todo": "Todo", "in_progress": "In Progress", "blocked": "In Progress",
    "in_review": "In Review", "completed": "Done", "cancelled": "Canceled",
}  # fmt: skip
_STAGES = {
    "planned": "Planned", "active": "In Progress", "on_hold": "On Ice",
    "completed": "Completed", "cancelled": "Canceled",
}  # fmt: skip
_PRIORITIES = {None: 0, "urgent": 1, "high": 2, "medium": 3, "low": 4}
_COLUMNS = {
    "tasks": {
        "title": "title", "description": "description", "due_date": "dueDate",
        "parent": "parentId", "project": "projectId",
    },
    "projects": {
        "title": "name", "description": "content", "start_date": "startDate",
        "due_date": "targetDate",
    },
}  # fmt: skip


class Linear:
    """A workspace with the teams ENG and OPS; ENG is the one that is mirrored.

    Requests are judged by `schema`: the vendor's where that is at hand, else the one beside this
    file. `fast` is how far the clock of its web servers is ahead of that of its rows.
    """

    kind = "linear"

    def __init__(self, clock: Clock | None = None, schema: Path | None = None) -> None:
        self.clock = clock or Clock()
        self.book = Book(self.clock)
        self.server = Server(self.answer)
        self.api = Api(self.book, schema or vendor_schema("linear.trimmed.graphql") or OWN)
        self.hourly = 5000
        self.fast = timedelta()
        self.hour = (0.0, 0)

    @property
    def page(self) -> int | None:
        """Rows that a page holds at most; None for Linear's own 250."""
        return self.api.page

    @page.setter
    def page(self, rows: int | None) -> None:
        self.api.page = rows

    @contextmanager
    def running(self) -> Iterator["Linear"]:
        with self.server.running():
            yield self

    def settings(self) -> dict[str, Any]:
        return {
            "kind": "linear", "token": "env:TRACKER_TOKEN", "url": self.server.url,
            "scope": {"team": "ENG"},
        }  # fmt: skip

    def tie(self, **changes: Any) -> Tie:
        return Tie(**{"name": "linear-eng", **self.settings(), "people": PEOPLE, **changes})

    def add(self, kind: str, fields: Mapping[str, Any]) -> str:
        given = self._columns(kind, fields)
        if kind == "projects":
            return str(self.book.create_project({"teamIds": [self.book.team["id"]], **given})["id"])
        key = self.book.create_issue({"teamId": self.book.team["id"], **given})["id"]
        self._relate(key, fields)
        return str(key)

    def edit(self, kind: str, key: str, fields: Mapping[str, Any]) -> None:
        given = self._columns(kind, fields, key)
        if kind == "projects":
            self.book.update_project(key, given)
            return
        if given:
            self.book.update_issue(key, given)
        self._relate(key, fields)

    def remove(self, kind: str, key: str) -> None:
        self.book.trash("Issue" if kind == "tasks" else "Project", key)

    def purge(self) -> None:
        """Empty the trash, as happens after 30 days."""
        for kind in ("Issue", "Project"):
            for row in [*self.book.rows.get(kind, {}).values()]:
                if row["trashed"]:
                    self.book.drop(kind, row["id"])

    def items(self, kind: str) -> dict[str, dict[str, Any]]:
        rows = self.book.rows.get("Issue" if kind == "tasks" else "Project", {}).values()
        read = self._task if kind == "tasks" else self._project
        return {row["id"]: read(row) for row in rows if not row["trashed"]}

    def limited(self) -> Reply:
        error = refused("Rate limit exceeded. Only 5000 requests are allowed.", "ratelimited")
        return Reply(400, {"errors": [error.formatted]}, {"Retry-After": "1"})

    def least(self, *, listed: int, changed: int = 0, made: int = 0) -> int:
        """One question for the team, its words and people; then whole pages; then a write each."""
        pages = max(1, -(-listed // (self.page or 250)))
        return 1 + pages + changed + made

    def answer(self, seen: Seen) -> Reply:
        """Return what Linear says to a request, and when."""
        reply = self._answer(seen)
        date = format_datetime(self.clock.now() + self.fast, usegmt=True)
        return Reply(reply.status, reply.body, {"Date": date, **reply.headers})

    def _answer(self, seen: Seen) -> Reply:
        if seen.headers.get("authorization") not in {TOKEN, f"Bearer {TOKEN}"}:
            error = refused(
                "Authentication required, not authenticated", "authentication error",
                statusCode=401,
                userPresentableMessage="You need to authenticate to access this operation.",
            )  # fmt: skip
            return Reply(401, {"errors": [error.formatted]})
        if seen.method != "POST" or seen.path not in {"/graphql", "/"}:
            return Reply(404, b"<html>Not found</html>")
        headers = self._counted()
        if headers["X-RateLimit-Requests-Remaining"] == "-1":
            headers["X-RateLimit-Requests-Remaining"] = "0"
            error = refused("Rate limit exceeded.", "ratelimited")
            return Reply(400, {"errors": [error.formatted]}, headers)
        try:
            body = json.loads(seen.body)
            text, variables = body["query"], body.get("variables") or {}
        except (ValueError, KeyError, TypeError):
            error = refused("POST body missing, invalid Content-Type, or JSON object has no keys.")
            return Reply(400, {"errors": [error.formatted]}, headers)
        status, data, cost = self.api.executed(text, variables)
        return Reply(status, data, {**headers, "X-Complexity": f"{cost:.0f}"})

    def _counted(self) -> dict[str, str]:
        now = self.clock.now().timestamp()
        start, count = self.hour
        if now - start >= _HOUR:
            start, count = now, 0
        self.hour = (start, count + 1)
        return {
            "X-RateLimit-Requests-Limit": str(self.hourly),
            "X-RateLimit-Requests-Remaining": str(max(-1, self.hourly - count - 1)),
            "X-RateLimit-Requests-Reset": str(round((start + _HOUR) * 1000)),
            "X-RateLimit-Complexity-Remaining": "3000000",
        }

    def state(self, name: str) -> str:
        """Return the id of a state of ENG's."""
        states = self.book.where("WorkflowState", "teamId", self.book.team["id"])
        return next(str(row["id"]) for row in states if row["name"] == name)

    def _columns(self, kind: str, fields: Mapping[str, Any], key: str = "") -> dict[str, Any]:
        found: dict[str, Any] = {}
        row = self.book.rows.get("Issue", {}).get(key, {})
        names = self._names(row) if row else set()
        for name, value in fields.items():
            if name in _COLUMNS[kind]:
                found[_COLUMNS[kind][name]] = value
            elif name == "status" and kind == "tasks":
                found["stateId"] = self.state(_STATES[value])
                names = names - {"blocked"} | ({"blocked"} if value == "blocked" else set())
                found["labelIds"] = []
            elif name == "status":
                found["statusId"] = self.book.stages[_STAGES[value]]
            elif name == "priority":
                found["priority"] = _PRIORITIES[value]
            elif name in {"assignee", "owner"}:
                column = "assigneeId" if kind == "tasks" else "leadId"
                found[column] = self.book.users[value]["id"] if value else None
            elif name == "labels":
                names = set(value) | (names & {"blocked"})
                found["labelIds"] = []
            elif name == "tags":
                found["labelIds"] = [self._label_id("ProjectLabel", each) for each in value]
        if kind == "tasks" and "labelIds" in found:
            found["labelIds"] = [self._label_id("IssueLabel", each) for each in sorted(names)]
        return found

    def _label_id(self, kind: str, name: str) -> str:
        for row in self.book.rows.get(kind, {}).values():
            if row["name"] == name and row.get("teamId") in {None, self.book.team["id"]}:
                return str(row["id"])
        made = self.book.label(name) if kind == "IssueLabel" else self.book.tag(name)
        return str(made["id"])

    def _relate(self, key: str, fields: Mapping[str, Any]) -> None:
        if "dependencies" not in fields:
            return
        wanted = set(fields["dependencies"])
        for row in [*self.book.where("IssueRelation", "relatedIssueId", key)]:
            if row["type"] == "blocks" and row["issueId"] not in wanted:
                self.book.unrelate(row["id"])
        for blocker in sorted(wanted):
            self.book.relate({"issueId": blocker, "relatedIssueId": key, "type": "blocks"})

    def _names(self, row: Row) -> set[str]:
        return {each["name"] for each in self.book.linked(row, "labels")}

    def _user(self, key: str | None) -> str | None:
        known = {row["id"]: user for user, row in self.book.users.items()}
        return None if key is None else known[key]

    def _task(self, row: Row) -> dict[str, Any]:
        names = self._names(row)
        state = self.book.rows["WorkflowState"][row["stateId"]]["name"]
        status = {there: here for here, there in reversed(_STATES.items())}.get(state, state)
        if status == "in_progress" and "blocked" in names:
            status = "blocked"
        relations = self.book.where("IssueRelation", "relatedIssueId", row["id"])
        return {
            "title": row["title"],
            "description": row["description"],
            "status": status,
            "priority": {number: word for word, number in _PRIORITIES.items()}[row["priority"]],
            "assignee": self._user(row["assigneeId"]),
            "labels": sorted(names - {"blocked"}),
            "due_date": row["dueDate"],
            "parent": row["parentId"],
            "project": row["projectId"],
            "dependencies": sorted(
                each["issueId"] for each in relations if each["type"] == "blocks"
            ),
        }

    def _project(self, row: Row) -> dict[str, Any]:
        stage = self.book.rows["ProjectStatus"][row["statusId"]]["name"]
        return {
            "title": row["name"],
            "description": row["content"],
            "status": {there: here for here, there in _STAGES.items()}.get(stage, stage),
            "priority": {number: word for word, number in _PRIORITIES.items()}[row["priority"]],
            "owner": self._user(row["leadId"]),
            "tags": sorted(self._names(row)),
            "start_date": row["startDate"],
            "due_date": row["targetDate"],
        }
