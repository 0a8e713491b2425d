"""What two checks of a plan, one after the other, have to tell: new problems, and fixed ones."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from orchestrator.model.problem import Problem


class News(NamedTuple):
    """How the problems of a plan changed.

    Attributes:
        new: Problems that were not there, or now say something else; by path and line.
        fixed: Problems that are no longer there.
        replaced: Problems that are new in other words, as they were told before.
    """

    new: tuple[Problem, ...]
    fixed: tuple[Problem, ...]
    replaced: tuple[Problem, ...] = ()


def news(before: Iterable[Problem], after: Sequence[Problem]) -> News:
    """Return how problems changed; that one moved to another line is no news."""
    earlier = list(before)
    known = Counter(map(_said, earlier))
    fresh = []
    for problem in after:
        said = _said(problem)
        if known[said]:
            known[said] -= 1
        else:
            fresh.append(problem)
    # One whose words changed is told anew, and is not fixed.
    reworded = Counter(map(_where, fresh))
    fixed, replaced = [], []
    for problem in earlier:
        said, where = _said(problem), _where(problem)
        if not known[said]:
            continue
        known[said] -= 1
        if reworded[where]:
            reworded[where] -= 1
            replaced.append(problem)
        else:
            fixed.append(problem)
    return News(tuple(fresh), tuple(fixed), tuple(replaced))


def _said(problem: Problem) -> tuple[str, str, str, str | None, str, str]:
    return (*_where(problem), problem.severity, problem.message)


def _where(problem: Problem) -> tuple[str, str, str, str | None]:
    return problem.path, problem.code, problem.pointer, problem.id
