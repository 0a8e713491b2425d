"""What was learned of a Linear team, and what its states, labels and accounts mean here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from orchestrator.sync.item import Foreign
from orchestrator.sync.remote import Tie

TASK_TYPES: Final = {
    "todo": "unstarted",
    "in_progress": "started",
    "in_review": "started",
    "blocked": "started",
    "completed": "completed",
    "cancelled": "canceled",
}
PROJECT_TYPES: Final = {
    "planned": "planned",
    "active": "started",
    "on_hold": "paused",
    "completed": "completed",
    "cancelled": "canceled",
}
_TASK_MEANING: Final = {
    "triage": "todo",
    "backlog": "todo",
    "unstarted": "todo",
    "started": "in_progress",
    "completed": "completed",
    "canceled": "cancelled",
    "duplicate": "cancelled",
}
_PROJECT_MEANING: Final = {
    "backlog": "planned",
    **{there: here for here, there in PROJECT_TYPES.items()},
}
_BLOCKED = "blocked"
PRIORITIES: Final = {"urgent": 1, "high": 2, "medium": 3, "low": 4}
_PRIORITY_NAMES: Final = {"no priority": 0, "none": 0, **PRIORITIES}
_SCALES: Final[Mapping[str, tuple[int, ...]]] = {
    "exponential": (1, 2, 4, 8, 16, 32, 64),
    "fibonacci": (1, 2, 3, 5, 8, 13, 21),
    "linear": (1, 2, 3, 4, 5, 6, 7),
    "tShirt": (1, 2, 3, 5, 8, 13, 21),
}
_UNEXTENDED = 5


@dataclass(frozen=True, slots=True)
class State:
    """A state of issues or projects."""

    id: str
    name: str
    type: str
    position: float = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A label; without a team it is the whole workspace's."""

    id: str
    name: str
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account."""

    id: str
    name: str
    handle: str
    email: str
    is_active: bool = True


@dataclass(frozen=True)
class Team:
    """A team with what its words mean in this integration.

    Attributes:
        id: Linear's.
        key: As in `ENG-12`.
        tie: The integration.
        states: Of its issues, in Linear's order.
        stages: Of the workspace's projects, in Linear's order.
        labels: That its issues can have.
        tags: That projects can have.
        accounts: Of everybody.
        minutes: That one point stands for; None where estimates stay local.
        points: That an estimate can be.
    """

    id: str
    key: str
    tie: Tie
    states: tuple[State, ...]
    stages: tuple[State, ...]
    labels: tuple[Label, ...]
    tags: tuple[Label, ...]
    accounts: tuple[Account, ...]
    minutes: float | None = None
    points: tuple[int, ...] = ()

    @property
    def reserved(self) -> str | None:
        """The label that marks a blocked task, unless a state of its own does."""
        return None if _BLOCKED in self.tie.statuses else _BLOCKED

    @cached_property
    def marks(self) -> frozenset[str]:
        """The ids of the labels that mark a blocked task."""
        same = (each for each in self.labels if each.name.casefold() == self.reserved)
        return frozenset(each.id for each in same)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The names of labels that no task here shows."""
        if self.reserved is None:
            return frozenset()
        return frozenset(
            {self.reserved, *(each.name for each in self.labels if each.id in self.marks)}
        )

    @cached_property
    def label_names(self) -> Mapping[str, str]:
        """The names of the issues' labels, by id."""
        return {each.id: each.name for each in self.labels}

    @cached_property
    def tag_names(self) -> Mapping[str, str]:
        """The names of the projects' labels, by id."""
        return {each.id: each.name for each in self.tags}

    def account(self, user: str) -> Account | None:
        """Return the account of a user of ours: as the settings say, else by handle or e-mail."""
        return self._account_of.get(user)

    def user(self, account: Mapping[str, Any] | None) -> str | Foreign | None:
        """Return the user of ours that an account is."""
        if account is None:
            return None
        name = account.get("email") or account.get("displayName") or account["id"]
        return self._user_of.get(account["id"]) or Foreign(str(name))

    @cached_property
    def _account_of(self) -> Mapping[str, Account]:
        found: dict[str, Account] = {}
        for user in sorted({*self.tie.users, *self.tie.people}):
            names: tuple[str | None, ...] = (self.tie.users.get(user),)
            if user not in self.tie.users:
                email, handle = self.tie.people[user]
                names = (handle, email)
            accounts = (self._account_called(name) for name in names if name)
            account = next((each for each in accounts if each is not None), None)
            if account is not None:
                found[user] = account
        return found

    @cached_property
    def _user_of(self) -> Mapping[str, str]:
        return {account.id: user for user, account in reversed([*self._account_of.items()])}

    def _account_called(self, word: str) -> Account | None:
        same = word.casefold()
        found = [
            each
            for each in self.accounts
            if same in (each.id, each.email.casefold(), each.handle.casefold())
        ] or [each for each in self.accounts if same == each.name.casefold()]
        return min(found, key=lambda each: not each.is_active, default=None)

    @cached_property
    def _labels_called(self) -> Mapping[str, list[Label]]:
        return _by_name(self.labels)

    @cached_property
    def _tags_called(self) -> Mapping[str, list[Label]]:
        return _by_name(self.tags)

    def state_for(self, status: str) -> tuple[State | None, bool]:
        """Return the state to write for a status, and whether the label for `blocked` goes along.

        None where the team has no state of that kind.
        """
        named = self.named(status)
        if named is not None:
            return named, False
        if status == _BLOCKED:
            return self.state_for("in_progress")[0], True
        of_type = [state for state in self.states if state.type == TASK_TYPES.get(status)]
        taken = [self.named(each) for each in self.tie.statuses]
        free = [state for state in of_type if state not in taken] or of_type
        if status == "in_review":
            review = next((state for state in free if _reviews(state)), None)
            return review or self.state_for("in_progress")[0], False
        if status == "in_progress":
            free = [state for state in free if not _reviews(state)] or free
        return (free[0] if free else None), False

    def status_of(self, state: State, *, is_blocked: bool) -> str | Foreign:
        """Return what a state means, given whether the label for `blocked` is on the issue."""
        word = _TASK_MEANING.get(state.type)
        if state.type == "started" and _reviews(state) and self.named("in_review") is None:
            word = "in_review"
        said = [status for status in TASK_TYPES if _is_called(state, self.tie.statuses.get(status))]
        if said and word not in said:
            word = said[0]
        if word is None:
            return Foreign(state.name)
        if is_blocked and self.reserved and state.type == "started":
            return _BLOCKED
        return word

    def named(self, status: str) -> State | None:
        """Return the state that the settings name for a status."""
        name = self.tie.statuses.get(status)
        return next((state for state in self.states if _is_called(state, name)), None)

    def stage_for(self, status: str) -> State | None:
        """Return the project status to write for one of ours."""
        name = self.tie.statuses.get(status)
        named = next((state for state in self.stages if _is_called(state, name)), None)
        kind = PROJECT_TYPES.get(status)
        return named or next((state for state in self.stages if state.type == kind), None)

    def stage_of(self, state: State) -> str | Foreign:
        """Return what a project status means here."""
        word = _PROJECT_MEANING.get(state.type)
        said = [
            status for status in PROJECT_TYPES if _is_called(state, self.tie.statuses.get(status))
        ]
        if said and word not in said:
            word = said[0]
        return word or Foreign(state.name)

    def priority_for(self, word: str | None) -> int | None:
        """Return Linear's number for a priority; None where it has none for that word."""
        if word is None:
            return 0
        return _PRIORITY_NAMES.get(self.tie.priorities.get(word, word).casefold())

    def priority_of(self, number: float) -> str | Foreign | None:
        """Return the priority that a number stands for; None for no priority."""
        words = [word for word in PRIORITIES if self.priority_for(word) == number]
        natural = next((word for word, each in PRIORITIES.items() if each == number), None)
        if natural in words or (natural is not None and not words):
            return natural
        if words:
            return words[0]
        return None if number == 0 else Foreign(f"priority {number:g}")

    def points_for(self, minutes: int) -> int:
        """Return the points nearest to so many minutes, the larger of two that are as near."""
        wanted = minutes / (self.minutes or 1)
        return min(self.points, key=lambda point: (abs(point - wanted), -point))

    def label(self, name: str) -> Label | None:
        """Return the label of that name: the team's before the workspace's, whatever its case."""
        return _label_in(self._labels_called.get(name.casefold(), ()), name)

    def tag(self, name: str) -> Label | None:
        """Return the project label of that name, whatever its case."""
        return _label_in(self._tags_called.get(name.casefold(), ()), name)


def points_of(scale: str, *, is_extended: bool, has_zero: bool) -> tuple[int, ...]:
    """Return what estimates a team takes; empty where it has none."""
    points = _SCALES.get(scale, ())
    points = points if is_extended else points[:_UNEXTENDED]
    return (0, *points) if has_zero and points else points


def in_order(states: Iterable[State]) -> tuple[State, ...]:
    """Return states in the order in which Linear shows those of a type."""
    return tuple(sorted(states, key=lambda state: (state.position, state.name)))


def _by_name(labels: Iterable[Label]) -> Mapping[str, list[Label]]:
    found: dict[str, list[Label]] = {}
    for label in labels:
        found.setdefault(label.name.casefold(), []).append(label)
    return found


def _label_in(labels: Iterable[Label], name: str) -> Label | None:
    return min(labels, key=lambda each: (each.name != name, each.team is None), default=None)


def _is_called(state: State, name: str | None) -> bool:
    return name is not None and state.name.casefold() == name.casefold()


def _reviews(state: State) -> bool:
    return "review" in state.name.casefold()
