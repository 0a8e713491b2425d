"""`watch` as a process: real files, real git, real signals."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.watched import Watched
from tests.conftest import PLAN, Cli, write

Git = Callable[..., str]
Start = Callable[..., Watched]
TASKS = "projects/pay/tasks"


@pytest.fixture
def start(repo: Path) -> Iterator[Start]:
    """Start watching with --json and options; the plan has been checked when it returns."""
    running = []

    def begin(*options: str, folder: Path = repo) -> Watched:
        watched = Watched(folder, "--json", *options)
        running.append(watched)
        watched.event("started")
        return watched

    yield begin
    for watched in running:
        watched.end()


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def codes(problems: list[dict[str, Any]]) -> list[str]:
    return [problem["code"] for problem in problems]


def test_at_the_start_it_says_how_the_whole_plan_is(repo: Path) -> None:
    replace(repo / TASKS / "PAY-2.yaml", "PAY-1", "PAY-99")
    watched = Watched(repo, "--json")
    try:
        event = watched.event("started")
        assert codes(event["problems"]) == ["ORC202"]
        assert event["summary"] == {"errors": 1, "warnings": 0, "files": 6}
    finally:
        watched.end()


def test_on_save_it_says_what_became_wrong_and_what_became_right(repo: Path, start: Start) -> None:
    watched = start()
    task = repo / TASKS / "PAY-2.yaml"
    replace(task, "PAY-1", "PAY-99")
    event = watched.event("checked")
    assert event["changed"] == [f"{TASKS}/PAY-2.yaml"]
    assert event["ids"] == ["PAY-2"]
    assert event["fixed"] == []
    [problem] = event["problems"]
    assert (problem["code"], problem["line"], problem["id"]) == ("ORC202", 4, "PAY-2")
    replace(task, "PAY-99", "PAY-1")
    event = watched.event("checked")
    assert (event["problems"], codes(event["fixed"])) == ([], ["ORC202"])
    assert event["summary"]["errors"] == 0


def test_a_change_of_one_file_shows_the_problem_that_it_makes_in_another(
    repo: Path, start: Start
) -> None:
    watched = start()
    (repo / TASKS / "PAY-1.yaml").unlink()
    event = watched.event("checked")
    assert [problem["path"] for problem in event["problems"]] == [f"{TASKS}/PAY-2.yaml"]


def test_a_comment_changes_no_id_and_the_same_bytes_are_no_event(repo: Path, start: Start) -> None:
    watched = start()
    task = repo / TASKS / "PAY-1.yaml"
    task.write_bytes(task.read_bytes())
    assert watched.is_silent(0.6)
    with task.open("a") as file:
        file.write("# later\n")
    event = watched.event("checked")
    assert (event["changed"], event["ids"]) == ([f"{TASKS}/PAY-1.yaml"], [])


def test_editors_that_save_by_rename_are_one_change(repo: Path, start: Start) -> None:
    watched = start()
    task = repo / TASKS / "PAY-1.yaml"
    (repo / TASKS / "4913").touch()
    (repo / TASKS / "4913").unlink()
    task.rename(repo / TASKS / "PAY-1.yaml~")
    task.write_text("id: PAY-1\ntitle: Capture\nstatus: dunn\n")
    (repo / TASKS / "PAY-1.yaml~").unlink()
    event = watched.event("checked")
    assert codes(event["problems"]) == ["ORC103"]
    assert event["changed"] == [f"{TASKS}/PAY-1.yaml"]


def test_a_switch_of_branches_is_answered_once(repo: Path, start: Start, git: Git) -> None:
    git(repo, "checkout", "--quiet", "-b", "many")
    for number in range(10, 510):
        (repo / TASKS / f"PAY-{number}.yaml").write_text(
            f"id: PAY-{number}\ntitle: T\nstatus: todo\n"
        )
    git(repo, "add", ".")
    git(repo, "commit", "--quiet", "-m", "Many")
    git(repo, "checkout", "--quiet", "main")
    watched = start()
    git(repo, "checkout", "--quiet", "many")
    event = watched.event("checked")
    assert len(event["changed"]) == 500
    assert event["summary"]["files"] == 506
    git(repo, "checkout", "--quiet", "main")
    assert watched.event("checked")["summary"]["files"] == 6


def test_a_rebase_is_answered_once_when_it_is_over(repo: Path, start: Start, git: Git) -> None:
    git(repo, "checkout", "--quiet", "-b", "side")
    for number in range(10, 20):
        (repo / TASKS / f"PAY-{number}.yaml").write_text(
            f"id: PAY-{number}\ntitle: T\nstatus: todo\n"
        )
        git(repo, "add", ".")
        git(repo, "commit", "--quiet", "-m", f"PAY-{number}")
    git(repo, "checkout", "--quiet", "main")
    replace(repo / TASKS / "PAY-1.yaml", "Capture", "Take")
    git(repo, "commit", "--quiet", "--all", "-m", "Take")
    git(repo, "checkout", "--quiet", "side")
    watched = start()
    git(repo, "rebase", "--quiet", "main")
    assert watched.event("checked")["changed"] == [f"{TASKS}/PAY-1.yaml"]
    assert watched.is_silent(0.4)


def test_while_git_holds_its_lock_it_waits(repo: Path, start: Start) -> None:
    watched = start()
    (repo / ".git/index.lock").touch()
    replace(repo / TASKS / "PAY-1.yaml", "Capture", "Take")
    replace(repo / TASKS / "PAY-2.yaml", "Retry", "Again")
    assert watched.is_silent(0.4)
    (repo / ".git/index.lock").unlink()
    assert watched.event("checked")["ids"] == ["PAY-1", "PAY-2"]


@pytest.mark.parametrize("folder", ["projects", TASKS])
def test_a_folder_that_goes_and_comes_back(
    repo: Path, start: Start, tmp_path: Path, folder: str
) -> None:
    shutil.copytree(repo / folder, tmp_path / "copy")
    watched = start()
    shutil.rmtree(repo / folder)
    assert watched.event("checked")["summary"]["files"] < 6
    shutil.copytree(tmp_path / "copy", repo / folder)
    while watched.event("checked")["summary"]["files"] < 6:
        continue
    replace(repo / TASKS / "PAY-1.yaml", "Capture", "Take")
    assert watched.event("checked")["ids"] == ["PAY-1"]


def test_a_workspace_that_vanishes_and_appears_again(
    repo: Path, start: Start, tmp_path: Path
) -> None:
    watched = start("--commit", "--quiet-time", "0.1s")
    repo.rename(tmp_path / "aside")
    event = watched.event("failed")
    assert "is gone" in event["message"]
    assert watched.is_silent(0.4)
    (tmp_path / "aside").rename(repo)
    assert watched.event("checked")["summary"] == {"errors": 0, "warnings": 0, "files": 6}
    replace(repo / TASKS / "PAY-1.yaml", "Capture", "Take")
    assert watched.event("checked")["ids"] == ["PAY-1"]
    assert watched.event("committed")["ids"] == ["PAY-1"]


def test_settings_that_are_broken_for_a_while_are_a_problem_and_no_end(
    repo: Path, start: Start
) -> None:
    watched = start()
    settings = repo / "orchestrator.yaml"
    text = settings.read_text()
    for broken in ("name: [", "\x00", ""):
        settings.write_text(broken)
        assert watched.event("checked")["summary"]["errors"]
    settings.unlink()
    watched.event("checked")
    settings.write_text(text)
    assert watched.event("checked")["summary"]["errors"] == 0


@pytest.mark.slow
def test_files_that_no_reader_likes_are_problems(repo: Path, start: Start) -> None:
    watched = start()
    task = repo / TASKS / "PAY-3.yaml"
    for data in (b"x" * 10_000_000, b"\xff\xfe", b"<<<<<<< ours\nid: PAY-3\n", b"id: PAY-3\ntit"):
        task.write_bytes(data)
        while not (event := watched.event("checked"))["summary"]["errors"]:
            continue
        assert event["changed"] == [f"{TASKS}/PAY-3.yaml"]


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)]
)
def test_a_signal_ends_it_with_nothing_left_behind(
    repo: Path, start: Start, number: int, git: Git
) -> None:
    watched = start("--commit", "--stamp", "--quiet-time", "60s")
    replace(repo / TASKS / "PAY-1.yaml", "Capture", "Take")
    watched.event("checked")
    assert watched.stop(number) == 0
    assert json.loads(watched.left()[-1])["event"] == "stopped"
    assert list(repo.glob(".git/**/*.lock")) == []
    assert git(repo, "log", "--format=%s") == "Start\n"


def test_without_a_reader_it_ends(repo: Path) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-m", "orchestrator", "watch", "--json"],
        cwd=repo, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watching.stdout is not None
    assert "started" in watching.stdout.readline()
    watching.stdout.close()
    replace(repo / TASKS / "PAY-1.yaml", "Capture", "Take")
    assert watching.wait(30) == 0
    assert watching.stderr is not None
    assert watching.stderr.read() == ""
    watching.stderr.close()


def test_stamps_are_filled_in_once_and_nothing_else_changes(repo: Path, start: Start) -> None:
    watched = start("--stamp")
    task = repo / TASKS / "PAY-1.yaml"
    replace(task, "todo", "in_progress")
    text = task.read_text()
    assert watched.event("stamped")["changed"] == [f"{TASKS}/PAY-1.yaml"]
    event = watched.event("checked")
    assert (event["problems"], event["ids"]) == ([], ["PAY-1"])
    added = [line for line in task.read_text().splitlines() if line not in text.splitlines()]
    assert [line.partition(":")[0] for line in added] == ["started_at"]
    assert watched.is_silent(0.4)


def test_a_file_with_another_error_or_that_git_wrote_is_not_stamped(
    repo: Path, start: Start, git: Git
) -> None:
    git(repo, "checkout", "--quiet", "-b", "unstamped")
    replace(repo / TASKS / "PAY-3.yaml", "todo", "in_progress")
    git(repo, "commit", "--quiet", "--all", "-m", "No stamp")
    git(repo, "checkout", "--quiet", "main")
    watched = start("--stamp")
    replace(repo / TASKS / "PAY-1.yaml", "status: todo", "status: completed\nstauts: todo")
    assert sorted(codes(watched.event("checked")["problems"])) == ["ORC101", "ORC301", "ORC305"]
    git(repo, "checkout", "--quiet", "unstamped")
    assert codes(watched.event("checked")["problems"]) == ["ORC301", "ORC306"]


def test_valid_changes_are_committed_after_a_quiet_time(repo: Path, start: Start, git: Git) -> None:
    (repo / "code.py").write_text("print()\n")
    git(repo, "add", "code.py")
    watched = start("--commit", "--quiet-time", "0.5")
    replace(repo / TASKS / "PAY-1.yaml", "high", "low")
    replace(repo / TASKS / "PAY-2.yaml", "todo", "dunn")
    watched.event("checked")
    event = watched.event("committed")
    assert event["ids"] == ["PAY-1"]
    assert event["commit"] == git(repo, "rev-parse", "HEAD").strip()
    assert git(repo, "log", "-1", "--format=%s", "--name-only").split("\n\n") == [
        "Set priority of PAY-1 to low", f"{TASKS}/PAY-1.yaml\n",
    ]  # fmt: skip
    assert "'dunn' is not one of" in watched.event("failed")["message"]
    replace(repo / TASKS / "PAY-1.yaml", "low", "urgent")
    watched.event("checked")
    watched.event("committed")
    replace(repo / TASKS / "PAY-2.yaml", "dunn", "todo")
    assert codes(watched.event("checked")["fixed"]) == ["ORC103"]
    assert watched.is_silent(0.6)
    assert git(repo, "status", "--porcelain") == "A  code.py\n"


def test_nothing_is_committed_in_a_rebase_or_without_a_branch(
    repo: Path, start: Start, git: Git
) -> None:
    git(repo, "checkout", "--quiet", "--detach")
    watched = start("--commit", "--quiet-time", "0.2s")
    assert "no branch is checked out" in watched.event("failed")["message"]
    replace(repo / TASKS / "PAY-1.yaml", "high", "low")
    watched.event("checked")
    (repo / ".git/rebase-merge").mkdir()
    assert "a rebase is not finished" in watched.event("failed")["message"]
    (repo / ".git/rebase-merge").rmdir()
    watched.event("failed")
    git(repo, "checkout", "--quiet", "main")
    assert watched.event("committed")["ids"] == ["PAY-1"]


def test_a_commit_that_a_hook_refuses_is_said_once_and_tried_again_on_the_next_change(
    repo: Path, start: Start, git: Git
) -> None:
    hook = repo / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no such luck >&2\nexit 1\n")
    hook.chmod(0o755)
    watched = start("--commit", "--quiet-time", "0.2s")
    replace(repo / TASKS / "PAY-1.yaml", "high", "low")
    watched.event("checked")
    assert "no such luck" in watched.event("failed")["message"]
    assert watched.is_silent(0.6)
    hook.unlink()
    replace(repo / TASKS / "PAY-2.yaml", "Retry", "Again")
    watched.event("checked")
    assert watched.event("committed")["ids"] == ["PAY-1", "PAY-2"]
    assert git(repo, "status", "--porcelain") == ""


def test_after_a_commit_the_integration_is_synced_and_a_failure_is_tried_again(
    repo: Path, start: Start, git: Git
) -> None:
    watched = start("--sync", "nowhere")
    for subject in ("One", "Two"):
        git(repo, "commit", "--quiet", "--allow-empty", "-m", subject)
        assert watched.event("failed")["message"].startswith("sync nowhere ended with exit code")
    assert watched.is_silent(0.3)


def test_a_command_gets_the_changed_ids_on_stdin(repo: Path, start: Start, tmp_path: Path) -> None:
    seen = tmp_path / "seen; touch oh.json"
    script = f"import sys; open({str(seen)!r}, 'a').write(sys.stdin.read())"
    (tmp_path / "take.py").write_text(script)
    watched = start("--exec", f"'{sys.executable}' '{tmp_path / 'take.py'}'")
    replace(repo / TASKS / "PAY-2.yaml", "PAY-1", "PAY-99")
    watched.event("checked")
    assert watched.event("ran")["code"] == 0
    assert json.loads(seen.read_text()) == {
        "ids": ["PAY-2"], "paths": [f"{TASKS}/PAY-2.yaml"], "problems": 1,
    }  # fmt: skip


def test_a_command_that_fails_or_is_slow_hinders_nobody(
    repo: Path, start: Start, tmp_path: Path
) -> None:
    gate, log = tmp_path / "gate", tmp_path / "log"
    script = (
        f"import pathlib, sys, time\ndata = sys.stdin.read()\n"
        f"open({str(log)!r}, 'a').write(data)\n"
        f"while not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.01)\nsys.exit(3)\n"
    )
    (tmp_path / "slow.py").write_text(script)
    watched = start("--exec", f"{sys.executable} {tmp_path / 'slow.py'}")
    for old, new in (("Capture", "a1"), ("a1", "a2"), ("a2", "a3")):
        replace(repo / TASKS / "PAY-1.yaml", old, new)
        assert watched.event("checked")["ids"] == ["PAY-1"]
    replace(repo / TASKS / "PAY-2.yaml", "Retry", "b1")
    watched.event("checked")
    gate.touch()
    for _ in range(2):
        assert "exit code 3" in watched.event("failed")["message"]
    assert watched.is_silent(0.3)
    runs = [json.loads(line) for line in log.read_text().splitlines()]
    assert [run["ids"] for run in runs] == [["PAY-1"], ["PAY-1", "PAY-2"]]


def test_a_command_that_runs_is_ended_with_the_watch(
    repo: Path, start: Start, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    script = f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    (tmp_path / "slow.py").write_text(script)
    watched = start("--exec", f"{sys.executable} {tmp_path / 'slow.py'}")
    replace(repo / TASKS / "PAY-1.yaml", "Capture", "Take")
    watched.event("checked")
    while not pid.exists() or not pid.read_text():
        assert watched.is_silent(0.02)
    assert watched.stop() == 0
    assert not Path(f"/proc/{pid.read_text()}").exists()


@pytest.mark.slow
def test_it_can_look_by_itself_where_no_system_tells(repo: Path, start: Start) -> None:
    watched = start("--poll")
    replace(repo / TASKS / "PAY-1.yaml", "Capture", "Take")
    assert watched.event("checked")["ids"] == ["PAY-1"]


_LIMIT = "echo 3 > /proc/sys/user/max_inotify_watches"


def _has_limits() -> bool:
    """Return whether a limit can be set that holds for one test alone."""
    if shutil.which("unshare") is None:
        return False
    words = ["unshare", "-Ur", "sh", "-c", _LIMIT]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _has_limits(), reason="no user namespace with a limit of its own here")
def test_where_the_system_gives_no_more_watches_it_looks_by_itself(repo: Path) -> None:
    shell = f'{_LIMIT}; exec "$0" -m orchestrator watch --json'
    words = ["unshare", "-Ur", "sh", "-c", shell, sys.executable]
    watched = Watched(repo, words=words)
    try:
        assert "OS file watch limit reached" in watched.event("failed")["message"]
        watched.event("started")
        replace(repo / TASKS / "PAY-1.yaml", "Capture", "Take")
        assert watched.event("checked")["ids"] == ["PAY-1"]
    finally:
        watched.end()


def test_people_read_lines_as_check_prints_them(repo: Path) -> None:
    watched = Watched(repo)
    try:
        assert watched.line().endswith(" s)")
        replace(repo / TASKS / "PAY-2.yaml", "PAY-1", "PAY-99")
        assert watched.line()[8:] == "  PAY-2 changed"
        place = f"{TASKS}/PAY-2.yaml:4:9: error[ORC202]"
        assert watched.line() == f"{place} The parent PAY-99 does not exist."
        assert watched.line() == "  4 | parent: PAY-99"
        watched.line()
        assert watched.line().startswith("  hint: ")
        assert watched.line() == "1 error in 6 files"
        replace(repo / TASKS / "PAY-2.yaml", "PAY-99", "PAY-1")
        watched.line()
        path = f"{TASKS}/PAY-2.yaml"
        assert watched.line() == f"fixed {path}: ORC202 The parent PAY-99 does not exist."
        assert watched.line() == "no problems in 6 files"
        with (repo / path).open("a") as file:
            file.write("# a comment is no news\n")
        assert watched.is_silent(0.4)
        replace(repo / path, "Retry", "Again")
        assert watched.line()[8:] == "  PAY-2 changed: no problems in 6 files"
        assert watched.stop() == 0
        assert watched.left()[-1].endswith("Stopped.")
    finally:
        watched.end()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--quiet-time", "soon"), "no span of time"),
        (("--rescan", "0.1s"), "less than 1 s"),
        (("--exec", "'open"), "cannot be read"),
        (("--exec", "no-such-program-here"), "there is no program"),
        (("--sync", "--help"), "no name of an integration"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_at_once(
    cli: Cli, options: tuple[str, ...], said: str
) -> None:
    assert said in cli("watch", *options, code=2).stderr


def test_without_git_it_cannot_commit(plan: Path) -> None:
    assert "git init" in Cli(plan)("watch", "--commit", code=1).stderr


def test_without_git_it_watches_and_stamps(tmp_path: Path, start: Start) -> None:
    plan = tmp_path / "elsewhere"
    write(plan, PLAN)
    watched = start("--stamp", folder=plan)
    replace(plan / TASKS / "PAY-1.yaml", "todo", "in_progress")
    watched.event("stamped")
    assert watched.event("checked")["ids"] == ["PAY-1"]
