"""One writer at a time: an advisory lock that the kernel drops when its holder dies."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestrator.store.git import StoreError

_STEP = 0.05
_PATIENCE = 20.0  # seconds


class LockedError(StoreError):
    """Another process is writing.

    Attributes:
        holder: What the lock file says of it: process id and operation; may be empty.
    """

    def __init__(self, holder: dict[str, object]) -> None:
        who = f" (process {holder['pid']}, {holder['operation']})" if holder else ""
        super().__init__(
            f"Another orchestrator is writing here{who}.", "Wait for it, or stop it, and try again."
        )
        self.holder = holder


@contextmanager
def locked(folder: Path, operation: str, patience: float = _PATIENCE) -> Iterator[None]:
    """Hold the lock of `folder` while the block runs.

    Args:
        folder: A folder of git's, never of the work tree.
        operation: What for; other processes show it while they wait in vain.
        patience: Seconds to wait for another holder.

    Raises:
        LockedError: Somebody else still holds it then.
    """
    path = folder / "lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(
            f"The lock cannot be made: {(error.strerror or str(error)).lower()}.",
            f"Check that {folder} can be written to.",
        ) from error
    try:
        _wait(descriptor, patience)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "operation": operation}).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise LockedError(_holder(descriptor)) from None
            time.sleep(_STEP)
        else:
            return


def _holder(descriptor: int) -> dict[str, object]:
    try:
        found = json.loads(os.pread(descriptor, 1000, 0))
    except ValueError:
        return {}
    return found if isinstance(found, dict) and {"pid", "operation"} <= found.keys() else {}
