"""From a source of files to a `Snapshot`, and from a `Snapshot` to located problems.

What only a check needs is imported where it is used: lists start faster.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Read, Snapshot, build
from orchestrator.store.files import Source, WorkTree
from orchestrator.store.halves import parse_in_halves
from orchestrator.store.parse import parse_entries


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plan that was read.

    Attributes:
        snapshot: What it says.
        files: How many files hold entities.
    """

    snapshot: Snapshot
    files: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        problems: All of them, located and sorted by path and line.
        files: How many files were checked.
    """

    problems: tuple[Problem, ...]
    files: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that refuse a commit."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def load(source: Source, processes: int = 1) -> Loaded:
    """Return the plan that `source` holds. A bad file is a problem, and hides no good one.

    Args:
        source: Where the files are.
        processes: 2 reads a large work tree with two processes, where the system can fork.
    """
    if processes > 1 and isinstance(source, WorkTree):
        reads, problems, doubtful = parse_in_halves(source)
    else:
        reads, problems, doubtful = parse_entries(source.entries())
    problems += case_collisions(reads)
    if source.templates():
        from orchestrator.store.template_files import template_problems

        problems += template_problems(source)
    return Loaded(build(reads, problems, frozenset(doubtful), source.layer), len(reads))


def check_source(source: Source, now: datetime, processes: int = 1) -> Report:
    """Return all problems of the plan that `source` holds; `processes` as for `load`."""
    from orchestrator.check.run import check

    loaded = load(source, processes)
    return Report(located(source, check(loaded.snapshot, now)), loaded.files)


def located(source: Source, problems: list[Problem]) -> tuple[Problem, ...]:
    """Return the problems with line and column, sorted by path, line and code."""
    from orchestrator.text.locate import locate_all

    found = [problem for problem in problems if problem.line is not None]
    lost: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.line is None:
            lost.setdefault(problem.path, []).append(problem)
    for here, data in zip(lost.values(), source.read_all(list(lost)), strict=True):
        text = (data or b"").decode("utf-8", "replace")
        places = locate_all(text, [(problem.pointer, problem.at_key) for problem in here])
        for problem, place in zip(here, places, strict=True):
            line, column = place or (1, 1)
            found.append(problem._replace(line=line, column=column))
    found.sort(key=_by_line)
    return tuple(found)


def _by_line(problem: Problem) -> tuple[str, int, int, str]:
    return problem.path, problem.line or 0, problem.column or 0, problem.code


def case_collisions(reads: list[Read]) -> Iterator[Problem]:
    """Yield problems of paths that are one file on Windows and macOS."""
    # Right ids are of one case; only names that are not can collide with others.
    odd = [
        path
        for path, place, _ in reads
        if not (place.id.isupper() if place.kind == "tasks" else place.id.islower())
    ]
    if not odd:
        return
    by_fold: dict[str, list[str]] = {}
    for path, _, _ in reads:
        by_fold.setdefault(path.casefold(), []).append(path)
    for path in odd:
        if others := [other for other in by_fold[path.casefold()] if other != path]:
            yield Problem(
                "ORC006", "error", f"The path differs from {others[0]} only in case.", path,
                hint="On Windows and macOS one overwrites the other; rename one of them.",
            )  # fmt: skip
