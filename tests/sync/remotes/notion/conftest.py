"""A workspace of Notion that is not there, and the adapter on it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import pytest

from orchestrator.sync.item import Item, Kind, Listing, Wanted
from orchestrator.sync.remote import Known
from orchestrator.sync.remotes.notion.remote import Notion as Remote
from tests.sync.fakes.notion import Notion
from tests.sync.fakes.tracker import TOKEN

Opener = Callable[..., Remote]


@pytest.fixture
def fake() -> Iterator[Notion]:
    with Notion().running() as running:
        yield running


@pytest.fixture
def opened(fake: Notion) -> Iterator[Opener]:
    """Opens the adapter on the fake as it is then, greeted unless told otherwise."""
    with ExitStack() as stack:

        def open_(*, token: str = TOKEN, greets: bool = True, **changes: Any) -> Remote:
            remote = Remote(fake.tie(**changes), token, fake.clock.world)
            stack.enter_context(remote)
            if greets:
                remote.greet()
            return remote

        yield open_


@pytest.fixture
def remote(opened: Opener) -> Remote:
    return opened()


def wanted(fields: Mapping[str, Any], number: int = 1, kind: Kind = "tasks") -> Wanted:
    token = str(UUID(int=number, version=4))
    id_ = f"PAY-{number}" if kind == "tasks" else f"pay-{number}"
    return Wanted(kind, id_, token, {"title": "Capture", **fields})


def known(listing: Listing) -> Known:
    return {(item.kind, item.key): item.kept for item in listing.items}


def tasks(listing: Listing) -> dict[str, Item]:
    return {item.key: item for item in listing.items if item.kind == "tasks"}
