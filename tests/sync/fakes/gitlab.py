"""GitLab as it is when nobody is looking: issues, tasks, milestones, labels, links and limits."""

import hashlib
import json
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from email.utils import format_datetime
from typing import Any, Self

from orchestrator.sync.remote import Tie
from tests.sync.fakes.gitlab_api import Api, is_read
from tests.sync.fakes.gitlab_changes import Changes
from tests.sync.fakes.gitlab_graphql import Graph
from tests.sync.fakes.gitlab_rows import Issue, Plan, Rows
from tests.sync.fakes.gitlab_schema import schema
from tests.sync.fakes.gitlab_terms import Terms
from tests.sync.fakes.server import Reply, Seen, Server
from tests.sync.fakes.tracker import PEOPLE, TOKEN, Clock

STRANGER = "stranger"
"""A member whom nobody here knows."""

_CHECKED = 300
_GRAPH = "/api/graphql"


class Gitlab:
    """One project, `acme/plan`, with the number 42.

    Attributes:
        rows: What is there, with `plan`, `level`, `is_archived`, `has_start` and others.
        api: Its REST, with `page_size`, `scopes` and `expires_at`.
        graph: Its GraphQL, with `is_old`; None where a proxy lets nobody through to it.
        wrong: What the fake itself said that GitLab's description does not know.
        points: Requests a minute.
        has_date: Whether its answers say when they were sent.
        is_com: Whether moments end with Z, as on gitlab.com, or with an offset.
        why_no_token: What is said of a token that is not taken.
    """

    kind = "gitlab"

    def __init__(self, clock: Clock | None = None, *, plan: Plan = "premium") -> None:
        self.clock = clock or Clock()
        self.rows = Rows(self.now, plan=plan)
        accounts = [*PEOPLE, STRANGER]
        self.rows.users = {10 + at: name for at, name in enumerate(accounts)}
        self.rows.members = list(self.rows.users)
        self.changes = Changes(self.rows)
        self.api = Api(self.rows, self.changes)
        self.graph: Graph | None = Graph(self.rows, self.changes)
        self.terms = Terms(self.rows, self.changes)
        self.server = Server(self._answer)
        self.wrong: list[str] = []
        self.points = 2000
        self.has_date = True
        self.is_com = True
        self.why_no_token: dict[str, str] = {"message": "401 Unauthorized"}
        self._recent: deque[float] = deque()
        self._made: deque[float] = deque()
        self._checked = 0

    @contextmanager
    def running(self) -> Iterator[Self]:
        with self.server.running():
            self.rows.url = self.server.url
            yield self
        assert not self.wrong, self.wrong

    def settings(self) -> dict[str, Any]:
        return {
            "kind": "gitlab",
            "token": "env:TRACKER_TOKEN",
            "url": self.server.url,
            "scope": {"project": "acme/plan"},
        }

    def tie(self, **changes: Any) -> Tie:
        return Tie(**{"name": "gitlab-plan", **self.settings(), "people": PEOPLE, **changes})

    def now(self) -> str:
        """To the millisecond, as GitLab writes moments."""
        moment = self.clock.now().astimezone(UTC)
        zone = "Z" if self.is_com else "+00:00"
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}{zone}"

    def add(self, kind: str, fields: Mapping[str, Any]) -> str:
        with self.server.lock:
            return self.terms.add(kind, fields)

    def edit(self, kind: str, key: str, fields: Mapping[str, Any]) -> None:
        with self.server.lock:
            self.terms.edit(kind, key, fields)

    def remove(self, kind: str, key: str) -> None:
        with self.server.lock:
            if kind == "projects":
                self.changes.drop_milestone(int(key))
            else:
                self.changes.drop(self.issue(key))

    def items(self, kind: str) -> dict[str, dict[str, Any]]:
        with self.server.lock:
            return self.terms.items(kind)

    def issue(self, key: str) -> Issue:
        """The row itself, for what the workspace has no words for."""
        return self.rows.issues[int(key)]

    def limited(self) -> Reply:
        """A plain text, as its throttle answers."""
        return Reply(429, b"Retry later\n", {"Retry-After": "1", "Content-Type": "text/plain"})

    def least(self, *, listed: int, changed: int = 0, made: int = 0) -> int:
        """A page each for 100 issues, their parents and links, and 100 milestones; else one."""
        size = min(100, self.api.page_size)
        pages = max(1, -(-listed // size))
        ties = -(-listed // size)
        miles = max(1, -(-len(self.rows.milestones) // size))
        return pages + ties + miles + changed + made

    def _answer(self, request: Seen) -> Reply:
        refused = self._at_the_door(request)
        if refused is not None:
            reply = refused
        elif request.path == _GRAPH and self.graph is not None and request.method == "POST":
            reply = self.graph.answer(request.json)
        else:
            reply = self.api.answer(request)
        if refused is None and reply.status < 300:
            self._check(request, reply)
        date = format_datetime(self.clock.now().astimezone(UTC), usegmt=True)
        headers = {"Date": date if self.has_date else "", **self._rate(), **reply.headers}
        if request.method == "GET" and reply.status == 200:
            tag = f'W/"{hashlib.md5(reply.data, usedforsecurity=False).hexdigest()}"'
            headers["ETag"] = tag
            if request.headers.get("if-none-match") == tag:
                return Reply(304, None, headers)
        return Reply(reply.status, reply.body, headers)

    def _at_the_door(self, request: Seen) -> Reply | None:
        limited = self._count(request)
        if limited is not None:
            return limited
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.headers.get("private-token", bearer) != TOKEN:
            if request.path == _GRAPH:
                return Reply(401, {"errors": [{"message": "Invalid token"}]})
            return Reply(401, self.why_no_token)
        if request.body and not _is_json(request.body):
            return Reply(400, {"error": "Problem parsing JSON"})
        wanted = {"api"} if not is_read(request) else {"api", "read_api"}
        if not wanted & set(self.api.scopes) and "/personal_access_tokens/" not in request.path:
            said = "The request requires higher privileges than provided by the access token."
            return Reply(403, {"error": "insufficient_scope", "error_description": said,
                               "scope": " ".join(sorted(wanted))})  # fmt: skip
        known = schema()
        wrong = known.refusal(request) if known else None
        return Reply(400, {"error": wrong}) if wrong else None

    def _count(self, request: Seen) -> Reply | None:
        now = self.clock.now().timestamp()
        for moments in (self._recent, self._made):
            while moments and moments[0] <= now - 60:
                moments.popleft()
        if len(self._recent) >= self.points:
            wait = str(int(self._recent[0] + 61 - now))
            return Reply(429, b"Retry later\n", {"Retry-After": wait})
        self._recent.append(now)
        if request.method == "POST" and request.path.endswith("/issues"):
            if len(self._made) >= 200:
                said = {
                    "error": "This endpoint has been requested too many times. Try again later."
                }
                return Reply(429, {"message": said})
            self._made.append(now)
        return None

    def _rate(self) -> dict[str, str]:
        start = self._recent[0] if self._recent else self.clock.now().timestamp()
        return {
            "RateLimit-Limit": str(self.points),
            "RateLimit-Observed": str(len(self._recent)),
            "RateLimit-Remaining": str(max(0, self.points - len(self._recent))),
            "RateLimit-Reset": str(int(start) + 61),
            "RateLimit-Name": "throttle_authenticated_api",
        }

    def _check(self, request: Seen, reply: Reply) -> None:
        """Hold the fake's own issues against GitLab's description; a few hundred are enough."""
        known = schema()
        if known is None or self._checked >= _CHECKED or not reply.body:
            return
        self._checked += 1
        found = known.complaint(request, reply)
        if found:
            self.wrong.append(f"{request.method} {request.path} {reply.status}: {found}")


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True
