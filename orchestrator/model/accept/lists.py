"""Values that hold others: lists, and mappings by word."""

from typing import Any

from orchestrator.model.accept.values import Accepts, is_text, is_unicode
from orchestrator.model.ids import is_integration_name, is_task_id
from orchestrator.model.vocabulary import TEST_KINDS

_LABEL = 100
_DEEP = 50


def is_list_of(accepts_item: Accepts) -> Accepts:
    """Return what accepts a list of such items, and None."""
    return lambda value: value is None or (type(value) is list and all(map(accepts_item, value)))


def is_part(parts: dict[str, Accepts]) -> Accepts:
    """Return what accepts a mapping with some of these keys, and None."""
    return lambda value: (
        value is None
        or (type(value) is dict and all(parts[key](item) for key, item in value.items()))
    )


def is_labels(value: Any) -> bool:
    """Return whether a value is a list of labels without repetition, or None."""
    if value is None:
        return True
    if type(value) is not list or not all(map(str.strip, value)):
        return False
    joined = "".join(value)
    return (
        (len(joined) <= _LABEL or max(map(len, value)) <= _LABEL)
        and "\n" not in joined
        and (joined.isascii() or is_unicode(joined))
        and (len(value) == 1 or len(set(value)) == len(value))
    )


def is_task_ids(value: Any) -> bool:
    """Return whether a value is a list of tasks' ids without repetition, or None."""
    if value is None:
        return True
    if type(value) is not list:
        return False
    return all(map(is_task_id, value)) and (len(value) == 1 or len(set(value)) == len(value))


def is_tests(value: Any) -> bool:
    """Return whether a value says what tests a task needs, or is None."""
    if value is None:
        return True
    return type(value) is dict and all(
        key in TEST_KINDS and _is_texts(item) for key, item in value.items()
    )


def _is_texts(value: Any) -> bool:
    return type(value) is list and all(value) and is_unicode("".join(value))


def is_external_ids(value: Any) -> bool:
    """Return whether a value names ids by integration, or is None."""
    if value is None:
        return True
    if type(value) is not dict:
        return False
    for key, item in value.items():
        if not (type(item) is str and item and is_integration_name(key)):
            return False
        if not (item.isascii() or is_unicode(item)):
            return False
    return True


def is_words(value: Any) -> bool:
    """Return whether a value gives text by text, or is None."""
    return value is None or (
        type(value) is dict
        and all(
            type(key) is str and type(item) is str and is_text(key) and is_text(item)
            for key, item in value.items()
        )
    )


def is_free(value: Any) -> bool:
    """Return whether a value is a mapping as `metadata` is, or None."""
    return value is None or (type(value) is dict and _has_text_keys(value, _DEEP))


def _has_text_keys(value: Any, deeper: int) -> bool:
    if deeper == 0:
        return False
    if type(value) is dict:
        return all(
            type(key) is str and is_unicode(key) and _has_text_keys(item, deeper - 1)
            for key, item in value.items()
        )
    return type(value) is not list or all(_has_text_keys(item, deeper - 1) for item in value)
