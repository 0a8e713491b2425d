"""What every format needs beside the problems, and what several of them share."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from orchestrator.cli.escape import printable
from orchestrator.model.problem import Problem
from orchestrator.model.rules import RULES


def _no_source(_: str) -> str | None:
    return None


class Report(NamedTuple):
    """The circumstances of one check.

    Attributes:
        files: How many files were checked.
        prefix: The workspace's folder in the repository, `""` or `plan/`.
        source: Text of a file of the workspace by its path; None when it cannot be had.
        color: Whether the text format uses colours.
        version: Of the tool.
        seconds: How long the check took, or None when nobody asked.
        all: Whether the text format shows every warning.
    """

    files: int
    prefix: str = ""
    source: Callable[[str], str | None] = _no_source
    color: bool = False
    version: str = ""
    seconds: float | None = None
    all: bool = False


def rule_name(code: str) -> str:
    """Return a rule's name for machines; its code when the table does not have it."""
    return RULES[code].name if code in RULES else code


def fingerprints(problems: Sequence[Problem], prefix: str) -> Iterator[str]:
    """Yield 32 hexadecimal digits for each problem: the same in the next run, unique in this one.

    Lines and messages are left out, so that a problem stays the same when a file grows above it.
    """
    import hashlib

    seen: dict[str, int] = {}
    for problem in problems:
        parts = (problem.code, problem.id or "", problem.pointer, prefix + problem.path)
        name = "\0".join(parts)
        seen[name] = count = seen.get(name, 0) + 1
        if count > 1:
            name += f"\0{count}"
        yield hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def with_hint(problem: Problem, between: str = " ") -> str:
    """Return the message and what to do about it."""
    message = printable(problem.message)
    return f"{message}{between}{printable(problem.hint)}" if problem.hint else message
