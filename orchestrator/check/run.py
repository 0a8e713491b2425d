"""`check`: every rule over a snapshot, with the severities that the settings choose."""

from collections.abc import Callable, Iterator
from datetime import datetime

from orchestrator.check import (
    dates,
    dependencies,
    effort,
    filters,
    hierarchy,
    lifecycle,
    people,
    presence,
    progress,
    references,
)
from orchestrator.check.facts import Facts
from orchestrator.check.gather import gather
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot

Check = Callable[[Facts], Iterator[Problem]]

CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("ORC102",), presence.missing_files),
    (("ORC103",), filters.unusable_filter),
    (("ORC202",), references.parent_missing),
    (("ORC203",), references.parent_elsewhere),
    (("ORC204",), hierarchy.too_deep),
    (("ORC205",), hierarchy.parent_cycle),
    (("ORC206",), references.dependency_missing),
    (("ORC207",), dependencies.dependency_cycle),
    (("ORC208",), hierarchy.dependency_on_kin),
    (("ORC209",), references.self_reference),
    (("ORC210",), people.unknown_user),
    (("ORC211",), references.live_under_deleted),
    (("ORC301", "ORC302"), lifecycle.stamps_and_status),
    (("ORC303",), dates.dates_out_of_order),
    (("ORC304",), dates.stamp_in_future),
    (("ORC305",), progress.open_children),
    (("ORC306",), progress.open_dependencies),
    (("ORC307",), effort.tests_missing),
    (("ORC308",), effort.minutes_differ),
)
"""Which function looks for which rules; those found while a file is read are not here."""


def check(snapshot: Snapshot, now: datetime) -> list[Problem]:
    """Return everything that is wrong with a plan, ordered by file and place.

    Args:
        snapshot: The plan, with the problems found while it was read.
        now: An aware moment; stamps are compared with it, and fixes carry it.
    """
    return check_facts(gather(snapshot, now))


def check_facts(facts: Facts) -> list[Problem]:
    """Return what is wrong with a plan of which the facts are gathered."""
    problems = [_by_settings(problem, facts) for problem in facts.snapshot.problems]
    for codes, rule in CHECKS:
        if any(facts.severity[code] != "off" for code in codes):
            problems += rule(facts)
    kept = [problem for problem in problems if problem.severity in ("error", "warning")]
    kept.sort(key=_place)
    return kept


def _by_settings(problem: Problem, facts: Facts) -> Problem:
    severity = facts.severity.get(problem.code, problem.severity)
    if severity == problem.severity:
        return problem
    # "off" is no severity of a problem; `check` drops what carries it.
    return Problem(*problem[:1], severity, *problem[2:])  # type: ignore[arg-type]


def _place(problem: Problem) -> tuple[str, int, str, str, str]:
    return (problem.path, problem.line or 0, problem.pointer, problem.code, problem.message)
