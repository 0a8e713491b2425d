"""What docs/trackers/linear.md says is what the adapter does."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from orchestrator.model.entities.settings import Settings
from orchestrator.sync.errors import RemoteError
from orchestrator.sync.remotes import open_remote
from orchestrator.sync.remotes.linear.mapping import PROJECT_FIELDS, TASK_FIELDS
from tests.sync.fakes.linear import Linear
from tests.sync.fakes.tracker import TOKEN

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "trackers" / "linear.md").read_text(encoding="utf-8")


def example() -> Any:
    [text] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return YAML(typ="safe").load(text)


def test_the_example_is_a_settings_file() -> None:
    settings = Settings.model_validate(example())
    assert settings.integrations is not None
    assert settings.integrations["linear-eng"].kind == "linear"


def test_the_example_works_once_the_states_are_there() -> None:
    given = example()["integrations"]["linear-eng"]
    fake = Linear()
    team = fake.book.team["id"]
    for name in ("QA", "Waiting"):
        fake.book.put("WorkflowState", name=name, type="started", position=9.0, teamId=team)
    names = ("scope", "statuses", "priorities", "users")
    changes = {name: given[name] for name in names}
    with fake.running(), open_remote(fake.tie(**changes), TOKEN, fake.clock.world) as remote:
        fields = remote.greet().fields
    assert set(fields["tasks"]) == {*TASK_FIELDS, "estimated_minutes"}


@pytest.mark.parametrize("fields", [TASK_FIELDS, PROJECT_FIELDS], ids=["tasks", "projects"])
def test_every_field_that_is_kept_in_step_is_in_a_table(fields: tuple[str, ...]) -> None:
    rows = "\n".join(line for line in PAGE.splitlines() if line.startswith("|"))
    for name in fields:
        assert re.search(rf"^\|[^|]*\b{name}\b", rows, re.MULTILINE), name


def test_what_it_says_when_something_is_wrong_is_what_is_said() -> None:
    fake = Linear()
    said = []
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("wrong", {}), (TOKEN, {"scope": {"team": "GONE"}}), (TOKEN, {"statuses": {"todo": "QA"}})
    ]  # fmt: skip
    with fake.running():
        for token, changes in wrong:
            remote = open_remote(fake.tie(**changes), token, fake.clock.world)
            with remote, pytest.raises(RemoteError) as caught:
                remote.greet()
            said.append(caught.value.message)
    page = PAGE.replace("team ENG that", "team GONE that")
    for sentence in said:
        assert sentence.split(":")[0].split(" ,")[0].rstrip(".") in page
