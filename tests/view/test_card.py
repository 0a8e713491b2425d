"""What is known about one task or project."""

from datetime import date
from typing import Any

from orchestrator.model.snapshot import Snapshot
from orchestrator.view.card import children_of, project_cards, project_facts, task_card
from orchestrator.view.derived import Derived

GONE = {"deleted_at": "2026-01-01T00:00:00Z"}
TASKS: dict[str, dict[str, Any]] = {
    "A": {"due_date": "2026-11-20"},
    "B": {"parent": "A", "due_date": "2026-11-30"},
    "C": {"parent": "B", "estimated_minutes": 30, "actual_minutes": 50},
    "D": {"dependencies": ["C"]},
    "E": {"dependencies": ["C"], "status": "completed", "due_date": "2026-11-01"},
    "F": {"dependencies": ["C"], **GONE},
    "G": {"parent": "F", **GONE},
    "H": {"parent": "A", **GONE},
}
PLAN = Snapshot(
    {"name": "Test"},
    projects={
        "pay": {"id": "pay", "status": "active"},
        "old": {"id": "old", "status": "active", **GONE},
    },
    tasks={
        name: {"id": name, "title": name, "status": "todo", "project": "pay", **task}
        for name, task in TASKS.items()
    },
)
DERIVED = Derived(PLAN)


def test_a_task_knows_its_path_what_waits_for_it_and_what_it_amounts_to() -> None:
    derived = task_card(PLAN, "C", DERIVED)["derived"]
    assert derived["path"] == ["A", "B"]
    assert derived["blocks"] == ["D", "E"]
    assert (derived["rollup"]["spent"], derived["rollup"]["is_over"]) == (50, True)
    assert derived["depth"] == 2


def test_a_deleted_task_has_no_rollup_and_shows_what_went_with_it() -> None:
    assert task_card(PLAN, "F", DERIVED)["derived"]["rollup"] is None
    assert children_of(PLAN, "F", DERIVED) == ["G"]
    assert children_of(PLAN, "A", DERIVED) == ["B"]


def test_a_project_knows_what_is_late_what_is_next_and_what_runs_over() -> None:
    found = project_facts(PLAN, "pay", date(2026, 11, 22), DERIVED)
    assert found.by_status == {"todo": 4, "completed": 1}
    assert found.ready == ("C",)
    assert (found.overdue, found.next_due) == (("A",), ("B",))
    assert found.over_runs == ("A", "B", "C")


def test_a_deleted_project_has_no_rollup() -> None:
    live, gone = project_cards(PLAN, ["pay", "old"])
    assert (live["derived"]["rollup"]["total"], live["derived"]["open"]) == (3, 4)
    assert gone["derived"] == {"tasks": 0, "open": 0, "rollup": None}
