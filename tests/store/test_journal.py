"""The journal: whole or not there, bounded, and none of it in the work tree."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.store import journal
from orchestrator.store.journal import Entry, Journal, Record, read_record
from orchestrator.store.recover import journal_of
from orchestrator.store.workspace import Workspace
from orchestrator.store.write import DirtyFileError, FileEdit, NotWritableError, write_files
from tests.conftest import NOW

EDITS = (FileEdit("a.yaml", None, b"new"), FileEdit("b.yaml", b"old", None))


def deed(folder: Path) -> Entry:
    return Entry(Journal(folder / "journal", "own"), "Change two", NOW, "c0ffee")


@given(st.lists(st.tuples(st.text(), st.none() | st.binary(), st.none() | st.binary())))
def test_what_is_written_is_read_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, bytes | None, bytes | None]]
) -> None:
    record = Record("A title\n…", NOW, None, tuple(FileEdit(*file) for file in files))
    path = Journal(tmp_path_factory.mktemp("journal"), "own").begin(record)
    assert read_record(path) == record


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.6, 0.9])
def test_a_part_of_a_journal_is_none(tmp_path: Path, keep: float) -> None:
    path = Journal(tmp_path, "own").begin(Record("x", NOW, None, EDITS))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    assert read_record(path) is None


def test_a_journal_of_another_version_is_not_guessed_at(tmp_path: Path) -> None:
    path = Journal(tmp_path, "own").begin(Record("x", NOW, None, EDITS))
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    assert read_record(path) is None


def test_several_files_are_written_down_before_the_first_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.yaml").write_bytes(b"old")
    own = deed(tmp_path)
    seen = []
    real = os.replace

    def replace(source: str, target: Path) -> None:
        if target.name == "a.yaml":
            seen.append([read_record(path) for path in own.journal.pending()])
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    write_files(tmp_path, EDITS, own)
    assert seen == [[Record("Change two", NOW, "c0ffee", EDITS)]]
    assert own.journal.pending() == []
    assert read_record(own.journal.last) == Record("Change two", NOW, "c0ffee", EDITS)


def test_one_file_needs_no_journal_and_is_the_last_change_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = deed(tmp_path)

    def begin(*_arguments: object) -> Path:
        raise AssertionError("a journal of one file")

    monkeypatch.setattr(Journal, "begin", begin)
    write_files(tmp_path, EDITS[:1], own)
    assert read_record(own.journal.last) == Record("Change two", NOW, "c0ffee", EDITS[:1])


def test_a_change_that_fails_half_way_is_undone_and_leaves_no_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.yaml").write_bytes(b"old")
    own = deed(tmp_path)
    real = os.replace

    def replace(source: str, target: Path) -> None:
        real(source, target)
        if target.name == "a.yaml":
            (tmp_path / "b.yaml").write_bytes(b"a person's")

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(DirtyFileError):
        write_files(tmp_path, EDITS, own)
    assert not (tmp_path / "a.yaml").exists()
    assert (tmp_path / "b.yaml").read_bytes() == b"a person's"
    assert list(own.journal.folder.iterdir()) == []


def test_what_cannot_be_undone_keeps_its_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk takes one file and then nothing more, not even what would put it back."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes(b"old")
    own = deed(tmp_path)
    edits = (FileEdit("a.yaml", b"old", b"new"), FileEdit("b.yaml", b"old", b"new"))
    real = os.replace

    def replace(source: str, target: Path) -> None:
        if target.name in ("a.yaml", "b.yaml") and (tmp_path / "a.yaml").read_bytes() == b"new":
            raise OSError(5, "Input/output error")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(NotWritableError, match="input/output"):
        write_files(tmp_path, edits, own)
    assert (tmp_path / "a.yaml").read_bytes() == b"new"
    assert len(own.journal.pending()) == 1


def test_a_journal_that_cannot_be_written_stops_the_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.yaml").write_bytes(b"old")
    own = deed(tmp_path)

    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "_write", full)
    with pytest.raises(NotWritableError, match="no space left on device"):
        write_files(tmp_path, EDITS, own)
    assert not (tmp_path / "a.yaml").exists()
    assert (tmp_path / "b.yaml").read_bytes() == b"old"


def test_a_large_change_is_not_kept_to_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_LARGEST_KEPT", 100)
    own = deed(tmp_path)
    write_files(tmp_path, EDITS[:1], own)
    assert own.journal.last.exists()
    write_files(tmp_path, [FileEdit("c.yaml", None, bytes(200))], own)
    assert not own.journal.last.exists()
    write_files(tmp_path, [FileEdit(f"{name}.yaml", None, bytes(200)) for name in "de"], own)
    assert list(own.journal.folder.iterdir()) == []


def test_linked_work_trees_and_workspaces_of_one_repository_have_journals_of_their_own(
    repo: Path, git: Callable[..., str], tmp_path: Path
) -> None:
    git(repo, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "other"))
    (repo / "sub").mkdir()
    roots = [repo, tmp_path / "other", repo / "sub"]
    found = [Workspace(root, dict(os.environ)).journal for root in roots]
    assert {own.folder for own in found} == {repo / ".git/orchestrator/journal"}
    assert len({own.owner for own in found}) == 3


def test_a_repository_that_moves_takes_its_journal_along(repo: Path, tmp_path: Path) -> None:
    before = Workspace(repo, dict(os.environ)).journal
    moved = repo.rename(tmp_path / "moved")
    after = Workspace(moved, dict(os.environ)).journal
    assert before.owner == after.owner


def test_without_git_nothing_stays(plan: Path, now: datetime) -> None:
    before = sorted(plan.rglob("*"))
    Workspace(plan, {}).write(
        [FileEdit("x.yaml", None, b""), FileEdit("y.yaml", None, b"")], "", now
    )
    assert sorted(plan.rglob("*")) == sorted([*before, plan / "x.yaml", plan / "y.yaml"])
    assert not journal_of(plan, None).folder.exists()
