"""Motion's REST API: its address and limits, its pages, and what its errors mean."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from orchestrator.sync.errors import (
    AuthError,
    ClashError,
    DriftError,
    ForbiddenError,
    InvalidError,
    LimitedError,
    NotFoundError,
    PlanLimitError,
    RemoteError,
)
from orchestrator.sync.http import Answer, Http, Query, Vendor, said_in, seconds_in
from orchestrator.sync.pace import Pace, Rate
from orchestrator.sync.remote import Progress, Tie, World

ADDRESS = "https://api.usemotion.com/v1"
ALONE = Rate(12, 60.0)
TEAM = Rate(120, 60.0)
_ODD = "Check the url of the integration in orchestrator.yaml, and sync again later."
_MOST_PAGES = 100_000
_FIRST_WAIT = 5.0
_LONGEST_WAIT = 60.0


@dataclass
class Client:
    """Requests with the errors and limits of Motion.

    Attributes:
        http: What sends them.
    """

    http: Http

    def get(self, path: str, query: Query = ()) -> Any:
        """Return what is there."""
        return self.http.ask("GET", path, query=query).data

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Make something, and return it."""
        return self.http.ask("POST", path, body=body).data

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Set values, which may be sent again since it sets the same ones; return what is there."""
        return self.http.ask("PATCH", path, body=body, is_repeatable=True).data

    def delete(self, path: str) -> None:
        """Delete something; that it is gone already is no error."""
        try:
            self.http.ask("DELETE", path)
        except NotFoundError:
            return

    def use(self, rate: Rate) -> None:
        """Ask no more often than a kind of account may."""
        self.http.pace.rates = (rate,)

    def rows(self, path: str, query: Mapping[str, str], what: str) -> Iterator[Mapping[str, Any]]:
        """Yield the entries of a list, page by page; the server chooses how many are on one.

        Raises:
            DriftError: A page is no list of objects, or leads back to an earlier one.
        """
        cursor: str | None = None
        seen: set[str] = set()
        done = 0
        for _ in range(_MOST_PAGES):
            asked = {**query, "cursor": cursor} if cursor else dict(query)
            page = self.get(path, asked)
            rows = page.get(what) if isinstance(page, Mapping) else None
            if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
                raise DriftError(f"{self.http.host} answered with no list of {what}.", _ODD)
            done += len(rows)
            self.http.world.progress(Progress(f"reading {what}", done))
            yield from rows
            meta = page.get("meta")
            cursor = meta.get("nextCursor") if isinstance(meta, Mapping) else None
            if cursor is None:
                return
            if not isinstance(cursor, str) or not cursor or cursor in seen:
                raise DriftError(f"{self.http.host} lists {what} in pages without end.", _ODD)
            seen.add(cursor)


def client_of(tie: Tie, token: str, world: World) -> Client:
    """Return what speaks to the server of an integration."""
    judge = _Judge(tie)
    vendor = Vendor("Motion", judge)
    headers = {"X-API-Key": token}
    return Client(Http(tie.url or ADDRESS, headers, token, vendor, Pace((ALONE,)), world))


def part(key: str) -> str:
    """Return an id as a part of a path."""
    return quote(key, safe="")


@dataclass
class _Judge:
    """What makes errors of answers; Motion does not say how long to wait, so that is counted."""

    tie: Tie
    limited: int = 0
    _errors: Mapping[int, Callable[[str], RemoteError]] = field(init=False)

    def __post_init__(self) -> None:
        self._errors = {
            400: self._invalid,
            401: self._unauthorized,
            402: _beyond_plan,
            403: _forbidden,
            404: _missing,
            409: lambda told: ClashError(f"Somebody changed it just now{told}", "Sync again."),
        }

    def __call__(self, answer: Answer) -> RemoteError | None:
        said = said_in(answer.data) or answer.text
        told = f": {said}." if said else "."
        if answer.status == 429:  # noqa: PLR2004 - HTTP's number for it
            seconds = seconds_in(answer.headers.get("retry-after"))
            if seconds is None:
                seconds = min(_LONGEST_WAIT, _FIRST_WAIT * 2**self.limited)
            self.limited = min(self.limited + 1, 10)
            return LimitedError(
                "Motion has had too many requests with this key.",
                "It takes 12 a minute, 120 for a team: try again later.",
                retry_after=seconds,
            )
        self.limited = 0
        if answer.status in self._errors:
            return self._errors[answer.status](told)
        if 400 <= answer.status < 500:  # noqa: PLR2004 - HTTP's class of refusals
            return DriftError(f"Motion answered with HTTP {answer.status}{told}", _ODD)
        return None

    def _unauthorized(self, told: str) -> RemoteError:
        return AuthError(
            f"Motion does not take the API key{told}",
            f"Make a new one in Motion's settings, and put it into {self.tie.token} .",
        )

    def _invalid(self, told: str) -> RemoteError:
        if "label" in told.lower():
            return InvalidError(
                f"Motion refuses a label{told}",
                "Make the label in Motion's workspace settings: its API cannot.",
                field="labels",
            )
        return InvalidError(
            f"Motion refuses a value{told}",
            "Change the value here, or leave the field to Motion with owner in the integration.",
        )


def _beyond_plan(told: str) -> RemoteError:
    return PlanLimitError(
        f"The account's plan at Motion does not allow it{told}", "Ask who pays for it."
    )


def _forbidden(told: str) -> RemoteError:
    return ForbiddenError(
        f"The key's owner may not do that in Motion{told}",
        "Use the key of somebody who is a member of the workspace.",
    )


def _missing(told: str) -> RemoteError:
    return NotFoundError(
        f"Motion has nothing there that the key may see{told}",
        "Check scope.workspace in orchestrator.yaml.",
    )
