"""tasks.json of task-master as tasks: tags are projects, subtasks have numbers of their own."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exchange import taskmaster
from orchestrator.exchange.imported import Imported
from orchestrator.model.snapshot import Snapshot
from tests.exchange.into_plan import ANYTHING, by_origin, into, rows_of, sentences, sound

CART: dict[str, Any] = {
    "id": 1, "title": "Build the cart", "description": "Lines and totals.",
    "details": "Keep it in the session.", "testStrategy": "Add, remove, reload.",
    "status": "in-progress", "priority": "high", "dependencies": [], "complexity": 7,
    "recommendedSubtasks": 3, "updatedAt": "2026-03-02T10:00:00.000Z",
    "subtasks": [
        {"id": 1, "title": "Model", "status": "done", "dependencies": [], "details": "Types."},
        {"id": 2, "title": "Page", "status": "pending", "dependencies": [1], "parentTaskId": 1},
        {"id": 3, "title": "Tests", "status": "review", "dependencies": ["1.2", 2.0, "2"]},
    ],
}  # fmt: skip
PAY: dict[str, Any] = {
    "id": 2, "title": "Take payments", "status": "pending", "priority": "critical",
    "dependencies": [1, "1.3"], "subtasks": [],
}  # fmt: skip
TAGGED = {
    "master": {
        "tasks": [CART, PAY],
        "metadata": {"created": "2026-03-01T00:00:00Z", "description": "Main", "taskCount": 2},
    },
    "feature-x": {"tasks": [{"id": 1, "title": "Build the cart", "status": "deferred"}]},
}


def imported(content: Any, **options: Any) -> Imported:
    return taskmaster.read(json.dumps(content).encode(), **options)


def test_each_tag_becomes_a_project_and_ids_never_collide() -> None:
    result = sound(imported(TAGGED))
    assert sorted(result.projects) == ["feature-x", "master"]
    assert {task_id: task["project"] for task_id, task in result.tasks.items()} == {
        "FX-1": "feature-x",
        "MAST-1": "master",
        "MAST-1-1": "master",
        "MAST-1-2": "master",
        "MAST-1-3": "master",
        "MAST-2": "master",
    }
    assert result.projects["master"]["key"] == "MAST"
    assert result.projects["master"]["metadata"] == {
        "taskmaster": {"tag": "master", "created": "2026-03-01T00:00:00Z", "description": "Main"}
    }


def test_a_task_says_all_that_it_said() -> None:
    found = by_origin(imported(TAGGED))
    assert found["master:1"] == {
        "id": "MAST-1",
        "title": "Build the cart",
        "status": "in_progress",
        "priority": "high",
        "description": "Lines and totals.\n\n## Details\n\nKeep it in the session.\n\n"
        "## Test strategy\n\nAdd, remove, reload.\n",
        "project": "master",
        "metadata": {
            "taskmaster": {
                "id": "master:1",
                "complexity": 7,
                "recommendedSubtasks": 3,
                "updatedAt": "2026-03-02T10:00:00.000Z",
            }
        },
    }
    assert found["master:2"]["priority"] == "urgent"
    assert found["feature-x:1"]["metadata"]["taskmaster"]["status"] == "deferred"


def test_dependencies_of_subtasks_mean_those_beside_them_and_dotted_ones_anything() -> None:
    found = by_origin(imported(TAGGED))
    assert found["master:1.2"]["parent"] == "MAST-1"
    assert found["master:1.2"]["dependencies"] == ["MAST-1-1"]
    assert found["master:1.3"]["dependencies"] == ["MAST-1-2"]
    assert found["master:2"]["dependencies"] == ["MAST-1", "MAST-1-3"]


def test_a_subtask_with_the_number_of_its_task_is_not_its_own_parent() -> None:
    task = {"id": 5, "title": "Five", "subtasks": [{"id": 5, "title": "Part", "dependencies": [5]}]}
    found = by_origin(imported({"tasks": [task]}))
    assert found["master:5.5"]["parent"] == "MAST-5"


@pytest.mark.parametrize("content", [{"tasks": [CART, PAY]}, [CART, PAY]])
def test_a_file_without_tags_is_the_tag_master_so_that_adding_tags_later_adds_nothing(
    content: Any,
) -> None:
    first = sound(imported(content))
    _, second = into(imported(TAGGED), snapshot=first)
    assert (second.added, second.present) == (1, 5)


def test_a_project_can_be_named_and_tags_chosen() -> None:
    assert {task["project"] for task in imported(TAGGED, into="shop").tasks} == {
        "shop",
        "shop-feature-x",
    }
    only = imported(TAGGED, into="shop", only=["feature-x"])
    assert [task["project"] for task in only.tasks] == ["shop"]
    assert sentences(imported(TAGGED, only=["nope"]), "file") == [
        "nope: There is no such tag in the file."
    ]


def test_ids_have_the_key_of_a_project_that_is_there() -> None:
    there = {"id": "master", "key": "MA", "title": "Main", "status": "active"}
    snapshot = Snapshot({"name": "Team"}, projects={"master": there})
    from orchestrator.exchange.keys import keys_of

    found = imported({"tasks": [PAY]}, keys=keys_of(snapshot.projects))
    assert [task["id"] for task in found.tasks] == ["MA-2"]


def test_two_tasks_with_one_number_are_both_there() -> None:
    rows = [
        {"id": 7, "title": "One", "subtasks": [{"id": 1, "title": "Part of one"}]},
        {"id": "7", "title": "Two", "subtasks": [{"id": 1, "title": "Part of two"}]},
    ]
    found = imported({"tasks": rows})
    parents = {task["title"]: task.get("parent") for task in found.tasks}
    assert parents == {
        "One": None, "Two": None, "Part of one": "MAST-7", "Part of two": "MAST-7-X2",
    }  # fmt: skip
    assert len(sentences(found, "duplicate")) == 2
    sound(found)


def test_a_conflicted_file_and_odd_tasks_are_noted() -> None:
    assert sentences(taskmaster.read(b'<<<<<<< HEAD\n{"tasks": []}\n'), "line")
    rows = [None, 3, {"title": "no id"}, {"id": 10**30}, {"id": 1, "subtasks": "x", "status": "?"}]
    found = imported({"tasks": rows, "other": 1})
    assert [task["title"] for task in found.tasks] == ["master:1"]
    assert len(sentences(found, "line")) == 5
    assert found.tasks[0]["metadata"]["taskmaster"]["status"] == "?"
    assert imported(3).tasks == ()
    assert len(sentences(imported({"a": {"tasks": 1}, "b": 2}), "file")) == 2


def test_ten_thousand_deep_subtasks_are_bounded() -> None:
    text = b'{"tasks": [' + b'{"id": 1, "title": "x", "subtasks": [' * 5_000
    assert sentences(taskmaster.read(text), "line")
    nested: dict[str, Any] = {"id": 1, "title": "deepest"}
    for _ in range(40):
        nested = {"id": 1, "title": "deep", "subtasks": [nested]}
    found = imported({"tasks": [nested]})
    assert len(found.tasks) == 21
    sound(found)


TASK = rows_of(
    ("id", "title", "status", "priority", "details", "testStrategy", "createdAt", "assignee", "x"),
    id=st.integers(0, 4) | st.sampled_from(["1.1", "2", 1.2]),
    dependencies=st.lists(st.integers(0, 4) | st.sampled_from(["1.1", "2.1", 1.2]), max_size=3)
    | ANYTHING,
)


@given(
    st.dictionaries(
        st.sampled_from(["master", "Master", "é", "a b"]),
        st.fixed_dictionaries(
            {"tasks": st.lists(TASK | ANYTHING, max_size=4)}, optional={"metadata": ANYTHING}
        ),
        max_size=3,
    )
    | ANYTHING
)
def test_anything_makes_a_plan_without_errors(content: Any) -> None:
    sound(imported(content), "plan")


@given(st.binary(max_size=100))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    taskmaster.read(data)
