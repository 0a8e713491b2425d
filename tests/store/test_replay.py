"""What became of the tasks day by day, out of real repositories with dated commits."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from orchestrator.store import pair
from orchestrator.store.replay import replay
from orchestrator.store.workspace import Workspace
from orchestrator.view.ledger import Entry, Ledger
from tests.conftest import PLAN, write

Git = Callable[..., str]
Commit = Callable[[str, dict[str, str | None]], None]
TODAY = date(2026, 11, 22)
ONE, TWO = "projects/pay/tasks/PAY-1.yaml", "projects/pay/tasks/PAY-2.yaml"


def task(task_id: str, status: str = "todo", rest: str = "") -> str:
    return f"id: {task_id}\ntitle: Task {task_id}\nstatus: {status}\n{rest}"


@pytest.fixture
def book(tmp_path: Path, git: Git) -> Workspace:
    """A workspace without tasks or commits."""
    root = tmp_path / "book"
    write(root, {"orchestrator.yaml": PLAN["orchestrator.yaml"]})
    git(root, "init", "--quiet", "--initial-branch=main")
    return Workspace(root, dict(os.environ))


@pytest.fixture
def commit(book: Workspace, git: Git, monkeypatch: pytest.MonkeyPatch) -> Commit:
    """Commit files on a day, `2026-11-03` or with a time and an offset; None removes one."""

    def run(day: str, files: dict[str, str | None]) -> None:
        monkeypatch.setenv("GIT_COMMITTER_DATE", day if "T" in day else f"{day}T12:00:00+00:00")
        for path, text in files.items():
            if text is None:
                (book.root / path).unlink()
            else:
                write(book.root, {path: text})
        git(book.root, "add", "--all")
        git(book.root, "commit", "--quiet", "--allow-empty", "-m", "Change")

    return run


def said(ledger: Ledger) -> list[tuple[str, str, str | None, str | None]]:
    """Return day, task, and status before and after of each entry."""

    def row(entry: Entry) -> tuple[str, str, str | None, str | None]:
        before, after = entry.before, entry.after
        status = (before and before.status, after and after.status)
        return (f"{entry.day:%d}", entry.task, *status)

    return [row(entry) for entry in ledger.entries]


def test_each_day_says_what_the_files_said_in_its_evening(book: Workspace, commit: Commit) -> None:
    commit("2026-11-01", {ONE: task("PAY-1"), TWO: task("PAY-2")})
    commit("2026-11-03T08:00:00+00:00", {ONE: task("PAY-1", "in_progress")})
    commit("2026-11-03T18:00:00+00:00", {ONE: task("PAY-1", "completed")})
    commit("2026-11-04", {"README.md": "nothing of the plan"})
    commit("2026-11-05", {TWO: None})
    ledger = replay(book, TODAY)
    assert said(ledger) == [
        ("01", "PAY-1", None, "todo"),
        ("01", "PAY-2", None, "todo"),
        ("03", "PAY-1", "todo", "completed"),
        ("05", "PAY-2", "todo", None),
    ]
    assert (ledger.first, ledger.unreadable, ledger.is_shallow) == (date(2026, 11, 1), 0, False)


def test_the_day_is_the_one_on_the_committers_own_wall(book: Workspace, commit: Commit) -> None:
    commit("2026-11-01T23:30:00-08:00", {ONE: task("PAY-1")})
    assert said(replay(book, TODAY))[0][0] == "01"


def test_what_is_older_is_one_entry_of_the_day_before(book: Workspace, commit: Commit) -> None:
    commit("2026-11-01", {ONE: task("PAY-1"), TWO: task("PAY-2")})
    commit("2026-11-03", {ONE: task("PAY-1", "completed")})
    commit("2026-11-10", {TWO: task("PAY-2", "completed")})
    assert said(replay(book, TODAY, date(2026, 11, 8))) == [
        ("07", "PAY-1", None, "completed"),
        ("07", "PAY-2", None, "todo"),
        ("10", "PAY-2", "todo", "completed"),
    ]
    later = replay(book, TODAY, date(2026, 11, 8), has_opening=False)
    assert said(later) == [("10", "PAY-2", "todo", "completed")]
    assert later.first == date(2026, 11, 1)


def test_clocks_that_went_wrong_change_no_order(book: Workspace, commit: Commit) -> None:
    commit("2026-11-01", {ONE: task("PAY-1")})
    commit("2031-01-01", {ONE: task("PAY-1", "in_progress")})
    commit("2026-11-04", {TWO: task("PAY-2")})
    commit("1999-01-01", {ONE: task("PAY-1", "completed")})
    commit("2026-11-06", {TWO: None})
    assert [row[:2] for row in said(replay(book, TODAY))] == [
        ("01", "PAY-1"),
        ("04", "PAY-2"),
        ("04", "PAY-1"),
        ("06", "PAY-2"),
    ]


def test_a_move_to_another_project_makes_no_task(book: Workspace, commit: Commit) -> None:
    commit("2026-11-01", {ONE: task("PAY-1")})
    commit("2026-11-02", {ONE: None, "projects/ops/tasks/PAY-1.yaml": task("PAY-1")})
    [_, moved] = replay(book, TODAY).entries
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.project, moved.after.project) == ("pay", "ops")


def test_another_id_makes_no_task(book: Workspace, commit: Commit) -> None:
    commit("2026-11-01", {ONE: task("PAY-1", "completed"), TWO: task("PAY-2")})
    text = task("PAY-1", "completed").replace("id: PAY-1", "id: PAY-9")
    commit("2026-11-02", {ONE: None, "projects/pay/tasks/PAY-9.yaml": text})
    ledger = replay(book, TODAY)
    assert said(ledger)[2:] == [("02", "PAY-9", "completed", "completed")]
    assert sorted(ledger.evening(TODAY)) == ["PAY-2", "PAY-9"]


def test_a_merge_counts_on_the_day_on_which_it_came(
    book: Workspace, commit: Commit, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit("2026-11-01", {ONE: task("PAY-1")})
    git(book.root, "checkout", "--quiet", "-b", "side")
    commit("2026-11-02", {ONE: task("PAY-1", "completed")})
    git(book.root, "checkout", "--quiet", "main")
    commit("2026-11-03", {TWO: task("PAY-2")})
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-09T12:00:00+00:00")
    git(book.root, "merge", "--quiet", "--no-ff", "side", "-m", "Merge")
    assert said(replay(book, TODAY))[-1] == ("09", "PAY-1", "todo", "completed")


def test_files_that_cannot_be_read_change_nothing_and_are_counted(
    book: Workspace, commit: Commit
) -> None:
    commit("2026-11-01", {ONE: task("PAY-1"), TWO: "no: [yaml"})
    commit("2026-11-02", {ONE: "<<<<<<< HEAD\n"})
    commit("2026-11-03", {ONE: task("PAY-1", "completed")})
    ledger = replay(book, TODAY)
    assert said(ledger) == [("01", "PAY-1", None, "todo"), ("03", "PAY-1", "todo", "completed")]
    assert ledger.unreadable == 2


def test_values_of_the_wrong_type_and_other_files_do_no_harm(
    book: Workspace, commit: Commit
) -> None:
    odd = "estimated_minutes: soon\ndue_date: never\n"
    (book.root / "projects/pay/tasks").mkdir(parents=True)
    (book.root / "projects/pay/tasks/PAY-7.yaml").symlink_to("PAY-1.yaml")
    commit("2026-11-01", {ONE: task("PAY-1", rest=odd), "projects/pay/tasks/x.png": "\0\1"})
    [entry] = replay(book, TODAY).entries
    assert entry.after is not None
    assert (entry.task, entry.after.minutes, entry.after.due) == ("PAY-1", 0, None)


def test_two_processes_say_what_one_says(
    book: Workspace, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit("2026-11-01", {ONE: task("PAY-1"), TWO: task("PAY-2")})
    commit("2026-11-03", {ONE: task("PAY-1", "completed")})
    monkeypatch.setattr(pair, "WORTH_IT", 1)
    both = Workspace(book.root, dict(os.environ), processes=2)
    assert replay(both, TODAY) == replay(book, TODAY)


def test_a_child_that_dies_costs_only_time(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()

    def work(items: Sequence[int]) -> list[int]:
        if os.getpid() != parent:
            os._exit(9)
        return [item * 2 for item in items]

    monkeypatch.setattr(pair, "WORTH_IT", 1)
    assert pair.in_two(work, [1, 2, 3, 4]) == [2, 4, 6, 8]


def test_there_is_nothing_before_the_first_task(book: Workspace, commit: Commit) -> None:
    assert replay(book, TODAY) == Ledger()
    commit("2026-11-01", {"README.md": "no plan yet"})
    assert replay(book, TODAY) == Ledger()


def test_a_workspace_may_be_a_folder_of_a_repository(tmp_path: Path, git: Git, plan: Path) -> None:
    git(tmp_path, "init", "--quiet")
    other = {"projects/pay/tasks/PAY-9.yaml": task("PAY-9")}
    write(tmp_path, other)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "Start")
    ledger = replay(Workspace(plan, dict(os.environ)), TODAY)
    assert sorted(ledger.evening(TODAY)) == ["PAY-1", "PAY-2", "PAY-3"]


def test_a_shallow_clone_is_said_to_be_one(
    book: Workspace, commit: Commit, git: Git, tmp_path: Path
) -> None:
    commit("2026-11-01", {ONE: task("PAY-1")})
    commit("2026-11-03", {TWO: task("PAY-2")})
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{book.root}", "shallow")
    ledger = replay(Workspace(tmp_path / "shallow", dict(os.environ)), TODAY)
    assert (ledger.is_shallow, ledger.first) == (True, date(2026, 11, 3))
