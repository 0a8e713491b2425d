"""Notion's REST API: its address and limits, its pages, and what its errors mean."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

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
from orchestrator.sync.remote import Tie, World
from orchestrator.sync.remotes.notion.ids import uuid_in

ADDRESS: Final = "https://api.notion.com/v1"
VERSION: Final = "2025-09-03"
PAGE: Final = 100
_RATES = (Rate(3, 1.0),)
_MOST_PAGES = 100_000
_ODD = "Check the url of the integration in orchestrator.yaml, and sync again later."
_REFUSED = range(400, 500)
_OVERLOADED = 529


@dataclass
class Client:
    """Requests with the errors and limits of Notion.

    Attributes:
        http: What sends them.
        dates: When Notion answered, as its headers say.
        fields: Field of ours by the name of a property, for what Notion refuses.
    """

    http: Http
    dates: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, query: Query = ()) -> Any:
        """Return what is there."""
        answer = self.http.ask("GET", path, query=query)
        self.dates.append(answer.headers.get("date", ""))
        return answer.data

    def read(self, path: str, body: Mapping[str, Any]) -> Any:
        """Return what a question brings that Notion takes as a POST."""
        answer = self.http.ask("POST", path, body=body, is_write=False)
        self.dates.append(answer.headers.get("date", ""))
        return answer.data

    def make(self, path: str, body: Mapping[str, Any]) -> Any:
        """Make something, and return it."""
        return self.http.ask("POST", path, body=body).data

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Set values, which may be sent again since it sets the same ones; return what is there."""
        return self.http.ask("PATCH", path, body=body, is_repeatable=True).data

    def rows(self, path: str, what: str, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """Yield the entries of a list that is read with GET, page by page."""

        def ask(cursor: str | None) -> Any:
            more = {"start_cursor": cursor} if cursor else {}
            return self.get(path, {**query, "page_size": str(PAGE), **more})

        for page in self.pages(ask, what):
            yield from page["results"]

    def pages(self, ask: Callable[[str | None], Any], what: str) -> Iterator[Mapping[str, Any]]:
        """Yield the pages of a list.

        Args:
            ask: Returns the page at a cursor; None is the first one.
            what: Is listed, for a sentence when it is none.

        Raises:
            DriftError: A page is no list of objects, lacks its cursor, or leads back.
        """
        cursor: str | None = None
        seen: set[str] = set()
        for _ in range(_MOST_PAGES):
            page = ask(cursor)
            rows = page.get("results") if isinstance(page, Mapping) else None
            if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
                raise DriftError(f"{self.http.host} answered with no list of {what}.", _ODD)
            yield page
            if not page.get("has_more"):
                return
            cursor = page.get("next_cursor")
            if not isinstance(cursor, str) or not cursor:
                raise DriftError(
                    f"{self.http.host} says that there are further {what}, and not where.", _ODD
                )
            if cursor in seen:
                break
            seen.add(cursor)
        raise DriftError(f"{self.http.host} lists {what} in pages without end.", _ODD)


def client_of(tie: Tie, token: str, world: World) -> Client:
    """Return what speaks to the server of an integration."""
    fields: dict[str, str] = {}
    vendor = Vendor("Notion", judge_of(tie, fields))
    headers = {"Authorization": f"Bearer {token}", "Notion-Version": VERSION}
    http = Http(tie.url or ADDRESS, headers, token, vendor, Pace(_RATES), world)
    return Client(http, fields=fields)


def place(folder: str, key: str, *rest: str) -> str:
    """Return the path of a page, database or data source.

    Raises:
        NotFoundError: Its key cannot be one of Notion's.
    """
    found = uuid_in(key)
    if found is None:
        raise NotFoundError(
            f"Notion has nothing with the id {key[:80]!r} .", "Copy the id from a link of Notion's."
        )
    # The ids of properties come quoted.
    tail = "".join(f"/{quote(part, safe='%')}" for part in rest)
    return f"/{folder}/{found}{tail}"


def shaped(row: Any, what: str, *needed: str) -> Mapping[str, Any]:
    """Return an object of an answer that has these fields.

    Raises:
        DriftError: It is none, or lacks one.
    """
    if not isinstance(row, Mapping):
        raise DriftError(f"Notion answered with something that is not a {what}.", _ODD)
    for name in needed:
        kind = Mapping if name == "properties" else str
        if not isinstance(row.get(name), kind) or (name == "id" and not row[name]):
            raise DriftError(f"Notion answered with a {what} that has no {name}.", _ODD)
    return row


def judge_of(tie: Tie, fields: Mapping[str, str]) -> Callable[[Answer], RemoteError | None]:
    """Return what makes errors of answers.

    Args:
        tie: The integration, for the hints.
        fields: Field of ours by the name of a property.
    """

    def judge(answer: Answer) -> RemoteError | None:
        # Both say that the request was not looked at, so that even a write can be sent again.
        if answer.status in {429, _OVERLOADED}:
            return _limited(answer)
        if answer.status not in _REFUSED:
            return None
        said = said_in(answer.data) or answer.text
        told = f": {said}." if said else "."
        code = answer.data.get("code") if isinstance(answer.data, Mapping) else None
        if answer.status == 400 and code != "invalid_request_url":  # noqa: PLR2004 - HTTP's number
            return _invalid(said, told, fields)
        return _error(answer.status, told, tie)

    return judge


def _error(status: int, told: str, tie: Tie) -> RemoteError:
    match status:
        case 401:
            return AuthError(
                f"Notion does not take the token{told}",
                f"It may be revoked: copy it from the connection's page, and put it into "
                f"{tie.token} .",
            )
        case 402:
            return _beyond_plan(told)
        case 403:
            return ForbiddenError(
                f"The connection may not do that in Notion{told}",
                "Give it the capabilities to read, update and insert content, on its page.",
            )
        case 404:
            return NotFoundError(
                f"Notion has nothing there that the connection may see{told}",
                "Open it in Notion, choose Connections in its ••• menu, and add the connection.",
            )
        case 409:
            return ClashError(f"Somebody else changed it in Notion just now{told}", "Sync again.")
        case 413:
            return InvalidError(
                f"That is more than Notion takes at once{told}", "Shorten the description."
            )
        case _:
            return DriftError(f"Notion answered with HTTP {status}{told}", _ODD)


def _limited(answer: Answer) -> RemoteError:
    data = answer.data if isinstance(answer.data, Mapping) else {}
    more = data.get("additional_data")
    reason = more.get("rate_limit_reason") if isinstance(more, Mapping) else None
    why = f" ({' '.join(str(reason).split())[:80]})" if reason else ""
    what = "is overloaded" if answer.status == _OVERLOADED else "has had too many requests"
    return LimitedError(
        f"Notion {what}{why}.",
        "Try again later.",
        retry_after=seconds_in(answer.headers.get("retry-after")),
    )


def _invalid(said: str, told: str, fields: Mapping[str, str]) -> RemoteError:
    low = said.lower()
    if "archived" in low or "in trash" in low:
        return GoneError(
            f"It is in Notion's trash{told}", "Restore it there, or delete it here as well."
        )
    if "upgrade" in low or "plan limit" in low:
        return _beyond_plan(told)
    # The longest name first: one may be a part of another.
    names = sorted(fields, key=len, reverse=True)
    named = next((name for name in names if name.lower() in low), None)
    return InvalidError(
        f"Notion refuses a value{told}",
        "Change the value here, or leave the field to Notion with owner in the integration.",
        field=fields[named] if named else None,
    )


def _beyond_plan(told: str) -> RemoteError:
    return PlanLimitError(
        f"The workspace's plan at Notion does not allow it{told}",
        "Ask the owner of the workspace to change the plan.",
    )
