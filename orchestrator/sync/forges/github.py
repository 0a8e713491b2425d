"""Pull requests on GitHub, and on servers that speak its API.

As GitHub's REST description, version 2022-11-28, has it: pulls/list, pulls/create, pulls/update.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from orchestrator.sync.forges.http import Client, RemoteRejectedError, RemoteUnavailableError
from orchestrator.sync.forges.request import Opened, Wanted

_LONGEST_TITLE = 256
_UNPROCESSABLE = 422


def headers(token: str) -> dict[str, str]:
    """Return what goes with each request."""
    return {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }


def open_or_update(client: Client, wanted: Wanted) -> Opened:
    """Open a pull request, or give the open one its present title and text."""
    path = f"/repos/{quote(client.forge.project)}/pulls"
    texts = {"title": wanted.title[:_LONGEST_TITLE], "body": wanted.body}
    number = _open_one(client, path, wanted)
    if number is None:
        try:
            branches = {"head": wanted.branch, "base": wanted.target}
            return _opened(client, client.ask("POST", path, {**texts, **branches}), is_new=True)
        except RemoteRejectedError as error:
            # Somebody else may have opened it just now.
            number = _open_one(client, path, wanted) if error.status == _UNPROCESSABLE else None
            if number is None:
                raise
    return _opened(client, client.ask("PATCH", f"{path}/{number}", texts), is_new=False)


def _open_one(client: Client, path: str, wanted: Wanted) -> int | None:
    owner = client.forge.project.partition("/")[0]
    query = {
        "state": "open", "head": f"{owner}:{wanted.branch}", "base": wanted.target, "per_page": "10"
    }  # fmt: skip
    answer = client.ask("GET", path, query=query)
    found = answer if isinstance(answer, list) else []
    numbers = [item["number"] for item in found if _is_of(item, wanted)]
    return min(numbers, default=None)


def _is_of(item: Any, wanted: Wanted) -> bool:
    # A server that does not know the parameter `head` lists all of them.
    head = item.get("head") if isinstance(item, Mapping) else None
    return (
        isinstance(head, Mapping)
        and head.get("ref") == wanted.branch
        and isinstance(item.get("number"), int)
    )


def _opened(client: Client, answer: Any, *, is_new: bool) -> Opened:
    number = answer.get("number") if isinstance(answer, Mapping) else None
    if not isinstance(number, int):
        raise RemoteUnavailableError(
            f"{client.forge.host} answered without the number of the pull request.",
            "Check the url of the integration in orchestrator.yaml.",
        )
    return Opened(number, str(answer.get("html_url") or ""), is_new)
