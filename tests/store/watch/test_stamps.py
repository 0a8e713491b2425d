"""Which files are stamped: those that lack nothing else."""

from typing import Any

from orchestrator.model.problem import Problem
from orchestrator.store.watch.stamps import stamps_for


def op(task: str, field: str) -> dict[str, Any]:
    return {"op": "add", "path": f"/tasks/{task}/{field}", "value": "2026-11-22T09:30:00+00:00"}


def missing(task: str, field: str = "started_at") -> Problem:
    return Problem(
        "ORC301", "error", f"{task} has no {field}.", f"{task}.yaml", "/status", task,
        fix=(op(task, field),),
    )  # fmt: skip


UNKNOWN = Problem("ORC101", "error", "Unknown field.", "A-1.yaml", "/stauts", "A-1")


def test_a_saved_file_that_lacks_a_stamp_gets_it() -> None:
    patch, paths = stamps_for([missing("A-1")], {"A-1.yaml"})
    assert (list(patch.ops), paths) == ([op("A-1", "started_at")], ["A-1.yaml"])


def test_a_file_that_nobody_saved_is_left_alone() -> None:
    assert stamps_for([missing("A-1")], {"A-2.yaml"}) == (stamps_for([], {}))


def test_a_file_with_another_error_is_left_alone() -> None:
    patch, paths = stamps_for([missing("A-1"), UNKNOWN, missing("A-2")], {"A-1.yaml", "A-2.yaml"})
    assert (list(patch.ops), paths) == ([op("A-2", "started_at")], ["A-2.yaml"])


def test_a_warning_beside_it_does_not_matter() -> None:
    warning = UNKNOWN._replace(severity="warning")
    assert stamps_for([warning, missing("A-1")], {"A-1.yaml"})[1] == ["A-1.yaml"]


def test_of_two_fixes_of_one_place_the_first_counts() -> None:
    patch, _ = stamps_for([missing("A-1"), missing("A-1")], {"A-1.yaml"})
    assert len(patch.ops) == 1


def test_another_rules_fix_is_no_stamp() -> None:
    other = missing("A-1")._replace(code="ORC308")
    assert stamps_for([other], {"A-1.yaml"})[1] == []
