"""Which options of a database stand for which status and priority, and who has which account."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Kind
from orchestrator.sync.remote import Tie
from orchestrator.sync.remotes.notion.table import (
    GROUPS,
    PRIORITIES,
    PROJECT_STATUSES,
    TASK_STATUSES,
    Account,
    Column,
)

_NAMES: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = {
    "tasks": {
        "todo": ("Not started", "To do", "To-do", "Todo"),
        "in_progress": ("In progress", "Doing"),
        "blocked": ("Blocked",),
        "in_review": ("In review", "Review"),
        "completed": ("Done", "Completed", "Complete"),
        "cancelled": ("Cancelled", "Canceled"),
    },
    "projects": {
        "planned": ("Planned", "Not started", "Planning"),
        "active": ("Active", "In progress"),
        "on_hold": ("On hold", "Paused"),
        "completed": ("Completed", "Done", "Complete"),
        "cancelled": ("Cancelled", "Canceled"),
    },
}


def statuses_of(kind: Kind, column: Column | None, told: Mapping[str, str]) -> dict[str, str]:
    """Return status of ours → option: by the settings, by the usual names, then by the group.

    Raises:
        InvalidError: The settings name a status or an option that there is not.
    """
    unknown = sorted(set(told) - {*TASK_STATUSES, *PROJECT_STATUSES})
    if unknown:
        raise InvalidError(
            f"There is no status that is called {unknown[0]} .",
            f"It takes {', '.join(TASK_STATUSES)}, and for projects {', '.join(PROJECT_STATUSES)}.",
        )
    if column is None:
        return {}
    words = _NAMES[kind]
    if column.type == "select" and not column.options:
        # Notion makes an option of a select when it is set for the first time.
        return {status: told.get(status, usual[0]) for status, usual in words.items()}
    found = _told(kind, column, told)
    names = {option.name.casefold(): option.name for option in column.options}
    likely = {
        status: [names[name.casefold()] for name in usual if name.casefold() in names]
        for status, usual in words.items()
    }
    grouped = {
        status: [option.name for option in column.options if option.group == at]
        for at, status in enumerate(GROUPS[kind])
    }
    for choices in (likely, grouped):
        for status, options in choices.items():
            free = [name for name in options if name not in found.values()]
            if status not in found and free:
                found[status] = free[0]
    return {status: found[status] for status in words if status in found}


def _told(kind: Kind, column: Column, told: Mapping[str, str]) -> dict[str, str]:
    names = {option.name.casefold(): option.name for option in column.options}
    found: dict[str, str] = {}
    for status, name in told.items():
        if status not in _NAMES[kind]:
            continue
        if name.casefold() in names:
            found[status] = names[name.casefold()]
        elif kind == "tasks" or status not in TASK_STATUSES:
            raise InvalidError(
                f"The property {column.name!r} in Notion has no option {name!r} (any more).",
                f"It has {', '.join(names.values())}; mend statuses in orchestrator.yaml.",
                field="status",
            )
    return found


def priorities_of(column: Column | None, told: Mapping[str, str]) -> dict[str, str]:
    """Return priority of ours → option; one that is missing over there is made when it is set.

    Raises:
        InvalidError: The settings name a priority that there is not.
    """
    unknown = sorted(set(told) - set(PRIORITIES))
    if unknown:
        raise InvalidError(
            f"There is no priority that is called {unknown[0]} .",
            f"It takes {', '.join(PRIORITIES)}.",
        )
    if column is None:
        return {}
    names = {option.name.casefold(): option.name for option in column.options}
    wanted = {each: told.get(each, each.capitalize()) for each in PRIORITIES}
    return {each: names.get(name.casefold(), name) for each, name in wanted.items()}


def account_of(row: Mapping[str, Any]) -> Account | None:
    """Return a user of Notion's as an account; None for a bot."""
    if row.get("type") != "person" or not isinstance(row.get("id"), str):
        return None
    person = row.get("person")
    email = person.get("email") if isinstance(person, Mapping) else None
    return Account(row["id"], str(row.get("name") or ""), str(email or ""))


def accounts_of(tie: Tie, accounts: Sequence[Account]) -> dict[str, Account]:
    """Return user id → account: as the settings say, otherwise by handle or e-mail."""
    by_word: dict[str, Account] = {}
    for account in accounts:
        by_word |= {
            word.casefold(): account for word in (account.name, account.email, account.id) if word
        }
    found: dict[str, Account] = {}
    for user in dict.fromkeys((*tie.people, *tie.users)):
        email, handle = tie.people.get(user, (None, None))
        for word in (tie.users.get(user), handle, email):
            if word and word.casefold() in by_word:
                found[user] = by_word[word.casefold()]
                break
    return found
