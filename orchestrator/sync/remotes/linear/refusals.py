"""Linear's errors, which may come with HTTP 200, in our words."""

from collections.abc import Mapping
from typing import Any, Final

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
    ServerError,
)
from orchestrator.sync.http import Answer, seconds_in

_KEY_HINT = (
    "Make a personal API key in Linear, Settings > Security & access, with the permissions read "
    "and write, and put it into {place} ."
)
_ARGUMENTS: Final = {
    "title": "title", "name": "title", "description": "description", "content": "description",
    "stateId": "status", "statusId": "status", "priority": "priority", "assigneeId": "assignee",
    "leadId": "owner", "labelIds": "labels", "addedLabelIds": "labels", "parentId": "parent",
    "projectId": "project", "dueDate": "due_date", "targetDate": "due_date",
    "startDate": "start_date", "estimate": "estimated_minutes",
}  # fmt: skip
_UNAVAILABLE = frozenset({"internal error", "network error", "lock timeout", "bootstrap error"})
_HOUR = 3600.0


class ComplexError(InvalidError):
    """The query costs more points than one query may: ask for smaller pages."""


def error_in(answer: Answer, now: float, place: str) -> RemoteError | None:
    """Return the error that an answer is, or None.

    Args:
        answer: Of any status.
        now: Seconds since 1970.
        place: Where the token is, for hints.
    """
    first = _first(answer.data)
    hint = _KEY_HINT.format(place=place)
    if first is not None:
        return _error(first, answer, now, hint)
    if answer.status == 401:  # noqa: PLR2004 - HTTP's
        return AuthError("Linear does not accept the token.", hint)
    if answer.status == 403:  # noqa: PLR2004
        return ForbiddenError("Linear does not let the token do that.", hint)
    if 400 <= answer.status < 500 and answer.status != 429:  # noqa: PLR2004
        return DriftError(
            f"Linear answered with HTTP {answer.status} and without a reason.",
            "Check the url of the integration in orchestrator.yaml.",
        )
    return None


def seconds_left(answer: Answer, now: float) -> float | None:
    """Return how long nothing more will be answered, or None while there is something left."""
    headers = answer.headers
    for scope, least in (("requests", 1.0), ("complexity", _number(headers, "x-complexity") or 1)):
        left = _number(headers, f"x-ratelimit-{scope}-remaining")
        if left is not None and left < least:
            return _reset(headers, scope, now)
    return None


def _first(data: Any) -> Mapping[str, Any] | None:
    errors = data.get("errors") if isinstance(data, dict) else None
    if not errors:
        return None
    first = errors[0] if isinstance(errors, list) else errors
    return first if isinstance(first, dict) else {"message": str(first)}


def _error(first: Mapping[str, Any], answer: Answer, now: float, hint: str) -> RemoteError:
    more = first.get("extensions")
    more = more if isinstance(more, dict) else {}
    kind, code = str(more.get("type") or ""), str(more.get("code") or "")
    message = str(first.get("message") or "")
    said = _line(str(more.get("userPresentableMessage") or "") or message)
    both = f"{message} {said}".casefold()
    if code == "RATELIMITED" or kind == "ratelimited":
        if "complex" in both and "too complex" in both:
            return ComplexError("Linear finds the query too complex.")
        return LimitedError(
            "Linear has had too many requests for this hour.",
            "Try again later: what was done so far is kept.",
            retry_after=_wait(answer.headers, now),
        )
    if "too complex" in both:
        return ComplexError("Linear finds the query too complex.")
    if kind == "authentication error" or code == "AUTHENTICATION_ERROR":
        return AuthError(f"Linear does not accept the token: {said}.", hint)
    if kind == "usage limit exceeded" or "exceeded the free issue limit" in both:
        return PlanLimitError(
            f"Linear's plan allows no more: {said}.",
            "Delete or archive issues over there, or choose a larger plan.",
        )
    if kind == "feature not accessible":
        return PlanLimitError(
            f"Linear's plan does not include it: {said}.", "Ask an admin of the workspace."
        )
    if kind == "forbidden" or code == "FORBIDDEN":
        return ForbiddenError(
            f"Linear does not let the token do that: {said}.",
            "The key needs the permissions read and write, and access to the team.",
        )
    if "entity not found" in both:
        return NotFoundError(
            f"Linear does not have it: {said}.", "It may be deleted, or out of the token's sight."
        )
    if "conflict on insert" in both or "already exists" in both:
        return ClashError(f"Linear has it already: {said}.", "Run the sync again.")
    if kind in _UNAVAILABLE:
        return ServerError(f"Linear failed: {said}.", "Try again later.")
    if kind == "graphql error" or code.startswith("GRAPHQL_"):
        return DriftError(
            f"Linear's API is not the one that is known here: {said}.",
            "Look for a newer release of orchestrator.",
        )
    return InvalidError(
        f"Linear refuses it: {said}.",
        "Mend it here or in Linear, then sync again.",
        field=_field(message),
    )


def _line(text: str) -> str:
    line = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return line[:300].rstrip(". ") or "no reason is given"


def _field(message: str) -> str | None:
    words = {word.strip("\"'`.,:;()[]{}") for word in message.replace(".", " ").split()}
    return next((ours for theirs, ours in _ARGUMENTS.items() if theirs in words), None)


def _wait(headers: Mapping[str, str], now: float) -> float | None:
    said = seconds_in(headers.get("retry-after"))
    if said is not None:
        return said
    waits = [
        _reset(headers, scope, now)
        for scope in ("requests", "complexity")
        if _number(headers, f"x-ratelimit-{scope}-remaining") == 0
    ]
    return max((wait for wait in waits if wait is not None), default=None)


def _reset(headers: Mapping[str, str], scope: str, now: float) -> float | None:
    moment = _number(headers, f"x-ratelimit-{scope}-reset")
    # In milliseconds since 1970; a clock that is wrong must not make anybody wait for longer.
    return None if moment is None else min(_HOUR, max(1.0, moment / 1000 - now))


def _number(headers: Mapping[str, str], name: str) -> float | None:
    text = headers.get(name, "").strip()
    return float(text) if text.isdecimal() and len(text) < 20 else None  # noqa: PLR2004
