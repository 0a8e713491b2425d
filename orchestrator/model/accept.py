"""Fast acceptance: whether a document is surely one that the pydantic models accept.

A plan of 100,000 files is checked many times a day, and nearly every file is right. These
predicates say yes to such a document in about two microseconds and need no import of pydantic.
They may say no to a document that the models accept (it is then judged by them, only slower),
never yes to one that the models refuse; a property test holds that.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from orchestrator.model.fields import REQUIRED
from orchestrator.model.ids import (
    is_integration_name,
    is_project_id,
    is_project_key,
    is_task_id,
    is_user_id,
)
from orchestrator.model.places import Kind
from orchestrator.model.rules import RULES
from orchestrator.model.vocabulary import (
    PRIORITIES,
    PROJECT_STATUSES,
    ROLES,
    SEVERITIES,
    TASK_STATUSES,
    TEST_KINDS,
    USER_KINDS,
)

Accepts = Callable[[Any], bool]

_TITLE = 500
_LABEL = 100
_MINUTES = 10_000_000
_DEEPEST = 20
_HOURS = 24
_TIMESTAMP = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)", re.ASCII
).fullmatch
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+").fullmatch


def accepts(kind: Kind, document: Mapping[str, Any]) -> bool:
    """Return whether `document` is surely valid for its kind."""
    fields = _KINDS[kind]
    try:
        for key, value in document.items():
            if not fields[key](value):
                return False
    except KeyError:
        return False
    return all(key in document for key in REQUIRED[kind])


def _is_text(value: Any) -> bool:
    return value is None or type(value) is str


def _is_title(value: Any) -> bool:
    return (
        type(value) is str
        and 0 < len(value) <= _TITLE
        and "\n" not in value
        and not value.isspace()
    )


def _is_date(value: Any) -> bool:
    if value is None:
        return True
    if type(value) is not str or _DATE(value) is None:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_timestamp(value: Any) -> bool:
    if value is None:
        return True
    if type(value) is not str or _TIMESTAMP(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_minutes(value: Any) -> bool:
    return value is None or (type(value) is int and 0 <= value <= _MINUTES)


def _is_bool(value: Any) -> bool:
    return value is None or type(value) is bool


def _is_label(value: Any) -> bool:
    return (
        type(value) is str
        and 0 < len(value) <= _LABEL
        and "\n" not in value
        and not value.isspace()
    )


def _is_labels(value: Any) -> bool:
    if value is None:
        return True
    return type(value) is list and all(map(_is_label, value)) and len(set(value)) == len(value)


def _is_task_ids(value: Any) -> bool:
    if value is None:
        return True
    if type(value) is not list:
        return False
    for item in value:
        if type(item) is not str or is_task_id(item) is None:
            return False
    return len(set(value)) == len(value)


def _is_texts(value: Any) -> bool:
    return type(value) is list and all(type(item) is str and item for item in value)


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
    return type(value) is dict and all(
        type(key) is str and is_integration_name(key) and type(item) is str and item
        for key, item in value.items()
    )


def _is_free(value: Any) -> bool:
    return value is None or (type(value) is dict and _has_text_keys(value))


def _has_text_keys(value: Any) -> bool:
    if type(value) is dict:
        return all(type(key) is str and _has_text_keys(item) for key, item in value.items())
    return type(value) is not list or all(map(_has_text_keys, value))


def _is_email(value: Any) -> bool:
    return value is None or (
        type(value) is str and len(value) <= 254 and _EMAIL(value) is not None  # noqa: PLR2004
    )


def _is_rules(value: Any) -> bool:
    if value is None:
        return True
    return type(value) is dict and all(
        code in RULES and severity in SEVERITIES for code, severity in value.items()
    )


def _matches(match: Callable[[str], object | None], *, optional: bool = True) -> Accepts:
    def accept(value: Any) -> bool:
        if value is None:
            return optional
        return type(value) is str and match(value) is not None

    return accept


def _one_of(words: tuple[str, ...], *, optional: bool = True) -> Accepts:
    # An unhashable value must be refused, not raise; `in` on a tuple compares by equality.
    return (None, *words).__contains__ if optional else words.__contains__


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
    "id": _matches(is_task_id, optional=False),
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
    "id": _matches(is_project_id, optional=False),
    "key": _matches(is_project_key, optional=False),
    "status": _one_of(PROJECT_STATUSES, optional=False),
    "tags": _is_labels,
    "owner": _matches(is_user_id),
    **_SHARED,
}
_USER: dict[str, Accepts] = {
    "id": _matches(is_user_id, optional=False),
    "name": _is_title,
    "email": _is_email,
    "kind": _one_of(USER_KINDS),
    "role": _one_of(ROLES),
    "handles": _is_external_ids,
    "active": _is_bool,
    "created_at": _is_timestamp,
    "metadata": _is_free,
}
_SETTINGS: dict[str, Accepts] = {
    "version": lambda value: value is None or (type(value) is int and value == 1),
    "name": _is_title,
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
    "metadata": _is_free,
}
_KINDS: dict[Kind, dict[str, Accepts]] = {
    "tasks": _TASK,
    "projects": _PROJECT,
    "users": _USER,
    "settings": _SETTINGS,
}
