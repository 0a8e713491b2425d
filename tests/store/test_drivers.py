"""Git merges and shows plan files with our drivers, and falls back on its own without them."""

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Cli, write

Git = Callable[..., str]
TASK = "projects/pay/tasks/PAY-1.yaml"
TEXT = """\
id: PAY-1
title: Capture  # the first
status: todo
priority: high
assignee: dana
labels: [api, db]
"""
ATTRIBUTES = "projects/**/*.yaml text eol=lf merge=orchestrator diff=orchestrator\n"


@pytest.fixture
def shop(cli: Cli, git: Git) -> Cli:
    """A workspace with the hooks and drivers installed."""
    write(cli.folder, {".gitattributes": ATTRIBUTES, TASK: TEXT})
    git(cli.folder, "add", ".")
    git(cli.folder, "commit", "--quiet", "-m", "Attributes")
    cli("hooks", "install")
    return cli


def on_branch(shop: Cli, git: Git, name: str, text: str, path: str = TASK) -> None:
    """Commit a text on a new branch that starts from main."""
    git(shop.folder, "checkout", "--quiet", "-b", name, "main")
    write(shop.folder, {path: text})
    git(shop.folder, "add", ".")
    git(shop.folder, "commit", "--quiet", "-m", name)


def both_sides(shop: Cli, git: Git, ours: str, theirs: str) -> None:
    on_branch(shop, git, "theirs", theirs)
    on_branch(shop, git, "ours", ours)


OURS = TEXT.replace("todo", "blocked").replace("[api, db]", "[api, db, x]")
THEIRS = TEXT.replace("high", "low").replace("[api, db]", "[api, c]")
BOTH = TEXT.replace("todo", "blocked").replace("high", "low").replace("[api, db]", "[api, c, x]")


def test_a_merge_takes_both_sides_fields(shop: Cli, git: Git) -> None:
    both_sides(shop, git, OURS, THEIRS)
    git(shop.folder, "merge", "--quiet", "--no-edit", "theirs")
    assert (shop.folder / TASK).read_text() == BOTH


def test_rebase_cherry_pick_stash_and_am_use_it_too(shop: Cli, git: Git, tmp_path: Path) -> None:
    both_sides(shop, git, OURS, THEIRS)
    git(shop.folder, "checkout", "--quiet", "-b", "rebased", "ours")
    git(shop.folder, "rebase", "--quiet", "theirs")
    assert (shop.folder / TASK).read_text() == BOTH
    git(shop.folder, "checkout", "--quiet", "-b", "picked", "ours")
    git(shop.folder, "cherry-pick", "theirs")
    assert (shop.folder / TASK).read_text() == BOTH
    git(shop.folder, "checkout", "--quiet", "-b", "stashed", "main")
    write(shop.folder, {TASK: OURS})
    git(shop.folder, "stash", "--quiet")
    git(shop.folder, "reset", "--quiet", "--hard", "theirs")
    git(shop.folder, "stash", "pop", "--quiet")
    assert (shop.folder / TASK).read_text() == BOTH
    git(shop.folder, "reset", "--quiet", "--hard", "ours")
    git(shop.folder, "format-patch", "--quiet", "-1", "theirs", "-o", str(tmp_path / "mail"))
    [mail] = (tmp_path / "mail").iterdir()
    git(shop.folder, "am", "--quiet", "-3", str(mail))
    assert (shop.folder / TASK).read_text() == BOTH


def test_a_conflict_marks_its_field_alone_and_is_told(shop: Cli, git: Git) -> None:
    both_sides(shop, git, OURS, TEXT.replace("todo", "cancelled").replace("high", "low"))
    with pytest.raises(AssertionError, match="status: ours blocked , theirs cancelled"):
        git(shop.folder, "merge", "--no-edit", "theirs")
    marked = "<<<<<<< ours\nstatus: blocked\n=======\nstatus: cancelled\n>>>>>>> theirs\n"
    expected = TEXT.replace("status: todo\n", marked).replace("high", "low")
    assert (shop.folder / TASK).read_text() == expected.replace("[api, db]", "[api, db, x]")
    assert "conflict markers" in shop("check", code=1).stdout


def test_two_new_files_of_one_name(shop: Cli, git: Git) -> None:
    path = "projects/pay/tasks/PAY-9.yaml"
    on_branch(shop, git, "theirs", "id: PAY-9\ntitle: x\nstatus: todo\nlabels: [a]\n", path)
    on_branch(shop, git, "ours", "id: PAY-9\ntitle: x\nstatus: todo\nlabels: [b]\n", path)
    git(shop.folder, "merge", "--quiet", "--no-edit", "theirs")
    assert "labels: [a, b]\n" in (shop.folder / path).read_text()


def test_files_that_are_no_plain_mapping_are_merged_by_line(shop: Cli, git: Git) -> None:
    flow = "{id: PAY-1,\ntitle: Capture,\nstatus: todo,\npriority: low}\n"
    write(shop.folder, {TASK: flow})
    git(shop.folder, "commit", "--quiet", "--no-verify", "-am", "Flow")
    ours, theirs = flow.replace("Capture", "Take"), flow.replace("low", "high")
    both_sides(shop, git, ours, theirs)
    git(shop.folder, "merge", "--quiet", "--no-edit", "theirs")
    assert (shop.folder / TASK).read_text() == ours.replace("low", "high")


@pytest.mark.parametrize("program", ["missing", "old", "broken"])
def test_without_a_working_orchestrator_git_leaves_its_own_markers(
    shop: Cli, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    # The interpreter that install noted down is gone, and PATH has something else or nothing.
    key = "merge.orchestrator.driver"
    driver = git(shop.folder, "config", key).rstrip("\n")
    python = driver.partition("test -x ")[2].partition(";")[0]
    git(shop.folder, "config", key, driver.replace(python, "/nowhere/python"))
    folder = tmp_path / "bin"
    folder.mkdir()
    if program != "missing":
        code = {"old": 2, "broken": 3}[program]
        (folder / "orchestrator").write_text(f"#!/bin/sh\nexit {code}\n")
        (folder / "orchestrator").chmod(stat.S_IRWXU)
    both_sides(shop, git, OURS, THEIRS)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    with pytest.raises(AssertionError, match="CONFLICT"):
        git(shop.folder, "merge", "--no-edit", "theirs")
    text = (shop.folder / TASK).read_text()
    assert "<<<<<<<" in text
    assert "[api, db, x]" in text
    assert "[api, c]" in text


def test_a_path_with_spaces_and_quotes(shop: Cli, git: Git) -> None:
    path = 'a "b" $c\'s/projects/pay/tasks/PAY-1.yaml'
    write(shop.folder, {path: TEXT, ".gitattributes": "**/tasks/*.yaml merge=orchestrator\n"})
    git(shop.folder, "add", ".")
    git(shop.folder, "commit", "--quiet", "--no-verify", "-m", "Odd")
    on_branch(shop, git, "theirs", THEIRS, path)
    on_branch(shop, git, "ours", OURS, path)
    git(shop.folder, "merge", "--quiet", "--no-edit", "theirs")
    assert (shop.folder / path).read_text() == BOTH


def test_a_diff_shows_what_is_said_not_how(shop: Cli, git: Git) -> None:
    text = TEXT.replace("high", '"high"').replace("[api, db]", "\n- api\n- web")
    write(shop.folder, {TASK: text})
    shown = git(shop.folder, "diff", "--unified=0")
    changed = [line for line in shown.splitlines() if line.startswith(("+", "-"))][2:]
    assert changed == ["-labels: [api, db]", "+labels: [api, web]"]
    write(shop.folder, {TASK: "id: [\n"})
    assert "+id: [" in git(shop.folder, "diff")


def test_install_status_and_uninstall_tell_of_the_driver(shop: Cli) -> None:
    assert re.search(r"merge driver +installed", shop("hooks", "status").stdout)
    (shop.folder / ".gitattributes").write_text("")
    assert ".gitattributes does not name it" in shop("hooks", "status").stderr
    shop("hooks", "uninstall")
    assert "orchestrator" not in (shop.folder / ".git/config").read_text()


def test_the_driver_replaces_nothing_when_it_cannot_write(shop: Cli, tmp_path: Path) -> None:
    names = ["base", "ours", "theirs"]
    for name, text in zip(names, (TEXT, OURS, THEIRS), strict=True):
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path / name) for name in names]
    tmp_path.chmod(0o555)
    try:
        if os.access(tmp_path, os.W_OK):
            tmp_path.chmod(0o755)
            (tmp_path / "ours").unlink()
            (tmp_path / "ours").mkdir()
            shop("merge-driver", *paths, "7", TASK, code=1)
            return
        shop("merge-driver", *paths, "7", TASK, code=1)
        assert (tmp_path / "ours").read_text() == OURS
    finally:
        tmp_path.chmod(0o755)
