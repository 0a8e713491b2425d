"""`sync init`: from a tracker that is empty-handed to settings with which a sync runs."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.sync.fakes.linear import Linear
from tests.sync.fakes.tracker import TOKEN

RunGit = Callable[..., str]


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Linear]:
    monkeypatch.setenv("LINEAR_API_KEY", TOKEN)
    with Linear().running() as fake:
        yield fake


@pytest.fixture
def cli(repo: Path) -> Cli:
    return Cli(repo)


def test_what_must_be_chosen_is_asked_for_with_what_there_is(cli: Cli, tracker: Linear) -> None:
    done = cli("sync", "init", "linear", "--url", tracker.server.url, code=1)
    assert "Which team is to be mirrored?" in done.stderr
    assert "--scope team=… names it: ENG, OPS ." in done.stderr


def test_settings_are_written_and_a_first_sync_brings_everything_in(
    cli: Cli, tracker: Linear, repo: Path, git: RunGit
) -> None:
    git(repo, "rm", "-rq", "projects")
    git(repo, "commit", "--quiet", "-m", "Empty")
    project = tracker.add("projects", {"title": "Web Shop"})
    parent = None
    for level in range(8):
        fields = {"title": f"Level {level}", "parent": parent, "project": project}
        parent = tracker.add("tasks", fields)
    done = cli(
        "sync", "init", "linear", "--url", tracker.server.url, "--scope", "team=ENG",
        "--add-users", "--commit",
    )  # fmt: skip
    assert "Todo is todo" in done.stderr
    assert "orchestrator sync plan linear" in done.stderr
    text = (repo / "orchestrator.yaml").read_text()
    assert "token: env:LINEAR_API_KEY" in text
    assert TOKEN not in text
    assert (repo / "users/kim.yaml").is_file()
    cli("check")
    shown = cli("sync").stdout
    assert "warning:" in shown
    assert "9 to create here" in shown
    cli("check")
    tasks = json.loads(cli("task", "list", "--json").stdout)
    assert tasks["total"] == 8
    assert {task["project"] for task in tasks["tasks"]} == {"web-shop"}
    assert all(task["external_ids"]["linear"].startswith("ENG-") for task in tasks["tasks"])
    assert cli("sync").stdout == "linear: 9 items are in step\n"
    assert git(repo, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--scope", "team=ENGG"], "has no team ENGG"),
        (["--scope", "team=ENG", "--status", "blocked=Stuck"], "There is no state Stuck"),
        (["--scope", "team=ENG", "--user", "nobody=x"], "There is no user nobody"),
        (["--scope", "team=ENG", "--user", "dana=zoe@x.example"], "There is no account zoe@"),
        (["--scope", "team=ENG", "--project", "nope"], "There is no project nope"),
        (["--scope", "team=ENG", "--name", "A b"], "is no name of an integration"),
        (["--scope", "team=ENG", "--token", "tok-in-the-clear"], "wrong"),
        (["--scope", "team=ENG", "--token", "env:NOT_THERE"], "NOT_THERE is not set"),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_written(
    cli: Cli, tracker: Linear, repo: Path, options: list[str], said: str
) -> None:
    before = (repo / "orchestrator.yaml").read_text()
    done = cli("sync", "init", "linear", "--url", tracker.server.url, *options, code=1)
    assert said in done.stderr
    assert "tok-in-the-clear" not in done.stderr
    assert (repo / "orchestrator.yaml").read_text() == before


def test_a_second_integration_gets_a_name_of_its_own(cli: Cli, tracker: Linear, repo: Path) -> None:
    options = ("--url", tracker.server.url, "--scope", "team=ENG")
    cli("sync", "init", "linear", *options, "--status", "blocked=Todo", "--direction", "pull")
    done = cli("sync", "init", "linear", *options, "--json")
    assert json.loads(done.stdout)["name"] == "linear-eng"
    text = (repo / "orchestrator.yaml").read_text()
    assert "linear-eng:" in text
    assert "direction: pull" in text
    assert "blocked: Todo" in text
    taken = cli("sync", "init", "linear", *options, "--name", "linear", code=1)
    assert "There is an integration linear already." in taken.stderr
