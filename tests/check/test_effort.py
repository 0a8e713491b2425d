"""ORC307, 308: tests to write, minutes spent."""

from collections.abc import Callable, Iterable
from datetime import datetime

import pytest

from orchestrator.check.run import check
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot

Problems = Callable[..., list[Problem]]
ENTRIES = (
    "time_entries: [{at: 2026-01-01T00:00:00Z, minutes: 60},"
    " {at: 2026-01-02T00:00:00Z, minutes: 30}]"
)


def test_nobody_asks_for_tests_until_the_settings_do(problems: Problems) -> None:
    assert problems("PAY-1:") == []
    assert problems("settings: {required_tests: [], rules: {ORC307: 'off'}}\nPAY-1:") == []


def test_each_required_kind_of_test_must_be_asked_for(problems: Problems) -> None:
    found = problems(
        "settings: {required_tests: [unit, security]}\n"
        "PAY-1: {tests: {unit: [a], security: [b]}}\nPAY-2: {tests: {unit: [a], security: []}}\n"
        "PAY-3:\n"
    )
    assert [(p.code, p.severity, p.id, p.pointer) for p in found] == [
        ("ORC307", "warning", "PAY-2", "/tests"),
        ("ORC307", "warning", "PAY-3", ""),
    ]
    assert found[0].message == "PAY-2 does not ask for security tests."
    assert found[1].message == "PAY-3 does not ask for unit and security tests."
    assert found[1].hint == "Say what to test: tests: {unit: [ … ]}"


def test_any_kind_will_do_where_only_the_rule_is_set(problems: Problems) -> None:
    [problem] = problems(
        "settings: {rules: {ORC307: error}}\nPAY-1: {tests: {performance: [a]}}\nPAY-2:\n"
    )
    assert (problem.severity, problem.id) == ("error", "PAY-2")
    assert problem.message == "PAY-2 does not ask for any kind of tests."


def test_who_needs_no_tests(problems: Problems) -> None:
    found = problems(
        "settings: {required_tests: [unit]}\nPAY-1: {status: cancelled}\n"
        "PAY-2: {deleted_at: 2026-01-01T00:00:00Z}\nPAY-3:\n"
        "PAY-4: {parent: PAY-3, tests: {unit: [a]}}\nPAY-5: {tests: none}\n",
        "ORC307",
    )
    assert found == []


def test_a_task_whose_children_are_deleted_is_a_leaf(problems: Problems) -> None:
    [problem] = problems(
        "settings: {required_tests: [unit]}\nPAY-1:\n"
        "PAY-2: {parent: PAY-1, deleted_at: 2026-01-01T00:00:00Z}\n"
    )
    assert problem.id == "PAY-1"


def test_a_total_that_the_entries_contradict_is_removed(
    plan: Callable[[str], Snapshot],
    mend: Callable[[Snapshot, Iterable[Problem]], Snapshot],
    now: datetime,
) -> None:
    snapshot = plan(f"PAY-1: {{actual_minutes: 60, {ENTRIES}}}")
    [problem] = check(snapshot, now)
    assert (problem.code, problem.pointer) == ("ORC308", "/actual_minutes")
    assert problem.message == "actual_minutes is 60 and the time entries add up to 90."
    assert problem.fix == ({"op": "remove", "path": "/tasks/PAY-1/actual_minutes"},)
    assert check(mend(snapshot, [problem]), now) == []


@pytest.mark.parametrize(
    "fields",
    [f"actual_minutes: 90, {ENTRIES}", "actual_minutes: 60", ENTRIES,
     "actual_minutes: 60, time_entries: []", f"actual_minutes: null, {ENTRIES}"],
)  # fmt: skip
def test_totals_that_nothing_contradicts(fields: str, problems: Problems) -> None:
    assert problems(f"PAY-1: {{{fields}}}") == []
