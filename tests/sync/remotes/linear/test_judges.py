"""Linear's own client against the fake: what it takes for Linear, the adapter may too."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.sync.fakes.linear import Linear
from tests.sync.fakes.linear_graphql import SCHEMAS, vendor_schema
from tests.sync.fakes.server import Fault, Seen
from tests.sync.fakes.tracker import TOKEN

# The variable is read here, since tests run without those that begin with ORCHESTRATOR_.
JUDGES = os.environ.get("ORCHESTRATOR_JUDGES")
NODE = shutil.which("node")
SCRIPT = Path(__file__).with_name("judge.mjs")

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="node is not installed"),
    pytest.mark.skipif(
        JUDGES is None or not Path(JUDGES, "node_modules", "@linear", "sdk").is_dir(),
        reason="ORCHESTRATOR_JUDGES names no folder with @linear/sdk",
    ),
    pytest.mark.skipif(
        vendor_schema("schema.graphql") is None, reason=f"{SCHEMAS} names no folder with Linear's"
    ),
]


@pytest.fixture(scope="module")
def seen() -> Any:
    """What the client saw of a fake that judges by the vendor's whole schema."""
    fake = Linear(schema=vendor_schema("schema.graphql"))
    for number in range(4):
        fake.add("tasks", {"title": f"Issue {number}", "status": "todo", "labels": ["api"]})
    asked = list[Seen]()

    def is_last(request: Seen) -> bool:
        # The wrong token comes second to last: what follows it is the last question.
        asked.append(request)
        return len(asked) > 1 and asked[-2].headers["authorization"] == "wrong"

    fake.server.faults.append(Fault("reply", fits=is_last, reply=fake.limited()))
    with fake.running():
        done = subprocess.run(
            [str(NODE), str(SCRIPT), str(JUDGES), f"{fake.server.url}/graphql", TOKEN],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_client_knows_who_it_is_and_what_the_team_has(seen: Any) -> None:
    assert seen["viewer"] == {"email": "dana@example.com", "displayName": "dana"}
    assert seen["states"] == sorted(
        ["Triage", "Backlog", "Todo", "In Progress", "In Review", "Done", "Canceled", "Duplicate"]
    )


def test_the_client_makes_and_changes_an_issue(seen: Any) -> None:
    assert seen["made"] == {
        "success": True, "id": "6f2f4f0c-6a3a-4b57-9f0e-2b8f5a1c9d11", "identifier": "ENG-5",
        "description": "* one\n* two, see [https://example.com/x](<https://example.com/x>)",
        "state": "Todo",
    }  # fmt: skip
    assert seen["changed"] == {"title": "Changed", "state": "Done", "hasCompletedAt": True}


def test_the_client_lists_over_several_pages(seen: Any) -> None:
    assert seen["pages"] == [2, 2, 1]
    assert seen["listed"] == ["Changed", "Issue 0", "Issue 1", "Issue 2", "Issue 3"]


def test_the_client_reads_relations_and_the_trash(seen: Any) -> None:
    assert seen["blockedBy"] == [True, "blocks"]
    assert seen["trashed"] == [0, 1, True]


@pytest.mark.parametrize(
    ("case", "name", "text"),
    [
        ("twice", "InvalidInputLinearError", "already exists."),
        ("noTeam", "GraphqlLinearError", "teamId"),
        ("nobody", "InvalidInputLinearError", "Entity not found"),
        ("tooMany", "InvalidInputLinearError", "first"),
        ("archived", "InvalidInputLinearError", "Unarchive"),
        ("token", "AuthenticationLinearError", "authenticate"),
        ("limited", "RatelimitedLinearError", "Rate limit"),
    ],
)
def test_the_client_reads_its_typed_errors(seen: Any, case: str, name: str, text: str) -> None:
    error = seen["errors"][case]
    assert error is not None, "nothing was refused"
    assert (error["name"], error["isLinears"]) == (name, True)
    assert text in " ".join(error["messages"])
