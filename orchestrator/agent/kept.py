"""Small files in the state folder: written whole or not at all, read with suspicion."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from orchestrator.agent.failures import AgentError

FOLDER = "agent"
_LARGEST = 32 * 1024 * 1024


def write_json(path: Path, value: Any) -> None:
    """Write a file at once: whoever reads it sees the old one or the new one.

    Raises:
        AgentError: The system refuses.
    """
    write_text(path, json.dumps(value, ensure_ascii=False))


def write_text(path: Path, text: str) -> None:
    """Write a file at once, as `write_json` does.

    Raises:
        AgentError: The system refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as stream:
                stream.write(text)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise AgentError(f"{path} cannot be written: {reason}.", "Check its folder.") from error


def read_json(path: Path) -> dict[str, Any] | None:
    """Return a file's mapping; None where there is no such file, or it is something else."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
