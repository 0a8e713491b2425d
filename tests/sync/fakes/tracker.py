"""What the tests that hold for every tracker ask of a fake, in the workspace's terms."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from orchestrator.sync.remote import Progress, Tie, World
from tests.sync.fakes.server import Reply, Server

TOKEN = "tok-3e1f0a9c5b7d"
"""The one that every fake takes; any other is refused the vendor's way."""

PEOPLE = {"dana": ("dana@example.com", "dana"), "kim": ("kim@example.com", "kim")}
"""User id → (e-mail, handle): accounts that every fake has, beside one that nobody here knows."""


class Tracker(Protocol):
    """A fake of one vendor: stateful, and as strict and as odd as the real one."""

    server: Server
    kind: str
    clock: "Clock"

    def running(self) -> AbstractContextManager[object]:
        """Serve on a port of its own while the block runs."""
        ...

    def settings(self) -> dict[str, Any]:
        """Return an integration of orchestrator.yaml that points here, token env:TRACKER_TOKEN."""
        ...

    def tie(self, **changes: Any) -> Tie:
        """Return the same as a `Tie`, with the people of `PEOPLE`."""
        ...

    def add(self, kind: str, fields: Mapping[str, Any]) -> str:
        """Make an item as somebody over there would, and return its key; references are keys."""
        ...

    def edit(self, kind: str, key: str, fields: Mapping[str, Any]) -> None:
        """Change fields as somebody over there would."""
        ...

    def remove(self, kind: str, key: str) -> None:
        """Delete an item as somebody over there would."""
        ...

    def items(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the live items by key, in the workspace's terms, without the adapter's mark.

        Written apart from the adapter's mapping: from the fake's own rows, not through its API.
        """
        ...

    def limited(self) -> Reply:
        """Return the vendor's answer to too many requests, asking for a second's wait."""
        ...

    def least(self, *, listed: int, changed: int = 0, made: int = 0) -> int:
        """Return the fewest requests with which the vendor's API lets a run be done.

        Args:
            listed: Items that a listing has to bring.
            changed: Items that get a title, status and label changed.
            made: Items that are made, with title, status and label.
        """
        ...


class Clock:
    """A clock that only sleeping moves, for a `World` that waits for nothing."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        self.slept: list[float] = []
        self.told: list[Progress] = []

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)

    def pass_by(self, **much: float) -> None:
        self.moment += timedelta(**much)

    @property
    def world(self) -> World:
        return World(self.now, self.sleep, lambda: 0.5, self.told.append)
