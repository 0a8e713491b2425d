"""What docs/trackers/gitlab.md says is what the adapter does."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from orchestrator.errors import OrchestratorError
from orchestrator.model.entities.settings import Settings
from orchestrator.sync.remotes import open_remote
from orchestrator.sync.remotes.gitlab import client
from orchestrator.sync.remotes.gitlab.words import STATUSES
from tests.sync.fakes.gitlab import Gitlab
from tests.sync.fakes.tracker import TOKEN

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "trackers" / "gitlab.md").read_text(encoding="utf-8")
ROWS = "\n".join(line for line in PAGE.splitlines() if line.startswith("|"))


def example() -> Any:
    [text] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return YAML(typ="safe").load(text)


def test_the_example_is_a_settings_file() -> None:
    settings = Settings.model_validate(example())
    assert settings.integrations is not None
    assert settings.integrations["gitlab-plan"].kind == "gitlab"


def test_the_example_works() -> None:
    given = example()["integrations"]["gitlab-plan"]
    changes = {name: given[name] for name in ("scope", "statuses", "priorities", "users")}
    with (
        Gitlab().running() as fake,
        open_remote(fake.tie(**changes), TOKEN, fake.clock.world) as remote,
    ):
        fields = remote.greet().fields
        for status in STATUSES:
            assert remote.represent("tasks", "status", status) == status
        assert remote.represent("tasks", "priority", "urgent") == "urgent"
    for kind, names in fields.items():
        for name in names:
            assert re.search(rf"^\|[^|]*\b{name}\b", ROWS, re.MULTILINE), (kind, name)


@pytest.mark.parametrize(("status", "there"), STATUSES.items())
def test_the_defaults_are_in_the_table(status: str, there: str) -> None:
    [row] = [line for line in ROWS.splitlines() if line.startswith(f"| {status} | ")]
    written = row.split("|")[2]
    assert ("closed" in written) is (status in {"completed", "cancelled"})
    assert {"opened": "without", "closed": "without"}.get(there, f"`{there}`") in written


@pytest.mark.parametrize(
    ("token", "changes"),
    [
        ("wrong", {}),
        (TOKEN, {"scope": {"project": "acme/nowhere"}}),
        (TOKEN, {"scope": {"project": "acme/old"}}),
        (TOKEN, {"statuses": {"completed": "opened"}}),
        ("guest", {}),
        ("read-only", {}),
        ("archived", {}),
    ],
)
def test_what_it_says_when_something_is_wrong_is_what_is_said(
    token: str, changes: dict[str, Any]
) -> None:
    with Gitlab().running() as fake:
        fake.api.old_path = "acme/old"
        fake.rows.level = 10 if token == "guest" else 50
        fake.rows.is_archived = token == "archived"
        fake.api.scopes = ["read_api" if token == "read-only" else "api"]
        given = token if token == "wrong" else TOKEN
        with (
            pytest.raises(OrchestratorError) as caught,
            open_remote(fake.tie(**changes), given, fake.clock.world) as remote,
        ):
            remote.greet()
    said = re.sub(r"acme/\w+", "acme/plan", caught.value.message.split(":")[0])
    assert said.split(" opened")[0].rstrip(". ") in ROWS


def test_every_sentence_of_the_page_is_in_the_code() -> None:
    folder = ROOT / "orchestrator" / "sync"
    files = [*(folder / "remotes" / "gitlab").glob("*.py"), folder / "http.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    plain = re.sub(r"\"\s*f?\"", "", code).replace("{self.vendor.name}", "GitLab")
    table = PAGE.partition("| What it says |")[2].splitlines()[2:]
    for row in table:
        sentence = row.split("|")[1].strip()
        start = re.split(r" acme/plan| completed of", sentence)[0]
        assert start in plain, sentence


def test_the_limits_are_the_ones_that_are_kept() -> None:
    assert "2,000 requests and 200 new issues a minute" in PAGE
    assert [(rate.count, rate.seconds) for rate in client._RATES] == [(2000, 60)]
    assert [(rate.count, rate.seconds) for rate in client._CREATIONS] == [(200, 60)]
