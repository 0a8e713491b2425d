"""Checking a part of a plan: the same rules over the neighbourhood of what may have changed.

No rule is written twice. The part holds whatever decides about the tasks that are asked for; what
the rules say of its other tasks, whose own surroundings are not in it, is dropped.
"""

from collections.abc import Callable, Container
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from orchestrator.check.gather import gather
from orchestrator.check.run import check_facts
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot

TIMED = frozenset({"ORC301", "ORC304"})
"""Rules whose problems change with the clock: a stamp to come, a stamp that a fix would set."""

GUESSED = frozenset({"ORC202", "ORC206"})
"""Rules whose hints name some other task of the plan, wherever it is."""

KNOTTED = frozenset({"ORC207"})
"""Rules whose problems speak for many tasks and stand at one of them."""


class Part(dict[str, Document]):
    """The tasks of a part of a plan, which knows of all others that they are there."""

    def __init__(self, tasks: dict[str, Document], exists: Callable[[str], bool]) -> None:
        super().__init__(tasks)
        self._exists = exists

    def __contains__(self, name: object) -> bool:
        """Return whether the plan, not just its part, holds a task."""
        return super().__contains__(name) or (isinstance(name, str) and self._exists(name))


def check_part(
    part: Snapshot,
    now: datetime,
    folders: AbstractSet[str],
    exists: Callable[[str], bool],
    is_asked: Callable[[str], bool],
) -> list[Problem]:
    """Return what is wrong with some of a plan's files, as `check` would say of the whole plan.

    Args:
        part: The settings, users and projects, and of the tasks those whose files are asked for
            with all that decides about them: parents up to the root, children, dependencies with
            their parents, and whole circles.
        now: The moment that stamps are compared with.
        folders: Projects that the plan's tasks are in.
        exists: Whether the plan has a task of an id.
        is_asked: Whether problems in a file are asked for.
    """
    tasks = dict(part.tasks)
    facts = gather(replace(part, tasks=tasks), now)
    known = replace(part, tasks=Part(tasks, exists))
    found = check_facts(replace(facts, snapshot=known, folders=folders))
    return [problem for problem in found if is_asked(problem.path)]


def kinds_of(codes: Container[str]) -> int:
    """Return which of the rules above are among the codes of a file's problems, as bits."""
    return sum(
        bit
        for bit, rules in ((1, TIMED), (2, GUESSED), (4, KNOTTED))
        if any(code in codes for code in rules)
    )
