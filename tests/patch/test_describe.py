"""Changes in words."""

from typing import Any

import pytest

from orchestrator.patch.apply import Change
from orchestrator.patch.describe import fields, shown, subject


def change(before: dict[str, Any], after: dict[str, Any]) -> Change:
    task = {"id": "PAY-1", "title": "Capture", "status": "todo", "project": "pay"}
    return Change("tasks", "PAY-1", {**task, **before}, {**task, **after})


@pytest.mark.parametrize(
    ("value", "field", "words"),
    [
        (["api", "db"], "labels", "api, db"),
        (["Works, and well"], "tests.unit", '["Works, and well"]'),
        ([], "labels", "[]"),
        (90, "estimated_minutes", "1h30m"),
        (-4, "estimated_minutes", "-4"),
        (90, "metadata.points", "90"),
        (None, "labels", "-"),
    ],
)
def test_a_value_is_told_as_people_write_it(value: Any, field: str, words: str) -> None:
    assert shown(value, field) == words


def test_a_deletion_is_one_line_whatever_else_changes() -> None:
    marks = {"deleted_at": "2026-11-20T09:00:00Z", "deleted_by": "dana", "deleted_with": "pay"}
    both = change({}, {**marks, "labels": ["api"]})
    assert list(fields(both)) == ["Delete PAY-1 with pay", "PAY-1: labels: - → api"]
    assert list(fields(change(marks, {"priority": "low"}))) == [
        "Restore PAY-1",
        "PAY-1: priority: - → low",
    ]
    assert subject([change({}, marks)]) == "Delete PAY-1"


def test_an_estimate_is_told_in_hours() -> None:
    assert subject([change({}, {"estimated_minutes": 150})]) == (
        "Set estimated_minutes of PAY-1 to 2h30m"
    )
