"""`hooks install`, `uninstall` and `status`: our section, and the hooks of others."""

import json
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orchestrator.store.hooks.install import install, status, uninstall
from orchestrator.store.hooks.section import HOOKS
from orchestrator.store.workspace import find_workspace

if TYPE_CHECKING:
    from tests.hooks.conftest import Repo

TASK = "projects/pay/tasks/PAY-1.yaml"
NO_PROGRAM = {"PATH": "/usr/bin:/bin"}
OTHERS = {
    "plain": "#!/bin/sh\necho others >> ran\n",
    "exits": "#!/usr/bin/env bash\n# ours\necho others >> ran\nexit 0\n",
    "execs": "#!/bin/sh -e\necho others >> ran\nexec true\n",
    "fails": "#!/bin/sh\necho others >> ran\nfalse\n",
    "no shebang": "echo others >> ran\n",
    "no line break at the end": "#!/bin/sh\necho others >> ran; true",
    "not UTF-8": "#!/bin/sh\n# caf\udce9\necho others >> ran\n",
}


@pytest.fixture
def bare(repo: "Repo") -> "Repo":
    """A repository without our hooks, and without git's samples."""
    shutil.rmtree(repo.top / ".git/hooks")
    return repo


def hook_file(repo: "Repo", text: str, name: str = "pre-commit", mode: int = 0o755) -> Path:
    path = repo.top / ".git/hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    path.chmod(mode)
    return path


def states(repo: "Repo") -> dict[str, str]:
    found = status(find_workspace(repo.root, repo.environment))
    return {hook.name: hook.state for hook in found.hooks}


def put_in(repo: "Repo") -> None:
    install(find_workspace(repo.root, repo.environment), sys.executable)


def take_out(repo: "Repo") -> None:
    uninstall(find_workspace(repo.root, repo.environment))


def test_install_makes_runnable_files_once_and_uninstall_leaves_none(bare: "Repo") -> None:
    assert set(states(bare).values()) == {"missing"}
    assert "pre-commit" in bare.orc("hooks", "install").stdout
    folder = bare.top / ".git/hooks"
    assert {path.name for path in folder.iterdir()} == set(HOOKS)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o755 for path in folder.iterdir())
    before = {path.name: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}
    bare.orc("hooks", "install")
    assert before == {p.name: (p.read_bytes(), p.stat().st_ino) for p in folder.iterdir()}
    assert set(states(bare).values()) == {"installed"}
    assert bare.git("config", "--get", "core.hooksPath", may_fail=True).returncode == 1
    bare.orc("hooks", "uninstall")
    assert list(folder.iterdir()) == []
    assert "nothing to remove" in bare.orc("hooks", "uninstall").stdout


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS)
def test_hooks_of_others_run_and_come_back_byte_for_byte(others: str, bare: "Repo") -> None:
    path = hook_file(bare, others)
    before = path.read_bytes()
    put_in(bare)
    put_in(bare)
    assert states(bare)["pre-commit"] == "installed"
    bare.stop()
    assert bare.git("commit", "-a", "-m", "Stop", may_fail=True).returncode == 1
    assert not (bare.top / "ran").exists()
    bare.edit(TASK, "paused", "in_progress")
    code = bare.git("commit", "-a", "-m", "Start", may_fail=True).returncode
    assert code == (1 if "false" in others else 0)
    assert (bare.top / "ran").read_text() == "others\n"
    take_out(bare)
    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("#!/usr/bin/env python3\nprint('others')\n", 0o755, "is no shell script"),
        ("\x7fELF\0\0", 0o755, "is no shell script"),
        ("#!/bin/sh\nexit 1\n", 0o644, "is not executable, so git ignores it"),
    ],
)
def test_a_file_that_cannot_hold_the_section_is_left_alone(
    text: str, mode: int, reason: str, bare: "Repo"
) -> None:
    path = hook_file(bare, text, mode=mode)
    before = path.read_bytes()
    done = bare.orc("hooks", "install", may_fail=True)
    assert done.returncode == 1
    assert f"pre-commit is not installed: {path} {reason}." in done.stderr
    assert 'orchestrator hook pre-commit "$@"' in done.stderr
    assert path.read_bytes() == before
    assert states(bare) == dict.fromkeys(HOOKS, "installed") | {"pre-commit": "blocked"}
    take_out(bare)
    assert path.read_bytes() == before


def test_a_symbolic_link_is_left_alone(bare: "Repo") -> None:
    hook_file(bare, "#!/bin/sh\n", "target")
    (bare.top / ".git/hooks/pre-commit").symlink_to("target")
    done = bare.orc("hooks", "install", may_fail=True)
    assert "is a symbolic link to target" in done.stderr
    assert (bare.top / ".git/hooks/target").read_text() == "#!/bin/sh\n"


DAMAGES: dict[str, Callable[[str], str]] = {
    "no end": lambda text: text.replace("# END orchestrator\n", ""),
    "no begin": lambda text: text.replace("# BEGIN orchestrator v1\n", ""),
    "twice": lambda text: text + text.partition("\n")[2],
    "older": lambda text: text.replace("v1", "v0").replace("-P -m", "-m"),
    "cut": lambda text: text[: text.index("  else")],
    "end twice": lambda text: text + "# END orchestrator\n",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_section_is_mended(damage: Callable[[str], str], bare: "Repo") -> None:
    put_in(bare)
    path = bare.top / ".git/hooks/pre-commit"
    right = path.read_text() + "echo others\n"
    path.write_text(damage(path.read_text()) + "echo others\n")
    assert states(bare)["pre-commit"] == "outdated"
    put_in(bare)
    assert path.read_text() == right
    assert states(bare)["pre-commit"] == "installed"


def test_two_workspaces_share_the_hooks(make: "Callable[..., Repo]") -> None:
    one = make(folder="plan one")
    shutil.copytree(one.root, one.top / "it's two")
    one.git("add", ".")
    one.git("commit", "--no-verify", "-m", "Two")
    two = type(one)(one.top, one.environment, "it's two")
    assert states(two)["pre-commit"] == "missing"
    put_in(two)
    assert states(one)["pre-commit"] == states(two)["pre-commit"] == "installed"
    for repo in (one, two):
        repo.stop()
        assert repo.git("commit", "-a", "-m", "Stop", may_fail=True).returncode == 1
        repo.git("checkout", ".")
    take_out(one)
    assert states(one)["pre-commit"] == "missing"
    assert states(two)["pre-commit"] == "installed"
    one.stop()
    one.git("commit", "-a", "-m", "Nobody looks")
    two.stop()
    assert two.git("commit", "-a", "-m", "Stop", may_fail=True).returncode == 1


def test_a_branch_without_the_plan_is_left_in_peace(make: "Callable[..., Repo]") -> None:
    repo = make(folder="plan")
    repo.git("checkout", "--quiet", "--orphan", "empty")
    repo.git("rm", "-r", "--quiet", "--force", ".")
    (repo.top / "code.txt").write_text("code\n")
    repo.git("add", ".")
    repo.git("commit", "-m", "Code")
    repo.git("checkout", "--quiet", "main")


def test_a_tracked_hooks_folder_gets_no_path_of_this_machine(bare: "Repo") -> None:
    (bare.top / "tools").mkdir()
    bare.git("config", "core.hooksPath", "tools")
    done = bare.orc("hooks", "install")
    assert "That folder is in the work tree" in done.stderr
    assert "orc_python=''" in (bare.top / "tools/pre-commit").read_text()
    assert not (bare.top / ".git/hooks").exists()
    bare.stop()
    assert bare.git("commit", "-a", "-m", "Stop", may_fail=True).returncode == 1
    assert bare.git("config", "--get", "core.hooksPath").stdout == "tools\n"
    take_out(bare)
    assert list((bare.top / "tools").iterdir()) == []


def test_a_hooks_path_that_is_no_folder_is_refused(bare: "Repo") -> None:
    bare.git("config", "core.hooksPath", "/dev/null")
    done = bare.orc("hooks", "install", may_fail=True)
    assert done.returncode == 1
    assert "which is no folder" in done.stderr


def test_without_the_program_on_the_path_the_installing_python_runs(bare: "Repo") -> None:
    put_in(bare)
    # A folder that is named like the package must not be imported in its place.
    bare.write("orchestrator/__main__.py", "raise SystemExit('hijacked')\n")
    bare.stop()
    done = bare.git("commit", "-a", "-m", "Stop", may_fail=True, env=NO_PROGRAM)
    assert done.returncode == 1
    assert "ORC103" in done.stderr


def test_without_any_program_commits_are_refused_and_the_rest_goes_on(bare: "Repo") -> None:
    put_in(bare)
    for path in (bare.top / ".git/hooks").iterdir():
        lines = [
            "orc_python='/gone'" if line.startswith("orc_python=") else line
            for line in path.read_text().splitlines()
        ]
        path.write_text("\n".join(lines) + "\n")
    assert states(bare)["pre-commit"] == "outdated"
    bare.start()
    done = bare.git("commit", "-a", "-m", "Start", may_fail=True, env=NO_PROGRAM)
    assert done.returncode == 1
    assert done.stderr == (
        "orchestrator was not found, so the plan is not checked; "
        "git commit --no-verify skips this.\n"
    )
    bare.git("commit", "-a", "--no-verify", "-m", "Start", env=NO_PROGRAM)
    bare.git("init", "--quiet", "--bare", str(bare.top.parent / "remote"))
    done = bare.git("push", str(bare.top.parent / "remote"), "main", env=NO_PROGRAM)
    assert "orchestrator was not found, so the plan is not checked." in done.stderr
    bare.git("checkout", "--quiet", "-b", "side", "HEAD~1", env=NO_PROGRAM)


def test_a_hook_does_not_run_inside_a_hook(repo: "Repo") -> None:
    repo.stop()
    repo.git("commit", "-a", "-m", "Stop", env={"ORC_IN_HOOK": "1"})
    assert repo.subject == "Stop"


def test_install_in_a_linked_work_tree_is_for_all(bare: "Repo") -> None:
    linked = bare.worktree("linked tree")
    put_in(linked)
    assert set(states(bare).values()) == {"installed"}
    bare.stop()
    assert bare.git("commit", "-a", "-m", "Stop", may_fail=True).returncode == 1


def test_from_git_2_54_the_configuration_names_the_hooks(bare: "Repo") -> None:
    workspace = find_workspace(bare.root, bare.environment)
    new, old = (2, 54, 0), (2, 53)
    path = hook_file(bare, OTHERS["plain"])
    install(workspace, "/some/python", old)
    found = install(workspace, "/some/python", new)
    assert found.is_configured
    assert {hook.state for hook in status(workspace, new).hooks} == {"outdated"}  # no such python
    assert path.read_text() == OTHERS["plain"]
    assert [item.name for item in path.parent.iterdir()] == ["pre-commit"]
    names = bare.git("config", "--get-regexp", r"^hook\..*\.event$").stdout.splitlines()
    assert names == [f"hook.orchestrator-{name}.event {name}" for name in HOOKS]
    command = bare.git("config", "hook.orchestrator-pre-commit.command").stdout.strip()
    bare.stop()
    bare.git("add", ".")
    linked = bare.worktree("linked tree")
    assert bare.run("sh", "-c", command, may_fail=True).returncode == 1
    assert linked.run("sh", "-c", command).returncode == 0
    install(workspace, "/some/python", old)
    assert bare.git("config", "--get-regexp", r"^hook\.", may_fail=True).stdout == ""
    install(workspace, "/some/python", new)
    uninstall(workspace, new)
    assert bare.git("config", "--get-regexp", r"^hook\.", may_fail=True).stdout == ""
    assert not (bare.top / ".git/orchestrator/hooks").exists()
    assert path.read_text() == OTHERS["plain"]


def test_status_tells_people_where_and_what(bare: "Repo") -> None:
    hook_file(bare, OTHERS["plain"])
    put_in(bare)
    found = json.loads(bare.orc("hooks", "status", "--json").stdout)
    assert found["mechanism"] == "files"
    assert found["total"] == len(found["hooks"]) == len(HOOKS)
    assert found["hooks"][0] == {
        "name": "pre-commit",
        "state": "installed",
        "shared": True,
        "reason": None,
        "path": str(bare.top / ".git/hooks/pre-commit"),
    }
    lines = bare.orc("hooks", "status").stdout.splitlines()
    assert lines[0] == f"Folder: {bare.top / '.git/hooks'}"
    assert lines[1].split() == ["pre-commit", "installed", "with", "other", "content"]
    assert lines[2].split() == ["pre-merge-commit", "installed"]
