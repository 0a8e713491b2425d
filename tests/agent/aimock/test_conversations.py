"""Conversations of several turns on each provider's own wire format, from the line typed on."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestrator.agent.conversations import conversations
from orchestrator.agent.endpoints import KNOWN
from orchestrator.cli.group import group

PATHS = {"anthropic": "", "openai": "/v1", "google": "/v1", "xai": "/v1"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "node", os.environ["AIMOCK_CLI"], "-p", str(port), "--strict", "--log-level", "warn",
        "-f", str(Path(__file__).with_name("fixtures.json")),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(autouse=True)
def keys(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, found in KNOWN.items():
        monkeypatch.setenv(found.key_variables[0], "a-key-of-nobody")
        monkeypatch.setenv(found.url_variable, server + PATHS[name])


def agent(repo: Path, *arguments: str, stdin: str = "") -> Result:
    done = CliRunner().invoke(group, ["-C", str(repo), "agent", *arguments], input=stdin)
    assert done.exception is None, (done.output, done.exception)
    return done


@pytest.mark.parametrize("provider", KNOWN)
def test_a_conversation_of_two_turns(repo: Path, provider: str) -> None:
    done = agent(repo, "chat", "--provider", provider, stdin="lower PAY-1\nrename PAY-3\n")
    assert done.stdout == "I lowered PAY-1 .\nRenamed.\n"
    (talk,) = conversations(repo / ".git" / "orchestrator")
    assert len(talk.turns) == 4
    assert "PAY-3: title: Refund → Refunds" in done.stderr


@pytest.mark.parametrize("provider", KNOWN)
def test_a_plan(repo: Path, provider: str) -> None:
    done = agent(repo, "plan", "Plan the winter sale", "--provider", provider, "--json")
    row = json.loads(done.stdout)
    assert (row["result"], row["added"]) == ("proposed", 2)
    assert row["estimated_minutes"] == 360
