"""Questions and changes in GraphQL, page by page, over one address."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from orchestrator.sync.errors import DriftError, InvalidError
from orchestrator.sync.http import Answer, Http, Vendor
from orchestrator.sync.pace import Pace
from orchestrator.sync.remote import Tie, World
from orchestrator.sync.remotes.linear.refusals import ComplexError, error_in, seconds_left

URL = "https://api.linear.app"
_PATH = "/graphql"
_OAUTH = re.compile(r"lin_oauth_|[0-9a-f]{64}$")
_SMALLEST = 10

Page = tuple[list[Mapping[str, Any]], str | None]
"""Nodes, and the cursor of the next page; None after the last."""


def open_http(tie: Tie, token: str, world: World) -> Http:
    """Return the way to Linear; nothing is sent yet."""
    store, _, name = tie.token.partition(":")
    place = f"the environment variable {name}" if store == "env" else f"the {store} as {name}"

    def now() -> float:
        return world.now().timestamp()

    def judge(answer: Answer) -> Any:
        return error_in(answer, now(), place)

    def left(answer: Answer) -> float | None:
        return seconds_left(answer, now())

    # A personal key goes as it is; a token that an application was given is a bearer's.
    value = f"Bearer {token}" if _OAUTH.match(token) else token
    return Http(
        base=(tie.url or URL).removesuffix(_PATH),
        headers={"Authorization": value},
        secret=token,
        vendor=Vendor("Linear", judge, left),
        pace=Pace(),
        world=world,
    )


def query(http: Http, text: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what Linear says to a question."""
    return query_when(http, text, variables)[0]


def query_when(
    http: Http, text: str, variables: Mapping[str, Any]
) -> tuple[Mapping[str, Any], datetime | None]:
    """Return what Linear says to a question, and when, by its own clock if it says that."""
    body = {"query": text, "variables": dict(variables)}
    answer = http.ask("POST", _PATH, body=body, is_write=False)
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return _data(answer), None
    return _data(answer), moment if moment.tzinfo else None


def mutate(
    http: Http, text: str, variables: Mapping[str, Any], *, is_repeatable: bool = True
) -> Mapping[str, Any]:
    """Make changes and return what Linear says.

    Raises:
        RemoteError: One of them was not made; those before it may have been.
    """
    body = {"query": text, "variables": dict(variables)}
    data = _data(http.ask("POST", _PATH, body=body, is_repeatable=is_repeatable))
    for payload in data.values():
        if not isinstance(payload, dict) or payload.get("success") is not True:
            raise InvalidError("Linear did not do it, and gives no reason.", "Try again later.")
    return data


def page_of(connection: Any) -> Page:
    """Return the nodes of a connection, and where to go on.

    Raises:
        DriftError: There is more, and nothing says where.
    """
    try:
        nodes, info = connection["nodes"], connection["pageInfo"]
        has_more, cursor = info["hasNextPage"], info["endCursor"]
    except (KeyError, TypeError):
        raise DriftError("Linear answered without a page where one was asked for.") from None
    if has_more and not cursor:
        raise DriftError(
            "Linear says that there is more, and not where.",
            "Nothing was changed; try again later.",
        )
    return nodes, cursor if has_more else None


def pages(
    http: Http,
    text: str,
    variables: Mapping[str, Any],
    find: Callable[[Mapping[str, Any]], Any],
    after: str | None = None,
) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the nodes of each page from a cursor on; smaller ones where Linear asks for that.

    Args:
        http: The way to Linear.
        text: A query with the variable `after`.
        variables: Its further ones; `first` is the size of a page.
        find: Finds the connection in the answer.
        after: The cursor to go on from.
    """
    seen = {after}
    more = dict(variables)
    while True:
        try:
            data = query(http, text, {**more, "after": after})
        except ComplexError:
            if more.get("first", 0) <= _SMALLEST:
                raise
            more["first"] //= 2
            continue
        nodes, after = page_of(find(data))
        yield nodes
        if after is None:
            return
        if after in seen:
            raise DriftError("Linear's pages go round in a circle.", "Try again later.")
        seen.add(after)


def _data(answer: Answer) -> Mapping[str, Any]:
    data = answer.data.get("data") if isinstance(answer.data, dict) else None
    if not isinstance(data, dict):
        raise DriftError(
            "Linear's answer holds no data.",
            "Check the url of the integration in orchestrator.yaml.",
        )
    return data
