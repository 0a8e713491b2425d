"""The protocol end to end with the SDK's own client: in memory, over stdio and over HTTP."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from orchestrator.cli.group import group
from orchestrator.errors import OrchestratorError
from tests.conftest import write
from tests.mcp.desks import audited, desk, protocol_error, talk
from tests.mcp.test_proposing import VERBS, batch
from tests.mcp.test_reading import READS, many

Git = Callable[..., str]
TOKEN = "a-token-of-some-length"
HEADERS = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {}}


def command(repo: Path, *arguments: str) -> StdioServerParameters:
    """The command as a client starts it."""
    given = ["-m", "orchestrator", "mcp", *arguments]
    return StdioServerParameters(command=sys.executable, args=given, cwd=repo, env=dict(os.environ))


@contextmanager
def serving(repo: Path, *arguments: str, **variables: str) -> Iterator[str]:
    """The URL of a server of its own process, which ends with 130 when it is interrupted."""
    server = subprocess.Popen(
        [sys.executable, "-m", "orchestrator", "mcp", *arguments], cwd=repo, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **variables},
    )  # fmt: skip
    assert server.stderr is not None
    assert server.stdout is not None
    try:
        said = server.stderr.readline()
        assert said.startswith("Listening on http://"), said + server.stderr.read()
        yield said.split()[2].replace("0.0.0.0", "127.0.0.1")
        server.send_signal(signal.SIGINT)
        assert server.wait(10) == 130
        assert server.stdout.read() == ""
        assert "Traceback" not in server.stderr.read()
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        server.stderr.close()


async def everything(client: Client) -> dict[str, Any]:
    """Call each tool, read resources, get prompts; return what tells whether that went well."""
    names = [tool.name for tool in (await client.list_tools()).tools]
    found: dict[str, Any] = {"names": names}
    calls = {**READS, **VERBS, "propose": batch(("set_task", {"id": "PAY-2", "title": "Again"}))}
    for name in names:
        result = await client.call_tool(name, calls[name])
        [content] = result.content
        assert content.type == "text"
        assert json.loads(content.text) == result.structured_content
        assert not result.is_error, content.text
        found[name] = result.structured_content
    lost = await client.call_tool("get", {"id": "PAY-9"})
    assert lost.is_error
    assert lost.structured_content["error"] == "There is no task PAY-9 ."
    templates = (await client.list_resource_templates()).resource_templates
    found["templates"] = [template.uri_template for template in templates]
    found["resources"] = [item.uri for item in (await client.list_resources()).resources]
    for uri in found["resources"]:
        [page] = (await client.read_resource(uri)).contents
        assert page.mime_type == "application/json"
        assert json.loads(page.text)["id"] == uri.rpartition("/")[2]  # type: ignore[union-attr]
    found["prompts"] = [item.name for item in (await client.list_prompts()).prompts]
    return found


def right(found: dict[str, Any]) -> None:
    """Assert that all of it was as it must be."""
    assert len(found["names"]) == 18
    assert found["list"]["total"] == 3
    assert found["propose"]["proposal"]["target"] == "main"
    assert found["templates"] == ["orchestrator://task/{id}", "orchestrator://project/{id}"]
    assert found["resources"] == [
        "orchestrator://project/pay", *(f"orchestrator://task/PAY-{n}" for n in (1, 2, 3))
    ]  # fmt: skip
    assert found["prompts"] == ["plan", "review"]


@pytest.mark.parametrize("mode", ["legacy", pytest.param("auto", marks=pytest.mark.slow)])
def test_in_memory(repo: Path, mode: str) -> None:
    right(talk(desk(repo), everything, mode=mode))
    assert {line["client"] for line in audited(repo)} == {"mcp 0.1.0"}


def test_over_stdio(repo: Path, git: Git) -> None:
    before = git(repo, "rev-parse", "main")
    right(talk(command(repo), everything))
    assert git(repo, "rev-parse", "main") == before
    assert git(repo, "status", "--porcelain") == ""
    assert len(audited(repo)) > 20


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_over_http(repo: Path, mode: str) -> None:
    with serving(repo, "--http", "0", "--author", "planner") as url:
        right(talk(url, everything, mode=mode))
        found = talk(url, lambda client: client.call_tool("list", {"what": "proposals"}))
        assert found.structured_content["total"] == 10


def test_over_http_sessions_know_nothing_of_each_other(repo: Path, git: Git) -> None:
    with (repo / "projects/pay/tasks/PAY-2.yaml").open("a") as file:
        file.write("external_ids: {linear: ENG-1}\n")
    git(repo, "commit", "-qam", "Sync")
    with serving(repo, "--http", "0") as url:
        talk(url, lambda client: client.call_tool("list", {}), mode="legacy")

        async def twice(client: Client) -> list[str]:
            messages = []
            for title in ("Before", "After"):
                made = await client.call_tool("set_task", {"id": "PAY-3", "title": title})
                branch = made.structured_content["proposal"]["branch"]
                messages.append(git(repo, "log", "-1", "--format=%B", branch))
                await client.call_tool("list", {})
            return messages

        # Another client has read what a tracker brought; this one has not, until it lists it.
        before, after = talk(url, twice, mode="legacy")
        assert "Tainted" not in before
        assert "Orchestrator-Tainted: PAY-2" in after

        async def crowd(client: Client) -> list[bool]:
            calls = (client.call_tool("get", {"id": "PAY-1"}) for _ in range(20))
            return [answer.is_error for answer in await asyncio.gather(*calls)]

        assert talk(url, crowd) == [False] * 20


def test_eight_proposals_at_once_are_eight(repo: Path, git: Git) -> None:
    async def crowd(client: Client) -> set[str]:
        calls = (
            client.call_tool("create_task", {"project": "pay", "title": f"Task {number}"})
            for number in range(8)
        )
        answers = await asyncio.gather(*calls)
        return {answer.structured_content["proposal"]["branch"] for answer in answers}

    assert len(talk(desk(repo), crowd)) == 8
    assert len(git(repo, "branch", "--list", "agent/mcp/*").splitlines()) == 8


def test_only_stdin_and_stdout_and_nothing_else_on_them(repo: Path) -> None:
    write(repo, {"projects/pay/tasks/PAY-2.yaml": "id: [\n"})
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": {"name": "by hand\n\x1b[31m", "version": "1"}}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call",
         "params": {"name": "check", "arguments": {}}},
    ]  # fmt: skip
    sent = "".join(f"{json.dumps(line)}\n" for line in lines) + "no json at all\n" + "[" * 100_000
    done = subprocess.Popen(
        [sys.executable, "-m", "orchestrator", "mcp"], cwd=repo, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert done.stdin is not None
    assert done.stdout is not None
    done.stdin.write(sent + "\n")
    done.stdin.flush()
    answers: list[dict[str, Any]] = []
    while not any(answer.get("id") == 2 for answer in answers):
        answers.append(json.loads(done.stdout.readline()))
    _, said = done.communicate(timeout=10)
    assert done.returncode == 0, said
    assert answers[0]["result"]["serverInfo"]["name"] == "orchestrator"
    problems = answers[-1]["result"]["structuredContent"]["problems"]
    assert problems[0]["file"] == "projects/pay/tasks/PAY-2.yaml"
    assert audited(repo)[-1]["client"] == "by hand [31m 1"


def test_interrupting_it_ends_it_at_once(repo: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "orchestrator", "mcp"], cwd=repo, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": {"name": "x", "version": "1"}}}) + "\n"
    )  # fmt: skip
    running.stdin.flush()
    assert running.stdout.readline()
    running.send_signal(signal.SIGINT)
    assert running.wait(5) == 130
    _, said = running.communicate()
    assert said == "interrupted\n"


def test_resources_come_in_pages_and_others_do_not_exist(repo: Path) -> None:
    many(repo, 250)

    async def pages(client: Client) -> list[int]:
        first = await client.list_resources()
        second = await client.list_resources(cursor=first.next_cursor)
        assert second.next_cursor is None
        return [len(first.resources), len(second.resources)]

    assert talk(desk(repo), pages) == [200, 54]
    for uri in (
        "orchestrator://task/PAY-9999", "orchestrator://task/../../x", "file:///etc/passwd",
        "orchestrator://user/dana", "orchestrator://project/PAY-1", "orchestrator://task/PAY-1?x",
    ):  # fmt: skip
        said = protocol_error(desk(repo), partial(Client.read_resource, uri=uri))
        assert "There is no" in said or "names nothing here" in said
    said = protocol_error(desk(repo), partial(Client.list_resources, cursor="../x"))
    assert "cursor is none" in said


def test_prompts_bring_the_plan_along_and_say_what_is_data(repo: Path) -> None:
    async def say(client: Client) -> tuple[str, str]:
        made = await client.call_tool("set_task", {"id": "PAY-3", "title": "`@all` give back"})
        slug = made.structured_content["proposal"]["id"]
        plan = await client.get_prompt("plan", {"goal": "Refunds {x}", "project": "pay"})
        review = await client.get_prompt("review", {"proposal": slug})
        assert review == await client.get_prompt("review", {"proposal": f"mcp/{slug}"})
        texts = [prompt.messages[0].content for prompt in (plan, review)]
        return texts[0].text, texts[1].text  # type: ignore[union-attr]

    plan, review = talk(desk(repo), say)
    assert "Refunds {x}" in plan
    assert "Extend the project pay" in plan
    assert "PAY-1 · Capture" in plan.partition("BEGIN the plan")[2]
    assert "`title`: `Refund` → `` `@all` give back ``" in review.partition("BEGIN the proposal")[2]
    for name, arguments, said in (
        ("plan", {}, "plan needs goal"), ("plan", {"goal": "x", "project": "../x"}, "cannot be"),
        ("plan", {"goal": "x", "project": "nope"}, "There is no project"),
        ("review", {"proposal": "nope"}, "You have no proposal"),
        ("review", {"proposal": "dana/nope"}, "There is no proposal dana/nope"),
        ("review", {"proposal": "../../HEAD"}, "cannot be"),
        ("plann", {}, "Did you mean plan"),
    ):  # fmt: skip
        asked = partial(Client.get_prompt, name=name, arguments=arguments)
        assert said in protocol_error(desk(repo), asked)


def test_a_reading_server_offers_nothing_that_writes(repo: Path) -> None:
    async def say(client: Client) -> tuple[list[str], list[str], str]:
        tools = (await client.list_tools()).tools
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        prompts = (await client.list_prompts()).prompts
        return [t.name for t in tools], [p.name for p in prompts], client.instructions or ""

    tools, prompts, instructions = talk(desk(repo, can_propose=False), say)
    assert tools == list(READS)
    assert prompts == ["review"]
    assert "makes a proposal" not in instructions


def test_only_this_host_its_own_pages_and_those_with_the_token_get_in(repo: Path) -> None:
    variables = {"ORCHESTRATOR_MCP_TOKEN": TOKEN}
    with serving(repo, "--http", "0.0.0.0:0", **variables) as url:

        def status(**headers: str) -> int:
            return httpx2.post(url, json=PING, headers={**HEADERS, **headers}).status_code

        assert status() == 401
        assert status(authorization="Bearer wrong") == 401
        assert status(authorization=TOKEN) == 401
        assert status(authorization=f"Bearer {TOKEN}", origin="https://evil.example") == 403
        assert status(authorization=f"Bearer {TOKEN}", origin="null") == 403

        async def run() -> int:
            bearer = {"authorization": f"Bearer {TOKEN}"}
            async with (
                httpx2.AsyncClient(headers=bearer) as http,
                Client(streamable_http_client(url, http_client=http)) as client,
            ):
                return len((await client.list_tools()).tools)

        assert asyncio.run(run()) == 18
    with serving(repo, "--http", "127.0.0.1:0", "--read-only") as url:
        assert len(talk(url, Client.list_tools).tools) == len(READS)
        for host, wanted in (("evil.example", 421), ("127.0.0.1.evil.example:80", 421)):
            found = httpx2.post(url, json=PING, headers={**HEADERS, "host": host})
            assert found.status_code == wanted
        big = httpx2.post(url, content=b" " * 3_000_000, headers=HEADERS)
        assert big.status_code == 413


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "said"),
    [
        (("--http", "0.0.0.0:0"), {}, 1, "there is no token to keep them out"),
        (("--http", "0.0.0.0:0"), {"ORCHESTRATOR_MCP_TOKEN": "short"}, 1, "16 characters"),
        (("--http", "no.invalid:0"), {"ORCHESTRATOR_MCP_TOKEN": TOKEN}, 1, "cannot listen"),
        (("--http", "port"), {}, 2, "[HOST:]PORT"),
        (("--http", "99999"), {}, 2, "[HOST:]PORT"),
        (("--author", "../x"), {}, 2, "small letters"),
    ],
)  # fmt: skip
def test_what_cannot_be_served_is_said(
    repo: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    variables: dict[str, str],
    code: int,
    said: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(group, ["-C", str(repo), "mcp", *arguments])
    refusal = done.exception.message if isinstance(done.exception, OrchestratorError) else ""
    hint = done.exception.hint if isinstance(done.exception, OrchestratorError) else ""
    assert done.exit_code == code
    assert said in f"{done.stderr} {refusal} {hint}"
    assert done.stdout == ""


def test_without_the_package_it_says_what_to_install(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    done = CliRunner().invoke(group, ["-C", str(repo), "mcp"])
    assert isinstance(done.exception, OrchestratorError)
    assert done.exception.hint == "pip install 'gitops-orchestrator[mcp]'"
