"""`check` as a whole: severities, order, everything in one run."""

import random
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.check.run import CHECKS, check
from orchestrator.model.problem import Problem
from orchestrator.model.rules import RULES
from orchestrator.model.snapshot import Snapshot

Problems = Callable[..., list[Problem]]
Plan = Callable[[str], Snapshot]

EVERYTHING = """
settings: {required_tests: [unit], filters: {late: overdeu}}
users/dana:
projects/old: {deleted_at: 2026-01-01T00:00:00Z}
old/OLD-1: {tests: {unit: [a]}}
projects/lost: absent
lost/LST-1: {tests: {unit: [a]}}
PAY-01: {parent: PAY-99, tests: {unit: [a]}}
PAY-02: {parent: OLD-1, tests: {unit: [a]}}
PAY-03: {parent: PAY-04, tests: {unit: [a]}}
PAY-04: {parent: PAY-03, tests: {unit: [a]}}
PAY-05: {dependencies: [PAY-98], tests: {unit: [a]}}
PAY-06: {dependencies: [PAY-07], tests: {unit: [a]}}
PAY-07: {dependencies: [PAY-06], tests: {unit: [a]}}
PAY-08: {parent: PAY-09, dependencies: [PAY-09], tests: {unit: [a]}}
PAY-09:
PAY-10: {dependencies: [PAY-10], tests: {unit: [a]}}
PAY-11: {assignee: lee, tests: {unit: [a]}}
PAY-12: {status: in_progress, tests: {unit: [a]}}
PAY-13: {completed_at: 2026-01-01T00:00:00Z, tests: {unit: [a]}}
PAY-14: {start_date: 2026-12-02, due_date: 2026-12-01, tests: {unit: [a]}}
PAY-15: {created_at: 2030-12-02T00:00:00Z, tests: {unit: [a]}}
PAY-16: {status: completed, completed_at: 2026-01-01T00:00:00Z}
PAY-17: {parent: PAY-16, tests: {unit: [a]}}
PAY-18: {status: in_review, started_at: 2026-01-01T00:00:00Z, dependencies: [PAY-09],
         tests: {unit: [a]}}
PAY-19:
PAY-20: {actual_minutes: 1, time_entries: [{at: 2026-01-01T00:00:00Z, minutes: 2}],
         tests: {unit: [a]}}
PAY-21: {colour: red, tests: {unit: [a]}}
PAY-22: broken
PAY-31: {parent: PAY-17}
PAY-32: {parent: PAY-31}
PAY-33: {parent: PAY-32}
PAY-34: {parent: PAY-33}
PAY-35: {parent: PAY-34, tests: {unit: [a]}}
"""


def test_one_run_tells_everything_in_order(problems: Problems) -> None:
    found = problems(EVERYTHING)
    expected = {code for codes, _ in CHECKS for code in codes} | {"ORC001", "ORC101"}
    assert {p.code for p in found} == expected
    assert [(p.path, p.pointer, p.code) for p in found] == sorted(
        (p.path, p.pointer, p.code) for p in found
    )
    assert len({(p.path, p.pointer, p.code) for p in found}) == len(found)


def test_problems_are_complete_values(problems: Problems) -> None:
    for problem in problems(EVERYTHING):
        assert problem.severity == RULES[problem.code].severity
        assert problem.message.endswith(".") or problem.code == "ORC001"
        assert problem.hint or problem.code == "ORC001"
        assert bool(problem.fix) <= RULES[problem.code].is_fixable
        assert (problem.line is None) == (problem.code != "ORC001")


def test_every_rule_is_looked_for_by_somebody() -> None:
    looked_for = [code for codes, _ in CHECKS for code in codes]
    assert len(looked_for) == len(set(looked_for))
    assert {code for code in RULES if "ORC202" <= code < "ORC400"} == set(looked_for) - {
        "ORC102", "ORC103",
    }  # fmt: skip


@pytest.mark.parametrize("code", sorted({code for codes, _ in CHECKS for code in codes}))
def test_the_settings_choose_the_severity_of_each_rule(code: str, problems: Problems) -> None:
    def told(severity: str) -> list[Problem]:
        text = EVERYTHING.replace("settings: {", f"settings: {{rules: {{{code}: '{severity}'}}, ")
        return problems(text)

    off, warning, error = told("off"), told("warning"), told("error")
    assert {p.code for p in error} - {p.code for p in off} == {code}
    assert {p.severity for p in warning if p.code == code} == {"warning"}
    assert {p.severity for p in error if p.code == code} == {"error"}
    assert [p for p in off if p.code != code] == [p for p in error if p.code != code]


def test_problems_found_while_reading_follow_the_settings(problems: Problems) -> None:
    rules = "settings: {{rules: {{ORC001: '{}'}}}}\nPAY-1: broken"
    assert [p.severity for p in problems(rules.format("warning"))] == ["warning"]
    assert problems(rules.format("off")) == []


def test_a_problem_without_a_rule_is_kept_as_it_is(now: datetime) -> None:
    refused = Problem("ORC401", "error", "Refused by policy.", "orchestrator.yaml")
    snapshot = Snapshot(settings={"name": "A team"}, problems=(refused,))
    assert check(snapshot, now) == [refused]


def test_an_empty_plan_is_right(now: datetime) -> None:
    assert check(Snapshot(settings={"name": "A team"}), now) == []


@given(shuffler=st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(
    plan: Plan, now: datetime, shuffler: random.Random
) -> None:
    lines = EVERYTHING.strip().replace("\n ", "").splitlines()
    expected = check(plan("\n".join(lines)), now)
    shuffler.shuffle(lines)
    assert check(plan("\n".join(lines)), now) == expected
