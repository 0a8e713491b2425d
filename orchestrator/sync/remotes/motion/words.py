"""Which status, priority, label and account of a workspace means what here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Foreign
from orchestrator.sync.remote import Tie

PRIORITIES: Final = {"low": "LOW", "medium": "MEDIUM", "high": "HIGH", "urgent": "ASAP"}
STATUSES: Final = ("todo", "in_progress", "blocked", "in_review", "completed", "cancelled")
_LIKE: Final = {
    "in_progress": re.compile(r"progress|doing|started", re.IGNORECASE),
    "blocked": re.compile(r"block|waiting|on hold", re.IGNORECASE),
    "in_review": re.compile(r"review", re.IGNORECASE),
}
_DONE = re.compile(r"done|complete", re.IGNORECASE)
_CANCELLED = re.compile(r"cancel", re.IGNORECASE)
# What is shown over there where the workspace has no status for it.
_INSTEAD: Final = {
    "in_review": "in_progress",
    "blocked": "in_progress",
    "in_progress": "todo",
    "cancelled": "completed",
}


@dataclass(frozen=True, slots=True)
class State:
    """A status of the workspace: its name, and whether it is the first or the last of a task."""

    name: str
    is_default: bool
    is_resolved: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to whom tasks can be assigned."""

    id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the settings and the workspace say.

    Attributes:
        workspace: Its id.
        states: Our status → name of theirs, for those that the workspace has a status for.
        known: All of its statuses.
        priorities: Ours → theirs.
        labels: That the workspace has, by their lower-case form.
        accounts: User id → account.
        zone: Name of the time zone in which a moment is a day.
    """

    workspace: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    known: tuple[State, ...] = ()
    priorities: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    zone: str = "UTC"

    def status_of(self, name: str, *, is_resolved: bool) -> str | Foreign:
        """Return our status for one of theirs."""
        for status, there in self.states.items():
            if there.casefold() == name.casefold():
                return status
        if is_resolved:
            return "cancelled" if _CANCELLED.search(name) else "completed"
        return Foreign(name)

    def state_for(self, status: str) -> str | None:
        """Return the name that shows a status of ours, or the nearest one that there is."""
        wanted: str | None = status
        while wanted is not None:
            if wanted in self.states:
                return self.states[wanted]
            wanted = _INSTEAD.get(wanted)
        return None

    def priority_of(self, name: str) -> str | Foreign:
        """Return our priority for one of theirs."""
        found = (ours for ours, there in self.priorities.items() if there == name)
        return next(found, Foreign(name))

    def spelled(self, labels: Iterable[Any]) -> list[str]:
        """Return the labels that the workspace has, as it spells them, sorted.

        Its API makes no labels: those that it lacks stay here.
        """
        names = (self.labels.get(str(label).casefold()) for label in labels)
        return sorted({name for name in names if name is not None})

    def user_of(self, account: str) -> str | None:
        """Return the user of ours with that account's id."""
        return next((user for user, each in self.accounts.items() if each.id == account), None)


def states_of(told: Mapping[str, str], known: Sequence[State]) -> dict[str, str]:
    """Return our status → name of theirs: as told by the settings, otherwise by their names.

    Raises:
        InvalidError: The settings name a status that one of the sides does not have.
    """
    names = {state.name.casefold(): state.name for state in known}
    found: dict[str, str] = {}
    for status, name in told.items():
        if status not in STATUSES:
            raise InvalidError(
                f"There is no status that is called {status} .", f"It takes {', '.join(STATUSES)}."
            )
        if name.casefold() not in names:
            raise InvalidError(
                f"The workspace in Motion has no status {name!r} (any more).",
                f"It has {', '.join(names.values())}; mend statuses in orchestrator.yaml.",
                field="status",
            )
        found[status] = names[name.casefold()]
    taken = set(found.values())
    for status, name in _by_name(known):
        if status not in found and name not in taken:
            found[status] = name
            taken.add(name)
    return {status: found[status] for status in STATUSES if status in found}


def _by_name(known: Sequence[State]) -> Iterable[tuple[str, str]]:
    resolved = [state for state in known if state.is_resolved]
    cancelled = [state.name for state in resolved if _CANCELLED.search(state.name)]
    done = [state.name for state in resolved if state.name not in cancelled]
    likely = [name for name in done if _DONE.search(name)]
    yield from (("todo", state.name) for state in known if state.is_default)
    yield from (("completed", name) for name in (likely or done)[:1])
    yield from (("cancelled", name) for name in cancelled[:1])
    for status, pattern in _LIKE.items():
        open_ = (state.name for state in known if not state.is_resolved)
        yield from ((status, name) for name in open_ if pattern.search(name))


def priorities_of(told: Mapping[str, str]) -> dict[str, str]:
    """Return our priority → theirs.

    Raises:
        InvalidError: The settings name one that there is not.
    """
    for priority, name in told.items():
        if priority not in PRIORITIES or name not in PRIORITIES.values():
            raise InvalidError(
                f"Motion knows no priority {name} for {priority} .",
                f"It takes {', '.join(PRIORITIES.values())} for {', '.join(PRIORITIES)}.",
            )
    return {**PRIORITIES, **told}


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
