"""pre-push: the plan in the commits that leave."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.hooks.conftest import Repo

TASK = "projects/pay/tasks/PAY-1.yaml"
OTHER = "projects/pay/tasks/PAY-2.yaml"


@pytest.fixture
def shared(repo: "Repo") -> "Repo":
    """A repository with a remote that has its first commit."""
    repo.git("init", "--quiet", "--bare", str(repo.top.parent / "remote"))
    repo.git("remote", "add", "origin", str(repo.top.parent / "remote"))
    repo.git("push", "--quiet", "--set-upstream", "origin", "main")
    return repo


def breaking(repo: "Repo", path: str = TASK) -> None:
    repo.stop(path)
    repo.git("commit", "-a", "--no-verify", "-m", "Break")


def test_a_push_that_brings_errors_is_refused(shared: "Repo") -> None:
    breaking(shared)
    done = shared.git("push", may_fail=True)
    assert done.returncode == 1
    assert "ORC103" in done.stderr
    assert "The push of refs/heads/main is refused." in done.stderr
    shared.git("push", "--no-verify")


def test_a_commit_is_pushed_whatever_the_work_tree_says(shared: "Repo") -> None:
    shared.start()
    shared.git("commit", "-a", "-m", "Start")
    shared.edit(TASK, "in_progress", "paused")
    shared.git("push")


def test_a_new_branch_and_a_tag_are_checked(shared: "Repo") -> None:
    shared.git("checkout", "--quiet", "-b", "topic")
    breaking(shared)
    assert shared.git("push", "origin", "topic", may_fail=True).returncode == 1
    shared.git("tag", "-a", "-m", "v1", "v1")
    assert shared.git("push", "origin", "v1", may_fail=True).returncode == 1
    assert shared.git("push", "origin", "topic:refs/heads/x", "main", may_fail=True).returncode == 1


def test_a_push_to_an_empty_remote_is_checked(repo: "Repo") -> None:
    repo.git("init", "--quiet", "--bare", str(repo.top.parent / "remote"))
    breaking(repo)
    remote = str(repo.top.parent / "remote")
    assert repo.git("push", remote, "main", may_fail=True).returncode == 1
    repo.git("push", remote, "HEAD~1:refs/heads/main")


def test_deleting_a_branch_is_no_push_of_a_plan(shared: "Repo") -> None:
    shared.git("push", "origin", "main:topic")
    shared.git("push", "origin", ":topic")


def test_errors_that_the_remote_has_already_refuse_nothing(shared: "Repo") -> None:
    breaking(shared, OTHER)
    shared.git("push", "--no-verify")
    shared.edit(TASK, "One", "Eins")
    shared.git("commit", "-a", "-m", "Rename")
    assert "1 error elsewhere was there before" in shared.git("push").stderr
    shared.git("checkout", "--quiet", "-b", "topic")
    shared.edit(TASK, "Eins", "Uno")
    shared.git("commit", "-a", "-m", "Rename")
    shared.git("push", "origin", "topic")


def test_a_push_of_code_alone_checks_nothing(shared: "Repo") -> None:
    breaking(shared)
    shared.git("push", "--no-verify")
    (shared.top / "code.txt").write_text("more\n")
    shared.git("commit", "-a", "-m", "Code")
    assert "error" not in shared.git("push").stderr


def test_a_forced_push_over_commits_that_are_not_here_is_checked(shared: "Repo") -> None:
    breaking(shared)
    tip = shared.git("rev-parse", "HEAD").stdout.strip()
    line = f"refs/heads/main {tip} refs/heads/main {'1' * 40}\n"
    done = shared.orc("hook", "pre-push", "origin", "url", stdin=line, may_fail=True)
    assert done.returncode == 1
    gone = f"(delete) {'0' * 40} refs/heads/main {tip}\n"
    assert shared.orc("hook", "pre-push", "origin", "url", stdin=gone).stderr == ""


def test_a_hook_of_others_reads_the_list_as_well(shared: "Repo") -> None:
    hook = shared.top / ".git/hooks/pre-push"
    hook.write_text(hook.read_text() + "cat > seen\n")
    shared.start()
    shared.git("commit", "-a", "-m", "Start")
    shared.git("push")
    assert (shared.top / "seen").read_text().startswith("refs/heads/main ")
    assert len((shared.top / "seen").read_text().splitlines()) == 1
    shared.git("push")
    assert (shared.top / "seen").read_text() == ""


def test_a_sub_folder_and_a_linked_work_tree_push_alike(make: "Callable[..., Repo]") -> None:
    linked = make(folder="our plan").worktree("linked")
    linked.git("init", "--quiet", "--bare", str(linked.top.parent / "remote"))
    linked.git("remote", "add", "origin", str(linked.top.parent / "remote"))
    breaking(linked)
    assert linked.git("push", "origin", "HEAD", may_fail=True).returncode == 1
    linked.git("push", "origin", "HEAD~1:refs/heads/x")
