"""A GitLab that is not there, and the adapter that talks to it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import pytest

from orchestrator.sync.item import Item, Kind, Listing, Wanted
from orchestrator.sync.remote import Known, Tie
from orchestrator.sync.remotes.gitlab.remote import Gitlab as Remote
from tests.sync.fakes.gitlab import Gitlab
from tests.sync.fakes.tracker import PEOPLE, TOKEN

FULL: dict[str, Any] = {
    "title": "Write spec",
    "description": "# Why\n\n- one\n- two",
    "status": "in_review",
    "priority": "high",
    "labels": ["API", "docs"],
    "assignee": "kim",
    "start_date": "2026-11-25",
    "due_date": "2026-12-01",
    "estimated_minutes": 90,
    "actual_minutes": 45,
}

MADE_WITH = "3f1b7c52-8f0e-4b5e-9c1d-0a5b6c7d8e9f"
"""The token of an item, in its mark."""

Opener = Callable[..., Remote]
Maker = Callable[..., Wanted]


@pytest.fixture
def fake() -> Iterator[Gitlab]:
    with Gitlab().running() as running:
        yield running


@pytest.fixture
def community() -> Iterator[Gitlab]:
    """A server with the community's edition."""
    with Gitlab(plan="ce").running() as running:
        yield running


@pytest.fixture
def free() -> Iterator[Gitlab]:
    """A group that pays nothing, on a server that cannot be asked what its plan has."""
    with Gitlab(plan="free").running() as running:
        assert running.graph is not None
        running.graph.is_old = True
        yield running


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens the adapter on a fake, greeted unless told otherwise."""
    with ExitStack() as stack:

        def open_(
            fake: Gitlab, *, token: str = TOKEN, greets: bool = True, **changes: Any
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


def tie(**changes: Any) -> Tie:
    scope = {"project": "acme/plan"}
    return Tie(**{"name": "gl", "kind": "gitlab", "token": "env:T", "scope": scope,
                  "people": PEOPLE, **changes})  # fmt: skip


def known(listing: Listing) -> Known:
    return {(item.kind, item.key): item.kept for item in listing.items}


def tasks(listing: Listing) -> dict[str, Item]:
    return {item.key: item for item in listing.items if item.kind == "tasks"}


def paths(fake: Gitlab, method: str = "GET") -> list[str]:
    return [seen.path for seen in fake.server.seen if seen.method == method]
