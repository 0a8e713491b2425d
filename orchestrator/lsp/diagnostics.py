"""From problems to what editors underline."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    Location,
    Position,
    Range,
)

from orchestrator.lsp.plan import LivePlan
from orchestrator.lsp.positions import Lines
from orchestrator.lsp.words import one_line, plain
from orchestrator.model.ids import TASK_ID
from orchestrator.model.pointer import split
from orchestrator.model.problem import Problem
from orchestrator.model.rules import RULES
from orchestrator.text.nodes import walk
from orchestrator.text.scan import scan

SOURCE = "orchestrator"

_TOP = Range(Position(0, 0), Position(0, 0))

_SEVERITIES = {"error": DiagnosticSeverity.Error, "warning": DiagnosticSeverity.Warning}
_OTHERS = frozenset({"ORC201", "ORC205", "ORC207", "ORC208", "ORC305", "ORC306"})
"""Rules whose sentences name tasks that a person will want to look at."""

_MOST_RELATED = 5
_LARGEST_SCAN = 256 * 1024
_ids = re.compile(rf"(?<![\w-]){TASK_ID}(?![\w-])").findall
_KEY = re.compile(
    r"""(?:"([^"\n]*)"|'([^'\n]*)'|([^\s:#"'\[\]{},][^:#\n]*?))(?=[ \t]*:(?:\s|\Z))"""
)
_COMMENT = re.compile(r"[ \t]+#.*")


class Taste(NamedTuple):
    """What a client can show.

    Attributes:
        has_related: Other places that a problem has to do with.
        has_links: A link behind a problem's code.
    """

    has_related: bool = True
    has_links: bool = True


def diagnostics(
    plan: LivePlan, path: str, problems: tuple[Problem, ...], taste: Taste
) -> Iterator[Diagnostic]:
    """Yield what an editor shows of a file's problems, which have lines and columns."""
    lines = plan.lines(path)
    for problem in problems:
        message = problem.message if problem.hint is None else f"{problem.message}\n{problem.hint}"
        href = page_uri(problem.code) if taste.has_links else None
        yield Diagnostic(
            range=lines.range(*span(lines, problem)),
            severity=_SEVERITIES[problem.severity],
            code=problem.code,
            code_description=CodeDescription(href) if href else None,
            source=SOURCE,
            message=plain(message),
            related_information=list(_related(plan, problem)) if taste.has_related else None,
        )


def span(lines: Lines, problem: Problem) -> tuple[int, int]:
    """Return the offsets between which a problem is: of its key or value, or the rest of a line."""
    text = lines.text
    start = _offset(lines, problem)
    stop = _line_end(text, start)
    if start >= stop:
        first = text.rfind("\n", 0, start) + 1
        return first + len(text[first:start]) - len(text[first:start].lstrip()), stop
    key = _KEY.match(text, start, stop)
    if key and (problem.at_key or _is_key(problem, key)):
        return start, key.end()
    is_inner = problem.pointer.count("/") > 1 or text[start] in "\"'[{|>-&*!"
    if problem.pointer and is_inner and len(text) <= _LARGEST_SCAN:
        root = scan(text).root
        ends = (node.end for node in walk(root) if node.start == start) if root else ()
        stop = max(start + 1, min(stop, next(iter(ends), stop)))
    elif problem.pointer and (comment := _COMMENT.search(text, start, stop)):
        stop = max(comment.start(), start + 1)
    return start, start + len(text[start:stop].rstrip()) or stop


@lru_cache(maxsize=64)
def page_uri(code: str) -> str | None:
    """Return where the page of a rule is, or None when it is in no file of its own."""
    if code not in RULES:
        return None
    page = files("orchestrator.check.pages").joinpath(f"{code}.md")
    return page.as_uri() if isinstance(page, Path) and page.is_file() else None


def _offset(lines: Lines, problem: Problem) -> int:
    """Return the offset of a problem's line and column, which count as the reader of files does."""
    text = lines.text
    head = text[:_LARGEST_SCAN]
    starts = scan(head).lines if "\r" in head else lines.starts
    line = min((problem.line or 1) - 1, len(starts) - 1)
    first = starts[line] + (line == 0 and text.startswith("\ufeff"))
    return min(first + (problem.column or 1) - 1, len(text))


def _line_end(text: str, start: int) -> int:
    ends = [end for char in "\r\n" if (end := text.find(char, start)) >= 0]
    return min(ends, default=len(text))


def _is_key(problem: Problem, key: re.Match[str]) -> bool:
    steps = split(problem.pointer)
    return bool(steps) and steps[-1] in key.groups()


def _related(plan: LivePlan, problem: Problem) -> Iterator[DiagnosticRelatedInformation]:
    if problem.code not in _OTHERS:
        return
    tasks = plan.snapshot.tasks
    named = dict.fromkeys(name for name in _ids(problem.message) if name in tasks)
    others = [name for name in named if plan.snapshot.path_of("tasks", name) != problem.path]
    for name in others[:_MOST_RELATED]:
        uri = plan.uri_of(plan.snapshot.path_of("tasks", name))
        title = one_line(f"{name} {tasks[name].get('title') or ''}")
        yield DiagnosticRelatedInformation(Location(uri, _TOP), title)
