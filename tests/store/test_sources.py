"""Reading a plan from the work tree, the index and commits: the same answer, bad paths named."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from orchestrator.store.files import Entry, WorkTree
from orchestrator.store.git import (
    GitFailedError,
    GitMissingError,
    UnknownRevisionError,
    clean_environment,
    open_git,
)
from orchestrator.store.load import check_source, load
from orchestrator.store.workspace import Workspace
from tests.conftest import PLAN, write

Git = Callable[..., str]


def test_work_tree_index_and_commit_give_the_same_plan(workspace: Workspace) -> None:
    plans = [
        load(source).snapshot.virtual_document()
        for source in (workspace.files, workspace.staged(), workspace.at("HEAD"))
    ]
    assert plans[0] == plans[1] == plans[2]
    assert set(plans[0]["tasks"]) == {"PAY-1", "PAY-2", "PAY-3"}


def test_the_index_is_read_and_not_the_file(workspace: Workspace, git: Git) -> None:
    write(workspace.root, {"projects/pay/tasks/PAY-1.yaml": "id: PAY-1\ntitle: b\nstatus: todo\n"})
    git(workspace.root, "add", ".")
    write(workspace.root, {"projects/pay/tasks/PAY-1.yaml": "id: [\n"})
    assert load(workspace.staged()).snapshot.tasks["PAY-1"]["title"] == "b"
    assert load(workspace.files).snapshot.unreadable == {("tasks", "PAY-1")}


def test_a_workspace_in_a_sub_folder_sees_only_itself(tmp_path: Path, git: Git) -> None:
    write(tmp_path, {f"a plan/{path}": text for path, text in PLAN.items()})
    write(tmp_path, {"projects/other/tasks/X-1.yaml": "id: X-1\n"})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "x")
    workspace = Workspace(tmp_path / "a plan", dict(os.environ))
    for source in (workspace.staged(), workspace.at("HEAD"), workspace.files):
        assert set(load(source).snapshot.tasks) == {"PAY-1", "PAY-2", "PAY-3"}


def test_names_with_spaces_quotes_and_unicode_survive(tmp_path: Path, git: Git) -> None:
    root = tmp_path / 'a "b" ü\n'
    write(root, PLAN)
    git(root, "init", "--quiet")
    git(root, "add", ".")
    workspace = Workspace(root, dict(os.environ))
    assert len(load(workspace.staged()).snapshot.tasks) == 3


BAD_PATHS: list[tuple[str, Callable[[Path], object], str, str]] = [
    (
        "a symbolic link to a task",
        lambda root: (root / "projects/pay/tasks/PAY-9.yaml").symlink_to("PAY-1.yaml"),
        "ORC006", "projects/pay/tasks/PAY-9.yaml",
    ),
    (
        "a symbolic link to a project",
        lambda root: (root / "projects/ops").symlink_to("pay"),
        "ORC006", "projects/ops",
    ),
    (
        "a device name",
        lambda root: (root / "users/con.yaml").write_text("id: con\nname: x\n"),
        "ORC006", "users/con.yaml",
    ),
    (
        "a colon in a name",
        lambda root: (root / "projects/pay/tasks/PAY:1.yaml").write_text("id: PAY-9\n"),
        "ORC006", "projects/pay/tasks/PAY:1.yaml",
    ),
    (
        "names that differ in case",
        lambda root: (root / "projects/pay/tasks/pay-1.yaml").write_text("id: PAY-7\n"),
        "ORC006", "projects/pay/tasks/pay-1.yaml",
    ),
    (
        "another ending",
        lambda root: (root / "projects/pay/tasks/PAY-9.yml").write_text("id: PAY-9\n"),
        "ORC105", "projects/pay/tasks/PAY-9.yml",
    ),
    (
        "a task beside the project",
        lambda root: (root / "projects/pay/PAY-9.yaml").write_text("id: PAY-9\n"),
        "ORC105", "projects/pay/PAY-9.yaml",
    ),
    (
        "a folder in tasks",
        lambda root: write(root, {"projects/pay/tasks/more/PAY-9.yaml": "id: PAY-9\n"}),
        "ORC105", "projects/pay/tasks/more",
    ),
    (
        "a file of another name",
        lambda root: (root / "projects/pay/tasks/PAY-9.yaml").write_text(
            "id: PAY-8\ntitle: x\nstatus: todo\n"
        ),
        "ORC104", "projects/pay/tasks/PAY-9.yaml",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "code", "path"),
    [case[1:] for case in BAD_PATHS],
    ids=[case[0] for case in BAD_PATHS],
)
def test_a_bad_path_is_named_in_work_tree_index_and_commit(
    workspace: Workspace, now: datetime, git: Git,
    make: Callable[[Path], object], code: str, path: str,
) -> None:  # fmt: skip
    make(workspace.root)
    git(workspace.root, "add", ".")
    git(workspace.root, "commit", "--quiet", "-m", "bad")
    for source in (workspace.files, workspace.staged(), workspace.at("HEAD")):
        report = check_source(source, now)
        found = [problem for problem in report.problems if problem.code == code]
        assert [p for p in found if p.path == path or p.path.startswith(f"{path}/")], (
            report.problems
        )
        assert len(load(source).snapshot.tasks) >= 3


def test_an_executable_file_and_a_submodule_are_named_where_git_has_them(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    git(workspace.root, "update-index", "--chmod=+x", "projects/pay/tasks/PAY-1.yaml")
    head = git(workspace.root, "rev-parse", "HEAD").strip()
    git(workspace.root, "update-index", "--add", "--cacheinfo", f"160000,{head},users/sub.yaml")
    found = check_source(workspace.staged(), now).problems
    assert [(p.code, p.path) for p in found if p.code == "ORC006"] == [
        ("ORC006", "projects/pay/tasks/PAY-1.yaml"),
        ("ORC006", "users/sub.yaml"),
    ]


def test_dotfiles_backups_and_notes_are_nobodys_business(
    workspace: Workspace, now: datetime
) -> None:
    write(
        workspace.root,
        {
            "projects/.gitkeep": "",
            "projects/pay/README.md": "# Notes",
            "projects/pay/tasks/.PAY-1.yaml.swp": "x",
            "projects/pay/tasks/PAY-1.yaml~": "x",
            "projects/pay/tasks/#PAY-1.yaml#": "x",
            "src/other.yaml": "a: [",
        },
    )
    assert check_source(workspace.files, now).problems == ()


def test_a_pipe_in_the_plan_does_not_hang(workspace: Workspace, now: datetime) -> None:
    os.mkfifo(workspace.root / "projects/pay/tasks/PAY-9.yaml")
    found = check_source(workspace.files, now).problems
    assert [(p.code, p.path) for p in found] == [("ORC105", "projects/pay/tasks/PAY-9.yaml")]


HOSTILE = {
    "a merge-key bomb": "a0: &a0 {x: 1}\n"
    + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 30)),
    "an alias bomb": "a0: &a0 [x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)),
    "100,000 brackets": "x: " + "[" * 100_000,
    "1,000 brackets": "x: " + "[" * 1_000,
    "a number of 5,000 digits": "estimated_minutes: " + "9" * 5_000,
    "a million hexadecimal digits": "estimated_minutes: 0x" + "f" * 1_000_000,
    "a python tag": "x: !!python/object/apply:os.system [ls]",
    "a YAML 1.1 directive": "%YAML 1.1\n---\nid: PAY-9",
    "a lone surrogate": 'title: "\\ud800"',
    "10 MB in a line": "title: " + "x" * 10_000_000,
    "100,000 keys": "".join(f"k{n}: 1\n" for n in range(100_000)),
    "20,000 comments": "# c\n" * 20_000 + "id: PAY-9",
    "a duplicate key": "id: PAY-9\nid: PAY-8",
    "two documents": "id: PAY-9\n---\nid: PAY-8",
    "a NUL": "id: PAY-9\0",
    "nothing": "",
    "a list": "- a",
    "deep indentation": "".join(" " * n + "a:\n" for n in range(3_000)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_one_problem_in_little_time_and_memory(repo: Path, text: str) -> None:
    write(repo, {"projects/pay/tasks/PAY-9.yaml": text, "users/x.yaml": "id: x\n"})
    program = (
        "import resource, sys, time, json\n"
        "from datetime import datetime, timezone\n"
        "from pathlib import Path\n"
        "from orchestrator.store.files import WorkTree\n"
        "from orchestrator.store.load import check_source\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "began = time.process_time()\n"
        "found = check_source(WorkTree(Path.cwd()), datetime.now(timezone.utc)).problems\n"
        "took = time.process_time() - began\n"
        "more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print(json.dumps([took, more / 1024, [[p.code, p.path] for p in found]]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=repo, capture_output=True, text=True, check=True
    )
    seconds, megabytes, problems = json.loads(done.stdout)
    assert [problem for problem in problems if problem[1].endswith("PAY-9.yaml")]
    assert ["ORC102", "users/x.yaml"] in problems
    assert seconds <= 0.5
    assert megabytes <= 100


def test_one_file_of_bytes_that_are_no_text_hides_no_other(repo: Path, now: datetime) -> None:
    (repo / "users/bad.yaml").write_bytes("id: bad\nname: x\n".encode("utf-16"))
    (repo / "users/worse.yaml").write_bytes(b"\xff\xfe\x00")
    found = check_source(WorkTree(repo), now).problems
    assert [(p.code, p.path) for p in found] == [
        ("ORC004", "users/bad.yaml"),
        ("ORC004", "users/worse.yaml"),
    ]


@pytest.mark.parametrize(
    "revision",
    ["", "nope", "-h", "--output=x", "HEAD:orchestrator.yaml", "a..b", "HEAD\n", "@{-9}"],
)
def test_a_revision_that_names_no_commit_is_refused(workspace: Workspace, revision: str) -> None:
    with pytest.raises(UnknownRevisionError):
        workspace.at(revision)


def test_git_sees_no_location_of_another_repository() -> None:
    given = {
        "GIT_DIR": "/x", "GIT_INDEX_FILE": "/y", "GIT_SSH_COMMAND": "ssh", "HOME": "/h",
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c",
        "GIT_OBJECT_DIRECTORY": "/o", "GIT_NAMESPACE": "n",
    }  # fmt: skip
    outside = clean_environment(given, in_hook=False)
    assert not {"GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"} & set(outside)
    assert {"GIT_SSH_COMMAND", "GIT_CONFIG_KEY_0", "HOME"} <= set(outside)
    inside = clean_environment(given, in_hook=True)
    assert {"GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"} <= set(inside)


def test_a_failed_command_says_what_git_said(repo: Path) -> None:
    git = open_git(str(repo), dict(os.environ))
    with pytest.raises(GitFailedError, match=r"git cat-file failed: Not a valid object name x\."):
        git.run("cat-file", "blob", "x")


def test_a_missing_git_is_one_sentence() -> None:
    with pytest.raises(GitMissingError, match=r"git was not found\."):
        open_git(".", {"PATH": "/nowhere"})


def test_entries_come_in_the_order_of_paths(plan: Path) -> None:
    paths = [entry.path for entry in WorkTree(plan).entries() if isinstance(entry, Entry)]
    assert paths[1:] == sorted(paths[1:], key=lambda path: (path.split("/")[0] != "users", path))


def test_a_file_with_a_thousand_problems_is_checked_in_little_time(
    workspace: Workspace, now: datetime
) -> None:
    lost = ", ".join(f"PAY-X{number}" for number in range(2_000))
    text = f"id: PAY-9\ntitle: x\nstatus: todo\ndependencies: [{lost}]\n"
    write(workspace.root, {"projects/pay/tasks/PAY-9.yaml": text})
    began = time.process_time()
    found = check_source(workspace.files, now).problems
    assert time.process_time() - began < 0.5
    assert len(found) == 2_000
    assert {problem.line for problem in found} == {4}
    assert len({problem.column for problem in found}) == 2_000


def test_a_large_blob_is_not_read_into_memory(workspace: Workspace, git: Git) -> None:
    (workspace.root / "projects/pay/tasks/PAY-9.yaml").write_bytes(b"x" * 5_000_000)
    git(workspace.root, "add", ".")
    sizes = [
        len(entry.data)
        for entry in workspace.staged().entries()
        if isinstance(entry, Entry) and entry.place.id == "PAY-9"
    ]
    assert sizes == [256 * 1024 + 1]
    assert len(load(workspace.staged()).snapshot.tasks) == 3


def test_what_is_behind_a_bad_path_is_not_called_missing(
    workspace: Workspace, now: datetime, git: Git
) -> None:
    git(workspace.root, "update-index", "--chmod=+x", "projects/pay/tasks/PAY-2.yaml")
    found = check_source(workspace.staged(), now).problems
    assert [problem.code for problem in found] == ["ORC006"]
    assert set(load(workspace.staged()).snapshot.tasks) == {"PAY-1", "PAY-2", "PAY-3"}
