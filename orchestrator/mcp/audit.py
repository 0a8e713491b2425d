"""The audit log: a line of JSON for each call, bounded, and never in the way of a call."""

import json
import os
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from orchestrator.agent.censor import Censor
from orchestrator.agent.clean import shortened
from orchestrator.errors import OrchestratorError
from orchestrator.store.lock import locked
from orchestrator.store.workspace import Workspace

FILE = "mcp-audit.jsonl"
"""Its name in git's folder, where nobody named another."""

MOST_BYTES = 8 * 1024 * 1024
"""From there on it is renamed, and the one that had that name before goes."""

_LONGEST = 300
_MOST_ITEMS = 20
_DEEPEST = 5
_PATIENCE = 1.0


class Entry(NamedTuple):
    """What is kept of one call.

    Attributes:
        at: When it came.
        client: The program that called, in words.
        tool: What it called; `resources/read` and `prompts/get` for those.
        arguments: As given.
        outcome: `ok`, `refused` or `bug`.
        said: Why it was refused, or `""`.
        proposal: The proposal that came of it, or None.
        ms: How long it took.
    """

    at: datetime
    client: str
    tool: str
    arguments: Any
    outcome: str
    said: str
    proposal: str | None
    ms: int


@dataclass
class Audit:
    """Where calls are written down.

    Attributes:
        file: The file that was asked for; None takes the one in git's folder.
        censor: Takes secrets out.
        most_bytes: How large it gets.
    """

    file: Path | None
    censor: Censor
    most_bytes: int = MOST_BYTES
    _has_failed: bool = False
    _lock: Lock = field(default_factory=Lock)

    def write(self, entry: Entry, workspace: Workspace | None) -> None:
        """Write a call down; that it could not be is said on stderr, once."""
        with self._lock:
            try:
                self._append(self._path(workspace), self._line(entry))
            except (OSError, OrchestratorError) as error:
                if not self._has_failed:
                    self._has_failed = True
                    why = error.message if isinstance(error, OrchestratorError) else str(error)
                    sys.stderr.write(f"The audit log cannot be written: {why}\n")

    def _path(self, workspace: Workspace | None) -> Path:
        if self.file is not None:
            return self.file
        if workspace is None or workspace.repository is None:
            raise OrchestratorError("there is no git repository to keep it in; name one: --audit .")
        return workspace.repository.state_folder / FILE

    def _line(self, entry: Entry) -> bytes:
        told = {
            **entry._asdict(),
            "at": entry.at.isoformat(),
            "arguments": self.censor.within(_short(entry.arguments, _DEEPEST)),
            "said": self.censor(shortened(entry.said, _LONGEST)),
        }
        text = json.dumps(told, ensure_ascii=False, default=str)
        return f"{text}\n".encode("utf-8", "replace")

    def _append(self, path: Path, line: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        with locked(path.with_name(f"{path.name}.lock"), "audit", _PATIENCE):
            if path.is_file() and path.stat().st_size + len(line) > self.most_bytes:
                path.replace(path.with_name(f"{path.name}.1"))
            descriptor = os.open(path, flags, 0o600)
            try:
                os.write(descriptor, line)
            finally:
                os.close(descriptor)


def _short(value: Any, deeper: int) -> Any:
    if deeper == 0:
        return "…"
    match value:
        case str():
            return shortened(value, _LONGEST)
        case dict():
            items = list(value.items())[:_MOST_ITEMS]
            return {str(name)[:100]: _short(item, deeper - 1) for name, item in items}
        case list():
            more = [f"… and {len(value) - _MOST_ITEMS} more"] if len(value) > _MOST_ITEMS else []
            return [_short(item, deeper - 1) for item in value[:_MOST_ITEMS]] + more
        case _:
            return value
