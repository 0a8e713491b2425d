"""Two processes read a large plan just as one does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.store import halves
from orchestrator.store.files import WorkTree
from orchestrator.store.load import load
from orchestrator.store.parse import parse_entries
from tests.conftest import write

TOP = Path(__file__).parents[2]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    root = tmp_path / "large"
    generator = TOP / "benchmarks/generate.py"
    subprocess.run([sys.executable, generator, "2200", root], check=True)
    write(root, {"projects/project-002/tasks/P002-BAD.yaml": "id: [\n", "users/zed.yml": "x"})
    (root / "projects/zzz").symlink_to("project-000")
    return root


def test_two_processes_find_what_one_finds(large: Path) -> None:
    one, two = load(WorkTree(large)), load(WorkTree(large), processes=2)
    assert two.files == one.files > halves.WORTH_IT
    assert two.snapshot.virtual_document() == one.snapshot.virtual_document()
    assert two.snapshot.problems == one.snapshot.problems
    assert {problem.code for problem in two.snapshot.problems} == {"ORC001", "ORC006", "ORC105"}


def test_a_child_that_dies_costs_time_and_nothing_else(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = load(WorkTree(large)).snapshot.virtual_document()
    parent = os.getpid()
    real = parse_entries

    def dies_in_the_child(entries: object) -> object:
        if os.getpid() != parent:
            os._exit(9)
        return real(entries)  # type: ignore[arg-type]

    monkeypatch.setattr(halves, "parse_entries", dies_in_the_child)
    assert load(WorkTree(large), processes=2).snapshot.virtual_document() == expected


def test_a_small_plan_is_read_by_one_process(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def must_not_fork() -> int:
        raise AssertionError("forked")

    monkeypatch.setattr(os, "fork", must_not_fork)
    assert len(load(WorkTree(plan), processes=2).snapshot.tasks) == 3
