"""The rows of checking: cold, again after an edit, before a commit, and its memory."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import floors
from benchmarks.plans import PROGRAM, Plan, git, tasks_of
from benchmarks.table import Limit, Row
from benchmarks.timing import peak_megabytes, rounds_of, seconds_of, seconds_of_call, turns
from orchestrator.store.load import check_source
from orchestrator.store.workspace import Workspace

CHECK = [*PROGRAM, "check"]
_TWICE = Limit(2.0)
_LARGE = 10_000
_MEMORY = Limit(plus=600)


def full_check_rows(plan: Plan) -> Iterator[Row]:
    """Everything read and checked, as the first check of a clone does; nothing derived is there."""
    now = datetime.now(UTC)
    workspace = Workspace(plan.root, dict(os.environ))
    limit = _TWICE if plan.size >= _LARGE else None
    ours, floor = turns(
        plan.rounds,
        lambda: seconds_of_call(lambda: check_source(workspace.files, now, processes=2)),
        lambda: floors.read_and_parse(plan.root),
    )
    yield Row(
        "full check, in process", plan.size, ours, floor, "read + native parse, in process", limit,
        growth="linear",
    )  # fmt: skip

    def cold() -> float:
        forget_derived(plan.root)
        return seconds_of(CHECK, plan.root)

    ours, floor = turns(plan.rounds, cold, lambda: floors.read_and_parse_as_a_program(plan.root))
    yield Row(
        "orchestrator check, cold", plan.size, ours, floor, "a program that reads + parses", limit,
        growth="linear",
    )  # fmt: skip


def check_again_rows(plan: Plan) -> Iterator[Row]:
    """A check after one edit of a plan that was checked just before."""
    edited = edits(plan)

    def ours() -> float:
        next(edited)
        return seconds_of(CHECK, plan.root)

    times, floor = turns(plan.rounds, ours, lambda: status(plan.root))
    git(plan.root, "checkout", "--quiet", "--", ".")
    yield Row(
        "orchestrator check, again after one edit", plan.size, times, floor, "git status",
        Limit(2.0, 0.15), growth="linear",
    )  # fmt: skip


def memory_rows(plan: Plan) -> Iterator[Row]:
    """The most memory that a cold check holds."""

    def cold() -> float:
        forget_derived(plan.root)
        return peak_megabytes(CHECK, plan.root)

    times = rounds_of(plan.rounds, cold)
    yield Row("peak memory of a cold check", plan.size, times, limit=_MEMORY, unit="MB")


def commit_rows(plan: Plan) -> Iterator[Row]:
    """`git commit` of one staged task: with the pre-commit hook alone, and with every hook."""
    root = plan.root
    subprocess.run([*PROGRAM, "hooks", "install"], cwd=root, capture_output=True, check=True)
    hooks = root / ".git/hooks"
    alone = root / ".git/pre-commit-alone"
    alone.mkdir()
    shutil.copy(hooks / "pre-commit", alone)
    edited = edits(plan)

    def commit(folder: str) -> Callable[[], float]:
        def committed() -> float:
            git(root, "add", "--", str(next(edited)))
            command = ["git", "-c", f"core.hooksPath={folder}", "commit", "--quiet", "-m", "x"]
            return seconds_of(command, root)

        return committed

    for work, folder, limit in (
        ("git commit of one task, with pre-commit", alone, Limit(1.0, 0.25)),
        ("git commit of one task, with all hooks", hooks, None),
    ):
        ours, floor = turns(plan.rounds, commit(str(folder)), commit(os.devnull))
        yield Row(work, plan.size, ours, floor, "git commit without hooks", limit, growth="linear")
    shutil.rmtree(hooks)
    shutil.rmtree(alone)


def edits(plan: Plan) -> Iterator[Path]:
    """Edit the title of one task after the other, in any project, and yield its file."""
    tasks = tasks_of(plan.root)
    for number in itertools.count():
        path = tasks[number * 7919 % len(tasks)]
        text = path.read_text("utf-8")
        path.write_text(text.replace("\nstatus:", f" {number}\nstatus:", 1), "utf-8")
        yield path


def status(root: Path) -> float:
    """Return the seconds of `git status`."""
    return seconds_of(["git", "status"], root)


def forget_derived(root: Path) -> None:
    """Remove what orchestrator derived from the plan and keeps beside git's own things."""
    for path in (root / ".git/orchestrator").glob("*index*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
