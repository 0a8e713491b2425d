"""Disk full, read-only, no more open files: one sentence, and nothing lost or half written."""

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from orchestrator.store.workspace import Workspace
from tests.store.killed import files_of, is_step, run_watched, steps

Git = Callable[..., str]

REMOVE = ("project", "rm", "pay")
COMMIT = ("task", "set", "PAY-1", "PAY-2", "priority=low", "--commit")
SET = ("task", "set", "PAY-1", "priority=low")
BRANCH = ("patch", "apply", "../patch.json", "--branch", "agent/planner/one")
UNDO = ("undo",)
LACKS = (errno.ENOSPC, errno.EROFS, errno.EMFILE, errno.EIO)
PATCH = '[{"op": "replace", "path": "/tasks/PAY-1/status", "value": "in_progress"}]'
LARGE = "x" * 60_000


@pytest.fixture
def start(repo: Path) -> Path:
    """A repository whose last change can be undone, beside a patch."""
    (repo.parent / "patch.json").write_text(PATCH)
    assert run_watched(repo, ["task", "set", "PAY-3", "PAY-2", "priority=low"], _nothing) == 0
    return repo


@pytest.mark.parametrize(
    "arguments", [("task", "set", "PAY-1", "PAY-2", "priority=low")], ids=" ".join
)
def test_a_disk_that_is_full_from_some_step_on_is_one_sentence(
    start: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    _refused_everywhere(start, tmp_path, arguments, errno.ENOSPC)


@pytest.mark.slow
@pytest.mark.parametrize("code", LACKS, ids=errno.errorcode.get)
@pytest.mark.parametrize("arguments", [REMOVE, COMMIT, BRANCH], ids=" ".join)
def test_whatever_the_system_refuses_from_any_step_on_is_one_sentence(
    start: Path, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    _refused_everywhere(start, tmp_path, arguments, code)


@pytest.mark.parametrize("count", [8, 12])
def test_without_file_handles_nothing_is_written_by_halves(start: Path, count: int) -> None:
    _assert_handles(start, count, REMOVE)


@pytest.mark.slow
@pytest.mark.parametrize("count", range(7, 22, 2))
@pytest.mark.parametrize("arguments", [SET, REMOVE, COMMIT, BRANCH, UNDO], ids=" ".join)
def test_at_no_count_of_file_handles_anything_is_lost(
    start: Path, arguments: tuple[str, ...], count: int
) -> None:
    _assert_handles(start, count, arguments)


@pytest.mark.parametrize("arguments", [SET, REMOVE, COMMIT, BRANCH], ids=" ".join)
def test_a_real_disk_that_is_full_loses_nothing(
    start: Path, tmp_path: Path, arguments: tuple[str, ...], git: Git
) -> None:
    """A tmpfs of 2 MB where it can be mounted; elsewhere no file may grow."""
    with _small_disk(tmp_path / "disk") as (disk, before):
        root = disk / "plan"
        shutil.copytree(start, root)
        shutil.copy(start.parent / "patch.json", disk)
        old = files_of(root)
        _fill(disk)
        done = _run(root, arguments, before)
        assert done.returncode == 1, done.stderr
        _assert_one_sentence(done.stderr)
        assert files_of(root) == old
        (disk / "ballast").unlink()
        git(root, "fsck", "--strict", "--no-dangling")
        assert _run(root, arguments).returncode == 0


def _refused_everywhere(start: Path, tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    old = files_of(start)
    whole = _copy(start, tmp_path / "whole/plan")
    count = len(steps(whole, arguments))
    new = files_of(whole)
    for step in range(1, count + 1):
        root = _copy(start, tmp_path / f"{step}/plan")
        left = run_watched(root, arguments, _refusing(step, code))
        said = (root.parent / "said").read_text()
        assert left in (0, 1), said
        if left:
            _assert_one_sentence(said)
        Workspace(root, dict(os.environ)).recover()
        assert files_of(root) in (old, new), f"step {step}: {said}"
        shutil.rmtree(root.parent)


def _refusing(step: int, code: int) -> Callable[[str, tuple[Any, ...]], None]:
    """Return what lets the system refuse this step and all later ones that need space."""
    count = 0

    def watch(event: str, given: tuple[Any, ...]) -> None:
        nonlocal count
        if is_step(event, given):
            count += 1
            if count >= step and (code != errno.ENOSPC or event not in ("os.remove", "os.rmdir")):
                raise OSError(code, os.strerror(code))

    return watch


def _assert_handles(start: Path, count: int, arguments: tuple[str, ...]) -> None:
    old = files_of(start)
    done = _run(
        start, arguments, lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))
    )
    assert done.returncode in (0, 1), done.stderr
    if done.returncode:
        _assert_one_sentence(done.stderr)
    Workspace(start, dict(os.environ)).recover()
    assert files_of(start) == old or done.returncode == 0 or "The files were changed" in done.stderr


def _assert_one_sentence(said: str) -> None:
    lines = [line for line in said.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, said
    assert "Traceback" not in said


def _run(
    root: Path, arguments: Sequence[str], before: Callable[[], None] | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-B", "-m", "orchestrator", "-C", str(root), *arguments],
        capture_output=True, text=True, check=False, preexec_fn=before,
    )  # fmt: skip


@contextmanager
def _small_disk(folder: Path) -> Iterator[tuple[Path, Callable[[], None] | None]]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield folder, None if is_mounted else _no_growth
    finally:
        if is_mounted:
            subprocess.run(["umount", str(folder)], check=True)


def _fill(folder: Path) -> None:
    """Leave no free block, where that takes 2 MB at most."""
    with (folder / "ballast").open("wb", buffering=0) as file, suppress(OSError):
        for _ in range(1024):
            file.write(bytes(4096))


def _no_growth() -> None:
    """Let no file get any bytes, on whatever disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _copy(start: Path, target: Path) -> Path:
    shutil.copytree(start.parent, target.parent, symlinks=True)
    return target


def _nothing(_event: str, _arguments: object) -> None:
    """Watch and do nothing."""
