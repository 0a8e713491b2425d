"""The writes to the tracker that a plan asks for, one after the other, each one remembered."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from orchestrator.sync.action import Action, Plan
from orchestrator.sync.errors import (
    AuthError,
    LimitedError,
    PlanLimitError,
    RemoteError,
    ServerError,
    UnreachableError,
)
from orchestrator.sync.item import Item, Kind, Wanted
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.reconcile.records import Known, Outcome, record_after
from orchestrator.sync.reconcile.sides import Local, Name
from orchestrator.sync.reconcile.write import Keys, awaited, changes, known_keys, rest, wanted
from orchestrator.sync.record import Base, Record
from orchestrator.sync.remote import Progress, Remote, World
from orchestrator.sync.run.journal import Intent, Journal

_MOST_IN_A_ROW = 5

Step = Literal["create", "rest", "update", "delete"]

# Few items lack something after they are made: a bar of both would come to its end by a leap.
_DOING: Mapping[Step, str] = {
    "create": "writing", "rest": "completing", "update": "writing", "delete": "writing",
}  # fmt: skip


class Failure(NamedTuple):
    """An item that could not be written over there.

    Attributes:
        action: As planned.
        message: Why, in a sentence.
        hint: What to do about it, or None.
    """

    action: Action
    message: str
    hint: str | None = None


@dataclass(slots=True)
class Execution:
    """What became of a plan over there.

    Attributes:
        done: What succeeded, or needs nothing over there, in the order of the plan.
        failures: What did not, item by item.
        stopped: What ended the writing before everything was tried, or None.
    """

    done: list[Done] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    stopped: RemoteError | None = None


@dataclass
class Writing:
    """One plan being carried out over there.

    Attributes:
        remote: The tracker.
        world: Clock and progress.
        journal: Where every step is written down.
        local: What the plan was made from.
        base: Likewise.
        plan: What is to be done.
        token: Makes a UUID of version 4.
        told: Called with each action that was carried out or failed.
    """

    remote: Remote
    world: World
    journal: Journal
    local: Local
    base: Base
    plan: Plan
    token: Callable[[], str]
    told: Callable[[Done | Failure], None] = lambda _: None
    _keys: Keys = field(init=False)
    _ids: set[Name] = field(default_factory=set)
    _ours: set[tuple[Kind, str]] = field(default_factory=set)
    _owners: dict[Name, Name] = field(default_factory=dict)
    _done: dict[Name, Done] = field(default_factory=dict)
    _failures: list[Failure] = field(default_factory=list)
    _failed: dict[Name, str] = field(default_factory=dict)
    _stopped: RemoteError | None = None
    _full: str = ""
    _in_a_row: int = 0

    def carry_out(self) -> Execution:
        """Do everything that can be done over there; nothing here.

        Creates come first, then what they could not hold yet, changes, and deletions. One that
        fails stops no other, unless nothing else can succeed either.
        """
        self._keys = known_keys(self.base, self.plan)
        self._ids, self._ours = _settled(self.base, self.plan, self._keys)
        self._owners = {(item.kind, item.key): name for name, item in self.base.records.items()}
        steps = [(step, action) for action in self.plan.actions for step in _steps(action)]
        order: tuple[Step, ...] = ("create", "rest", "update", "delete")
        counts, totals = Counter[str](), Counter(_DOING[step] for step, _ in steps)
        for wave in order:
            what = _DOING[wave]
            for step, action in steps:
                if step == wave:
                    counts[what] += 1
                    # A wait in between is told by what waits.
                    self.world.progress(Progress(what, counts[what], totals[what]))
                    self._try(step, action)
        outcome = Execution(failures=self._failures, stopped=self._stopped)
        for action in self.plan.actions:
            name = action.kind, action.id
            if name in self._done:
                outcome.done.append(self._done[name])
            elif action.verb != "skip" and name not in self._failed:
                outcome.done.append(Done(action))
        return outcome

    def _try(self, step: Step, action: Action) -> None:
        name = action.kind, action.id
        if step != "create" and name in self._failed:
            return
        if why := self._hindrance(step, action):
            self._failed[name] = why
            self._tell(Failure(action, f"{action.id} was left out: {why}."))
            return
        try:
            match step:
                case "create":
                    self._create(action)
                case "rest":
                    self._complete(action)
                case "update":
                    self._update(action)
                case "delete":
                    self._delete(action)
        except RemoteError as error:
            self._note(step, action, error)
        else:
            self._in_a_row = 0

    def _hindrance(self, step: Step, action: Action) -> str:
        """Return why a step is not tried at all, or "" ."""
        if self._stopped is not None:
            return "the run was stopped"
        if step != "create":
            return ""
        return self._full or awaited(action, self._failed) or ""

    def _create(self, action: Action) -> None:
        name = action.kind, action.id
        open_intent = self.journal.left.intents.get(name)
        token = open_intent.wanted.token if open_intent else self.token()
        asked = wanted(action, token, self._keys)
        document = self.local.document(*name) or {}
        self.journal.intend(Intent(asked, document, self.world.now().isoformat()))
        try:
            item = self.remote.create(asked)
        except RemoteError as error:
            found = self._found(asked) if error.is_ambiguous else None
            if found is None:
                if not error.is_ambiguous:
                    self.journal.give_up(name)
                raise
            item = found
        self._keys.add(action.kind, action.id, item.key)
        self._ids.add(name)
        self._ours.add((action.kind, item.key))
        lacking = rest(action, item, self._keys, self.remote.represent)
        self._succeed(action, item, asked.fields.keys() - lacking.keys())

    def _found(self, asked: Wanted) -> Item | None:
        """Return what a request whose answer was lost has made, as far as that can be told."""
        with suppress(RemoteError):
            return self.remote.find(asked)
        return None

    def _complete(self, action: Action) -> None:
        name = action.kind, action.id
        done = self._done.get(name)
        if done is None or done.item is None:
            return
        missing = rest(action, done.item, self._keys, self.remote.represent)
        if missing:
            # Until it is there it counts as not sent.
            self._done[name] = Done(action, done.item, done.sent - missing.keys())
            item = self.remote.update(done.item, missing)
            self._succeed(action, item, done.sent | missing.keys())

    def _update(self, action: Action) -> None:
        wished = changes(action, self._keys)
        if not wished or action.item is None:
            self._done[action.kind, action.id] = Done(action)
            return
        item = self.remote.update(action.item, wished)
        self._succeed(action, item, frozenset(wished))

    def _delete(self, action: Action) -> None:
        if action.item is not None:
            self.remote.delete(action.item)
        old = self._old(action)
        self.journal.settle((action.kind, old.id if old else action.id), None)
        done = Done(action)
        self._done[action.kind, action.id] = done
        self.told(done)

    def _succeed(self, action: Action, item: Item, sent: Iterable[str]) -> None:
        name = action.kind, action.id
        done = Done(action, item, frozenset(sent))
        old = None if action.verb == "create" else self._old(action)
        outcome = Outcome(action, item, done.sent, is_written=False)
        known = Known(self._ids, self._ours)
        record = record_after(old, self.local.document(*name), outcome, known)
        self.journal.settle(name, record)
        if name not in self._done:
            self.told(done)
        self._done[name] = done

    def _old(self, action: Action) -> Record | None:
        """Return the record of an action's item, be it under the id that it had before."""
        name = action.kind, action.id
        return self.base.records.get(self._owners.get((action.kind, action.key or ""), name))

    def _note(self, step: Step, action: Action, error: RemoteError) -> None:
        """Remember a failure, and judge whether the others can still succeed."""
        name = action.kind, action.id
        if step != "rest":
            self._failed[name] = error.message.rstrip(".")
        self._tell(Failure(action, error.message, error.hint))
        match error:
            case AuthError() | LimitedError():
                self._stopped = error
            case PlanLimitError():
                self._full = error.message.rstrip(".")
            case ServerError() | UnreachableError():
                self._in_a_row += 1
                if self._in_a_row >= _MOST_IN_A_ROW:
                    self._stopped = error
            case _:
                self._in_a_row = 0

    def _tell(self, failure: Failure) -> None:
        self._failures.append(failure)
        self.told(failure)


def _settled(base: Base, plan: Plan, keys: Keys) -> tuple[set[Name], set[tuple[Kind, str]]]:
    """Return which ids and keys belong together while what comes here is not in the files yet."""
    ids, ours = set(keys.by_id), set(keys.ours)
    for action in plan.actions:
        name = action.kind, action.id
        is_import = action.verb == "create" and action.side == "local" and name not in base.records
        if is_import or action.verb in {"delete", "unlink"}:
            ids.discard(name)
            ours.discard((action.kind, action.key or ""))
    return ids, ours


def _steps(action: Action) -> tuple[Step, ...]:
    match action.verb, action.side:
        case "create", "remote":
            return "create", "rest"
        case "delete", "remote":
            return ("delete",)
        case "skip" | "create" | "delete", _:
            return ()
        case _:
            return ("update",) if any(each.side == "remote" for each in action.fields) else ()
