"""A draft: verbs in memory, refusals that change nothing, and the one patch that comes of it."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.agent.catalog import TOOLS, call
from orchestrator.agent.tools import Draft
from orchestrator.errors import OrchestratorError
from orchestrator.model.fields import STAMPS
from orchestrator.patch.apply import Change, SnapshotDocuments, apply
from orchestrator.patch.ops import read_patch
from tests.agent.drafts import NOW, draft, snapshot


def test_new_tasks_get_ids_and_become_one_patch() -> None:
    found = draft()
    made = call(found, "create_project", {"id": "web", "title": "Web shop"})
    assert made == {"id": "web", "key": "WEB"}
    task = call(found, "create_task", {"project": "web", "title": "Design", "estimate": "4h"})
    child = call(
        found, "create_task",
        {"project": "web", "title": "Draw", "parent": task["id"], "depends_on": ["PAY-1"],
         "tests": {"unit": ["it draws, and fast"]}, "labels": ["ui"], "assignee": "dana"},
    )  # fmt: skip
    ops = found.patch("Plan", "why", "agent:planner", "offline").ops
    assert {op["path"] for op in ops} == {
        "/projects/web", f"/tasks/{task['id']}", f"/tasks/{child['id']}",
    }  # fmt: skip
    value = next(op["value"] for op in ops if op["path"].endswith(child["id"]))
    assert value == {
        "id": child["id"], "title": "Draw", "status": "todo", "assignee": "dana",
        "labels": ["ui"], "parent": task["id"], "dependencies": ["PAY-1"],
        "tests": {"unit": ["it draws, and fast"]}, "project": "web",
    }  # fmt: skip
    assert found.problems() == ()


def test_a_patch_of_a_draft_can_be_read_and_carries_no_stamp() -> None:
    found = draft()
    call(found, "create_task", {"project": "pay", "title": "New"})
    call(found, "set_task", {"id": "PAY-1", "status": "in_progress"})
    call(found, "set_task", {"id": "PAY-2", "status": "completed"})
    ops = found.patch().ops
    again = read_patch([dict(op) for op in ops])
    assert len(again.ops) == len(ops)
    for op in ops:
        assert not any(f"/{stamp}" in op["path"] for stamp in STAMPS)
        if isinstance(op.get("value"), dict):
            assert not op["value"].keys() & STAMPS


def test_problems_are_those_of_the_plan_with_its_stamps() -> None:
    found = draft(snapshot(required_tests=["unit"]))
    call(found, "create_task", {"project": "pay", "title": "New"})
    assert [problem.code for problem in found.problems()] == ["ORC307"]
    call(found, "set_task", {"id": "PAY-3", "status": "completed"})
    codes = {problem.code for problem in found.problems()}
    assert "ORC301" not in codes  # the tool stamps what is completed


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("set_task", {"id": "PAY-9", "title": "x"}, "There is no task PAY-9"),
        ("set_task", {"id": "PAY-1", "status": "done"}, "'done' is not one of"),
        ("set_task", {"id": "PAY-1", "completed_at": "2026-01-01T00:00:00Z"}, "takes no"),
        ("set_task", {"id": "PAY-1", "title": ""}, "title must say something"),
        ("set_task", {"id": "PAY-1", "labels": ["a,b"]}, "has a comma"),
        ("set_task", {"id": "PAY-1", "tests": {"odd": ["x"]}}, "no kind of test"),
        ("set_task", {"id": "PAY-1", "assignee": "nobody-here"}, "There is no user"),
        ("set_task", {"id": "PAY-1", "title": "x" * 501}, "501 characters"),
        ("set_task", {"id": "PAY-1", "description": "x" * 10_000_000}, "10,000,000 characters"),
        ("set_task", {"id": "PAY-1", "clear": ["status"]}, "cannot be cleared"),
        ("set_task", {"id": "PAY-1", "clear": ["created_at"]}, "There is no field"),
        ("create_task", {"project": "pay"}, "needs title"),
        ("create_task", {"project": "../x", "title": "x"}, "There is no project"),
        ("create_task", {"project": "pay", "title": "x", "parent": "PAY-9"}, "There is no task"),
        ("create_project", {"id": "../../etc", "title": "x"}, "is not an id"),
        ("move_task", {"id": "PAY-1", "under": "PAY-2"}, "cannot be under"),
        ("set_dependencies", {"id": "PAY-2", "add": ["PAY-3"]}, "would wait for each other"),
        ("set_dependencies", {"id": "PAY-2", "add": ["PAY-1"]}, "which is above it"),
        ("log_time", {"id": "PAY-1", "duration": "40h"}, "more than a day"),
        ("log_time", {"id": "PAY-1", "duration": "1h", "day": "2026-12-24"}, "still to come"),
        ("delete", {"id": "PAY-1"}, "PAY-3 depends on it"),
        ("delete", {"id": "PAY-3"}, "A person must agree"),
        ("restore", {"id": "PAY-3"}, "is not deleted"),
        ("get", {"id": "refs/heads/main"}, "There is no"),
        ("list", {"where": "status=todo; rm -rf /"}, "filter"),
        ("history", {"id": "PAY-77"}, "There is no task"),
        ("shell", {"command": "ls"}, "There is no tool"),
        ("get", {"path": "/etc/passwd"}, "takes no 'path'"),
        ("get", {}, "needs id"),
        ("list", {"limit": "many"}, "must be of type integer"),
        ("create_tasks", {"project": "pay", "tasks": ["x"]}, "must be a list of objects"),
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(
    tool: str, arguments: dict[str, Any], said: str
) -> None:
    found = draft()
    answer = call(found, tool, arguments)
    assert said in answer["error"]
    assert found.snapshot is found.base
    assert found.patch().ops == ()


def test_who_may_not_delete_is_told_which_tool_ends_the_dependency() -> None:
    found = draft()
    hint = call(found, "delete", {"id": "PAY-1"})["hint"]
    assert hint == "End that first: set_dependencies, id PAY-3 , remove PAY-2 ."
    call(found, "set_dependencies", {"id": "PAY-3", "remove": ["PAY-2"]})
    assert "depends on it" not in call(found, "delete", {"id": "PAY-1"})["error"]


def test_dependencies_change_all_together_or_not_at_all() -> None:
    found = draft()
    answer = call(found, "set_dependencies", {"id": "PAY-3", "remove": ["PAY-2"], "add": ["X-1"]})
    assert "error" in answer
    assert found.patch().ops == ()
    answer = call(found, "set_dependencies", {"id": "PAY-3", "on": ["PAY-1"]})
    assert answer == {"id": "PAY-3", "dependencies": ["PAY-1"]}
    answer = call(found, "set_dependencies", {"id": "PAY-3", "on": []})
    assert answer == {"id": "PAY-3", "dependencies": []}


def test_hidden_characters_are_dropped() -> None:
    found = draft()
    title = "Pay\u202e\u200b\U000e0041 it\x1b[31m\x00"
    call(found, "set_task", {"id": "PAY-1", "title": title, "description": "a\r\nb\x07"})
    assert found.snapshot.tasks["PAY-1"]["title"] == "Pay it[31m"
    assert found.snapshot.tasks["PAY-1"]["description"] == "a\nb\n"


def test_a_deletion_asks_and_is_a_removal_with_all_below() -> None:
    asked: list[str] = []

    def agrees(question: str) -> bool:
        asked.append(question)
        return True

    found = draft(confirm=agrees)
    assert call(found, "delete", {"id": "PAY-3"}) == {"deleted": ["PAY-3"], "total": 1}
    assert call(found, "delete", {"id": "PAY-1"})["deleted"] == ["PAY-1", "PAY-2"]
    assert asked == ["Delete PAY-3 (Refund)?", "Delete PAY-1 (Capture) and 1 more below?"]
    assert {(op["op"], op["path"]) for op in found.patch().ops} == {
        ("remove", "/tasks/PAY-1"), ("remove", "/tasks/PAY-2"), ("remove", "/tasks/PAY-3"),
    }  # fmt: skip
    assert found.problems() == ()


def test_what_a_draft_deleted_it_can_bring_back() -> None:
    found = draft(confirm=lambda _: True)
    call(found, "delete", {"id": "PAY-3"})
    assert call(found, "restore", {"id": "PAY-3"}) == {"id": "PAY-3"}
    assert found.patch().ops == ()


def test_what_was_deleted_before_is_for_a_person_to_bring_back() -> None:
    plan = snapshot()
    plan.tasks["PAY-3"]["deleted_at"] = "2026-11-01T00:00:00+00:00"
    answer = call(draft(plan), "restore", {"id": "PAY-3"})
    assert answer["hint"] == "A person types: orchestrator task restore PAY-3"


def test_what_is_made_and_deleted_again_leaves_nothing() -> None:
    found = draft(confirm=lambda _: True)
    made = call(found, "create_task", {"project": "pay", "title": "x"})["id"]
    call(found, "delete", {"id": made})
    assert found.patch().ops == ()


def test_a_gate_refuses_a_verb_and_it_is_not_done() -> None:
    def gate(changes: Sequence[Change]) -> None:
        if any(change.kind == "projects" for change in changes):
            raise OrchestratorError("No projects.")

    found = draft(gate=gate)
    assert call(found, "create_project", {"id": "web", "title": "x"}) == {"error": "No projects."}
    assert found.snapshot is found.base
    assert "id" in call(found, "create_task", {"project": "pay", "title": "x"})


def test_a_tree_is_made_whole_with_forward_references() -> None:
    found = draft()
    answer = call(
        found, "create_tasks",
        {"project": "pay", "tasks": [
            {"key": "c", "title": "Child", "parent": "p", "depends_on": ["z", "PAY-3"]},
            {"key": "p", "title": "Parent", "parent": "PAY-1", "estimate": "1d"},
            {"key": "z", "title": "First"},
        ]},
    )  # fmt: skip
    ids = answer["ids"]
    tasks = found.snapshot.tasks
    assert tasks[ids["p"]]["parent"] == "PAY-1"
    assert tasks[ids["c"]]["parent"] == ids["p"]
    assert tasks[ids["c"]]["dependencies"] == [ids["z"], "PAY-3"]


def test_a_tree_with_one_bad_task_is_not_made_at_all() -> None:
    found = draft()
    tasks = [{"key": "a", "title": "A"}, {"key": "b", "title": "B", "assignee": "who"}]
    answer = call(found, "create_tasks", {"project": "pay", "tasks": tasks})
    assert answer["error"].startswith("Task b : There is no user who")
    assert found.snapshot is found.base
    circle = [{"key": "a", "title": "A", "parent": "b"}, {"key": "b", "title": "B", "parent": "a"}]
    answer = call(found, "create_tasks", {"project": "pay", "tasks": circle})
    assert "parents of each other: a → b → a" in answer["error"]


def test_time_is_logged_as_an_entry() -> None:
    found = draft()
    answer = call(found, "log_time", {"id": "PAY-1", "duration": "1h30m", "user": "dana"})
    assert answer == {"id": "PAY-1", "minutes": 90}
    (op,) = found.patch().ops
    assert op["path"] == "/tasks/PAY-1/time_entries"
    assert op["value"] == [{"at": "2026-11-22T09:30:00+00:00", "minutes": 90, "user": "dana"}]


def test_views_are_short_and_bounded() -> None:
    found = draft()
    rows = call(found, "list", {"where": "open", "limit": 2})
    assert rows["total"] == 3
    assert [row["id"] for row in rows["tasks"]] == ["PAY-1", "PAY-2"]
    assert call(found, "ready", {})["tasks"][0]["id"] == "PAY-2"
    assert call(found, "search", {"text": "refund"})["tasks"][0]["id"] == "PAY-3"
    assert call(found, "get", {"id": "PAY-1"})["derived"]["children"] == 1
    person = call(found, "get", {"id": "dana"})
    assert "dana@example.com" not in str(person)
    assert call(found, "check", {}) == {"total": 0, "problems": []}
    assert call(found, "list", {"limit": 10**9})["total"] == 3


def test_history_is_what_the_caller_knows_of_it() -> None:
    found = draft(history=lambda _: [{"by": "dana"}, {"by": "lee"}])
    assert call(found, "history", {"id": "PAY-1", "limit": 1}) == {
        "total": 2, "changes": [{"by": "dana"}],
    }  # fmt: skip


def test_an_adopted_patch_does_what_the_first_draft_did() -> None:
    first = draft()
    call(first, "create_task", {"project": "pay", "title": "New"})
    call(first, "set_task", {"id": "PAY-1", "status": "completed"})
    second = draft()
    second.adopt(first.patch().ops)
    assert second.patch().ops == first.patch().ops


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    | st.sampled_from(["PAY-1", "PAY-2", "pay", "todo", "2h", "unit", "dana", "x" * 600]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["key", "title", "parent", "depends_on", "unit", "estimate"]), inner,
        max_size=4,
    ),
    max_leaves=6,
)  # fmt: skip
calls = st.tuples(
    st.sampled_from(sorted(TOOLS)),
    st.dictionaries(
        st.sampled_from(sorted({name for tool in TOOLS.values() for name in tool.parameters})),
        values, max_size=4,
    ),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(calls, max_size=6))
def test_whatever_a_model_sends_ends_in_an_answer_and_a_patch_that_applies(
    sent: list[tuple[str, dict[str, Any]]],
) -> None:
    found: Draft = draft(confirm=lambda _: True)
    for name, arguments in sent:
        assert isinstance(call(found, name, arguments), dict)
    ops = found.patch().ops
    apply(SnapshotDocuments(found.base), ops)
    assert [p.code for p in found.problems() if p.severity == "error"] == []
    assert found.now == NOW
