"""Progress, estimates and time spent, rolled up over subtrees and projects."""

from typing import Any

import pytest

from orchestrator.model.snapshot import Snapshot
from orchestrator.view.rollup import Rollup, project_rollups, rollups

EMPTY = Rollup(0, 0, 0, 0, 0, 0.0, is_over=False)


def plan(**tasks: dict[str, Any]) -> Snapshot:
    return Snapshot(
        projects={"pay": {"id": "pay", "key": "PAY"}},
        tasks={
            name: {"id": name, "title": name, "status": "todo", "project": "pay", **fields}
            for name, fields in tasks.items()
        },
    )


def part(parent: str, estimate: int | None = None, **fields: Any) -> dict[str, Any]:
    estimated = {} if estimate is None else {"estimated_minutes": estimate}
    return {"parent": parent, **estimated, **fields}


def test_a_parent_is_the_sum_of_what_is_below_it() -> None:
    found = rollups(
        plan(
            A={},
            B=part("A"),
            C=part("B", 60, status="completed", actual_minutes=50),
            D=part("B", 120, actual_minutes=30),
            E=part("A", 60, actual_minutes=10),
        )
    )
    assert found["A"] == Rollup(240, 90, 140, 1, 3, 0.25, is_over=False)
    assert found["B"] == Rollup(180, 80, 90, 1, 2, 1 / 3, is_over=False)


def test_where_nothing_is_estimated_progress_is_by_count_of_the_tasks_with_none_below() -> None:
    found = rollups(plan(A={}, B=part("A", status="completed"), C=part("A"), D=part("A")))
    assert found["A"] == Rollup(0, 0, 0, 1, 3, 1 / 3, is_over=False)
    assert found["B"].progress == 1.0
    assert found["C"].progress == 0.0


def test_a_parents_own_estimate_is_no_addition_to_those_below_it() -> None:
    found = rollups(plan(A={"estimated_minutes": 500}, B=part("A", 60), C=part("A")))
    assert found["A"].estimated == 60


def test_a_parents_own_estimate_counts_where_nothing_below_it_has_one() -> None:
    found = rollups(
        plan(
            A={"estimated_minutes": 400},
            B=part("A", status="completed", actual_minutes=50),
            C=part("A"),
        )
    )
    assert found["A"] == Rollup(400, 50, 350, 1, 2, 0.5, is_over=False)


def test_nothing_of_a_budget_remains_when_all_its_parts_are_completed() -> None:
    found = rollups(plan(A={"estimated_minutes": 400}, B=part("A", status="completed")))
    assert (found["A"].remaining, found["A"].progress) == (0, 1.0)


@pytest.mark.parametrize(
    ("own", "estimate", "spent", "is_over"),
    [
        (None, 60, 60, False),
        (None, 60, 61, True),
        (50, 60, 55, True),
        (90, 60, 70, True),
        (90, 60, 60, False),
        (30, None, 40, True),
        (None, None, 999, False),
        (0, 0, 5, False),
    ],
)
def test_an_over_run_is_marked_against_the_sum_and_against_the_own_estimate(
    own: int | None, estimate: int | None, spent: int, is_over: bool
) -> None:
    found = rollups(plan(A={"estimated_minutes": own}, B=part("A", estimate, actual_minutes=spent)))
    assert found["A"].is_over is is_over


def test_what_is_cancelled_counts_only_by_what_was_spent_on_it() -> None:
    found = rollups(
        plan(
            A={},
            B=part("A", 60, status="completed"),
            C=part("A", 300, status="cancelled", actual_minutes=20),
        )
    )
    assert found["A"] == Rollup(60, 20, 0, 1, 1, 1.0, is_over=False)
    assert found["C"] == Rollup(0, 20, 0, 0, 0, 0.0, is_over=False)


def test_a_task_whose_parts_are_all_cancelled_counts_itself() -> None:
    found = rollups(plan(A={"status": "completed"}, B=part("A", 60, status="cancelled")))
    assert found["A"] == Rollup(0, 0, 0, 1, 1, 1.0, is_over=False)


def test_time_spent_on_the_parent_itself_is_spent_too() -> None:
    entries = [{"at": "2026-11-20T09:00:00Z", "minutes": 25}] * 2
    found = rollups(plan(A={"time_entries": entries}, B=part("A", 60, actual_minutes=5)))
    assert (found["A"].spent, found["A"].remaining) == (55, 55)


def test_an_over_run_of_one_task_leaves_nothing_negative_to_another() -> None:
    found = rollups(plan(A={}, B=part("A", 10, actual_minutes=100), C=part("A", 60)))
    assert found["A"].remaining == 60


def test_deleted_tasks_are_in_no_rollup_and_their_parts_are_roots() -> None:
    deleted = {"deleted_at": "2026-11-20T09:00:00Z"}
    found = rollups(plan(A={}, B=part("A", 60, **deleted), C=part("B", 30)))
    assert found.keys() == {"A", "C"}
    assert found["A"] == Rollup(0, 0, 0, 0, 1, 0.0, is_over=False)


def test_cycles_missing_parents_and_parents_elsewhere_end_nothing() -> None:
    snapshot = plan(
        A=part("C", 10),
        B=part("A", 20),
        C=part("B", 30),
        D=part("D", 40),
        E=part("GONE", 50),
        F=part("A", 60, project="ops"),
    )
    found = rollups(snapshot)
    assert [found[name].estimated for name in "ABCDEF"] == [30, 30, 30, 40, 50, 60]
    assert project_rollups(snapshot)["pay"].estimated == 120


def test_a_project_is_the_sum_of_its_tasks() -> None:
    snapshot = plan(
        A={"estimated_minutes": 1000},
        B=part("A", 60, status="completed", actual_minutes=90),
        C={"estimated_minutes": 20},
        D={"project": "nowhere", "estimated_minutes": 5},
    )
    assert project_rollups(snapshot) == {"pay": Rollup(80, 90, 20, 1, 2, 0.75, is_over=True)}


def test_a_project_without_tasks_is_empty_and_a_deleted_one_is_left_out() -> None:
    projects = {"pay": {"id": "pay"}, "old": {"id": "old", "deleted_at": "2026-11-20T09:00:00Z"}}
    assert project_rollups(Snapshot(projects=projects)) == {"pay": EMPTY}


def test_a_very_deep_plan_is_added_up() -> None:
    names = [f"T-{at}" for at in range(5000)]
    tasks = {name: part(above) for name, above in zip(names[1:], names, strict=False)}
    tasks[names[-1]]["estimated_minutes"] = 7
    found = rollups(plan(**{names[0]: {}}, **tasks))
    assert found[names[0]] == Rollup(7, 0, 7, 0, 1, 0.0, is_over=False)
