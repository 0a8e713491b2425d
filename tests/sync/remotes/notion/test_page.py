"""What docs/trackers/notion.md says is what the adapter does."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from orchestrator.model.entities.settings import Settings
from orchestrator.sync.remotes.notion import listing, values
from orchestrator.sync.remotes.notion.client import _RATES, PAGE
from orchestrator.sync.remotes.notion.columns import USUAL, check_scope
from orchestrator.sync.remotes.notion.ids import uuid_in
from orchestrator.sync.remotes.notion.table import Column, Option
from orchestrator.sync.remotes.notion.words import priorities_of, statuses_of
from tests.sync.fakes.notion import Notion
from tests.sync.remotes.notion.conftest import Opener

ROOT = Path(__file__).parents[4]
PAGE_TEXT = (ROOT / "docs" / "trackers" / "notion.md").read_text(encoding="utf-8")
TABLES = PAGE_TEXT.partition("## What becomes what")[2].partition("In `scope`")[0]
TYPES = {"rich_text": "text", "people": "person", "multi_select": "multi-select"}


def example() -> Any:
    [text] = re.findall(r"^```yaml\n(.*?)^```$", PAGE_TEXT, re.MULTILINE | re.DOTALL)
    return YAML(typ="safe").load(text)["integrations"]["notion-eng"]


def test_the_example_is_a_settings_file_that_works(fake: Notion, opened: Opener) -> None:
    given = example()
    Settings.model_validate({"version": 1, "name": "Acme", "integrations": {"notion-eng": given}})
    check_scope(given["scope"], "notion-eng")
    assert uuid_in(given["scope"]["database"])
    assert uuid_in(given["scope"]["projects"])
    status = fake.tasks.properties["Status"]
    more = (*status.options, ("Waiting for QA", 1))
    fake.tasks.properties["Status"] = status._replace(options=more)
    fake.tasks.properties["Deadline"] = fake.tasks.properties.pop("Due")
    fake.book.users["dana"] |= {"name": "Dana Ionescu", "person": {}}
    changes = {name: given[name] for name in ("statuses", "priorities", "users")}
    remote = opened(scope={**given["scope"], **fake.tie().scope}, **changes)
    table = remote.tables["tasks"]
    assert table.statuses["in_review"] == "Waiting for QA"
    assert table.priorities["urgent"] == "P0"
    assert table.accounts["dana"].name == "Dana Ionescu"
    assert table.columns["due_date"].name == "Deadline"
    assert "actual_minutes" not in table.columns


def test_every_field_is_in_the_tables_with_its_property_and_type() -> None:
    tasks, projects = TABLES.partition("| Project | Property")[::2]
    for table, fields in ((tasks, USUAL["tasks"]), (projects, USUAL["projects"])):
        for name, usual in fields.items():
            if name == "external_id":
                continue
            [row] = [line for line in table.splitlines() if re.match(rf"\|[^|]*\b{name}\b", line)]
            cells = [cell.strip() for cell in row.split("|")[1:-1]]
            assert name == "title" or usual.name in cells[1], row
            words = [TYPES.get(each, each) for each in usual.types]
            assert any(word in cells[2] for word in words), row


def test_the_options_that_it_names_are_the_usual_ones() -> None:
    said = PAGE_TEXT.partition("Statuses are told")[2].partition("; `statuses`")[0]
    said = said.replace("\n", " ")
    pairs = dict(re.findall(r"`(\w+)` (?:is )?\*([^*]+)\*", said))
    options = tuple(Option(name) for name in pairs.values())
    column = Column("s", "Status", "status", options)
    assert statuses_of("tasks", column, {}) == pairs
    assert len(pairs) == 6
    stages = re.search(r"Status: ([^|]*?) \|", TABLES)
    assert stages is not None
    names = tuple(Option(name) for name in stages[1].split(", "))
    found = statuses_of("projects", Column("s", "Status", "status", names), {})
    assert list(found.values()) == [option.name for option in names]
    levels = priorities_of(Column("p", "Priority", "select"), {})
    assert f"Priority: {', '.join(levels.values())}" in TABLES


def test_its_numbers_are_those_of_the_code() -> None:
    assert _RATES[0].count == 3
    assert "no more than three requests a second" in PAGE_TEXT
    assert f"each {PAGE} pages" in PAGE_TEXT
    assert f"{values.CHUNK * values.MOST:,} characters" in PAGE_TEXT
    assert listing.OVERLAP.total_seconds() == 300
    assert "in the last five minutes" in PAGE_TEXT


def test_what_it_says_when_something_is_wrong_is_in_the_code() -> None:
    folder = ROOT / "orchestrator" / "sync" / "remotes" / "notion"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    code = re.sub(r"\{[^{}]*\}", "…", re.sub(r'"\s*\n\s*f?"', "", code)).replace("Notion …", "…")
    for row in PAGE_TEXT.partition("| What it says |")[2].splitlines()[2:]:
        for piece in row.split("|")[1].strip().split(" … "):
            assert piece.strip("… ").removeprefix("Notion ") in code, piece
