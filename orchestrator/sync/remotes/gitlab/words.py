"""Which label, account and field of a project means what here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.item import Foreign
from orchestrator.sync.remote import Tie

OPENED: Final = "opened"
CLOSED: Final = "closed"
STATUSES: Final = {
    "todo": OPENED,
    "in_progress": "status::in-progress",
    "blocked": "status::blocked",
    "in_review": "status::in-review",
    "completed": CLOSED,
    "cancelled": "status::cancelled",
}
PRIORITIES: Final = ("low", "medium", "high", "urgent")
DONE: Final = ("completed", "cancelled")
# A task that is blocked and in review is blocked; one that is closed with a label for it is that.
_OPEN_FIRST = ("blocked", "in_review", "in_progress", "todo")
_CLOSED_FIRST = ("cancelled", "completed")
_STATUS_PREFIX = "status::"
_PRIORITY_PREFIX = "priority::"
_PROJECT = re.compile(
    r"[1-9]\d{0,17}|(?!.*\.\.)[A-Za-z0-9_.][\w.-]*(?:/[A-Za-z0-9_.][\w.-]*)+", re.ASCII
)
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class Words:
    """What the settings and the project say.

    Attributes:
        project: `group/name`, or the project's number, as the settings have it.
        has_projects: Whether milestones are projects.
        statuses: Ours → `opened`, `closed`, or a label of an issue that is so.
        priorities: Ours → a label.
        usernames: User id → username.
        number: Of the project, once it is known.
        path: Of the project with its groups, once it is known.
        accounts: Ids of the members by username in lower case; None when not known.
        labels: That the project has, by their lower-case form; in GitLab, case makes another one.
        has_start: Whether issues have a start date.
        has_parents: Whether parents can be read and written.
        has_links: Whether the plan has blocking links.
    """

    project: str
    has_projects: bool
    statuses: Mapping[str, str]
    priorities: Mapping[str, str]
    usernames: Mapping[str, str]
    number: int | None = None
    path: str = ""
    accounts: Mapping[str, int] | None = None
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    has_start: bool = True
    has_parents: bool = True
    has_links: bool = True

    @property
    def root(self) -> str:
        """Where the project is in the API."""
        return f"/v4/projects/{self.number or quote(self.project, safe='')}"

    def is_status(self, label: str) -> bool:
        """Return whether a label stands for a status, known or not."""
        return _is_word(label, self.statuses.values(), _STATUS_PREFIX)

    def is_priority(self, label: str) -> bool:
        """Return whether a label stands for a priority, known or not."""
        return _is_word(label, self.priorities.values(), _PRIORITY_PREFIX)

    def spelled(self, labels: Iterable[Any]) -> list[str]:
        """Return labels as the project spells them, each once, sorted.

        A label cannot hold a comma: GitLab makes two of it.
        """
        found = dict[str, None]()
        for text in (part.strip() for label in labels for part in str(label).split(",")):
            known = self.labels.get(text.lower(), ())
            if text:
                found[text if text in known or not known else known[0]] = None
        return sorted(found)

    def plain(self, labels: Iterable[Any]) -> list[str]:
        """Return the labels that are neither status nor priority, sorted."""
        spelled = self.spelled(labels)
        return [name for name in spelled if not self.is_status(name) and not self.is_priority(name)]

    def status(self, state: str, labels: Iterable[str]) -> str | Foreign:
        """Return our status of an issue."""
        have = {label.lower() for label in labels}
        if state == CLOSED:
            marked = (each for each in _CLOSED_FIRST if self.statuses[each].lower() in have)
            plain = (each for each in DONE if self.statuses[each] == CLOSED)
            return next(marked, None) or next(plain, "completed")
        if state != OPENED:
            return Foreign(state)
        for status in _OPEN_FIRST:
            if self.statuses[status].lower() in have:
                return status
        done = {self.statuses[each].lower() for each in DONE}
        foreign = [each for each in labels if self.is_status(each) and each.lower() not in done]
        if foreign:
            return Foreign(min(foreign))
        return next((each for each in STATUSES if self.statuses[each] == OPENED), "todo")

    def status_labels(self, status: str) -> list[str]:
        """Return the labels that an issue has for a status."""
        there = self.statuses[status]
        return [] if there in {OPENED, CLOSED} else [there]

    def priority(self, labels: Iterable[str]) -> str | Foreign | None:
        """Return our priority by labels: the most urgent one, None without any."""
        names = [label for label in labels if self.is_priority(label)]
        have = {label.lower() for label in names}
        for priority in reversed(PRIORITIES):
            if self.priorities[priority].lower() in have:
                return priority
        return Foreign(min(names)) if names else None

    def user(self, username: str) -> str | None:
        """Return the user of ours with that username."""
        wanted = username.lower()
        return next((id_ for id_, each in self.usernames.items() if each.lower() == wanted), None)

    def account(self, user: Any) -> int | None:
        """Return GitLab's id of a user of ours who is a member."""
        username = self.usernames.get(str(user))
        if username is None or self.accounts is None:
            return None
        return self.accounts.get(username.lower())

    def with_labels(self, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the labels that are known, with further ones."""
        known = dict(self.labels)
        for name in names:
            same = known.get(name.lower(), ())
            known[name.lower()] = same if name in same else (*same, name)
        return known


def words_of(tie: Tie) -> Words:
    """Return what the settings say.

    Raises:
        InvalidError: When they name a project, status or priority that cannot be.
    """
    where = f"of the integration {tie.name}"
    unknown = sorted(set(tie.scope) - {"project", "projects"})
    if unknown:
        raise InvalidError(
            f"The scope {where} has a key that GitLab does not know: {unknown[0]} .",
            "It takes project and projects.",
        )
    projects = tie.scope.get("projects", "milestones")
    if projects not in {"milestones", "none"}:
        raise InvalidError(
            f"The scope {where} says projects: {projects} .", "Write milestones or none."
        )
    project = str(tie.scope.get("project", ""))
    if project and (len(project) > _LONGEST or not _PROJECT.fullmatch(project)):
        raise InvalidError(
            f"The scope {where} names no project: {project[:80]} .", "Write it as group/name."
        )
    handles = {id_: handle for id_, (_, handle) in tie.people.items() if handle}
    names = {id_: each.removeprefix("@") for id_, each in {**handles, **tie.users}.items()}
    default = {each: f"{_PRIORITY_PREFIX}{each}" for each in PRIORITIES}
    priorities = _known(default, tie.priorities, f"priority {where}")
    for priority, label in priorities.items():
        _refuse_comma(f"priority {priority} {where}", label)
    return Words(project, projects == "milestones", _statuses(tie, where), priorities, names)


def _statuses(tie: Tie, where: str) -> dict[str, str]:
    statuses = _known(STATUSES, tie.statuses, f"status {where}")
    for status, value in statuses.items():
        _refuse_comma(f"status {status} {where}", value)
        if value == (OPENED if status in DONE else CLOSED):
            one = CLOSED if status in DONE else OPENED
            raise InvalidError(
                f"The status {status} {where} cannot be {value} on GitLab.",
                f"Write {one}, or the name of a label.",
                field="status",
            )
    return statuses


def _refuse_comma(what: str, label: str) -> None:
    if "," in label or not label.strip():
        raise InvalidError(
            f"The {what} cannot be {label} on GitLab.", "No label is empty or holds a comma."
        )


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
    mapped = {word.lower() for word in words} - {OPENED, CLOSED}
    return name in mapped or (
        name.startswith(prefix) and any(word.startswith(prefix) for word in mapped)
    )
