"""What docs/trackers/github.md says is what the adapter does."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from orchestrator.errors import OrchestratorError
from orchestrator.model.entities.settings import Settings
from orchestrator.sync.remotes import open_remote
from orchestrator.sync.remotes.github import client
from orchestrator.sync.remotes.github.words import STATUSES
from tests.sync.fakes.github import Github
from tests.sync.fakes.tracker import TOKEN

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "trackers" / "github.md").read_text(encoding="utf-8")
ROWS = "\n".join(line for line in PAGE.splitlines() if line.startswith("|"))


def example() -> Any:
    [text] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return YAML(typ="safe").load(text)


def test_the_example_is_a_settings_file() -> None:
    settings = Settings.model_validate(example())
    assert settings.integrations is not None
    assert settings.integrations["github-plan"].kind == "github"


def test_the_example_works() -> None:
    given = example()["integrations"]["github-plan"]
    changes = {name: given[name] for name in ("scope", "statuses", "priorities", "users")}
    with (
        Github().running() as fake,
        open_remote(fake.tie(**changes), TOKEN, fake.clock.world) as remote,
    ):
        fields = remote.greet().fields
        assert remote.represent("tasks", "status", "in_review") == "in_review"
    for kind, names in fields.items():
        for name in names:
            assert re.search(rf"^\|[^|]*\b{name}\b", ROWS, re.MULTILINE), (kind, name)


@pytest.mark.parametrize(("status", "there"), STATUSES.items())
def test_the_defaults_are_in_the_table(status: str, there: str) -> None:
    [row] = [line for line in ROWS.splitlines() if line.startswith(f"| {status} | ")]
    shown = {"open": "open, without", "not_planned": "as not planned"}.get(there, there)
    assert shown in row


@pytest.mark.parametrize(
    ("token", "changes"),
    [
        ("wrong", {}),
        (TOKEN, {"scope": {"repository": "acme/nowhere"}}),
        (TOKEN, {"scope": {"repository": "acme/old"}}),
        (TOKEN, {"statuses": {"completed": "done"}}),
        ("read-only", {}),
    ],
)
def test_what_it_says_when_something_is_wrong_is_what_is_said(
    token: str, changes: dict[str, Any]
) -> None:
    with Github().running() as fake:
        fake.api.old_name = "acme/old"
        if token == "read-only":
            fake.api.may = {"push": False, "triage": False}
        with (
            pytest.raises(OrchestratorError) as caught,
            open_remote(
                fake.tie(**changes), TOKEN if token == "read-only" else token, fake.clock.world
            ) as remote,
        ):
            remote.greet()
    said = re.sub(r"acme/\w+", "acme/plan", caught.value.message.split(":")[0])
    assert said.split(" done")[0].rstrip(". ") in ROWS


def test_every_sentence_of_the_page_is_in_the_code() -> None:
    folder = ROOT / "orchestrator" / "sync" / "remotes" / "github"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    plain = re.sub(r"\"\s*f?\"", "", code)
    table = PAGE.partition("| What it says |")[2].splitlines()[2:]
    for row in table:
        sentence = row.split("|")[1].strip()
        start = re.split(r" acme/plan| completed of", sentence)[0]
        assert start in plain, sentence


def test_the_limits_are_the_ones_that_are_kept() -> None:
    assert "80 new things a minute and 500 an hour" in PAGE
    assert [(rate.count, rate.seconds) for rate in client._CREATIONS] == [(80, 60), (500, 3600)]
