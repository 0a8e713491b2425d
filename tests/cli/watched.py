"""A running `orchestrator watch --json`, and what it says."""

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PATIENCE = 30.0


class Watched:
    """A process that watches; each test waits for lines, never for a time."""

    def __init__(self, folder: Path, *options: str, words: Sequence[str] = ()) -> None:
        self.process = subprocess.Popen(
            words or [sys.executable, "-m", "orchestrator", "watch", *options],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        self._talk: list[str] = []
        self._readers = [
            threading.Thread(target=self._read_answers, daemon=True),
            threading.Thread(target=self._read_talk, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def line(self, seconds: float = PATIENCE) -> str:
        """Return the next line of stdout."""
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"it says nothing more; stderr: {''.join(self._talk)}") from None

    def event(self, *kinds: str) -> dict[str, Any]:
        """Return the next event, which must be of one of these kinds."""
        value: dict[str, Any] = json.loads(self.line())
        assert value["event"] in kinds, value
        return value

    def is_silent(self, seconds: float) -> bool:
        """Return whether it says nothing for a while."""
        time.sleep(seconds)
        return self._lines.empty()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        assert "Traceback" not in "".join(self._talk), "".join(self._talk)
        return code

    def left(self) -> list[str]:
        """Return the lines that nobody has read, once it has ended."""
        return [self._lines.get() for _ in range(self._lines.qsize())]

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def _read_answers(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def _read_talk(self) -> None:
        assert self.process.stderr is not None
        self._talk.extend(self.process.stderr)
