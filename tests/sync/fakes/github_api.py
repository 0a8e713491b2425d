"""The paths of a fake GitHub: from a request to rows and back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

from tests.sync.fakes.github_changes import Changes, RefusedError
from tests.sync.fakes.github_rows import Issue, Rows
from tests.sync.fakes.server import Reply, Seen

_REPOSITORY = re.compile(r"/repos/([^/]+)/([^/]+)(/.*)?\Z")
_NOT_FOUND = "Not Found"


@dataclass
class Api:
    """The operations.

    Attributes:
        rows, changes: What they work on.
        may: `push` and `triage` of the token's owner.
        is_archived: The repository is read-only.
        old_name: A name that the repository had before.
        page_size: The most entries that a page has, whatever is asked for.
    """

    rows: Rows
    changes: Changes
    may: dict[str, bool]
    is_archived: bool = False
    old_name: str = ""
    page_size: int = 100

    def answer(self, request: Seen) -> Reply:
        self.rows.index()
        try:
            status, found, headers = self._found(request)
        except RefusedError as error:
            return Reply(error.status, error.body)
        return Reply(status, found, headers)

    def _found(self, request: Seen) -> tuple[int, Any, dict[str, str]]:
        rows = self.rows
        match request.method, request.path:
            case "GET", "/user":
                return 200, self._me(), {}
            case "GET", "/user/repos":
                return 200, [rows.repository(may=self.may, is_archived=self.is_archived)], {}
            case "GET", path if path == f"/orgs/{rows.owner}/issue-fields" and rows.columns:
                return 200, [rows.column(each) for each in rows.columns], {}
        found = _REPOSITORY.match(request.path)
        name = f"{found[1]}/{found[2]}" if found else ""
        if found and self.old_name and name == self.old_name:
            url = f"{rows.url}/repositories/4711{found[3] or ''}"
            return 301, {"message": "Moved Permanently", "url": url}, {"Location": url}
        if found is None or name.lower() != f"{rows.owner}/{rows.name}".lower():
            raise RefusedError(404, _NOT_FOUND)
        if self.is_archived and request.method != "GET":
            raise RefusedError(403, "Repository was archived so is read-only.")
        parts = [unquote(part) for part in (found[3] or "").split("/")[1:]]
        return self._in_repository(request, parts)

    def _in_repository(self, request: Seen, parts: list[str]) -> tuple[int, Any, dict[str, str]]:
        rows, body = self.rows, request.json if request.body else {}
        match request.method, parts:
            case "GET", []:
                return 200, rows.repository(may=self.may, is_archived=self.is_archived), {}
            case "GET", ["labels"]:
                return self._page(request, list(rows.labels.values()), rows.label)
            case "POST", ["labels"]:
                self._needs("push")
                return 201, rows.label(self.changes.label(body)), {}
            case "GET", ["labels", name] if name.lower() in rows.labels:
                return 200, rows.label(rows.labels[name.lower()]), {}
            case "GET", ["assignees"]:
                return self._page(request, list(rows.logins), rows.user)
            case "GET", ["milestones"]:
                return self._page(request, self._milestones(request), rows.milestone)
            case "POST", ["milestones"]:
                self._needs("push")
                return 201, rows.milestone(self.changes.milestone(None, body)), {}
            case method, ["milestones", number] if number in map(str, rows.milestones):
                return self._milestone(method, int(number), body)
            case "GET", ["issues"]:
                return self._page(request, self._issues(request), rows.issue)
            case "POST", ["issues"]:
                made = self.changes.issue(body, is_writer=self._is_writer)
                return 201, rows.issue(made), {}
            case method, ["issues", number, *rest] if number.isdecimal():
                return self._issue(request, method, self._row(int(number)), rest, body)
            case _:
                raise RefusedError(404, _NOT_FOUND)

    def _milestone(self, method: str, number: int, body: Any) -> tuple[int, Any, dict[str, str]]:
        if method == "GET":
            return 200, self.rows.milestone(self.rows.milestones[number]), {}
        self._needs("push")
        if method == "DELETE":
            self.changes.drop_milestone(number)
            return 204, None, {}
        changed = self.changes.milestone(self.rows.milestones[number], body)
        return 200, self.rows.milestone(changed), {}

    def _issue(
        self, request: Seen, method: str, row: Issue, rest: list[str], body: Any
    ) -> tuple[int, Any, dict[str, str]]:
        rows = self.rows
        if method != "GET":
            self._needs("triage")
        match method, rest:
            case "GET", []:
                pass
            case "PATCH", []:
                self.changes.change(row, body)
            case "GET", ["sub_issues"]:
                return self._page(request, rows.children(row.number), rows.issue)
            case "GET", ["parent"] if row.parent:
                row = rows.issues[row.parent]
            case "GET", ["dependencies", "blocked_by"]:
                return self._page(request, rows.blockers(row), rows.issue)
            case "GET", ["issue-field-values"]:
                return self._page(request, list(row.values.items()), lambda each: rows.value(*each))
            case _:
                return self._relate(method, row, rest, body)
        rows.index()
        return 200, rows.issue(row), {}

    def _relate(
        self, method: str, row: Issue, rest: list[str], body: Any
    ) -> tuple[int, Any, dict[str, str]]:
        status = 201
        match method, rest:
            case "POST", ["sub_issues"]:
                child = self._by_id(body["sub_issue_id"])
                self.changes.hang(row, child, may_replace=bool(body.get("replace_parent")))
            case "DELETE", ["sub_issue"]:
                status, child = 200, self._by_id(body["sub_issue_id"])
                if child.parent != row.number:
                    raise RefusedError(404, _NOT_FOUND)
                child.parent = None
                self.changes.touch(row, child)
            case "POST", ["dependencies", "blocked_by"]:
                self.changes.block(row, self._by_id(body["issue_id"]))
            case "DELETE", ["dependencies", "blocked_by", id_]:
                status, blocker = 200, self._by_id(int(id_))
                if blocker.number not in row.blocked_by:
                    raise RefusedError(404, _NOT_FOUND)
                row.blocked_by.remove(blocker.number)
                self.changes.touch(row, blocker)
            case "DELETE", ["issue-field-values", id_]:
                if row.values.pop(int(id_), None) is None:
                    raise RefusedError(404, _NOT_FOUND)
                self.changes.touch(row)
                return 204, None, {}
            case _:
                raise RefusedError(404, _NOT_FOUND)
        self.rows.index()
        return status, self.rows.issue(row), {}

    def _row(self, number: int) -> Issue:
        row = self.rows.issues.get(number)
        if row is None:
            raise RefusedError(404, _NOT_FOUND)
        if row.gone == "deleted":
            raise RefusedError(410, "This issue was deleted")
        if row.gone == "moved":
            raise RefusedError(301, "Moved Permanently", url=f"{self.rows.url}/repositories/9/x")
        return row

    def _by_id(self, id_: Any) -> Issue:
        row = self.rows.by_id(id_)
        if row is None:
            raise RefusedError(404, _NOT_FOUND)
        return row

    def _issues(self, request: Seen) -> list[Issue]:
        state, since = request.get("state") or "open", request.get("since") or ""
        found = [
            each
            for each in self.rows.live()
            if state in {each.state, "all"} and each.updated_at >= since
        ]
        by_update = request.get("sort") == "updated"
        found.sort(key=lambda row: (row.updated_at if by_update else row.created_at, row.number))
        return found if request.get("direction") == "asc" else found[::-1]

    def _milestones(self, request: Seen) -> list[Any]:
        state = request.get("state") or "open"
        return [each for each in self.rows.milestones.values() if state in {each.state, "all"}]

    def _page(
        self, request: Seen, found: list[Any], shown: Callable[[Any], Any]
    ) -> tuple[int, Any, dict[str, str]]:
        size = min(int(request.get("per_page") or 30), 100, self.page_size)
        page = max(1, int(request.get("page") or 1))
        last = max(1, -(-len(found) // size))
        links = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        if page >= last:
            del links["next"], links["last"]
        if page == 1:
            del links["prev"], links["first"]
        query = {name: value for name, value in request.query if name != "page"}
        root = f"{self.rows.url}{request.path}"
        text = ", ".join(
            f'<{root}?{urlencode({**query, "page": number})}>; rel="{rel}"'
            for rel, number in links.items()
        )
        part = found[(page - 1) * size : page * size]
        return 200, [shown(each) for each in part], {"Link": text} if text else {}

    @property
    def _is_writer(self) -> bool:
        return self.may["push"] or self.may["triage"]

    def _needs(self, what: str) -> None:
        if not self.may["push"] and not (what == "triage" and self._is_writer):
            raise RefusedError(403, "Resource not accessible by personal access token")

    def _me(self) -> Mapping[str, Any]:
        counts = "followers following public_gists public_repos collaborators disk_usage"
        counts += " owned_private_repos private_gists total_private_repos"
        moment = "2020-01-02T03:04:05Z"
        return {
            **self.rows.user("dana"),
            **dict.fromkeys(counts.split(), 0),
            **dict.fromkeys(("name", "company", "location", "email", "hireable", "bio")),
            "blog": "",
            "two_factor_authentication": True,
            "created_at": moment,
            "updated_at": moment,
        }
