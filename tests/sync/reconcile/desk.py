"""Both sides of a sync on one desk: a plan in memory, a tracker in memory, a run without git."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Literal

from orchestrator.check.run import check
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import SnapshotDocuments, apply
from orchestrator.patch.ops import Patch
from orchestrator.sync.action import Action, Plan
from orchestrator.sync.errors import RemoteError
from orchestrator.sync.item import REFERENCES, Item, Kind, Wanted
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.reconcile.plan import missing, reconcile
from orchestrator.sync.reconcile.pull import local_patch
from orchestrator.sync.reconcile.settle import next_watermark, recovered, renewed
from orchestrator.sync.reconcile.sides import Local, Name, There, Wish, local_side
from orchestrator.sync.reconcile.values import canonical
from orchestrator.sync.reconcile.write import Keys, awaited, changes, known_keys, rest, wanted
from orchestrator.sync.record import Base, Meta, Record
from orchestrator.sync.remote import Tie
from orchestrator.verbs.delete import delete_projects, delete_tasks
from orchestrator.verbs.stamps import stamped_changes
from tests.sync.memory import Memory


class Killed(BaseException):
    """The run ends here, with nothing tidied up."""


NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NAME = "trk"


def plan(**tasks: dict[str, Any]) -> Snapshot:
    """Return a plan of one project `pay` with tasks `PAY-1`, named `t1` and so on here."""
    made = {
        f"PAY-{name[1:]}": {
            "id": f"PAY-{name[1:]}", "title": name, "status": "todo", "project": "pay", **fields,
        }
        for name, fields in tasks.items()
    }  # fmt: skip
    project = {"id": "pay", "key": "PAY", "title": "Payments", "status": "active"}
    users = {name: {"id": name, "name": name.title()} for name in ("dana", "kim", "zoe")}
    return Snapshot({"version": 1, "name": "Test"}, users, {"pay": project}, made)


@dataclass
class Desk:
    """A workspace and a tracker, and what they agreed on.

    Attributes:
        snapshot: The plan.
        remote: The tracker.
        tie: How they are tied.
        base: What they agreed on.
        full: Whether each run lists everything.
        failed: What failed in the last run, by id.
        intents: Creates that a killed run had begun, as its journal has them.
        outcomes: What a killed run had written over there, likewise.
        touched: When a task was last edited here, by id.
        now: The clock here.
    """

    snapshot: Snapshot = field(default_factory=plan)
    remote: Memory = field(default_factory=Memory)
    tie: Tie = field(default_factory=lambda: Tie(NAME, "memory", "env:T"))
    base: Base = field(default_factory=lambda: Base(Meta("lineage")))
    full: bool = False
    failed: dict[str, str] = field(default_factory=dict)
    intents: dict[Name, tuple[Wanted, dict[str, Any]]] = field(default_factory=dict)
    outcomes: dict[Name, Record | None] = field(default_factory=dict)
    touched: dict[str, datetime] = field(default_factory=dict)
    now: datetime = NOW
    _tokens: Any = field(default_factory=count)
    _ground: tuple[Plan, Local] = field(init=False)

    def settings(self, **values: Any) -> "Desk":
        """Change how the two are tied."""
        self.tie = replace(self.tie, **values)
        return self

    # What people here do.

    def task(self, task_id: str) -> dict[str, Any]:
        return self.snapshot.tasks[task_id]

    def add(self, task_id: str, **fields: Any) -> None:
        """Write the file of a task."""
        task = {"id": task_id, "title": task_id, "status": "todo", "project": "pay", **fields}
        self.snapshot = replace(self.snapshot, tasks={**self.snapshot.tasks, task_id: task})

    def set(self, task_id: str, **fields: Any) -> None:
        """Change fields of a task's file; None clears one."""
        task = {**self.snapshot.tasks[task_id], **fields}
        task = {name: value for name, value in task.items() if value is not None}
        self.snapshot = replace(self.snapshot, tasks={**self.snapshot.tasks, task_id: task})

    def delete(self, *task_ids: str) -> None:
        """Delete tasks softly, with what is below them."""
        self._apply(delete_tasks(self.snapshot, task_ids, self.now, None, force=True))

    def delete_project(self, project_id: str) -> None:
        self._apply(delete_projects(self.snapshot, [project_id], self.now, None, force=True))

    def purge(self, task_id: str) -> None:
        """Remove a task's file."""
        rest = {name: task for name, task in self.snapshot.tasks.items() if name != task_id}
        self.snapshot = replace(self.snapshot, tasks=rest)

    def live(self) -> dict[str, dict[str, Any]]:
        return dict(self.snapshot.live_tasks())

    # What a run does.

    def plan(self, **wish: Any) -> Plan:
        """Return what a run would do."""
        return self._planned(Wish(**wish))[0]

    def sync(
        self,
        *,
        is_written: bool = True,
        is_sent: Callable[[str], bool] = lambda _: True,
        dies: Literal["before files", "before base"] | None = None,
        **wish: Any,
    ) -> Plan:
        """Plan and do it: the tracker, the files, the base. Returns the plan.

        Args:
            is_written: Whether what the files get is on the branch that is synced.
            is_sent: Whether an action is carried out, by id; one that is not counts as failed.
            dies: Where the run is killed, apart from what the tracker raises.
            wish: As for `Wish`.
        """
        asked = Wish(**wish)
        self.recover()
        found, there = self._planned(asked)
        local = local_side(self.snapshot, "head")
        self._ground = (found, local)
        done = list(self._sent(found, is_sent))
        if dies == "before files":
            raise Killed
        if is_written:
            self._apply(local_patch(self.snapshot, done, self.tie, self.now))
        if dies == "before base":
            raise Killed
        new = renewed(local, self.base, found, done, is_written=is_written)
        mark = next_watermark(self.base, there.listing, found, done, is_written=is_written)
        records = {**self.base.records, **new}
        meta = self.base.meta
        if asked.only is None:
            meta = replace(meta, watermark=mark)
        self.base = Base(
            replace(meta, serial=meta.serial + 1),
            {name: record for name, record in records.items() if record is not None},
        )
        self.intents, self.outcomes = {}, {}
        self.now += timedelta(minutes=1)
        self.remote.now += timedelta(minutes=1)
        return found

    def recover(self) -> None:
        """Take over what a killed run has done, from its journal."""
        records = {**self.base.records, **self.outcomes}
        for name, (asked, document) in list(self.intents.items()):
            item = None if name in self.outcomes else self.remote.find(asked)
            if item is None:
                continue
            records[name] = recovered(asked, document, item, self.remote.represent)
        kept = {name: record for name, record in records.items() if record is not None}
        self.base = Base(self.base.meta, kept)

    def settle(self, **wish: Any) -> None:
        """Sync, and make sure that a second run has nothing to do."""
        self.sync(**wish)
        self.is_quiet()

    def is_quiet(self) -> None:
        """Make sure that a run, and one that lists everything, would write nothing."""
        for full in (False, True):
            again = self._planned(Wish(), full=full)[0]
            writes = [action for action in again.actions if action.verb != "skip"]
            assert writes == [], writes
            assert not again.records

    def key(self, task_id: str, kind: Kind = "tasks") -> str:
        return self.base.records[kind, task_id].key

    def id(self, key: str) -> str:
        return next(record.id for record in self.base.records.values() if record.key == key)

    def row(self, task_id: str, kind: Kind = "tasks") -> dict[str, Any]:
        """Return what the tracker shows of an item of ours."""
        return self.remote.shown(self.key(task_id, kind))

    def problems(self) -> list[str]:
        """Return what is wrong with what the plan's items say of one another."""
        found = check(self.snapshot, self.now + timedelta(days=1))
        return [problem.message for problem in found if problem.code.startswith("ORC2")]

    def _planned(self, wish: Wish, *, full: bool = False) -> tuple[Plan, There]:
        can = self.remote.greet()
        known = {(each.kind, each.key): each.kept for each in self.base.records.values()}
        is_full = self.full or full or not can.is_incremental
        since = None if is_full else self.base.meta.watermark
        there = There(self.remote.fetch(since, known), can, self.remote.represent)
        local = local_side(self.snapshot, "head")
        looked = {
            (record.kind, record.key): self.remote.look(record.kind, record.key, record.kept)
            for record in missing(local, there, self.base, self.tie, wish)
        }
        there = replace(there, looked=looked)
        return reconcile(local, there, self.base, self.tie, wish), there

    def _sent(self, found: Plan, is_sent: Callable[[str], bool]) -> Iterable[Done]:
        """Carry out the writes over there, creates first and deletions last, and yield results."""
        keys = known_keys(self.base, found)
        made: dict[str, Done] = {}
        failed: dict[tuple[Kind, str], str] = {}
        self.failed = {}
        for action in found.actions:
            name = (action.kind, action.id)
            try:
                if action.verb == "skip":
                    continue
                if why := awaited(action, failed):
                    raise RemoteError(why)  # noqa: TRY301
                if not is_sent(action.id):
                    raise RemoteError("It was not sent.")  # noqa: TRY301
                if (action.verb, action.side) == ("create", "remote"):
                    made[action.id] = self._make(action, keys)
            except RemoteError as error:
                failed[name] = self.failed[action.id] = str(error)
        for action in found.actions:
            name = (action.kind, action.id)
            if action.verb == "skip" or name in failed:
                continue
            try:
                yield self._finish(action, made, keys)
            except RemoteError as error:
                self.failed[action.id] = str(error)

    def _make(self, action: Action, keys: Keys) -> Done:
        name = (action.kind, action.id)
        token = self.intents[name][0].token if name in self.intents else None
        asked = wanted(action, token or f"token-{next(self._tokens)}", keys)
        document = dict(self.snapshot.entities(action.kind)[action.id])
        self.intents[name] = (asked, document)
        try:
            item = self.remote.create(asked)
        except RemoteError as error:
            found = self.remote.find(asked) if error.is_ambiguous else None
            if found is None:
                raise
            item = found
        keys.add(action.kind, action.id, item.key)
        return self._noted(Done(action, item, self._held(asked, item)))

    def _noted(self, done: Done) -> Done:
        """Write down what was done, as the journal does."""
        found, local = self._ground
        name = (done.action.kind, done.action.id)
        if done.action.verb == "delete":
            self.outcomes[name] = None
        else:
            alone = replace(found, actions=(done.action,), records=())
            new = renewed(local, self.base, alone, [done], is_written=False)
            self.outcomes |= new
        return done

    def _held(self, asked: Wanted, item: Item) -> frozenset[str]:
        """Return which fields of a request an item holds as it was asked for."""

        def see(name: str, value: Any) -> Any:
            if name not in REFERENCES:
                value = self.remote.represent(asked.kind, name, value)
            return canonical(name, value)

        return frozenset(
            name
            for name, value in asked.fields.items()
            if see(name, value) == see(name, item.fields.get(name))
        )

    def _finish(self, action: Action, made: dict[str, Done], keys: Keys) -> Done:
        if done := made.get(action.id):
            assert done.item is not None
            lacks = rest(action, done.item, keys, self.remote.represent)
            if not lacks:
                return done
            try:
                item = self.remote.update(done.item, lacks)
            except RemoteError as error:
                self.failed[action.id] = str(error)
                return done._replace(sent=done.sent - lacks.keys())
            return self._noted(Done(action, item, done.sent | lacks.keys()))
        if action.verb == "delete" and action.side == "remote":
            assert action.item is not None
            self.remote.delete(action.item)
            return self._noted(Done(action))
        asked = changes(action, keys) if action.side is None else {}
        if not asked:
            return Done(action)
        assert action.item is not None
        item = self.remote.update(action.item, asked)
        return self._noted(Done(action, item, frozenset(asked)))

    def _apply(self, patch: Patch) -> None:
        found = apply(SnapshotDocuments(self.snapshot), patch.ops)
        tasks, projects = dict(self.snapshot.tasks), dict(self.snapshot.projects)
        for change in stamped_changes(found, self.now):
            members = tasks if change.kind == "tasks" else projects
            if change.after is None:
                del members[change.id]
            else:
                members[change.id] = change.after
        self.snapshot = replace(self.snapshot, tasks=tasks, projects=projects)
