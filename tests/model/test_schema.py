"""The JSON Schemas say what the models say, in the form that editors show best."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from orchestrator.model.fields import FIELDS, REQUIRED
from orchestrator.model.places import Kind, place_of
from orchestrator.model.problem import Problem
from orchestrator.model.rules import RULES
from orchestrator.model.schema import schemas
from orchestrator.model.shape import judge
from orchestrator.text.read import read

ROOT = Path(__file__).parent.parent.parent
SCHEMAS: dict[str, Any] = {name: json.loads(text) for name, text in schemas().items()}
NAMES: dict[Kind, str] = {
    "tasks": "task",
    "projects": "project",
    "users": "user",
    "settings": "settings",
}
EXAMPLE_FILES = sorted(
    path
    for settings in ROOT.glob("examples/*/orchestrator.yaml")
    for path in settings.parent.rglob("*.yaml")
)
RIGHT: dict[Kind, dict[str, Any]] = {
    "tasks": {"id": "PAY-1", "title": "Capture", "status": "todo"},
    "projects": {"id": "pay", "key": "PAY", "title": "Payments", "status": "active"},
    "users": {"id": "dana", "name": "Dana"},
    "settings": {"name": "Team"},
}
OP = {"op": "replace", "path": "/tasks/PAY-1/status", "value": "completed"}
# What people and programs write into any field, right or wrong.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 2, -1, 5, 21, 90, 1.5, 24.5, 10_000_001, "", " ", "x", "PAY", "PAY-1",
    "pay-1", "pay", "Dana", "dana", "dana.i", "two\nlines", "x" * 100, "x" * 101, "x" * 501, "todo",
    "done", "active", "high", "urgent", "P1", "human", "agent", "admin", "owner", "manual", "auto",
    "2026-11-22", "2026-1-2", "22.11.2026", "2026-11-22T09:30:00+01:00", "2026-11-22T09:30Z",
    "2026-11-22 09:30:00.5+01:00", "2026-11-22T09:30:00", "dana@example.com", "dana@", "1h30m",
    [], ["api"], ["api", "api"], ["api", "db"], [""], ["two\nlines"], [1], ["PAY-1"],
    ["PAY-1", "OPS-2"], ["pay-1"], ["unit"], ["unit", "security"], ["smoke"], {}, {"a": 1},
    {"github": "7"}, {"github": 7}, {"github": ""}, {"Git Hub": "7"}, {"unit": ["a"]}, {"unit": []},
    {"unit": [""]}, {"unit": None}, {"smoke": ["a"]}, {"ORC305": "off"}, {"ORC305": "loud"},
    {"ORC999": "off"}, [{"at": "2026-11-22T09:30:00Z", "minutes": 5}], [{"minutes": 5}],
    [{"at": "2026-11-22T09:30:00Z", "minutes": 5, "user": None, "note": "x"}],
    [{"at": "2026-11-22T09:30:00Z", "minutes": "5"}], [{"at": "now", "minutes": 5}],
    {"eng": {"kind": "linear", "token": "env:LINEAR_API_KEY"}},
    {"eng": {"kind": "linear", "token": "lin_api_abc"}},
    {"eng": {"kind": "jira", "token": "env:JIRA"}}, {"eng": {"kind": "linear"}},
    {"Eng": {"kind": "linear", "token": "env:LINEAR_API_KEY"}},
)  # fmt: skip


def is_valid(name: str, document: Any) -> bool:
    checker = jsonschema.FormatChecker()
    return bool(
        jsonschema.Draft202012Validator(SCHEMAS[name], format_checker=checker).is_valid(document)
    )


def properties(node: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every property of a schema and its definitions, with its place."""
    if isinstance(node, dict):
        for key, value in node.items():
            # What is under `if` is a condition, not something that an editor shows.
            if key == "properties" and not where.endswith("/if"):
                for name, property_ in value.items():
                    yield f"{where}/{name}", property_
            if key not in ("examples", "default", "enum"):
                yield from properties(value, f"{where}/{key}")
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from properties(item, f"{where}/{index}")


PROPERTIES = [(name, *found) for name in SCHEMAS for found in properties(SCHEMAS[name])]
PLACES = [f"{name}{where}" for name, where, _ in PROPERTIES]


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_valid_draft_2020_12(name: str) -> None:
    schema = SCHEMAS[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"orchestrator {name}"
    assert schema["description"]
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_files_in_schemas_are_fresh(name: str) -> None:
    found = (ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert found == schemas()[name], "run: python docs/generate.py"


def test_there_is_no_file_for_a_schema_that_is_gone() -> None:
    assert {path.stem for path in (ROOT / "schemas").glob("*.json")} == set(SCHEMAS)


@pytest.mark.parametrize(("name", "where", "node"), PROPERTIES, ids=PLACES)
def test_every_property_says_what_it_is(name: str, where: str, node: Any) -> None:
    assert node["title"], (name, where)
    assert node["description"].endswith("."), (name, where)


@pytest.mark.parametrize(("name", "where", "node"), PROPERTIES, ids=PLACES)
def test_examples_and_defaults_are_valid(name: str, where: str, node: Any) -> None:
    schema = {**node, "$id": f"urn:{where}", "$defs": SCHEMAS[name].get("$defs", {})}
    values = [*node.get("examples", ()), *([node["default"]] if "default" in node else [])]
    for value in values:
        jsonschema.validate(value, schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(("name", "where", "node"), PROPERTIES, ids=PLACES)
def test_no_property_is_a_choice_with_nothing(name: str, where: str, node: Any) -> None:
    assert {"type": "null"} not in node.get("anyOf", ()), (name, where)


@pytest.mark.parametrize("kind", NAMES)
def test_a_schema_has_the_fields_of_its_kind(kind: Kind) -> None:
    assert set(SCHEMAS[NAMES[kind]]["properties"]) == set(FIELDS[kind])


def test_words_to_choose_from_are_listed() -> None:
    task = SCHEMAS["task"]["properties"]
    assert task["status"]["enum"] == [
        "todo", "in_progress", "blocked", "in_review", "completed", "cancelled"
    ]  # fmt: skip
    assert task["priority"]["enum"] == ["low", "medium", "high", "urgent", None]
    assert task["priority"]["default"] == "medium"
    rules = SCHEMAS["settings"]["properties"]["rules"]["properties"]
    assert set(rules) == set(RULES)
    assert rules["ORC305"]["enum"] == ["error", "warning", "off"]


@pytest.mark.parametrize(
    "path", EXAMPLE_FILES, ids=[str(path.relative_to(ROOT)) for path in EXAMPLE_FILES]
)
def test_the_files_of_the_examples_are_valid(path: Path) -> None:
    root = next(folder for folder in path.parents if (folder / "orchestrator.yaml").exists())
    place = place_of(path.relative_to(root).as_posix())
    assert place is not None
    document = read(path.name, path.read_bytes())
    jsonschema.validate(document, SCHEMAS[NAMES[place.kind]], jsonschema.Draft202012Validator)


@pytest.mark.parametrize("kind", NAMES)
def test_a_file_with_an_unknown_key_is_not_valid(kind: Kind) -> None:
    assert is_valid(NAMES[kind], RIGHT[kind])
    assert not is_valid(NAMES[kind], {**RIGHT[kind], "prioritee": "high"})


@pytest.mark.parametrize("kind", NAMES)
def test_a_file_without_a_required_key_is_not_valid(kind: Kind) -> None:
    for key in REQUIRED[kind]:
        lacking = {name: value for name, value in RIGHT[kind].items() if name != key}
        assert not is_valid(NAMES[kind], lacking)


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, name) for kind in NAMES for name in FIELDS[kind]]
)
def test_a_schema_and_the_models_agree_on_every_value(kind: Kind, field: str) -> None:
    for value in VALUES:
        document = {**RIGHT[kind], field: value}
        problems: tuple[Problem, ...] = judge(kind, "x.yaml", document, None).problems
        assert is_valid(NAMES[kind], document) is not bool(problems), (value, problems)


def test_no_pattern_needs_what_only_python_has() -> None:
    # Editors match with JavaScript's regular expressions.
    for _, _, node in PROPERTIES:
        assert not re.search(r"\(\?(?!:)|\\[AZz]", node.get("pattern", ""))


@pytest.mark.parametrize(
    "patch",
    [
        [OP],
        {"ops": [OP]},
        {"title": "x", "reason": None, "author": "agent:planner", "base": "HEAD", "ops": [OP]},
        [{"op": "remove", "path": "/tasks/PAY-1"}],
        [{"op": "move", "from": "/tasks/PAY-1/title", "path": "/tasks/PAY-1/description"}],
        [{"op": "test", "path": "/tasks/PAY-1/parent", "value": None}],
        [{**OP, "note": "members that the operation does not define are ignored"}],
    ],
)
def test_patches_are_valid(patch: Any) -> None:
    assert is_valid("patch", patch)


@pytest.mark.parametrize(
    "patch",
    [
        OP,
        {"title": "no ops"},
        {"ops": [OP], "titel": "x"},
        [{"op": "replace", "path": "/tasks/PAY-1/status"}],
        [{"op": "move", "path": "/tasks/PAY-1"}],
        [{"op": "set", "path": "/tasks/PAY-1/status", "value": "x"}],
        [{"op": "remove", "path": "tasks/PAY-1"}],
    ],
)
def test_wrong_patches_are_not_valid(patch: Any) -> None:
    assert not is_valid("patch", patch)
