"""A patch as a commit on a branch: no work tree, one compare-and-swap, trailers."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from orchestrator.patch.diff import diff
from orchestrator.patch.ops import Patch, digest
from orchestrator.store.commit import (
    BranchError,
    MovedError,
    branch_ref,
    draft,
    write_commit,
)
from orchestrator.store.consequences import PatchRejectedError
from orchestrator.store.identity import Author, NoIdentityError
from orchestrator.store.workspace import Workspace

Git = Callable[..., str]
BRANCH = "agent/planner/one"
TASK = "projects/pay/tasks/PAY-1.yaml"


def patch(status: str = "in_progress", **more: Any) -> Patch:
    op = {"op": "replace", "path": "/tasks/PAY-1/status", "value": status}
    return Patch((op,), **more)


def test_the_work_tree_and_the_index_are_not_touched(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    commit = workspace.commit_patch(BRANCH, patch(), now)
    assert git(workspace.root, "status", "--short") == ""
    assert git(workspace.root, "rev-parse", BRANCH).strip() == commit.oid
    assert git(workspace.root, "rev-parse", f"{BRANCH}~1") == git(
        workspace.root, "rev-parse", "main"
    )
    changed = git(workspace.root, "diff", "--stat", "main", BRANCH)
    assert "1 file changed, 2 insertions(+), 1 deletion(-)" in changed


def test_the_message_says_what_changed_and_carries_trailers(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    given = patch(author="agent:planner", model="claude", reason="It is\nurgent.")
    commit = workspace.commit_patch(BRANCH, given, now)
    message = git(workspace.root, "log", "-1", "--format=%B", BRANCH)
    assert message.startswith("Mark PAY-1 as in_progress\n\n")
    trailers = git(workspace.root, "log", "-1", "--format=%(trailers:only)", BRANCH)
    assert trailers.splitlines()[1:] == [
        "Orchestrator-Agent: planner",
        "Orchestrator-Model: claude",
        "Reason: It is urgent.",
        "",
    ]
    assert trailers.startswith(f"Orchestrator-Patch: {digest(diff(commit.changes))}\n")


def test_the_patch_can_be_taken_back_out_of_the_commit(workspace: Workspace, now: datetime) -> None:
    commit = workspace.commit_patch(BRANCH, patch(), now)
    shown = workspace.patch_of(BRANCH)
    assert shown.oid == commit.oid
    assert shown.changes == commit.changes
    assert dict(shown.trailers)["Orchestrator-Patch"] == digest(diff(shown.changes))


def test_the_author_is_the_person_whom_git_knows(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    workspace.commit_patch(BRANCH, patch(), now)
    who = git(workspace.root, "log", "-1", "--format=%an <%ae> %aI", BRANCH)
    assert who == "Dana Ionescu <dana@example.com> 2026-11-22T09:30:00+00:00\n"


def test_the_committer_is_the_one_whom_git_knows_as_such(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    environment = {
        **os.environ,
        "GIT_COMMITTER_NAME": "Bot",
        "GIT_COMMITTER_EMAIL": "b@example.com",
    }
    Workspace(workspace.root, environment).commit_patch(BRANCH, patch(), now)
    who = git(workspace.root, "log", "-1", "--format=%an <%ae> %cn <%ce> %cI", BRANCH)
    assert who == "Dana Ionescu <dana@example.com> Bot <b@example.com> 2026-11-22T09:30:00+00:00\n"


def test_no_control_character_reaches_the_message(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    odd = patch(title="a\0b\x1b[31m\u2028c", author="agent:x\ny\0", reason="r\x00\n\nFake: yes")
    text = git(workspace.root, "log", "-1", "--format=%B", write(workspace, odd, now))
    assert text.startswith("a b [31m c\n")
    assert "Orchestrator-Agent: x y\n" in text
    assert "Reason: r Fake: yes\n" in text
    assert not [char for char in text if not char.isprintable() and char != "\n"]


def write(workspace: Workspace, given: Patch, now: datetime) -> str:
    """Commit without asking the policy, which knows no agent of such a name."""
    repository = workspace.required_repository
    return write_commit(
        repository, draft(repository, BRANCH, given, now), workspace.author, now
    ).oid


def test_the_hash_of_the_patch_can_be_computed_again_in_whatever_order_ops_come(
    workspace: Workspace, now: datetime
) -> None:
    value = {"project": "pay", "status": "todo", "title": "z", "metadata": {"b": 1.5, "a": [None]}}
    ops = (
        {"op": "add", "path": "/tasks/PAY-3/priority", "value": "low"},
        {"op": "add", "path": "/tasks/PAY-9", "value": value},
        {"op": "add", "path": "/tasks/PAY-1/priority", "value": "low"},
        {"op": "add", "path": "/tasks/PAY-1/due_date", "value": "2027-01-02"},
        {"op": "add", "path": "/tasks/PAY-1/description", "value": "a\n\n  b\n"},
        {"op": "move", "from": "/tasks/PAY-2", "path": "/tasks/PAY-22"},
        {"op": "replace", "path": "/tasks/PAY-3/dependencies/0", "value": "PAY-22"},
        {"op": "add", "path": "/users/lee", "value": {"name": "Lee"}},
    )
    workspace.commit_patch(BRANCH, Patch(ops), now)
    shown = workspace.patch_of(BRANCH)
    assert dict(shown.trailers)["Orchestrator-Patch"] == digest(diff(shown.changes))


def test_a_second_patch_goes_on_top_of_the_first(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    workspace.commit_patch(BRANCH, patch(), now)
    workspace.commit_patch(BRANCH, patch("in_review"), now)
    assert git(workspace.root, "rev-list", "--count", f"main..{BRANCH}") == "2\n"
    assert "status: in_review" in git(workspace.root, "show", f"{BRANCH}:{TASK}")


def test_a_patch_that_changes_nothing_makes_no_commit(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    commit = workspace.commit_patch(BRANCH, patch("todo"), now)
    assert commit.changes == ()
    assert git(workspace.root, "branch", "--list", BRANCH) == ""


def test_moving_adding_and_removing_go_into_one_commit(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    project = {"key": "OPS", "title": "Ops", "status": "active"}
    task = {"title": "é", "status": "todo", "project": "ops"}
    ops = (
        {"op": "add", "path": "/projects/ops", "value": project},
        {"op": "replace", "path": "/tasks/PAY-3/project", "value": "ops"},
        {"op": "add", "path": "/tasks/PAY-9", "value": task},
    )
    workspace.commit_patch(BRANCH, Patch(ops), now)
    names = git(workspace.root, "diff", "--name-status", "main", BRANCH).splitlines()
    assert names == [
        "A\tprojects/ops/project.yaml",
        "R100\tprojects/pay/tasks/PAY-3.yaml\tprojects/ops/tasks/PAY-3.yaml",
        "A\tprojects/ops/tasks/PAY-9.yaml",
    ]


def test_a_workspace_in_a_sub_folder_is_written_there(
    tmp_path: Path, plan: Path, now: datetime, git: Git
) -> None:
    top = tmp_path / "code and plan"
    top.mkdir()
    plan.rename(top / "my plan")
    git(top, "init", "--quiet")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "-m", "x")
    workspace = Workspace(top / "my plan", dict(os.environ))
    workspace.commit_patch(BRANCH, patch(), now)
    assert git(top, "diff", "--name-only", "HEAD", BRANCH) == f"my plan/{TASK}\n"
    assert [change.id for change in workspace.patch_of(BRANCH).changes] == ["PAY-1"]


def test_a_branch_that_is_checked_out_is_refused(workspace: Workspace, now: datetime) -> None:
    with pytest.raises(BranchError, match="checked out"):
        workspace.commit_patch("main", patch(), now)


def test_a_branch_checked_out_in_a_linked_work_tree_is_refused(
    workspace: Workspace, now: datetime, git: Git, tmp_path: Path
) -> None:
    git(workspace.root, "worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    with pytest.raises(BranchError, match="linked"):
        workspace.commit_patch("other", patch(), now)


def test_a_work_tree_that_is_gone_is_told_to_be_forgotten(
    workspace: Workspace, now: datetime, git: Git, tmp_path: Path
) -> None:
    git(workspace.root, "worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    (tmp_path / "linked").rename(tmp_path / "elsewhere")
    with pytest.raises(BranchError, match="which is gone") as refused:
        workspace.commit_patch("other", patch(), now)
    assert "git worktree prune" in str(refused.value.hint)


BAD_NAMES = "-x|a..b|a b|a\nb|a.lock|x/.y|a//b|/a|a/|HEAD|a~1|é|a@{1}||" + "a" * 300


@pytest.mark.parametrize("name", BAD_NAMES.split("|"))
def test_a_name_that_git_or_a_shell_would_stumble_over_is_refused(name: str) -> None:
    with pytest.raises(BranchError):
        branch_ref(name)


def test_a_patch_that_brings_an_error_is_refused(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    bad = Patch(({"op": "add", "path": "/tasks/PAY-1/parent", "value": "PAY-2"},))
    with pytest.raises(PatchRejectedError, match="PAY-1 → PAY-2 → PAY-1"):
        workspace.commit_patch(BRANCH, bad, now)
    assert git(workspace.root, "branch", "--list", BRANCH) == ""


def test_without_a_name_git_says_how_to_give_one(workspace: Workspace, now: datetime) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    nameless = Workspace(workspace.root, {**environment, "EMAIL": ""})
    subprocess.run(["git", "config", "user.useConfigOnly", "true"], cwd=workspace.root, check=True)
    with pytest.raises(NoIdentityError):
        nameless.commit_patch(BRANCH, patch(), now)


def test_writers_at_the_same_time_lose_nothing(workspace: Workspace, git: Git) -> None:
    """Each of four processes adds five tasks to one branch and tries again when it is beaten."""
    program = """
import sys, os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from orchestrator.patch.ops import Patch
from orchestrator.store.commit import BranchError
from orchestrator.store.git import GitFailedError
from orchestrator.store.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]), dict(os.environ))
for number in range(5):
    value = {"title": "x", "status": "todo", "project": "pay"}
    op = {"op": "add", "path": f"/tasks/PAY-W{sys.argv[2]}{number}", "value": value}
    workspace.commit_patch("shared", Patch((op,)), datetime.now(timezone.utc))
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(workspace.root), str(writer)])
        for writer in range(4)
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    assert git(workspace.root, "rev-list", "--count", "main..shared") == "20\n"
    names = git(workspace.root, "ls-tree", "-r", "--name-only", "shared").splitlines()
    assert sum("PAY-W" in name for name in names) == 20


@pytest.mark.parametrize("meanwhile", ["set back", "deleted", "made"])
def test_a_branch_that_was_set_back_deleted_or_made_meanwhile_is_not_overwritten(
    workspace: Workspace, git: Git, now: datetime, meanwhile: str
) -> None:
    root = workspace.root
    git(root, "commit", "--quiet", "--allow-empty", "-m", "Second")
    if meanwhile != "made":
        git(root, "branch", "other")
    repository = workspace.required_repository
    ready = draft(repository, "other", patch(), now)
    match meanwhile:
        case "set back":
            git(root, "branch", "--force", "other", "HEAD~1")
        case "deleted":
            git(root, "branch", "-D", "other")
        case _:
            git(root, "branch", "other", "HEAD~1")
    before = git(root, "for-each-ref")
    with pytest.raises(MovedError):
        write_commit(repository, ready, Author("Dana", "dana@example.com"), now)
    assert git(root, "for-each-ref") == before
