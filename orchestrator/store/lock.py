"""One writer at a time: an advisory lock that the kernel drops when its holder dies."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
def locked(path: Path, operation: str, patience: float = _PATIENCE) -> Iterator[None]:
    """Hold a lock while the block runs.

    Args:
        path: A lock file in git's folder, or a folder, which is locked itself and gets no file.
        operation: What for; other processes show it while they wait in vain.
        patience: Seconds to wait for another holder.

    Raises:
        LockedError: Somebody else still holds it then.
    """
    is_folder = path.is_dir()
    flags = os.O_RDONLY if is_folder else os.O_RDWR | os.O_CREAT
    try:
        descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise StoreError(
            f"The lock cannot be made: {(error.strerror or str(error)).lower()}.",
            f"Check that {path} can be written to.",
        ) from error
    try:
        _wait(descriptor, patience)
        if not is_folder:
            holder = json.dumps({"pid": os.getpid(), "operation": operation})
            # It only tells others whom they wait for; a full disk is no reason to stop here.
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, holder.encode(), 0)
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
    except (ValueError, OSError):
        return {}
    return found if isinstance(found, dict) and {"pid", "operation"} <= found.keys() else {}


def is_alive(process: int) -> bool:
    """Return whether a process runs on this machine; True where nobody may know."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
