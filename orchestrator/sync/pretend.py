"""A tracker that exists only while it is shown: the part of Motion's API that a sync needs.

It keeps everything in memory and forgets it when the block ends; see docs/trackers/motion.md for
the real one. It is no more than a stage for `demo`: the fakes that tests rely on are stricter.
"""

import itertools
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_STATES = (
    ("Todo", True, False), ("In Progress", False, False), ("Blocked", False, False),
    ("In Review", False, False), ("Completed", False, True), ("Cancelled", False, True),
)  # fmt: skip
_WORKSPACE = "w_1"
_LARGEST = 1_000_000


@dataclass
class Pretended:
    """What the tracker holds.

    Attributes:
        name: Of its only workspace.
        accounts: E-mail → name, of people to whom tasks can be assigned.
        tasks: By id, as its API shows them.
        projects: By id.
        token: The only one that it takes.
        url: Where it is reached.
    """

    name: str
    accounts: Mapping[str, str] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    url: str = ""
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def change(self, title: str, now: datetime, **fields: Any) -> None:
        """Change a task as somebody in the tracker would; `status` by its name there."""
        row = next(row for row in self.tasks.values() if row["name"] == title)
        self._write(row, fields, now)

    def answer(
        self, method: str, path: list[str], body: dict[str, Any], now: datetime
    ) -> tuple[int, Any]:
        """Return status and JSON for a request."""
        match method, path:
            case "GET", ["users", "me"]:
                return 200, {"id": "us_0", "name": "Demo"}
            case "GET", ["users"]:
                return 200, _page("users", self._users())
            case "GET", ["workspaces"]:
                workspace = {"id": _WORKSPACE, "name": self.name, "type": "team"}
                return 200, _page("workspaces", [{**workspace, "labels": []}])
            case "GET", ["statuses"]:
                return 200, [_state(name) for name, _, _ in _STATES]
            case "GET", ["schedules"]:
                return 200, []
            case "GET", [("projects" | "tasks") as kind]:
                return 200, _page(kind, list(self._rows(kind).values()))
            case "POST", [("projects" | "tasks") as kind]:
                key = f"{kind[:2]}_{next(self._ids)}"
                fresh = {"priority": "MEDIUM", "duration": "NONE", "description": ""}
                row = {"id": key, **fresh, "status": _state("Todo"), "createdTime": _shown(now)}
                self._rows(kind)[key] = row
                self._write(row, body, now)
                return 200, row
            case _, [("projects" | "tasks") as kind, key, *rest] if key in self._rows(kind):
                return self._one(method, kind, key, rest, body, now)
            case _:
                return 404, {"message": "There is nothing here"}

    def _one(
        self, method: str, kind: str, key: str, rest: list[str], body: dict[str, Any], now: datetime
    ) -> tuple[int, Any]:
        row = self._rows(kind)[key]
        match method, rest:
            case "GET", []:
                return 200, row
            case "PATCH", []:
                self._write(row, body, now)
                return 200, row
            case "DELETE", []:
                del self._rows(kind)[key]
                return 204, None
            case "DELETE", ["assignee"]:
                self._write(row, {"assigneeId": None}, now)
                return 204, None
            case _:
                return 404, {"message": "There is nothing here"}

    def _write(self, row: dict[str, Any], fields: Mapping[str, Any], now: datetime) -> None:
        from markdown_it import MarkdownIt

        for name, value in fields.items():
            match name:
                case "status":
                    row["status"] = _state(value)
                case "description":
                    is_html = value.startswith("<")
                    row["description"] = value if is_html else MarkdownIt().render(value).strip()
                case "labels":
                    row["labels"] = [{"name": label} for label in value]
                case "assigneeId":
                    row["assignees"] = [each for each in self._users() if each["id"] == value]
                case "projectId":
                    row["project"] = self.projects.get(value)
                case _:
                    row[name] = value
        row["updatedTime"] = _shown(now)

    def _rows(self, kind: str) -> dict[str, dict[str, Any]]:
        return self.projects if kind == "projects" else self.tasks

    def _users(self) -> list[dict[str, str]]:
        people = enumerate(self.accounts.items(), start=1)
        return [{"id": f"us_{at}", "name": name, "email": email} for at, (email, name) in people]


@contextmanager
def pretended(tracker: Pretended, now: Callable[[], datetime]) -> Iterator[Pretended]:
    """Serve a tracker on this machine, for nobody else, while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _door(tracker, threading.Lock(), now))
    server.daemon_threads = True
    tracker.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield tracker
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _door(
    tracker: Pretended, lock: threading.Lock, now: Callable[[], datetime]
) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            size = min(int(self.headers.get("content-length") or 0), _LARGEST)
            text = self.rfile.read(size)
            query = dict(parse_qsl(urlsplit(self.path).query))
            path = urlsplit(self.path).path.strip("/").split("/")
            if self.headers.get("x-api-key") != tracker.token:
                self._send(401, {"message": "Invalid API key"})
                return
            with lock:
                body = json.loads(text) if text else query
                self._send(*tracker.answer(self.command, path, body, now()))

        do_GET = do_POST = do_PATCH = do_DELETE = _any  # noqa: N815 - the names that http.server asks for

        def _send(self, status: int, body: Any) -> None:
            data = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing: the demo does."""

    return Door


def _page(name: str, rows: list[Any]) -> dict[str, Any]:
    return {"meta": {"pageSize": len(rows)}, name: rows}


def _state(name: str) -> dict[str, Any]:
    for each, is_default, is_resolved in _STATES:
        if each == name:
            return {"name": each, "isDefaultStatus": is_default, "isResolvedStatus": is_resolved}
    return {"name": name, "isDefaultStatus": False, "isResolvedStatus": False}


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
