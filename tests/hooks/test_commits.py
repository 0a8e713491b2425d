"""What the hooks do at each kind of commit: the table of how git calls them, replayed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from tests.hooks.conftest import Repo

TASK = "projects/pay/tasks/PAY-1.yaml"
OTHER = "projects/pay/tasks/PAY-2.yaml"


class Row(NamedTuple):
    """One way to commit.

    Attributes:
        name: For people.
        do: Sets PAY-1 in progress without a stamp, and commits; returns the exit code.
        code: The exit code expected.
        committed: Whether the stamp is in the commit.
        in_file: Whether it is in the file.
        status: What git status says then.
        folder: Of the workspace in the repository.
        repo: Name of the repository's folder.
        has_commits: Whether there is a commit before.
    """

    name: str
    do: "Callable[[Repo], int]"
    code: int = 0
    committed: bool = True
    in_file: bool = True
    status: str = ""
    folder: str = ""
    repo: str = "repo"
    has_commits: bool = True


def committing(*arguments: str) -> "Callable[[Repo], int]":
    def do(repo: "Repo") -> int:
        repo.start()
        return repo.git("commit", "-m", "Start", *arguments, may_fail=True).returncode

    return do


def added(*arguments: str) -> "Callable[[Repo], int]":
    def do(repo: "Repo") -> int:
        repo.start()
        repo.git("add", ".")
        return repo.git("commit", "-m", "Start", *arguments, may_fail=True).returncode

    return do


def with_another_staged(repo: "Repo") -> int:
    repo.edit(OTHER, "Two", "Second")
    repo.git("add", ".")
    repo.start()
    return repo.git("commit", "-m", "Start", "--", TASK).returncode


def amending(repo: "Repo") -> int:
    repo.git("commit", "--allow-empty", "-m", "Before")
    repo.start()
    return repo.git("commit", "--amend", "--no-edit", "-a").returncode


def in_part(repo: "Repo") -> int:
    repo.start()
    repo.git("add", ".")
    repo.edit(TASK, "One", "Eins")
    return repo.git("commit", "-m", "Start").returncode


def by_patch(repo: "Repo") -> int:
    repo.start()
    return repo.run("git", "commit", "--patch", "-m", "Start", stdin="y\n").returncode


def detached(repo: "Repo") -> int:
    repo.git("checkout", "--quiet", "--detach")
    return committing("-a")(repo)


def from_a_subfolder(repo: "Repo") -> int:
    repo.start()
    folder = repo.root / "projects" / "pay"
    return repo.git("commit", "-m", "Start", "--", "tasks/PAY-1.yaml", cwd=folder).returncode


def removing_the_file(repo: "Repo") -> int:
    repo.start()
    repo.git("add", ".")
    (repo.root / TASK).unlink()
    return repo.git("commit", "-m", "Start").returncode


def moving(repo: "Repo") -> int:
    repo.edit(TASK, "status: todo", "status: in_progress")
    text = repo.read(TASK)
    repo.write("projects/web/project.yaml", "id: web\nkey: WEB\ntitle: Web\nstatus: planned\n")
    repo.write("projects/web/tasks/PAY-1.yaml", text)
    (repo.root / TASK).unlink()
    repo.git("add", "--all", ".")
    repo.git("commit", "-m", "Move")
    assert "created_at" in repo.shown("projects/web/project.yaml")
    repo.write(TASK, repo.shown("projects/web/tasks/PAY-1.yaml"))
    (repo.root / "projects/web/tasks/PAY-1.yaml").unlink()
    repo.git("add", "--all", ".")
    return repo.git("commit", "-m", "Move back").returncode


def configured(*command: str) -> "Callable[[Repo], int]":
    """Commit only some paths in a repository whose index is of another make."""

    def do(repo: "Repo") -> int:
        repo.git(*command)
        return with_another_staged(repo)

    return do


STAGED_TOO = f"M  {OTHER}\n"
TABLE = [
    Row("commit", added()),
    Row("commit -a", committing("-a")),
    Row("commit -- path", committing("--", TASK)),
    Row("commit -- path, another staged", with_another_staged, status=STAGED_TOO),
    Row("commit -i path", committing("-i", TASK)),
    Row("commit -p", by_patch),
    Row("commit --amend", amending),
    Row("commit from a sub-folder", from_a_subfolder),
    Row("commit --no-verify", added("--no-verify"), committed=False, in_file=False),
    Row("staged in part", in_part, in_file=False, status=f" M {TASK}\n"),
    Row("split index", configured("update-index", "--split-index"), status=STAGED_TOO),
    Row("many files", configured("config", "feature.manyFiles", "true"), status=STAGED_TOO),
    Row("detached HEAD", detached),
    Row("no commits yet", added(), has_commits=False),
    Row("moved between projects", moving),
    Row("sub-folder", committing("-a"), folder="plan"),
    Row("sub-folder with spaces", committing("-a"), folder="our 'plan' für [all]"),
    Row("repository with spaces", committing("-a"), repo='a "repo" $HOME'),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_commit_is_stamped_and_leaves_nothing_behind(
    row: Row, make: "Callable[..., Repo]"
) -> None:
    repo = make(row.repo, row.folder, committed=row.has_commits)
    assert row.do(repo) == row.code
    assert ("started_at: " in repo.shown()) is row.committed
    assert ("started_at: " in repo.read(TASK)) is row.in_file
    assert repo.status == row.status
    assert "title: One  # first\nstatus: in_progress\n" in repo.shown()
    if row.committed:
        assert repo.orc("check", "--rev", "HEAD").returncode == 0
    assert repo.git("fsck", "--no-dangling").returncode == 0
    assert not list(repo.top.glob(".git/*.lock"))


REFUSED: "dict[str, tuple[str, ...]]" = {
    "commit": ("commit", "-m", "Stop"),
    "commit -a": ("commit", "-a", "-m", "Stop"),
    "commit -- path": ("commit", "-m", "Stop", "--", "."),
    "commit --amend": ("commit", "--amend", "-m", "Stop"),
}


@pytest.mark.parametrize("arguments", REFUSED.values(), ids=REFUSED)
def test_a_commit_that_breaks_the_plan_is_refused(arguments: tuple[str, ...], repo: "Repo") -> None:
    repo.stop()
    repo.start(OTHER)
    repo.git("add", ".")
    before = repo.status, repo.read(OTHER), repo.shown(OTHER, "")
    done = repo.git(*arguments, may_fail=True)
    assert done.returncode == 1
    assert f"{TASK}:3" in done.stderr
    assert "ORC103" in done.stderr
    assert "git commit --no-verify skips this check." in done.stderr
    assert repo.subject == "Begin"
    assert (repo.status, repo.read(OTHER), repo.shown(OTHER, "")) == before
    repo.git("commit", "-a", "-m", "Stop", "--no-verify")
    assert repo.subject == "Stop"


def test_paths_are_told_from_the_top_of_the_work_tree(make: "Callable[..., Repo]") -> None:
    repo = make(folder="plan")
    repo.stop()
    done = repo.git("commit", "-a", "-m", "Stop", may_fail=True)
    assert f"plan/{TASK}:3:9: error[ORC103]" in done.stderr
    assert "3 | status: paused" in done.stderr


def test_what_is_staged_counts_and_not_the_work_tree(repo: "Repo") -> None:
    repo.start()
    repo.git("add", ".")
    broken = repo.read(TASK).replace("in_progress", "paused")
    repo.write(TASK, broken)
    repo.git("commit", "-m", "Start")
    assert "status: in_progress\n" in repo.shown()
    assert repo.read(TASK) == broken
    repo.git("add", ".")
    repo.write(TASK, repo.shown())
    assert repo.git("commit", "-m", "Stop", may_fail=True).returncode == 1


def test_a_commit_of_code_alone_starts_no_python(repo: "Repo") -> None:
    program = repo.top.parent / "orchestrator"
    program.write_text("#!/bin/sh\necho started >&2\n")
    program.chmod(0o755)
    env = {"PATH": f"{program.parent}:{repo.environment['PATH']}"}
    (repo.top / "code.txt").write_text("more\n")
    assert "started" not in repo.git("commit", "-a", "-m", "Code", env=env).stderr
    repo.start()
    assert "started" in repo.git("commit", "-a", "-m", "Plan", env=env).stderr


def test_staging_the_rest_of_a_file_does_not_lose_its_stamp(repo: "Repo") -> None:
    in_part(repo)
    stamp = next(line for line in repo.shown().splitlines() if line.startswith("started_at"))
    assert "started_at" not in repo.read(TASK)
    repo.git("commit", "-a", "-m", "Rename")
    assert stamp in repo.shown()
    assert stamp in repo.read(TASK)
    assert repo.status == ""


def test_a_finished_task_that_is_taken_up_again_loses_its_completion(repo: "Repo") -> None:
    repo.edit(TASK, "todo", "completed")
    repo.git("commit", "-a", "-m", "Done")
    assert "completed_at: " in repo.shown()
    repo.edit(TASK, "completed\n", "in_progress\n")
    repo.git("commit", "-a", "-m", "Again")
    assert "completed_at" not in repo.shown()
    assert "started_at" in repo.shown()
    assert repo.status == ""


def test_an_edit_that_is_not_about_the_status_gets_no_stamp(repo: "Repo") -> None:
    repo.edit(TASK, "created_at: 2026-01-02T03:04:05+00:00\n", "")
    repo.git("commit", "-a", "--no-verify", "-m", "Old")
    repo.edit(TASK, "One", "Eins")
    before = repo.read(TASK)
    repo.git("commit", "-a", "-m", "Rename")
    assert repo.shown() == before


def test_a_stamp_that_was_never_there_is_set_at_the_next_commit(repo: "Repo") -> None:
    repo.edit(TASK, "todo", "completed")
    repo.git("commit", "-a", "--no-verify", "-m", "Without hooks")
    repo.edit(TASK, "One", "Eins")
    repo.git("commit", "-a", "-m", "Rename")
    assert "completed_at: " in repo.shown()
    assert repo.status == ""


def test_a_new_file_is_stamped_as_created(repo: "Repo") -> None:
    repo.write("projects/pay/tasks/PAY-3.yaml", "title: Three\nid: PAY-3\nstatus: todo\n")
    repo.git("add", ".")
    done = repo.git("commit", "-m", "Three")
    assert "stamped PAY-3: created_at" in done.stderr
    assert "created_at: " in repo.read("projects/pay/tasks/PAY-3.yaml")
    assert repo.status == ""


def test_line_ends_that_git_converts_are_no_difference(repo: "Repo") -> None:
    repo.git("config", "core.autocrlf", "true")
    repo.write(TASK, repo.read(TASK).replace("\n", "\r\n"))
    repo.start()
    repo.git("commit", "-a", "-m", "Start")
    assert "started_at" in repo.shown()
    assert "\r" not in repo.shown()
    assert repo.read(TASK).count("\r\n") == repo.read(TASK).count("\n") == 5
    assert repo.status == ""


def test_old_errors_elsewhere_do_not_lock_anybody_out(repo: "Repo") -> None:
    repo.stop(OTHER)
    repo.git("commit", "-a", "--no-verify", "-m", "Break")
    repo.start()
    done = repo.git("commit", "-a", "-m", "Start")
    assert "1 error elsewhere was there before" in done.stderr
    repo.edit(OTHER, "Two", "Second")
    assert repo.git("commit", "-a", "-m", "Touch", may_fail=True).returncode == 1


def test_an_error_in_a_file_that_is_not_touched_refuses_when_it_is_new(repo: "Repo") -> None:
    repo.edit(OTHER, "status", "parent: PAY-1\nstatus")
    repo.git("commit", "-a", "-m", "Child")
    (repo.root / TASK).unlink()
    done = repo.git("commit", "-a", "-m", "Remove", may_fail=True)
    assert done.returncode == 1
    assert "ORC202" in done.stderr


def test_a_linked_work_tree_behaves_alike(repo: "Repo") -> None:
    linked = repo.worktree("linked tree")
    for arguments in (("-a",), ("--", TASK)):
        linked.edit(TASK, "status: todo", "status: completed")
        linked.git("commit", "-m", "Done", *arguments)
        assert "completed_at" in linked.shown()
        assert linked.read(TASK) == linked.shown()
        assert linked.status == ""
        linked.edit(TASK, "status: completed", "status: todo")
        linked.git("commit", "-a", "-m", "Back")
        assert "completed_at" not in linked.shown()
    linked.stop()
    assert linked.git("commit", "-a", "-m", "Stop", may_fail=True).returncode == 1
    assert repo.status == ""


def test_a_commit_of_an_environments_settings_alone_is_checked(repo: "Repo") -> None:
    repo.start()
    repo.orc("hooks", "install")
    repo.write("orchestrator.ci.yaml", "colour: red\n")
    repo.git("add", ".")
    refused = repo.git("commit", "-m", "Colour", may_fail=True)
    assert refused.returncode == 1
    assert "orchestrator.ci.yaml:1:1: error[ORC101]" in refused.stderr
