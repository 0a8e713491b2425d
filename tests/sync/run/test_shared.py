"""Clones of one plan that sync with one tracker, and share what was agreed on."""

from pathlib import Path

import pytest

from orchestrator.sync.base.share import BehindError
from orchestrator.sync.run.origin import Sharing
from orchestrator.sync.run.prepare import Wishes
from tests.sync.run.clone import Clone


def test_two_clones_that_share_a_base_need_not_be_told_twice(clone: Clone, tmp_path: Path) -> None:
    clone.git("clone", "--quiet", "--bare", ".", str(tmp_path / "team.git"))
    clone.git("remote", "add", "origin", str(tmp_path / "team.git"))
    clone.git("push", "--quiet", "-u", "origin", "main")
    clone.git("clone", "--quiet", str(tmp_path / "team.git"), str(tmp_path / "other"))
    other = Clone(tmp_path / "other", clone.memory, tokens=100)
    clone.memory.add(title="Theirs")
    assert clone.sync().is_fine
    # The branch was not pushed, and the base was: the other clone is told to wait.
    with pytest.raises(BehindError):
        other.sync()
    clone.git("push", "--quiet")
    other.git("pull", "--quiet")
    clone.memory.calls.clear()
    assert other.sync().is_fine
    assert not clone.memory.writes
    other.edit("PAY-1", "title: Capture", "title: By the other")
    assert other.sync().is_fine
    other.git("push", "--quiet")
    clone.git("pull", "--quiet")
    assert clone.sync().is_fine
    assert clone.base.oid == other.base.oid
    assert len(clone.memory.live()) == 4


def test_two_clones_that_synced_apart_come_together_without_a_loss(
    clone: Clone, tmp_path: Path
) -> None:
    alone = Wishes(sharing=Sharing(is_shared=False))
    clone.git("clone", "--quiet", "--bare", ".", str(tmp_path / "team.git"))
    clone.git("remote", "add", "origin", str(tmp_path / "team.git"))
    clone.git("push", "--quiet", "-u", "origin", "main")
    clone.sync()
    clone.git("push", "--quiet")
    clone.git("clone", "--quiet", str(tmp_path / "team.git"), str(tmp_path / "other"))
    other = Clone(tmp_path / "other", clone.memory, tokens=100)
    other.sync()
    clone.edit("PAY-1", "title: Capture", "title: By one")
    clone.memory.add(title="Found by one")
    assert clone.sync(alone).is_fine
    other.edit("PAY-2", "title: Retry", "title: By the other")
    assert other.sync(alone).is_fine
    clone.git("push", "--quiet")
    assert clone.sync().is_fine
    clone.git("push", "--quiet")
    other.git("pull", "--quiet", "--no-rebase", "--no-edit")
    clone.memory.calls.clear()
    assert other.sync().is_fine
    assert not clone.memory.writes
    other.git("push", "--quiet")
    clone.git("pull", "--quiet")
    assert clone.sync().is_fine
    assert not clone.memory.writes
    assert clone.base.oid == other.base.oid
    expected = {"By one", "By the other", "Refund", "Found by one"}
    assert {row["title"] for row in clone.memory.live().values()} == expected
    assert set(clone.titles().values()) == set(other.titles().values()) == expected
    assert len(clone.memory.live()) == 4


def test_a_run_without_a_reachable_remote_goes_on_and_says_so(clone: Clone) -> None:
    clone.git("remote", "add", "origin", "http://127.0.0.1:1/x.git")
    result = clone.sync()
    assert any("does not give the base" in note for note in result.prepared.notes)
    assert result.is_fine
