"""`watch` at 10,000 tasks: how soon it answers, and that it misses nothing."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.watched import Watched

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture
def large(tmp_path: Path, git: Callable[..., str]) -> Path:
    """A plan of 10,000 tasks, committed."""
    folder = tmp_path / "large"
    generate = [sys.executable, str(ROOT / "benchmarks/generate.py"), "10000", str(folder)]
    subprocess.run(generate, check=True, capture_output=True)
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", "Start")
    return folder


@pytest.fixture
def watched(large: Path) -> Iterator[Watched]:
    found = Watched(large, "--json")
    found.event("started")
    yield found
    found.end()


def tasks(root: Path) -> list[Path]:
    return sorted(root.glob("projects/*/tasks/*.yaml"))


def touch_title(file: Path) -> None:
    file.write_text(file.read_text().replace("title: ", "title: x", 1))


def test_a_save_is_answered_within_a_third_of_a_second(large: Path, watched: Watched) -> None:
    files = tasks(large)
    spans = []
    for number in range(30):
        file = files[number * 331 % len(files)]
        time.sleep(0.1 + number / 1_000)
        began = time.perf_counter()
        touch_title(file)
        event = watched.event("checked")
        spans.append(time.perf_counter() - began)
        assert event["changed"] == [os.path.relpath(file, large)]
    assert statistics.median(spans) <= 0.3
    status = Path(f"/proc/{watched.process.pid}/status").read_text()
    [memory] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    assert int(memory) <= 300_000


def test_ten_thousand_files_written_by_a_program_are_one_answer(
    large: Path, watched: Watched
) -> None:
    files = tasks(large)
    for file in files:
        touch_title(file)
    assert len(watched.event("checked")["changed"]) == len(files)
    assert watched.is_silent(1)


def test_a_checkout_of_ten_thousand_files_and_the_way_back_are_two_answers(
    large: Path, git: Callable[..., str]
) -> None:
    git(large, "checkout", "--quiet", "-b", "other")
    files = tasks(large)
    for file in files:
        touch_title(file)
    git(large, "commit", "--quiet", "--all", "-m", "Everything")
    watched = Watched(large, "--json", "--commit", "--stamp", "--quiet-time", "0.5s")
    try:
        watched.event("started")
        for branch in ("main", "other"):
            git(large, "checkout", "--quiet", branch)
            assert len(watched.event("checked")["changed"]) == len(files)
        assert watched.is_silent(1)
        assert git(large, "status", "--porcelain") == ""
    finally:
        watched.end()
