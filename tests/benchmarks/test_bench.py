"""The bench itself: what it makes is right, and what it says of figures is true."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.merging import KINDS, lost_edits, merge_table
from benchmarks.peers.convert import task_master, taskwarrior
from benchmarks.plans import make, tasks_of
from benchmarks.table import Limit, Row, growth_of
from benchmarks.timing import FailedRunError, Times, peak_megabytes, seconds_of

BASE = {"id": "A-1", "title": "x", "labels": ["a", "b"], "description": "one\ntwo\n"}
TASKS: dict[str, dict[str, Any]] = {
    "A-1": {"title": "x", "status": "completed", "priority": "urgent", "project": "a"},
    "A-2": {"title": "y", "status": "todo", "priority": "low", "project": "a",
            "dependencies": ["A-1"], "due_date": "2026-03-04"},
}  # fmt: skip


def row(work: str, size: int, ours: float, **more: object) -> Row:
    return Row(work, size, Times((ours,)), **more)  # type: ignore[arg-type]


def test_a_plan_has_no_errors_and_its_work_tree_is_clean(tmp_path: Path) -> None:
    root = make(tmp_path / "plan", 60)
    assert len(tasks_of(root)) == 60
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator", "check"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    log = subprocess.run(
        ["git", "rev-list", "--count", "main"], cwd=root, capture_output=True, text=True, check=True
    )
    assert log.stdout.strip() == "13"


def test_the_merge_table_names_each_kind_of_pair(tmp_path: Path) -> None:
    lines = merge_table(tasks_of(make(tmp_path / "plan", 40)), pairs=3).splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == [kind.name for kind in KINDS]
    assert all(line.endswith("| yes |") for line in lines[2:])


@pytest.mark.parametrize(
    ("merged", "lost"),
    [
        ({**BASE, "title": "y", "labels": ["a", "b", "c"]}, 0),
        ({**BASE, "title": "y"}, 1),
        ({**BASE, "labels": ["a", "b", "c"]}, 1),
        ({**BASE, "title": "z", "labels": ["a", "b", "c"]}, 2),
        ({**BASE, "title": "y", "labels": ["c"]}, 2),
    ],
)
def test_an_edit_that_a_merge_does_not_have_is_counted(
    merged: dict[str, object], lost: int
) -> None:
    ours, theirs = {**BASE, "title": "y"}, {**BASE, "labels": ["a", "b", "c"]}
    assert lost_edits(BASE, ours, theirs, merged) == lost


def test_a_limit_is_a_factor_of_the_floor_and_a_sum() -> None:
    limit = Limit(2.0, 0.15)
    fine = row("x", 1, 0.54, floor=Times((0.2,)), limit=limit)
    assert fine.holds is True
    assert fine._replace(ours=Times((0.56,))).holds is False
    assert fine._replace(limit=None).holds is None


def test_growth_is_linear_between_the_largest_sizes_and_flat_between_all() -> None:
    rows = [row("list", size, size / 1e4, growth="linear") for size in (1_000, 10_000, 100_000)]
    rows += [row("patch", size, cost, growth="flat") for size, cost in ((1_000, 1), (9_000, 1.4))]
    found = {each.work: each for each in growth_of(rows)}
    assert found["list"].sizes == (10_000, 100_000)
    assert found["list"].cells()[-1] == "yes"
    assert found["patch"].cells()[-1] == "**NO**"


def test_a_command_that_fails_is_not_measured() -> None:
    with pytest.raises(FailedRunError, match=r"exited with 3: gone"):
        seconds_of([sys.executable, "-c", "import sys; sys.stderr.write('gone'); sys.exit(3)"])


def test_memory_of_a_child_counts(tmp_path: Path) -> None:
    hold = "import time; held = b'x' * 60_000_000; time.sleep(0.3)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    assert peak_megabytes([sys.executable, "-c", program], tmp_path) > 57


def test_the_peers_get_the_same_plan(tmp_path: Path) -> None:
    assert task_master(TASKS, tmp_path) == "2"
    document = json.loads((tmp_path / ".taskmaster/tasks/tasks.json").read_text("utf-8"))
    done, waiting = document["master"]["tasks"]
    assert (done["status"], done["priority"], done["dependencies"]) == ("done", "high", [])
    assert (waiting["id"], waiting["status"], waiting["dependencies"]) == (2, "pending", [1])
    text, identity = taskwarrior(TASKS)
    first, second = json.loads(text)
    assert (first["status"], first["end"]) == ("completed", "20260109T163000Z")
    assert (second["uuid"], second["depends"]) == (identity, [first["uuid"]])
    assert second["due"] == "20260304T000000Z"
