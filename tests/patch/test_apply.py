"""RFC 6902 over the virtual document, in memory."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.places import Place, path_for
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Read, Snapshot, build
from orchestrator.patch.after import after
from orchestrator.patch.apply import Change, SnapshotDocuments, apply
from orchestrator.patch.describe import body, subject
from orchestrator.patch.diff import changes_between, diff
from orchestrator.patch.ops import (
    MalformedPatchError,
    PatchError,
    canonical,
    culprit,
    digest,
    read_patch,
)
from orchestrator.patch.step import TestFailedError, UnknownTargetError, same


def plan(**tasks: dict[str, Any]) -> Snapshot:
    files: list[Read] = [
        ("orchestrator.yaml", Place("settings", ""), {"name": "Test"}),
        (
            "projects/pay/project.yaml",
            Place("projects", "pay", "pay"),
            {"id": "pay", "key": "PAY", "title": "Pay", "status": "active"},
        ),
    ]
    for name, fields in tasks.items():
        task_id = name.replace("_", "-")
        document = {"id": task_id, "title": "x", "status": "todo", **fields}
        place = Place("tasks", task_id, "pay")
        files.append((path_for("tasks", task_id, "pay"), place, document))
    return build(files)


def run(snapshot: Snapshot, *ops: dict[str, Any]) -> list[Change]:
    return apply(SnapshotDocuments(snapshot), ops)


def result(snapshot: Snapshot, *ops: dict[str, Any]) -> dict[str, Any]:
    [change] = run(snapshot, *ops)
    assert change.after is not None
    return change.after


def test_only_what_is_touched_is_looked_at() -> None:
    class Watched(SnapshotDocuments):
        seen: list[str] = []  # noqa: RUF012

        def document(self, kind: Any, entity_id: str) -> Any:
            self.seen.append(entity_id)
            return super().document(kind, entity_id)

    watched = Watched(plan(PAY_1={}, PAY_2={}, PAY_3={}))
    apply(watched, [{"op": "replace", "path": "/tasks/PAY-2/title", "value": "y"}])
    assert watched.seen == ["PAY-2"]


def test_of_ten_thousand_tasks_only_the_one_that_is_named_is_materialised() -> None:
    class Counted(SnapshotDocuments):
        seen: list[tuple[str, str]] = []  # noqa: RUF012

        def document(self, kind: Any, entity_id: str) -> Any:
            self.seen.append((kind, entity_id))
            return super().document(kind, entity_id)

        def ids(self, kind: Any) -> Any:
            raise AssertionError(f"nothing is to be suggested, so no {kind} are listed")

    documents = Counted(plan(**{f"PAY_{number}": {} for number in range(10_000)}))
    ops: list[dict[str, Any]] = [
        {"op": "test", "path": "/tasks/PAY-77/title", "value": "x"},
        {"op": "copy", "from": "/tasks/PAY-77", "path": "/tasks/PAY-10001"},
        {"op": "add", "path": "/tasks/PAY-77/parent", "value": "PAY-10001"},
        {"op": "add", "path": "/projects/pay/tags", "value": ["a"]},
    ]
    assert len(apply(documents, ops)) == 3
    assert documents.seen == [("tasks", "PAY-77"), ("tasks", "PAY-10001"), ("projects", "pay")]


def test_the_snapshot_is_never_changed() -> None:
    snapshot = plan(PAY_1={"labels": ["a"], "metadata": {"x": {"y": [1]}}})
    before = copy.deepcopy(snapshot.virtual_document())
    run(
        snapshot,
        {"op": "add", "path": "/tasks/PAY-1/labels/-", "value": "b"},
        {"op": "remove", "path": "/tasks/PAY-1/metadata/x/y/0"},
    )
    assert snapshot.virtual_document() == before


@pytest.mark.parametrize(
    ("ops", "labels"),
    [
        ([{"op": "add", "path": "/tasks/PAY-1/labels/-", "value": "c"}], ["a", "b", "c"]),
        ([{"op": "add", "path": "/tasks/PAY-1/labels/0", "value": "c"}], ["c", "a", "b"]),
        ([{"op": "remove", "path": "/tasks/PAY-1/labels/0"}], ["b"]),
        ([{"op": "replace", "path": "/tasks/PAY-1/labels/1", "value": "c"}], ["a", "c"]),
        (
            [{"op": "move", "from": "/tasks/PAY-1/labels/0", "path": "/tasks/PAY-1/labels/1"}],
            ["b", "a"],
        ),
        (
            [{"op": "copy", "from": "/tasks/PAY-1/labels/0", "path": "/tasks/PAY-1/labels/-"}],
            ["a", "b", "a"],
        ),
    ],
)
def test_lists_follow_rfc_6902(ops: list[dict[str, Any]], labels: list[str]) -> None:
    assert result(plan(PAY_1={"labels": ["a", "b"]}), *ops)["labels"] == labels


def test_escapes_name_keys_with_slashes_and_tildes() -> None:
    snapshot = plan(PAY_1={"metadata": {"a/b": 1, "m~n": 2}})
    changed = result(
        snapshot,
        {"op": "replace", "path": "/tasks/PAY-1/metadata/a~1b", "value": 3},
        {"op": "remove", "path": "/tasks/PAY-1/metadata/m~0n"},
    )
    assert changed["metadata"] == {"a/b": 3}


def test_a_copy_makes_an_entity_with_its_own_id() -> None:
    [change] = run(plan(PAY_1={}), {"op": "copy", "from": "/tasks/PAY-1", "path": "/tasks/PAY-2"})
    assert change == Change(
        "tasks", "PAY-2", None, {"id": "PAY-2", "title": "x", "status": "todo", "project": "pay"}
    )


def test_values_move_and_are_copied_from_one_entity_to_another() -> None:
    snapshot = plan(PAY_1={"labels": ["a", "b"], "metadata": {"x": 1}}, PAY_2={"labels": ["c"]})
    changes = run(
        snapshot,
        {"op": "move", "from": "/tasks/PAY-1/labels/0", "path": "/tasks/PAY-2/labels/-"},
        {"op": "move", "from": "/tasks/PAY-1/metadata", "path": "/projects/pay/metadata"},
        {"op": "copy", "from": "/tasks/PAY-1/id", "path": "/tasks/PAY-2/parent"},
        {"op": "copy", "from": "/tasks/PAY-2/labels", "path": "/settings/required_tests"},
    )
    after = {(change.kind, change.id): change.after or {} for change in changes}
    assert after["tasks", "PAY-1"] == {
        "id": "PAY-1", "title": "x", "status": "todo", "project": "pay", "labels": ["b"],
    }  # fmt: skip
    assert after["tasks", "PAY-2"]["labels"] == ["c", "a"]
    assert after["tasks", "PAY-2"]["parent"] == "PAY-1"
    assert after["projects", "pay"]["metadata"] == {"x": 1}
    assert after["settings", ""]["required_tests"] == ["c", "a"]


def test_a_move_onto_another_task_replaces_it() -> None:
    snapshot = plan(PAY_1={"title": "one"}, PAY_2={"title": "two", "priority": "low"})
    changes = run(snapshot, {"op": "move", "from": "/tasks/PAY-1", "path": "/tasks/PAY-2"})
    after = {change.id: change.after for change in changes}
    assert after["PAY-1"] is None
    assert after["PAY-2"] == {"id": "PAY-2", "title": "one", "status": "todo", "project": "pay"}


def test_a_task_moved_away_and_back_is_as_it_was() -> None:
    away = {"op": "move", "from": "/tasks/PAY-1", "path": "/tasks/PAY-9"}
    back = {"op": "move", "from": "/tasks/PAY-9", "path": "/tasks/PAY-1"}
    assert run(plan(PAY_1={}), away, back) == []


def test_a_name_taken_by_a_rename_and_freed_by_another_is_no_clash() -> None:
    snapshot = plan(PAY_1={"title": "one"}, PAY_2={"title": "two"})
    changes = run(
        snapshot,
        {"op": "move", "from": "/tasks/PAY-1", "path": "/tasks/PAY-3"},
        {"op": "move", "from": "/tasks/PAY-2", "path": "/tasks/PAY-1"},
        {"op": "move", "from": "/tasks/PAY-3", "path": "/tasks/PAY-2"},
    )
    assert {change.id: (change.after or {}).get("title") for change in changes} == {
        "PAY-1": "two", "PAY-2": "one",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("op", "says", "hint"),
    [
        ({"op": "add", "path": "/tasks/PAY-9", "value": {"id": "PAY-8"}}, '"PAY-8"', "Leave id"),
        ({"op": "add", "path": "/tasks/PAY-9", "value": {"id": 9}}, "the id 9", "Leave id"),
        ({"op": "replace", "path": "/tasks/PAY-1", "value": {"id": "PAY-8"}}, "PAY-8", "Leave id"),
        ({"op": "move", "from": "/tasks/PAY-1/id", "path": "/tasks/PAY-1/title"}, "an id", "move"),
        ({"op": "copy", "from": "/tasks/PAY-1/title", "path": "/tasks/PAY-1/id"}, "an id", "move"),
        ({"op": "remove", "path": "/tasks/PAY-1/id"}, "an id", "Rename with a move"),
        ({"op": "remove", "path": "/tasks/PAY-1/project"}, "names no project", "project"),
        ({"op": "add", "path": "/tasks/PAY-9", "value": {"title": "x"}}, "no project", "project"),
        ({"op": "copy", "from": "/projects/pay", "path": "/tasks/PAY-9"}, "no project", "project"),
        ({"op": "add", "path": "/tasks/PAY-1", "value": [3]}, "is not a mapping", "mapping of"),
        ({"op": "add", "path": "/settings", "value": 3}, "/settings is not a mapping", "mapping"),
        (
            {"op": "add", "path": "/tasks/pay 9", "value": {"project": "pay"}},
            "is no id",
            "PAY-7K3F",
        ),
        ({"op": "copy", "from": "/tasks/PAY-1", "path": "/tasks/..~1x"}, "'../x' is no id", "like"),
        ({"op": "replace", "path": "/tasks/PAY-1/project", "value": 3}, "'3' is no id", "like"),
        (
            {"op": "move", "from": "/tasks/PAY-1", "path": "/tasks"},
            "/tasks is no entity",
            "/tasks/ID",
        ),
        ({"op": "move", "from": "/tasks/PAY-1", "path": "/tasks/PAY-1/x"}, "inside itself", None),
        ({"op": "add", "path": "/tasks/PAY-1/labels/7", "value": "x"}, "/labels/7", "has 1 item"),
        ({"op": "add", "path": "/tasks/PAY-1/labels/01", "value": "x"}, "/labels/01", "leading"),
        ({"op": "add", "path": "/tasks/PAY-1/title/0", "value": "x"}, "/title/0", "is a text"),
        ({"op": "test", "path": "/tasks/PAY-1/due_date", "value": None}, "/due_date", None),
    ],
)
def test_an_op_that_makes_no_sense_is_refused_by_its_number(
    op: dict[str, Any], says: str, hint: str | None
) -> None:
    first = {"op": "test", "path": "/tasks/PAY-1/title", "value": "x"}
    with pytest.raises(PatchError) as refused:
        run(plan(PAY_1={"labels": ["a"]}), first, op)
    assert "Op 1" in refused.value.message
    assert says in refused.value.message
    assert refused.value.message.endswith(".")
    assert (hint or "") in str(refused.value.hint)


def test_a_problem_is_laid_to_the_op_that_wrote_there_last() -> None:
    ops: list[dict[str, Any]] = [
        {"op": "add", "path": "/tasks/PAY-1", "value": {}},
        {"op": "add", "path": "/tasks/PAY-1/labels/-", "value": "x"},
        {"op": "move", "from": "/tasks/PAY-2/title", "path": "/tasks/PAY-1/title"},
        {"op": "test", "path": "/tasks/PAY-1/labels", "value": []},
        {"op": "add", "path": "/settings/max_depth", "value": 1},
    ]

    def blamed(path: str, pointer: str) -> int | None:
        return culprit(ops, Problem("ORC103", "error", "x", path, pointer))

    assert blamed("projects/pay/tasks/PAY-1.yaml", "/labels") == 1
    assert blamed("projects/pay/tasks/PAY-1.yaml", "/status") == 0
    assert blamed("projects/pay/tasks/PAY-1.yaml", "") == 2
    assert blamed("projects/pay/tasks/PAY-2.yaml", "/title") == 2
    assert blamed("projects/pay/tasks/PAY-2.yaml", "/due_date") == 2
    assert blamed("projects/pay/tasks/PAY-3.yaml", "/title") is None
    assert blamed("orchestrator.yaml", "/max_depth") == 4
    assert blamed("README.md", "") is None


def test_a_failed_test_names_op_path_expected_and_found() -> None:
    with pytest.raises(TestFailedError) as refused:
        run(
            plan(PAY_1={}),
            {"op": "test", "path": "/tasks/PAY-1/title", "value": "x"},
            {"op": "test", "path": "/tasks/PAY-1/status", "value": "blocked"},
        )
    error = refused.value
    assert (error.index, error.path) == (1, "/tasks/PAY-1/status")
    assert (error.expected, error.found) == ("blocked", "todo")


def test_true_is_not_1() -> None:
    snapshot = plan(PAY_1={"metadata": {"flag": True}})
    with pytest.raises(TestFailedError):
        run(snapshot, {"op": "test", "path": "/tasks/PAY-1/metadata/flag", "value": 1})
    assert same({"a": [1.0]}, {"a": [1]})
    assert not same([0], [False])


def test_an_unknown_target_suggests_the_nearest_id() -> None:
    with pytest.raises(UnknownTargetError) as refused:
        run(plan(PAY_10={}), {"op": "remove", "path": "/tasks/PAY-1O"})
    assert refused.value.hint == "Did you mean PAY-10 ?"


def test_members_that_rfc_6902_does_not_define_are_ignored() -> None:
    patch = read_patch(
        [{"op": "remove", "path": "/tasks/PAY-1", "comment": "why", "value": "unused"}]
    )
    assert patch.ops == ({"op": "remove", "path": "/tasks/PAY-1"},)


def test_an_envelope_says_who_and_why() -> None:
    patch = read_patch({"title": "t", "author": "agent:x", "reason": "r", "ops": []})
    assert (patch.title, patch.author, patch.reason, patch.ops) == ("t", "agent:x", "r", ())


@pytest.mark.parametrize(
    "document",
    [3, None, "x", {}, {"ops": 3}, {"ops": [], "extra": 1}, [{"op": "add", "path": "/a"}], [3]],
)
def test_what_is_no_patch_is_refused(document: Any) -> None:
    with pytest.raises(MalformedPatchError):
        read_patch(document)


def test_equal_patches_have_equal_digests_however_they_are_written() -> None:
    one = [{"op": "add", "path": "/tasks/PAY-1/metadata", "value": {"a": 1, "b": "é"}}]
    other = json.loads(
        '[{"value":{"b":"\\u00e9","a":1},"path":"/tasks/PAY-1/metadata","op":"add"}]'
    )
    assert digest(one) == digest(other)
    assert canonical(one).startswith(b'[{"op":"add","path":')
    assert digest(one).startswith("sha256:")
    assert len(digest(one)) == 71


def test_the_subject_says_it_in_words() -> None:
    snapshot = plan(PAY_1={}, PAY_2={"parent": "PAY-1"})

    def said(*ops: dict[str, Any]) -> str:
        return subject(run(snapshot, *ops))

    def to(path: str, value: Any, op: str = "add") -> dict[str, Any]:
        return {"op": op, "path": path, "value": value}

    assert said(to("/tasks/PAY-1/status", "blocked")) == "Mark PAY-1 as blocked"
    assert said(to("/tasks/PAY-1/assignee", "dana")) == "Assign PAY-1 to dana"
    assert said(to("/tasks/PAY-1/parent", "PAY-2")) == "Move PAY-1 under PAY-2"
    assert said({"op": "remove", "path": "/tasks/PAY-2/parent"}) == "Move PAY-2 to the root"
    assert said({"op": "remove", "path": "/tasks/PAY-2"}) == "Remove PAY-2"
    assert said(to("/tasks/PAY-2/title", "x" * 90)).endswith("…")
    assert len(said(to("/tasks/PAY-2/title", "x" * 90))) <= 72
    new = {"title": "New", "status": "todo", "project": "pay"}
    assert said(to("/tasks/PAY-3", new)) == "Add PAY-3: New"
    assert said(to("/tasks/PAY-3", new), to("/tasks/PAY-4", new)) == "Add 2 tasks: PAY-3, PAY-4"
    both = [to("/tasks/PAY-1/title", "y"), to("/tasks/PAY-1/priority", "low")]
    assert said(*both) == "Change title, priority of PAY-1"
    assert body(run(snapshot, *both)) == "PAY-1: title: x → y\nPAY-1: priority: - → low"


TEXTS = st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
PLANS = st.dictionaries(
    st.sampled_from([f"PAY_{number}" for number in range(5)]),
    st.fixed_dictionaries(
        {},
        optional={
            "title": st.sampled_from(["a", "b"]),
            "labels": st.lists(st.sampled_from("abc"), unique=True),
            "metadata": st.dictionaries(TEXTS, VALUES, max_size=3),
            "priority": st.sampled_from(["low", "high"]),
        },
    ),
)


@given(PLANS, PLANS)
def test_applying_the_difference_of_two_plans_to_one_gives_the_other(
    one: dict[str, dict[str, Any]], other: dict[str, dict[str, Any]]
) -> None:
    old, new = plan(**one), plan(**other)
    ops = diff(changes_between(old, new))
    changes = run(old, *(dict(op) for op in ops))
    assert after(old, changes).virtual_document() == new.virtual_document()
    assert digest(diff(changes)) == digest(diff(sorted(changes))) or len(changes) > 1


@given(PLANS)
def test_a_plan_does_not_differ_from_itself(one: dict[str, dict[str, Any]]) -> None:
    assert diff(changes_between(plan(**one), plan(**copy.deepcopy(one)))) == []
