"""The verbs as people type them: what is said, what is asked, what is written."""

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.patch.ops import Patch
from orchestrator.store.workspace import Workspace
from orchestrator.verbs.assign import read_assignments
from orchestrator.verbs.change import set_all
from orchestrator.verbs.link import link
from orchestrator.verbs.move import move
from orchestrator.verbs.rename import rename_task
from orchestrator.verbs.status import act
from tests.conftest import NOW, Cli, write

Git = Callable[..., str]
TASKS = "projects/pay/tasks"


def texts(root: Path) -> dict[str, str]:
    """Return each file of a plan."""
    return {
        str(path.relative_to(root)): path.read_text()
        for path in sorted(root.glob("projects/**/*.yaml"))
    }


def test_a_task_is_done_and_it_says_what_that_means(cli: Cli) -> None:
    done = cli("task", "done", "PAY-2")
    assert done.stdout == ""
    assert "PAY-2: status: todo → completed" in done.stderr
    assert "PAY-3 can start now: Refund" in done.stderr
    assert "The one task under PAY-1 is done: orchestrator task done PAY-1" in done.stderr
    assert cli("task", "done", "PAY-2").stderr == (
        "PAY-2 is completed already.\nNothing to change.\n"
    )
    cli("task", "start", "PAY-3")
    again = cli("task", "reopen", "PAY-2").stderr
    assert again.count("PAY-3") == 1  # the warning of check says no more
    assert "PAY-3 , which depends on PAY-2 , was started already." in again
    cli("check")


def test_a_task_is_blocked_on_another_and_cancelled(cli: Cli, repo: Path) -> None:
    cli("task", "block", "PAY-1", "--on", "PAY-3")
    text = (repo / TASKS / "PAY-1.yaml").read_text()
    assert text == (
        "id: PAY-1\ntitle: Capture  # the first\nstatus: blocked\npriority: high\nassignee: dana\n"
        "labels: [api, db]\ndependencies:\n  - PAY-3\n"
    )
    assert "PAY-2 under PAY-1 is still open." in cli("task", "cancel", "PAY-1").stderr


def test_a_move_takes_files_along_and_keeps_their_text(cli: Cli, repo: Path, git: Git) -> None:
    before = (repo / TASKS / "PAY-1.yaml").read_text()
    cli("project", "new", "ops")
    done = cli("task", "move", "PAY-1", "--to", "ops", "--commit")
    assert "PAY-2: project: pay → ops" in done.stderr
    assert (repo / "projects/ops/tasks/PAY-1.yaml").read_text() == before
    assert (repo / "projects/ops/tasks/PAY-2.yaml").exists()
    assert git(repo, "log", "-1", "--format=%s") == "Move 2 tasks: PAY-1, PAY-2\n"
    cli("task", "move", "PAY-1", "--to", "pay")
    assert "Nothing to change." in cli("task", "move", "PAY-1", "--root").stderr
    assert "Say where to" in cli("task", "move", "PAY-1", code=2).stderr
    cli("check")


def test_a_rename_says_so(cli: Cli, repo: Path, git: Git) -> None:
    done = cli("task", "rename", "PAY-2", "PAY-77", "--commit")
    assert done.stderr.splitlines()[:2] == [
        "Rename PAY-2 to PAY-77",
        "PAY-3: dependencies: PAY-2 → PAY-77",
    ]
    assert git(repo, "log", "-1", "--format=%s") == "Rename PAY-2 to PAY-77\n"
    assert (repo / TASKS / "PAY-3.yaml").read_text().endswith("dependencies:\n  - PAY-77\n")


def test_me_and_nobody(cli: Cli, repo: Path) -> None:
    cli("task", "assign", "me", "PAY-2", "PAY-3")
    assert "assignee: dana\n" in (repo / TASKS / "PAY-3.yaml").read_text()
    cli("task", "assign", "nobody", "PAY-3")
    assert "assignee" not in (repo / TASKS / "PAY-3.yaml").read_text()
    cli("task", "set", "PAY-3", "assignee=me")
    assert "assignee: dana\n" in (repo / TASKS / "PAY-3.yaml").read_text()
    assert "the user comes first" in cli("task", "assign", "PAY-1", "dana", code=1).stderr


def test_nobody_is_me_without_an_e_mail(cli: Cli, repo: Path) -> None:
    (repo / "users/dana.yaml").write_text("id: dana\nname: Dana Ionescu\n")
    assert "Nobody knows who me is" in cli("task", "assign", "me", "PAY-2", code=1).stderr


def test_labels_and_links(cli: Cli, repo: Path) -> None:
    cli("task", "label", "PAY-1", "PAY-2", "--add", "web,app", "--remove", "db")
    assert "labels: [api, web, app]\n" in (repo / TASKS / "PAY-1.yaml").read_text()
    cli("task", "link", "PAY-3", "--on", "PAY-1")
    assert "  - PAY-2\n  - PAY-1\n" in (repo / TASKS / "PAY-3.yaml").read_text()
    assert "PAY-1 → PAY-3 → PAY-1" in cli("task", "link", "PAY-1", "--on", "PAY-3", code=1).stderr
    cli("task", "unlink", "PAY-3", "--all")
    assert "dependencies" not in (repo / TASKS / "PAY-3.yaml").read_text()
    assert "Say which" in cli("task", "label", "PAY-1", code=2).stderr


def test_what_a_filter_chose_is_shown_and_refused_where_nobody_can_be_asked(
    cli: Cli, repo: Path, git: Git
) -> None:
    shown = cli("task", "set", "--where", "status=todo label=db", "priority=low", code=1)
    assert shown.stderr == (
        "PAY-1: priority: high → low\n"
        "error: 1 task would be changed and nobody can be asked.\n"
        "hint: --yes changes them without asking.\n"
    )
    dry = cli("task", "set", "--where", "open", "priority=low", "--dry-run").stderr
    assert dry.endswith("Nothing was written (--dry-run).\n")
    assert git(repo, "status", "--short") == ""
    cli("task", "set", "--where", "open", "priority=low", "--yes")
    assert len(git(repo, "status", "--short").splitlines()) == 3
    none = cli("task", "done", "--where", "closed").stderr
    assert none == "No task fits.\nNothing to change.\n"
    for empty in (("--where", " "), ("--where", "open", "--filter", "")):
        assert "is empty" in cli("task", "rm", *empty, "--yes", "--force", code=2).stderr
    cli("task", "done", "--where", "label=db", "-y")


def test_a_person_is_asked(repo: Path) -> None:
    for answer, code, priority in (("n", 1, "high"), ("y", 0, "low")):
        ours, theirs = pty.openpty()
        done = subprocess.Popen(
            [sys.executable, "-m", "orchestrator", "task", "set", "--where", "label=db",
             "priority=low"],
            cwd=repo, stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.write(ours, f"{answer}\n".encode())
        assert done.wait() == code
        os.close(theirs)
        said = os.read(ours, 4096).decode()
        os.close(ours)
        assert "Change 1 task? [y/N]" in said
        assert said.count("PAY-1: priority") == 1
        assert f"priority: {priority}\n" in (repo / TASKS / "PAY-1.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["task", "set", "--where", "open", "PAY-1", "priority=low"], "not both"),
        (["task", "set", "--where", "opn", "priority=low"], "Did you mean open ?"),
        (["task", "set", "--where", "open"], "Missing argument 'FIELD=VALUE...'"),
        (["task", "set", "PAY-1", "status=todo", "nonsense"], "'nonsense' is not field=value"),
        (["task", "done"], "Missing argument"),
        (["task", "move", "PAY-1", "--root", "--under", "PAY-3"], "Choose one of"),
        (["task", "link", "PAY-1"], "Missing option '--on'"),
        (["task", "unlink", "PAY-1"], "--on ID, or --all"),
        (["project", "set", "pay", "nonsense"], "'nonsense' is not field=value"),
        (["user", "new", "lee", "nonsense"], "'nonsense' is not field=value"),
        (["task", "new", "x", "nonsense"], "'nonsense' is not field=value"),
    ],
)
def test_wrong_usage_exits_with_2_and_changes_nothing(
    cli: Cli, repo: Path, git: Git, arguments: list[str], says: str
) -> None:
    assert says in cli(*arguments, code=2).stderr
    assert git(repo, "status", "--short") == ""


@pytest.mark.parametrize(
    ("arguments", "says", "hint"),
    [
        (["task", "start", "PAY-8"], "There is no task PAY-8 .", "PAY-"),
        (["task", "move", "PAY-1", "--under", "PAY-2"], "which is below it", "--root"),
        (["task", "move", "PAY-1", "--to", "ops"], "There is no project ops .", "project new ops"),
        (["task", "rename", "PAY-1", "pay-9"], "'pay-9' is not an id.", "PAY-9"),
        (["task", "assign", "dan", "PAY-1"], "There is no user dan .", "dana"),
        (["task", "set", "PAY-1", "due=2026-01-01", "start=2026-02-01"], "2026-02-01", "Set both"),
        (["task", "set", "PAY-1", "estimate=-5"], "'-5' is not a duration.", "1h30m"),
        (["task", "new", "x", "--template", "nope"], "There is no template 'nope'.", "feature"),
    ],
)
def test_a_refusal_is_one_sentence_and_nothing_is_written(
    cli: Cli, repo: Path, git: Git, arguments: list[str], says: str, hint: str
) -> None:
    error, hinted = cli(*arguments, code=1).stderr.splitlines()
    assert error.startswith("error: ")
    assert says in error
    assert hint in hinted
    assert git(repo, "status", "--short") == ""


def test_set_names_several_and_keeps_order(cli: Cli, repo: Path) -> None:
    cli("task", "set", "PAY-1", "PAY-2", "due=2026-12-24", "labels+=x")
    for name in ("PAY-1", "PAY-2"):
        assert "due_date: 2026-12-24\n" in (repo / TASKS / f"{name}.yaml").read_text()
    assert cli("task", "set", "PAY-1", "PAY-8", "priority=low", code=1).stderr.startswith("error:")
    cli("project", "set", "pay", "owner=me")
    assert "owner: dana\n" in (repo / "projects/pay/project.yaml").read_text()


def test_a_template_makes_a_small_tree(cli: Cli, repo: Path) -> None:
    write(
        repo,
        {"templates/release.yaml": "tasks: [{title: 'Test {title}'}]\nlabels: [r]\nassignee: me\n"},
    )
    done = cli("task", "new", "v2", "parent=PAY-2", "-t", "release", "labels+=x", "--json")
    made = json.loads(done.stdout)
    assert (made["labels"], made["derived"]["depth"]) == (["r", "x"], 2)
    assert made["assignee"] == "dana"
    assert ": Test v2\n" in done.stderr
    listed = json.loads(cli("task", "templates", "--json").stdout)
    assert (listed["total"], [row["name"] for row in listed["templates"]]) == (
        2,
        ["feature", "release"],
    )
    said = cli("task", "new", "Deeper", "parent=PAY-2").stderr
    assert "is at depth 2, under PAY-2 ." in said
    cli("check")


def test_a_verb_through_the_command_a_patch_and_python_gives_the_same_tree(
    repo: Path, tmp_path: Path
) -> None:
    snapshot = Workspace(repo, dict(os.environ)).snapshot()
    cases: list[tuple[list[str], Patch]] = [
        (["task", "move", "PAY-2", "--root"], move(snapshot, ["PAY-2"], is_root=True)),
        (["task", "rename", "PAY-1", "PAY-9"], rename_task(snapshot, "PAY-1", "PAY-9")),
        (["task", "link", "PAY-3", "--on", "PAY-1"], link(snapshot, "PAY-3", ["PAY-1"])),
        (["task", "block", "PAY-3"], act(snapshot, "block", ["PAY-3"], NOW)),
        (
            ["task", "set", "PAY-1", "labels+=x", "tests.unit+=it stops", "estimate=2d"],
            set_all(snapshot, "tasks", ["PAY-1"], read_assignments(
                "tasks", ["labels+=x", "tests.unit+=it stops", "estimate=2d"]), NOW),
        ),
    ]  # fmt: skip
    for arguments, patch in cases:
        roots = []
        for way in ("command", "patch", "python"):
            root = tmp_path / f"{arguments[1]}-{way}"
            shutil.copytree(repo, root)
            roots.append(root)
        Cli(roots[0])(*arguments)
        Cli(roots[1])("patch", "apply", "-", stdin=json.dumps(patch.ops))
        Workspace(roots[2], dict(os.environ)).apply(patch, NOW)
        trees = [texts(root) for root in roots]
        assert trees[0] == trees[1] == trees[2] != texts(repo)


def test_what_contradicts_itself_is_a_wrong_call(cli: Cli, repo: Path, git: Git) -> None:
    both = cli("task", "label", "PAY-1", "-a", "x,y", "-r", "y", code=2)
    assert "Add y or remove it, not both." in both.stderr
    two = cli("task", "new", "x", "-p", "pay", "project=shop", code=2)
    assert "Which project: pay or shop ?" in two.stderr
    assert git(repo, "status", "--short") == ""
    cli("task", "new", "  Spaces round it ", "-p", "pay", "project=pay", "--id", "PAY-50")
    assert "title: Spaces round it\n" in (repo / TASKS / "PAY-50.yaml").read_text()


def test_me_can_be_set_and_is_no_id(cli: Cli, repo: Path) -> None:
    cli("user", "set", "me", "role=admin")
    assert "role: admin\n" in (repo / "users/dana.yaml").read_text()
    for word in ("me", "nobody"):
        assert f"{word} is no id for a user" in cli("user", "new", word, code=1).stderr


def test_a_template_that_cannot_be_used_is_not_left_out_silently(cli: Cli, repo: Path) -> None:
    write(repo, {"templates/bad.yaml": "colour: red\n", "templates/good.yaml": "labels: [r]\n"})
    done = cli("task", "templates")
    assert "good" in done.stdout
    warning = "warning: templates/bad.yaml cannot be used; see orchestrator check\n"
    assert done.stderr == warning


def test_a_commit_after_a_move_that_was_not_committed_holds_the_task_once(
    cli: Cli, git: Callable[..., str]
) -> None:
    cli("project", "new", "ops", "--key", "OPS", "--commit")
    cli("task", "move", "PAY-3", "--to", "ops")
    cli("task", "set", "PAY-3", "priority=low", "--commit")
    committed = git(cli.folder, "ls-tree", "-r", "--name-only", "HEAD")
    assert [path for path in committed.splitlines() if "PAY-3" in path] == [
        "projects/ops/tasks/PAY-3.yaml"
    ]
