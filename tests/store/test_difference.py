"""What differs between commits, the index and the work tree, in real repositories."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from orchestrator.patch.diff import diff
from orchestrator.patch.ops import Patch
from orchestrator.store.difference import Difference, Side, difference, ends
from orchestrator.store.git import UnknownRevisionError
from orchestrator.store.workspace import Workspace
from tests.conftest import PLAN, write

Git = Callable[..., str]
TASK = "projects/pay/tasks/PAY-1.yaml"
NEW = "projects/pay/tasks/PAY-9.yaml"


def found(workspace: Workspace, span: str = "", *, is_staged: bool = False) -> Difference:
    repository = workspace.required_repository
    return difference(repository, *ends(repository, span, is_staged=is_staged))


def ids(workspace: Workspace, span: str = "", *, is_staged: bool = False) -> list[str]:
    return [change.id for change in found(workspace, span, is_staged=is_staged).changes]


def test_the_work_tree_the_index_and_head_are_three_states(workspace: Workspace, git: Git) -> None:
    assert ids(workspace) == []
    write(workspace.root, {TASK: PLAN[TASK].replace("high", "low"), NEW: "id: PAY-9\ntitle: x\n"})
    assert ids(workspace) == ["PAY-1", "PAY-9"]
    assert ids(workspace, is_staged=True) == []
    git(workspace.root, "add", TASK)
    assert ids(workspace, is_staged=True) == ["PAY-1"]
    assert ids(workspace) == ["PAY-1", "PAY-9"]
    git(workspace.root, "add", ".")
    git(workspace.root, "commit", "-qm", "x")
    assert ids(workspace) == []
    assert ids(workspace, "HEAD~1") == ["PAY-1", "PAY-9"]
    assert ids(workspace, "HEAD~1..") == ids(workspace, "HEAD~1..HEAD") == ["PAY-1", "PAY-9"]
    assert ids(workspace, "..HEAD~1") == ["PAY-1", "PAY-9"]


def test_a_file_that_is_touched_and_the_same_is_no_difference(workspace: Workspace) -> None:
    path = workspace.root / TASK
    path.write_text(f"# a comment\n{path.read_text()}")
    os.utime(path, (1, 1))
    assert found(workspace) == Difference((), ())


def test_an_ignored_file_belongs_to_the_plan_all_the_same(workspace: Workspace) -> None:
    write(workspace.root, {".gitignore": "PAY-9*\n", NEW: "id: PAY-9\ntitle: x\nstatus: todo\n"})
    assert ids(workspace) == ["PAY-9"]


def test_a_removed_and_a_moved_file_are_told_by_id(workspace: Workspace) -> None:
    moved = workspace.root / "projects/ops/tasks"
    moved.mkdir(parents=True)
    (workspace.root / "projects/pay/tasks/PAY-3.yaml").rename(moved / "PAY-3.yaml")
    (workspace.root / "projects/pay/tasks/PAY-2.yaml").unlink()
    assert diff(found(workspace).changes) == [
        {"op": "replace", "path": "/tasks/PAY-3/project", "value": "ops"},
        {"op": "remove", "path": "/tasks/PAY-2"},
    ]


def test_three_dots_begin_where_the_two_branched(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    op = {"op": "add", "path": "/tasks/PAY-2/priority", "value": "low"}
    workspace.commit_patch("side", Patch((op,)), now)
    write(workspace.root, {TASK: PLAN[TASK].replace("high", "low")})
    git(workspace.root, "commit", "-qam", "x")
    assert ids(workspace, "main..side") == ["PAY-1", "PAY-2"]
    assert ids(workspace, "main...side") == ["PAY-2"]


def test_what_cannot_be_read_is_named_and_left_out(workspace: Workspace, git: Git) -> None:
    (workspace.root / "users/dana.yaml").unlink()
    (workspace.root / "users/dana.yaml").symlink_to("../orchestrator.yaml")
    write(workspace.root, {TASK: "id: [\n", "projects/pay/tasks/PAY-2.yaml": "id: PAY-2\n"})
    seen = found(workspace)
    assert [change.id for change in seen.changes] == ["PAY-2"]
    assert seen.unreadable == (TASK, "users/dana.yaml")
    git(workspace.root, "add", ".")
    assert found(workspace, is_staged=True).unreadable == (TASK, "users/dana.yaml")


def test_a_file_in_conflict_is_no_removal(workspace: Workspace, git: Git) -> None:
    git(workspace.root, "checkout", "-qb", "side")
    write(workspace.root, {TASK: PLAN[TASK].replace("high", "low")})
    git(workspace.root, "commit", "-qam", "theirs")
    git(workspace.root, "checkout", "-q", "main")
    write(workspace.root, {TASK: PLAN[TASK].replace("high", "urgent")})
    git(workspace.root, "commit", "-qam", "ours")
    with pytest.raises(AssertionError):
        git(workspace.root, "merge", "side")
    for is_staged in (True, False):
        assert found(workspace, is_staged=is_staged) == Difference((), (TASK,))


def test_before_the_first_commit_everything_is_new(plan: Path, git: Git) -> None:
    git(plan, "init", "--quiet")
    workspace = Workspace(plan, dict(os.environ))
    assert sorted(ids(workspace)) == ["", "PAY-1", "PAY-2", "PAY-3", "dana", "pay"]
    with pytest.raises(UnknownRevisionError):
        ids(workspace, "HEAD")


def test_a_workspace_in_a_sub_folder_sees_its_own_files(
    tmp_path: Path, plan: Path, git: Git
) -> None:
    top = tmp_path / "code and plan"
    top.mkdir()
    plan.rename(top / "my plan")
    write(top, {"users/other.yaml": "id: other\n", "code.py": "1\n"})
    git(top, "init", "--quiet")
    git(top, "add", ".")
    git(top, "commit", "-qm", "x")
    write(top, {"users/other.yaml": "id: changed\n", f"my plan/{TASK}": "id: PAY-1\n"})
    write(top, {"users/new.yaml": "id: new\n", "my plan/users/lee.yaml": "id: lee\n"})
    assert ids(Workspace(top / "my plan", dict(os.environ))) == ["PAY-1", "lee"]


@pytest.mark.parametrize("span", ["nope", "main..nope", "nope...main", "--output=x", "main..-x"])
def test_a_name_of_no_commit_is_refused(workspace: Workspace, span: str) -> None:
    with pytest.raises(UnknownRevisionError):
        ends(workspace.required_repository, span)
    assert ends(workspace.required_repository, "main", is_staged=True)[1] is Side.INDEX
