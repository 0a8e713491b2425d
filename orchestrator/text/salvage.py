"""What can still be understood of a file that is refused for its line ends or its first bytes."""

from collections.abc import Sequence
from typing import Any

from orchestrator.model.problem import Problem
from orchestrator.text.read import read


def salvage(path: str, data: bytes, problems: Sequence[Problem]) -> dict[str, Any] | None:
    """Return the document of a file whose only faults are a BOM or CR line ends, or None.

    `check` refuses such a file and `fmt` mends it, but its meaning is plain: a task must not
    vanish from every list because an editor on Windows saved it.
    """
    if any(problem.code != "ORC004" for problem in problems):
        return None
    found = read(path, data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"))
    return found if isinstance(found, dict) else None
