"""The index is a help and never a condition: without it, everything is answered as well."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from orchestrator.model.task_filter import TaskFilter
from orchestrator.store.index import schema, sweep
from orchestrator.store.index.open import check_tree_with_index, check_with_index
from orchestrator.store.index.plan import Plan, ask
from orchestrator.store.index.worth import is_worth_it
from orchestrator.store.load import check_source
from orchestrator.store.workspace import Workspace
from tests.conftest import NOW, write


def opened(root: Path, chosen: str = "always") -> Workspace:
    return Workspace(root, {**os.environ, "ORCHESTRATOR_INDEX": chosen})


def database(root: Path) -> Path:
    return schema.index_path(root / ".git/orchestrator")


def ids(root: Path) -> tuple[list[str], bool]:
    """The tasks, and whether the index was asked."""

    def answer(plan: Plan) -> tuple[list[str], bool]:
        return plan.select(TaskFilter()), plan.state is not None

    return ask(opened(root), answer)


ALL = ["PAY-1", "PAY-2", "PAY-3"]


def test_small_plans_and_plans_without_git_do_without(plan: Path, repo: Path) -> None:
    assert not is_worth_it(Workspace(repo, dict(os.environ)))
    assert is_worth_it(opened(repo))
    assert not is_worth_it(opened(repo, "never"))
    assert plan == repo


def test_large_plans_are_worth_it(repo: Path) -> None:
    folder = repo / "projects/pay/tasks"
    for number in range(2_000):
        (folder / f"Q-{number}.yaml").write_text("")
    assert is_worth_it(Workspace(repo, dict(os.environ)))


def test_the_first_command_does_not_wait_for_the_index(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.store.index.worth.LEAST", 2)
    workspace = Workspace(repo, dict(os.environ))
    used = [ask(workspace, lambda plan: plan.state is not None) for _ in range(3)]
    assert used == [False, True, True]


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "folder", "inside", "version"])
def test_a_damaged_index_is_made_again(repo: Path, damage: str) -> None:
    assert ids(repo) == (ALL, True)
    path = database(repo)
    match damage:
        case "garbage":
            path.write_bytes(b"garbage" * 5_000)
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(path.read_bytes()[:9_000])
        case "folder":
            path.unlink()
            path.mkdir()
        case "inside":
            change(path, "UPDATE blobs SET document = x'00000000ffff'")
        case _:
            change(path, "UPDATE made_by SET stamp = 'another'")

    found, _ = ids(repo)
    assert found == ALL
    rows = ask(opened(repo), lambda plan: [plan.snapshot.tasks[name]["title"] for name in ALL])
    assert rows == ["Capture", "Retry", "Refund"]
    if damage != "folder":
        assert ids(repo) == (ALL, True)


def change(path: Path, statement: str) -> None:
    db = sqlite3.connect(path)
    db.execute(statement)
    db.commit()
    db.close()


def test_what_may_not_be_written_is_not_needed(repo: Path) -> None:
    folder = repo / ".git/orchestrator"
    folder.write_text("no folder")
    assert ids(repo) == (ALL, False)
    assert check_with_index(opened(repo), NOW) is None


def test_who_waits_too_long_for_a_writer_reads_the_files(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    time.sleep(0.2)  # what was written just now is read twice, and the second time is written down
    assert ids(repo) == (ALL, True)
    monkeypatch.setattr(schema, "PATIENCE_MS", 50)
    other = sqlite3.connect(database(repo), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert ids(repo) == (ALL, True), "readers need not wait"
    (repo / "projects/pay/tasks/PAY-3.yaml").unlink()
    assert ids(repo) == (ALL[:2], False)
    other.close()
    assert ids(repo) == (ALL[:2], True)


def test_linked_work_trees_share_documents(repo: Path, git: Callable[..., str]) -> None:
    assert ids(repo) == (ALL, True)
    git(repo, "worktree", "add", "--quiet", "../other")
    assert ids(repo.parent / "other") == (ALL, True)
    db = sqlite3.connect(database(repo))
    assert db.execute("SELECT count(*) FROM blobs").fetchone() == (3,)
    assert db.execute("SELECT count(*) FROM states").fetchone() == (2,)
    db.close()


def test_what_nothing_needs_any_more_is_swept(repo: Path, git: Callable[..., str]) -> None:
    other = repo.parent / "other"
    git(repo, "worktree", "add", "--quiet", str(other))
    write(other, {"projects/pay/tasks/PAY-9.yaml": "id: PAY-9\ntitle: Nine\nstatus: todo\n"})
    for root in (repo, other):
        ask(opened(root), lambda plan: plan.search(TaskFilter(), ("nine",), 3), searches=True)
    git(repo, "worktree", "remove", "--force", str(other))
    db = schema.connect(repo / ".git/orchestrator")
    sweep.sweep(db)
    assert db.execute("SELECT count(*) FROM states").fetchone() == (1,)
    for table in ("blobs", "texts", "files"):
        count = db.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert count == (3,), table
    assert db.execute("SELECT count(*) FROM words WHERE words MATCH '\"nin\"'").fetchone() == (0,)
    db.close()


def test_a_conflict_is_left_to_the_full_check(repo: Path, git: Callable[..., str]) -> None:
    git(repo, "checkout", "--quiet", "-b", "other")
    for branch, title in (("other", "Theirs"), ("main", "Ours")):
        git(repo, "checkout", "--quiet", branch)
        path = repo / "projects/pay/tasks/PAY-2.yaml"
        path.write_text(f"id: PAY-2\ntitle: {title}\nstatus: todo\n")
        git(repo, "commit", "--quiet", "--all", "--no-verify", "-m", title)
    subprocess.run(["git", "merge", "other"], cwd=repo, capture_output=True, check=False)
    assert check_tree_with_index(opened(repo), NOW) is None


def test_a_stamp_to_come_is_right_once_it_is_past(repo: Path) -> None:
    path = repo / "projects/pay/tasks/PAY-2.yaml"
    path.write_text(f"{path.read_text()}created_at: {(NOW + timedelta(hours=1)).isoformat()}\n")
    workspace = opened(repo)
    for hours in (0, 2, 0):
        now = NOW + timedelta(hours=hours)
        report = check_with_index(workspace, now)
        assert report == check_source(workspace.files, now)
        assert report is not None
        assert [problem.code for problem in report.problems] == ["ORC304"] * (hours == 0)


_WORKER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from orchestrator.store.index.open import check_with_index
from orchestrator.store.index.plan import ask
from orchestrator.model.task_filter import TaskFilter
from orchestrator.store.workspace import Workspace
root, name = Path(sys.argv[1]), sys.argv[2]
workspace = Workspace(root, {**os.environ, "ORCHESTRATOR_INDEX": "always"})
path = root / f"projects/pay/tasks/{name}.yaml"
used = 0
for turn in range(12):
    status = "nonsense" if turn % 2 else "todo"
    path.write_text(f"id: {name}\\ntitle: Turn {turn}\\nstatus: {status}\\n")
    title = ask(workspace, lambda plan: (plan.snapshot.tasks[name]["title"], plan.state))
    assert title[0] == f"Turn {turn}", title
    used += title[1] is not None
    found = check_with_index(workspace, datetime(2026, 11, 22, tzinfo=UTC))
    if found is not None:
        wrong = any(problem.path == f"projects/pay/tasks/{name}.yaml" for problem in found.problems)
        assert wrong == bool(turn % 2), (turn, found)
    assert name in ask(workspace, lambda plan: plan.select(TaskFilter()))
print(used)
"""


@pytest.mark.parametrize("processes", [4, pytest.param(8, marks=pytest.mark.slow)])
def test_many_at_once_get_right_answers(repo: Path, processes: int) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(repo), f"PAY-1{number}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(processes)
    ]  # fmt: skip
    for process in started:
        out, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert int(out) > 0, "the index was never used"
    report = check_with_index(opened(repo), NOW)
    assert report == check_source(opened(repo).files, NOW)
