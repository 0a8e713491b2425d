"""Several people and one tracker: a base that is shared, branches for review, unsaved work."""

from pathlib import Path

import pytest

from orchestrator.sync.base.share import BehindError
from orchestrator.sync.run.origin import Sharing
from orchestrator.sync.run.prepare import Wishes
from tests.sync.scenarios.pair import NAME, Pair, told


def test_two_clones_share_what_was_agreed_on(pair: Pair, tmp_path: Path) -> None:
    team = str(tmp_path / "team.git")
    pair.git("clone", "--quiet", "--bare", ".", team)
    pair.git("remote", "add", "origin", team)
    pair.git("push", "--quiet", "-u", "origin", "main")
    other = Pair(tmp_path / "other", pair.fake)
    pair.git("clone", "--quiet", team, str(other.root))
    pair.add(title="New there")
    pair.edit("PAY-1", title="Ours")
    pair.synced()
    # The base went out and the branch did not: the other clone is told to wait.
    with pytest.raises(BehindError, match="does not contain") as caught:
        other.sync()
    assert "git pull" in str(caught.value.hint)
    pair.git("push", "--quiet")
    other.git("pull", "--quiet")
    before = pair.writes()
    other.synced()
    assert pair.writes() == before
    other.edit("PAY-4", title="By the other")
    other.synced()
    assert other.theirs("PAY-4")["title"] == "By the other"
    other.git("push", "--quiet")
    pair.git("pull", "--quiet")
    before = pair.writes()
    pair.synced()
    assert pair.writes() == before
    assert pair.base.oid == other.base.oid
    assert len(pair.fake.items("tasks")) == len(pair.live()) == len(other.live()) == 5


def test_two_clones_that_changed_apart_lose_nothing_of_either(pair: Pair, tmp_path: Path) -> None:
    alone = Wishes(sharing=Sharing(is_shared=False))
    team = str(tmp_path / "team.git")
    pair.git("clone", "--quiet", "--bare", ".", team)
    pair.git("remote", "add", "origin", team)
    pair.git("push", "--quiet", "-u", "origin", "main")
    pair.synced()
    other = Pair(tmp_path / "other", pair.fake)
    pair.git("clone", "--quiet", team, str(other.root))
    other.synced()
    path = "projects/pay/tasks/PAY-1.yaml"
    text = (pair.root / path).read_text()
    pair.write({path: text.replace("title: Capture", "title: By one")})
    pair.synced(alone)
    other.edit("PAY-4", title="By the other")
    other.synced()
    other.git("push", "--quiet")
    pair.git("-c", "pull.rebase=false", "pull", "--quiet", "--no-edit")
    pair.synced()
    assert pair.theirs("PAY-1")["title"] == pair.ours("PAY-1")["title"] == "By one"
    assert pair.theirs("PAY-4")["title"] == pair.ours("PAY-4")["title"] == "By the other"
    assert len(pair.fake.items("tasks")) == 4
    pair.is_quiet()


def test_a_branch_that_lacks_the_last_sync_is_refused_and_nothing_is_asked(pair: Pair) -> None:
    pair.change("PAY-1", title="Theirs")
    pair.synced()
    pair.git("reset", "--quiet", "--hard", "HEAD~1")
    asked = len(pair.fake.server.seen)
    with pytest.raises(BehindError):
        pair.sync()
    assert len(pair.fake.server.seen) == asked


def test_a_branch_for_review_holds_what_came_until_somebody_merges_it(pair: Pair) -> None:
    pair.change("PAY-1", title="Theirs")
    pair.add(title="New there")
    pair.edit("PAY-4", title="Ours")
    head = pair.git("rev-parse", "main")
    tips = []
    for _ in range(2):
        result = pair.sync(branch=f"sync/{NAME}")
        assert result.is_fine, told(result)
        assert pair.git("rev-parse", "main") == head
        assert pair.ours("PAY-1")["title"] == "Capture"
        tips.append(pair.git("rev-parse", f"sync/{NAME}"))
    assert tips[0] == tips[1]
    assert pair.theirs("PAY-4")["title"] == "Ours"
    pair.git("merge", "--quiet", "--ff-only", f"sync/{NAME}")
    pair.synced()
    assert pair.ours("PAY-1")["title"] == "Theirs"
    assert len(pair.fake.items("tasks")) == len(pair.live()) == 5
    pair.is_quiet()


def test_what_is_not_committed_yet_is_kept(pair: Pair) -> None:
    pair.change("PAY-1", title="Theirs")
    pair.change("PAY-4", title="Theirs too")
    one = pair.root / "projects/pay/tasks/PAY-1.yaml"
    four = pair.root / "projects/pay/tasks/PAY-4.yaml"
    one.write_text(one.read_text().replace("title: Capture", "title: Mine"))
    four.write_text(four.read_text().replace("priority: low", "priority: urgent"))
    result = pair.sync()
    assert result.landed
    assert set(result.landed.refused) == {("tasks", "PAY-1")}
    assert "title: Mine" in one.read_text()
    assert "priority: urgent" in four.read_text()
    assert "title: Theirs too" in four.read_text()
    assert pair.ours("PAY-4")["title"] == "Theirs too"
    assert pair.ours("PAY-4")["priority"] == "low"
    pair.git("checkout", "--quiet", "projects/pay/tasks/PAY-1.yaml")
    pair.synced()
    assert pair.ours("PAY-1")["title"] == "Theirs"
    assert "priority: urgent" in four.read_text()


def test_two_runs_at_once_lose_nothing(pair: Pair, tmp_path: Path) -> None:
    """One reads, the other syncs, then the first writes: its base has moved, and it says so."""
    from orchestrator.sync.base.ref import BaseMovedError

    pair.edit("PAY-1", title="Ours")
    rival = Pair(pair.root, pair.fake)

    class Interrupted:
        """A remote before whose first write somebody else syncs."""

        def __init__(self, remote: object) -> None:
            self._remote = remote

        def __getattr__(self, name: str) -> object:
            if name == "update":
                rival.synced()
            return getattr(self._remote, name)

    pair.around = Interrupted
    with pytest.raises(BaseMovedError):
        pair.sync()
    pair.around = lambda remote: remote
    pair.synced()
    assert pair.theirs("PAY-1")["title"] == "Ours"
    assert len(pair.fake.items("tasks")) == 4
    pair.is_quiet()
    assert tmp_path.exists()
