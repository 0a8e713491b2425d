"""What clients see of the tools: few tokens, and nothing that is not bounded."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.agent.catalog import TOOLS as VERBS
from orchestrator.mcp.tools import tools_of, verb, verb_names
from tests.mcp.desks import desk, refused, talk

CHARACTERS_A_TOKEN = 3.5
MOST_TOKENS = 5_000
HOSTILE = (
    "../../etc/passwd", "/etc/passwd", "refs/heads/main", "main~1", "HEAD", "--upload-pack=x",
    "-rf", "$(id)", "`id`", "; rm -rf /", "file:///etc/passwd", "http://169.254.169.254/",
    "PAY-1\n", "PAY-1\x00", "\u202ePAY-1", "PAY-1/../PAY-2", "", "A" * 5_000, "*", "{id}", "PAY-1 ",
)  # fmt: skip


@pytest.mark.parametrize("can_propose", [False, True])
def test_all_tools_as_a_client_gets_them_are_at_most_5000_tokens(
    repo: Path, can_propose: bool
) -> None:
    found = talk(desk(repo, can_propose=can_propose), lambda client: client.list_tools())
    tools = [tool.model_dump(by_alias=True, exclude_none=True) for tool in found.tools]
    text = json.dumps(tools, separators=(",", ":"), ensure_ascii=False)
    assert len(text) / CHARACTERS_A_TOKEN <= MOST_TOKENS
    assert len(tools) == (18 if can_propose else 8)


def test_the_verbs_are_those_of_the_agents() -> None:
    tools = tools_of(can_propose=True)
    verbs = {name for name, entry in VERBS.items() if entry.changes}
    assert set(verb_names()) == verbs
    assert verbs - set(tools) == {"restore"}  # alone it has nothing to bring back
    batch: Any = tools["propose"].parameters["calls"]
    assert set(batch["items"]["properties"]["tool"]["enum"]) == verbs
    for name in verbs:
        assert set(verb(name).parameters) == set(VERBS[name].parameters)


def test_every_text_list_and_number_of_a_schema_is_bounded() -> None:
    tools = tools_of(can_propose=True)
    for name, schema in [*tools.items(), *((name, verb(name)) for name in verb_names())]:
        parts = list(_parts(schema.schema))
        assert len(parts) > 0
        for part in parts:
            match part["type"]:
                case "string":
                    assert {"pattern", "enum", "maxLength"} & set(part), (name, part)
                case "array":
                    assert "maxItems" in part, (name, part)
                case "integer":
                    assert {"minimum", "maximum"} <= set(part), (name, part)
                case "object":
                    is_of_batch = name == "propose" and part.get("description")
                    assert part.get("additionalProperties") is False or is_of_batch, (name, part)
                case other:
                    assert other == "boolean", (name, part)


def test_no_tool_takes_a_path_a_ref_a_url_or_a_command() -> None:
    names = {key for tool in tools_of(can_propose=True).values() for key in tool.parameters}
    odd = {
        "path",
        "file",
        "folder",
        "dir",
        "ref",
        "branch",
        "rev",
        "commit",
        "url",
        "uri",
        "command",
    }
    assert not names & odd


def test_what_a_tool_is_told_to_be_is_what_it_is() -> None:
    for name, tool in tools_of(can_propose=True).items():
        assert tool.hints["read_only_hint"] is not tool.proposes
        if tool.proposes:
            assert tool.hints["destructive_hint"] is False
            assert tool.hints["idempotent_hint"] is (
                name not in {"create_project", "create_task", "create_tasks", "log_time", "propose"}
            )


def test_no_id_is_anything_but_an_id(repo: Path) -> None:
    asked = desk(repo)
    for hostile in HOSTILE:
        for name, arguments in misuses(hostile):
            said = refused(asked.call("test", name, arguments))
            assert len(said) < 2_000
            assert "Traceback" not in said
            assert "bug" not in said
            assert str(repo) not in said
    assert not (repo / ".git" / "refs" / "heads" / "agent").exists()


def misuses(hostile: str) -> list[tuple[str, dict[str, Any]]]:
    """Calls with a text at every place that wants an id."""
    return [
        ("get", {"id": hostile}), ("get", {"proposal": hostile}), ("history", {"id": hostile}),
        ("tree", {"id": hostile}), ("ready", {"project": hostile}), ("explain", {"code": hostile}),
        ("list", {"cursor": hostile}), ("list", {"what": hostile}), ("delete", {"id": hostile}),
        ("set_task", {"id": hostile, "title": "x"}),
        ("move_task", {"id": "PAY-1", "under": hostile}),
        ("set_task", {"id": "PAY-1", "assignee": hostile}),
        ("create_project", {"id": hostile, "title": "x"}),
        ("create_task", {"project": hostile, "title": "x"}),
        ("create_task", {"project": "pay", "title": "x", "proposal": hostile}),
        ("set_dependencies", {"id": "PAY-1", "add": [hostile]}),
        ("propose", {"calls": [{"tool": hostile, "arguments": {}}]}),
        ("propose", {"calls": [{"tool": "set_task", "arguments": {"id": hostile, "title": "x"}}]}),
        (hostile, {}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("list", {"limit": 0}, "limit of list must be from 1 to 200"),
        ("list", {"limit": True}, "must be an integer"),
        ("list", {"limit": "5"}, "must be an integer"),
        ("list", {"lmit": 5}, "Did you mean limit"),
        ("list", {"what": "tasks", "where": "nonsense"}, "nonsense"),
        ("list", {"what": "people", "where": "open"}, "where takes terms about tasks"),
        ("search", {}, "search needs text"),
        ("search", {"text": "x" * 201}, "may have 200"),
        ("search", {"text": None}, "must be a string"),
        ("set_task", {"id": "PAY-1", "status": "done"}, "It is one of todo"),
        ("set_task", {"id": "PAY-1", "completed_at": "2026-01-01"}, "takes no 'completed_at'"),
        ("set_task", {"id": "PAY-1", "labels": ["x"] * 101}, "may have 100"),
        ("set_task", {"id": "PAY-1", "tests": {"unit": "x"}}, "tests.unit of set_task"),
        ("set_task", {"id": "PAY-1", "tests": {"smoke": []}}, "takes no 'tests.smoke'"),
        ("set_task", {"id": "PAY-1", "description": "x" * 50_001}, "may have 50,000"),
        ("create_tasks", {"project": "pay", "tasks": [{"title": "x"}]}, "needs tasks[0].key"),
        ("propose", {"calls": []}, "calls is empty"),
        ("propose", {"calls": [{"tool": "set_task"}]}, "needs calls[0].arguments"),
        ("propose", {"calls": [{"tool": "get", "arguments": {}}]}, "calls[0].tool"),
        ("propose", {"calls": "PAY-1"}, "must be an array"),
        ("propose", {"calls": [{"tool": "delete", "arguments": {"a": "x" * 1_000_001}}]}, "longer"),
    ],
)  # fmt: skip
def test_odd_arguments_are_refused_with_what_would_be_right(
    plan: Path, name: str, arguments: dict[str, Any], said: str
) -> None:
    assert said in refused(desk(plan).call("test", name, arguments))


def test_a_tower_of_arguments_is_refused(repo: Path) -> None:
    tower: Any = "x"
    for _ in range(100_000):
        tower = [tower]
    batch = {"calls": [{"tool": "set_task", "arguments": {"id": tower}}]}
    assert "longer than" in refused(desk(repo).call("test", "propose", batch))


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for part in schema.get("properties", {}).values():
        yield from _parts(part)
    if "items" in schema:
        yield from _parts(schema["items"])
