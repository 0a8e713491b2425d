"""10,000 linked tasks: what a run costs in which nothing, or little, has changed."""

import gc
import os
from collections.abc import Iterator

import pytest

from orchestrator.sync.run.prepare import Wishes
from tests.conftest import write
from tests.sync.memory import Memory, Quirks
from tests.sync.run.clone import Clone

pytestmark = pytest.mark.slow
TASKS = 10_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A plan that a first sync brought in."""
    with pytest.MonkeyPatch.context() as patched:
        # What is forced to the disk for 10,000 files is the disk's time, not ours.
        patched.setattr(os, "fsync", lambda _: None)
        patched.setenv("GIT_AUTHOR_NAME", "Dana")
        root = tmp_path_factory.mktemp("large")
        write(root, {"orchestrator.yaml": "version: 1\nname: Large\n"})
        clone = Clone(root, Memory(Quirks(people=False, incremental=True)))
        clone.git("init", "--quiet", "--initial-branch=main")
        for name, value in (("name", "Dana"), ("email", "dana@example.com")):
            clone.git("config", f"user.{name}", value)
        clone.commit()
        project = clone.memory.add("projects", title="Large")
        for number in range(TASKS):
            clone.memory.add(
                title=f"Task {number}", project=project, priority="high", labels=["a", "b"],
                description=f"Do *this* {number}\n\n- one\n- two\n" * 3,
            )  # fmt: skip
        assert clone.sync().is_fine
        yield clone


def spent(before: os.times_result) -> float:
    """Return the processor's seconds since then, those of git included."""
    now = os.times()
    return sum(now[:4]) - sum(before[:4])


@pytest.mark.parametrize("full", [False, True])
def test_a_run_in_which_nothing_changed_takes_two_seconds_at_most(large: Clone, full: bool) -> None:
    gc.collect()
    gc.disable()
    before = os.times()
    result = large.sync(Wishes(is_full=full))
    gc.enable()
    assert spent(before) < 2.0
    assert result.prepared.plan.unchanged == TASKS + 1
    assert not result.prepared.plan.actions


def test_a_hundred_changes_take_a_request_each_and_little_else(large: Clone) -> None:
    plan = large.snapshot
    for task_id in sorted(plan.tasks)[:100]:
        path = large.root / plan.path_of("tasks", task_id)
        path.write_text(path.read_text().replace("priority: high", "priority: low"))
    large.commit()
    large.memory.calls.clear()
    before = os.times()
    assert large.sync().is_fine
    assert len(large.memory.calls) == 101
    assert spent(before) < 3.0
