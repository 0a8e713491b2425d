"""Running timers: one a user and workspace, in a file of git's folder, where no commit takes it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestrator.store.git import StoreError
from orchestrator.store.lock import locked
from orchestrator.store.write import FileEdit, write_files

FILE = "timers.json"
_FIELDS = {"task", "started_at", "stopping"}


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that runs.

    Attributes:
        task: The task it runs for.
        started_at: Since when, as files hold moments.
        stopping: The entry that a stop began to write. A stop that is killed leaves it; then the
            entry is in the task already, or it is not, and the next stop can tell.
    """

    task: str
    started_at: str
    stopping: Mapping[str, Any] | None = None

    @property
    def began(self) -> datetime:
        """The moment it was started."""
        return datetime.fromisoformat(self.started_at)

    def minutes(self, now: datetime) -> int:
        """Return the minutes until `now`, begun ones counted; less than 0 if that was before."""
        seconds = int((now - self.began).total_seconds())
        return max(-(-seconds // 60), 1) if seconds > -60 else seconds // 60  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file of timers said.

    Attributes:
        timers: By who and where.
        spoiled: Where the file was put because it could not be understood; None if it could.
    """

    timers: Mapping[str, Timer]
    spoiled: Path | None = None


@contextmanager
def timers_locked(folder: Path) -> Iterator[None]:
    """Hold the lock of the timers of a state folder, so that two starts cannot both succeed.

    Raises:
        LockedError: Another process holds it for too long.
    """
    with locked(folder / "timers.lock", "timer"):
        yield


def read_timers(folder: Path) -> Kept:
    """Return the timers of a state folder.

    A file that is no such file is put aside under another name, where its owner can look at it.

    Raises:
        StoreError: The system refuses to read it.
    """
    data = _bytes(folder)
    if data is None:
        return Kept({})
    try:
        found = json.loads(data)
        timers = {str(key): _timer(value) for key, value in found["timers"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Kept({}, _put_aside(folder))
    return Kept(timers)


def write_timers(folder: Path, timers: Mapping[str, Timer]) -> None:
    """Keep these timers and no others. The caller holds the lock.

    Raises:
        StoreError: The system refuses to write.
    """
    present = {key: asdict(timer) for key, timer in sorted(timers.items())}
    text = json.dumps({"version": 1, "timers": present}, indent=1)
    write_files(folder, [FileEdit(FILE, _bytes(folder), f"{text}\n".encode())])


def _bytes(folder: Path) -> bytes | None:
    try:
        return (folder / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(
            f"The file of running timers cannot be read: {(error.strerror or str(error)).lower()}.",
            f"Look at {folder / FILE}",
        ) from error


def _timer(value: Any) -> Timer:
    task, started_at, stopping = value["task"], value["started_at"], value.get("stopping")
    is_right = (
        isinstance(task, str)
        and datetime.fromisoformat(started_at).tzinfo is not None
        and isinstance(stopping, dict | None)
        and value.keys() <= _FIELDS
    )
    if not is_right:
        raise ValueError(value)
    return Timer(task, started_at, stopping)


def _put_aside(folder: Path) -> Path:
    number = 1
    while (target := folder / f"timers.spoiled-{number}.json").exists():
        number += 1
    try:
        (folder / FILE).rename(target)
    except OSError as error:
        raise StoreError(
            f"The file of running timers cannot be put aside: "
            f"{(error.strerror or str(error)).lower()}.",
            f"Look at {folder / FILE}",
        ) from error
    return target
