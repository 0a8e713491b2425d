"""One database as it is set up: which property is which field, and what its options mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from orchestrator.sync.item import Foreign, Kind

PRIORITIES: Final = ("low", "medium", "high", "urgent")
# What is shown over there where the database has no option for it.
_INSTEAD: Final = {
    "in_review": "in_progress",
    "blocked": "in_progress",
    "in_progress": "todo",
    "on_hold": "active",
    "active": "planned",
    "cancelled": "completed",
}
_LONGEST_OPTION: Final = 100


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a status or select property.

    Attributes:
        name: As people read it.
        group: Of a status: 0 to do, 1 in progress, 2 complete; None for a select's.
    """

    name: str
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A property of a database.

    Attributes:
        id: Which stays when it is renamed.
        name: Of today.
        type: As Notion calls it: `rich_text`, `relation`.
        options: Of a status, select or multi_select.
        target: The data source that a relation leads to.
    """

    id: str
    name: str
    type: str
    options: tuple[Option, ...] = ()
    target: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to whom tasks can be assigned."""

    id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Table:
    """One database.

    Attributes:
        kind: What its pages are.
        id: Of its data source.
        database: Its own id.
        title: For people.
        columns: Field of ours → property; `dates` where one property holds start and end,
            `external_id` for the mark.
        has_body: Whether the text of a page is the description.
        statuses: Status of ours → name of an option.
        priorities: Likewise.
        accounts: User id → account.
        names: Of all properties today, by id.
    """

    kind: Kind
    id: str
    database: str = ""
    title: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    has_body: bool = False
    statuses: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """The statuses of ours, those of a page that nobody has begun with first."""
        return TASK_STATUSES if self.kind == "tasks" else PROJECT_STATUSES

    def status_of(self, name: str) -> str | Foreign:
        """Return our status for an option: by the settings or its name, otherwise by its group."""
        low = name.casefold()
        for status, there in self.statuses.items():
            if there.casefold() == low:
                return status
        column = self.columns.get("status")
        for option in column.options if column else ():
            if option.name.casefold() == low and option.group is not None:
                return GROUPS[self.kind][option.group]
        return Foreign(name)

    def option_for(self, status: str) -> str | None:
        """Return the option that shows a status, or the nearest one that there is."""
        wanted: str | None = status
        while wanted is not None:
            if wanted in self.statuses:
                return self.statuses[wanted]
            wanted = _INSTEAD.get(wanted)
        return None

    def priority_of(self, name: str) -> str | Foreign:
        """Return our priority for an option."""
        low = name.casefold()
        found = (ours for ours, there in self.priorities.items() if there.casefold() == low)
        return next(found, Foreign(name))

    def user_of(self, account: str) -> str | None:
        """Return the user of ours with that account's id."""
        return next((user for user, each in self.accounts.items() if each.id == account), None)


TASK_STATUSES: Final = ("todo", "in_progress", "blocked", "in_review", "completed", "cancelled")
PROJECT_STATUSES: Final = ("planned", "active", "on_hold", "completed", "cancelled")
GROUPS: Final[Mapping[Kind, tuple[str, str, str]]] = {
    "tasks": ("todo", "in_progress", "completed"),
    "projects": ("planned", "active", "completed"),
}
"""What the groups of a status property mean, in Notion's order."""


def holdable(labels: Iterable[object]) -> list[str]:
    """Return the labels that can be options, sorted: no commas, and no more than 100 signs."""
    texts = {str(label).strip() for label in labels}
    return sorted(
        text for text in texts if text and "," not in text and len(text) <= _LONGEST_OPTION
    )
