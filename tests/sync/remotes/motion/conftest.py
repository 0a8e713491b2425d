"""A workspace of Motion that is not there, and the adapter on it."""

from collections.abc import Iterator
from typing import Any

import pytest

from orchestrator.sync.item import Item, Wanted
from orchestrator.sync.remotes.motion.remote import Motion as Remote
from tests.sync.fakes.motion import Motion
from tests.sync.fakes.tracker import TOKEN

FIRST_TOKEN = "6f9c1d52-0d3b-4b7e-8a41-0f4a5f0b9c11"


@pytest.fixture
def fake() -> Iterator[Motion]:
    with Motion().running() as running:
        yield running


@pytest.fixture
def remote(fake: Motion) -> Iterator[Remote]:
    with Remote(fake.tie(), TOKEN, fake.clock.world) as opened:
        opened.greet()
        yield opened


def made(remote: Remote, **fields: Any) -> Item:
    wanted = Wanted("tasks", "PAY-1", FIRST_TOKEN, {"title": "Capture", **fields})
    return remote.create(wanted)


def only(remote: Remote, known: Any = None) -> Item:
    (item,) = (item for item in remote.fetch(None, known or {}).items if item.kind == "tasks")
    return item
