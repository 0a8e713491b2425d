"""Committing what is right, in real repositories."""

import os
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from orchestrator.store.committing import NotCommittedError
from orchestrator.store.watch.committing import Committed, commit_valid
from orchestrator.store.watch.memory import Memory
from orchestrator.store.workspace import Workspace

Git = Callable[..., str]
TASKS = "projects/pay/tasks"


def commit(workspace: Workspace, now: datetime) -> Committed:
    memory = Memory(workspace.files)
    memory.look(workspace.files)
    return commit_valid(workspace, memory, now)


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_change_is_committed_in_the_words_of_the_change(
    workspace: Workspace, git: Git, now: datetime
) -> None:
    replace(workspace.root / TASKS / "PAY-1.yaml", "high", "low")
    done = commit(workspace, now)
    assert done.paths == (f"{TASKS}/PAY-1.yaml",)
    message = git(workspace.root, "log", "-1", "--format=%s|%(trailers:key=Orchestrator-Patch)")
    assert message.startswith("Set priority of PAY-1 to low|Orchestrator-Patch: ")
    assert git(workspace.root, "status", "--porcelain") == ""


def test_nothing_is_committed_where_nothing_changed(
    workspace: Workspace, git: Git, now: datetime
) -> None:
    (workspace.root / "notes.txt").write_text("mine")
    assert commit(workspace, now).oid is None
    assert git(workspace.root, "log", "--format=%s") == "Start\n"


def test_a_comment_is_committed_as_layout(workspace: Workspace, git: Git, now: datetime) -> None:
    replace(workspace.root / TASKS / "PAY-2.yaml", "title", "# soon\ntitle")
    commit(workspace, now)
    assert git(workspace.root, "log", "-1", "--format=%s") == "Edit the layout of PAY-2\n"


def test_only_the_plan_is_committed_and_what_is_staged_stays_staged(
    workspace: Workspace, git: Git, now: datetime
) -> None:
    root = workspace.root
    (root / "code.py").write_text("print()\n")
    replace(root / TASKS / "PAY-3.yaml", "Refund", "Pay back")
    git(root, "add", "code.py", f"{TASKS}/PAY-3.yaml")
    (root / "other.py").write_text("print()\n")
    (root / TASKS / "PAY-4.yaml").write_text("id: PAY-4\ntitle: New\nstatus: todo\n")
    done = commit(workspace, now)
    assert done.paths == (f"{TASKS}/PAY-4.yaml",)
    assert list(done.held) == [f"{TASKS}/PAY-3.yaml"]
    assert git(root, "show", "--name-only", "--format=") == f"{TASKS}/PAY-4.yaml\n"
    assert git(root, "status", "--porcelain").splitlines() == [
        "A  code.py", f"M  {TASKS}/PAY-3.yaml", "?? other.py",
    ]  # fmt: skip


def test_a_task_that_needs_a_broken_one_waits_with_it(
    workspace: Workspace, git: Git, now: datetime
) -> None:
    root = workspace.root
    (root / TASKS / "PAY-4.yaml").write_text("id: PAY-4\ntitle: New\nstatus: dunn\n")
    (root / TASKS / "PAY-5.yaml").write_text("id: PAY-5\ntitle: N\nstatus: todo\nparent: PAY-4\n")
    replace(root / TASKS / "PAY-1.yaml", "Capture", "Take")
    done = commit(workspace, now)
    assert done.paths == (f"{TASKS}/PAY-1.yaml",)
    assert sorted(done.held) == [f"{TASKS}/PAY-4.yaml", f"{TASKS}/PAY-5.yaml"]
    replace(root / TASKS / "PAY-4.yaml", "dunn", "todo")
    assert len(commit(workspace, now).paths) == 2
    assert git(root, "status", "--porcelain") == ""


def test_a_removal_that_others_rest_on_waits(workspace: Workspace, now: datetime) -> None:
    (workspace.root / TASKS / "PAY-1.yaml").unlink()
    done = commit(workspace, now)
    assert done.oid is None
    assert "PAY-1 does not exist" in done.held[f"{TASKS}/PAY-1.yaml"]


def test_names_that_git_takes_and_others_do_not_are_never_committed(
    workspace: Workspace, now: datetime
) -> None:
    folder = os.fsencode(workspace.root / TASKS)
    for name in (b"PAY-\xff.yaml", b"PAY-8\n.yaml", b"CON.yaml"):
        with open(folder + b"/" + name, "w") as file:  # noqa: PTH123 - a name that is no text
            file.write("id: PAY-8\ntitle: T\nstatus: todo\n")
    (workspace.root / TASKS / "PAY-9.yaml").symlink_to("PAY-1.yaml")
    assert commit(workspace, now).oid is None


def test_users_behind_a_symbolic_link_are_not_committed_as_removed(
    workspace: Workspace, now: datetime
) -> None:
    (workspace.root / "users").rename(workspace.root / "people")
    (workspace.root / "users").symlink_to("people")
    done = commit(workspace, now)
    assert (done.oid, list(done.held)) == (None, ["users/dana.yaml"])


def test_a_task_that_moves_to_another_project_is_one_commit(
    workspace: Workspace, git: Git, now: datetime
) -> None:
    root = workspace.root
    (root / "projects/ops/tasks").mkdir(parents=True)
    (root / "projects/ops/project.yaml").write_text("id: ops\nkey: OPS\ntitle: O\nstatus: active\n")
    (root / TASKS / "PAY-3.yaml").rename(root / "projects/ops/tasks/PAY-3.yaml")
    assert commit(workspace, now).oid
    assert git(root, "status", "--porcelain") == ""
    assert "projects/ops/tasks/PAY-3.yaml" in git(root, "ls-files")


def test_a_workspace_inside_a_bigger_repository_commits_its_own_files(
    plan: Path, git: Git, now: datetime
) -> None:
    top = plan.parent
    git(top, "init", "--quiet", "--initial-branch=main")
    git(top, "add", "plan")
    git(top, "commit", "--quiet", "-m", "Start")
    (top / "users").mkdir()
    (top / "users/mine.yaml").write_text("id: mine\n")
    replace(plan / TASKS / "PAY-1.yaml", "high", "low")
    done = commit(Workspace(plan, dict(os.environ)), now)
    assert done.paths == (f"{TASKS}/PAY-1.yaml",)
    assert git(top, "status", "--porcelain") == "?? users/\n"


def test_what_a_hook_refuses_is_not_left_staged(workspace: Workspace, now: datetime) -> None:
    root = workspace.root
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no such luck >&2\nexit 1\n")
    hook.chmod(0o755)
    (root / TASKS / "PAY-4.yaml").write_text("id: PAY-4\ntitle: New\nstatus: todo\n")
    replace(root / TASKS / "PAY-1.yaml", "high", "low")
    with pytest.raises(NotCommittedError, match="no such luck"):
        commit(workspace, now)
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=True
    )
    assert status.stdout.splitlines() == [f" M {TASKS}/PAY-1.yaml", f"?? {TASKS}/PAY-4.yaml"]
    hook.unlink()
    assert len(commit(workspace, now).paths) == 2


def test_the_first_commit_of_a_repository_can_be_made(plan: Path, git: Git, now: datetime) -> None:
    git(plan, "init", "--quiet", "--initial-branch=main")
    assert len(commit(Workspace(plan, dict(os.environ)), now).paths) == 6
    assert git(plan, "status", "--porcelain") == ""


def test_what_is_saved_after_the_look_is_not_committed_unchecked(
    workspace: Workspace, git: Git, now: datetime
) -> None:
    task = workspace.root / TASKS / "PAY-1.yaml"
    replace(task, "high", "low")
    memory = Memory(workspace.files)
    memory.look(workspace.files)
    replace(task, "todo", "dunn")
    assert commit_valid(workspace, memory, now).oid is None
    assert git(workspace.root, "log", "--format=%s") == "Start\n"
    assert git(workspace.root, "status", "--porcelain") == f" M {TASKS}/PAY-1.yaml\n"


def test_what_is_saved_during_the_commit_waits_for_the_next(
    workspace: Workspace, git: Git, now: datetime
) -> None:
    root = workspace.root
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\nsed -i s/todo/dunn/ {TASKS}/PAY-1.yaml\n"
        f"sed -i s/Retry/Again/ {TASKS}/PAY-2.yaml && git add {TASKS}/PAY-2.yaml\n"
    )
    hook.chmod(0o755)
    replace(root / TASKS / "PAY-1.yaml", "high", "low")
    replace(root / TASKS / "PAY-2.yaml", "todo", "cancelled")
    commit(workspace, now)
    assert "status: todo" in git(root, "show", f"HEAD:{TASKS}/PAY-1.yaml")
    assert "title: Again" in git(root, "show", f"HEAD:{TASKS}/PAY-2.yaml")
    assert git(root, "status", "--porcelain") == f" M {TASKS}/PAY-1.yaml\n"
