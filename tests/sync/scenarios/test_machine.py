"""Anything may happen on both sides of a real stack: plan, git, engine, adapter, HTTP, tracker."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from orchestrator.sync.errors import RemoteError
from orchestrator.sync.reconcile.guard import DeletionGuardError
from orchestrator.sync.reconcile.values import Lens, local_value
from orchestrator.sync.remotes import open_remote
from orchestrator.sync.run.prepare import Wishes
from tests.sync.fakes.server import Fault
from tests.sync.fakes.tracker import TOKEN
from tests.sync.scenarios.killer import Killed, Killer
from tests.sync.scenarios.pair import EMPTY, FAKES, PLAN, begun, fake_of

WORDS = st.sampled_from(["One", "Two", "Three"])
EDITS = st.one_of(
    st.tuples(st.just("title"), WORDS),
    st.tuples(st.just("status"), st.sampled_from(["todo", "in_progress", "completed"])),
    st.tuples(st.just("priority"), st.sampled_from(["low", "high", "urgent"])),
    st.tuples(st.just("labels"), st.lists(st.sampled_from(["api", "db", "web"]), unique=True)),
    st.tuples(st.just("assignee"), st.sampled_from(["dana", "kim", None])),
    st.tuples(st.just("due_date"), st.sampled_from(["2026-12-01", "2026-12-02"])),
    st.tuples(st.just("description"), st.sampled_from(["A.\n", "A.\n\nB.\n", "C.\n"])),
)
PLACES = st.integers(0, 20)
FILES = {name: text for name, text in PLAN.items() if name in EMPTY or "project.yaml" in name}


class Stack(RuleBasedStateMachine):
    """A plan and a tracker that people, and mishaps, change at random."""

    kind = "linear"

    @initialize(
        prune=st.booleans(), on_conflict=st.sampled_from(["stop", "local", "remote", "newest"])
    )
    def begin(self, prune: bool, on_conflict: str) -> None:
        self.stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.stack.callback(shutil.rmtree, self.folder)
        fake = fake_of(self.kind)
        self.stack.enter_context(fake.running())
        self.pair = begun(self.folder / "plan", fake, FILES)
        self.pair.changes |= {"prune": prune, "on_conflict": on_conflict}
        self.count = 0
        self.gone: set[str] = set()
        self.pair.plan()
        for _ in range(2):
            self.add_here(0, ("title", "One"))
        self.pair.synced()

    # What people do.

    @rule(over=PLACES, first=EDITS)
    def add_here(self, over: int, first: tuple[str, Any]) -> None:
        self.count += 1
        fields = {"title": f"Task {self.count}", "metadata": {"mark": self.count}, **dict([first])}
        tasks = sorted(self.in_pay())
        if tasks and over % 3 == 0:
            fields["parent"] = tasks[over % len(tasks)]
            if self.depth(fields["parent"]) > 3:
                del fields["parent"]
        self.pair.make(f"PAY-{self.count}", **fields)

    @rule(which=PLACES, edit=EDITS)
    def edit_here(self, which: int, edit: tuple[str, Any]) -> None:
        if tasks := sorted(self.pair.live()):
            self.pair.edit(tasks[which % len(tasks)], **dict([edit]))

    @rule(which=PLACES)
    def remove_here(self, which: int) -> None:
        tasks = self.in_pay()
        above = {task.get("parent") for task in tasks.values()}
        if leaves := sorted(set(tasks) - above):
            self.gone.add(str(tasks[leaves[which % len(leaves)]]["title"]))
            self.pair.remove(leaves[which % len(leaves)])

    @rule(first=EDITS)
    def add_there(self, first: tuple[str, Any]) -> None:
        self.count += 1
        fields = {"title": f"Task {self.count}", **self.pair.fitting(dict([first]))}
        self.pair.fake.clock.pass_by(minutes=2)
        self.pair.fake.add("tasks", {"status": "todo", **fields})

    @rule(which=PLACES, edit=EDITS)
    def edit_there(self, which: int, edit: tuple[str, Any]) -> None:
        rows = sorted(self.pair.fake.items("tasks"))
        if rows and (fields := self.pair.fitting(dict([edit]))):
            self.pair.fake.clock.pass_by(minutes=2)
            self.pair.fake.edit("tasks", rows[which % len(rows)], fields)

    @rule(which=PLACES)
    def remove_there(self, which: int) -> None:
        rows = self.pair.fake.items("tasks")
        above = {row.get("parent") for row in rows.values()}
        if leaves := sorted(set(rows) - above):
            key = leaves[which % len(leaves)]
            self.gone.add(str(rows[key]["title"]))
            self.pair.fake.remove("tasks", key)

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.pair.fake.clock.pass_by(hours=hours)

    # What a run meets.

    @rule()
    def sync(self) -> None:
        self.run(Wishes())

    @rule(kind=st.sampled_from(["lost", "cut", "garbage", "half"]), skipped=st.integers(0, 6))
    def sync_with_a_bad_answer(self, kind: Any, skipped: int) -> None:
        left = [skipped]

        def later(_: object) -> bool:
            left[0] -= 1
            return left[0] < 0

        self.pair.fake.server.faults.append(Fault(kind, 1, later))
        self.run(Wishes())
        self.pair.fake.server.faults.clear()

    @rule(at=st.integers(1, 60))
    def sync_that_is_killed(self, at: int) -> None:
        try:
            with Killer(at).at_work():
                self.run(Wishes())
        except Killed:
            # Were the item deleted there before the next run, its file would stay, uncommitted, for
            # a person to see: nothing tells it from one that somebody has written.
            self.run(Wishes())

    # What must hold.

    @rule()
    def they_come_together(self) -> None:
        self.converge()

    def teardown(self) -> None:
        if hasattr(self, "pair"):
            try:
                self.converge()
            finally:
                self.stack.close()

    def converge(self) -> None:
        pair = self.pair
        for _ in range(4):
            result = pair.sync(Wishes(is_full=True, allow_deletions=True))
            todo = [each for each in result.prepared.plan.actions if each.verb != "skip"]
            if not todo:
                break
        before = pair.branches(), pair.writes()
        for is_full in (False, True):
            again = pair.sync(Wishes(is_full=is_full, allow_deletions=True)).prepared.plan.actions
            todo = [each for each in again if each.verb != "skip"]
            assert all(action.verb == "conflict" and not action.fields for action in todo), todo
            assert (pair.branches(), pair.writes()) == before
        assert pair.git("status", "--porcelain") == ""
        self.agree(pair.plan().plan.actions)

    def agree(self, actions: tuple[Any, ...]) -> None:
        """Assert that both sides look alike, and that nothing is there twice."""
        pair = self.pair
        open_fields = {
            (action.id, name)
            for action in actions
            for name in (*action.left, *(clash.name for clash in action.clashes))
        }
        left = {action.id for action in actions if action.verb == "skip"}
        rows = pair.fake.items("tasks")
        records = {
            name[1]: record for name, record in pair.base.base.records.items() if name[0] == "tasks"
        }
        keys = [record.key for record in records.values()]
        assert len(keys) == len(set(keys))
        with open_remote(pair.tie, TOKEN, pair.fake.clock.world) as remote:
            remote.greet()
            lens = Lens(remote.represent)
            for task_id, task in pair.live().items():
                if task_id in left:
                    continue
                assert task_id in records, f"{task_id} is not linked"
                there = rows.get(records[task_id].key)
                if there is None:  # deleted there, and without prune it stays here
                    assert not pair.changes.get("prune"), f"{task_id} is gone there"
                    continue
                for name in ("title", "status", "labels", "description"):
                    if (task_id, name) in open_fields:
                        continue
                    here = lens.see("tasks", name, local_value(dict(task), name))
                    assert here == lens.see("tasks", name, there[name]), (task_id, name)
        linked = set(keys)
        assert all(key in linked for key in rows), "something there is not here"

    # How it is done.

    def run(self, wishes: Wishes) -> None:
        try:
            self.pair.sync(wishes)
        except (RemoteError, DeletionGuardError):
            return

    def in_pay(self) -> dict[str, Any]:
        return {name: task for name, task in self.pair.live().items() if task["project"] == "pay"}

    def depth(self, task_id: str) -> int:
        tasks, count = self.pair.live(), 0
        over: str | None = task_id
        while over is not None:
            count, over = count + 1, tasks[over].get("parent")
        return count


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def played(kind: str, examples: int) -> Callable[[], None]:
    """Return a test that plays with one tracker."""
    machine: Any = type(kind, (Stack,), {"kind": kind})
    case = machine.TestCase
    case.settings = settings(
        max_examples=examples, stateful_step_count=12, suppress_health_check=QUIET
    )
    return lambda: case().runTest()


@pytest.mark.parametrize("kind", [each for each in FAKES if each in {"linear", "github"}])
def test_both_sides_come_together_whatever_happens(kind: str) -> None:
    played(kind, 1)()


@pytest.mark.slow
@pytest.mark.parametrize("kind", FAKES)
def test_both_sides_come_together_whatever_happens_for_long(kind: str) -> None:
    played(kind, 6)()
