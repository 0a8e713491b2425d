"""What is kept of git's past is what git says, whatever happened to the branch."""

import os
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestrator.store import replay as replaying
from orchestrator.store.chronicle import chronicle
from orchestrator.store.index import schema
from orchestrator.store.index.past import Past
from orchestrator.store.index.query import query
from orchestrator.store.replay import replay
from orchestrator.store.workspace import Workspace
from orchestrator.view.ledger import Ledger
from orchestrator.view.moments import Moment
from tests.conftest import write

Git = Callable[..., str]
DAY = date(2026, 11, 1)


def ledger(root: Path, chosen: str) -> Ledger:
    workspace = Workspace(root, {**os.environ, "ORCHESTRATOR_INDEX": chosen})
    return replay(workspace, date(2026, 11, 22))


def assert_kept_is_right(root: Path) -> None:
    plain = ledger(root, "never")
    assert ledger(root, "always") == plain, "as it is brought along"
    assert ledger(root, "always") == plain, "as it is kept"


@pytest.fixture
def commit(repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Commit that tasks have a status, each time on the next day; None removes one."""
    days = iter(range(1, 30))

    def run(**statuses: str | None) -> None:
        moment = f"{DAY + timedelta(days=next(days))}T12:00:00+00:00"
        monkeypatch.setenv("GIT_COMMITTER_DATE", moment)
        for name, status in statuses.items():
            path = f"projects/pay/tasks/PAY-{name[1:]}.yaml"
            text = f"id: PAY-{name[1:]}\ntitle: T\nstatus: {status}\n"
            if status is None:
                (repo / path).unlink()
            else:
                write(repo, {path: text})
        git(repo, "add", "--all")
        git(repo, "commit", "--quiet", "--no-verify", "-m", "Change")

    return run


def test_a_branch_that_grows_is_brought_along(repo: Path, commit: Callable[..., None]) -> None:
    for statuses in ({"p1": "completed"}, {"p7": "todo", "p1": "todo"}, {"p7": None}):
        assert_kept_is_right(repo)
        commit(**statuses)
    assert_kept_is_right(repo)


def test_a_branch_that_is_set_back_or_left_is_asked_again(
    repo: Path, git: Git, commit: Callable[..., None]
) -> None:
    commit(p1="completed")
    assert_kept_is_right(repo)
    commit(p2="completed")
    git(repo, "branch", "other")
    git(repo, "reset", "--quiet", "--hard", "HEAD~1")
    assert_kept_is_right(repo)
    commit(p3="completed")
    assert_kept_is_right(repo)
    git(repo, "checkout", "--quiet", "other")
    assert_kept_is_right(repo)


def test_of_a_merge_counts_the_way_that_the_branch_went(
    repo: Path, git: Git, commit: Callable[..., None]
) -> None:
    git(repo, "checkout", "--quiet", "-b", "side")
    commit(p1="in_progress")
    commit(p1="completed")
    assert_kept_is_right(repo)  # what is kept is now of the second parent
    git(repo, "checkout", "--quiet", "main")
    commit(p2="completed")
    git(repo, "merge", "--quiet", "--no-verify", "-m", "Merge", "side")
    assert_kept_is_right(repo)
    git(repo, "checkout", "--quiet", "side")
    git(repo, "merge", "--quiet", "--ff-only", "main")
    assert_kept_is_right(repo)


def test_many_small_parts_are_put_together(
    repo: Path, commit: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.store.index.past._MOST_PARTS", 2)
    for status in ("completed", "todo", "in_progress", "completed"):
        commit(p1=status)
        assert_kept_is_right(repo)
    db = sqlite3.connect(schema.index_path(repo / ".git/orchestrator"))
    assert db.execute("SELECT count(*) FROM past").fetchone()[0] <= 2
    db.close()


def test_git_is_asked_once(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ledger(repo, "always")

    def refuse(*_: object) -> None:
        raise AssertionError("git was asked again")

    monkeypatch.setattr(replaying, "_commits", refuse)
    monkeypatch.setattr(replaying, "_read", refuse)
    assert ledger(repo, "always") == before


def test_a_short_past_makes_no_index(repo: Path) -> None:
    ledger(repo, "")
    assert not schema.index_path(repo / ".git/orchestrator").exists()


def test_a_long_past_makes_one(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.store.index.past._MANY", 1)
    assert ledger(repo, "") == ledger(repo, "never")
    assert schema.index_path(repo / ".git/orchestrator").exists()
    assert ledger(repo, "") == ledger(repo, "never")


def test_replaced_commits_are_not_remembered(
    repo: Path, git: Git, commit: Callable[..., None]
) -> None:
    commit(p1="completed")
    commit(p1="todo")
    assert_kept_is_right(repo)
    git(repo, "replace", "--graft", "HEAD", "HEAD~2")
    assert_kept_is_right(repo)


@pytest.mark.parametrize("statement", [
    "UPDATE past SET commits = x'00000000ffff'", "UPDATE versions SET said = x'00000000ffff'",
    "DROP TABLE past", "UPDATE states SET position = x'0011'",
])  # fmt: skip
def test_what_is_damaged_is_asked_again(repo: Path, statement: str) -> None:
    assert_kept_is_right(repo)
    db = sqlite3.connect(schema.index_path(repo / ".git/orchestrator"))
    db.execute(statement)
    db.commit()
    db.close()
    assert_kept_is_right(repo)


def test_without_commits_there_is_no_past(plan: Path, git: Git) -> None:
    git(plan, "init", "--quiet")
    assert Past(Workspace(plan, dict(os.environ))).commits(lambda _: [], "") == []


def told(root: Path) -> list[tuple[str, ...]]:
    workspace = Workspace(root, {**os.environ, "ORCHESTRATOR_INDEX": "always"})
    return query(workspace, "SELECT id, change FROM history ORDER BY 1, 2", 100, 5).rows


def test_linked_work_trees_have_each_a_past_of_their_own(
    repo: Path, git: Git, commit: Callable[..., None]
) -> None:
    other = repo.parent / "other"
    git(repo, "worktree", "add", "--quiet", str(other))
    commit(p8="todo")
    for _ in range(2):
        assert ("PAY-8", "added") in told(repo)
        assert told(other) == [row for row in told(repo) if row[0] != "PAY-8"]
        assert_kept_is_right(repo)
        assert_kept_is_right(other)


def test_a_task_is_followed_wherever_it_was(
    repo: Path, git: Git, commit: Callable[..., None]
) -> None:
    def moments(chosen: str) -> list[Moment]:
        workspace = Workspace(repo, {**os.environ, "ORCHESTRATOR_INDEX": chosen})
        return list(chronicle(workspace, "tasks", "PAY-1").moments)

    write(repo, {"projects/two/project.yaml": "id: two\nkey: T\ntitle: T\nstatus: active\n"})
    commit(p2="todo")
    assert moments("always") == moments("never")
    git(repo, "checkout", "--quiet", "-b", "side")
    (repo / "projects/two/tasks").mkdir()
    git(repo, "mv", "projects/pay/tasks/PAY-1.yaml", "projects/two/tasks/PAY-1.yaml")
    commit(p3="todo")
    git(repo, "checkout", "--quiet", "main")
    commit(p1="in_progress", p2="completed")
    assert moments("always") == moments("never")
    git(repo, "merge", "--no-verify", "--no-commit", "--strategy=ours", "side")
    # Only the merge itself brings the file to this place.
    (repo / "projects/three/tasks").mkdir(parents=True)
    git(repo, "mv", "projects/pay/tasks/PAY-1.yaml", "projects/three/tasks/PAY-1.yaml")
    git(repo, "commit", "--quiet", "--no-verify", "-m", "Merge")
    found = moments("always")
    assert found == moments("never")
    assert len(found) >= 3
    commit(p2="todo")
    (repo / "projects/three/tasks/PAY-1.yaml").write_text("id: PAY-1\ntitle: T\nstatus: todo\n")
    assert moments("always") == moments("never")
