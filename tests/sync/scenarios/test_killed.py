"""Killed at any point of a run, with every tracker: the next run comes to the one right end."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sync.fakes.tracker import TOKEN
from tests.sync.scenarios.killer import Killed, Killer
from tests.sync.scenarios.pair import FAKES, NAME, PLAN, Pair, begun, fake_of, told

EXPECTED = {
    "Capture there", "Retry here", "New there", "Below it", "Six", "New", "Under", "Report here",
    "Done there",
}  # fmt: skip
_MADE: dict[str, Pair] = {}


@pytest.fixture
def scenario(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Linked items with edits on both sides, new ones on both, and a deletion on each."""
    if kind not in _MADE:
        fake = fake_of(kind)
        with fake.running():
            pair = begun(tmp_path_factory.mktemp("killed") / kind, fake, PLAN)
            pair.make("PAY-5", title="Five")
            pair.make("PAY-6", title="Six")
            pair.synced()
            pair.changes["prune"] = True
            pair.change("PAY-1", title="Capture there", labels=["api", "web"])
            pair.edit("PAY-1", status="in_progress")
            pair.edit("PAY-2", title="Retry here")
            pair.edit("PAY-4", title="Report here", labels=["db"])
            pair.fake.remove("tasks", pair.key("PAY-5"))
            pair.remove("PAY-3")
            top = pair.add(title="New there", labels=["api"])
            pair.add(title="Below it", parent=top)
            pair.add(title="Done there", status="completed")
            pair.make("PAY-8", title="New", labels=["web"], description="Words.\n")
            pair.make("PAY-9", title="Under", parent="PAY-8", dependencies=["PAY-8", "PAY-1"])
            # What is gone is only found in a whole listing.
            pair.fake.clock.pass_by(hours=25)
        _MADE[kind] = pair
    return _MADE[kind]


def converges(pair: Pair) -> None:
    """Assert that the next run comes to the one right end."""
    result = pair.sync()
    assert result.is_fine, told(result)
    there = pair.there()
    assert set(there) == EXPECTED
    assert sorted(task["title"] for task in pair.live().values()) == sorted(EXPECTED)
    assert there["Capture there"]["status"] == "in_progress"
    assert there["Capture there"]["labels"] == ["api", "web"]
    assert there["New"]["labels"] == ["web"]
    assert there["Report here"]["labels"] == ["db"]
    keys = {task_id: pair.key(task_id) for task_id in ("PAY-1", "PAY-8", "PAY-9")}
    if pair.holds("parent"):
        assert there["Under"]["parent"] == keys["PAY-8"]
        tasks = {task["title"]: task for task in pair.live().values()}
        assert tasks["Below it"]["parent"] == tasks["New there"]["id"]
    if pair.holds("dependencies"):
        assert there["Under"]["dependencies"] == sorted([keys["PAY-8"], keys["PAY-1"]])
    todo = pair.plan().plan.actions
    assert not todo, todo
    assert pair.git("status", "--porcelain") == ""
    assert pair.git("fsck", "--strict", "--no-dangling") == ""
    assert not list((pair.root / ".git/orchestrator/sync").glob("*.jsonl"))


@contextmanager
def killed_at(scenario: Pair, root: Path, at: int) -> Iterator[tuple[Pair, Killer]]:
    """Give a copy of the scenario in which a run was killed at a point."""
    pair = scenario.copy(root)
    killer = Killer(at)
    try:
        with pair.fake.running():
            try:
                with killer.at_work():
                    pair.sync()
            except Killed:
                pass
            yield pair, killer
    finally:
        shutil.rmtree(root)


def points(scenario: Pair, root: Path) -> int:
    """Return at how many points the run can be killed, having seen that it ends well if not."""
    with killed_at(scenario, root, 0) as (pair, killer):
        converges(pair)
        return killer.count


def test_killed_somewhere_the_next_run_converges(scenario: Pair, tmp_path: Path) -> None:
    count = points(scenario, tmp_path / "count")
    assert count > 40
    for part in (3,):
        with killed_at(scenario, tmp_path / "it", part * count // 4) as (pair, killer):
            assert killer.where
            converges(pair)


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_killed_at_every_point_the_next_run_converges(
    scenario: Pair, tmp_path: Path, half: int
) -> None:
    count = points(scenario, tmp_path / "count")
    faults = []
    for at in range(1 + half, count + 1, 2):
        with killed_at(scenario, tmp_path / "it", at) as (pair, killer):
            try:
                converges(pair)
            except AssertionError as error:
                faults.append(f"killed {killer.where} ({at} of {count}): {error}")
    assert not faults, "\n\n".join(faults)


@pytest.mark.slow
def test_killed_again_while_it_recovers_the_next_run_converges(
    scenario: Pair, tmp_path: Path
) -> None:
    count = points(scenario, tmp_path / "count")
    faults = []
    for at in range(3, count, 7):
        with killed_at(scenario, tmp_path / "it", at) as (pair, first):
            second = Killer(count // 3 + at % 5)
            try:
                with second.at_work():
                    pair.sync()
            except Killed:
                pass
            try:
                converges(pair)
            except AssertionError as error:
                where = f"{first.where} and {second.where} ({at} of {count})"
                faults.append(f"killed {where}: {error}")
    assert not faults, "\n\n".join(faults)


def dies(pair: Pair, at: int) -> int:
    """Sync as a process that is gone at a point, without a word; return its exit code."""
    lines = json.dumps({NAME: {**pair.fake.settings(), **pair.changes}})
    plan = {"orchestrator.yaml": f"{PLAN['orchestrator.yaml']}integrations: {lines}\n"}
    pair.write(plan)
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.scenarios.killer", str(at), "-C", str(pair.root),
         "sync", NAME, "--full"],
        env={**os.environ, "TRACKER_TOKEN": TOKEN}, capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("linear", 4),
        *(
            pytest.param(each, part, marks=pytest.mark.slow)
            for each in FAKES
            for part in range(1, 8)
        ),
    ],
)
def test_a_process_that_is_gone_without_a_word_is_recovered_from(
    scenario: Pair, tmp_path: Path, part: int
) -> None:
    pair = scenario.copy(tmp_path / "it")
    with pair.fake.running():
        assert dies(pair, part * 9) == 137
        converges(pair)
