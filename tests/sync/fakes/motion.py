"""Motion as it is when nobody is looking: one workspace, twelve requests a minute, HTML out."""

import itertools
import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt

from orchestrator.sync.remote import Tie
from tests.sync.fakes.motion_schema import refusal
from tests.sync.fakes.server import Reply, Seen, Server
from tests.sync.fakes.tracker import PEOPLE, TOKEN, Clock

STATES = (
    ("Todo", True, False), ("In Progress", False, False), ("Blocked", False, False),
    ("In Review", False, False), ("Completed", False, True), ("Cancelled", False, True),
    ("Backlog", False, False),
)  # fmt: skip
_WORDS = {
    "todo": "Todo", "in_progress": "In Progress", "blocked": "Blocked", "in_review": "In Review",
    "completed": "Completed", "cancelled": "Cancelled",
}  # fmt: skip
_PRIORITIES = {"low": "LOW", "medium": "MEDIUM", "high": "HIGH", "urgent": "ASAP"}
_LABELS = ("api", "db", "web")
_ZONE = ZoneInfo("America/New_York")
_MARK = "orchestrator: "


class Motion:
    """One workspace, `Engineering`.

    Attributes:
        page_size: Of the server's own choice.
        ends_with_null: Whether the last page says `nextCursor: null`, or leaves it out.
        has_budget: Whether more than `budget` requests a minute are refused.
        deletes_with: The status of a deletion that went well: nobody has published which.
        is_team: Whether the workspace is a team's, with ten times the requests.
    """

    kind = "motion"
    never_emptied = ("due_date", "project")

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.server = Server(self._answer)
        self.page_size = 50
        self.ends_with_null = False
        self.is_team = True
        self.deletes_with = 204
        self.states = list(STATES)
        self.tasks: dict[str, dict[str, Any]] = {}
        self.projects: dict[str, dict[str, Any]] = {}
        self.users = {
            who: {"id": f"us_{who}", "name": who.capitalize(), "email": mail}
            for who, (mail, _) in PEOPLE.items()
        }
        self.users["stranger"] = {"id": "us_9", "name": "stranger", "email": "who@else.example"}
        self._ids = itertools.count(1)
        self._recent: deque[float] = deque()
        vendor = os.environ.get("ORCHESTRATOR_VENDOR_SCHEMAS")
        self._schema = Path(vendor) / "motion" / "motion.openapi.yaml" if vendor else None

    @contextmanager
    def running(self) -> Iterator[Self]:
        with self.server.running():
            yield self

    def settings(self) -> dict[str, Any]:
        return {
            "kind": "motion",
            "token": "env:TRACKER_TOKEN",
            "url": self.server.url,
            "scope": {"workspace": "Engineering"},
        }

    def tie(self, **changes: Any) -> Tie:
        return Tie(**{"name": "motion-eng", **self.settings(), "people": PEOPLE, **changes})

    # What somebody does in the application.

    def add(self, kind: str, fields: Mapping[str, Any]) -> str:
        with self.server.lock:
            if kind == "projects":
                key = f"pr_{next(self._ids)}"
                self.projects[key] = self._project_row(key, str(fields.get("title", "")))
                self.edit(kind, key, fields)
                return key
            key = f"tk_{next(self._ids)}"
            self.tasks[key] = self._task_row(key, "")
            self.edit(kind, key, {"priority": "medium", "status": "todo", **fields})
            return key

    def edit(self, kind: str, key: str, fields: Mapping[str, Any]) -> None:
        with self.server.lock:
            row = (self.projects if kind == "projects" else self.tasks)[key]
            for name, value in fields.items():
                self._set(row, name, value)
            row["updatedTime"] = self._now()

    def remove(self, kind: str, key: str) -> None:
        with self.server.lock:
            del (self.projects if kind == "projects" else self.tasks)[key]
            if kind == "projects":
                for row in self.tasks.values():
                    if row["projectId"] == key:
                        row["projectId"] = None

    def items(self, kind: str) -> dict[str, dict[str, Any]]:
        with self.server.lock:
            if kind == "projects":
                return {
                    key: {"title": row["name"], "description": _shown(row["markdown"])}
                    for key, row in self.projects.items()
                }
            return {key: self._terms(row) for key, row in self.tasks.items()}

    def limited(self) -> Reply:
        message = "Rate limit exceeded. Consult docs for rate limit information"
        return Reply(429, {"message": message})

    def least(self, *, listed: int, changed: int = 0, made: int = 0) -> int:
        """One page of projects, the pages of tasks, and one request for each write."""
        pages = max(1, -(-listed // self.page_size)) + max(
            1, -(-len(self.projects) // self.page_size)
        )
        return pages + changed + made

    def _set(self, row: dict[str, Any], name: str, value: Any) -> None:
        match name:
            case "title":
                row["name"] = value
            case "description":
                row["markdown"] = value or ""
            case "status":
                row["status"] = _WORDS.get(value, value)
            case "priority":
                row["priority"] = _PRIORITIES[value]
            case "assignee":
                row["assigneeId"] = self.users[value]["id"] if value else None
            case "labels":
                row["labels"] = list(value)
            case "due_date":
                at = datetime.fromisoformat(f"{value}T18:30:00").replace(tzinfo=_ZONE)
                row["dueDate"] = at.astimezone(UTC).isoformat() if value else None
            case "start_date":
                row["startOn"] = value
            case "estimated_minutes":
                row["duration"] = value or "NONE"
            case "project":
                row["projectId"] = value
            case _:
                raise AssertionError(name)

    def _terms(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Read from the rows, in the workspace's words."""
        people = {user["id"]: who for who, user in self.users.items()}
        words = {there: ours for ours, there in _WORDS.items()}
        due = row["dueDate"]
        if due and len(due) > 10:
            due = datetime.fromisoformat(due).astimezone(_ZONE).date().isoformat()
        return {
            "title": row["name"],
            "description": _shown(row["markdown"]),
            "status": words.get(row["status"], row["status"]),
            "priority": {there: ours for ours, there in _PRIORITIES.items()}[row["priority"]],
            "assignee": people.get(row["assigneeId"]),
            "labels": sorted(row["labels"]),
            "due_date": due,
            "start_date": row["startOn"],
            "estimated_minutes": None if row["duration"] == "NONE" else row["duration"],
            "project": row["projectId"],
        }

    # What the API answers.

    def _answer(self, request: Seen) -> Reply:
        if request.headers.get("x-api-key") != TOKEN:
            return _error(401, "Invalid API key")
        if self._is_beyond_budget():
            return self.limited()
        if request.body and not _is_json(request.body):
            return _error(400, "Unexpected token in JSON")
        if self._schema is not None and (why := refusal(self._schema, request)):
            return _error(400, why)
        parts = request.path.strip("/").split("/")
        match (request.method, parts):
            case ("GET", ["users", "me"]):
                return Reply(200, self.users["dana"])
            case ("GET", ["workspaces"]):
                return self._page("workspaces", [self._workspace()], request)
            case ("GET", ["statuses"]):
                return Reply(200, [self._state(name) for name, _, _ in self.states])
            case ("GET", ["schedules"]):
                row = {"name": "Work Hours", "isDefaultTimezone": True, "schedule": {}}
                return Reply(200, [{**row, "timezone": _ZONE.key}])
            case ("GET", ["users"]):
                return self._page("users", list(self.users.values()), request)
            case (_, ["projects", *rest]):
                return self._projects(request, rest)
            case (_, ["tasks", *rest]):
                return self._tasks(request, rest)
            case _:
                return _error(404, "Cannot find that route")

    def _projects(self, request: Seen, rest: list[str]) -> Reply:
        match (request.method, rest):
            case ("GET", []):
                if request.get("workspaceId") != "w_1":
                    return _error(400, "workspaceId is required")
                found = list(self.projects.values())
                return self._page("projects", found, request, self._shown_project)
            case ("POST", []):
                body = request.json
                if not body.get("name") or body.get("workspaceId") != "w_1":
                    return _error(400, "name and workspaceId are required")
                key = f"pr_{next(self._ids)}"
                row = self._project_row(key, body["name"])
                self.projects[key] = row | {"html": body.get("description", "")}
                return Reply(200, self._shown_project(self.projects[key]))
            case ("GET", [key]) if key in self.projects:
                return Reply(200, self._shown_project(self.projects[key]))
            case ("GET", [_]):
                return _error(404, "Project not found")
            case _:
                return _error(404, "Cannot find that route")

    def _tasks(self, request: Seen, rest: list[str]) -> Reply:
        match (request.method, rest):
            case ("GET", []):
                return self._listed(request)
            case ("POST", []):
                return self._create(request.json)
            case (_, [key, *_]) if key not in self.tasks:
                return _error(404, "Task not found")
            case ("GET", [key]):
                return Reply(200, self._shown_task(self.tasks[key]))
            case ("PATCH", [key]):
                return self._write(self.tasks[key], request.json)
            case ("DELETE", [key]):
                del self.tasks[key]
                return Reply(self.deletes_with)
            case ("DELETE", [key, "assignee"]):
                self.tasks[key] |= {"assigneeId": None, "updatedTime": self._now()}
                return Reply(204)
            case _:
                return _error(404, "Cannot find that route")

    def _listed(self, request: Seen) -> Reply:
        all_, statuses = request.get("includeAllStatuses") == "true", request.get("status")
        if all_ and statuses:
            return _error(400, "status and includeAllStatuses cannot be used together")
        resolved = {name for name, _, is_resolved in self.states if is_resolved}
        rows = [row for row in self.tasks.values() if all_ or row["status"] not in resolved]
        return self._page("tasks", rows, request, self._shown_task)

    def _create(self, body: dict[str, Any]) -> Reply:
        key = f"tk_{next(self._ids)}"
        row = self._task_row(key, "")
        reply = self._write(row, body)
        if reply.status == 200:
            self.tasks[key] = row
        return reply

    def _write(self, row: dict[str, Any], body: dict[str, Any]) -> Reply:
        if not body.get("name") or body.get("workspaceId") != "w_1":
            return _error(400, "name and workspaceId are required")
        if why := self._why_not(body):
            return _error(400, why)
        plain = {"name", "status", "priority", "assigneeId", "labels", "projectId", "duration"}
        row |= {name: value for name, value in body.items() if name in plain}
        if "dueDate" in body:
            row["dueDate"] = body["dueDate"]
        if "description" in body:
            row["markdown"] = body["description"]
        row["updatedTime"] = self._now()
        return Reply(200, self._shown_task(row))

    def _why_not(self, body: Mapping[str, Any]) -> str | None:
        if body.get("status", "Todo") not in {name for name, _, _ in self.states}:
            return f"Status {body['status']} does not exist in workspace"
        lost = [name for name in body.get("labels", ()) if name not in _LABELS]
        if lost:
            return f"Label {lost[0]} does not exist in workspace"
        if body.get("priority", "LOW") not in _PRIORITIES.values():
            return "priority must be one of ASAP, HIGH, MEDIUM, LOW"
        known = {user["id"] for user in self.users.values()}
        if body.get("assigneeId") is not None and body["assigneeId"] not in known:
            return "Assignee is no member of the workspace"
        if body.get("projectId") is not None and body["projectId"] not in self.projects:
            return "Project does not exist"
        if "dueDate" in body and not isinstance(body["dueDate"], str):
            return "dueDate must be an ISO 8601 date"
        return None

    def _page(
        self,
        name: str,
        rows: list[Any],
        request: Seen,
        shown: Callable[[Any], Any] = lambda row: row,
    ) -> Reply:
        cursor = request.get("cursor")
        start = int(cursor.removeprefix("c_")) if cursor else 0
        meta: dict[str, Any] = {"pageSize": self.page_size}
        if start + self.page_size < len(rows):
            meta["nextCursor"] = f"c_{start + self.page_size}"
        elif self.ends_with_null:
            meta["nextCursor"] = None
        return Reply(
            200, {"meta": meta, name: [shown(row) for row in rows[start : start + self.page_size]]}
        )

    def _is_beyond_budget(self) -> bool:
        now = self.clock.now().timestamp()
        while self._recent and self._recent[0] <= now - 60:
            self._recent.popleft()
        self._recent.append(now)
        return len(self._recent) > (120 if self.is_team else 12)

    def _task_row(self, key: str, name: str) -> dict[str, Any]:
        return {
            "id": key, "name": name, "markdown": "", "status": "Todo", "priority": "MEDIUM",
            "assigneeId": None, "labels": [], "dueDate": None, "startOn": None,
            "duration": "NONE", "projectId": None, "createdTime": self._now(),
            "updatedTime": self._now(),
        }  # fmt: skip

    def _project_row(self, key: str, name: str) -> dict[str, Any]:
        now = self._now()
        row = {"id": key, "name": name, "markdown": "", "html": None, "status": "Todo"}
        return {**row, "createdTime": now, "updatedTime": now}

    def _shown_task(self, row: Mapping[str, Any]) -> dict[str, Any]:
        people = {user["id"]: user for user in self.users.values()}
        who = people.get(row["assigneeId"])
        project = self.projects.get(row["projectId"] or "")
        shown = {
            name: row[name]
            for name in ("id", "name", "priority", "duration", "createdTime", "updatedTime")
        }
        due = row["dueDate"]
        return {
            **shown,
            "dueDate": f"{due}T00:00:00.000-05:00" if due and len(due) == 10 else due,
            "startOn": row["startOn"],
            "description": MarkdownIt().render(row["markdown"]).strip(),
            "deadlineType": "SOFT",
            "parentRecurringTaskId": None,
            "completed": self._state(row["status"])["isResolvedStatus"],
            "creator": self.users["dana"],
            "project": self._shown_project(project) if project else None,
            "workspace": self._workspace(),
            "status": self._state(row["status"]),
            "labels": [{"name": name} for name in row["labels"]],
            "assignees": [who] if who else [],
            "scheduledStart": None,
            "scheduledEnd": None,
            "schedulingIssue": False,
            "customFieldValues": {},
            "chunks": [],
        }

    def _shown_project(self, row: Mapping[str, Any]) -> dict[str, Any]:
        html = row["html"]
        return {
            "id": row["id"],
            "name": row["name"],
            "description": MarkdownIt().render(row["markdown"]).strip() if html is None else html,
            "workspaceId": "w_1",
            "status": self._state(row["status"]),
            "createdTime": row["createdTime"],
            "updatedTime": row["updatedTime"],
            "customFieldValues": {},
        }

    def _workspace(self) -> dict[str, Any]:
        return {
            "id": "w_1",
            "name": "Engineering",
            "teamId": "te_1" if self.is_team else None,
            "type": "team" if self.is_team else "individual",
            "labels": [{"name": name} for name in _LABELS],
            "statuses": [self._state(name) for name, _, _ in self.states],
        }

    def _state(self, name: str) -> dict[str, Any]:
        found = {each: (is_default, is_last) for each, is_default, is_last in self.states}
        is_default, is_last = found.get(name, (False, False))
        return {"name": name, "isDefaultStatus": is_default, "isResolvedStatus": is_last}

    def _now(self) -> str:
        moment = self.clock.now().astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _shown(markdown: str) -> str:
    """Without the adapter's mark, whatever it is made of: its last line."""
    lines = markdown.rstrip().split("\n")
    return "\n".join(lines[:-1]).rstrip() if lines[-1].startswith(_MARK) else markdown


def _error(status: int, message: str) -> Reply:
    return Reply(status, {"message": message, "statusCode": status})


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True
