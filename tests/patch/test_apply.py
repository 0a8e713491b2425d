"""RFC 6902 over the virtual document, in memory."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.places import Place, path_for
from orchestrator.model.snapshot import Read, Snapshot, build
from orchestrator.patch.after import after
from orchestrator.patch.apply import (
    Change,
    SnapshotDocuments,
    TestFailedError,
    UnknownTargetError,
    apply,
    same,
)
from orchestrator.patch.describe import body, subject
from orchestrator.patch.diff import changes_between, diff
from orchestrator.patch.ops import MalformedPatchError, canonical, digest, read_patch


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
