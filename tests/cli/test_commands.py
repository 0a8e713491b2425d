"""What people type, and what they see."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.cli import COMMANDS
from orchestrator.model.problem import Problem
from orchestrator.store.files import WorkTree
from tests.conftest import PLAN, Program, write

Git = Callable[..., str]
TASK = "projects/pay/tasks/PAY-1.yaml"


def test_set_changes_one_line_and_says_what(program: Program, repo: Path) -> None:
    before = (repo / TASK).read_text()
    done = program(
        "task", "set", "PAY-1", "labels+=web", "labels-=db", "due=2026-12-24", "assignee="
    )
    assert "labels: [api, web]\n" in (repo / TASK).read_text()
    assert "assignee" not in (repo / TASK).read_text()
    assert "PAY-1: labels: api, db → api, web" in done.stderr
    assert before.splitlines()[:4] == (repo / TASK).read_text().splitlines()[:4]


def test_done_and_start_stamp(program: Program, repo: Path) -> None:
    program("task", "start", "PAY-2")
    program("task", "done", "PAY-2", "--commit")
    text = (repo / "projects/pay/tasks/PAY-2.yaml").read_text()
    assert "started_at: 20" in text
    assert "completed_at: 20" in text


def test_a_change_that_brings_a_warning_says_so(program: Program) -> None:
    said = program("task", "done", "PAY-1").stderr
    assert "warning: PAY-1 is completed while PAY-2 under it is open." in said
    assert "warning" not in program("task", "set", "PAY-1", "title=x").stderr


def test_a_commit_says_what_changed_in_words(program: Program, repo: Path, git: Git) -> None:
    program("task", "set", "PAY-1", "assignee=", "--commit")
    assert git(repo, "log", "-1", "--format=%s") == "Unassign PAY-1\n"
    program("task", "set", "PAY-1", "title=x", "-m", "Mine")
    assert git(repo, "log", "-1", "--format=%s") == "Mine\n"
    assert git(repo, "status", "--short") == ""


def test_the_settings_can_ask_for_a_commit_each_time(
    program: Program, repo: Path, git: Git
) -> None:
    (repo / "orchestrator.yaml").write_text("name: Test\ncommit: auto\n")
    git(repo, "commit", "-qam", "auto")
    program("task", "set", "PAY-1", "title=x")
    assert git(repo, "status", "--short") == ""
    program("task", "set", "PAY-1", "title=y", "--no-commit")
    assert git(repo, "status", "--short") == f" M {TASK}\n"


def test_a_commit_without_a_repository_is_refused_before_anything_is_written(plan: Path) -> None:
    before = (plan / TASK).read_text()
    done = Program(plan)("task", "set", "PAY-1", "title=x", "--commit", code=1)
    assert "is in no git repository" in done.stderr
    assert (plan / TASK).read_text() == before


def test_new_makes_a_project_a_user_and_a_task(program: Program, repo: Path) -> None:
    program("project", "new", "ops", "--title", "Operations", "owner=dana")
    program("user", "new", "lee", "--name", "Lee", "kind=agent", "role=agent")
    done = program("task", "new", "Rotate keys", "-p", "ops", "priority=urgent", "description=a\nb")
    task_id = done.stdout.strip()
    assert task_id.startswith("OPS-")
    assert len(task_id) == 8
    assert (
        "description: |-\n  a\n  b\n" in (repo / f"projects/ops/tasks/{task_id}.yaml").read_text()
    )
    program("check")


@pytest.mark.parametrize(
    ("arguments", "says", "hint"),
    [
        (["task", "show", "PAY-11"], "There is no task PAY-11", "Did you mean PAY-1"),
        (["task", "set", "PAY-1", "colour=red"], "no field colour", ""),
        (["task", "set", "PAY-1", "asignee=dana"], "no field asignee", "assignee"),
        (["task", "set", "PAY-1", "status=done"], "'done' is not one of", "completed"),
        (["task", "set", "PAY-1", "estimate=soon"], "'soon' is not a duration", "1h30m"),
        (["task", "set", "PAY-1", "labels-=web"], "does not have web", ""),
        (["task", "set", "PAY-1", "title+=x"], "title is no list", "title=x"),
        (["task", "set", "PAY-1", "parent=PAY-2"], "PAY-1 → PAY-2 → PAY-1", ""),
        (["task", "set", "PAY-1", "id=PAY-9"], "An id is not a field", "task rename OLD PAY-9"),
        (["task", "new", "x", "-p", "nope"], "There is no project nope", "project new nope"),
        (["task", "new", "x", "--id", "PAY-1"], "The id PAY-1 is taken", ""),
        (["task", "new", "x", "--id", "pay 1"], "'pay 1' is not an id", "PAY-7K3F"),
        (["project", "new", "My Shop"], "'My Shop' is not an id", "my-shop"),
        (["task", "set", "PAY-1", "title="], "title cannot be cleared", ""),
        (["project", "new", "ops", "--key", "PAY"], "The key PAY belongs to pay", "--key"),
        (["explain", "ORC999"], "There is no rule ORC999", ""),
        (["check", "--rev", "nope"], "'nope' names no commit", ""),
        (["check", "--rev", "--help"], "'--help' names no commit", ""),
        (["patch", "apply", "nowhere.json"], "nowhere.json cannot be read", ""),
        (["patch", "show", "nope"], "'nope' names no commit", ""),
    ],
)
def test_a_refusal_is_one_sentence_with_a_hint(
    program: Program, repo: Path, git: Git, arguments: list[str], says: str, hint: str
) -> None:
    done = program(*arguments, code=1)
    assert says in done.stderr
    assert hint in done.stderr
    assert done.stderr.startswith("error: ")
    assert git(repo, "status", "--short") == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tsk"], "Did you mean task ?"),
        (["task", "lst"], "Did you mean list ?"),
        (["check", "--staged", "--rev", "HEAD"], "Choose one of"),
        (["check", "--range", "HEAD"], "A range is A..B"),
        (["check", "--fix", "--staged"], "--fix mends the work tree"),
        (["check", "/etc"], "is not in the workspace"),
        (["check", "--format", "xml"], "'xml' is not one of"),
        (["-C", "/nowhere", "check"], "does not exist"),
        (["task", "set", "PAY-1"], "Missing argument"),
        (["task", "set", "PAY-1", "nonsense"], "'nonsense' is not field=value. Write status="),
    ],
)
def test_wrong_usage_exits_with_2(program: Program, arguments: list[str], says: str) -> None:
    assert says in program(*arguments, code=2).stderr


def test_a_folder_that_is_no_workspace_is_told_what_to_do(tmp_path: Path) -> None:
    done = Program(tmp_path)("check", code=1)
    assert "is in no workspace" in done.stderr
    assert "orchestrator init" in done.stderr


def test_a_bare_repository_is_told_what_to_do(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "x.git")
    done = Program(tmp_path / "x.git")("task", "list", code=1)
    assert "bare git repository" in done.stderr


def test_no_commits_yet_is_said(plan: Path, git: Git) -> None:
    git(plan, "init", "--quiet")
    program = Program(plan)
    program("check")
    assert "names no commit" in program("check", "--rev", "HEAD", code=1).stderr
    patch = '[{"op": "replace", "path": "/tasks/PAY-1/title", "value": "x"}]'
    done = program("patch", "apply", "-", "--branch", "b", stdin=patch, code=1)
    assert "no commits yet" in done.stderr


def test_a_detached_head_is_no_hindrance(program: Program, repo: Path, git: Git) -> None:
    git(repo, "checkout", "--quiet", "--detach")
    program("check", "--rev", "HEAD")
    program("task", "set", "PAY-1", "title=x", "--commit")
    assert git(repo, "log", "-1", "--format=%s") == "Set title of PAY-1 to x\n"


def test_without_git_a_plan_can_still_be_read_and_edited(
    plan: Path, monkeypatch: pytest.MonkeyPatch, git: Git
) -> None:
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", "")
    for arguments in (["check"], ["task", "list"], ["task", "set", "PAY-1", "title=x"]):
        Program(plan)(*arguments)
    monkeypatch.setenv("PATH", path)
    git(plan, "init", "--quiet")
    monkeypatch.setenv("PATH", "")
    done = Program(plan)("check", "--staged", code=1)
    assert done.stderr.startswith("error: git was not found.\nhint: ")


def test_a_plan_with_a_name_that_is_not_utf8_is_told_so(program: Program, repo: Path) -> None:
    folder = os.fsencode(repo / "projects/pay/tasks")
    with open(os.path.join(folder, b"PAY-\xff.yaml"), "wb") as file:  # noqa: PTH118, PTH123
        file.write(b"id: PAY-9\ntitle: x\nstatus: todo\n")
    done = program("check", code=1)
    assert "ORC006" in done.stdout
    assert "not UTF-8" in done.stdout


def test_control_characters_from_a_file_do_not_reach_the_terminal(
    program: Program, repo: Path
) -> None:
    write(repo, {TASK: 'id: PAY-1\ntitle: "a\\e[31mred"\nstatus: todo\n'})
    for arguments in (["task", "show", "PAY-1"], ["task", "list"], ["tree"]):
        assert "\x1b" not in program(*arguments).stdout


def test_help_names_every_command_and_is_the_commands_own(program: Program) -> None:
    listed = program("--help").stdout
    for name, (_, text) in COMMANDS.items():
        assert f"  {name} " in listed
        own = program(name, "--help").stdout
        assert text.rstrip(".").split(",")[0] in " ".join(own.split())


def test_version_is_told_by_both_spellings(program: Program) -> None:
    assert program("--version").stdout == program("-V").stdout
    assert program("--version").stdout.startswith("orchestrator 0.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_both_names(program: Program, shell: str) -> None:
    script = program("completion", shell).stdout
    assert "_ORCHESTRATOR_COMPLETE" in script
    assert "_ORC_COMPLETE" in script


def test_completion_offers_commands(repo: Path) -> None:
    environment = {
        **os.environ, "_ORCHESTRATOR_COMPLETE": "bash_complete",
        "COMP_WORDS": "orchestrator ta", "COMP_CWORD": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator"],
        cwd=repo, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "task" in done.stdout


def test_a_terminal_gets_a_table_and_a_pipe_does_not(program: Program, repo: Path) -> None:
    assert "─" not in program("task", "list").stdout
    environment = {**os.environ, "TERM": "xterm"}
    environment.pop("NO_COLOR")
    primary, secondary = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "orchestrator", "task", "list"],
        cwd=repo, env=environment, stdout=secondary, stderr=secondary,
    ) as process:  # fmt: skip
        process.wait()
    os.close(secondary)
    seen = os.read(primary, 100_000).decode()
    os.close(primary)
    assert "─" in seen
    assert "\x1b[" in seen


def test_an_unreadable_file_is_named_when_a_list_leaves_it_out(
    program: Program, repo: Path
) -> None:
    write(repo, {"projects/pay/tasks/PAY-9.yaml": "id: [\n"})
    done = program("task", "list")
    assert "PAY-9" not in done.stdout
    assert "PAY-9" in done.stderr


def test_check_of_paths_tells_only_their_problems(program: Program, repo: Path) -> None:
    write(repo, {"projects/pay/tasks/PAY-8.yaml": "id: PAY-8\n", "users/x.yaml": "id: x\n"})
    assert "PAY-8" not in program("check", "users", code=1).stdout
    program("check", TASK)
    assert "PAY-8" in program("check", ".", code=1).stdout


def test_fix_mends_what_can_be_mended(program: Program, repo: Path) -> None:
    write(
        repo, {"projects/pay/tasks/PAY-3.yaml": "id: PAY-3\ntitle: x\nstatus: completed  # yes\n"}
    )
    assert "ORC301" in program("check", code=1).stdout
    done = program("check", "--fix")
    assert "Mended 1 problem." in done.stderr
    text = (repo / "projects/pay/tasks/PAY-3.yaml").read_text()
    assert text.startswith("id: PAY-3\ntitle: x\nstatus: completed  # yes\ncompleted_at: 20")


def test_staged_revision_and_range_are_checked_apart_from_the_work_tree(
    program: Program, repo: Path, git: Git
) -> None:
    bad = PLAN[TASK] + "parent: PAY-2\n"
    write(repo, {TASK: bad})
    program("check", code=1)
    program("check", "--staged")
    git(repo, "add", ".")
    program("check", "--staged", code=1)
    program("check", "--rev", "HEAD")
    git(repo, "commit", "-qm", "bad")
    program("check", "--rev", "HEAD", code=1)
    program("check", "--rev", "HEAD~1")
    program("check", "--range", "HEAD~1..HEAD", code=1)


def test_a_range_is_checked_as_merged(program: Program, repo: Path, git: Git) -> None:
    """Each side is right; only their merge closes a cycle."""
    git(repo, "branch", "side")
    write(repo, {"projects/pay/tasks/PAY-1.yaml": PLAN[TASK] + "dependencies: [PAY-3]\n"})
    git(repo, "commit", "-qam", "ours")
    git(repo, "checkout", "-q", "side")
    third = PLAN["projects/pay/tasks/PAY-3.yaml"].replace("PAY-2", "PAY-1")
    write(repo, {"projects/pay/tasks/PAY-3.yaml": third})
    git(repo, "commit", "-qam", "theirs")
    program("check", "--rev", "main")
    program("check", "--rev", "side")
    done = program("check", "--range", "main..side", code=1)
    assert "ORC207" in done.stdout
    assert "PAY-1 → PAY-3 → PAY-1" in done.stdout


def test_a_range_in_conflict_names_the_markers(program: Program, repo: Path, git: Git) -> None:
    git(repo, "branch", "side")
    write(repo, {TASK: PLAN[TASK].replace("high", "low")})
    git(repo, "commit", "-qam", "ours")
    git(repo, "checkout", "-q", "side")
    write(repo, {TASK: PLAN[TASK].replace("high", "urgent")})
    git(repo, "commit", "-qam", "theirs")
    done = program("check", "--range", "main..side", code=1)
    assert "ORC001" in done.stdout
    assert "conflict" in done.stdout


def test_a_patch_is_shown_applied_and_refused(program: Program, repo: Path, git: Git) -> None:
    op = "{op: replace, path: /tasks/PAY-1/priority, value: urgent}"
    write(repo.parent, {"p.yaml": f"title: Raise\nops:\n  - {op}\n"})
    shown = program("patch", "show", "../p.yaml").stdout
    assert "PAY-1: priority: high → urgent" in shown
    assert git(repo, "status", "--short") == ""
    program("patch", "apply", "../p.yaml", "--dry-run")
    assert git(repo, "status", "--short") == ""
    program("patch", "apply", "../p.yaml")
    assert "priority: urgent\n" in (repo / TASK).read_text()
    for bad, says in (
        ("[", "not JSON"),
        ("{}", "ops"),
        ("3", "neither"),
        ('[{"op": "replace", "path": "/tasks/PAY-1/title"}]', "needs a value"),
        ('[{"op": "jump", "path": "/tasks/PAY-1"}]', "op"),
        ('[{"op": "add", "path": "tasks", "value": 1}]', "path"),
        ("[" * 100_000, "not JSON"),
    ):
        assert says in program("patch", "apply", "-", stdin=bad, code=1).stderr


def test_fmt_gives_the_canonical_form_and_says_which_files(program: Program, repo: Path) -> None:
    write(repo, {TASK: "# top\r\nstatus: 'todo'\r\ntitle: \"x\" # t\r\nid: PAY-1\r\n"})
    assert program("fmt", "--check", code=1).stdout == f"{TASK}\n"
    assert "\r" in (repo / TASK).read_bytes().decode()
    assert "+status: todo" in program("fmt", "--diff", TASK).stdout
    program("fmt", TASK)
    text = (repo / TASK).read_bytes().decode()
    assert "\r" not in text
    assert text.index("id:") < text.index("title:") < text.index("status:")
    assert "# t" in text
    assert program("fmt", TASK).stdout == ""
    program("check", TASK)


def test_doctor_says_what_would_help(program: Program) -> None:
    said = program("doctor").stdout
    assert "git" in said
    assert "orchestrator hooks install" in said


def test_a_path_that_does_not_exist_is_wrong_usage(program: Program) -> None:
    assert "There is no projects/typo ." in program("check", "projects/typo", code=2).stderr
    assert "There is no" in program("check", "--rev", "HEAD", "projects/typo", code=2).stderr
    program("check", "--rev", "HEAD", "projects/pay")


def test_fix_leaves_files_outside_its_paths_alone(program: Program, repo: Path) -> None:
    path = "projects/pay/tasks/PAY-3.yaml"
    write(repo, {path: "id: PAY-3\ntitle: x\nstatus: completed\n"})
    program("check", "--fix", "users")
    assert "completed_at" not in (repo / path).read_text()


def test_a_commit_in_the_middle_of_a_merge_is_refused_before_anything_is_written(
    program: Program, repo: Path, git: Git
) -> None:
    (repo / ".git/MERGE_HEAD").write_text(git(repo, "rev-parse", "HEAD"))
    done = program("task", "set", "PAY-1", "title=x", "--commit", code=1)
    assert "is not finished" in done.stderr
    assert git(repo, "status", "--short") == ""


def test_a_hook_that_refuses_a_commit_is_told_with_the_way_out(
    program: Program, repo: Path
) -> None:
    hook = repo / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    done = program("task", "set", "PAY-1", "title=x", "--commit", code=1)
    assert "not today" in done.stderr
    assert f"git restore --staged --worktree {TASK}" in done.stderr


def test_parallel_commits_do_not_stumble_over_each_other(repo: Path, git: Git) -> None:
    tasks = ["PAY-1", "PAY-2", "PAY-3"]
    program = [sys.executable, "-m", "orchestrator", "task", "set"]
    running = [
        subprocess.Popen([*program, task, f"title=t{n}", "--commit"], cwd=repo)
        for n, task in enumerate(tasks)
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert git(repo, "rev-list", "--count", "HEAD") == "4\n"
    assert git(repo, "status", "--short") == ""


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ('[{"op":"add","op":"remove","path":"/tasks/PAY-1"}]', "stands twice"),
        ('[{"op":"remove","path":"/tasks/PAY-1/labels/²"}]', "labels/²"),
        ('{"base":"\\u0000","ops":[]}', "names no commit"),
        ('[{"op":"replace","path":"/tasks/PAY-1/due_date","value":"2026-01-01"}]', "Use add"),
    ],
)
def test_a_strange_patch_is_refused_in_one_sentence(
    program: Program, patch: str, says: str
) -> None:
    assert says in program("patch", "apply", "-", stdin=patch, code=1).stderr


def test_a_very_long_word_is_no_commit(program: Program) -> None:
    assert "names no commit" in program("patch", "show", "x" * 5000, code=1).stderr


def test_the_patch_of_a_commit_that_mends_a_file_does_not_call_it_new(
    program: Program, repo: Path, git: Git
) -> None:
    write(repo, {TASK: "id: [\n"})
    git(repo, "commit", "-qam", "break")
    assert "Remove" not in program("patch", "show", "HEAD").stdout
    write(repo, {TASK: PLAN[TASK]})
    git(repo, "commit", "-qam", "mend")
    assert "Add" not in program("patch", "show", "HEAD").stdout


def test_a_folder_that_cannot_be_listed_is_a_problem(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def refuses(path: str) -> object:
        if str(path).endswith("pay/tasks"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuses)
    [problem] = [item for item in WorkTree(repo).listing() if isinstance(item, Problem)]
    assert (problem.code, problem.path) == ("ORC006", "projects/pay/tasks")
