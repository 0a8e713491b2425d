"""A task moves with all that is below it, and is refused where it must not be."""

from typing import Any

import pytest

from orchestrator.verbs.assign import read_assignments
from orchestrator.verbs.change import set_all
from orchestrator.verbs.move import move
from orchestrator.verbs.refuse import ImpossibleError
from tests.verbs.plans import NOW, done_to, fields, plan

TREE: dict[str, dict[str, Any]] = {
    "PAY-1": {}, "PAY-2": {"parent": "PAY-1"}, "PAY-3": {"parent": "PAY-2"},
    "PAY-4": {"parent": "PAY-2", "deleted_at": "2026-01-01T00:00:00Z"},
    "PAY-5": {}, "OPS-1": {"project": "ops"},
    "PAY-9": {"deleted_at": "2026-01-01T00:00:00Z"},
}  # fmt: skip
CHAIN: dict[str, dict[str, Any]] = {
    f"PAY-{n}": {"parent": f"PAY-{n - 1}"} if n else {} for n in range(6)
}


def test_a_task_goes_under_another() -> None:
    after = done_to(plan(TREE), move(plan(TREE), ["PAY-2"], "PAY-5"))
    assert fields(after, "parent") == {"PAY-2": "PAY-5", "PAY-3": "PAY-2", "PAY-4": "PAY-2"}


def test_a_task_goes_to_the_root() -> None:
    assert move(plan(TREE), ["PAY-2"], is_root=True).ops == (
        {"op": "remove", "path": "/tasks/PAY-2/parent"},
    )


def test_to_another_project_all_below_comes_along_and_the_parent_is_dropped() -> None:
    after = done_to(plan(TREE), move(plan(TREE), ["PAY-2"], to="ops"))
    moved = {name for name, task in after.tasks.items() if task["project"] == "ops"}
    assert moved == {"PAY-2", "PAY-3", "PAY-4", "OPS-1"}
    assert fields(after, "parent") == {"PAY-3": "PAY-2", "PAY-4": "PAY-2"}


def test_a_parent_in_another_project_says_the_project() -> None:
    after = done_to(plan(TREE), move(plan(TREE), ["PAY-1"], "OPS-1"))
    assert {after.tasks[name]["project"] for name in ("PAY-1", "PAY-2", "PAY-4")} == {"ops"}
    assert after.tasks["PAY-1"]["parent"] == "OPS-1"


def test_a_parent_that_is_there_already_or_comes_along_stays() -> None:
    after = done_to(plan(TREE), move(plan(TREE), ["PAY-2", "PAY-1"], to="ops"))
    assert after.tasks["PAY-2"]["parent"] == "PAY-1"
    astray = plan({**TREE, "PAY-5": {"parent": "OPS-1"}})
    assert move(astray, ["PAY-5"], to="ops").ops == (
        {"op": "replace", "path": "/tasks/PAY-5/project", "value": "ops"},
    )


def test_where_it_is_already_nothing_is_done() -> None:
    snapshot = plan(TREE)
    assert move(snapshot, ["PAY-2"], "PAY-1").ops == ()
    assert move(snapshot, ["PAY-2"], to="pay").ops == ()
    assert move(snapshot, ["PAY-1"], is_root=True).ops == ()


@pytest.mark.parametrize(
    ("task_id", "under", "to", "says"),
    [
        ("PAY-1", "PAY-1", None, "PAY-1 cannot be under itself."),
        ("PAY-1", "PAY-3", None, "which is below it: PAY-1 → PAY-2 → PAY-3 → PAY-1 ."),
        ("PAY-8", "PAY-1", None, "There is no task PAY-8 ."),
        ("PAY-1", "PAY-8", None, "There is no task PAY-8 ."),
        ("PAY-9", "PAY-1", None, "PAY-9 is deleted."),
        ("PAY-1", "PAY-9", None, "PAY-9 is deleted."),
        ("PAY-1", None, "opps", "There is no project opps ."),
        ("PAY-1", "OPS-1", "pay", "OPS-1 is in the project ops and not in pay ."),
    ],
)
def test_a_place_that_cannot_be_is_refused(
    task_id: str, under: str | None, to: str | None, says: str
) -> None:
    with pytest.raises(ImpossibleError) as refused:
        move(plan(TREE), [task_id], under, to)
    assert says in refused.value.message
    assert refused.value.hint


def test_a_deleted_project_takes_nothing_in() -> None:
    gone = {"id": "ops", "key": "OPS", "title": "x", "status": "active", "deleted_at": "2026"}
    snapshot = plan({"PAY-1": {}}, projects={"pay": {}, "ops": gone})
    with pytest.raises(ImpossibleError, match="The project ops is deleted"):
        move(snapshot, ["PAY-1"], to="ops")


def test_a_seventh_level_is_refused_with_the_way_to_it() -> None:
    snapshot = plan({**CHAIN, "PAY-8": {}, "PAY-9": {"parent": "PAY-8"}})
    with pytest.raises(ImpossibleError) as refused:
        move(snapshot, ["PAY-8"], "PAY-4")
    assert refused.value.message == (
        "PAY-9 would be at depth 6 and the deepest allowed is 5: "
        "PAY-0 → PAY-1 → PAY-2 → PAY-3 → PAY-4 → PAY-8 → PAY-9 ."
    )
    done_to(snapshot, move(snapshot, ["PAY-8"], "PAY-3"))


def test_the_settings_say_how_deep_and_deleted_tasks_do_not_count() -> None:
    tasks = {"PAY-1": {}, "PAY-2": {}, "PAY-3": {"parent": "PAY-2", "deleted_at": "2026"}}
    snapshot = plan(tasks, settings={"max_depth": 1})
    assert move(snapshot, ["PAY-2"], "PAY-1").ops
    with pytest.raises(ImpossibleError, match="PAY-2 would be at depth 1 and"):
        move(plan(tasks, settings={"max_depth": 0}), ["PAY-2"], "PAY-1")
    assert move(plan(tasks, settings={"max_depth": 0, "rules": {"ORC204": "off"}}),
                ["PAY-2"], "PAY-1").ops  # fmt: skip


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ({"PAY-3": {"parent": "PAY-2", "dependencies": ["PAY-5"]}},
         "PAY-3 depends on PAY-5 , which would be above it."),
        ({"PAY-5": {"dependencies": ["PAY-3"]}},
         "PAY-5 depends on PAY-3 , which would be below it."),
    ],
)  # fmt: skip
def test_a_task_that_would_wait_for_its_own_kin_is_refused(
    extra: dict[str, dict[str, object]], says: str
) -> None:
    with pytest.raises(ImpossibleError) as refused:
        move(plan({**TREE, **extra}), ["PAY-2"], "PAY-5")
    assert refused.value.message == says
    assert str(refused.value.hint).startswith("orchestrator task unlink PAY-")


def test_set_moves_as_move_does() -> None:
    snapshot = plan(TREE)
    for text, patch in (
        ("parent=PAY-5", move(snapshot, ["PAY-2"], "PAY-5")),
        ("parent=", move(snapshot, ["PAY-2"], is_root=True)),
        ("project=ops", move(snapshot, ["PAY-2"], to="ops")),
    ):
        wishes = read_assignments("tasks", [text])
        assert set_all(snapshot, "tasks", ["PAY-2"], wishes, NOW).ops == patch.ops
    with pytest.raises(ImpossibleError, match="which is below it"):
        set_all(snapshot, "tasks", ["PAY-1"], read_assignments("tasks", ["parent=PAY-3"]), NOW)
    with pytest.raises(ImpossibleError, match="every task is in one"):
        set_all(snapshot, "tasks", ["PAY-1"], read_assignments("tasks", ["project="]), NOW)


def test_a_move_and_another_field_are_one_change() -> None:
    wishes = read_assignments("tasks", ["parent=OPS-1", "priority=high"])
    after = done_to(plan(TREE), set_all(plan(TREE), "tasks", ["PAY-2"], wishes, NOW))
    task = after.tasks["PAY-2"]
    assert (task["parent"], task["project"], task["priority"]) == ("OPS-1", "ops", "high")
