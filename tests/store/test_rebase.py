"""Patches that name their base, on the work tree and on branches of real repositories."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from orchestrator.patch.ops import Patch
from orchestrator.patch.rebase import StalePatchError
from orchestrator.store.rebase import UnknownBaseError
from orchestrator.store.repository import NoRepositoryError
from orchestrator.store.workspace import Workspace

Git = Callable[..., str]
BRANCH = "agent/planner/one"
TASK = "projects/pay/tasks/PAY-1.yaml"


def put(field: str, value: Any, **more: Any) -> Patch:
    return Patch(({"op": "add", "path": f"/tasks/PAY-1/{field}", "value": value},), **more)


@pytest.fixture
def base(workspace: Workspace, git: Git) -> str:
    return git(workspace.root, "rev-parse", "main").strip()


def test_the_work_tree_keeps_what_changed_since_and_its_comments(
    workspace: Workspace, now: datetime, base: str
) -> None:
    workspace.apply(put("priority", "low"), now)
    workspace.apply(put("labels/-", "mine"), now)
    workspace.apply(put("labels/0", "theirs", base=base), now)
    text = (workspace.root / TASK).read_text()
    assert "title: Capture  # the first\n" in text
    assert "priority: low\n" in text
    assert "labels: [api, db, mine, theirs]\n" in text


def test_the_same_patch_again_changes_nothing(
    workspace: Workspace, now: datetime, base: str
) -> None:
    late = put("title", "x", base=base)
    assert workspace.apply(late, now).changes
    assert workspace.apply(late, now).changes == ()


def test_a_clash_writes_nothing(workspace: Workspace, now: datetime, base: str) -> None:
    workspace.apply(put("title", "mine"), now)
    before = (workspace.root / TASK).read_bytes()
    ops = (*put("title", "theirs").ops, *put("priority", "low").ops)
    with pytest.raises(StalePatchError) as refused:
        workspace.apply(Patch(ops, base=base), now)
    [clash] = refused.value.clashes
    assert (clash.path, clash.expected, clash.actual, clash.wanted) == (
        "/tasks/PAY-1/title", "Capture", "mine", "theirs",
    )  # fmt: skip
    assert (workspace.root / TASK).read_bytes() == before


def test_a_comment_that_was_added_since_is_no_change(
    workspace: Workspace, now: datetime, base: str
) -> None:
    text = (workspace.root / TASK).read_text()
    (workspace.root / TASK).write_text(f"# mine\n{text}")
    workspace.apply(put("title", "x", base=base), now)
    assert (workspace.root / TASK).read_text().startswith("# mine\nid: PAY-1\ntitle: x")


def test_a_branch_is_merged_into_in_the_same_way(
    workspace: Workspace, now: datetime, git: Git, base: str
) -> None:
    workspace.commit_patch(BRANCH, put("priority", "low"), now)
    workspace.commit_patch(BRANCH, put("title", "theirs", base=base), now)
    text = git(workspace.root, "show", f"{BRANCH}:{TASK}")
    assert "priority: low\n" in text
    assert "title: theirs" in text
    assert git(workspace.root, "rev-list", "--count", f"main..{BRANCH}") == "2\n"


def test_a_clash_on_a_branch_makes_no_commit(
    workspace: Workspace, now: datetime, git: Git, base: str
) -> None:
    tip = workspace.commit_patch(BRANCH, put("status", "in_progress"), now).oid
    with pytest.raises(StalePatchError, match=r'"todo" and is "in_progress" now'):
        workspace.commit_patch(BRANCH, put("status", "blocked", base=base), now)
    assert git(workspace.root, "rev-parse", BRANCH).strip() == tip


def test_a_base_need_be_no_ancestor(workspace: Workspace, now: datetime, git: Git) -> None:
    side = workspace.commit_patch("side", put("priority", "low"), now).oid
    applied = workspace.apply(put("title", "x", base=side), now)
    assert [change.after for change in applied.changes if change.after]
    assert "priority: high" in (workspace.root / TASK).read_text()
    assert git(workspace.root, "merge-base", "main", "side") != f"{side}\n"


def test_a_task_that_moved_to_another_project_is_found_there(
    workspace: Workspace, now: datetime, base: str
) -> None:
    project = {"key": "OPS", "title": "Ops", "status": "active"}
    ops: tuple[dict[str, Any], ...] = (
        {"op": "add", "path": "/projects/ops", "value": project},
        {"op": "replace", "path": "/tasks/PAY-3/project", "value": "ops"},
    )  # fmt: skip
    workspace.apply(Patch(ops), now)
    title = {"op": "replace", "path": "/tasks/PAY-3/title", "value": "Mine"}
    workspace.apply(Patch((title,), base=base), now)
    assert "title: Mine\n" in (workspace.root / "projects/ops/tasks/PAY-3.yaml").read_text()


@pytest.mark.parametrize("name", ["nonsense", "--help", "a\nb", "0" * 40, "HEAD:orchestrator.yaml"])
def test_a_base_that_is_no_commit_is_said(workspace: Workspace, now: datetime, name: str) -> None:
    for apply in (
        lambda: workspace.apply(put("title", "x", base=name), now),
        lambda: workspace.commit_patch(BRANCH, put("title", "x", base=name), now),
    ):
        with pytest.raises(UnknownBaseError, match="names no commit here"):
            apply()


def test_without_a_repository_there_is_no_base(workspace: Workspace, now: datetime) -> None:
    (workspace.root / ".git").rename(workspace.root / "not-git")
    with pytest.raises(NoRepositoryError):
        Workspace(workspace.root, workspace.environment).apply(put("title", "x", base="HEAD"), now)


def test_many_tasks_are_found_by_one_listing(workspace: Workspace, now: datetime, git: Git) -> None:
    value = {"title": "x", "status": "todo", "project": "pay"}
    ids = [f"PAY-N{number}" for number in range(60)]
    made = [{"op": "add", "path": f"/tasks/{task_id}", "value": value} for task_id in ids]
    workspace.commit_patch(BRANCH, Patch(tuple(made)), now)
    changed = [
        {"op": "add", "path": f"/tasks/{task_id}/priority", "value": "low"} for task_id in ids
    ]
    commit = workspace.commit_patch(BRANCH, Patch(tuple(changed)), now)
    assert len(commit.changes) == 60
    names = git(workspace.root, "diff", "--name-only", f"{BRANCH}~1", BRANCH).splitlines()
    assert len(names) == 60
