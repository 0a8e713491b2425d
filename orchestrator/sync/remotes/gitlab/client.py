"""GitLab's REST and GraphQL: addresses, limits, pages, and answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.sync.errors import DriftError, NotFoundError
from orchestrator.sync.http import Answer, Http, Query, Vendor, said_in
from orchestrator.sync.pace import Pace, Rate
from orchestrator.sync.remote import Progress, Tie, World
from orchestrator.sync.remotes.gitlab import refusals

ADDRESS = "https://gitlab.com"
PAGE = 100
# Of gitlab.com; a server of one's own says in its headers what it allows.
_RATES = (Rate(2000, 60.0),)
_CREATIONS = (Rate(200, 60.0),)
_PATIENCE = 3700.0
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,]*\brel="?next"?')
_HAS_NEXT = re.compile(r'\brel="?next"?')
_ODD = "Check the url of the integration in orchestrator.yaml, and sync again later."
_ROOT = re.compile(r"(?:/api(?:/v4)?)?/*\Z")


@dataclass
class Client:
    """Requests to one server, with the errors and limits of GitLab.

    Attributes:
        http: What sends them.
        dates: When GitLab sent the pages of lists, as its headers say.
        creations: How often issues may be made.
    """

    http: Http
    dates: list[str] = field(default_factory=list)
    creations: Pace = field(default_factory=lambda: Pace(_CREATIONS))

    def get(self, path: str, query: Query = ()) -> Any:
        """Return what is there."""
        return self.http.ask("GET", path, query=query).data

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """Set values, which may be sent again since it sets the same ones; return what is there."""
        return self.http.ask("PUT", path, body=body).data

    def post(
        self, path: str, body: Mapping[str, Any] | None = None, *, is_repeatable: bool = False
    ) -> Any:
        """Do something, and return what it gives."""
        return self.http.ask("POST", path, body=body, is_repeatable=is_repeatable).data

    def make(self, path: str, body: Mapping[str, Any]) -> Any:
        """Make an issue or a milestone, no faster than GitLab lets anybody, and return it."""
        now = self.http.world.now().timestamp()
        self.http.pace.block(now + self.creations.wait(now, is_write=True))
        made = self.post(path, body)
        self.creations.note(self.http.world.now().timestamp(), is_write=True)
        return made

    def delete(self, path: str) -> None:
        """Delete something; that it is gone already is no error."""
        try:
            self.http.ask("DELETE", path)
        except NotFoundError:
            return

    def rows(self, path: str, query: Mapping[str, str], what: str) -> Iterator[Mapping[str, Any]]:
        """Yield the entries of a list, page by page."""
        for page in self.pages(path, query, what):
            yield from page

    def pages(
        self, path: str, query: Mapping[str, str], what: str
    ) -> Iterator[list[Mapping[str, Any]]]:
        """Yield the pages of a list.

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
            total = answer.headers.get("x-total", "")
            known = int(total[:9]) if total.isdecimal() else None
            self.http.world.progress(Progress(f"reading {what}", done, known))
            yield rows
            where, asked = _next(answer, self.http.host), {}
            if where in seen:
                raise DriftError(f"{self.http.host} lists {what} in pages without end.", _ODD)
            seen.add(where)

    def query(self, text: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what GraphQL answers to a question.

        Raises:
            RemoteError: When it refuses.
        """
        return self._graphql(text, variables, is_write=False)

    def mutate(self, text: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make one change that may be sent again, and return what GraphQL says of it.

        Raises:
            RemoteError: When it refuses, be it beside the change or instead of an answer.
        """
        data = self._graphql(text, variables, is_write=True)
        payload = next(iter(data.values()), None)
        if not isinstance(payload, Mapping):
            raise DriftError("GitLab answers nothing to a change.", _ODD)
        told = said_in({"errors": payload.get("errors")})
        if told:
            raise refusals.refused(told)
        return payload

    def _graphql(
        self, text: str, variables: Mapping[str, Any], *, is_write: bool
    ) -> Mapping[str, Any]:
        body = {"query": text, "variables": dict(variables)}
        answer = self.http.ask("POST", "/graphql", body=body, is_repeatable=True, is_write=is_write)
        found = answer.data if isinstance(answer.data, Mapping) else {}
        told = said_in({"errors": found.get("errors")})
        if told:
            raise refusals.refused(told)
        data = found.get("data")
        if not isinstance(data, Mapping):
            raise DriftError(
                f"{self.http.host} answered without the data that was asked for.", _ODD
            )
        return data


def client_of(tie: Tie, token: str, world: World) -> Client:
    """Return what speaks to the server of an integration; its url may end with the API's path."""

    def limit(answer: Answer) -> float | None:
        return left(answer, world.now().timestamp())

    base = f"{_ROOT.sub('', tie.url or ADDRESS)}/api"
    vendor = Vendor("GitLab", refusals.judge_of(tie), limit, _PATIENCE)
    return Client(Http(base, {"PRIVATE-TOKEN": token}, token, vendor, Pace(_RATES), world))


def left(answer: Answer, now: float) -> float | None:
    """Return the seconds until there are requests again when none is left, or None."""
    reset = answer.headers.get("ratelimit-reset", "")
    if answer.headers.get("ratelimit-remaining") != "0" or not reset.isdecimal():
        return None
    return min(3600.0, max(0.0, float(reset[:12]) - now))


def _next(answer: Answer, host: str) -> str:
    links = answer.headers.get("link", "")
    found = _NEXT.search(links)
    if found and found[1]:
        return found[1]
    if _HAS_NEXT.search(links) or answer.headers.get("x-next-page", "").strip():
        raise DriftError(f"{host} says that there is a further page, and not where.", _ODD)
    return ""
