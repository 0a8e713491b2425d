"""Many files are forced to the disk at once, and one by one where that cannot be done."""

import ctypes
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orchestrator.store.flush import is_flushed
from orchestrator.store.write import FileEdit, NotWritableError, write_files

MANY = [FileEdit(f"tasks/A-{number}.yaml", None, b"id: A\n") for number in range(120)]


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What was forced by itself."""
    found: list[int] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        found.append(descriptor)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return found


def without(monkeypatch: pytest.MonkeyPatch, **calls: Any) -> None:
    """Let the system's library have these functions alone."""
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace(**calls))


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "syncfs"), reason="this system has no syncfs")
def test_many_files_are_forced_at_once(tmp_path: Path, forced: list[int]) -> None:
    write_files(tmp_path, MANY)
    assert len(list((tmp_path / "tasks").iterdir())) == len(MANY)
    assert len(forced) == 1  # the folder


def test_a_few_files_are_forced_one_by_one(tmp_path: Path, forced: list[int]) -> None:
    write_files(tmp_path, MANY[:5])
    assert len(forced) == 6


def test_a_system_that_cannot_do_it_at_once_does_it_one_by_one(
    tmp_path: Path, forced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch)
    assert not is_flushed([tmp_path])
    write_files(tmp_path, MANY)
    assert len(forced) == len(MANY) + 1


def test_an_error_of_the_disk_is_looked_for_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, syncfs=lambda _: -1)

    def fsync(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(NotWritableError, match=r"tasks/A-0\.yaml cannot be written: input/output"):
        write_files(tmp_path, MANY)
    assert not (tmp_path / "tasks").exists()
