"""The bin at the command line: what goes in, comes out, and is emptied."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Cli

Git = Callable[..., str]
FIRST = "projects/pay/tasks/PAY-1.yaml"
SECOND = "projects/pay/tasks/PAY-2.yaml"
THIRD = "projects/pay/tasks/PAY-3.yaml"


def asked(repo: Path, answer: str, *arguments: str) -> tuple[int, str]:
    """Run a command on a terminal and answer its question: exit code, and all that it showed."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestrator", *arguments],
        cwd=repo, stdin=side, stdout=side, stderr=side,
    )  # fmt: skip
    os.close(side)
    os.write(main, answer.encode())
    shown = b""
    while True:
        try:
            chunk = os.read(main, 4096)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    os.close(main)
    return process.wait(), shown.decode().replace("\r\n", "\n")


def test_deleting_and_restoring_leave_no_trace(cli: Cli, repo: Path, git: Git) -> None:
    done = cli("task", "rm", "PAY-1", code=1)
    assert done.stderr.startswith("error: PAY-2 would be deleted and PAY-3 depends on it.\n")
    assert git(repo, "status", "--short") == ""
    done = cli("task", "rm", "PAY-1", "--force")
    assert done.stderr.startswith("Delete PAY-1\nDelete PAY-2 with PAY-1\n")
    assert done.stderr.endswith("orchestrator task restore PAY-1 undoes this.\n")
    assert "deleted_by: dana\ndeleted_with: PAY-1\n" in (repo / SECOND).read_text()
    cli("check")
    done = cli("task", "restore", "PAY-1")
    assert done.stderr.startswith("Restore PAY-1\nRestore PAY-2\n")
    assert git(repo, "status", "--short") == ""


def test_a_project_goes_and_comes_back_with_its_tasks(cli: Cli, repo: Path, git: Git) -> None:
    cli("project", "rm", "pay", "--commit")
    assert git(repo, "log", "-1", "--format=%s") == "Delete project pay and 3 tasks with it\n"
    assert "deleted_with: pay\n" in (repo / THIRD).read_text()
    assert cli("task", "list").stdout == ""
    cli("check")
    cli("project", "restore", "pay", "--commit")
    assert git(repo, "log", "-1", "--format=%s") == "Restore project pay and 3 tasks with it\n"
    assert git(repo, "diff", "HEAD~2", "--stat") == ""


def test_a_commit_of_one_deletion_names_it(cli: Cli, repo: Path, git: Git) -> None:
    cli("task", "rm", "PAY-3", "--commit")
    assert git(repo, "log", "-1", "--format=%s") == "Delete PAY-3\n"
    cli("task", "restore", "PAY-3", "--commit")
    assert git(repo, "log", "-1", "--format=%s") == "Restore PAY-3\n"


def test_purging_says_how_git_brings_it_back(cli: Cli, repo: Path, git: Git) -> None:
    cli("task", "rm", "PAY-3", "PAY-1")
    done = cli("task", "purge", "PAY-3", "--yes")
    said = done.stderr.splitlines()[-1]
    assert said.startswith("Git still has it: git checkout ")
    assert not (repo / THIRD).exists()
    git(repo, *said.partition(": git ")[2].split())
    assert (repo / THIRD).exists()


def test_the_whole_bin_is_emptied(cli: Cli, repo: Path) -> None:
    assert cli("task", "purge", "--all", "--yes").stderr == "No task is deleted.\n"
    cli("project", "rm", "pay")
    done = cli("task", "purge", "--all", "--yes")
    assert "Remove PAY-1\nRemove PAY-2\nRemove PAY-3\nGit still has them; the first:" in done.stderr
    assert [path.name for path in (repo / "projects/pay").iterdir()] == ["project.yaml"]
    cli("project", "purge", "--all", "--yes")
    assert not (repo / "projects/pay").exists()
    cli("check")


def test_purging_asks_and_takes_no_for_an_answer(cli: Cli, repo: Path) -> None:
    cli("project", "rm", "pay")
    code, shown = asked(repo, "n\n", "task", "purge", "--all")
    assert code == 1
    assert f"  {FIRST}\n" in shown
    assert "Remove 3 files? [y/N]" in shown
    assert shown.endswith("Nothing was removed.\n")
    assert (repo / FIRST).exists()
    code, _ = asked(repo, "y\n", "task", "purge", "PAY-3")
    assert code == 0
    assert not (repo / THIRD).exists()


def test_without_a_terminal_purging_needs_a_yes(cli: Cli, repo: Path) -> None:
    cli("task", "rm", "PAY-3")
    done = cli("task", "purge", "PAY-3", code=1)
    assert "1 file would be removed and nobody can be asked." in done.stderr
    assert "--yes" in done.stderr
    assert (repo / THIRD).exists()


def test_what_git_does_not_have_is_kept_unless_forced(cli: Cli, repo: Path, git: Git) -> None:
    (repo / THIRD).write_text((repo / THIRD).read_text().replace("Refund", "Refund twice"))
    cli("task", "rm", "PAY-3")
    done = cli("task", "purge", "PAY-3", "--yes", code=1)
    assert f"{THIRD} is in no commit as it stands now" in done.stderr
    assert (repo / THIRD).exists()
    git(repo, "commit", "-qam", "Twice")
    new = cli("task", "new", "Draft").stdout.strip()
    cli("task", "rm", new)
    assert "is in no commit" in cli("task", "purge", "--all", "--yes", code=1).stderr
    cli("task", "purge", new, "--yes", "--force")
    cli("task", "purge", "--all", "--yes")
    assert not (repo / THIRD).exists()


def test_without_a_repository_nothing_is_kept(plan: Path) -> None:
    cli = Cli(plan)
    cli("task", "rm", "PAY-3")
    assert "is in no commit" in cli("task", "purge", "PAY-3", "--yes", code=1).stderr
    cli("task", "purge", "PAY-3", "--yes", "--force")


@pytest.mark.parametrize("arguments", [("purge",), ("purge", "PAY-1", "--all"), ("rm",)])
def test_what_is_meant_must_be_said(cli: Cli, arguments: tuple[str, ...]) -> None:
    cli("task", *arguments, code=2)


def test_unlinking_ends_dependencies_on_what_goes(cli: Cli, repo: Path) -> None:
    cli("task", "rm", "PAY-2", "--force")
    done = cli("task", "purge", "PAY-2", "--yes", code=1)
    assert "PAY-2 would be removed for good and PAY-3 depends on it." in done.stderr
    cli("task", "purge", "PAY-2", "--yes", "--unlink")
    assert "dependencies" not in (repo / THIRD).read_text()
    cli("check")


def test_a_filter_chooses_what_goes_and_what_comes_back(cli: Cli, repo: Path, git: Git) -> None:
    done = cli("task", "rm", "--where", "no-label=api", "--dry-run")
    assert "Delete PAY-2\nDelete PAY-3\n" in done.stderr
    assert git(repo, "status", "--short") == ""
    assert "nobody can be asked" in cli("task", "rm", "--where", "no-label=api", code=1).stderr
    cli("task", "rm", "--where", "no-label=api", "--yes")
    assert cli("task", "list").stdout.split()[0] == "PAY-1"
    cli("task", "rm", "PAY-1")
    cli("task", "restore", "--where", "deleted", "--yes")
    assert git(repo, "status", "--short") == ""
