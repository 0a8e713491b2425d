"""What every format needs beside the problems, and what several of them share."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from orchestrator.model.problem import Problem
from orchestrator.model.rules import RULES

_NEVER_SHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINER = "\u200d"  # holds emoji together


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


def printable(text: str) -> str:
    """Return `text` with an escape for each character that could command a terminal or a parser.

    Control characters, direction marks, lone surrogates and line separators; a file in a plan
    may hold any of them, and a report is read in terminals, logs and browsers.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(printable_char, text))


def printable_char(char: str) -> str:
    """Return one character, or its escape."""
    if char.isprintable():
        return char
    import unicodedata

    if char == _JOINER or unicodedata.category(char) not in _NEVER_SHOWN:
        return char
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


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


def dumps(value: Any) -> str:
    """Return JSON in one line; a text that is no Unicode is written with escapes."""
    written = json.dumps(value, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return written


def with_hint(problem: Problem, between: str = " ") -> str:
    """Return the message and what to do about it."""
    message = printable(problem.message)
    return f"{message}{between}{printable(problem.hint)}" if problem.hint else message
