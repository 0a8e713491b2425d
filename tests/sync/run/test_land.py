"""The local half of a sync: one commit, nobody's unsaved edits lost, and what does not fit left."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from orchestrator.patch.ops import Operation, Patch
from orchestrator.store.git import StoreError
from orchestrator.store.workspace import Workspace
from orchestrator.sync.action import Action
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.run import land as landing
from orchestrator.sync.run.ground import Ground, GroundError, stand
from orchestrator.sync.run.land import Landed, Landing, land

RunGit = Callable[..., str]
TASK = "projects/pay/tasks/PAY-1.yaml"


def put(task_id: str, **fields: Any) -> tuple[str, list[Operation]]:
    return task_id, [
        {"op": "add", "path": f"/tasks/{task_id}/{name}", "value": value}
        for name, value in fields.items()
    ]


def new(task_id: str, **fields: Any) -> tuple[str, list[Operation]]:
    document = {"id": task_id, "title": task_id, "status": "todo", "project": "pay"}
    return task_id, [{"op": "add", "path": f"/tasks/{task_id}", "value": {**document, **fields}}]


def landed(
    ground: Ground, now: datetime, *wanted: tuple[str, list[Operation]], branch: str | None = None
) -> Landed:
    ops: Mapping[str, list[Operation]] = dict(wanted)

    def build(done: Sequence[Done]) -> Patch:
        return Patch(tuple(op for item in done for op in ops[item.action.id]))

    done = [Done(Action("update", "tasks", task_id, "k")) for task_id in ops]
    return land(ground, done, Landing("tracker", build, now, branch))


@pytest.fixture
def ground(workspace: Workspace) -> Ground:
    return stand(workspace)


def test_what_a_sync_brings_is_one_commit_that_says_where_it_is_from(
    ground: Ground, repo: Path, now: datetime, git: RunGit
) -> None:
    result = landed(ground, now, put("PAY-1", title="From there"), new("PAY-9"))
    assert result.head == result.commit == ground.repository.head
    assert git(repo, "status", "--porcelain") == ""
    assert "title: From there  # the first" in (repo / TASK).read_text()
    assert (repo / "projects/pay/tasks/PAY-9.yaml").is_file()
    message = git(repo, "log", "-1", "--format=%B")
    assert message.startswith("Sync tracker: ")
    assert "Source: tracker" in message
    assert git(repo, "rev-list", "--count", "HEAD").strip() == "2"
    assert "Sync tracker" in git(repo, "reflog", "-1")


def test_nothing_to_bring_is_no_commit(ground: Ground, now: datetime) -> None:
    result = landed(ground, now, put("PAY-1", title="Capture"))
    assert (result.commit, result.head, len(result.taken)) == (None, ground.head, 1)


def test_edits_that_are_not_committed_are_kept_beside_what_is_brought(
    ground: Ground, repo: Path, now: datetime, git: RunGit
) -> None:
    text = (repo / TASK).read_text()
    (repo / TASK).write_text(text.replace("priority: high", "priority: low  # mine"))
    (repo / "notes.txt").write_text("also mine")
    result = landed(ground, now, put("PAY-1", title="From there"))
    assert not result.refused
    here = (repo / TASK).read_text()
    assert "title: From there" in here
    assert "priority: low  # mine" in here
    assert "priority: high" in git(repo, "show", f"HEAD:{TASK}")
    assert "priority: low" not in git(repo, "show", f":{TASK}")
    assert git(repo, "status", "--porcelain").splitlines() == [f" M {TASK}", "?? notes.txt"]


def test_staged_edits_stay_staged(ground: Ground, repo: Path, now: datetime, git: RunGit) -> None:
    text = (repo / TASK).read_text()
    (repo / TASK).write_text(text.replace("priority: high", "priority: low"))
    git(repo, "add", TASK)
    landed(ground, now, put("PAY-1", title="From there"))
    assert git(repo, "diff", "--cached", "-U0").count("\n+") == 2  # the header and one line
    assert "+priority: low" in git(repo, "diff", "--cached", "-U0")
    assert git(repo, "diff") == ""


@pytest.mark.parametrize("is_staged", [False, True])
def test_an_item_that_clashes_with_an_unsaved_edit_is_left_out_alone(
    ground: Ground, repo: Path, now: datetime, git: RunGit, is_staged: bool
) -> None:
    text = (repo / TASK).read_text().replace("Capture", "Mine")
    (repo / TASK).write_text(text)
    if is_staged:
        git(repo, "add", TASK)
    result = landed(ground, now, put("PAY-1", title="Theirs"), put("PAY-2", title="Theirs"))
    assert result.refused == {("tasks", "PAY-1"): "its file has changes that are not committed"}
    assert (repo / TASK).read_text() == text
    assert "Capture" in git(repo, "show", f"HEAD:{TASK}")
    assert [done.action.id for done in result.taken] == ["PAY-2"]


def test_files_that_are_in_the_way_or_gone_are_not_touched(
    ground: Ground, repo: Path, now: datetime
) -> None:
    (repo / "projects/pay/tasks/PAY-9.yaml").write_text("id: PAY-9\ntitle: Mine\nstatus: todo\n")
    (repo / TASK).unlink()
    result = landed(ground, now, new("PAY-9"), put("PAY-1", title="x"), put("PAY-3", title="y"))
    assert set(result.refused) == {("tasks", "PAY-9"), ("tasks", "PAY-1")}
    assert "Mine" in (repo / "projects/pay/tasks/PAY-9.yaml").read_text()
    assert not (repo / TASK).exists()


def test_a_file_that_holds_already_what_is_brought_is_in_nobodys_way(
    ground: Ground, repo: Path, now: datetime, git: RunGit
) -> None:
    (repo / TASK).write_text((repo / TASK).read_text().replace("Capture", "Theirs"))
    result = landed(ground, now, put("PAY-1", title="Theirs"))
    assert not result.refused
    assert git(repo, "status", "--porcelain") == ""


def test_an_item_that_would_break_the_plan_is_left_out_with_those_that_need_it(
    ground: Ground, now: datetime
) -> None:
    result = landed(
        ground, now,
        new("PAY-7", assignee="nobody-here"), new("PAY-8", parent="PAY-7"), new("PAY-9"),
    )  # fmt: skip
    assert [done.action.id for done in result.taken] == ["PAY-9"]
    assert "nobody-here" in result.refused["tasks", "PAY-7"]
    assert "PAY-7" in result.refused["tasks", "PAY-8"]


def test_an_item_whose_change_cannot_be_made_stops_no_other(ground: Ground, now: datetime) -> None:
    bad: tuple[str, list[Operation]] = (
        "PAY-5",
        [{"op": "replace", "path": "/tasks/PAY-5/title", "value": "x"}],
    )
    many = [put(f"PAY-{number}", title="New") for number in (1, 2, 3)]
    result = landed(ground, now, many[0], bad, *many[1:])
    assert set(result.refused) == {("tasks", "PAY-5")}
    assert len(result.taken) == 3


def test_a_commit_made_meanwhile_is_kept(
    ground: Ground, repo: Path, now: datetime, git: RunGit
) -> None:
    text = (repo / TASK).read_text()
    (repo / TASK).write_text(text.replace("priority: high", "priority: low"))
    git(repo, "commit", "--quiet", "-am", "Mine")
    second = "projects/pay/tasks/PAY-2.yaml"
    (repo / second).write_text((repo / second).read_text().replace("Retry", "Mine"))
    git(repo, "commit", "--quiet", "-am", "Mine too")
    result = landed(ground, now, put("PAY-1", title="Theirs"), put("PAY-2", title="Theirs"))
    assert result.refused == {("tasks", "PAY-2"): "it was changed here while the sync ran"}
    assert git(repo, "rev-list", "--count", "HEAD").strip() == "4"
    assert "priority: low" in git(repo, "show", f"HEAD:{TASK}")
    assert "title: Theirs" in git(repo, "show", f"HEAD:{TASK}")


def test_another_branch_checked_out_meanwhile_is_not_written(
    ground: Ground, repo: Path, now: datetime, git: RunGit
) -> None:
    git(repo, "switch", "--quiet", "-c", "other")
    with pytest.raises(GroundError, match="other is checked out by now"):
        landed(ground, now, put("PAY-1", title="Theirs"))


def test_without_a_branch_or_a_commit_nothing_is_begun(
    workspace: Workspace, repo: Path, git: RunGit, tmp_path: Path
) -> None:
    git(repo, "checkout", "--quiet", "--detach")
    with pytest.raises(GroundError, match="No branch is checked out"):
        stand(workspace)
    (tmp_path / "orchestrator.yaml").write_text("version: 1\nname: x\n")
    with pytest.raises(StoreError, match="in no git repository"):
        stand(Workspace(tmp_path, dict(os.environ)))
    git(tmp_path, "init", "--quiet")
    with pytest.raises(GroundError, match="no commits"):
        stand(Workspace(tmp_path, dict(os.environ)))


def test_a_branch_for_review_is_rebuilt_and_only_when_it_would_differ(
    ground: Ground, repo: Path, now: datetime, git: RunGit
) -> None:
    wanted = (put("PAY-1", title="Theirs"), new("PAY-9"))
    first = landed(ground, now, *wanted, branch="sync/tracker")
    assert first.commit is not None
    assert first.head == ground.head == ground.repository.head
    assert git(repo, "status", "--porcelain") == ""
    assert landed(ground, now, *wanted, branch="sync/tracker").commit is None
    second = landed(ground, now, wanted[0], branch="sync/tracker")
    assert second.commit == git(repo, "rev-parse", "sync/tracker").strip()
    assert git(repo, "rev-list", "--count", "main..sync/tracker").strip() == "1"
    git(repo, "switch", "--quiet", "sync/tracker")
    git(repo, "branch", "--quiet", "-f", "main")


def test_killed_between_files_and_commit_the_next_run_finds_no_difference(
    ground: Ground, repo: Path, now: datetime, git: RunGit, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = (put("PAY-1", title="Theirs"), new("PAY-9"))
    for point in ("write_files", "_stage", "move_ref"):
        with monkeypatch.context() as patched:

            def die(*_: Any, **__: Any) -> None:
                raise KeyboardInterrupt

            patched.setattr(landing, point, die)
            with pytest.raises(KeyboardInterrupt):
                landed(ground, now, *wanted)
        assert ground.repository.head == ground.head
    result = landed(ground, now, *wanted)
    assert not result.refused
    assert git(repo, "status", "--porcelain") == ""
    assert git(repo, "fsck", "--strict") == ""


def test_a_plan_in_a_folder_of_a_linked_work_tree_is_written_there_alone(
    repo: Path, now: datetime, git: RunGit, tmp_path: Path
) -> None:
    (repo / "plan").mkdir()
    for name in ("orchestrator.yaml", "users", "projects"):
        git(repo, "mv", name, f"plan/{name}")
    (repo / "code.py").write_text("x = 1\n")
    git(repo, "add", ".")
    git(repo, "commit", "--quiet", "-m", "Move")
    git(repo, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    ground = stand(Workspace(tmp_path / "side" / "plan", dict(os.environ)))
    result = landed(ground, now, put("PAY-1", title="From there"), new("PAY-9"))
    assert result.commit == git(repo, "rev-parse", "side").strip()
    assert git(tmp_path / "side", "status", "--porcelain") == ""
    assert git(repo, "status", "--porcelain") == ""
    assert git(repo, "diff", "--name-only", "main", "side").split() == [
        "plan/projects/pay/tasks/PAY-1.yaml", "plan/projects/pay/tasks/PAY-9.yaml",
    ]  # fmt: skip


def test_a_task_that_moves_to_another_project_moves_its_file(
    ground: Ground, repo: Path, now: datetime, git: RunGit
) -> None:
    made: tuple[str, list[Operation]] = (
        "shop",
        [
            {
                "op": "add", "path": "/projects/shop",
                "value": {"id": "shop", "key": "SHOP", "title": "Shop", "status": "active"},
            }
        ],
    )  # fmt: skip
    moved: tuple[str, list[Operation]] = (
        "PAY-3", [{"op": "replace", "path": "/tasks/PAY-3/project", "value": "shop"}],
    )  # fmt: skip
    result = landed(ground, now, made, moved)
    assert not result.refused
    assert (repo / "projects/shop/tasks/PAY-3.yaml").is_file()
    assert not (repo / "projects/pay/tasks/PAY-3.yaml").exists()
    assert git(repo, "status", "--porcelain") == ""


def test_a_git_that_holds_the_index_for_a_moment_is_waited_for(
    ground: Ground, repo: Path, now: datetime, git: RunGit
) -> None:
    lock = repo / ".git/index.lock"
    lock.touch()
    timer = threading.Timer(0.3, lock.unlink)
    timer.start()
    result = landed(ground, now, put("PAY-1", title="Theirs"))
    timer.join()
    assert result.commit
    assert git(repo, "status", "--porcelain") == ""
