"""Which problems refuse a commit or a push: those that it brings, not those that were there."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from orchestrator.check.run import check
from orchestrator.model.problem import Problem
from orchestrator.store.files import Source
from orchestrator.store.load import Report, load, located


class Verdict(NamedTuple):
    """What a hook found.

    Attributes:
        source: What was checked.
        refusing: Errors for which the commit or push is refused.
        warnings: Warnings about the files that it changes.
        old: How many errors were there before, in files that it does not touch.
        files: How many files were checked.
    """

    source: Source
    refusing: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    old: int
    files: int


def judge(
    source: Source,
    now: datetime,
    is_touched: Callable[[str], bool],
    earlier: Callable[[], Iterable[Source]],
) -> Verdict:
    """Check a plan and tell the errors that a change brings from those that it found.

    An error refuses when it is in a file that the change touches, or is in none of the plans that
    the change started from: a file that a colleague broke must not lock everybody out.

    Args:
        source: The plan with the change.
        now: For the checks of stamps.
        is_touched: Whether the change touches a file.
        earlier: Gives the plans without the change; read only when there are errors elsewhere.
    """
    loaded = load(source)
    report = Report(tuple(check(loaded.snapshot, now)), loaded.files)
    return decide(source, report, now, is_touched, earlier)


def decide(
    source: Source,
    report: Report,
    now: datetime,
    is_touched: Callable[[str], bool],
    earlier: Callable[[], Iterable[Source]],
) -> Verdict:
    """Return what `judge` returns, of a plan that is checked already."""
    problems = report.problems
    errors = [problem for problem in problems if problem.severity == "error"]
    known: set[tuple[str, ...]] = set()
    if any(not is_touched(problem.path) for problem in errors):
        for plan in earlier():
            known.update(map(_identity, check(load(plan).snapshot, now)))
    old = [item for item in errors if not is_touched(item.path) and _identity(item) in known]
    refusing = [problem for problem in errors if problem not in old]
    warnings = [
        problem
        for problem in problems
        if problem.severity == "warning" and is_touched(problem.path)
    ]
    # Only what is shown is located: in a tree of git's, each file to look at is a process.
    return Verdict(
        source, located(source, refusing), located(source, warnings), len(old), report.files
    )


def _identity(problem: Problem) -> tuple[str, ...]:
    return problem.code, problem.path, problem.pointer, problem.message
