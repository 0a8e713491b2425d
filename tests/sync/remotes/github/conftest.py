"""A GitHub that is not there, and the adapter that talks to it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import pytest

from orchestrator.sync.item import Item, Kind, Listing, Wanted
from orchestrator.sync.remote import Known
from orchestrator.sync.remotes.github.remote import Github as Remote
from tests.sync.fakes.github import Github
from tests.sync.fakes.tracker import TOKEN

FULL: dict[str, Any] = {
    "title": "Write spec",
    "description": "# Why\n\n- one\n- two",
    "status": "in_review",
    "priority": "high",
    "labels": ["API", "docs"],
    "assignee": "kim",
    "start_date": "2026-11-25",
    "due_date": "2026-12-01",
}


Opener = Callable[..., Remote]
Maker = Callable[..., Wanted]


@pytest.fixture
def fake() -> Iterator[Github]:
    with Github().running() as running:
        yield running


@pytest.fixture
def personal() -> Iterator[Github]:
    """A person's repository, which has no fields of an organization."""
    with Github(has_fields=False).running() as running:
        yield running


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens the adapter on a fake, greeted unless told otherwise."""
    with ExitStack() as stack:

        def open_(
            fake: Github, *, token: str = TOKEN, greets: bool = True, **changes: Any
        ) -> Remote:
            remote = Remote(fake.tie(**changes), token, fake.clock.world)
            stack.enter_context(remote)
            if greets:
                remote.greet()
            return remote

        yield open_


@pytest.fixture
def wanted() -> Maker:
    """Makes what is to be made, each with a token of its own."""
    tokens = iter(range(1, 1000))

    def make(fields: Mapping[str, Any], kind: Kind = "tasks", id_: str = "PAY-7K3F") -> Wanted:
        return Wanted(kind, id_, str(UUID(int=next(tokens), version=4)), fields)

    return make


def known(listing: Listing) -> Known:
    return {(item.kind, item.key): item.kept for item in listing.items}


def tasks(listing: Listing) -> dict[str, Item]:
    return {item.key: item for item in listing.items if item.kind == "tasks"}


def paths(fake: Github, method: str = "GET") -> list[str]:
    return [seen.path for seen in fake.server.seen if seen.method == method]
