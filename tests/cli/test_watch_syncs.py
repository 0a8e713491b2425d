"""When `watch --sync` syncs, with lanes that run nothing."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli.session import Session
from orchestrator.cli.watch.children import Done, Lane
from orchestrator.cli.watch.feed import Feed
from orchestrator.cli.watch.follow import Followers
from orchestrator.cli.watch.options import Wishes
from orchestrator.store.watch.git_state import git_state
from orchestrator.store.workspace import Workspace

Git = Callable[..., str]


@dataclass
class Pretence(Lane):
    """A lane that takes note of what it is to run, and ends it when the test says so."""

    ran: list[Sequence[str]] = field(default_factory=list)
    now: str | None = None
    code: int | None = None

    @property
    def is_free(self) -> bool:
        return self.now is None

    def start(self, name: str, words: Sequence[str], folder: Path, given: Any = None) -> None:
        assert (folder.is_dir(), given) == (True, None)
        self.ran.append(words[-2:])
        self.now, self.code = name, None

    def poll(self) -> Done | None:
        if self.now is None or self.code is None:
            return None
        done, self.now = Done(self.now, self.code), None
        return done


class Syncs:
    """Followers of a repository, with a clock that moves on by a second at each look."""

    def __init__(self, workspace: Workspace, *names: str) -> None:
        self.workspace = workspace
        self.lane = Pretence({})
        wishes = Wishes(syncs=names, as_json=True)
        session = Session(workspace.root, dict(os.environ), has_color=False, is_terminal=False)
        feed = Feed(session, as_json=True)
        self.followers = Followers(wishes, feed, Pretence({}), self.lane)
        self.followers.begin(workspace, git_state(workspace.repository))
        self.moment = 100.0

    def look(self, code: int | None = None) -> list[str]:
        """Look once, after what runs ended with a code, and return what was started since."""
        self.lane.code = code
        self.lane.ran.clear()
        for _ in range(2):
            self.moment += 1
            self.followers.tick(self.workspace, self.moment)
        return [words[-1] for words in self.lane.ran]


@pytest.fixture
def commit(repo: Path, git: Git) -> Callable[[], object]:
    return lambda: git(repo, "commit", "--quiet", "--allow-empty", "-m", "One more")


def test_without_a_new_commit_nothing_is_synced(workspace: Workspace) -> None:
    assert Syncs(workspace, "linear").look() == []


def test_after_a_commit_each_integration_is_synced_one_after_the_other(
    workspace: Workspace, commit: Callable[[], object]
) -> None:
    syncs = Syncs(workspace, "linear", "gitlab")
    commit()
    assert syncs.look() == ["linear"]
    assert syncs.look() == []
    assert not syncs.followers.is_quiet
    assert syncs.look(0) == ["gitlab"]
    assert syncs.look(0) == []
    assert syncs.followers.is_quiet


def test_commits_made_while_a_sync_runs_are_synced_once_when_it_ends(
    workspace: Workspace, commit: Callable[[], object]
) -> None:
    syncs = Syncs(workspace, "linear")
    for _ in range(3):
        commit()
        syncs.look()
    assert syncs.look(0) == ["linear"]
    assert syncs.look(0) == []


def test_a_sync_that_failed_is_tried_again_after_the_next_commit(
    workspace: Workspace, commit: Callable[[], object], capsys: pytest.CaptureFixture[str]
) -> None:
    syncs = Syncs(workspace, "linear")
    commit()
    syncs.look()
    assert syncs.look(1) == []
    assert '"failed"' in capsys.readouterr().out
    commit()
    assert syncs.look() == ["linear"]
    syncs.look(0)
    assert '"synced"' in capsys.readouterr().out


def test_another_branch_is_not_synced(
    workspace: Workspace, commit: Callable[[], object], git: Git
) -> None:
    syncs = Syncs(workspace, "linear")
    git(workspace.root, "checkout", "--quiet", "-b", "other")
    commit()
    assert syncs.look() == []
    git(workspace.root, "checkout", "--quiet", "main")
    assert syncs.look() == []
    commit()
    assert syncs.look() == ["linear"]


def test_what_a_sync_committed_is_not_synced_again_but_reaches_the_others(
    workspace: Workspace, commit: Callable[[], object], git: Git
) -> None:
    syncs = Syncs(workspace, "linear", "gitlab")
    own = ("commit", "--quiet", "--allow-empty", "-m", "Sync\n\nSource: linear")
    git(workspace.root, *own)
    assert syncs.look() == ["gitlab"]
    assert syncs.look(0) == []
    git(workspace.root, *own)
    commit()
    assert syncs.look() == ["linear"]
    assert syncs.look(0) == ["gitlab"]
