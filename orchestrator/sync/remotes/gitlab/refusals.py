"""What GitLab's refusals mean, in each of the shapes that it writes them in."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from orchestrator.sync.errors import (
    AuthError,
    ClashError,
    DriftError,
    ForbiddenError,
    GoneError,
    InvalidError,
    NotFoundError,
    PlanLimitError,
    RemoteError,
)
from orchestrator.sync.http import Answer, said_in
from orchestrator.sync.remote import Tie

_ADDRESS = "Check the url of the integration in orchestrator.yaml."
_NUMBER = re.compile(r"\A\d{3} (?=\S)")
_RUBY = re.compile(r':?"?(?P<name>\w+)"?\s*(?:=>|:)\s*\[(?P<texts>[^\]]*)\]')
_PLAN = re.compile(
    r"licen[cs]e|subscription|upgrade|storage limit|free (?:tier|plan)", re.IGNORECASE
)
_TAKEN = re.compile(r"already (?:exists|been taken|being used|assigned)", re.IGNORECASE)
_MOVED = frozenset({301, 302, 307, 308})
_OURS = {
    "title": "title",
    "description": "description",
    "labels": "labels",
    "add_labels": "labels",
    "assignee_ids": "assignee",
    "assignees": "assignee",
    "milestone_id": "project",
    "milestone": "project",
    "due_date": "due_date",
    "start_date": "start_date",
    "state_event": "status",
    "duration": "estimated_minutes",
}


def judge_of(tie: Tie) -> Callable[[Answer], RemoteError | None]:
    """Return what makes errors of answers; 429 and 5xx are left to whoever asks.

    Args:
        tie: The integration, for the hints.
    """

    def judge(answer: Answer) -> RemoteError | None:
        # A page of a proxy's says nothing that helps.
        told = said(answer.data) or ("" if answer.text.startswith("<") else answer.text)
        return _error(answer, told, f": {told}." if told else ".", tie)

    return judge


def said(data: Any) -> str:
    """Return what an error's body says: `message` as text, object or Ruby's hash, and `error`."""
    if not isinstance(data, Mapping):
        return ""
    message = data.get("message")
    texts: list[Any] = message if isinstance(message, list) else [message]
    if isinstance(message, Mapping):
        texts = [f"{name} {each}" for name, value in message.items() for each in _texts(value)]
    elif isinstance(message, str):
        texts = [_plain(message)]
    error = data.get("error")
    rest = {name: data.get(name) for name in ("error_description", "errors")}
    return said_in({"message": texts, "error": _plain(error) if error else None, **rest})


def field_in(told: str) -> str | None:
    """Return which field of ours a refusal is about, where it begins with its name."""
    first = re.split(r"[\s,\[:]", told, maxsplit=1)[0]
    return _OURS.get(first)


def refused(told: str) -> RemoteError:
    """Return the error for what GraphQL, which knows no codes, says in words."""
    full = f": {told}."
    if "don't have permission" in told or "does not exist" in told:
        return _nothing(full)
    if _PLAN.search(told):
        return _beyond_plan(full)
    return _invalid(told, full)


def _error(answer: Answer, told: str, full: str, tie: Tie) -> RemoteError | None:
    match answer.status:
        case 401:
            return AuthError(
                f"GitLab does not take the token{full}",
                f"It may be expired or revoked: make a new one, and put it into {tie.token} .",
            )
        case 402:
            return _beyond_plan(full)
        case 403 if "insufficient_scope" in told:
            return ForbiddenError(
                f"The token's scope is too small for that{full}",
                "Make a token with the scope api, or with read_api and direction: pull.",
            )
        case 403 if _PLAN.search(told):
            return _beyond_plan(full)
        case 403 | 451:
            return ForbiddenError(
                f"The token may not do that on GitLab{full}",
                "Give its owner the role Reporter or higher in the project.",
            )
        case 404 if not _has_message(answer.data):
            return DriftError(
                f"GitLab does not know the address that was asked for{full}", _ADDRESS
            )
        case 404:
            return _nothing(full)
        case 410:
            return GoneError(f"It was deleted on GitLab{full}", "Sync again.")
        case 409 | 412:
            return ClashError(f"Somebody else changed it on GitLab just now{full}", "Sync again.")
        case 400 | 422:
            return _invalid(told, full)
        case status if status in _MOVED:
            return GoneError(
                f"It was moved to another place on GitLab{full}",
                "Check scope.project in orchestrator.yaml.",
            )
        case status if 400 <= status < 429 or 429 < status < 500:  # noqa: PLR2004 - HTTP's classes
            return DriftError(f"GitLab answered with HTTP {status}{full}", _ADDRESS)
        case _:
            return None


def is_of_project(error: NotFoundError) -> bool:
    """Return whether it is the whole project that is not there, or not to be seen."""
    return "Project Not Found" in error.message


def _has_message(data: Any) -> bool:
    """Return whether GitLab looked for something: a path that it does not have has an error."""
    return isinstance(data, Mapping) and "message" in data


def _nothing(full: str) -> NotFoundError:
    return NotFoundError(
        f"GitLab has nothing there that the token may see{full}",
        "Check scope.project in orchestrator.yaml, and what the token may read.",
    )


def _beyond_plan(full: str) -> PlanLimitError:
    return PlanLimitError(
        f"The plan on GitLab does not allow it{full}",
        "Ask the owner of the project to change the plan.",
    )


def _invalid(told: str, full: str) -> RemoteError:
    if _TAKEN.search(told):
        return ClashError(f"GitLab has one with that name already{full}", "Sync again.")
    hint = "Change the value here, or leave the field to GitLab with owner in the integration."
    return InvalidError(f"GitLab refuses a value{full}", hint, field=field_in(told))


def _plain(value: Any) -> str:
    """Ruby's hash as words, and a status without its number."""
    text = str(value)
    if text.startswith("{") and text.endswith("}"):
        found = [
            f"{each['name']} {part.strip()}"
            for each in _RUBY.finditer(text)
            for part in re.sub(r'"', "", each["texts"]).split(",")
        ]
        return "; ".join(found) or text
    return _NUMBER.sub("", text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from (f"{name} {text}" for text in _texts(each))
    else:
        yield str(value)
