"""What a task waits for: added, taken away, and refused where it would never end."""

from typing import Any

import pytest

from orchestrator.verbs.assign import read_assignments
from orchestrator.verbs.change import set_all
from orchestrator.verbs.link import link, unlink
from orchestrator.verbs.refuse import ImpossibleError
from tests.verbs.plans import NOW, done_to, fields, plan

PLAN: dict[str, dict[str, Any]] = {
    "PAY-1": {}, "PAY-2": {"parent": "PAY-1"}, "PAY-3": {"dependencies": ["PAY-2"]},
    "PAY-4": {"dependencies": ["PAY-3"]}, "OPS-1": {"project": "ops"},
    "PAY-9": {"deleted_at": "2026-01-01T00:00:00Z"},
}  # fmt: skip


def test_dependencies_are_added_once_and_may_cross_projects() -> None:
    after = done_to(plan(PLAN), link(plan(PLAN), "PAY-3", ["OPS-1", "PAY-2"]))
    assert fields(after, "dependencies")["PAY-3"] == ["PAY-2", "OPS-1"]
    assert link(plan(PLAN), "PAY-3", ["PAY-2"]).ops == ()


@pytest.mark.parametrize(
    ("task_id", "other", "says"),
    [
        ("PAY-1", "PAY-1", "PAY-1 cannot depend on itself."),
        ("PAY-2", "PAY-1", "PAY-2 cannot depend on PAY-1 , which is above it."),
        ("PAY-1", "PAY-2", "PAY-1 cannot depend on PAY-2 , which is below it."),
        ("PAY-3", "PAY-4", "would wait for each other: PAY-3 → PAY-4 → PAY-3 ."),
        ("PAY-2", "PAY-4", "would wait for each other: PAY-2 → PAY-4 → PAY-3 → PAY-2 ."),
        ("PAY-1", "PAY-8", "There is no task PAY-8 ."),
        ("PAY-8", "PAY-1", "There is no task PAY-8 ."),
        ("PAY-1", "PAY-9", "PAY-9 is deleted."),
    ],
)
def test_what_cannot_be_waited_for_is_refused(task_id: str, other: str, says: str) -> None:
    with pytest.raises(ImpossibleError) as refused:
        link(plan(PLAN), task_id, [other])
    assert says in refused.value.message
    wishes = read_assignments("tasks", [f"dependencies+={other}"])
    with pytest.raises(ImpossibleError) as by_set:
        set_all(plan(PLAN), "tasks", [task_id], wishes, NOW)
    assert by_set.value.message == refused.value.message


def test_a_circle_through_two_new_dependencies_is_seen() -> None:
    snapshot = plan({"PAY-1": {}, "PAY-2": {}, "PAY-3": {"dependencies": ["PAY-2"]}})
    wishes = read_assignments("tasks", ["dependencies=PAY-3"])
    with pytest.raises(ImpossibleError, match="PAY-2 → PAY-3 → PAY-2"):
        set_all(snapshot, "tasks", ["PAY-1", "PAY-2"], wishes, NOW)


def test_a_rule_that_is_off_refuses_nothing() -> None:
    settings = {"rules": {"ORC207": "warning", "ORC208": "off"}}
    assert link(plan(PLAN, settings=settings), "PAY-2", ["PAY-4", "PAY-1"]).ops


def test_dependencies_are_taken_away_one_by_one_or_all() -> None:
    snapshot = plan({"PAY-1": {"dependencies": ["PAY-2", "PAY-3"]}, "PAY-2": {}, "PAY-3": {}})
    assert done_to(snapshot, unlink(snapshot, "PAY-1", ["PAY-2"])).tasks["PAY-1"][
        "dependencies"
    ] == ["PAY-3"]
    assert unlink(snapshot, "PAY-1", None).ops == (
        {"op": "remove", "path": "/tasks/PAY-1/dependencies"},
    )
    assert unlink(snapshot, "PAY-2", None).ops == ()
    with pytest.raises(ImpossibleError) as refused:
        unlink(snapshot, "PAY-1", ["PAY-4"])
    assert refused.value.message == "PAY-1 does not depend on PAY-4 ."


def test_a_dependency_on_nothing_can_be_taken_away() -> None:
    snapshot = plan({"PAY-1": {"dependencies": ["PAY-77"]}})
    assert unlink(snapshot, "PAY-1", ["PAY-77"]).ops
