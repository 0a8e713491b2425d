"""What comes next, and the reasons."""

from datetime import date
from typing import Any

import pytest

from orchestrator.view.derived import Derived
from orchestrator.view.ranking import candidates, explain, rank, score
from tests.view.planned import planned

TODAY = date(2026, 11, 22)


def reasons(task: dict[str, Any], me: str | None = None) -> dict[str, tuple[float, str]]:
    derived = Derived(planned({"A": task}))
    return {term: (points, because) for term, points, because in explain(derived, "A", TODAY, me)}


@pytest.mark.parametrize(
    ("task", "term", "points", "because"),
    [
        ({"priority": "urgent"}, "priority", 10, "urgent"),
        ({}, "priority", 3, "medium priority"),
        ({"due_date": "2026-11-22"}, "due", 8.5, "due today"),
        ({"due_date": "2026-11-23"}, "due", 8, "due tomorrow"),
        ({"due_date": "2026-11-20"}, "due", 9.5, "2 days late"),
        ({"due_date": "2026-01-01"}, "due", 12, "325 days late"),
        ({"due_date": "2026-12-04"}, "due", 2.5, "due 4 Dec"),
        ({"status": "in_progress", "started_at": "2026-11-20T09:00:00Z"}, "started", 5,
         "in progress since 2026-11-20"),
        ({"status": "in_review"}, "started", 3, "in review"),
        ({"estimated_minutes": 45}, "small", 1, "45m estimated"),
        ({"estimated_minutes": 240}, "small", 0.5, "4h estimated"),
        ({"created_at": "2026-11-01T09:00:00Z"}, "age", 0.3, "3 weeks old"),
        ({"start_date": "2026-12-01"}, "later", -4, "planned to start on 2026-12-01"),
        ({"assignee": "dana"}, "yours", 1, "yours"),
    ],
)  # fmt: skip
def test_each_term_gives_points_and_says_why(
    task: dict[str, Any], term: str, points: float, because: str
) -> None:
    assert reasons(task, me="dana")[term] == (points, because)


@pytest.mark.parametrize(
    "task",
    [{"priority": "low"}, {"due_date": "2027-06-01", "priority": "low"},
     {"estimated_minutes": 600, "priority": "low"}, {"assignee": "lee", "priority": "low"},
     {"start_date": "2026-11-22", "priority": "low"},
     {"created_at": "2026-11-20T09:00:00Z", "priority": "low"},
     {"created_at": "2027-11-20T09:00:00Z", "priority": "low"}],
)  # fmt: skip
def test_what_adds_nothing_is_not_said(task: dict[str, Any]) -> None:
    assert reasons(task, me="dana") == {}


def test_a_score_is_the_sum_of_its_reasons() -> None:
    tasks: dict[str, dict[str, Any]] = {f"T{at}": {"dependencies": ["A"]} for at in range(12)}
    tasks["A"] = {"priority": "high", "due_date": "2026-11-24", "estimated_minutes": 30}
    derived = Derived(planned(tasks, {"pay": {"status": "active", "priority": "high"}}))
    found = explain(derived, "A", TODAY)
    assert [reason.term for reason in found] == ["unblocks", "due", "priority", "small", "project"]
    assert tuple(found[0]) == ("unblocks", 8, "unblocks 12 tasks")
    assert score(derived, "A", TODAY) == sum(reason.points for reason in found) == 23.5


def test_the_highest_score_comes_first_and_ties_are_settled() -> None:
    derived = Derived(
        planned(
            {
                "A": {},
                "B": {"priority": "high"},
                "C": {},
                "D": {"due_date": "2027-12-01"},
                "E": {"status": "completed", "priority": "urgent"},
                "F": {"dependencies": ["A"], "priority": "urgent"},
                "G": {"status": "in_progress", "priority": "high"},
                "H": {"status": "in_review", "priority": "urgent"},
            }
        )
    )
    ids = candidates(derived)
    assert set(ids) == {"A", "B", "C", "D", "G"}
    assert [row.id for row in rank(derived, ids, TODAY, 9)] == ["G", "B", "A", "D", "C"]
    assert [row.id for row in rank(derived, ids[::-1], TODAY, 2)] == ["G", "B"]
    assert rank(derived, [], TODAY, 5) == []


def test_what_is_done_has_no_urgency() -> None:
    derived = Derived(planned({"A": {"status": "completed", "priority": "urgent"}}))
    assert score(derived, "A", TODAY) == 0


def test_the_person_who_asks_sees_their_own_first() -> None:
    derived = Derived(planned({"A": {"assignee": "lee"}, "B": {"assignee": "dana"}}))
    assert [row.id for row in rank(derived, ["A", "B"], TODAY, 2, me="dana")] == ["B", "A"]
