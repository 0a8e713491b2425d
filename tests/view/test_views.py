"""What is ready, what holds the rest up, the tree, lists."""

from typing import Any

import pytest

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.view.ready import Held, ready
from orchestrator.view.rows import (
    UnknownFieldError,
    page,
    project_rows,
    sort_ids,
    task_rows,
)
from orchestrator.view.select import select
from orchestrator.view.tree import tree


def plan(projects: dict[str, dict[str, Any]] | None = None, **tasks: dict[str, Any]) -> Snapshot:
    documents = {
        name: {"id": name, "title": name.lower(), "status": "todo", "project": "pay", **fields}
        for name, fields in tasks.items()
    }
    return Snapshot(
        {"name": "Test"}, projects=projects or {"pay": {"status": "active"}}, tasks=documents
    )


def test_a_task_is_ready_when_nothing_that_it_needs_is_open() -> None:
    snapshot = plan(
        A={"status": "completed"},
        B={"dependencies": ["A"]},
        C={"dependencies": ["B"]},
        D={"dependencies": ["C"], "status": "in_progress"},
        E={"status": "blocked"},
    )
    assert ready(snapshot) == ["B"]
    assert Held(snapshot).by("C", snapshot.tasks["C"]) == ["B"]


def test_what_holds_a_parent_up_holds_its_children_up() -> None:
    snapshot = plan(A={}, P={"dependencies": ["A"]}, C={"parent": "P"}, G={"parent": "C"})
    assert ready(snapshot) == ["A"]
    assert Held(snapshot).by("G", snapshot.tasks["G"]) == ["A"]


def test_a_parent_is_ready_once_its_children_are_done() -> None:
    assert ready(plan(P={}, C={"parent": "P"})) == ["C"]
    assert ready(plan(P={}, C={"parent": "P", "status": "cancelled"})) == ["P"]


def test_deleted_tasks_and_resting_projects_offer_nothing_and_hold_nothing_up() -> None:
    gone = {"deleted_at": "2026-01-01T00:00:00Z"}
    assert ready(plan(A=gone, B={"dependencies": ["A"]})) == ["B"]
    for project in ({"status": "on_hold"}, {"status": "active", **gone}, {"status": "completed"}):
        assert ready(plan({"pay": project}, A={})) == []


def test_the_most_urgent_comes_first() -> None:
    snapshot = plan(
        A={},
        B={"priority": "low"},
        C={"priority": "urgent"},
        D={"due_date": "2026-01-02"},
        E={"due_date": "2026-01-01"},
    )
    assert ready(snapshot) == ["C", "E", "D", "A", "B"]


def test_the_tree_counts_what_is_done_below() -> None:
    snapshot = plan(
        A={}, B={"parent": "A", "status": "completed"}, C={"parent": "B"}, D={"parent": "A"}, E={}
    )
    rows = [(row.id, row.depth, row.done, row.total) for row in tree(snapshot)]
    assert rows == [("A", 0, 1, 3), ("B", 1, 0, 1), ("C", 2, 0, 0), ("D", 1, 0, 0), ("E", 0, 0, 0)]
    assert [row.id for row in tree(snapshot, root="B")] == ["B", "C"]


def test_tasks_in_a_cycle_neither_hang_the_tree_nor_vanish_from_it() -> None:
    snapshot = plan(A={"parent": "B"}, B={"parent": "A"}, C={"parent": "C"}, D={"parent": "Z"})
    rows = [(row.id, row.depth) for row in tree(snapshot)]
    assert rows == [("A", 0), ("B", 1), ("C", 0), ("D", 0)]
    assert [row.id for row in tree(snapshot, root="B")] == ["B"]
    assert task_rows(snapshot, ["A"])[0]["derived"]["depth"] == 1


def test_entities_without_a_value_sort_last_in_both_directions() -> None:
    snapshot = plan(A={}, B={"due_date": "2026-01-02"}, C={"due_date": "2026-01-01"})
    document = snapshot.tasks.__getitem__
    assert sort_ids(snapshot.tasks, document, "due_date", "tasks") == ["C", "B", "A"]
    assert sort_ids(snapshot.tasks, document, "-due_date", "tasks") == ["B", "C", "A"]
    with pytest.raises(UnknownFieldError):
        sort_ids(snapshot.tasks, document, "due", "tasks")


def test_statuses_and_priorities_sort_by_meaning() -> None:
    snapshot = plan(A={"priority": "low"}, B={"priority": "urgent"}, C={"priority": "medium"})
    document = snapshot.tasks.__getitem__
    assert sort_ids(snapshot.tasks, document, "priority", "tasks") == ["B", "C", "A"]


def test_filters_let_through_what_they_say() -> None:
    gone = {"deleted_at": "2026-01-01T00:00:00Z"}
    snapshot = plan(A={"labels": ["x", "y"], "description": "Straße"}, B={"labels": ["x"]}, C=gone)
    assert select(snapshot, TaskFilter()) == ["A", "B"]
    assert select(snapshot, TaskFilter(label=("x", "y"))) == ["A"]
    assert select(snapshot, TaskFilter(text="STRASSE")) == ["A"]
    assert select(snapshot, TaskFilter(priority=("medium",))) == ["A", "B"]
    assert select(snapshot, TaskFilter(is_deleted=True)) == ["C"]


def test_a_page_knows_how_many_there_are_in_all() -> None:
    assert page(["a", "b", "c"], 1, 1) == (page(["a", "b", "c"], 1, 1))
    assert (page(["a", "b", "c"], 1, 1).total, page(["a", "b", "c"], 1, 1).ids) == (3, ("b",))
    assert page(["a"], None, 5).ids == ()


def test_minutes_are_the_sum_of_entries_or_what_is_stated() -> None:
    entries = [{"at": "2026-01-01T00:00:00Z", "minutes": 20}] * 2
    snapshot = plan(A={"time_entries": entries}, B={"actual_minutes": 7})
    rows = task_rows(snapshot, ["A", "B"])
    assert [row["derived"]["actual_minutes"] for row in rows] == [40, 7]


def test_a_project_counts_its_open_tasks() -> None:
    [row] = project_rows(plan(A={}, B={"status": "completed"}), ["pay"])
    assert row["derived"] == {"tasks": 2, "open": 1}
