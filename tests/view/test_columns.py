"""Columns, and sorting by them."""

from datetime import date
from typing import Any

import pytest

from orchestrator.view.columns import DERIVED, column, read_columns, sort_tasks
from orchestrator.view.derived import Derived
from orchestrator.view.rows import UnknownFieldError
from tests.view.planned import planned

TODAY = date(2026, 11, 22)
DERIVED_PLAN = Derived(
    planned(
        {
            "A": {"estimated_minutes": 60, "due_date": "2026-12-02"},
            "B": {
                "parent": "A", "time_entries": [{"at": "2026-01-01T00:00:00Z", "minutes": 20}],
                "estimated_minutes": 30, "metadata": {"team": "core", "rank": 2},
            },
            "C": {"dependencies": ["B"], "due_date": "2026-12-01", "metadata": {"rank": "x"}},
            "D": {"status": "completed", "estimated_minutes": 5, "metadata": {"rank": 10}},
        }
    )
)  # fmt: skip


def test_columns_are_named_added_and_abbreviated() -> None:
    assert read_columns("id, due,estimate", ["title"]) == ["id", "due_date", "estimated_minutes"]
    assert read_columns("+labels,id", ["id", "title"]) == ["id", "title", "labels"]
    assert read_columns("metadata.team,tests.unit", []) == ["metadata.team", "tests.unit"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [("titel", "Did you mean title ?"), ("", "There are id,"), ("labels.x", "Did you mean labels"),
     ("metadata.", "Did you mean metadata")],
)  # fmt: skip
def test_an_unknown_column_is_refused_with_a_suggestion(text: str, hint: str) -> None:
    with pytest.raises(UnknownFieldError) as refused:
        read_columns(text, [])
    assert hint in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("id", ["A", "B", "C", "D"]),
        ("project", ["pay"] * 4),
        ("depth", [0, 1, 0, 0]),
        ("children", [1, None, None, None]),
        ("ready", [False, True, False, False]),
        ("blocked_by", [[], [], ["B"], []]),
        ("unblocks", [None, 1, None, None]),
        ("spent", [20, 20, None, None]),
        ("remaining", [10, 10, None, 0]),
        ("progress", [0, 0, 0, 100]),
        ("urgency", [7.5, 5.0, 7.0, 0.0]),
        ("actual_minutes", [None, 20, None, None]),
        ("metadata.team", [None, "core", None, None]),
    ],
)
def test_a_column_has_its_value_for_each_task(name: str, values: list[Any]) -> None:
    assert [column(DERIVED_PLAN, TODAY, name)(task_id) for task_id in "ABCD"] == values


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("due", "CABD"),
        ("-due_date", "ACBD"),
        ("urgency", "ACBD"),
        ("-depth,id", "BACD"),
        ("-blocked_by", "CABD"),
        ("spent,-id", "BADC"),
        ("metadata.rank", "BDCA"),
        ("", "ABCD"),
    ],
)
def test_tasks_sort_by_any_column(sort: str, ids: str) -> None:
    assert "".join(sort_tasks(DERIVED_PLAN, TODAY, "DCBA", sort)) == ids


def test_every_derived_column_sorts() -> None:
    for name in DERIVED:
        assert sorted(sort_tasks(DERIVED_PLAN, TODAY, "ABCD", f"-{name}")) == list("ABCD")
