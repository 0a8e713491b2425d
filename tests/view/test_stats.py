"""Counts, effort and pace."""

from datetime import date

from orchestrator.view.derived import Derived
from orchestrator.view.stats import stats
from tests.view.planned import planned

TODAY = date(2026, 11, 22)


def done(start: str, begun: str, end: str) -> dict[str, str]:
    return {"status": "completed", "created_at": start, "started_at": begun, "completed_at": end}


def test_tasks_are_counted_by_what_they_are() -> None:
    snapshot = planned(
        {
            "A": {"priority": "urgent", "assignee": "dana", "due_date": "2026-11-21"},
            "B": {"dependencies": ["A"], "assignee": "dana", "estimated_minutes": 60},
            "C": {"status": "completed", "due_date": "2026-01-01", "estimated_minutes": 30},
            "D": {"status": "blocked", "project": "ops"},
        }
    )
    found = stats(Derived(snapshot), snapshot.tasks, TODAY)
    assert (found.total, found.open, found.ready) == (4, 3, 1)
    assert (found.blocked, found.overdue) == (2, 1)
    assert found.status["todo"] == 2
    assert list(found.status) == [
        "todo", "in_progress", "blocked", "in_review", "completed", "cancelled",
    ]  # fmt: skip
    assert found.priority == {"urgent": 1, "high": 0, "medium": 2, "low": 0}
    assert list(found.project.items()) == [("pay", 2), ("ops", 1)]
    assert list(found.assignee.items()) == [("dana", 2), ("", 1)]
    assert (found.estimated, found.spent, found.remaining) == (90, 0, 60)


def test_only_the_tasks_asked_about_count() -> None:
    snapshot = planned({"A": {"estimated_minutes": 60}, "B": {"estimated_minutes": 5}})
    found = stats(Derived(snapshot), ["B"], TODAY)
    assert (found.total, found.estimated) == (1, 5)


def test_the_last_days_include_today_and_end_with_it() -> None:
    stamps = {"A": "11-22", "B": "11-16", "C": "11-15", "D": "10-24", "E": "10-23", "F": "11-23"}
    snapshot = planned({name: done(*[f"2026-{day}T12:00:00Z"] * 3) for name, day in stamps.items()})
    found = stats(Derived(snapshot), snapshot.tasks, TODAY)
    assert found.completed == found.created == {7: 2, 30: 4}


def test_lead_and_cycle_times_are_medians() -> None:
    first = "2026-11-01T00:00:00Z"
    snapshot = planned(
        {
            "A": done(first, "2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"),
            "B": done(first, "2026-11-03T00:00:00Z", "2026-11-05T00:00:00+00:00"),
            "C": {"status": "completed", "completed_at": first},
            "D": done("2026-11-09T00:00:00Z", "2026-11-09T00:00:00Z", first),
        }
    )
    found = stats(Derived(snapshot), snapshot.tasks, TODAY)
    assert (found.lead_days, found.cycle_days) == (3.0, 1.5)


def test_an_empty_plan_has_no_medians() -> None:
    found = stats(Derived(planned({})), [], TODAY)
    assert (found.total, found.lead_days, found.cycle_days) == (0, None, None)
