"""Intent becomes a patch: fields by type, new entities, stamps."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from orchestrator.model.places import Kind
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import Change
from orchestrator.patch.ops import Patch
from orchestrator.verbs.assign import Assignment, AssignmentError, assigned, read_assignments
from orchestrator.verbs.change import set_fields
from orchestrator.verbs.create import create_project, create_task, create_user
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.stamps import stamped_changes

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STAMP = "2026-11-22T09:30:00+00:00"


def plan(**fields: Any) -> Snapshot:
    task = {"id": "PAY-1", "title": "x", "status": "todo", "project": "pay", **fields}
    return Snapshot(
        {"name": "Test"}, projects={"pay": {"id": "pay", "key": "PAY"}}, tasks={"PAY-1": task}
    )


def wished(document: dict[str, Any], *texts: str, kind: Kind = "tasks") -> dict[str, Any]:
    return assigned(document, read_assignments(kind, texts), 8, NOW.date())


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("title=a = b", "title", "a = b"),
        ("estimated_minutes=1d", "estimated_minutes", 480),
        ("estimate=1h30m", "estimated_minutes", 90),
        ("labels=a, b,a", "labels", ["a", "b"]),
        ("dependencies+=PAY-2", "dependencies", ["PAY-2"]),
        ("metadata.team=core", "metadata", {"team": "core"}),
        ("external_ids.linear-eng=ENG-1", "external_ids", {"linear-eng": "ENG-1"}),
        ("tests.unit+=stops, then waits", "tests", {"unit": ["stops, then waits"]}),
        ("description=a\nb", "description", "a\nb"),
        ("due=2026-12-01", "due_date", "2026-12-01"),
    ],
)  # fmt: skip
def test_a_value_is_read_by_the_type_of_its_field(text: str, field: str, value: Any) -> None:
    assert wished({}, text) == {field: value}


def test_an_empty_value_clears_and_the_last_item_takes_the_list_along() -> None:
    document = {"title": "x", "labels": ["a"], "metadata": {"a": 1}}
    assert wished(document, "title=", "labels-=a", "metadata.a=") == {}


def test_adding_twice_adds_once() -> None:
    assert wished({"labels": ["a"]}, "labels+=a,b", "labels+=b") == {"labels": ["a", "b"]}


def test_the_given_document_is_not_changed() -> None:
    document = {"labels": ["a"], "metadata": {"x": {"y": 1}}}
    wished(document, "labels+=b", "metadata.z=1")
    assert document == {"labels": ["a"], "metadata": {"x": {"y": 1}}}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("tasks", "status"), ("tasks", "=x"), ("tasks", "colour=red"), ("tasks", "id=PAY-2"),
        ("tasks", "title+=x"), ("tasks", "labels-=a"), ("tasks", "metadata=x"),
        ("tasks", "estimate=soon"), ("users", "active=maybe"),
        ("users", "project=x"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(kind: Kind, text: str) -> None:
    from orchestrator.errors import OrchestratorError

    with pytest.raises(OrchestratorError):
        wished({}, text, kind=kind)


def test_truth_is_read_as_such() -> None:
    assert wished({}, "active=no", kind="users") == {"active": False}


def test_a_new_task_has_an_id_of_its_project_and_the_clocks_stamp() -> None:
    task_id, patch = create_task(plan(), "pay", "New", [], NOW, random.Random(1).choice)
    assert task_id.startswith("PAY-")
    [op] = patch.ops
    assert op["path"] == f"/tasks/{task_id}"
    assert op["value"] == {
        "id": task_id, "title": "New", "status": "todo", "created_at": STAMP, "project": "pay",
    }  # fmt: skip


def test_a_task_that_is_born_in_progress_is_stamped_as_started() -> None:
    wishes = read_assignments("tasks", ["status=in_progress"])
    _, patch = create_task(plan(), "pay", "New", wishes, NOW, random.Random(1).choice)
    assert patch.ops[0]["value"]["started_at"] == STAMP


def test_a_project_gets_a_key_that_is_free() -> None:
    patch = create_project(plan(), "pay-api", None, None, [], NOW)
    assert (patch.ops[0]["value"]["key"], patch.ops[0]["value"]["title"]) == ("PA", "Pay api")
    patch = create_project(plan(), "pay2", None, None, [], NOW)
    assert patch.ops[0]["value"]["key"] == "PAY2"
    with pytest.raises(ImpossibleError, match="belongs to pay"):
        create_project(plan(), "other", None, "PAY", [], NOW)


def test_a_user_gets_a_name_from_the_id() -> None:
    assert create_user(plan(), "dana.i", None, [], NOW).ops[0]["value"]["name"] == "Dana I"


def test_an_id_that_is_taken_or_none_is_refused() -> None:
    for task_id in ("PAY-1", "pay-1", "../x", ""):
        with pytest.raises(ImpossibleError):
            create_task(plan(), "pay", "x", [], NOW, random.Random(1).choice, task_id)


def _with_status(snapshot: Snapshot, task_id: str, status: str) -> Patch:
    wish = Assignment("status", "=", status)
    return set_fields(snapshot, "tasks", task_id, [wish], NOW)


def test_completing_stamps_and_reopening_takes_the_stamp_away() -> None:
    [status, stamp] = sorted(_with_status(plan(), "PAY-1", "completed").ops, key=str)
    assert {status["path"], stamp["path"]} == {"/tasks/PAY-1/status", "/tasks/PAY-1/completed_at"}
    done = plan(status="completed", completed_at=STAMP)
    ops = _with_status(done, "PAY-1", "todo").ops
    assert {"op": "remove", "path": "/tasks/PAY-1/completed_at"} in ops


def test_a_change_that_leaves_the_status_leaves_the_stamps() -> None:
    snapshot = plan(status="completed")
    ops = set_fields(snapshot, "tasks", "PAY-1", read_assignments("tasks", ["title=y"]), NOW).ops
    assert [op["path"] for op in ops] == ["/tasks/PAY-1/title"]


def test_an_unknown_id_is_refused_with_the_nearest() -> None:
    with pytest.raises(ImpossibleError) as refused:
        _with_status(plan(), "PAY-l", "todo")
    assert refused.value.hint == "Did you mean PAY-1 ?"


def test_a_stamp_that_a_change_brings_is_kept() -> None:
    old = {"id": "PAY-1", "status": "todo", "created_at": "2026-01-01T00:00:00Z"}
    new = {**old, "status": "in_progress", "started_at": "2026-01-02T00:00:00Z"}
    [change] = stamped_changes([Change("tasks", "PAY-1", old, new)], NOW)
    assert change.after == new


def test_only_a_new_entity_is_stamped_as_created() -> None:
    old = {"id": "PAY-1", "status": "todo"}
    [changed] = stamped_changes([Change("tasks", "PAY-1", old, {**old, "status": "blocked"})], NOW)
    [added] = stamped_changes([Change("tasks", "PAY-1", None, old)], NOW)
    assert "created_at" not in (changed.after or {})
    assert (added.after or {})["created_at"] == STAMP


def test_a_wrong_assignment_names_the_field() -> None:
    with pytest.raises(AssignmentError, match="no field asignee") as refused:
        read_assignments("tasks", ["asignee=dana"])
    assert refused.value.hint == "Did you mean assignee ?"


def test_what_is_renamed_or_put_back_as_it_was_gets_no_stamp() -> None:
    old = {"id": "PAY-1", "status": "todo"}
    renamed = Change("tasks", "PAY-2", None, {**old, "id": "PAY-2"}, "PAY-1")
    gone = Change("tasks", "PAY-1", old, None)
    assert list(stamped_changes([renamed, gone], NOW)) == [renamed, gone]
    removed = Change("tasks", "PAY-3", None, {**old, "id": "PAY-3"})
    assert list(stamped_changes([removed], NOW, restores=True)) == [removed]
    assert list(stamped_changes([removed], NOW)) != [removed]
