"""The fields that an organization's issues have, beside those that every issue has; pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.sync.item import Foreign
from orchestrator.sync.remotes.github import rows
from orchestrator.sync.remotes.github.words import Words


def read(words: Words, values: Any) -> dict[str, Any]:
    """Return our fields that the organization has fields for, by an issue's values."""
    found: dict[str, Any] = dict.fromkeys(words.columns)
    by_id = {each["field_id"]: each["value"] for each in kept(values)}
    for name, column in words.columns.items():
        value = by_id.get(column.id)
        if value is not None:
            found[name] = words.choice(str(value)) if name == "priority" else rows.day(value)
    return found


def kept(values: Any) -> list[dict[str, Any]]:
    """Return an issue's values as they would be sent: names of options, not their ids."""
    return list(_kept(values))


def sent(
    words: Words, have: list[Mapping[str, Any]], changes: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return all values to send when one of them changes, none otherwise.

    GitHub does not say whether the values that are sent replace the others: so they go along.
    """
    wanted = {
        column.id: _value(words, name, changes[name])
        for name, column in words.columns.items()
        if changes.get(name) is not None
    }
    emptied = {column.id for name, column in words.columns.items() if name in changes}
    if not wanted:
        return []
    others = {each["field_id"]: each["value"] for each in have if each["field_id"] not in emptied}
    return [{"field_id": id_, "value": value} for id_, value in {**others, **wanted}.items()]


def _kept(values: Any) -> Iterator[dict[str, Any]]:
    for each in values if isinstance(values, list) else []:
        if not isinstance(each, Mapping) or not isinstance(each.get("issue_field_id"), int):
            continue
        value = each.get("value")
        chosen, several = each.get("single_select_option"), each.get("multi_select_options")
        if isinstance(chosen, Mapping):
            value = chosen.get("name")
        elif isinstance(several, list):
            value = [option.get("name") for option in several if isinstance(option, Mapping)]
        if value is not None:
            yield {"field_id": each["issue_field_id"], "value": value}


def _value(words: Words, name: str, value: Any) -> Any:
    if name != "priority" or isinstance(value, Foreign):
        return value
    wanted = words.priorities[value].lower()
    options = words.columns[name].options
    return next((each for each in options if each.lower() == wanted), words.priorities[value])
