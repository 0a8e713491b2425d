"""`policy show` and `policy explain`: what agents may do, and which line says so."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Cli

POLICY = """version: 1
name: Test
policy:
  agents:
    allow:
      - entities: [tasks]
        fields: [title, status]
    deny:
      - {projects: [ops]}
    limits:
      entities: 5
  by_agent:
    triage:
      allow:
        - fields: [labels]
      accept: auto
  protected: [main, release/*]
"""
OPS: list[dict[str, Any]] = [
    {"op": "replace", "path": "/tasks/PAY-1/status", "value": "blocked"},
    {"op": "replace", "path": "/tasks/PAY-1/priority", "value": "low"},
]


@pytest.fixture
def ruled(cli: "Cli", git: "Callable[..., str]") -> "Cli":
    """The command line in a workspace with a policy."""
    (cli.folder / "orchestrator.yaml").write_text(POLICY)
    git(cli.folder, "commit", "--quiet", "-am", "Policy")
    return cli


def given(folder: "Path", author: str | None = "agent:planner") -> str:
    (folder / "patch.json").write_text(json.dumps({"author": author, "ops": OPS}))
    return "patch.json"


def test_explain_says_which_line_decides(ruled: "Cli") -> None:
    done = ruled("policy", "explain", given(ruled.folder), code=1)
    assert [re.split("  +", line) for line in done.stdout.splitlines()] == [
        ["may", "set status of PAY-1", "the policy allows it", "orchestrator.yaml:6"],
        ["may not", "set priority of PAY-1", "no rule of the policy allows it",
         "orchestrator.yaml:5"],
    ]  # fmt: skip


def test_explain_in_json_and_for_another_agent(ruled: "Cli") -> None:
    shown = json.loads(
        ruled("policy", "explain", "-", "--author", "agent:triage", "--json", stdin=json.dumps(OPS),
              code=1).stdout
    )  # fmt: skip
    assert (shown["agent"], shown["allowed"], shown["accept"]) == ("triage", False, "auto")
    assert shown["total"] == 2
    assert [row["place"] for row in shown["decisions"]] == ["orchestrator.yaml:14"] * 2
    assert shown["decisions"][0] == {
        "kind": "tasks", "id": "PAY-1", "op": "replace", "field": "status",
        "change": "set status of PAY-1", "allowed": False,
        "because": "no rule of the policy allows it", "pointer": "/policy/by_agent/triage/allow",
        "place": "orchestrator.yaml:14",
    }  # fmt: skip


def test_explain_reads_the_policy_of_the_target(ruled: "Cli") -> None:
    done = ruled("policy", "explain", given(ruled.folder), "--target", "HEAD~1")
    assert "there is no policy that forbids it" in done.stdout
    assert "A person has to accept it; its branch is agent/planner/… ." in done.stderr


def test_explain_is_about_agents(ruled: "Cli") -> None:
    done = ruled("policy", "explain", given(ruled.folder, "dana"), code=1)
    assert done.stderr == (
        "error: The policy is about agents, and the patch is by none.\n"
        "hint: Name the agent with --author agent:NAME .\n"
    )


def test_show_lists_the_rules_with_their_lines(ruled: "Cli") -> None:
    lines = ruled("policy", "show").stdout.splitlines()
    found = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]
    assert ["every agent", "allow", "any op · tasks · only title, status",
            "orchestrator.yaml:6"] in found  # fmt: skip
    assert ["every agent", "deny", "any op · tasks and projects · in ops",
            "orchestrator.yaml:9"] in found  # fmt: skip
    assert ["triage", "deny", "any op · tasks and projects · in ops",
            "orchestrator.yaml:9"] in found  # fmt: skip
    assert ["triage", "accept", "auto", "orchestrator.yaml:16"] in found
    assert ["every agent", "deletions", "0 a patch"] in found
    assert ["a server", "protected", "main, release/*", "orchestrator.yaml:17"] in found
    assert ["a server", "signatures", "off"] in found


def test_show_one_agent_in_json(ruled: "Cli") -> None:
    shown = json.loads(ruled("policy", "show", "triage", "--json").stdout)
    assert shown["total"] == len(shown["rules"]) == 5
    assert shown["rules"][0] == {
        "agent": "triage", "rule": "allow", "says": "any op · tasks and projects · only labels",
        "pointer": "/policy/by_agent/triage/allow/0", "place": "orchestrator.yaml:15",
    }  # fmt: skip


def test_show_says_what_holds_without_a_policy(cli: "Cli") -> None:
    done = cli("policy", "show")
    assert done.stdout == ""
    assert "There is no policy: agents may change tasks and projects" in done.stderr
    assert json.loads(cli("policy", "show", "--json").stdout) == {
        "policy": None, "total": 0, "rules": [],
    }  # fmt: skip


def test_a_policy_with_an_unknown_key_is_no_policy(cli: "Cli") -> None:
    (cli.folder / "orchestrator.yaml").write_text("name: Test\npolicy:\n  agent: {}\n")
    done = cli("policy", "show", code=1)
    assert "The policy cannot be read, so no agent may change anything" in done.stderr
    assert "Did you mean agents ?" in done.stderr
    assert "orchestrator.yaml:3:3: error[ORC101]" in cli("check", code=1).stdout


def test_a_refused_patch_writes_nothing(ruled: "Cli", git: "Callable[..., str]") -> None:
    before = git(ruled.folder, "for-each-ref")
    done = ruled("patch", "apply", given(ruled.folder), "--branch", "agent/planner/x", code=1)
    assert "ORC401 orchestrator.yaml:5: Agent planner may not set priority of PAY-1" in done.stderr
    assert "hint: orchestrator policy explain FILE" in done.stderr
    assert git(ruled.folder, "for-each-ref") == before
