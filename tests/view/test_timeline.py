"""The rows of a Gantt chart."""

from datetime import date
from typing import Any

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.view.schedule import schedule
from orchestrator.view.timeline import Group, Row, Timeline, part, shown_ids, timeline

MONDAY = date(2026, 11, 23)
DAY = 480


def plan(**tasks: dict[str, Any]) -> Snapshot:
    documents = {
        name: {"id": name, "title": name.lower(), "status": "todo", "project": "pay", **fields}
        for name, fields in tasks.items()
    }
    projects = {
        "pay": {"title": "Payments", "status": "active"},
        "web": {"title": "Web shop", "status": "active"},
    }
    users = {"dana": {"id": "dana", "name": "Dana Ionescu"}}
    return Snapshot({"name": "Shop"}, users, projects, documents)


def drawn(snapshot: Snapshot, group: Group = "project", **limits: date) -> Timeline:
    ids = [name for name, _ in snapshot.live_tasks()]
    plan = schedule(snapshot, MONDAY)
    return timeline(snapshot, ids, plan, MONDAY, group=group, **limits)


def row(snapshot: Snapshot, name: str = "A") -> Row:
    return next(found for found in drawn(snapshot).rows if found.id == name)


def span(**fields: Any) -> tuple[date | None, date | None, str]:
    found = row(plan(A=fields))
    return found.start, found.finish, found.kind


def test_a_bar_is_where_the_plan_says_or_where_the_schedule_puts_it() -> None:
    november = {at: date(2026, 11, at) for at in range(1, 31)}
    planned = span(start_date="2026-11-10", due_date="2026-11-12", estimated_minutes=DAY)
    assert planned == (november[10], november[12], "task")
    assert span(estimated_minutes=2 * DAY) == (november[23], november[24], "task")
    assert span(start_date="2026-11-26") == (november[26], november[26], "task")
    assert span(start_date="2026-11-10") == (november[10], november[23], "task")
    begun = span(status="in_progress", started_at="2026-11-20T09:00:00Z")
    assert begun == (november[20], november[23], "task")
    done = span(
        status="completed", started_at="2026-11-02T09:00:00Z", completed_at="2026-11-04T09:00:00Z"
    )
    assert done == (november[2], november[4], "task")
    assert span(status="completed") == (None, None, "task")


def test_a_due_date_with_nothing_else_is_a_milestone() -> None:
    assert span(due_date="2026-12-24") == (date(2026, 12, 24), date(2026, 12, 24), "milestone")
    assert span(due_date="2026-12-24", estimated_minutes=60)[2] == "task"
    parent = plan(A={"due_date": "2026-12-24"}, B={"parent": "A"})
    assert row(parent).kind == "parent"


def test_a_parent_covers_what_is_below_it() -> None:
    snapshot = plan(
        P={},
        A={"parent": "P", "status": "completed", "completed_at": "2026-11-02T09:00:00Z"},
        B={"parent": "P", "estimated_minutes": 3 * DAY},
    )
    found = row(snapshot, "P")
    assert (found.start, found.finish) == (date(2026, 11, 2), date(2026, 11, 25))
    assert found.progress == 0.0  # of what is estimated, nothing is done


def test_rows_stand_under_headings_parents_first_siblings_by_when_they_begin() -> None:
    snapshot = plan(
        Z={"project": "web", "assignee": "dana"},
        A={"start_date": "2026-12-01"},
        P={"assignee": "dana"},
        C={"parent": "P", "start_date": "2026-11-30"},
        B={"parent": "P", "assignee": "dana"},
    )
    shown = [(found.kind, found.id, found.depth) for found in drawn(snapshot).rows]
    assert shown == [
        ("heading", "pay", 0), ("parent", "P", 0), ("task", "B", 1), ("task", "C", 1),
        ("task", "A", 0), ("heading", "web", 0), ("task", "Z", 0),
    ]  # fmt: skip
    by_person = drawn(snapshot, "assignee").rows
    assert [(found.title, found.depth) for found in by_person] == [
        ("Dana Ionescu", 0), ("z", 0), ("p", 0), ("b", 1), ("nobody", 0), ("c", 0), ("a", 0),
    ]  # fmt: skip


def test_progress_is_time_spent_of_what_was_estimated() -> None:
    assert row(plan(A={"estimated_minutes": 100, "actual_minutes": 25})).progress == 0.25
    assert row(plan(A={"estimated_minutes": 100, "actual_minutes": 250})).progress == 1.0
    assert row(plan(A={"actual_minutes": 25})).progress == 0.0


def test_lateness_is_counted_from_the_due_date_to_when_it_can_be_done() -> None:
    late = {"start_date": "2026-11-16", "due_date": "2026-11-20", "estimated_minutes": 2 * DAY}
    assert row(plan(A=late)).days_late == 4
    assert row(plan(A={**late, "due_date": "2026-11-24"})).days_late == 0
    done = row(plan(A={**late, "status": "completed"}))
    assert (done.days_late, done.due) == (0, None)


def test_the_days_shown_hold_every_bar_and_today() -> None:
    made = drawn(plan(A={"due_date": "2027-01-05"}, B={}))
    assert (made.first, made.last) == (MONDAY, date(2027, 1, 5))
    assert drawn(plan(A={})).last == date(2026, 12, 6)
    cut = drawn(plan(A={}), first=date(2026, 12, 1), last=date(2026, 12, 5))
    assert (cut.first, cut.last) == (date(2026, 12, 1), date(2026, 12, 5))


def test_only_dependencies_on_shown_tasks_are_drawn() -> None:
    snapshot = plan(A={}, B={"dependencies": ["A", "GONE"]})
    assert row(snapshot, "B").waits_for == ("A",)


def test_what_is_cancelled_or_done_long_ago_shows_when_it_is_asked_for() -> None:
    snapshot = plan(
        A={},
        B={"status": "cancelled"},
        C={"status": "completed", "completed_at": "2026-11-20T09:00:00Z"},
        D={"status": "completed", "completed_at": "2026-10-20T09:00:00Z"},
    )
    assert shown_ids(snapshot, TaskFilter(), MONDAY) == (["A", "C"], 1)
    assert shown_ids(snapshot, TaskFilter(), MONDAY, shows_all=True) == (list("ABCD"), 0)
    assert shown_ids(snapshot, TaskFilter(is_open=False), MONDAY) == (list("BCD"), 0)
    assert shown_ids(snapshot, TaskFilter(status=("cancelled",)), MONDAY) == (["B"], 0)
    assert shown_ids(snapshot, TaskFilter(id=("D",)), MONDAY) == (["D"], 0)


def test_broken_hierarchies_still_have_rows() -> None:
    snapshot = plan(X={"parent": "Y"}, Y={"parent": "X"}, Z={"parent": "GONE"})
    assert sorted(found.id for found in drawn(snapshot).tasks) == ["X", "Y", "Z"]


def test_a_part_has_its_headings_and_all_its_days() -> None:
    snapshot = plan(A={}, B={"due_date": "2027-01-05"}, C={"project": "web"}, D={"project": "web"})
    made = drawn(snapshot)
    assert [found.id for found in made.rows] == ["pay", "A", "B", "web", "C", "D"]
    middle = part(made, 2, 1)
    assert [found.id for found in middle.rows] == ["pay", "B", "web", "C"]
    assert (middle.first, middle.last) == (made.first, made.last)
    assert part(made, 9).rows == made.rows
    assert part(made, 0).rows == part(made, 9, 9).rows == ()
