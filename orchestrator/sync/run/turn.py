"""One run of an integration at a time, and what is remembered of the last one."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestrator.store.git import StoreError
from orchestrator.store.lock import LockedError, locked
from orchestrator.store.repository import Repository
from orchestrator.sync.run.journal import folder_of


class BusyError(StoreError):
    """Another run of the same integration is at work.

    Attributes:
        name: Of the integration.
    """

    def __init__(self, name: str, holder: Mapping[str, object]) -> None:
        who = f"process {holder['pid']}, {holder['operation']}" if holder else "another process"
        super().__init__(
            f"{name} is being synced already: {who}.", "Wait for it, or stop it, and try again."
        )
        self.name = name


@contextmanager
def turn(repository: Repository, name: str, now: datetime, patience: float = 1.0) -> Iterator[None]:
    """Be the only run of an integration while the block runs.

    Args:
        repository: Whose; linked work trees count as one.
        name: Of the integration, which is one.
        now: Shown to others that wait in vain.
        patience: Seconds to wait for another.

    Raises:
        BusyError: Another is still at work then.
    """
    path = folder_of(repository) / f"{name}.lock"
    held = False
    try:
        with locked(path, f"since {now:%H:%M:%S}", patience):
            held = True
            yield
    except LockedError as error:
        if held:
            raise
        raise BusyError(name, error.holder) from error


def remember(repository: Repository, name: str, said: Mapping[str, Any]) -> None:
    """Keep what a run came to, for `sync status`; where that fails, nothing is lost."""
    path = _last(repository, name)
    temporary = path.with_suffix(".tmp")
    with suppress(OSError):
        temporary.write_text(f"{json.dumps(said)}\n", "ascii")
        temporary.replace(path)


def remembered(repository: Repository, name: str) -> Mapping[str, Any]:
    """Return what the last run in this clone came to; empty when nobody knows."""
    try:
        found = json.loads(_last(repository, name).read_text("ascii"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _last(repository: Repository, name: str) -> Path:
    return folder_of(repository) / f"{name}.last.json"
