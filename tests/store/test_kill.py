"""Commands killed at every step: all old or all new, and the next command works."""

import os
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from orchestrator.patch.ops import Patch
from orchestrator.store.git_locks import git_locks
from orchestrator.store.load import check_source
from orchestrator.store.workspace import Workspace
from tests.store.killed import (
    files_of,
    has_strace,
    kill_at,
    kill_before,
    run_watched,
    steps,
    system_calls,
)

Git = Callable[..., str]
Tools = tuple[
    Callable[[Path, Sequence[str]], list[Any]], Callable[[Path, Sequence[str], Any], None]
]
"""What finds the places at which a command can be killed, and what kills it there."""

PATCH = '[{"op": "replace", "path": "/tasks/PAY-1/status", "value": "in_progress"}]'
MANY = """[
  {"op": "replace", "path": "/tasks/PAY-1/title", "value": "Take"},
  {"op": "replace", "path": "/projects/pay/title", "value": "Money"},
  {"op": "add", "path": "/projects/ops", "value": {"key": "OPS", "title": "O", "status": "active"}},
  {"op": "add", "path": "/tasks/OPS-1", "value": {"project": "ops", "title": "T", "status": "todo"}}
]"""
SET = ("task", "set", "PAY-1", "priority=low")
REMOVE = ("project", "rm", "pay")
COMMIT = ("task", "set", "PAY-1", "PAY-2", "priority=low", "--commit")
BRANCH = ("patch", "apply", "../patch.json", "--branch", "agent/planner/one")
NEW = ("project", "new", "ops", "--title", "Operations")
UNDO = ("undo",)
PROPOSE = ("propose", "../patch.json", "--author", "agent:planner", "--title", "One")
ACCEPT = ("proposal", "accept", "many", "--into", "main")
QUICK = [REMOVE, COMMIT]
ALL = [SET, REMOVE, COMMIT, BRANCH, NEW, UNDO, PROPOSE, ACCEPT]


class Ended(NamedTuple):
    """What a repository holds: files, and commits of all branches by subject."""

    files: dict[str, bytes]
    commits: str


@pytest.fixture
def start(repo: Path) -> Path:
    """A repository whose last change can be undone, beside a patch and with a proposal."""
    (repo.parent / "patch.json").write_text(PATCH)
    (repo.parent / "many.json").write_text(MANY)
    proposed = ["patch", "apply", "../many.json", "--branch", "agent/planner/many"]
    assert run_watched(repo, proposed, _nothing) == 0
    assert run_watched(repo, ["task", "set", "PAY-3", "PAY-2", "priority=low"], _nothing) == 0
    return repo


@pytest.mark.parametrize("arguments", QUICK, ids=" ".join)
def test_a_command_killed_before_any_step_is_finished_or_was_never_begun(
    start: Path, tmp_path: Path, arguments: tuple[str, ...], git: Git
) -> None:
    assert _killed_everywhere(start, tmp_path, arguments, git, (steps, kill_before)) > 15


@pytest.mark.slow
@pytest.mark.parametrize("arguments", ALL, ids=" ".join)
def test_every_command_killed_before_any_step_or_system_call(
    start: Path, tmp_path: Path, arguments: tuple[str, ...], git: Git
) -> None:
    assert _killed_everywhere(start, tmp_path, arguments, git, (steps, kill_before)) > 10
    if has_strace():
        assert _killed_everywhere(start, tmp_path, arguments, git, (system_calls, kill_at)) > 10


def _killed_everywhere(
    start: Path, tmp_path: Path, arguments: tuple[str, ...], git: Git, tools: Tools
) -> int:
    """Kill a command everywhere; return at how many places."""
    points, kill = tools
    old = Ended(files_of(start), _commits(start, git))
    whole = _copy(start, tmp_path / f"{kill.__name__}-whole/plan")
    found = points(whole, arguments)
    new = Ended(files_of(whole), _commits(whole, git))
    assert old != new
    for number, point in enumerate(found):
        root = _copy(start, tmp_path / f"{kill.__name__}-{number}/plan")
        kill(root, arguments, point)
        _assert_whole(root, old, new, number, git)
        shutil.rmtree(root.parent)
    return len(found)


def _assert_whole(root: Path, old: Ended, new: Ended, number: int, git: Git) -> None:
    now = datetime.now(UTC) + timedelta(minutes=1)
    workspace = Workspace(root, dict(os.environ))
    if number % 2:
        workspace.recover()
        found = Ended(files_of(root), _commits(root, git))
        assert found.files in (old.files, new.files), f"place {number}"
        assert found.commits in (old.commits, new.commits), f"place {number}"
        assert workspace.recover().is_empty
        assert not git_locks(workspace.required_repository)
        assert check_source(workspace.files, now).problems == ()
    # The next command works, with recover and without.
    op = {"op": "replace", "path": "/users/dana/name", "value": f"Dana {number}"}
    applied = workspace.apply(Patch((op,)), now)
    after = files_of(root)
    user = after.pop("users/dana.yaml")
    assert f"name: Dana {number}\n".encode() in user
    without = {path: data for path, data in after.items() if not path.endswith(".tmp")}
    assert without in [
        {path: data for path, data in end.files.items() if path != "users/dana.yaml"}
        for end in (old, new)
    ], f"place {number}"
    workspace.commit(applied.paths, "Next\n")
    assert git(root, "log", "-1", "--format=%s") == "Next\n"
    git(root, "fsck", "--strict", "--no-dangling")
    branch = Patch(({"op": "replace", "path": "/tasks/PAY-2/title", "value": "x"},))
    workspace.commit_patch("agent/planner/one", branch, now)


def _copy(start: Path, target: Path) -> Path:
    shutil.copytree(start.parent, target.parent, symlinks=True)
    return target


def _commits(root: Path, git: Git) -> str:
    # Those of the same second stand in the order of a hash, which differs from run to run.
    return "\n".join(sorted(git(root, "log", "--all", "--format=%s").splitlines()))


def _nothing(_event: str, _arguments: object) -> None:
    """Watch and do nothing."""
