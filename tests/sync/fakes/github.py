"""GitHub as it is when nobody is looking: issues, milestones, labels, relations and limits."""

import hashlib
import json
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from email.utils import format_datetime
from typing import Any, Self

from orchestrator.sync.remote import Tie
from tests.sync.fakes.github_api import Api
from tests.sync.fakes.github_changes import Changes
from tests.sync.fakes.github_rows import COLUMNS, Issue, Rows
from tests.sync.fakes.github_schema import schema
from tests.sync.fakes.github_terms import Terms
from tests.sync.fakes.server import Reply, Seen, Server
from tests.sync.fakes.tracker import PEOPLE, TOKEN, Clock

STRANGER = "stranger"
"""An account that issues can be assigned to, and nobody here is."""

_CHECKED = 300


class Github:
    """One repository, `acme/plan`.

    Attributes:
        api: Its operations, with `page_size`, `may`, `is_archived`, `old_name` and `changes`.
        wrong: What the fake itself said that GitHub's description does not know.
        points: Requests an hour; 5000 for a token.
        has_date: Whether its answers say when they were sent.
    """

    kind = "github"

    def __init__(self, clock: Clock | None = None, *, has_fields: bool = True) -> None:
        self.clock = clock or Clock()
        self.rows = Rows("acme", "plan", COLUMNS if has_fields else ())
        self.rows.logins = {**{who: 10 + n for n, who in enumerate(PEOPLE)}, STRANGER: 99}
        self.api = Api(self.rows, Changes(self.rows, self.now), {"push": True, "triage": True})
        self.terms = Terms(self.rows, self.api.changes, self.now)
        self.server = Server(self._answer)
        self.wrong: list[str] = []
        self.points = 5000
        self.has_date = True
        self._hour = (0.0, 0)
        self._recent: deque[tuple[float, int]] = deque()
        self._made: deque[float] = deque(maxlen=500)
        self._checked = 0

    @contextmanager
    def running(self) -> Iterator[Self]:
        with self.server.running():
            self.rows.url = self.server.url
            yield self
        assert not self.wrong, self.wrong

    def settings(self) -> dict[str, Any]:
        return {
            "kind": "github",
            "token": "env:TRACKER_TOKEN",
            "url": self.server.url,
            "scope": {"repository": "acme/plan"},
        }

    def tie(self, **changes: Any) -> Tie:
        return Tie(**{"name": "github-plan", **self.settings(), "people": PEOPLE, **changes})

    def now(self) -> str:
        """To the second, as GitHub writes moments."""
        return self.clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, kind: str, fields: Mapping[str, Any]) -> str:
        with self.server.lock:
            return self.terms.add(kind, fields)

    def edit(self, kind: str, key: str, fields: Mapping[str, Any]) -> None:
        with self.server.lock:
            self.terms.edit(kind, key, fields)

    def remove(self, kind: str, key: str) -> None:
        with self.server.lock:
            if kind == "projects":
                self.api.changes.drop_milestone(int(key))
            else:
                self.rows.issues[int(key)].gone = "deleted"

    def items(self, kind: str) -> dict[str, dict[str, Any]]:
        with self.server.lock:
            return self.terms.items(kind)

    def issue(self, key: str) -> Issue:
        """The row itself, for what the workspace has no words for."""
        return self.rows.issues[int(key)]

    def limited(self) -> Reply:
        message = "You have exceeded a secondary rate limit. Please wait a few minutes."
        return Reply(403, {"message": message, "documentation_url": ""}, {"Retry-After": "1"})

    def least(self, *, listed: int, changed: int = 0, made: int = 0) -> int:
        """A page each for 100 issues and 100 milestones, and one request for each write."""
        pages = max(1, -(-listed // min(100, self.api.page_size)))
        miles = max(1, -(-len(self.rows.milestones) // min(100, self.api.page_size)))
        return pages + miles + changed + made

    def _answer(self, request: Seen) -> Reply:
        refused = self._at_the_door(request)
        reply = refused or self.api.answer(request)
        if refused is None and reply.status < 300:
            self._check(request, reply)
        tag = f'W/"{hashlib.sha256(reply.data).hexdigest()}"'
        is_new = request.headers.get("if-none-match") != tag
        if request.method == "GET" and reply.status == 200 and not is_new:
            # Of the hour's requests it takes none.
            self._hour = (self._hour[0], self._hour[1] - 1)
            reply = Reply(304, None)
        elif request.method == "GET" and reply.status == 200:
            reply = Reply(200, reply.body, {"ETag": tag, **reply.headers})
        date = format_datetime(self.clock.now().astimezone(UTC), usegmt=True)
        headers = {"Date": date if self.has_date else "", **self._rate(), **reply.headers}
        return Reply(reply.status, reply.body, headers)

    def _at_the_door(self, request: Seen) -> Reply | None:
        if not request.headers.get("user-agent"):
            return Reply(403, b"Request forbidden by administrative rules.")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in {"bearer", "token"} or token != TOKEN:
            return _error(401, "Bad credentials" if token else "Requires authentication")
        limited = self._count(request)
        if limited is not None:
            return limited
        if request.body and not _is_json(request.body):
            return _error(400, "Problems parsing JSON")
        known = schema()
        wrong = known.refusal(request) if known else None
        return _error(422, f"Invalid request. {wrong}") if wrong else None

    def _count(self, request: Seen) -> Reply | None:
        now = self.clock.now().timestamp()
        start, used = self._hour
        self._hour = (start, used + 1) if now < start + 3600 else (now, 1)
        if self._hour[1] > self.points:
            return _error(403, "API rate limit exceeded for user ID 10.")
        while self._recent and self._recent[0][0] <= now - 60:
            self._recent.popleft()
        self._recent.append((now, 1 if request.method == "GET" else 5))
        makes = request.method == "POST" and request.path.endswith(("/issues", "/milestones"))
        within = [moment for moment in self._made if moment > now - 60]
        is_full = len(self._made) == 500 and self._made[0] > now - 3600
        if sum(points for _, points in self._recent) > 900 or (
            makes and (len(within) >= 80 or is_full)
        ):
            return Reply(403, self.limited().body, {"Retry-After": "60"})
        if makes:
            self._made.append(now)
        return None

    def _rate(self) -> dict[str, str]:
        start, used = self._hour
        return {
            "X-RateLimit-Limit": str(self.points),
            "X-RateLimit-Remaining": str(max(0, self.points - used)),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Reset": str(int(start) + 3600),
            "X-RateLimit-Resource": "core",
        }

    def _check(self, request: Seen, reply: Reply) -> None:
        """Hold the fake's own words against the description; a few hundred answers are enough."""
        known = schema()
        if known is None or self._checked >= _CHECKED:
            return
        self._checked += 1
        body = reply.body[:3] if isinstance(reply.body, list) else reply.body
        found = known.complaint(request, Reply(reply.status, body))
        if found:
            self.wrong.append(f"{request.method} {request.path} {reply.status}: {found}")


def _error(status: int, message: str) -> Reply:
    docs = "https://docs.github.com/rest"
    return Reply(status, {"message": message, "documentation_url": docs, "status": str(status)})


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True
