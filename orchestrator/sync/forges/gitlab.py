"""Merge requests on GitLab.

As GitLab's REST API, version 4, has it: merge_requests list, create, update.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from orchestrator.sync.forges.http import Client, RemoteRejectedError, RemoteUnavailableError
from orchestrator.sync.forges.request import Opened, Wanted

_LONGEST_TITLE = 255
_CONFLICT = 409


def headers(token: str) -> dict[str, str]:
    """Return what goes with each request."""
    return {"PRIVATE-TOKEN": token}


def open_or_update(client: Client, wanted: Wanted) -> Opened:
    """Open a merge request, or give the open one its present title and text."""
    path = f"/projects/{quote(client.forge.project, safe='')}/merge_requests"
    texts = {"title": wanted.title[:_LONGEST_TITLE], "description": wanted.body}
    number = _open_one(client, path, wanted)
    if number is None:
        try:
            branches = {"source_branch": wanted.branch, "target_branch": wanted.target}
            return _opened(client, client.ask("POST", path, {**texts, **branches}), is_new=True)
        except RemoteRejectedError as error:
            # Somebody else may have opened it just now.
            number = _open_one(client, path, wanted) if error.status == _CONFLICT else None
            if number is None:
                raise
    return _opened(client, client.ask("PUT", f"{path}/{number}", texts), is_new=False)


def _open_one(client: Client, path: str, wanted: Wanted) -> int | None:
    query = {
        "state": "opened", "source_branch": wanted.branch, "target_branch": wanted.target,
        "per_page": "10",
    }  # fmt: skip
    answer = client.ask("GET", path, query=query)
    found = answer if isinstance(answer, list) else []
    numbers = [
        item["iid"]
        for item in found
        if isinstance(item, Mapping)
        and item.get("source_branch") == wanted.branch
        and isinstance(item.get("iid"), int)
    ]
    return min(numbers, default=None)


def _opened(client: Client, answer: Any, *, is_new: bool) -> Opened:
    number = answer.get("iid") if isinstance(answer, Mapping) else None
    if not isinstance(number, int):
        raise RemoteUnavailableError(
            f"{client.forge.host} answered without the number of the merge request.",
            "Check the url of the integration in orchestrator.yaml.",
        )
    return Opened(number, str(answer.get("web_url") or ""), is_new)
