"""Points at which a run can be killed: around each request, and each write to a file or ref."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from orchestrator.store import write
from orchestrator.store.git import Git
from orchestrator.sync.run import journal, land
from orchestrator.sync.wire import Wire

_WRITING = frozenset({"fast-import", "update-ref", "update-index", "hash-object", "push", "fetch"})


class Killed(BaseException):
    """What a killed process does not see: nothing catches it."""


class Killer:
    """Counts the points, and dies at one of them.

    Attributes:
        at: Which; 0 for none.
        count: How many were passed.
        where: The one at which it died.
    """

    def __init__(self, at: int, die: Callable[[], None] | None = None) -> None:
        self.at = at
        self.count = 0
        self.where = ""
        self._die = die

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Put the points in while the block runs."""
        with ExitStack() as stack:
            for target, name, what in (
                (Wire, "send", "request"),
                (Git, "finish", "git"),
                (land, "write_files", "files"),
                (journal.Journal, "_add", "journal"),
                (journal.Journal, "_write", "journal file"),
                (journal.Journal, "close", "close"),
                (write, "sync_file", "fsync"),
            ):
                stack.enter_context(patch.object(target, name, self._both(what, target, name)))
            yield

    def _both(self, what: str, target: Any, name: str) -> Callable[..., Any]:
        run = getattr(target, name)

        def wrapped(*arguments: Any, **rest: Any) -> Any:
            if what == "git" and arguments[1] not in _WRITING:
                return run(*arguments, **rest)
            label = f"{what} {arguments[1]}" if what in {"git", "request"} else what
            self._point(f"before {label}")
            result = run(*arguments, **rest)
            self._point(f"after {label}")
            return result

        return wrapped

    def _point(self, where: str) -> None:
        self.count += 1
        if self.count != self.at:
            return
        self.where = where
        if self._die is not None:
            self._die()
        raise Killed(where)


def main() -> None:
    """Run a command line in this process, and die at the point that the first argument names."""
    import os

    from orchestrator.cli import main as run

    killer = Killer(int(sys.argv[1]), lambda: os._exit(137))
    with killer.at_work():
        run(sys.argv[2:])


if __name__ == "__main__":
    main()
