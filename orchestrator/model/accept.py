"""Fast acceptance: whether a document is surely one that the pydantic models accept.

A plan of 100,000 files is checked many times a day, and nearly every file is right. These
predicates say yes to such a document in about two microseconds and need no import of pydantic.
They may say no to a document that the models accept (it is then judged by them, only slower),
never yes to one that the models refuse; a property test holds that.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from orchestrator.model.fields import GRANTABLE, REQUIRED
from orchestrator.model.ids import (
    is_branch_pattern,
    is_filter_name,
    is_integration_name,
    is_model,
    is_project_id,
    is_project_key,
    is_provider_name,
    is_task_id,
    is_user_id,
)
from orchestrator.model.places import Kind
from orchestrator.model.rules import RULES
from orchestrator.model.vocabulary import (
    INTEGRATION_KINDS,
    PRIORITIES,
    PROJECT_STATUSES,
    ROLES,
    SEVERITIES,
    TASK_STATUSES,
    TEST_KINDS,
    USER_KINDS,
)

Accepts = Callable[[Any], object]
"""Something true for a value that is right; false, TypeError or ValueError for any other."""

_TITLE = 500
_LABEL = 100
_MINUTES = 10_000_000
_DEEPEST = 20
_HOURS = 24
_DEEP = 50
# A text's shape has 0 for each digit. Looking it up takes a third of the time of a regex.
_SHAPE = bytes(ord("0") if chr(byte) in "123456789" else byte for byte in range(256))
_TIMESTAMPS = frozenset(
    f"0000-00-00{separator}00:00{seconds}{offset}".encode()
    for separator in "T "
    for seconds in ("", ":00", *(f":00.{'0' * digits}" for digits in range(1, 7)))
    for offset in ("Z", "+00:00", "-00:00")
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+").fullmatch


def accepts(kind: Kind, document: Mapping[str, Any]) -> bool:
    """Return whether `document` is surely valid for its kind."""
    fields = _KINDS[kind]
    try:
        for key, value in document.items():
            if not fields[key](value):
                return False
    except (KeyError, TypeError, ValueError):
        # An unknown field, a value of another type than the predicate reads, no such day.
        return False
    for key in REQUIRED[kind]:  # noqa: SIM110 - a generator would cost a tenth of the whole
        if key not in document:
            return False
    return True


def _is_unicode(text: str) -> bool:
    # Half of a surrogate pair comes out of JSON ("\\ud800"), and no file can hold it.
    return text.encode() is not None


def _is_text(value: Any) -> bool:
    return value is None or (type(value) is str and (value.isascii() or _is_unicode(value)))


def _is_title(value: Any) -> bool:
    return (
        type(value) is str
        and 0 < len(value) <= _TITLE
        and "\n" not in value
        and not value.isspace()
        and (value.isascii() or _is_unicode(value))
    )


def _is_date(value: Any) -> bool:
    return value is None or (type(value) is str and len(value) == 10 and _is_day(value))  # noqa: PLR2004


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    # Plans name few days, and each many times.
    return text.encode().translate(_SHAPE) == b"0000-00-00" and date.fromisoformat(text) is not None


def _is_timestamp(value: Any) -> bool:
    return value is None or (
        type(value) is str
        and value.encode().translate(_SHAPE) in _TIMESTAMPS
        and datetime.fromisoformat(value) is not None
    )


def _is_minutes(value: Any) -> bool:
    return value is None or (type(value) is int and 0 <= value <= _MINUTES)


def _is_bool(value: Any) -> bool:
    return value is None or type(value) is bool


def _is_labels(value: Any) -> bool:
    if value is None:
        return True
    if type(value) is not list or not all(map(str.strip, value)):
        return False
    joined = "".join(value)
    return (
        (len(joined) <= _LABEL or max(map(len, value)) <= _LABEL)
        and "\n" not in joined
        and (joined.isascii() or _is_unicode(joined))
        and (len(value) == 1 or len(set(value)) == len(value))
    )


def _is_task_ids(value: Any) -> bool:
    if value is None:
        return True
    if type(value) is not list:
        return False
    return all(map(is_task_id, value)) and (len(value) == 1 or len(set(value)) == len(value))


def _is_texts(value: Any) -> bool:
    return type(value) is list and all(value) and _is_unicode("".join(value))


def _is_tests(value: Any) -> bool:
    if value is None:
        return True
    return type(value) is dict and all(
        key in TEST_KINDS and _is_texts(item) for key, item in value.items()
    )


def _is_entries(value: Any) -> bool:
    if value is None:
        return True
    if type(value) is not list:
        return False
    for entry in value:
        if type(entry) is not dict or entry.get("at") is None or entry.get("minutes") is None:
            return False
        for key, item in entry.items():
            if key not in _ENTRY or not _ENTRY[key](item):
                return False
    return True


def _is_external_ids(value: Any) -> bool:
    if value is None:
        return True
    if type(value) is not dict:
        return False
    for key, item in value.items():
        if not (type(item) is str and item and is_integration_name(key)):
            return False
        if not (item.isascii() or _is_unicode(item)):
            return False
    return True


def _is_free(value: Any) -> bool:
    return value is None or (type(value) is dict and _has_text_keys(value, _DEEP))


def _has_text_keys(value: Any, deeper: int) -> bool:
    if deeper == 0:
        return False
    if type(value) is dict:
        return all(
            type(key) is str and _is_unicode(key) and _has_text_keys(item, deeper - 1)
            for key, item in value.items()
        )
    return type(value) is not list or all(_has_text_keys(item, deeper - 1) for item in value)


def _is_email(value: Any) -> bool:
    return value is None or (
        type(value) is str
        and len(value) <= 254  # noqa: PLR2004
        and _EMAIL(value) is not None
        and _is_unicode(value)
    )


def _is_rules(value: Any) -> bool:
    if value is None:
        return True
    return type(value) is dict and all(
        code in RULES and severity in SEVERITIES for code, severity in value.items()
    )


def _is_filters(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(
            is_filter_name(name) and type(text) is str and _is_unicode(text)
            for name, text in value.items()
        )
    )


def _is_words(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(
            type(key) is str and type(item) is str and _is_text(key) and _is_text(item)
            for key, item in value.items()
        )
    )


def _is_owners(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(type(key) is str and _is_text(key) for key in value)
        and all(side in ("local", "remote", "both") for side in value.values())
    )


def _is_projects(value: Any) -> bool:
    return value is None or (type(value) is list and all(map(is_project_id, value)))


def _is_integrations(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(
            is_integration_name(name)
            and type(found) is dict
            and "kind" in found
            and "token" in found
            and all(_INTEGRATION[key](item) for key, item in found.items())
            for name, found in value.items()
        )
    )


def _is_list_of(accepts_item: Accepts) -> Accepts:
    return lambda value: value is None or (type(value) is list and all(map(accepts_item, value)))


def _is_part(parts: dict[str, Accepts]) -> Accepts:
    return lambda value: (
        value is None
        or (type(value) is dict and all(parts[key](item) for key, item in value.items()))
    )


def _is_count(value: Any) -> bool:
    return value is None or (type(value) is int and value >= 0)


def _is_at_least(least: float, most: float, *types: type) -> Accepts:
    return lambda value: value is None or (type(value) in types and least <= value <= most)


def _is_providers(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(
            is_provider_name(name)
            and type(found) is dict
            and found.keys() == {"url"}
            and found["url"] is not None
            and _INTEGRATION["url"](found["url"])
            for name, found in value.items()
        )
    )


def _is_by_agent(value: Any) -> bool:
    return value is None or (
        type(value) is dict
        and all(
            is_user_id(name) and found is not None and _is_agent_policy(found)
            for name, found in value.items()
        )
    )


def _matches(match: Callable[[str], object | None]) -> Accepts:
    return lambda value: value is None or match(value)


def _one_of(words: tuple[str, ...], *, optional: bool = True) -> Accepts:
    return frozenset((None, *words) if optional else words).__contains__


_ENTRY: dict[str, Accepts] = {
    "at": _is_timestamp,
    "minutes": _is_minutes,
    "user": _matches(is_user_id),
    "note": _is_text,
}
_STAMPS: dict[str, Accepts] = {
    "created_at": _is_timestamp,
    "started_at": _is_timestamp,
    "completed_at": _is_timestamp,
    "deleted_at": _is_timestamp,
    "deleted_by": _matches(is_user_id),
    "deleted_with": _is_text,
}
_SHARED: dict[str, Accepts] = {
    "title": _is_title,
    "description": _is_text,
    "priority": _one_of(PRIORITIES),
    "start_date": _is_date,
    "due_date": _is_date,
    "external_ids": _is_external_ids,
    "metadata": _is_free,
    **_STAMPS,
}
_TASK: dict[str, Accepts] = {
    "id": is_task_id,
    "status": _one_of(TASK_STATUSES, optional=False),
    "assignee": _matches(is_user_id),
    "labels": _is_labels,
    "parent": _matches(is_task_id),
    "dependencies": _is_task_ids,
    "estimated_minutes": _is_minutes,
    "actual_minutes": _is_minutes,
    "time_entries": _is_entries,
    "tests": _is_tests,
    **_SHARED,
}
_PROJECT: dict[str, Accepts] = {
    "id": is_project_id,
    "key": is_project_key,
    "status": _one_of(PROJECT_STATUSES, optional=False),
    "tags": _is_labels,
    "owner": _matches(is_user_id),
    **_SHARED,
}
_USER: dict[str, Accepts] = {
    "id": is_user_id,
    "name": _is_title,
    "email": _is_email,
    "kind": _one_of(USER_KINDS),
    "role": _one_of(ROLES),
    "handles": _is_external_ids,
    "active": _is_bool,
    "created_at": _is_timestamp,
    "metadata": _is_free,
}
_INTEGRATION: dict[str, Accepts] = {
    "kind": _one_of(INTEGRATION_KINDS, optional=False),
    "token": re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|keyring:[A-Za-z0-9._-]+").fullmatch,
    "url": _matches(re.compile(r"https?://[!-?A-~]+").fullmatch),
    "scope": _is_words,
    "projects": _is_projects,
    "direction": _one_of(("both", "push", "pull")),
    "on_conflict": _one_of(("stop", "local", "remote", "newest")),
    "owner": _is_owners,
    "prune": _is_bool,
    "statuses": _is_words,
    "priorities": _is_words,
    "users": _is_words,
    "metadata": _is_free,
}
_GRANT: dict[str, Accepts] = {
    "projects": _is_projects,
    "entities": _is_list_of(_one_of(("tasks", "projects"), optional=False)),
    "ops": _is_list_of(_one_of(("add", "replace", "remove", "move"), optional=False)),
    "fields": _is_list_of(_one_of((*GRANTABLE["tasks"], *GRANTABLE["projects"]), optional=False)),
}
_is_grants = _is_list_of(lambda value: value is not None and _is_part(_GRANT)(value))
_is_agent_policy = _is_part(
    {
        "allow": _is_grants,
        "deny": _is_grants,
        "limits": _is_part({"entities": _is_count, "deletions": _is_count}),
        "accept": _one_of(("review", "auto")),
    }
)
_POLICY: dict[str, Accepts] = {
    "agents": _is_agent_policy,
    "by_agent": _is_by_agent,
    "signatures": _one_of(("required", "off")),
    "protected": _is_list_of(is_branch_pattern),
    "unknown_pushers": _one_of(("allow", "refuse")),
}
_LARGE = 10**15
_is_models = _is_list_of(is_model)
_AGENTS: dict[str, Accepts] = {
    "models": _is_part({"plan": _is_models, "chat": _is_models, "cheap": _is_models}),
    "budget": _is_part(
        {
            "requests": _is_at_least(1, _LARGE, int),
            "tokens": _is_at_least(1, _LARGE, int),
            "dollars": _is_at_least(1e-6, _LARGE, int, float),
            "seconds": _is_at_least(1, _LARGE, int),
        }
    ),
    "context_tokens": _is_at_least(500, 1_000_000, int),
    "providers": _is_providers,
}
_SETTINGS: dict[str, Accepts] = {
    "version": lambda value: value is None or (type(value) is int and value == 1),
    "name": lambda value: value is None or _is_title(value),
    "description": _is_text,
    "max_depth": lambda value: value is None or (type(value) is int and 0 <= value <= _DEEPEST),
    "hours_per_day": lambda value: (
        value is None or (type(value) in (int, float) and 0 < value <= _HOURS)
    ),
    "commit": _one_of(("manual", "auto")),
    "required_tests": lambda value: (
        value is None or (type(value) is list and all(item in TEST_KINDS for item in value))
    ),
    "rules": _is_rules,
    "filters": _is_filters,
    "policy": _is_part(_POLICY),
    "agents": _is_part(_AGENTS),
    "integrations": _is_integrations,
    "metadata": _is_free,
}
_KINDS: dict[Kind, dict[str, Accepts]] = {
    "tasks": _TASK,
    "projects": _PROJECT,
    "users": _USER,
    "settings": _SETTINGS,
}
