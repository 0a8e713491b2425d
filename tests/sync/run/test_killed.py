"""Killed at any point of a run: the next one converges, makes nothing twice and loses nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from orchestrator.store import write
from orchestrator.store.git import Git
from orchestrator.sync.run import journal as journal_module
from orchestrator.sync.run import land
from tests.sync.memory import Memory, Quirks
from tests.sync.run.clone import NAME, Clone

_WRITING = ("fast-import", "update-ref", "update-index", "hash-object")


class Killed(BaseException):
    """What a killed process does not see: nothing catches it."""


class Killer:
    """Counts the points at which a run can be killed, and kills it at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.count = 0
        self.where = ""

    def point(self, where: str) -> None:
        self.count += 1
        if self.count == self.at:
            self.where = where
            raise Killed(where)

    @contextmanager
    def around(self, clone: Clone) -> Iterator[None]:
        """Put a point before and after each request and each write to git, files and journal."""
        with (
            patch.object(Git, "finish", self._git(Git.finish)),
            patch.object(land, "write_files", self._both("files", write.write_files)),
            patch.object(
                journal_module.Journal, "_add", self._both("journal", journal_module.Journal._add)
            ),
            patch.object(
                journal_module.Journal, "close", self._both("close", journal_module.Journal.close)
            ),
            patch.object(write, "sync_file", self._both("fsync", write.sync_file)),
        ):
            clone.memory.before = lambda name, key: self.point(f"before {name} {key}")
            clone.memory.after = lambda name, key: self.point(f"after {name} {key}")
            try:
                yield
            finally:
                clone.memory.before = clone.memory.after = lambda _name, _key: None

    def _git(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def finish(git: Git, *arguments: str, **rest: Any) -> Any:
            is_writing = arguments[0] in _WRITING
            if is_writing:
                self.point(f"before git {arguments[0]}")
            result = run(git, *arguments, **rest)
            if is_writing:
                self.point(f"after git {arguments[0]}")
            return result

        return finish

    def _both(self, name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **rest: Any) -> Any:
            self.point(f"before {name}")
            result = run(*arguments, **rest)
            self.point(f"after {name}")
            return result

        return wrapped


@pytest.fixture(scope="module")
def made() -> dict[str, Clone]:
    return {}


@pytest.fixture(params=["whole", "incremental"])
def scenario(
    clone: Clone,
    made: dict[str, Clone],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Clone:
    """Linked items with edits on both sides, new ones on both, and a deletion on each."""
    kind: str = request.param
    if kind not in made:
        late = frozenset({"dependencies"})
        memory = Memory(Quirks(late=late, incremental=kind == "incremental"))
        clone.memory, clone.settings = memory, {"prune": True}
        for number in range(4, 8):
            text = f"id: PAY-{number}\ntitle: Task {number}\nstatus: todo\n"
            clone.write(f"projects/pay/tasks/PAY-{number}.yaml", text)
        clone.sync()
        rows = {row["title"]: key for key, row in memory.live().items()}
        memory.edit(rows["Capture"], title="Capture there", labels=["api", "ui"])
        clone.edit("PAY-1", "status: todo", "status: in_progress")
        clone.edit("PAY-2", "title: Retry", "title: Retry here")
        memory.remove(rows["Task 4"])
        clone.remove("PAY-5")
        memory.edit(rows["Task 6"], title="Task six", priority="urgent")
        top = memory.add(title="New there", labels=["x"])
        memory.add(title="Below it", parent=top)
        clone.write("projects/pay/tasks/PAY-8.yaml", "id: PAY-8\ntitle: New\nstatus: todo\n")
        clone.write(
            "projects/pay/tasks/PAY-9.yaml",
            "id: PAY-9\ntitle: Under\nstatus: todo\nparent: PAY-8\ndependencies: [PAY-8, PAY-1]\n",
        )
        made[kind] = clone.copy(tmp_path_factory.mktemp("made") / "it")
    return made[kind]


EXPECTED = {
    "Capture there", "Retry here", "Refund", "Task six", "Task 7", "New there", "Below it", "New",
    "Under",
}  # fmt: skip


def converges(clone: Clone) -> None:
    """Assert that runs after a killed one come to the one right end."""
    result = clone.sync()
    assert result.is_fine, (result.outcome.failures, result.landed, result.refusal)
    there = {row["title"]: row for row in clone.memory.live().values()}
    assert len(clone.memory.live()) == len(EXPECTED)
    assert set(there) == EXPECTED
    assert {task["title"] for _, task in clone.snapshot.live_tasks()} == EXPECTED
    assert len(clone.titles()) == len(EXPECTED)
    assert there["Capture there"]["status"] == "in_progress"
    assert there["Capture there"]["labels"] == ["api", "ui"]
    assert len(there["Under"]["dependencies"]) == 2
    assert there["Under"]["parent"]
    plan = clone.plan().plan
    assert not plan.actions, plan.actions
    assert clone.git("status", "--porcelain") == ""
    assert clone.git("fsck", "--strict", "--no-dangling") == ""
    folder = clone.root / ".git/orchestrator/sync"
    assert not list(folder.glob("*.jsonl")), "the journal is still there"
    assert {name[1] for name in clone.base.base.records} >= {"PAY-1", "PAY-8", "PAY-9"}


def killed_at(scenario: Clone, folder: Path, at: int) -> tuple[Clone, Killer]:
    """Run a copy of the scenario until it is killed at a point; the count tells if it was."""
    clone = scenario.copy(folder / f"{at}")
    killer = Killer(at)
    try:
        with killer.around(clone):
            clone.sync()
    except Killed:
        clone.memory.before = clone.memory.after = lambda _name, _key: None
    return clone, killer


COUNTS: dict[bool, int] = {}


def points(scenario: Clone, folder: Path) -> int:
    """Return at how many points a run can be killed."""
    kind = scenario.memory.quirks.incremental
    if kind not in COUNTS:
        COUNTS[kind] = killed_at(scenario, folder, 0)[1].count
    return COUNTS[kind]


def test_the_scenario_comes_to_its_end_when_nobody_kills_it(
    scenario: Clone, tmp_path: Path
) -> None:
    converges(scenario.copy(tmp_path / "copy"))


@pytest.mark.parametrize("part", range(4))
def test_killed_at_a_few_points_the_next_run_converges(
    scenario: Clone, tmp_path: Path, part: int
) -> None:
    count = points(scenario, tmp_path)
    assert count > 40
    at = 1 + part * count // 4
    clone, killer = killed_at(scenario, tmp_path, at)
    assert killer.where
    converges(clone)


@pytest.mark.slow
def test_killed_at_every_point_the_next_run_converges(scenario: Clone, tmp_path: Path) -> None:
    count = points(scenario, tmp_path)
    for at in range(1, count + 1):
        clone, killer = killed_at(scenario, tmp_path, at)
        try:
            converges(clone)
        except AssertionError as error:
            raise AssertionError(f"killed {killer.where} ({at} of {count}): {error}") from error


@pytest.mark.slow
def test_killed_twice_in_a_row_the_next_run_converges(scenario: Clone, tmp_path: Path) -> None:
    count = points(scenario, tmp_path)
    for at in range(3, count, 5):
        clone, first = killed_at(scenario, tmp_path, at)
        second = Killer(count // 3)
        try:
            with second.around(clone):
                clone.sync()
        except Killed:
            clone.memory.before = clone.memory.after = lambda _name, _key: None
        try:
            converges(clone)
        except AssertionError as error:
            text = f"killed {first.where} and {second.where} ({at}): {error}"
            raise AssertionError(text) from error


def test_a_run_that_was_killed_is_shown_by_status(scenario: Clone, tmp_path: Path) -> None:
    from orchestrator.sync.run.status import status_of

    clone = scenario.copy(tmp_path / "copy")

    def die(name: str, key: str) -> None:
        if (name, key) == ("create", "PAY-8"):
            raise Killed

    clone.memory.after = die
    with pytest.raises(Killed):
        clone.sync()
    repository = clone.workspace.required_repository
    assert status_of(repository, NAME, "linear").unfinished == ("PAY-8",)
