"""What docs/trackers/motion.md says is what the adapter does."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from orchestrator.model.entities.settings import Settings
from orchestrator.sync.remotes.motion.remote import CAPABILITIES
from orchestrator.sync.remotes.motion.remote import Motion as Remote
from tests.sync.fakes.motion import Motion
from tests.sync.fakes.tracker import TOKEN

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "trackers" / "motion.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## What becomes what")[2].partition("Statuses are")[0]


def example() -> Any:
    [text] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return YAML(typ="safe").load(text)


def test_the_example_is_a_settings_file_that_works() -> None:
    settings = Settings.model_validate(example())
    assert settings.integrations is not None
    given = example()["integrations"]["motion-eng"]
    fake = Motion()
    fake.states.append(("Waiting for QA", False, False))
    fake.users["dana"] = {"id": "us_4", "name": "Dana Ionescu"}
    changes = {name: given[name] for name in ("scope", "statuses", "users")}
    with (
        fake.running(),
        Remote(fake.tie(**changes), TOKEN, fake.clock.world) as remote,
    ):
        remote.greet()
        assert remote.words.states["in_review"] == "Waiting for QA"
        assert remote.words.accounts["dana"].id == "us_4"


def test_every_field_of_a_task_is_in_the_table() -> None:
    for name in CAPABILITIES.fields["tasks"]:
        assert re.search(rf"^\|[^|]*\b{name}\b", TABLE, re.MULTILINE), name


def test_what_it_says_when_something_is_wrong_is_in_the_code() -> None:
    folder = ROOT / "orchestrator" / "sync" / "remotes" / "motion"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    for row in PAGE.partition("| What it says |")[2].splitlines()[2:]:
        start = row.split("|")[1].strip().split(" …")[0]
        assert start in code, start
