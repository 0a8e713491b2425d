"""Several writers at once: each change is made exactly once, and none is lost."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from orchestrator.patch.ops import Patch
from orchestrator.store import commit, on_branch
from orchestrator.store.commit import BranchError, MovedError
from orchestrator.store.workspace import Workspace

Git = Callable[..., str]

ON_A_BRANCH = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from orchestrator.patch.ops import Patch
from orchestrator.store.workspace import Workspace
root, writer, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(count):
    value = {"title": f"{writer}-{number}", "status": "todo", "project": "pay"}
    op = {"op": "add", "path": f"/tasks/PAY-{writer}X{number}", "value": value}
    Workspace(root, dict(os.environ)).commit_patch("shared", Patch((op,)), datetime.now(UTC))
"""

IN_THE_WORK_TREE = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from orchestrator.patch.ops import Patch
from orchestrator.store.workspace import Workspace
from orchestrator.store.write import DirtyFileError
root, writer, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def apply(op):
    while True:
        try:
            Workspace(root, dict(os.environ)).apply(Patch((op,)), datetime.now(UTC))
        except DirtyFileError:
            continue  # what a person does who reads the hint
        return

for number in range(count):
    value = {"title": "x", "status": "todo", "project": "pay"}
    apply({"op": "add", "path": f"/tasks/PAY-{writer}X{number}", "value": value})
    apply({"op": "add", "path": "/tasks/PAY-1/labels/-", "value": f"{writer}-{number}"})
"""


@pytest.mark.parametrize(
    ("writers", "count"), [(3, 5), pytest.param(8, 25, marks=pytest.mark.slow)]
)
def test_patches_on_one_branch_are_commits_in_a_line(
    repo: Path, git: Git, writers: int, count: int
) -> None:
    _run(ON_A_BRANCH, repo, writers, count)
    _assert_each_once(repo, git, writers, count)


@pytest.mark.parametrize(
    ("writers", "count"), [(3, 5), pytest.param(8, 25, marks=pytest.mark.slow)]
)
def test_neither_a_person_who_commits_nor_gc_disturbs_them(
    repo: Path, git: Git, writers: int, count: int
) -> None:
    ended = threading.Event()
    made: list[int] = []

    def disturb() -> None:
        while not ended.is_set():
            number = len(made)
            (repo / "notes.txt").write_text(f"{number}\n")
            git(repo, "add", "notes.txt")
            git(repo, "commit", "--quiet", "-m", f"Note {number}")
            made.append(number)
            git(repo, "gc", "--quiet")

    person = threading.Thread(target=disturb)
    git(repo, "branch", "shared")
    person.start()
    try:
        _run(ON_A_BRANCH, repo, writers, count)
    finally:
        ended.set()
        person.join()
    _assert_each_once(repo, git, writers, count)
    assert made
    assert git(repo, "rev-list", "--count", "main").strip() == str(len(made) + 1)
    assert git(repo, "status", "--short") == ""


@pytest.mark.parametrize(
    ("writers", "count"), [(3, 3), pytest.param(8, 10, marks=pytest.mark.slow)]
)
def test_changes_in_one_work_tree_are_all_made(repo: Path, writers: int, count: int) -> None:
    _run(IN_THE_WORK_TREE, repo, writers, count)
    wanted = {f"{writer}-{number}" for writer in range(writers) for number in range(count)}
    labels = Workspace(repo, {**os.environ}).snapshot().tasks["PAY-1"]["labels"]
    assert sorted(labels) == sorted({"api", "db", *wanted})
    names = {path.name for path in (repo / "projects/pay/tasks").iterdir()}
    made = {f"PAY-{name.replace('-', 'X')}.yaml" for name in wanted}
    assert names == {"PAY-1.yaml", "PAY-2.yaml", "PAY-3.yaml", *made}


def test_a_branch_that_moves_meanwhile_gets_the_patch_on_top(
    workspace: Workspace, now: datetime, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = workspace.root
    git(root, "branch", "shared")
    real = commit.write_commit
    moves = ["first", "second"]

    def write_commit(*arguments: object, **more: object) -> commit.Commit:
        if moves:
            tree = git(root, "rev-parse", "shared^{tree}").strip()
            made = git(root, "commit-tree", tree, "-p", "shared", "-m", moves.pop()).strip()
            git(root, "update-ref", "refs/heads/shared", made)
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(on_branch, "write_commit", write_commit)
    workspace.commit_patch("shared", _title("New"), now)
    subjects = git(root, "log", "--format=%s", "shared").splitlines()
    assert subjects == ["Set title of PAY-1 to New", "first", "second", "Start"]


def test_a_branch_that_always_moves_is_given_up(
    workspace: Workspace, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved(*_arguments: object, **_more: object) -> commit.Commit:
        raise MovedError("shared")

    monkeypatch.setattr(on_branch, "write_commit", moved)
    with pytest.raises(MovedError, match=r"shared moved while the patch was applied\."):
        workspace.commit_patch("shared", _title("New"), now)


def test_a_branch_that_is_checked_out_anywhere_is_refused_by_its_folder(
    workspace: Workspace, now: datetime, git: Git, tmp_path: Path
) -> None:
    other = tmp_path / "other tree"
    git(workspace.root, "worktree", "add", "--quiet", "-b", "shared", str(other))
    for branch, where in (("shared", other), ("main", workspace.root)):
        with pytest.raises(BranchError) as refused:
            workspace.commit_patch(branch, _title("New"), now)
        assert f"{branch} is checked out in {where} ." in refused.value.message
    assert git(workspace.root, "rev-list", "--count", "--all") == "1\n"


def _title(title: str) -> Patch:
    return Patch(({"op": "replace", "path": "/tasks/PAY-1/title", "value": title},))


def _run(program: str, root: Path, writers: int, count: int) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(root), str(writer), str(count)])
        for writer in range(writers)
    ]
    assert [process.wait() for process in started] == [0] * writers


def _assert_each_once(root: Path, git: Git, writers: int, count: int) -> None:
    wanted = sorted(
        f"PAY-{writer}X{number}" for writer in range(writers) for number in range(count)
    )
    subjects = git(root, "log", "--format=%s", "--first-parent", "main..shared").splitlines()
    assert sorted(subject.split(" ")[1].rstrip(":") for subject in subjects) == wanted
    assert git(root, "rev-list", "--count", "--merges", "shared") == "0\n"
    names = git(root, "ls-tree", "-r", "--name-only", "shared").splitlines()
    assert sum("X" in name.rpartition("/")[2] for name in names) == len(wanted)
    git(root, "fsck", "--strict", "--no-dangling")
