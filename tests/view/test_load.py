"""How much each person has to do."""

from datetime import date
from typing import Any

from orchestrator.model.snapshot import Snapshot
from orchestrator.view.load import Load, loads, user_rows
from orchestrator.view.rollup import project_rollups

WEDNESDAY = date(2026, 11, 25)


def plan(**tasks: dict[str, Any]) -> Snapshot:
    return Snapshot(
        {"name": "Test"},
        users={"dana": {"id": "dana"}, "lee": {"id": "lee"}},
        projects={"pay": {"id": "pay", "status": "active"}},
        tasks={
            name: {"id": name, "title": name, "status": "todo", "project": "pay", **fields}
            for name, fields in tasks.items()
        },
    )


def test_only_open_live_tasks_count_and_they_count_for_their_assignee() -> None:
    snapshot = plan(
        A={"assignee": "dana", "status": "in_progress"},
        B={"assignee": "dana", "status": "in_review"},
        C={"assignee": "dana", "status": "completed"},
        D={"assignee": "dana", "deleted_at": "2026-01-01T00:00:00Z"},
        E={},
    )
    found = loads(snapshot, WEDNESDAY)
    assert found == {"dana": Load(open=2, in_progress=2), "": Load(open=1)}


def test_this_week_is_from_today_until_sunday_and_before_is_overdue() -> None:
    days = ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-29", "2026-11-30")
    snapshot = plan(
        **{f"T{at}": {"assignee": "dana", "due_date": day} for at, day in enumerate(days)}
    )
    assert loads(snapshot, WEDNESDAY)["dana"] == Load(open=5, due_this_week=2, overdue=2)


def test_time_spent_leaves_less_but_never_less_than_nothing() -> None:
    entry = {"at": "2026-11-20T09:00:00Z", "minutes": 45}
    snapshot = plan(
        A={"assignee": "dana", "estimated_minutes": 60, "time_entries": [entry]},
        B={"assignee": "dana", "estimated_minutes": 30, "actual_minutes": 45},
    )
    assert loads(snapshot, WEDNESDAY)["dana"].remaining_minutes == 15


def test_what_is_estimated_below_is_not_counted_twice() -> None:
    snapshot = plan(
        P={"assignee": "dana", "estimated_minutes": 100},
        C={"assignee": "lee", "estimated_minutes": 40, "parent": "P"},
        G={"estimated_minutes": 30, "parent": "C"},
        X={"parent": "X", "estimated_minutes": 5},
    )
    found = loads(snapshot, WEDNESDAY)
    assert {person: load.remaining_minutes for person, load in found.items()} == {
        "dana": 0, "lee": 0, "": 35,
    }  # fmt: skip
    assert project_rollups(snapshot)["pay"].remaining == 35


def test_a_user_without_tasks_has_no_load() -> None:
    [row] = user_rows(plan(), ["lee"], WEDNESDAY)
    assert row == {"id": "lee", "derived": Load()._asdict()}
