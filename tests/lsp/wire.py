"""A client that is nothing but a pipe: it sends, reads, and measures."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any, Self


class Wire:
    """A server as a process.

    Attributes:
        process: The server.
        began: When it was started, in seconds of `perf_counter`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "orchestrator", "lsp"],
            cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        folders = [{"uri": self.root.as_uri(), "name": "plan"}]
        parameters: dict[str, Any] = {
            "processId": None,
            "capabilities": {},
            "workspaceFolders": folders,
        }
        self.send("initialize", parameters, number=1)
        self.answer(1)
        self.send("initialized", {})
        return self

    def __exit__(self, *_: object) -> None:
        self.send("shutdown", None, number=99)
        self.answer(99)
        self.send("exit", None)
        for pipe in (self._in, self._out):
            pipe.close()
        self.process.wait(20)

    def send(self, method: str, params: Any, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        message |= {} if number is None else {"id": number}
        body = json.dumps(message).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._in.flush()

    def read(self) -> dict[str, Any]:
        """Return the next message."""
        length = 0
        while header := self._out.readline().strip():
            if header.startswith(b"Content-Length:"):
                length = int(header.partition(b":")[2])
        found: dict[str, Any] = json.loads(self._out.read(length))
        return found

    def answer(self, number: int) -> dict[str, Any]:
        """Return the answer to a question."""
        while (found := self.read()).get("id") != number:
            pass
        return found

    def told(self, uri: str) -> dict[str, Any]:
        """Return what the server tells next of a file."""
        while True:
            found = self.read()
            if found.get("method") == "textDocument/publishDiagnostics":
                params: dict[str, Any] = found["params"]
                if params["uri"] == uri:
                    return params

    @property
    def memory(self) -> float:
        """The most memory that the server had, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024

    @property
    def _in(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    @property
    def _out(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout
