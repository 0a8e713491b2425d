"""The paths of a fake GitLab's REST: from a request to rows and back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlencode

from tests.sync.fakes.gitlab_changes import Changes, RefusedError
from tests.sync.fakes.gitlab_rows import Issue, Rows
from tests.sync.fakes.server import Reply, Seen

_PROJECT = re.compile(r"/api/v4/projects/([^/]+)(?:/(.*))?\Z")
_ROUTE = RefusedError(404, {"error": "404 Not Found"})
_MOST_COUNTED = 10_000

Found = tuple[int, Any, dict[str, str]]


@dataclass
class Api:
    """The operations.

    Attributes:
        rows, changes: What they work on.
        page_size: The most entries that a page has, whatever is asked for.
        scopes: Of the token.
        expires_at: When the token does.
        says_token: Whether tokens can ask about themselves, as they can since GitLab 15.5.
        old_path: That the project had before it was moved.
    """

    rows: Rows
    changes: Changes
    page_size: int = 100
    scopes: list[str] = field(default_factory=lambda: ["api"])
    expires_at: str | None = None
    says_token: bool = True
    old_path: str = ""

    def answer(self, request: Seen) -> Reply:
        try:
            status, found, headers = self._found(request)
        except RefusedError as error:
            return Reply(error.status, error.body)
        return Reply(status, found, headers)

    def _found(self, request: Seen) -> Found:
        rows = self.rows
        match request.method, request.path.removeprefix("/api/v4"):
            case "GET", "/user":
                return 200, {**rows.user(10), "email": "dana@example.com"}, {}
            case "GET", "/users":
                name = request.get("username")
                return self._page(
                    request,
                    [id_ for id_, each in rows.users.items() if name in {None, each}],
                    rows.user,
                )
            case "GET", "/projects":
                return self._page(request, [rows], Rows.project)
            case "GET", "/version" | "/metadata":
                return 200, {"version": "18.6.1", "revision": "a1b2c3d4e5f",
                             "enterprise": rows.plan != "ce"}, {}  # fmt: skip
            case "GET", "/personal_access_tokens/self" if self.says_token:
                token = {"id": 5, "name": "sync", "revoked": False, "active": True, "user_id": 10}
                return 200, {**token, "scopes": self.scopes, "expires_at": self.expires_at}, {}
        found = _PROJECT.match(request.path)
        if found is None:
            raise _ROUTE
        if self.old_path and unquote(found[1]) == self.old_path:
            where = {"Location": f"{rows.root}/{found[2] or ''}".rstrip("/")}
            said = f"This resource has been moved temporarily to {where['Location']}"
            return 302, {"message": said}, where
        if unquote(found[1]).lower() not in {str(rows.number), rows.path.lower()}:
            raise RefusedError(404, "404 Project Not Found")
        if rows.is_archived and request.method != "GET":
            raise RefusedError(403, "403 Forbidden")
        return self._in_project(request, [unquote(part) for part in (found[2] or "").split("/")])

    def _in_project(self, request: Seen, parts: list[str]) -> Found:
        rows, body = self.rows, request.json if request.body else {}
        match request.method, parts:
            case "GET", [""]:
                return 200, rows.project(), {}
            case "GET", ["labels"]:
                found = sorted(rows.labels.values(), key=lambda each: each.name)
                return self._page(request, found, rows.label)
            case "POST", ["labels"]:
                self._needs(15)
                return 201, rows.label(self.changes.label(body)), {}
            case "GET", ["members", "all"]:
                shown = lambda id_: {**rows.user(id_), "access_level": 30}  # noqa: E731
                return self._page(request, rows.members, shown)
            case "GET", ["milestones"]:
                state = request.get("state")
                found_ = [each for each in rows.milestones.values() if state in {None, each.state}]
                own = [each for each in found_ if not each.is_of_group]
                return self._page(request, own, rows.milestone)
            case "POST", ["milestones"]:
                self._needs(15)
                return 201, rows.milestone(self.changes.milestone(None, body)), {}
            case method, ["milestones", number]:
                return self._milestone(method, number, body)
            case "GET", ["issues"]:
                return self._page(request, self._issues(request), rows.issue)
            case "POST", ["issues"]:
                weak = () if rows.level >= 15 else ("labels", "assignee_ids", "milestone_id")
                taken = {name: value for name, value in body.items() if name not in weak}
                return 201, rows.issue(self.changes.make(taken)), {}
            case method, ["issues", iid, *rest]:
                return self._issue(request, method, self._row(iid), rest, body)
            case _:
                raise _ROUTE

    def _milestone(self, method: str, number: str, body: Any) -> Found:
        row = self.rows.milestones.get(int(number)) if number.isdecimal() else None
        if row is None or row.is_of_group:
            raise RefusedError(404, "404 Not found")
        match method:
            case "GET":
                return 200, self.rows.milestone(row), {}
            case "PUT":
                self._needs(15)
                return 200, self.rows.milestone(self.changes.milestone(row, body)), {}
            case "DELETE":
                self._needs(15)
                self.changes.drop_milestone(row.id)
                return 204, None, {}
            case _:
                raise RefusedError(405, {"error": "405 Not Allowed"})

    def _issue(self, request: Seen, method: str, row: Issue, rest: list[str], body: Any) -> Found:
        rows = self.rows
        if method != "GET":
            self._needs(15)
        match method, rest:
            case "GET", []:
                return 200, rows.issue(row), {}
            case "PUT", []:
                self.changes.change(row, body)
                return 200, rows.issue(row), {}
            case "DELETE", []:
                self._needs(50)
                self.changes.drop(row)
                return 204, None, {}
            case "GET", ["links"]:
                found = rows.links_of(row.iid)
                return 200, [rows.related(*each) for each in found], {}
            case "POST", ["links"]:
                link = self.changes.link(row, body)
                ends = {"source_issue": rows.issue(rows.issues[link.source]),
                        "target_issue": rows.issue(rows.issues[link.target])}  # fmt: skip
                return 201, {**ends, "link_type": body.get("link_type", "relates_to")}, {}
            case "DELETE", ["links", id_] if id_.isdecimal():
                self.changes.unlink(row, int(id_))
                return 204, None, {}
            case _:
                return self._times(request, method, row, rest, body)

    def _times(self, request: Seen, method: str, row: Issue, rest: list[str], body: Any) -> Found:
        given = {**dict(request.query), **(body or {})}
        match method, rest:
            case "GET", ["time_stats"]:
                return 200, self.rows.stats(row), {}
            case "POST", ["time_estimate"]:
                self.changes.estimate(row, given)
            case "POST", ["reset_time_estimate"]:
                self.changes.estimate(row, {"duration": "0m"})
            case "POST", ["add_spent_time"]:
                self.changes.spend(row, given)
            case "POST", ["reset_spent_time"]:
                row.spent = 0
            case _:
                raise _ROUTE
        return 201, self.rows.stats(row), {}

    def _row(self, iid: str) -> Issue:
        if not iid.isdecimal():
            raise RefusedError(400, {"error": "issue_iid is invalid"})
        row = self.rows.issues.get(int(iid))
        if row is None:
            raise RefusedError(404, "404 Not found")
        return row

    def _issues(self, request: Seen) -> list[Issue]:
        state, kind = request.get("state") or "all", request.get("issue_type")
        order, sort = request.get("order_by") or "created_at", request.get("sort") or "desc"
        for name, value, known in (
            ("state", state, {"opened", "closed", "all"}),
            ("order_by", order, {"created_at", "updated_at", "due_date", "title"}),
            ("sort", sort, {"asc", "desc"}),
            ("scope", request.get("scope") or "all", {"all", "created_by_me", "assigned_to_me"}),
        ):
            if value not in known:
                raise RefusedError(400, {"error": f"{name} does not have a valid value"})
        found = [each for each in self.rows.issues.values() if state in {"all", each.state}]
        if kind is not None:
            found = [each for each in found if each.kind == kind]
        since = request.get("updated_after")
        if since is not None:
            found = [each for each in found if _moment(each.updated_at) >= _moment(since)]
        iids = {value for name, value in request.query if name == "iids[]"}
        if iids:
            found = [each for each in found if str(each.iid) in iids]
        search = request.get("search")
        if search is not None:
            found = [each for each in found if search in each.title + (each.description or "")]

        def place(row: Issue) -> tuple[str, int]:
            return str(getattr(row, order)), row.id

        return sorted(found, key=place, reverse=sort == "desc")

    def _page(self, request: Seen, found: list[Any], shown: Callable[[Any], Any]) -> Found:
        size = min(int(request.get("per_page") or 20), 100, self.page_size)
        page = max(1, int(request.get("page") or 1))
        last = max(1, -(-len(found) // size))
        links = {"prev": page - 1, "next": page + 1, "first": 1, "last": last}
        if page >= last:
            del links["next"]
        if page == 1:
            del links["prev"]
        counted = {"X-Total": str(len(found)), "X-Total-Pages": str(last)}
        if len(found) > _MOST_COUNTED:
            counted, _ = {}, links.pop("last")
        query = [each for each in request.query if each[0] not in {"page", "per_page"}]
        text = ", ".join(
            f"<{self.rows.url}{request.path}?"
            f'{urlencode([*query, ("page", number), ("per_page", size)])}>; rel="{rel}"'
            for rel, number in links.items()
        )
        headers = {
            "Link": text,
            "X-Page": str(page),
            "X-Per-Page": str(size),
            "X-Next-Page": str(links.get("next", "")),
            "X-Prev-Page": str(links.get("prev", "")),
            **counted,
        }
        part = found[(page - 1) * size : page * size]
        return 200, [shown(each) for each in part], headers

    def _needs(self, level: int) -> None:
        if self.rows.level < level:
            raise RefusedError(403, "403 Forbidden")


def is_read(request: Seen) -> bool:
    """Whether a request needs no more than the scope read_api."""
    if request.method == "GET":
        return True
    is_graph = request.path == "/api/graphql"
    body: Any = request.json if request.body and is_graph else {}
    text = body.get("query", "") if isinstance(body, Mapping) else ""
    return is_graph and not str(text).lstrip().startswith("mutation")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(400, {"error": "updated_after is invalid"}) from error
