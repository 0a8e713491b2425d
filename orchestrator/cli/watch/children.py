"""Commands that `watch` starts: one of a lane at a time, none waited for."""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import subprocess

_PATIENCE = 5.0  # seconds that a command has to end after it was asked to


class Done(NamedTuple):
    """A command that ended.

    Attributes:
        name: What it was started as.
        code: Its exit code; negative when a signal ended it, None when it could not be started.
        reason: Why it could not be started.
    """

    name: str
    code: int | None
    reason: str = ""

    @property
    def failure(self) -> str | None:
        """What went wrong, in words; None when nothing did."""
        match self.code:
            case 0:
                return None
            case None:
                return f"{self.name} cannot be started: {self.reason}"
            case code if code < 0:
                return f"{self.name} was ended by signal {-code}"
            case code:
                return f"{self.name} ended with exit code {code}"


@dataclass
class Lane:
    """Runs one command at a time; what it prints goes to stderr.

    Attributes:
        environment: Of the commands.
    """

    environment: Mapping[str, str]
    _running: "tuple[str, subprocess.Popen[bytes]] | None" = None
    _failed: Done | None = None

    @property
    def is_free(self) -> bool:
        """Whether nothing runs and nothing waits to be told."""
        return self._running is None and self._failed is None

    def start(self, name: str, words: Sequence[str], folder: Path, given: Any = None) -> None:
        """Start a command.

        Args:
            name: What to call it.
            words: Program and arguments; no shell sees them.
            folder: Where it runs.
            given: What it gets on stdin, as JSON.
        """
        import subprocess

        sys.stdout.flush()
        sys.stderr.flush()
        # A file and no pipe: nobody has to wait until the command has read it.
        with tempfile.TemporaryFile() as stdin:
            stdin.write(b"" if given is None else json.dumps(given).encode() + b"\n")
            stdin.seek(0)
            try:
                process = subprocess.Popen(  # noqa: S603 - what the person asked for
                    list(words), cwd=folder, env=dict(self.environment),
                    stdin=stdin, stdout=sys.stderr.fileno(), stderr=sys.stderr.fileno(),
                )  # fmt: skip
            except OSError as error:
                self._failed = Done(name, None, (error.strerror or str(error)).lower())
            else:
                self._running = name, process

    def poll(self) -> Done | None:
        """Return the command that has ended since the last time, or None."""
        if self._failed is not None:
            failed, self._failed = self._failed, None
            return failed
        if self._running is None:
            return None
        name, process = self._running
        if (code := process.poll()) is None:
            return None
        self._running = None
        return Done(name, code)

    def stop(self) -> None:
        """End what runs: ask first, then insist."""
        import subprocess

        if self._running is None:
            return
        _, process = self._running
        self._running = None
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
