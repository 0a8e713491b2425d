"""What a sync says of things that are easily overlooked, and what it keeps to itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.store.workspace import Workspace
from tests.conftest import Cli
from tests.sync.fakes.linear import Linear
from tests.sync.fakes.server import Fault, Reply
from tests.sync.fakes.tracker import TOKEN

TASK = "projects/pay/tasks/PAY-1.yaml"


@pytest.fixture
def tracker() -> Iterator[Linear]:
    with Linear().running() as fake:
        yield fake


@pytest.fixture
def synced(repo: Path, tracker: Linear, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line in a workspace that was synced once."""
    monkeypatch.setenv("TRACKER_TOKEN", TOKEN)
    settings = repo / "orchestrator.yaml"
    settings.write_text(
        f"{settings.read_text()}integrations:\n  lin:\n    kind: linear\n"
        f"    token: env:TRACKER_TOKEN\n    url: {tracker.server.url}\n    scope: {{team: ENG}}\n"
    )
    cli = Cli(repo)
    cli("sync")
    return cli


def key_of(tracker: Linear, title: str) -> str:
    return next(key for key, item in tracker.items("tasks").items() if item["title"] == title)


def test_edits_that_a_sync_does_not_see_are_named(synced: Cli, repo: Path) -> None:
    assert "not committed" not in synced("sync", "plan", "lin").stderr
    synced("task", "set", "PAY-1", "title=Mine")
    said = "is not committed; a sync takes the plan as it is committed."
    assert f"{TASK} {said}" in synced("sync", "plan", "lin").stderr
    assert f"{TASK} {said}" in synced("sync").stderr
    (repo / "users/kim.yaml").write_text("id: kim\nname: Kim\n")
    assert f"{TASK} and 1 more are not committed" in synced("sync").stderr


def test_a_project_that_the_settings_name_and_nobody_has_is_named(synced: Cli, repo: Path) -> None:
    settings = repo / "orchestrator.yaml"
    settings.write_text(settings.read_text().replace("  lin:\n", "  lin:\n    projects: [pya]\n"))
    done = synced("sync", "plan", "lin")
    assert "The settings mirror the project pya , which the plan does not have." in done.stderr


def test_what_is_asked_for_in_vain_is_not_the_trackers_last_run(
    synced: Cli, tracker: Linear
) -> None:
    tracker.edit("tasks", key_of(tracker, "Capture"), {"title": "Theirs"})
    synced("task", "set", "PAY-1", "title=Ours", "--commit")
    synced("sync", code=1)
    synced("sync", "resolve", "lin", "PAY-2", "--take", "local", code=1)
    synced("sync", "--only", "PAY-77", "lin", code=1)
    synced("sync", "link", "lin", "PAY-1", "ENG-2", code=1)
    assert "conflict      PAY-1 in title" in synced("sync", "status").stdout


def test_nothing_is_suspended_that_is_not_there(synced: Cli) -> None:
    done = synced("sync", "suspend", "lin", "PAY-77", code=1)
    assert "There is no item PAY-77 in the plan, and nothing is linked by that name." in done.stderr
    assert "left alone" not in synced("sync", "status").stdout


def test_links_alone_are_counted(synced: Cli) -> None:
    synced("sync", "unlink", "lin", "PAY-1")
    done = synced("sync", "link", "lin", "PAY-1", "ENG-1")
    assert re.search(r"^lin: 1 linked, 1 changed here, ", done.stdout, re.MULTILINE)


def test_the_token_reaches_no_file_no_url_no_output_and_no_error(
    synced: Cli, tracker: Linear, repo: Path
) -> None:
    said = []
    tracker.edit("tasks", key_of(tracker, "Retry"), {"title": f"Leaked {TOKEN[:4]}"})
    synced("task", "set", "PAY-1", "title=Ours", "--commit")
    for status in (400, 401, 403, 404, 418):
        reply = Reply(status, {"errors": [{"message": f"no {TOKEN} here"}], "detail": TOKEN})
        for shown in ("--json", None):
            tracker.server.faults[:] = [Fault("reply", 1, reply=reply)]
            done = synced("sync", "lin", *([shown] if shown else []), code=1)
            said += [done.stdout, done.stderr]
    tracker.server.faults.clear()
    for command in ("plan", "drift", "status"):
        done = synced("sync", command, *(["lin"] if command != "status" else []), "--json")
        said += [done.stdout, done.stderr]
    synced("sync", "plan", "lin", "--out", str(repo / "plan.json"))
    said.append(synced("sync", "lin", "--json").stdout)
    assert not any(TOKEN in text for text in said)
    assert not any(TOKEN in f"{seen.path}{seen.query}" for seen in tracker.server.seen)
    git = Workspace(repo, {}).required_repository.git
    everything = git.run("cat-file", "--batch-all-objects", "--batch", "--unordered")
    files = b"".join(path.read_bytes() for path in repo.rglob("*") if path.is_file())
    assert TOKEN.encode() not in everything + files
    assert json.loads((repo / "plan.json").read_text())["integration"] == "lin"


def test_a_commit_that_the_team_waits_for_is_said(
    synced: Cli, tracker: Linear, repo: Path, tmp_path: Path
) -> None:
    git = Workspace(repo, {}).required_repository.git
    git.run("init", "--bare", "--quiet", str(tmp_path / "shared.git"))
    git.run("remote", "add", "origin", str(tmp_path / "shared.git"))
    assert "git push" not in synced("sync").stderr
    tracker.edit("tasks", key_of(tracker, "Capture"), {"title": "Theirs"})
    assert "git push: syncs of the team wait for that commit." in synced("sync").stderr
