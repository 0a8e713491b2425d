"""What stands where on the agenda."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.view.agenda import agenda, by_person, by_section, entry_words

WEDNESDAY = date(2026, 11, 25)


def plan(projects: Mapping[str, Any] | None = None, **tasks: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        {"name": "Test"},
        users={"dana": {"id": "dana"}, "lee": {"id": "lee"}},
        projects=projects or {"pay": {"status": "active"}},
        tasks={
            name: {"id": name, "title": name, "status": "todo", "project": "pay", **fields}
            for name, fields in tasks.items()
        },
    )


def drawn(snapshot: Snapshot, wanted: TaskFilter | None = None, days: int | None = None) -> str:
    """Return the agenda as `section: id words, …` in one line."""
    found = agenda(snapshot, wanted or TaskFilter(), WEDNESDAY, days)
    return " | ".join(
        f"{group.name}: "
        + ", ".join(f"{entry.id} {entry_words(entry, WEDNESDAY)}" for entry in group.entries)
        for group in by_section(found.entries)
    )


def test_tasks_stand_where_they_are_due() -> None:
    days = {
        "A": "2026-11-24", "B": "2026-11-25", "C": "2026-11-26", "D": "2026-11-27",
        "E": "2026-11-29", "F": "2026-11-30", "G": "2026-12-06", "H": "2026-12-07",
    }  # fmt: skip
    snapshot = plan(None, **{name: {"due_date": day} for name, day in days.items()})
    near = (
        "overdue: A 1 day late | today: B today | tomorrow: C tomorrow | "
        "this_week: D Fri, E Sun | next_week: F Mon, G 6 Dec"
    )
    assert drawn(snapshot) == near
    assert agenda(snapshot, TaskFilter(), WEDNESDAY).beyond == 1
    assert drawn(snapshot, days=12) == f"{near} | later: H 7 Dec"
    assert drawn(snapshot, days=0) == "overdue: A 1 day late | today: B today"


def test_on_sunday_tomorrow_comes_before_next_week() -> None:
    snapshot = plan(A={"due_date": "2026-11-30"}, B={"due_date": "2026-12-01"})
    found = agenda(snapshot, TaskFilter(), date(2026, 11, 29)).entries
    assert [(entry.id, entry.section) for entry in found] == [("A", "tomorrow"), ("B", "next_week")]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"start_date": "2026-11-26", "due_date": "2026-11-28"}, "tomorrow: A starts tomorrow"),
        ({"start_date": "2026-11-20", "due_date": "2026-11-28"}, "this_week: A Sat"),
        ({"start_date": "2026-11-20", "due_date": "2027-03-01"}, "today: A start 5 days late"),
        ({"start_date": "2026-11-20"}, "today: A start 5 days late"),
        ({"start_date": "2026-11-28", "due_date": "2026-11-20"}, "overdue: A 5 days late"),
        ({"start_date": "2026-11-26", "status": "in_progress"}, "in_progress: A in progress"),
        ({"due_date": "2027-03-01", "status": "in_review"}, "in_progress: A in progress"),
        ({"due_date": "2026-11-20", "status": "completed"}, ""),
        ({"due_date": "2026-11-20", "deleted_at": "2026-11-21T00:00:00Z"}, ""),
        ({}, ""),
    ],
)
def test_a_task_is_there_once_by_the_day_that_matters_next(
    fields: dict[str, Any], line: str
) -> None:
    assert drawn(plan(A=fields)) == line


def test_projects_stand_there_unless_the_filter_speaks_of_tasks() -> None:
    snapshot = plan(
        {
            "pay": {"status": "active", "due_date": "2026-11-27", "owner": "dana"},
            "old": {"status": "completed", "due_date": "2026-11-27"},
        },
        A={"due_date": "2026-11-27", "labels": ["x"]},
    )
    assert drawn(snapshot) == "this_week: A Fri, pay Fri"
    assert drawn(snapshot, TaskFilter(assignee=("dana",))) == "this_week: pay Fri"
    assert drawn(snapshot, TaskFilter(project=("old",))) == ""
    assert drawn(snapshot, TaskFilter(label=("x",))) == "this_week: A Fri"


def test_people_come_by_id_and_nobody_last() -> None:
    snapshot = plan(
        A={"due_date": "2026-11-27"},
        B={"due_date": "2026-11-27", "assignee": "lee"},
        C={"due_date": "2026-11-26", "assignee": "lee"},
        D={"status": "in_progress", "assignee": "dana"},
    )
    groups = by_person(agenda(snapshot, TaskFilter(), WEDNESDAY).entries)
    assert [(group.name, [entry.id for entry in group.entries]) for group in groups] == [
        ("dana", ["D"]), ("lee", ["C", "B"]), ("", ["A"]),
    ]  # fmt: skip


def test_a_far_horizon_is_the_end_of_time() -> None:
    snapshot = plan(A={"due_date": "9999-12-31"})
    assert drawn(snapshot, days=10_000_000) == "later: A 31 Dec 9999"
