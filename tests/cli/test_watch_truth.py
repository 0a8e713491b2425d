"""What `watch --json` told, put together, is what a full check says: after any edits."""

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestrator.store.load import check_source
from orchestrator.store.workspace import Workspace
from tests.cli.watched import PATIENCE, Watched

Git = Callable[..., str]
Told = Counter[tuple[str, str, str, str]]


def said(problem: dict[str, Any]) -> tuple[str, str, str, str]:
    return problem["path"], problem["code"], problem["pointer"], problem["message"]


def truth(root: Path) -> Told:
    found = check_source(Workspace(root, dict(os.environ)).files, datetime.now(UTC))
    return Counter((item.path, item.code, item.pointer, item.message) for item in found.problems)


def edit(root: Path, choose: random.Random, git: Git) -> None:
    """Do one thing that happens to plans."""
    folder = root / choose.choice(["projects/pay/tasks", "projects/ops/tasks"])
    number = choose.randrange(1, 6)
    file = folder / f"PAY-{number}.yaml"
    lines = [f"id: PAY-{choose.choice([number, number, number, 9])}", "title: T"]
    lines.append(f"status: {choose.choice(['todo', 'in_progress', 'completed', 'dunn'])}")
    lines += choose.choice([[], [f"parent: PAY-{choose.randrange(1, 6)}"], ["<<<<<<< ours"]])
    match choose.randrange(8):
        case 0:
            shutil.rmtree(folder, ignore_errors=True)
        case 1:
            git(root, "stash", "--quiet", "--include-untracked")
        case 2:
            git(root, "checkout", "--quiet", "--force", choose.choice(["main", "other"]))
        case 3:
            shutil.rmtree(root / "projects", ignore_errors=True)
        case 4 if file.exists():
            file.rename(folder / f"PAY-{number + 1}.yaml")
        case _:
            folder.mkdir(parents=True, exist_ok=True)
            aside = folder / f".{file.name}.swp"
            aside.write_text("\n".join(lines) + "\n")
            aside.rename(file)


def follow(repo: Path, git: Git, seed: int, rounds: int) -> None:
    git(repo, "checkout", "--quiet", "-b", "other")
    (repo / "projects/pay/tasks/PAY-3.yaml").unlink()
    git(repo, "commit", "--quiet", "--all", "-m", "Other")
    choose = random.Random(seed)
    watched = Watched(repo, "--json")
    try:
        told: Told = Counter(map(said, watched.event("started")["problems"]))
        for _ in range(rounds):
            for _ in range(choose.randrange(1, 4)):
                edit(repo, choose, git)
            end = time.monotonic() + PATIENCE
            while told != truth(repo):
                assert time.monotonic() < end
                event = watched.event("checked")
                gone = Counter(map(said, event["fixed"]))
                assert gone <= told, "what was never told is called fixed"
                told = told - gone + Counter(map(said, event["problems"]))
        assert watched.stop() == 0
    finally:
        watched.end()


def test_after_some_edits_what_was_told_is_the_truth(repo: Path, git: Git) -> None:
    follow(repo, git, 1, 10)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
def test_after_many_edits_what_was_told_is_the_truth(repo: Path, git: Git, seed: int) -> None:
    follow(repo, git, seed, 60)
