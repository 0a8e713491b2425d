"""The same done to several tasks is one patch, or none at all."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.errors import OrchestratorError
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Patch
from orchestrator.verbs.assign import read_assignments
from orchestrator.verbs.change import set_all
from orchestrator.verbs.create import create_task
from orchestrator.verbs.label import label
from orchestrator.verbs.link import link, unlink
from orchestrator.verbs.move import move
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.rename import rename_task
from orchestrator.verbs.status import ACTIONS, act
from tests.verbs.plans import NOW, done_to, fields, plan

PLAN: dict[str, dict[str, Any]] = {
    "PAY-1": {"labels": ["api"]}, "PAY-2": {"labels": ["api", "db"], "parent": "PAY-1"},
    "PAY-3": {},
}  # fmt: skip


def test_wishes_are_fulfilled_for_each_task_once() -> None:
    wishes = read_assignments("tasks", ["priority=high", "labels+=api"])
    patch = set_all(plan(PLAN), "tasks", ["PAY-3", "PAY-1", "PAY-3"], wishes, NOW)
    assert [op["path"] for op in patch.ops] == [
        "/tasks/PAY-3/priority", "/tasks/PAY-3/labels", "/tasks/PAY-1/priority",
    ]  # fmt: skip


def test_one_that_cannot_be_refuses_all() -> None:
    with pytest.raises(ImpossibleError, match="There is no task PAY-8"):
        set_all(plan(PLAN), "tasks", ["PAY-1", "PAY-8"], read_assignments("tasks", []), NOW)


def test_labels_are_added_where_missing_and_taken_where_they_are() -> None:
    snapshot = plan(PLAN)
    after = done_to(snapshot, label(snapshot, ["PAY-1", "PAY-2", "PAY-3"], ["web"], ["db"]))
    assert fields(after, "labels") == {
        "PAY-1": ["api", "web"], "PAY-2": ["api", "web"], "PAY-3": ["web"],
    }  # fmt: skip
    assert "labels" not in done_to(snapshot, label(snapshot, ["PAY-1"], [], ["api"])).tasks["PAY-1"]


@pytest.mark.parametrize(
    ("ids", "remove", "says"),
    [
        (["PAY-1"], "apy", "PAY-1 does not have the label apy ."),
        (["PAY-1", "PAY-3"], "db", "None of them has the label db ."),
        (["PAY-8"], "db", "There is no task PAY-8 ."),
    ],
)
def test_a_label_that_nobody_has_cannot_be_taken_away(
    ids: list[str], remove: str, says: str
) -> None:
    with pytest.raises(ImpossibleError) as refused:
        label(plan(PLAN), ids, [], [remove])
    assert refused.value.message == says


def test_a_label_that_is_none_is_refused() -> None:
    with pytest.raises(ImpossibleError, match="is longer than 100 characters"):
        label(plan(PLAN), ["PAY-1"], ["x" * 101], [])


IDS = [f"PAY-{number}" for number in range(7)]


@st.composite
def plans(draw: st.DrawFn) -> Snapshot:
    """Plans without errors: parents and dependencies point to earlier tasks."""
    tasks: dict[str, dict[str, Any]] = {}
    for number, task_id in enumerate(IDS):
        earlier = IDS[:number]
        task: dict[str, Any] = {"status": draw(st.sampled_from([*TASK_STATUSES]))}
        kind: str = draw(st.sampled_from(["child", "root", "elsewhere"]))
        if earlier and kind == "child":
            task["parent"] = draw(st.sampled_from(earlier))
        elif kind == "elsewhere":
            task["project"] = "ops"
        tasks[task_id] = task
        above = {task_id}
        while parent := task.get("parent"):
            tasks[task_id]["project"] = tasks[parent].get("project", "pay")
            above.add(parent)
            task = tasks[parent]
        if others := [name for name in earlier if name not in above]:
            tasks[task_id]["dependencies"] = draw(
                st.lists(st.sampled_from(others), max_size=2, unique=True)
            )
    return plan(tasks)


TASK_STATUSES = ("todo", "in_progress", "blocked", "in_review", "completed", "cancelled")
NAMES = st.sampled_from(IDS)
SOME = st.lists(NAMES, min_size=1, max_size=3)


@st.composite
def deeds(draw: st.DrawFn) -> Any:
    """One thing to do with a plan."""
    one, some = draw(NAMES), draw(SOME)
    text = draw(st.sampled_from(["parent=PAY-3", "project=ops", "parent=", "dependencies=PAY-1",
                                 "status=todo", "due=+2d", "parent=PAY-6"]))  # fmt: skip
    return draw(
        st.sampled_from([
            lambda plan: act(plan, draw(st.sampled_from([*ACTIONS])), some, NOW),
            lambda plan: move(plan, some, one),
            lambda plan: move(plan, some, to="ops"),
            lambda plan: move(plan, some, is_root=True),
            lambda plan: link(plan, one, some),
            lambda plan: unlink(plan, one, None),
            lambda plan: rename_task(plan, one, "NEW-1"),
            lambda plan: label(plan, some, ["db"], []),
            lambda plan: set_all(plan, "tasks", some, read_assignments("tasks", [text]), NOW),
            lambda plan: create_task(
                plan, "pay", "New", read_assignments("tasks", [f"parent={one}"]), NOW,
                random.Random(1).choice,
            )[1],
        ])
    )  # fmt: skip


def _tried(snapshot: Snapshot, deed: Any) -> Patch:
    found: Patch | str
    try:
        found = deed(snapshot)
    except OrchestratorError as error:
        found = error.message
    if isinstance(found, str):
        assert found.endswith(".")
        assert "\n" not in found
        return Patch(())
    return found


@settings(max_examples=150)
@given(plans(), st.lists(deeds(), min_size=1, max_size=4))
def test_no_verb_brings_an_error_into_a_plan(snapshot: Snapshot, todo: list[Any]) -> None:
    for deed in todo:
        snapshot = done_to(snapshot, _tried(snapshot, deed))


@pytest.mark.slow
@settings(max_examples=3_000)
@given(plans(), st.lists(deeds(), min_size=1, max_size=8))
def test_no_sequence_of_verbs_brings_an_error_into_a_plan(
    snapshot: Snapshot, todo: list[Any]
) -> None:
    for deed in todo:
        snapshot = done_to(snapshot, _tried(snapshot, deed))
