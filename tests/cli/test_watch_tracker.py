"""`watch --commit --sync` with a tracker that answers, both ways."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.sync.pretend import Pretended, pretended
from tests.cli.watched import Watched
from tests.conftest import NOW, Cli

Git = Callable[..., str]
TASKS = "projects/pay/tasks"


@pytest.mark.slow
def test_what_is_saved_reaches_the_tracker_and_what_changed_there_comes_back(
    repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = Pretended("Engineering")
    monkeypatch.setenv("TRACKER_TOKEN", tracker.token)
    task = repo / TASKS / "PAY-1.yaml"
    with pretended(tracker, lambda: NOW):
        Cli(repo)(
            "sync", "init", "motion", "--name", "tracker", "--url", tracker.url,
            "--token", "env:TRACKER_TOKEN", "--scope", "workspace=Engineering",
            "--project", "pay", "--yes", "--commit",
        )  # fmt: skip
        watched = Watched(repo, "--json", "--commit", "--sync", "tracker", "--quiet-time", "0.3s")
        try:
            watched.event("started")
            task.write_text(task.read_text().replace("Capture", "Take the money"))
            seen = [watched.event("checked")["ids"], watched.event("committed")["ids"]]
            assert seen == [["PAY-1"], ["PAY-1"]]
            assert watched.event("checked")["ids"] == ["PAY-1", "PAY-2", "PAY-3", "pay"]
            assert watched.event("synced")["name"] == "tracker"
            names = {row["name"] for row in tracker.tasks.values()}
            assert names == {"Take the money", "Retry", "Refund"}
            assert watched.is_silent(2)  # what the sync committed makes no other sync
            tracker.change("Refund", NOW, name="Give it back")
            task.write_text(task.read_text().replace("high", "low"))
            seen = [watched.event("checked")["ids"], watched.event("committed")["ids"]]
            assert seen == [["PAY-1"], ["PAY-1"]]
            assert watched.event("checked")["ids"] == ["PAY-3"]
            watched.event("synced")
            assert "title: Give it back" in (repo / TASKS / "PAY-3.yaml").read_text()
            assert git(repo, "status", "--porcelain") == ""
            assert watched.stop() == 0
        finally:
            watched.end()
