"""What killed commands left: finished by the next one that writes, or by `recover`."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from orchestrator.patch.ops import Patch
from orchestrator.store import git_locks
from orchestrator.store.git import GitFailedError
from orchestrator.store.git_locks import git_writing
from orchestrator.store.journal import Entry, Record
from orchestrator.store.workspace import Workspace
from orchestrator.store.write import FileEdit, LinkedFolderError
from tests.conftest import NOW, Cli

Git = Callable[..., str]
ONE = "projects/pay/tasks/PAY-1.yaml"
TWO = "projects/pay/tasks/PAY-2.yaml"
FRESH = "projects/pay/tasks/PAY-9.yaml"
TITLE = Patch(({"op": "replace", "path": "/tasks/PAY-3/title", "value": "x"},))


def dead() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def begun(workspace: Workspace) -> tuple[FileEdit, ...]:
    """Leave what a command leaves that is killed before its first rename."""
    old = {path: (workspace.root / path).read_bytes() for path in (ONE, TWO)}
    edits = (
        FileEdit(FRESH, None, b"id: PAY-9\ntitle: New\nstatus: todo\n"),
        FileEdit(ONE, old[ONE], old[ONE].replace(b"Capture", b"Take")),
        FileEdit(TWO, old[TWO], None),
    )
    path = Entry(workspace.journal, "Change three", NOW, None).begin(edits)
    path.rename(path.with_name(path.name.replace(f"-{os.getpid()}.", f"-{dead()}.")))
    return edits


def states(workspace: Workspace, edits: tuple[FileEdit, ...]) -> list[str]:
    found = []
    for edit in edits:
        path = workspace.root / edit.path
        data = path.read_bytes() if path.exists() else None
        found.append("new" if data == edit.after else "old" if data == edit.before else "else")
    return found


@pytest.mark.parametrize("made", [0, 1, 2, 3])
def test_a_change_that_was_begun_is_finished(workspace: Workspace, made: int) -> None:
    edits = begun(workspace)
    for edit in edits[:made]:
        if edit.after is None:
            (workspace.root / edit.path).unlink()
        else:
            (workspace.root / edit.path).write_bytes(edit.after)
    found = workspace.recover()
    assert [change.paths for change in found.changes] == [(FRESH, ONE, TWO)[made:]]
    assert states(workspace, edits) == ["new", "new", "new"]
    assert workspace.recover().is_empty


def test_a_dry_run_says_the_same_and_writes_nothing(workspace: Workspace) -> None:
    edits = begun(workspace)
    dry = workspace.recover(dry_run=True)
    assert states(workspace, edits) == ["old", "old", "old"]
    assert workspace.recover() == dry


def test_the_next_command_that_writes_finishes_first(workspace: Workspace, now: datetime) -> None:
    edits = begun(workspace)
    applied = workspace.apply(TITLE, now, workspace.snapshot())
    assert [change.title for change in applied.recovered] == ["Change three"]
    assert states(workspace, edits) == ["new", "new", "new"]
    assert applied.snapshot.tasks["PAY-9"]["title"] == "New"


def test_what_only_asks_what_would_be_writes_nothing(workspace: Workspace, now: datetime) -> None:
    edits = begun(workspace)
    workspace.apply(TITLE, now, dry_run=True)
    assert states(workspace, edits) == ["old", "old", "old"]


def test_a_file_that_somebody_changed_since_is_left_alone_and_named(workspace: Workspace) -> None:
    edits = begun(workspace)
    (workspace.root / ONE).write_text("a person's\n")
    found = workspace.recover()
    assert found.changes[0].kept == (ONE,)
    assert states(workspace, edits) == ["new", "else", "new"]


def test_a_finished_change_can_be_undone(cli: Cli) -> None:
    workspace = Workspace(cli.folder, dict(os.environ))
    edits = begun(workspace)
    workspace.recover()
    assert "Undo: Change three" in cli("undo").stderr
    assert states(workspace, edits) == ["old", "old", "old"]


def test_a_journal_that_cannot_be_understood_is_put_aside(workspace: Workspace) -> None:
    begun(workspace)
    (path,) = workspace.journal.pending()
    path.write_text("{")
    found = workspace.recover()
    assert found.unreadable == (str(path),)
    assert path.with_suffix(".unreadable").read_text() == "{"
    assert workspace.recover().is_empty


def test_a_journal_never_leads_out_of_the_plan(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (workspace.root / "users/away").symlink_to(tmp_path / "elsewhere")
    edit = FileEdit("users/away/x.yaml", None, b"")
    workspace.journal.begin(Record("x", NOW, None, (edit,)))
    with pytest.raises(LinkedFolderError):
        workspace.recover()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_temporary_files_of_the_dead_go_and_those_of_the_living_stay(workspace: Workspace) -> None:
    folder = workspace.root / "projects/pay/tasks"
    left = folder / f".PAY-1.yaml.{dead()}.abc.tmp"
    living = folder / f".PAY-1.yaml.{os.getppid()}.abc.tmp"
    for path in (left, living):
        path.touch()
    found = workspace.recover()
    assert found.temporaries == (left.relative_to(workspace.root).as_posix(),)
    assert not left.exists()
    assert living.exists()


def test_gits_locks_of_a_killed_command_go(workspace: Workspace, git: Git) -> None:
    locks = _leave_locks(workspace, dead())
    found = workspace.recover()
    assert sorted(found.locks) == sorted(map(str, locks))
    git(workspace.root, "commit", "--quiet", "--allow-empty", "-m", "It works")
    assert workspace.recover().is_empty


def test_a_commit_clears_what_a_killed_one_left(workspace: Workspace, now: datetime) -> None:
    _leave_locks(workspace, dead())
    applied = workspace.apply(TITLE, now)
    workspace.commit(applied.paths, "It works\n")
    workspace.commit_patch("agent/planner/one", TITLE, now)


@pytest.mark.parametrize("is_known", [True, False], ids=["a living command", "somebody else"])
def test_locks_that_may_be_anybodys_stay(workspace: Workspace, is_known: bool) -> None:
    locks = _leave_locks(workspace, os.getppid() if is_known else None)
    assert workspace.recover().is_empty
    assert all(lock.exists() for lock in locks)


def test_locks_stay_while_some_git_is_at_work(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_locks, "_PATIENCE", 0.1)
    locks = _leave_locks(workspace, dead())
    with workspace.required_repository.git.stream(
        "cat-file", "--batch", stdin=subprocess.PIPE
    ) as at:
        assert workspace.recover().locks == ()
        assert all(lock.exists() for lock in locks)
        assert at.stdin is not None
        at.stdin.close()
    assert len(workspace.recover().locks) == len(locks)


def test_where_processes_cannot_be_seen_only_old_locks_go(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(git_locks, "_PROCESSES", tmp_path / "none")
    monkeypatch.setattr(git_locks, "_PATIENCE", 0.1)
    locks = _leave_locks(workspace, dead())
    assert workspace.recover().locks == ()
    monkeypatch.setattr(git_locks, "_STALE", -1.0)
    assert len(workspace.recover().locks) == len(locks)


@pytest.mark.parametrize(("code", "is_left"), [(-9, False), (128, True)])
def test_a_git_that_is_killed_leaves_no_lock_behind_and_one_that_fails_may(
    workspace: Workspace, code: int, is_left: bool
) -> None:
    repository = workspace.required_repository
    lock = repository.git_folder / "index.lock"

    def killed() -> None:
        with git_writing(repository):
            lock.touch()
            raise GitFailedError(("commit",), "", code)

    with pytest.raises(GitFailedError):
        killed()
    assert lock.exists() == is_left


def test_reading_goes_on_beside_a_journal(cli: Cli) -> None:
    workspace = Workspace(cli.folder, dict(os.environ))
    edits = begun(workspace)
    assert json.loads(cli("task", "list", "--json").stdout)["total"] == 3
    cli("check")
    doctor = cli("doctor", code=1).stdout
    assert "✗ journal: 1 change begun and not finished\n    orchestrator recover\n" in doctor
    assert states(workspace, edits) == ["old", "old", "old"]


def test_the_command_says_what_it_found(cli: Cli) -> None:
    workspace = Workspace(cli.folder, dict(os.environ))
    begun(workspace)
    (cli.folder / ONE).write_text("a person's\n")
    wanted = f"what a killed command began (2 files to go): Change three\n{ONE} was changed since"
    assert f"Would finish {wanted}" in cli("recover", "--dry-run").stderr
    assert f"Finished {wanted}" in cli("recover").stderr
    assert cli("recover").stderr == "There is nothing to recover.\n"


def test_the_command_answers_in_json(cli: Cli) -> None:
    begun(Workspace(cli.folder, dict(os.environ)))
    assert json.loads(cli("recover", "--json").stdout) == {
        "dry_run": False,
        "changes": [
            {
                "title": "Change three", "moment": NOW.isoformat(),
                "paths": [FRESH, ONE, TWO], "kept": [],
            }
        ],
        "temporaries": [], "locks": [], "unreadable": [],
    }  # fmt: skip


def _leave_locks(workspace: Workspace, process: int | None) -> list[Path]:
    repository = workspace.required_repository
    folder = repository.state_folder / "journal"
    folder.mkdir(exist_ok=True)
    if process is not None:
        (folder / f"{process}-1.git").touch()
    own = repository.git_folder
    (own / "refs/heads/agent/planner").mkdir(parents=True)
    locks = [
        own / name
        for name in ("index.lock", "HEAD.lock", "next-index-7.lock", "refs/heads/main.lock",
                     "refs/heads/agent/planner/one.lock", "packed-refs.lock")
    ]  # fmt: skip
    for lock in locks:
        lock.touch()
    return locks


def test_a_merge_that_git_did_not_finish_is_taken_back(workspace: Workspace, git: Git) -> None:
    """Git writes in place: a file may be new, gone or cut short."""
    root = workspace.root
    edits, old = _way_back(workspace, git(root, "rev-parse", "HEAD").strip())
    (root / ONE).write_bytes(edits[0].before or b"")
    (root / TWO).write_bytes((edits[1].before or b"")[:7])
    (root / FRESH).write_bytes(b"id: P")
    git(root, "add", ONE)
    found = workspace.recover()
    assert [change.paths for change in found.changes] == [(ONE, TWO, FRESH)]
    assert {path: (root / path).read_bytes() for path in (ONE, TWO)} == old
    assert git(root, "status", "--short") == ""
    assert workspace.recover().is_empty


def test_a_merge_whose_branch_has_moved_is_finished(workspace: Workspace, git: Git) -> None:
    root = workspace.root
    edits, _ = _way_back(workspace, git(root, "rev-parse", "HEAD").strip())
    for edit in edits:
        (root / edit.path).write_bytes(edit.before or b"")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "Merged")
    assert workspace.recover().changes == ()
    assert git(root, "status", "--short") == ""
    assert workspace.journal.pending() == []


def _way_back(workspace: Workspace, head: str) -> tuple[tuple[FileEdit, ...], dict[str, bytes]]:
    old = {path: (workspace.root / path).read_bytes() for path in (ONE, TWO)}
    edits = (
        *(FileEdit(path, data + b"priority: low\n", data) for path, data in old.items()),
        FileEdit(FRESH, b"id: PAY-9\ntitle: New\nstatus: todo\n", None),
    )
    workspace.journal.begin(Record("Take back a merge", NOW, head, edits, is_way_back=True))
    return edits, old
