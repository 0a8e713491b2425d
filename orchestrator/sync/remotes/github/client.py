"""GitHub's REST API: its address and limits, its pages, and what its errors mean."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.sync.errors import (
    AuthError,
    ClashError,
    DriftError,
    ForbiddenError,
    GoneError,
    InvalidError,
    LimitedError,
    NotFoundError,
    PlanLimitError,
    RemoteError,
)
from orchestrator.sync.http import Answer, Http, Query, Vendor, said_in, seconds_in
from orchestrator.sync.pace import Pace, Rate
from orchestrator.sync.remote import Progress, Tie, World

ADDRESS = "https://api.github.com"
PAGE = 100
_VERSION = "2022-11-28"
# Writes a second apart, and well below the 900 points a minute of the secondary limit.
_RATES = (Rate(1, 1.0, writes_only=True), Rate(500, 60.0))
_CREATIONS = (Rate(80, 60.0), Rate(500, 3600.0))
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,]*\brel="?next"?')
_HAS_NEXT = re.compile(r'\brel="?next"?')
_LAST = re.compile(r'[?&]page=(\d{1,6})[^<>]*>\s*;\s*rel="?last"?')
# Its limits are by the hour: whoever makes more than that waits for the next one.
_PATIENCE = 3700.0
_ODD = "Check the url of the integration in orchestrator.yaml, and sync again later."
_MOVED = frozenset({301, 302, 307, 308})
_REFUSED = frozenset({403, 429})
_OURS = {
    "title": "title",
    "body": "description",
    "description": "description",
    "labels": "labels",
    "assignee": "assignee",
    "assignees": "assignee",
    "milestone": "project",
    "due_on": "due_date",
    "state": "status",
}


@dataclass
class Client:
    """Requests to one server, with the errors and limits of GitHub.

    Attributes:
        http: What sends them.
        creations: How often issues, milestones and links may be made.
        dates: When GitHub sent the pages of lists, as its headers say.
    """

    http: Http
    dates: list[str] = field(default_factory=list)
    creations: Pace = field(default_factory=lambda: Pace(_CREATIONS))

    def get(self, path: str, query: Query = ()) -> Any:
        """Return what is there."""
        return self.http.ask("GET", path, query=query).data

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Set values, which may be sent again since it sets the same ones; return what is there."""
        return self.http.ask("PATCH", path, body=body, is_repeatable=True).data

    def delete(self, path: str, body: Any = None) -> None:
        """Delete something; that it is gone already is no error."""
        try:
            self.http.ask("DELETE", path, body=body)
        except NotFoundError:
            return

    def make(self, path: str, body: Mapping[str, Any], *, is_repeatable: bool = False) -> Any:
        """Make something, no faster than GitHub lets anybody, and return it."""
        now = self.http.world.now().timestamp()
        self.http.pace.block(now + self.creations.wait(now, is_write=True))
        answer = self.http.ask("POST", path, body=body, is_repeatable=is_repeatable)
        self.creations.note(self.http.world.now().timestamp(), is_write=True)
        return answer.data

    def rows(self, path: str, query: Mapping[str, str], what: str) -> Iterator[Mapping[str, Any]]:
        """Yield the entries of a list, page by page.

        Args:
            path: Of the list.
            query: Parameters, without those for paging.
            what: For the progress, and for the sentence when it is no list.

        Raises:
            DriftError: When a page is no list of objects, or leads back to an earlier one.
        """
        where, asked = path, {**query, "per_page": str(PAGE)}
        seen: set[str] = set()
        done = 0
        while where:
            answer = self.http.ask("GET", where, query=asked)
            rows = answer.data
            self.dates.append(answer.headers.get("date", ""))
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise DriftError(f"{self.http.host} answered with no list of {what}.", _ODD)
            done += len(rows)
            self._tell(what, done, answer)
            yield from rows
            where, asked = _next(answer, self.http.host), {}
            if where in seen:
                raise DriftError(f"{self.http.host} lists {what} in pages without end.", _ODD)
            seen.add(where)

    def _tell(self, what: str, done: int, answer: Answer) -> None:
        last = _LAST.search(answer.headers.get("link", ""))
        total = max(done, int(last[1]) * PAGE) if last else None
        self.http.world.progress(Progress(f"reading {what}", done, total))


def client_of(tie: Tie, token: str, world: World) -> Client:
    """Return what speaks to the server of an integration."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json, application/json",
        "X-GitHub-Api-Version": _VERSION,
    }

    def now() -> float:
        return world.now().timestamp()

    limit = lambda answer: left(answer, now())  # noqa: E731 - of an answer alone
    vendor = Vendor("GitHub", judge_of(tie, now), limit, _PATIENCE)
    return Client(Http(tie.url or ADDRESS, headers, token, vendor, Pace(_RATES), world))


def left(answer: Answer, now: float) -> float | None:
    """Return the seconds until there are requests again when none is left, or None."""
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") != "0" or not reset.isdecimal():
        return None
    return min(3600.0, max(0.0, float(reset[:12]) - now))


def judge_of(tie: Tie, now: Callable[[], float]) -> Callable[[Answer], RemoteError | None]:
    """Return what makes errors of answers.

    Args:
        tie: The integration, for the hints.
        now: The moment, in seconds since 1970.
    """

    def judge(answer: Answer) -> RemoteError | None:
        said = said_in(answer.data) or answer.text
        if answer.status in _REFUSED and _is_limit(answer, said):
            seconds = seconds_in(answer.headers.get("retry-after"))
            return LimitedError(
                "GitHub has had too many requests with this token.",
                "Try again later.",
                retry_after=left(answer, now()) if seconds is None else seconds,
            )
        return _error(answer, said, tie)

    return judge


def _error(answer: Answer, said: str, tie: Tie) -> RemoteError | None:
    told = f": {said}." if said else "."
    match answer.status:
        case 401:
            return AuthError(
                f"GitHub does not take the token{told}",
                f"It may be expired or revoked: make a new one, and put it into {tie.token} .",
            )
        case 402:
            return _beyond_plan(told)
        case 403 | 451:
            return _forbidden(answer, said, told)
        case 404:
            return NotFoundError(
                f"GitHub has nothing there that the token may see{told}",
                "Check scope.repository in orchestrator.yaml, and which repositories the token "
                "may read.",
            )
        case 410:
            return GoneError(f"It was deleted on GitHub{told}", "Sync again.")
        case 409 | 412:
            return ClashError(f"Somebody else changed it on GitHub just now{told}", "Sync again.")
        case 400 | 422:
            return _invalid(answer.data, told)
        case status if status in _MOVED:
            return GoneError(
                f"It was moved to another place on GitHub{told}",
                "Check scope.repository in orchestrator.yaml.",
            )
        case status if 400 <= status < 429 or 429 < status < 500:  # noqa: PLR2004 - HTTP's classes
            return DriftError(
                f"GitHub answered with HTTP {status}{told}",
                "Check the url of the integration in orchestrator.yaml.",
            )
        case _:
            return None


def _forbidden(answer: Answer, said: str, told: str) -> RemoteError:
    if "x-github-sso" in answer.headers:
        return ForbiddenError(
            f"The organization wants the token to be authorized for its single sign-on{told}",
            "Open the token in GitHub's developer settings, and choose Configure SSO.",
        )
    if "upgrade to" in said.lower():
        return _beyond_plan(told)
    return ForbiddenError(
        f"The token may not do that on GitHub{told}",
        "Give it the permission Issues: read and write for this repository.",
    )


def _beyond_plan(told: str) -> RemoteError:
    return PlanLimitError(
        f"The account's plan on GitHub does not allow it{told}",
        "Ask the owner of the repository to change the plan.",
    )


def _invalid(data: Any, told: str) -> RemoteError:
    rows = data.get("errors") if isinstance(data, Mapping) else None
    errors = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    names = [row["field"] for row in errors if isinstance(row.get("field"), str)]
    named = f" ({', '.join(dict.fromkeys(names))})" if names else ""
    if any(row.get("code") == "already_exists" for row in errors):
        return ClashError(f"GitHub has one with that name already{named}{told}", "Sync again.")
    field_ = next((_OURS[name] for name in names if name in _OURS), None)
    hint = "Change the value here, or leave the field to GitHub with owner in the integration."
    return InvalidError(f"GitHub refuses a value{named}{told}", hint, field=field_)


def _is_limit(answer: Answer, said: str) -> bool:
    return (
        answer.status == 429  # noqa: PLR2004 - HTTP's number for it
        or "retry-after" in answer.headers
        or answer.headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in said.lower()
    )


def _next(answer: Answer, host: str) -> str:
    links = answer.headers.get("link", "")
    found = _NEXT.search(links)
    if found and found[1]:
        return found[1]
    if _HAS_NEXT.search(links):
        raise DriftError(f"{host} says that there is a further page, and not where.", _ODD)
    return ""
