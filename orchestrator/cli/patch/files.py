"""Reading a patch that a person or a program names: JSON or YAML, from a file or stdin."""

import sys
from pathlib import Path
from typing import Any

from orchestrator.cli.input import read_input
from orchestrator.cli.session import Session
from orchestrator.patch.ops import Patch

_LARGEST = 16 * 1024 * 1024


def names_file(session: Session, what: str) -> bool:
    """Return whether a word names a file or stdin, and no commit."""
    try:
        return what == "-" or (session.folder / what).is_file()
    except (OSError, ValueError):
        return False  # too long for a path, or no path at all; it may still name a commit


def read_file(session: Session, file: str) -> Patch:
    """Return the patch in a JSON or YAML file, or on stdin for `-`.

    Raises:
        PatchError: It is no patch.
        UnreadableInputError: The file cannot be read.
    """
    import json

    from orchestrator.patch.ops import MalformedPatchError, UnreadablePatchError, read_patch
    from orchestrator.text.read import read

    if file == "-":
        data = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        data = read_input(session.folder / Path(file), _LARGEST)
    if len(data) > _LARGEST:
        raise MalformedPatchError(f"The patch has more than {_LARGEST:,} bytes.")
    try:
        return read_patch(json.loads(data, object_pairs_hook=_without_repetition))
    except (ValueError, RecursionError) as error:
        if data.lstrip()[:1] in (b"[", b"{"):
            raise UnreadablePatchError(f"The patch is not JSON: {error}.") from error
    found = read(file, data)
    if isinstance(found, list):
        fault = found[0]
        raise UnreadablePatchError(f"{file}:{fault.line}: {fault.message}", fault.hint)
    return read_patch(found)


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Parsers differ in which of two they take, so a reviewer may read another patch than ours.
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found
