"""The critical path: what can happen when, what decides the end, and how much the rest can slip."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.snapshot import Snapshot
from orchestrator.view.network import Ignored
from orchestrator.view.schedule import Schedule, schedule
from orchestrator.view.workdays import Calendar

MONDAY = date(2026, 11, 23)
DAY = 480


def plan(projects: dict[str, Any] | None = None, **tasks: dict[str, Any]) -> Snapshot:
    documents = {
        name: {
            "id": name, "title": name, "status": "todo", "project": "pay",
            "estimated_minutes": DAY, **fields,
        }
        for name, fields in tasks.items()
    }  # fmt: skip
    return Snapshot({}, projects=projects or {"pay": {"status": "active"}}, tasks=documents)


def days(made: Schedule) -> dict[str, tuple[int, int]]:
    """Return the days of November on which tasks start and finish."""
    return {name: (found.start.day, found.finish.day) for name, found in made.tasks.items()}


def test_a_task_starts_when_what_it_waits_for_is_finished() -> None:
    made = schedule(
        plan(A={}, B={"dependencies": ["A"], "estimated_minutes": 2 * DAY}, C={}), MONDAY
    )
    assert days(made) == {"A": (23, 23), "B": (24, 25), "C": (23, 23)}
    assert made.path == ("A", "B")
    assert made.finish == date(2026, 11, 25)
    assert made.minutes == 3 * DAY
    assert made.tasks["C"].slack_minutes == 2 * DAY
    assert made.tasks["C"].latest_finish == date(2026, 11, 25)
    assert [name for name, found in made.tasks.items() if found.is_critical] == ["A", "B"]


def test_short_tasks_share_a_day() -> None:
    made = schedule(
        plan(
            A={"estimated_minutes": 60},
            B={"estimated_minutes": 60, "dependencies": ["A"]},
            C={"estimated_minutes": DAY, "dependencies": ["B"]},
        ),
        MONDAY,
    )
    assert days(made) == {"A": (23, 23), "B": (23, 23), "C": (23, 24)}


def test_nobody_works_on_a_weekend() -> None:
    friday, saturday = MONDAY + timedelta(days=4), MONDAY + timedelta(days=5)
    two_days = plan(A={"estimated_minutes": 2 * DAY})
    assert days(schedule(two_days, friday)) == {"A": (27, 30)}
    assert days(schedule(plan(A={}), saturday)) == {"A": (30, 30)}


def test_what_was_spent_is_no_longer_to_do() -> None:
    made = schedule(
        plan(
            A={"estimated_minutes": 3 * DAY, "actual_minutes": DAY},
            B={"time_entries": [{"at": "2026-11-20T09:00:00Z", "minutes": 9 * DAY}]},
        ),
        MONDAY,
    )
    assert (made.tasks["A"].minutes, made.tasks["B"].minutes) == (2 * DAY, 0)


def test_a_task_without_an_estimate_takes_what_is_assumed_and_says_so() -> None:
    unknown = plan(A={"estimated_minutes": None})
    assert schedule(unknown, MONDAY).tasks["A"].minutes == DAY
    assert schedule(unknown, MONDAY, assumed_minutes=60).tasks["A"].minutes == 60
    assert schedule(unknown, MONDAY).tasks["A"].is_assumed
    assert not schedule(plan(A={}), MONDAY).tasks["A"].is_assumed


def test_a_day_has_the_hours_of_the_settings() -> None:
    snapshot = Snapshot({"hours_per_day": 4}, tasks=plan(A={}).tasks, projects={})
    assert days(schedule(snapshot, MONDAY)) == {"A": (23, 24)}


def test_a_start_date_is_not_before_and_begins_the_path() -> None:
    made = schedule(plan(A={}, B={"start_date": "2026-11-25", "dependencies": ["A"]}), MONDAY)
    assert days(made)["B"] == (25, 25)
    assert made.path == ("B",)
    assert made.tasks["A"].slack_minutes == DAY


def test_parents_span_their_children_and_hand_down_what_they_wait_for() -> None:
    made = schedule(
        plan(
            A={},
            P={"dependencies": ["A"], "estimated_minutes": 99 * DAY},
            C={"parent": "P"},
            D={"parent": "P", "dependencies": ["C"]},
            Z={"dependencies": ["P"]},
        ),
        MONDAY,
    )
    assert days(made) == {
        "A": (23, 23), "C": (24, 24), "D": (25, 25), "P": (24, 25), "Z": (26, 26),
    }  # fmt: skip
    assert made.tasks["P"].is_parent
    assert made.path == ("A", "C", "D", "Z")


def test_a_parent_whose_children_are_done_only_waits_to_be_closed() -> None:
    made = schedule(plan(P={}, C={"parent": "P", "status": "completed"}), MONDAY)
    assert made.tasks["P"].minutes == 0
    assert made.path == ("P",)


def test_done_tasks_are_where_their_stamps_say_and_hold_nothing_up() -> None:
    made = schedule(
        plan(
            A={
                "status": "completed", "started_at": "2026-11-02T23:30:00-05:00",
                "completed_at": "2026-11-05T01:00:00+09:00",
            },
            B={"dependencies": ["A"]},
            C={"status": "cancelled"},
        ),
        MONDAY,
    )  # fmt: skip
    assert days(made) == {"A": (2, 5), "B": (23, 23)}
    assert made.tasks["A"].is_done


def test_a_due_date_takes_slack_away_and_what_ends_after_it_is_late() -> None:
    made = schedule(
        plan(
            A={"due_date": "2026-11-23"},
            B={"dependencies": ["A"], "due_date": "2026-11-23"},
            C={"estimated_minutes": 9 * DAY, "due_date": "2026-11-29"},
            D={"due_date": "2026-11-28"},
        ),
        MONDAY,
    )
    assert {name for name, found in made.tasks.items() if found.is_late} == {"B", "C"}
    assert made.tasks["A"].slack_minutes == -DAY
    assert made.tasks["B"].slack_minutes == -DAY
    # 28 November is a Saturday: the work must be done on Friday.
    assert made.tasks["D"].slack_minutes == 4 * DAY
    assert made.tasks["D"].latest_finish == date(2026, 11, 27)
    assert made.path == ("C",)
    assert not made.tasks["B"].is_critical


def test_a_parents_due_date_binds_its_children() -> None:
    made = schedule(
        plan(P={"due_date": "2026-11-24"}, C={"parent": "P"}, L={"estimated_minutes": 9 * DAY}),
        MONDAY,
    )
    assert made.tasks["C"].slack_minutes == DAY


def test_a_project_has_a_path_of_its_own_with_what_it_waits_for_elsewhere() -> None:
    snapshot = plan(
        {"pay": {"status": "active"}, "web": {"status": "active"}},
        A={"project": "web"},
        B={"dependencies": ["A"]},
        L={"project": "web", "estimated_minutes": 9 * DAY},
    )
    assert schedule(snapshot, MONDAY).path == ("L",)
    of_pay = schedule(snapshot, MONDAY, "pay")
    assert of_pay.path == ("A", "B")
    assert of_pay.scope == {"B"}
    assert of_pay.tasks["L"].slack_minutes is None
    assert of_pay.tasks["L"].latest_finish is None


def test_projects_at_rest_do_not_decide_the_end() -> None:
    snapshot = plan(
        {"pay": {"status": "active"}, "old": {"status": "on_hold"}},
        A={},
        B={"project": "old", "estimated_minutes": 9 * DAY},
    )
    assert schedule(snapshot, MONDAY).path == ("A",)
    assert schedule(snapshot, MONDAY, "old").path == ("B",)


def test_circles_and_missing_tasks_are_reported_and_the_rest_is_planned() -> None:
    made = schedule(
        plan(
            A={"dependencies": ["B", "GONE"]},
            B={"dependencies": ["C"]},
            C={"dependencies": ["A"]},
            D={"dependencies": ["C"]},
            E={"dependencies": ["E"]},
            P={},
            Q={"parent": "P", "dependencies": ["P"]},
            X={"parent": "Y"},
            Y={"parent": "X"},
        ),
        MONDAY,
    )
    assert made.ignored == (
        Ignored("A", "B", "circle"), Ignored("A", "GONE", "missing"), Ignored("B", "C", "circle"),
        Ignored("C", "A", "circle"), Ignored("E", "E", "circle"), Ignored("Q", "P", "circle"),
    )  # fmt: skip
    assert made.path == ("C", "D")
    assert set(made.tasks) == set("ABCDEPQXY")


def test_nothing_open_has_no_end() -> None:
    made = schedule(plan(A={"status": "cancelled"}), MONDAY)
    assert (made.path, made.finish, made.minutes, dict(made.tasks)) == ((), None, 0, {})
    assert schedule(Snapshot(), MONDAY).finish is None


def test_deleted_tasks_are_not_there() -> None:
    gone = {"deleted_at": "2026-11-01T00:00:00Z"}
    made = schedule(plan(A=gone, B={"dependencies": ["A"]}, C={"parent": "A"}), MONDAY)
    assert days(made) == {"B": (23, 23), "C": (23, 23)}


def test_absurd_sizes_end_on_the_last_day_there_is() -> None:
    many = {
        f"T{at}": {"estimated_minutes": 10_000_000, "dependencies": [f"T{at - 1}"] if at else []}
        for at in range(200)
    }
    assert schedule(plan(**many), MONDAY).finish == date.max
    first = schedule(plan(A={"due_date": "0001-01-01", "estimated_minutes": 10_000_000}), MONDAY)
    assert first.tasks["A"].latest_finish == date.min


def test_a_chain_of_thousands_needs_no_recursion() -> None:
    chain = {f"T{at}": {"dependencies": [f"T{at - 1}"] if at else []} for at in range(5_000)}
    deep = {f"P{at}": {"parent": f"P{at - 1}"} if at else {} for at in range(5_000)}
    ring = {f"R{at}": {"dependencies": [f"R{(at + 1) % 5_000}"]} for at in range(5_000)}
    made = schedule(plan(**chain, **deep, **ring), MONDAY)
    assert len(made.path) == 5_000
    assert len(made.ignored) == 5_000


@pytest.mark.parametrize("day", [date(2026, 11, 21) + timedelta(days=at) for at in range(9)])
def test_moments_and_days_agree(day: date) -> None:
    calendar = Calendar(DAY)
    begin, end = calendar.start(day), calendar.end(day)
    is_workday = day.weekday() < 5
    assert end - begin == (DAY if is_workday else 0)
    assert calendar.day(begin) == (day if is_workday else day + timedelta(days=7 - day.weekday()))
    assert calendar.last_day(begin, begin + DAY) == calendar.day(begin)


@st.composite
def plans(draw: st.DrawFn) -> Snapshot:
    """Draw a plan in which a task may wait for, and be below, those before it."""
    names = [f"T{at}" for at in range(draw(st.integers(1, 9)))]
    tasks: dict[str, dict[str, Any]] = {}
    for at, name in enumerate(names):
        before = names[:at]
        earlier = st.lists(st.sampled_from(before), unique=True) if before else st.just([])
        tasks[name] = {
            "estimated_minutes": draw(st.integers(0, 3 * DAY)),
            "status": draw(st.sampled_from(["todo", "todo", "in_progress", "completed"])),
            "dependencies": draw(earlier),
        }
        if before and draw(st.sampled_from([True, False])):
            tasks[name]["parent"] = draw(st.sampled_from(before))
    return plan(**tasks)


@given(plans())
def test_laws_of_the_schedule(snapshot: Snapshot) -> None:
    made = schedule(snapshot, MONDAY)
    dropped = {(one.id, one.dependency) for one in made.ignored}
    opens = {name: found for name, found in made.tasks.items() if not found.is_done}
    for name, found in opens.items():
        task = snapshot.tasks[name]
        assert found.begin >= Calendar(DAY).start(MONDAY)
        assert found.begin <= found.end
        assert found.slack_minutes is not None
        assert found.slack_minutes >= 0
        if not found.is_parent:
            assert found.end == found.begin + found.minutes
        for other in task["dependencies"]:
            if other in opens and (name, other) not in dropped:
                assert opens[other].end <= found.begin
        parent = task.get("parent")
        if parent in opens:
            assert opens[parent].begin <= found.begin
            assert found.end <= opens[parent].end
    if opens:
        assert made.minutes == sum(opens[name].minutes for name in made.path)
        last = max(found.end for found in opens.values())
        assert opens[made.path[-1]].end == last
        assert opens[made.path[0]].begin == Calendar(DAY).start(MONDAY)
        assert all(opens[name].is_critical for name in made.path)
        assert all(opens[name].slack_minutes == 0 for name in made.path)


@given(plans(), st.data())
def test_slack_is_what_a_task_can_slip_before_the_end_does(
    snapshot: Snapshot, data: st.DataObject
) -> None:
    made = schedule(snapshot, MONDAY)
    # A parent that only waits to be closed cannot take longer, whatever its estimate.
    leaves = sorted(
        name
        for name, found in made.tasks.items()
        if not found.is_done
        and not found.is_parent
        and found.minutes == snapshot.tasks[name]["estimated_minutes"]
    )
    if not leaves:
        return
    name = data.draw(st.sampled_from(leaves))
    found = made.tasks[name]
    assert found.slack_minutes is not None
    task = snapshot.tasks[name]
    for extra, moves in ((found.slack_minutes, False), (found.slack_minutes + 1, True)):
        grown = {**task, "estimated_minutes": task["estimated_minutes"] + extra}
        later = schedule(
            Snapshot({}, projects=snapshot.projects, tasks={**snapshot.tasks, name: grown}), MONDAY
        )
        end = max(one.end for one in later.tasks.values())
        assert (end > max(one.end for one in made.tasks.values())) == moves
