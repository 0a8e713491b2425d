"""Which task is where on the board, and how wide its columns are."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TaskFilter
from orchestrator.view.board import Board, board, column_widths

TODAY = date(2026, 11, 22)
TASKS: dict[str, dict[str, Any]] = {
    "A": {"status": "todo", "priority": "low", "assignee": "dana"},
    "B": {"status": "todo", "priority": "urgent"},
    "C": {"status": "in_progress", "assignee": "dana"},
    "D": {"status": "completed", "completed_at": "2026-11-15T00:00:00Z", "project": "ops"},
    "E": {"status": "completed", "completed_at": "2026-11-20T00:00:00Z"},
    "F": {"status": "completed", "completed_at": "2026-11-14T23:59:59Z"},
    "G": {"status": "completed"},
    "H": {"status": "cancelled"},
    "I": {"status": "todo", "deleted_at": "2026-11-01T00:00:00Z"},
    "J": {"priority": "high"},
}
PLAN = Snapshot(
    {"name": "Test"},
    projects={"pay": {"status": "active"}, "ops": {"status": "active"}},
    tasks={
        name: {"id": name, "title": name, "project": "pay", **task} for name, task in TASKS.items()
    },
)


def drawn(found: Board) -> dict[str, dict[str, str]]:
    return {
        lane.name: {column.status: " ".join(column.ids) for column in lane.columns if column.ids}
        for lane in found.lanes
    }


def test_columns_are_statuses_and_hold_the_most_urgent_first() -> None:
    found = board(PLAN, TaskFilter(), TODAY)
    assert found.statuses == ("todo", "in_progress", "blocked", "in_review", "completed", "")
    assert drawn(found) == {"": {"todo": "B A", "in_progress": "C", "completed": "E D", "": "J"}}
    assert (found.total, found.older) == (6, 2)


def test_all_shows_old_and_cancelled_tasks_too() -> None:
    found = board(PLAN, TaskFilter(), TODAY, shows_all=True)
    assert drawn(found)[""]["completed"] == "E D F G"
    assert drawn(found)[""]["cancelled"] == "H"
    assert (found.total, found.older) == (9, 0)


@pytest.mark.parametrize(
    ("wanted", "columns"),
    [
        (TaskFilter(status=("cancelled",)), {"cancelled": "H"}),
        (TaskFilter(status=("completed",)), {"completed": "E D F G"}),
        (TaskFilter(completed_before="2026-11-15"), {"completed": "F"}),
        (TaskFilter(is_open=True), {"todo": "B A", "in_progress": "C", "": "J"}),
        (TaskFilter(assignee=("dana",)), {"todo": "A", "in_progress": "C"}),
    ],
)
def test_what_is_asked_for_is_shown(wanted: TaskFilter, columns: dict[str, str]) -> None:
    found = {name: ids for name, ids in drawn(board(PLAN, wanted, TODAY))[""].items() if ids}
    assert {name: found[name] for name in columns} == columns
    assert set(found) - set(columns) <= {""}


def test_lanes_divide_the_same_tasks() -> None:
    people = board(PLAN, TaskFilter(), TODAY, lanes="assignee")
    assert drawn(people) == {
        "dana": {"todo": "A", "in_progress": "C"},
        "": {"todo": "B", "completed": "E D", "": "J"},
    }
    assert list(drawn(board(PLAN, TaskFilter(), TODAY, lanes="project"))) == ["ops", "pay"]
    assert list(drawn(board(PLAN, TaskFilter(), TODAY, lanes="priority"))) == [
        "urgent", "high", "medium", "low",
    ]  # fmt: skip


def test_an_empty_board_has_its_columns() -> None:
    found = board(Snapshot(), TaskFilter(), TODAY)
    assert (found.total, len(found.statuses), len(found.lanes)) == (0, 5, 1)


@given(st.lists(st.tuples(st.booleans(), st.integers(5, 20)), min_size=1, max_size=7), st.data())
def test_columns_fill_the_width_exactly(columns: list[tuple[bool, int]], data: Any) -> None:
    names = [name for _, name in columns]
    is_empty = [empty for empty, _ in columns]
    least = sum(names) + 2 * (len(names) - 1)
    width = data.draw(st.integers(least, 300))
    widths = column_widths(is_empty, names, width, 2)
    assert sum(widths) + 2 * (len(widths) - 1) == width
    shared = [
        found for found, empty in zip(widths, is_empty, strict=True) if not empty or all(is_empty)
    ]
    assert max(shared) - min(shared) <= 1
