"""What git is doing, read from its folder."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.store.repository import Repository, find_repository
from orchestrator.store.watch.git_state import GitState, git_state

Git = Callable[..., str]


@pytest.fixture
def repository(repo: Path) -> Repository:
    found = find_repository(repo, dict(os.environ))
    assert found is not None
    return found


def test_a_branch_at_rest_hinders_nothing(repository: Repository) -> None:
    state = git_state(repository)
    assert state == GitState(is_locked=False, unfinished=None, branch="main")
    assert state.hindrance is None


def test_a_lock_on_the_index_is_git_at_work(repository: Repository, repo: Path) -> None:
    (repo / ".git/index.lock").touch()
    assert git_state(repository).is_locked
    assert "git is at work" in str(git_state(repository).hindrance)
    assert not git_state(repository).lasts


def test_a_detached_head_is_no_branch(repository: Repository, repo: Path, git: Git) -> None:
    git(repo, "checkout", "--quiet", "--detach")
    assert git_state(repository).hindrance == "no branch is checked out"


def test_a_stopped_rebase_and_a_stopped_merge_are_not_finished(
    repository: Repository, repo: Path, git: Git
) -> None:
    task = repo / "projects/pay/tasks/PAY-1.yaml"
    for branch in ("one", "two"):
        git(repo, "checkout", "--quiet", "-b", branch, "main")
        task.write_text(task.read_text().replace("Capture", branch))
        git(repo, "commit", "--quiet", "--all", "-m", branch)
    with pytest.raises(AssertionError, match="CONFLICT"):
        git(repo, "rebase", "one")
    assert git_state(repository).hindrance == "a rebase is not finished"
    git(repo, "rebase", "--abort")
    with pytest.raises(AssertionError, match="CONFLICT"):
        git(repo, "merge", "one")
    assert git_state(repository).hindrance == "a merge is not finished"


def test_a_linked_work_tree_has_a_state_of_its_own(
    repository: Repository, repo: Path, tmp_path: Path, git: Git
) -> None:
    git(repo, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    linked = find_repository(tmp_path / "side", dict(os.environ))
    (repo / ".git/index.lock").touch()
    assert git_state(linked) == GitState(branch="side")
    assert git_state(repository).branch == "main"


def test_where_there_is_no_git_nothing_is_known(plan: Path) -> None:
    assert git_state(find_repository(plan, dict(os.environ))) == GitState()
