"""Desks over small workspaces, and clients of the protocol that talk to them."""

import asyncio
import json
import os
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, MCPError

from orchestrator.agent.censor import Censor
from orchestrator.mcp.audit import Audit
from orchestrator.mcp.desk import Answer, Desk
from orchestrator.mcp.server import make_server
from tests.conftest import NOW

T = TypeVar("T")


def desk(root: Path, **options: Any) -> Desk:
    """A desk for the workspace in a folder."""
    environment = {**os.environ, **options.pop("environment", {})}
    audit = options.pop("audit", None) or Audit(None, Censor(environment))
    choose = random.Random(7).choice
    return Desk(root, environment, lambda: NOW, choose, "agent:mcp", audit, **options)


def told(found: Answer) -> dict[str, Any]:
    """An answer that is no refusal."""
    assert not found.is_refusal, found.value
    return found.value


def refused(found: Answer) -> str:
    """The sentence and the hint of a refusal."""
    assert found.is_refusal, found.value
    return f"{found.value['error']} {found.value.get('hint', '')}"


def audited(root: Path) -> list[dict[str, Any]]:
    """The lines of the log in git's folder."""
    path = root / ".git" / "orchestrator" / "mcp-audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def talk(where: Any, say: Callable[[Client], Awaitable[T]], **options: Any) -> T:
    """What a client of the protocol gets from a desk, a command or a URL."""
    server = make_server(where) if isinstance(where, Desk) else where

    async def run() -> T:
        async with Client(server, **options) as client:
            return await say(client)

    return asyncio.run(run())


def protocol_error(where: Any, say: Callable[[Client], Awaitable[Any]]) -> str:
    """The sentence of the protocol's own error that a request gets."""

    async def tried(client: Client) -> str:
        with pytest.raises(MCPError) as caught:
            await say(client)
        return str(caught.value)

    return talk(where, tried)
