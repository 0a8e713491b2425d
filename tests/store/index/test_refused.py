"""Where the index cannot be written, or whoever wrote it was killed, the answers stay right."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from orchestrator.store.index import schema
from tests.conftest import write

# What is answered, with the index wherever it can be used and without it.
_ASK = """
import os, sys
from datetime import UTC, date, datetime
from pathlib import Path
from orchestrator.model.task_filter import TaskFilter
from orchestrator.store.index.open import check_with_index
from orchestrator.store.index.plan import ask, read_plan
from orchestrator.store.load import check_source
from orchestrator.store.replay import replay
from orchestrator.store.workspace import Workspace
def answers(chosen):
    workspace = Workspace(Path(sys.argv[1]), {**os.environ, "ORCHESTRATOR_INDEX": chosen})
    now = datetime(2026, 11, 22, tzinfo=UTC)
    found = ask(workspace, lambda plan: plan.search(TaskFilter(), ("t",), None), searches=True)
    return (
        ask(workspace, lambda plan: plan.ready(TaskFilter())), list(found.scores.items()),
        check_with_index(workspace, now) or check_source(workspace.files, now),
        read_plan(workspace), replay(workspace, date(2026, 11, 22)),
    )
assert answers("always") == answers("never")
print(ask(Workspace(Path(sys.argv[1]), {**os.environ, "ORCHESTRATOR_INDEX": "always"}),
    lambda plan: plan.state is not None))
"""
_BUILD = """
import os, sys
from pathlib import Path
from orchestrator.store.index.plan import ask
from orchestrator.store.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]), {**os.environ, "ORCHESTRATOR_INDEX": "always"})
print("now", flush=True)
ask(workspace, lambda plan: len(plan.snapshot.tasks), searches=True)
"""


def is_used(
    root: Path, before: Sequence[str] = (), prepare: Callable[[], None] | None = None
) -> bool:
    """Assert that the answers are right, and return whether the index gave the last."""
    done = subprocess.run(
        [*before, sys.executable, "-c", _ASK, str(root)],
        capture_output=True, text=True, preexec_fn=prepare, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip() == "True"


def limit(count: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, count))


@pytest.mark.parametrize("size", [3_000, 60_000, 200_000])
def test_a_disk_that_is_full_costs_only_time(repo: Path, size: int) -> None:
    assert not is_used(repo, prepare=partial(limit, size)) or size > 60_000
    assert is_used(repo)
    write(repo, {f"projects/pay/tasks/PAY-{number}.yaml": f"id: PAY-{number}\ntitle: T\n"
        "status: todo\n" for number in range(100, 160)})  # fmt: skip
    is_used(repo, prepare=partial(limit, size))
    assert is_used(repo), "with room again it is made again"


def test_a_folder_that_may_only_be_read_costs_only_time(repo: Path) -> None:
    # Who is root may write everywhere, unless the capability to do so is taken away.
    capabilities = "-dac_override,-dac_read_search"
    before = ["setpriv", f"--bounding-set={capabilities}"] if os.geteuid() == 0 else []
    assert is_used(repo)
    folder = repo / ".git/orchestrator"
    kept = schema.index_path(folder).read_bytes()
    folder.chmod(0o500)
    try:
        write(repo, {"projects/pay/tasks/PAY-9.yaml": "id: PAY-9\ntitle: T\nstatus: todo\n"})
        assert not is_used(repo, before)
        assert schema.index_path(folder).read_bytes() == kept
    finally:
        folder.chmod(0o700)
    assert is_used(repo)


def test_who_is_killed_while_writing_leaves_nothing_wrong(repo: Path) -> None:
    write(repo, {f"projects/pay/tasks/PAY-{number}.yaml": f"id: PAY-{number}\ntitle: T {number}\n"
        "status: todo\n" for number in range(100, 900)})  # fmt: skip
    chance = random.Random(5)
    for _ in range(5):
        started = subprocess.Popen(
            [sys.executable, "-c", _BUILD, str(repo)], stdout=subprocess.PIPE
        )
        assert started.stdout is not None
        assert started.stdout.readline()
        time.sleep(chance.uniform(0.01, 0.12))
        started.send_signal(signal.SIGKILL)
        started.communicate()
        path = repo / f"projects/pay/tasks/PAY-{chance.randrange(100, 900)}.yaml"
        path.write_text(f"id: {path.stem}\ntitle: After\nstatus: completed\n")
    assert is_used(repo)
