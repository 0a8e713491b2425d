"""Anything may happen on both sides, and to any request: the two still come together."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orchestrator.sync.action import Plan
from orchestrator.sync.errors import ServerError, UnreachableError
from orchestrator.sync.item import REFERENCES, Foreign, Item
from orchestrator.sync.reconcile.guard import DeletionGuardError
from orchestrator.sync.reconcile.values import Lens, canonical, local_value
from tests.sync.memory import Memory, Quirks
from tests.sync.reconcile.desk import Desk, Killed, plan

STATUSES = ("todo", "in_progress", "blocked", "in_review", "completed", "cancelled")
EDITS = st.one_of(
    st.tuples(st.just("title"), st.sampled_from(["One", "Two", "Three"])),
    st.tuples(st.just("status"), st.sampled_from(STATUSES)),
    st.tuples(st.just("priority"), st.sampled_from(["low", "medium", "high", "urgent", None])),
    st.tuples(st.just("labels"), st.lists(st.sampled_from("abc"), unique=True)),
    st.tuples(st.just("due_date"), st.sampled_from(["2026-12-01", "2026-12-02", None])),
    st.tuples(st.just("estimated_minutes"), st.sampled_from([30, 60, None])),
    st.tuples(st.just("actual_minutes"), st.sampled_from([10, 25, 70])),
)
HERE = st.one_of(
    EDITS, st.tuples(st.just("assignee"), st.sampled_from(["dana", "kim", "zoe", None]))
)
THERE = st.one_of(
    EDITS, st.tuples(st.just("assignee"), st.sampled_from(["acc-1", "acc-2", "acc-9", None]))
)
QUIRKS = st.builds(
    Quirks,
    blocked=st.booleans(), rewrites=st.booleans(), coarse=st.booleans(), minutes=st.booleans(),
    trash=st.booleans(), incremental=st.booleans(),
    late=st.sampled_from([frozenset(), frozenset({"parent", "dependencies"})]),
    without=st.sampled_from([
        frozenset(), frozenset({"tasks.parent", "tasks.dependencies"}),
        frozenset({"projects", "tasks.project"}),
    ]),
)  # fmt: skip


class Sync(RuleBasedStateMachine):
    """A plan and a tracker that people, and mishaps, change at random."""

    @initialize(
        quirks=QUIRKS,
        prune=st.booleans(),
        on_conflict=st.sampled_from(["stop", "local", "remote", "newest"]),
    )
    def begin(self, quirks: Quirks, prune: bool, on_conflict: Any) -> None:
        self.desk = self.desk_with(Memory(quirks))
        self.desk.settings(prune=prune, on_conflict=on_conflict)
        self.count = 1
        self.deleted: set[str] = set()
        self.removed: set[str] = set()
        self.clock = self.desk.now

    def desk_with(self, remote: Memory) -> Desk:
        return Desk(plan(t1={"description": "L1"}), remote)

    # What people do.

    @rule(parent=st.integers(0, 20), first=HERE)
    def add_here(self, parent: int, first: tuple[str, Any]) -> None:
        self.count += 1
        over = self.pick(parent)
        fields = {"description": f"L{self.count}", **dict([first])}
        if over is not None and parent % 2:
            fields |= {"parent": over, "project": self.desk.task(over)["project"]}
        found = {name: value for name, value in fields.items() if value not in (None, [])}
        self.desk.add(f"PAY-{self.count}", **found)

    @rule(which=st.integers(0, 20), edit=HERE)
    def edit_here(self, which: int, edit: tuple[str, Any]) -> None:
        if (task_id := self.pick(which)) is not None:
            name, value = edit
            self.desk.set(task_id, **{name: None if value == [] else value})
            self.touch(task_id)

    @rule(which=st.integers(0, 20), on=st.integers(0, 20))
    def depend_here(self, which: int, on: int) -> None:
        one, other = self.pick(which), self.pick(on)
        if one is None or other is None:
            return
        before = self.desk.snapshot
        names = self.desk.task(one).get("dependencies") or []
        now = [each for each in names if each != other] if other in names else [*names, other]
        self.desk.set(one, dependencies=now or None)
        if self.desk.problems():
            self.desk.snapshot = before

    @rule(which=st.integers(0, 20), under=st.integers(0, 20))
    def move_here(self, which: int, under: int) -> None:
        one, other = self.pick(which), self.pick(under)
        if one is None:
            return
        before = self.desk.snapshot
        self.desk.set(one, parent=other if under % 3 else None)
        if self.desk.problems():
            self.desk.snapshot = before

    @rule(which=st.integers(0, 20))
    def delete_here(self, which: int) -> None:
        if (task_id := self.pick(which)) is not None:
            before = set(self.desk.live())
            self.desk.delete(task_id)
            self.deleted |= before - set(self.desk.live())

    @rule(under=st.integers(0, 20), first=THERE)
    def add_there(self, under: int, first: tuple[str, Any]) -> None:
        self.count += 1
        fields = {"description": f"R{self.count}\n", **dict([first])}
        over = self.pick_there(under)
        if over is not None and under % 2 and self.holds("parent"):
            fields["parent"] = over
        self.desk.remote.add(**fields)

    @rule(which=st.integers(0, 20), edit=THERE)
    def edit_there(self, which: int, edit: tuple[str, Any]) -> None:
        if (key := self.pick_there(which)) is not None:
            self.desk.remote.edit(key, **dict([edit]))

    @rule(
        which=st.integers(0, 20),
        other=st.integers(0, 20),
        name=st.sampled_from(["parent", "dependencies"]),
    )
    def refer_there(self, which: int, other: int, name: str) -> None:
        one, two = self.pick_there(which), self.pick_there(other)
        if one is not None and two is not None and one != two and self.holds(name):
            self.desk.remote.edit(one, **{name: two if name == "parent" else [two]})

    @rule(which=st.integers(0, 20))
    def remove_there(self, which: int) -> None:
        if (key := self.pick_there(which)) is not None:
            self.removed.add(key)
            self.desk.remote.remove(key)

    @rule(minutes=st.integers(-30, 30))
    def clocks_drift(self, minutes: int) -> None:
        self.desk.now = self.clock.replace(minute=abs(minutes))

    # What a run meets.

    @rule()
    def sync(self) -> None:
        remote = self.desk.remote
        before = {key: (dict(row.fields), row.state) for key, row in remote.rows.items()}
        files = self.desk.snapshot
        made = len(remote.writes)
        if (found := self.run()) is not None:
            self.is_as_planned(found, before, files, remote.writes[made:])

    @rule(order=st.randoms(use_true_random=False))
    def sync_with_a_strange_listing(self, order: Any) -> None:
        def shuffle(items: list[Item]) -> list[Item]:
            found = [*items, *order.sample(items, len(items) // 2)]
            order.shuffle(found)
            return found

        self.desk.remote.shuffle = shuffle
        self.run()
        self.desk.remote.shuffle = lambda items: items

    @rule(size=st.integers(1, 3))
    def sync_with_a_partial_listing(self, size: int) -> None:
        remote, quirks, live = self.desk.remote, self.desk.remote.quirks, set(self.desk.live())
        remote.quirks = replace(quirks, page=size, incremental=False)
        self.run()
        remote.quirks = quirks
        for task_id in live - set(self.desk.live()):
            assert self.was_removed(task_id), f"{task_id} was deleted without evidence"

    @rule(at=st.integers(1, 6), kind=st.sampled_from(["failed", "lost", "killed", "killed after"]))
    def sync_with_a_mishap(self, at: int, kind: str) -> None:
        left = [at]

        def mishap(name: str, _key: str) -> None:
            if name not in {"create", "update", "delete"}:
                return
            left[0] -= 1
            if left[0] == 0:
                match kind:
                    case "failed":
                        raise ServerError("It is down.")
                    case "lost":
                        raise UnreachableError("No answer.", is_ambiguous=True)
                    case _:
                        raise Killed

        where = "before" if kind in {"failed", "killed"} else "after"
        plain = getattr(self.desk.remote, where)
        setattr(self.desk.remote, where, mishap)
        self.run()
        setattr(self.desk.remote, where, plain)

    @rule(where=st.sampled_from(["before files", "before base"]))
    def sync_killed_at_home(self, where: Any) -> None:
        self.run(dies=where)

    @rule()
    def sync_for_review(self) -> None:
        self.run(is_written=False)

    # What must hold.

    @precondition(lambda self: self.count % 3 == 0)
    @rule()
    def they_come_together(self) -> None:
        self.converge()

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.converge()

    def converge(self) -> None:
        desk = self.desk
        desk.full = True
        for _ in range(4):
            found = self.run(allow_deletions=True)
            if found is not None and not [each for each in found.actions if each.verb != "skip"]:
                break
        desk.full = False
        self.is_quiet()
        assert desk.problems() == [], desk.problems()
        self.is_whole()
        self.is_agreed()

    def is_quiet(self) -> None:
        """Nothing is left to do but what waits for a person."""
        desk = self.desk
        made = len(desk.remote.writes)
        files = desk.snapshot
        for full in (False, True):
            desk.full = full
            found = desk.sync(newest=self.newest, allow_deletions=True)
            writes = [
                each
                for each in found.actions
                if each.fields or each.verb not in {"skip", "conflict"}
            ]
            assert writes == [], writes
        desk.full = False
        assert len(desk.remote.writes) == made
        assert desk.snapshot.tasks == files.tasks

    def is_whole(self) -> None:
        """Nothing is there twice, and nothing is gone that nobody deleted."""
        desk = self.desk
        for rows in (desk.live(), desk.remote.live()):
            marks = [str(row.get("description")).split("\n")[0] for row in rows.values()]
            assert len(marks) == len(set(marks)), marks
        for task_id, task in desk.snapshot.tasks.items():
            record = desk.base.records.get(("tasks", task_id))
            if task_id not in self.deleted and not task.get("deleted_at"):
                assert record is not None or self.waits(task_id), task_id
            if task.get("deleted_at") and task_id not in self.deleted:
                assert self.was_removed(task_id), task_id
        by_engine = {key for name, key in desk.remote.writes if name == "delete"}
        marks_deleted = {
            str(desk.task(each)["description"]).split("\n")[0] for each in self.deleted
        }
        for key in by_engine:
            assert key in self.removed or self.mark(key) in marks_deleted, key

    def is_agreed(self) -> None:
        """Both sides look the same, apart from what waits for a person or cannot be held."""
        desk = self.desk
        lens = Lens(desk.remote.represent)
        desk.full = True
        found = desk.plan(newest=self.newest, allow_deletions=True)
        desk.full = False
        open_fields = {
            (action.id, name)
            for action in found.actions
            for name in (*action.left, *(clash.name for clash in action.clashes))
        }
        skipped = {action.id for action in found.actions if action.verb == "skip"}
        for (kind, task_id), record in desk.base.records.items():
            task = desk.snapshot.tasks.get(task_id)
            if kind != "tasks" or task is None or task.get("deleted_at") or task_id in skipped:
                continue
            shown = desk.remote.shown(record.key)
            for name, there in shown.items():
                if name in REFERENCES or (task_id, name) in open_fields:
                    continue
                here = lens.see(kind, name, local_value(task, name))
                if isinstance(here, Foreign) or isinstance(there, Foreign):
                    continue
                assert here == lens.see(kind, name, there), (task_id, name, here, there)
            if "dependencies" in shown:
                self.refer_alike(task_id, task, shown, skipped)

    def waits(self, task_id: str) -> bool:
        """Return whether a file states a key that was deleted before a base knew it."""
        stated = self.desk.task(task_id).get("external_ids") or {}
        return stated.get(self.desk.tie.name) in {f"#{key[1:]}" for key in self.removed}

    def refer_alike(
        self, task_id: str, task: dict[str, Any], shown: dict[str, Any], skipped: set[str]
    ) -> None:
        ids = {record.key: record.id for record in self.desk.base.records.values()}
        over_there = {ids[key] for key in shown["dependencies"] if key in ids}
        here = {each for each in task.get("dependencies") or () if each in ids.values()}
        live = {each for each in here if not self.desk.task(each).get("deleted_at")}
        # What no plan may hold - a circle, a relative - stays over there alone.
        assert live - skipped <= over_there, (task_id, live, over_there)

    def is_as_planned(
        self, found: Plan, before: dict[str, Any], files: Any, writes: list[tuple[str, str]]
    ) -> None:
        """A run without a mishap does what its plan says, to what it names, and no more."""
        desk = self.desk
        if desk.failed:
            return
        named = {action.key for action in found.actions if action.verb != "skip"}
        changed = {
            key
            for key, (fields, state) in before.items()
            if key in desk.remote.rows
            and (desk.remote.rows[key].fields, desk.remote.rows[key].state) != (fields, state)
        }
        deleted = {action.key for action in found.actions if action.verb == "delete"}
        assert changed <= named or deleted, changed - named
        ids = {action.id for action in found.actions if action.verb != "skip"}
        for task_id, task in desk.snapshot.tasks.items():
            # The key of what a killed run made is noted by the next one, without a plan for it.
            assert task_id in ids or _unkeyed(task) == _unkeyed(files.tasks[task_id])
        creates = [
            action for action in found.actions if (action.verb, action.side) == ("create", "remote")
        ]
        assert len([each for each in writes if each[0] == "create"]) == len(creates)
        for action in found.actions:
            for change in action.fields if action.verb != "skip" else ():
                if (
                    change.side == "local"
                    and change.name != "deleted_at"
                    and action.kind == "tasks"
                ):
                    now = local_value(desk.task(action.id), change.name)
                    assert canonical(change.name, now) == canonical(change.name, change.after)

    # How it is done.

    def run(self, **how: Any) -> Plan | None:
        try:
            return self.desk.sync(newest=self.newest, **how)
        except (DeletionGuardError, Killed):
            return None

    def newest(self, _kind: str, task_id: str) -> Any:
        return self.desk.touched.get(task_id)

    def touch(self, task_id: str) -> None:
        self.desk.touched[task_id] = self.desk.now

    def mark(self, key: str) -> str:
        row = self.desk.remote.rows.get(key) or self.desk.remote.graves.get(key)
        assert row is not None
        return str(row.fields.get("description")).split("\n")[0]

    def was_removed(self, task_id: str) -> bool:
        """Return whether somebody over there deleted the item of a task."""
        mark = str(self.desk.task(task_id)["description"]).split("\n")[0]
        return any(self.mark(key) == mark for key in self.removed)

    def holds(self, name: str) -> bool:
        return f"tasks.{name}" not in self.desk.remote.quirks.without

    def pick(self, number: int) -> str | None:
        names = sorted(self.desk.live())
        return names[number % len(names)] if names else None

    def pick_there(self, number: int) -> str | None:
        names = sorted(self.desk.remote.live())
        return names[number % len(names)] if names else None


def _unkeyed(task: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in task.items() if name != "external_ids"}


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def test_both_sides_come_together_whatever_happens() -> None:
    run_state_machine_as_test(
        Sync,
        settings=settings(max_examples=120, stateful_step_count=25, suppress_health_check=QUIET),
    )


@pytest.mark.slow
def test_both_sides_come_together_whatever_happens_for_long() -> None:
    run_state_machine_as_test(
        Sync,
        settings=settings(max_examples=800, stateful_step_count=40, suppress_health_check=QUIET),
    )
