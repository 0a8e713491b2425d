"""Prism, which nobody here wrote, holds the adapter's requests against Motion's description."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from orchestrator.sync.item import Wanted
from orchestrator.sync.remotes.motion.remote import Motion as Remote
from tests.sync.fakes.motion import Motion
from tests.sync.fakes.tracker import TOKEN
from tests.sync.remotes.motion.conftest import made

JUDGES = os.environ.get("ORCHESTRATOR_JUDGES", "")
SCHEMAS = os.environ.get("ORCHESTRATOR_VENDOR_SCHEMAS", "")
pytestmark = [
    pytest.mark.skipif(
        not JUDGES or shutil.which("node") is None,
        reason="ORCHESTRATOR_JUDGES names no folder with Prism, or node is missing",
    ),
    pytest.mark.skipif(
        not SCHEMAS, reason="ORCHESTRATOR_VENDOR_SCHEMAS names no folder with vendors' schemas"
    ),
]


@contextmanager
def prism() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(JUDGES, "node_modules", ".bin", "prism")
    schema = Path(SCHEMAS, "motion", "motion.openapi.yaml")
    command = ["node", str(program), "mock", str(schema), "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert any("listening" in line for line in iter(process.stdout.readline, ""))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def test_prism_finds_nothing_wrong_with_what_the_adapter_sends(
    fake: Motion, remote: Remote
) -> None:
    fields = {
        "status": "in_progress", "priority": "high", "assignee": "dana", "labels": ["api"],
        "due_date": "2026-12-01", "estimated_minutes": 90, "description": "Why",
    }  # fmt: skip
    item = made(remote, **fields)
    remote.update(item, {"title": "New", "estimated_minutes": None, "labels": []})
    remote.update(item, {"assignee": None})
    remote.look("tasks", item.key, item.kept)
    wanted = Wanted("projects", "pay", "6f9c1d52-0d3b-4b7e-8a41-0f4a5f0b9c21", {"title": "Pay"})
    project = remote.create(wanted)
    remote.look("projects", project.key, project.kept)
    remote.fetch(None, {})
    remote.survey()
    remote.delete(item)
    with prism() as url, httpx2.Client(base_url=url) as client:
        for seen in fake.server.seen:
            answer = client.request(
                seen.method, seen.path, params=list(seen.query), content=seen.body or None,
                headers={"X-API-Key": TOKEN, "Content-Type": "application/json"},
            )  # fmt: skip
            said = answer.headers.get("sl-violations", "[]")
            ours = [each for each in said.split("},") if '"request"' in each]
            assert not ours, f"{seen.method} {seen.path}: {said}"
            assert answer.status_code < 400, f"{seen.method} {seen.path}: {answer.text}"
    assert {seen.path.split("/")[1] for seen in fake.server.seen} == {
        "workspaces", "statuses", "users", "schedules", "tasks", "projects",
    }  # fmt: skip
