"""Which label, field and login of a repository means what here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Foreign
from orchestrator.sync.remote import Tie

OPEN: Final = "open"
REASONS: Final = ("completed", "not_planned", "duplicate")
STATUSES: Final = {
    "todo": OPEN,
    "in_progress": "status:in-progress",
    "blocked": "status:blocked",
    "in_review": "status:in-review",
    "completed": "completed",
    "cancelled": "not_planned",
}
PRIORITIES: Final = ("low", "medium", "high", "urgent")
FIELDS: Final = {
    "priority": ("Priority", "single_select"),
    "start_date": ("Start date", "date"),
    "due_date": ("Target date", "date"),
}
"""Fields of organizations, by ours: GitHub makes them with these names and types."""
_CLOSED = ("completed", "cancelled")
# A task that is blocked and in review is blocked.
_OPEN_FIRST = ("blocked", "in_review", "in_progress", "todo")
_STATUS_PREFIX = "status:"
_PRIORITY_PREFIX = "priority:"
_REPOSITORY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class Column:
    """A field that an organization's issues have.

    Attributes:
        id: GitHub's.
        options: Names of the values that can be chosen.
    """

    id: int
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What the settings and the repository say.

    Attributes:
        repository: `owner/name`.
        has_projects: Whether milestones are projects.
        statuses: Ours → `open`, a label of an open issue, or the reason of a closed one.
        priorities: Ours → a label, or a value of the field.
        logins: User id → login.
        columns: Ours → field of the organization.
        assignable: Logins that issues can be assigned to, in lower case; None when not known.
        labels: That the repository has, by their lower-case form: GitHub ignores case.
    """

    repository: str
    has_projects: bool
    statuses: Mapping[str, str]
    priorities: Mapping[str, str]
    logins: Mapping[str, str]
    columns: Mapping[str, Column] = field(default_factory=dict)
    assignable: frozenset[str] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """Where the repository is in the API."""
        return f"/repos/{self.repository}"

    def is_status(self, label: str) -> bool:
        """Return whether a label stands for a status, known or not."""
        return _is_word(label, self.statuses.values(), _STATUS_PREFIX)

    def is_priority(self, label: str) -> bool:
        """Return whether a label stands for a priority, known or not."""
        if "priority" in self.columns:
            return False
        return _is_word(label, self.priorities.values(), _PRIORITY_PREFIX)

    def spelled(self, labels: Iterable[Any]) -> list[str]:
        """Return labels as the repository spells them, each once, sorted."""
        texts = (str(label).strip() for label in labels)
        found = {text.lower(): self.labels.get(text.lower(), text) for text in texts if text}
        return sorted(found.values())

    def plain(self, labels: Iterable[Any]) -> list[str]:
        """Return the labels that are neither status nor priority, sorted."""
        spelled = self.spelled(labels)
        return [name for name in spelled if not self.is_status(name) and not self.is_priority(name)]

    def status(self, state: str, reason: str | None, labels: Iterable[str]) -> str | Foreign:
        """Return our status of an issue."""
        if state == "closed":
            return self._closed(reason or "completed")
        if state != OPEN:
            return Foreign(state)
        have = {label.lower() for label in labels}
        for status in _OPEN_FIRST:
            if self.statuses[status].lower() in have:
                return status
        foreign = sorted(label for label in labels if self.is_status(label))
        if foreign:
            return Foreign(foreign[0])
        return next((each for each in STATUSES if self.statuses[each] == OPEN), "todo")

    def priority(self, labels: Iterable[str]) -> str | Foreign | None:
        """Return our priority by labels: the most urgent one, None without any."""
        names = [label for label in labels if self.is_priority(label)]
        have = {label.lower() for label in names}
        for priority in reversed(PRIORITIES):
            if self.priorities[priority].lower() in have:
                return priority
        return Foreign(min(names)) if names else None

    def choice(self, name: str) -> str | Foreign:
        """Return our priority by a value of the organization's field."""
        for priority in PRIORITIES:
            if self.priorities[priority].lower() == name.lower():
                return priority
        return Foreign(name)

    def user(self, login: str) -> str | None:
        """Return the user of ours with that login."""
        wanted = login.lower()
        return next((id_ for id_, each in self.logins.items() if each.lower() == wanted), None)

    def login(self, user: Any) -> str | None:
        """Return the account of a user of ours that issues can be assigned to."""
        login = self.logins.get(str(user))
        if login is None or (self.assignable is not None and login.lower() not in self.assignable):
            return None
        return login

    def _closed(self, reason: str) -> str | Foreign:
        for status in _CLOSED:
            if self.statuses[status] == reason:
                return status
        if reason not in REASONS:
            return Foreign(reason)
        return "completed" if reason == "completed" else "cancelled"


def words_of(tie: Tie) -> Words:
    """Return what the settings say.

    Raises:
        InvalidError: When they name a repository, status or priority that cannot be.
    """
    where = f"of the integration {tie.name}"
    unknown = sorted(set(tie.scope) - {"repository", "projects"})
    if unknown:
        raise InvalidError(
            f"The scope {where} has a key that GitHub does not know: {unknown[0]} .",
            "It takes repository and projects.",
        )
    projects = tie.scope.get("projects", "milestones")
    if projects not in {"milestones", "none"}:
        raise InvalidError(
            f"The scope {where} says projects: {projects} .", "Write milestones or none."
        )
    repository = tie.scope.get("repository", "")
    if repository and not _REPOSITORY.fullmatch(repository):
        raise InvalidError(
            f"The scope {where} names no repository: {repository} .", "Write it as owner/name."
        )
    handles = {id_: handle for id_, (_, handle) in tie.people.items() if handle}
    logins = {id_: each.removeprefix("@") for id_, each in {**handles, **tie.users}.items()}
    default = {each: f"{_PRIORITY_PREFIX}{each}" for each in PRIORITIES}
    return Words(
        repository,
        projects == "milestones",
        _statuses(tie, where),
        _known(default, tie.priorities, f"priority {where}"),
        logins,
    )


def _statuses(tie: Tie, where: str) -> dict[str, str]:
    statuses = _known(STATUSES, tie.statuses, f"status {where}")
    for status, value in statuses.items():
        if (status in _CLOSED) != (value in REASONS):
            reasons = ", ".join(REASONS)
            one = f"one of {reasons}" if status in _CLOSED else "open, or the name of a label"
            raise InvalidError(
                f"The status {status} {where} cannot be {value} on GitHub.",
                f"Write {one}.",
                field="status",
            )
    return statuses


def _known(default: Mapping[str, str], told: Mapping[str, str], what: str) -> dict[str, str]:
    unknown = sorted(set(told) - set(default))
    if unknown:
        raise InvalidError(
            f"There is no {what} that is called {unknown[0]} .",
            f"It takes {', '.join(default)}.",
        )
    return {**default, **told}


def _is_word(label: str, words: Iterable[str], prefix: str) -> bool:
    name = label.lower()
    mapped = {word.lower() for word in words} - {OPEN, *REASONS}
    return name in mapped or (
        name.startswith(prefix) and any(word.startswith(prefix) for word in mapped)
    )
