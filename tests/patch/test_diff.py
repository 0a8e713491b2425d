"""The patch between two plans: it leads from one to the other, in one order, as plain JSON."""

import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.places import Place, path_for
from orchestrator.model.snapshot import KINDS, Read, Snapshot, build
from orchestrator.patch.after import after
from orchestrator.patch.apply import Change, SnapshotDocuments, apply
from orchestrator.patch.diff import changes_between, diff
from orchestrator.patch.invert import invert
from orchestrator.patch.ops import canonical, digest, read_patch

TEXTS = st.text(alphabet="ab~/é\n", max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
METADATA = st.dictionaries(TEXTS, VALUES, max_size=3)
TASKS = st.fixed_dictionaries(
    {"title": st.sampled_from("ab"), "status": st.sampled_from(["todo", "blocked"])},
    optional={
        "labels": st.lists(st.sampled_from("abc"), unique=True),
        "dependencies": st.lists(st.sampled_from(["PAY-1", "PAY-2"]), unique=True),
        "tests": st.dictionaries(st.sampled_from(["unit", "security"]), st.lists(TEXTS)),
        "estimated_minutes": st.integers(0, 3),
        "metadata": METADATA,
    },
)
PLACES = st.sampled_from(["pay", "ops"])
PLANS = st.fixed_dictionaries(
    {
        "settings": st.fixed_dictionaries({"name": TEXTS}, optional={"metadata": METADATA}),
        "users": st.dictionaries(
            st.sampled_from(["dana", "lee"]), st.fixed_dictionaries({"name": st.just("x")})
        ),
        "projects": st.fixed_dictionaries(
            {"pay": st.just({"title": "Pay"})}, optional={"ops": st.just({"title": "Ops"})}
        ),
        "tasks": st.dictionaries(
            st.sampled_from(["PAY-1", "PAY-2", "PAY-3", "OPS-1"]), st.tuples(PLACES, TASKS)
        ),
    }
)


def snapshot(plan: dict[str, Any]) -> Snapshot:
    files: list[Read] = [("orchestrator.yaml", Place("settings", ""), dict(plan["settings"]))]
    for name, user in plan["users"].items():
        files.append((path_for("users", name), Place("users", name), {"id": name, **user}))
    for name, project in plan["projects"].items():
        place = Place("projects", name, name)
        files.append((path_for("projects", name), place, {"id": name, **project}))
    for name, (project, fields) in plan["tasks"].items():
        path = path_for("tasks", name, project)
        files.append((path, Place("tasks", name, project), {"id": name, **fields}))
    return build(files)


def whole(plan: Snapshot) -> dict[str, Any]:
    """The plan as its files say it, right or wrong."""
    documents = SnapshotDocuments(plan)
    return {
        kind: {key: documents.document(kind, key) for key in plan.entities(kind)} for kind in KINDS
    }


def told(ops: list[Any]) -> list[Any]:
    """Ops as they come back from a file."""
    return list(read_patch(json.loads(json.dumps(ops))).ops)


@given(PLANS, PLANS)
def test_the_difference_leads_from_one_plan_to_the_other(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    old, new = snapshot(one), snapshot(other)
    ops = diff(changes_between(old, new))
    assert whole(after(old, apply(SnapshotDocuments(old), told(ops)))) == whole(new)


@given(PLANS, PLANS)
def test_the_inverse_of_the_difference_leads_back(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    old, new = snapshot(one), snapshot(other)
    back = list(invert(changes_between(old, new)).ops)
    assert whole(after(new, apply(SnapshotDocuments(new), told(back)))) == whole(old)


@given(PLANS, PLANS, st.randoms(use_true_random=False))
def test_equal_changes_give_one_patch_in_whatever_order_they_come(
    one: dict[str, Any], other: dict[str, Any], chance: random.Random
) -> None:
    changes = list(changes_between(snapshot(one), snapshot(other)))
    mixed = [change._replace(after=shuffled(change.after, chance)) for change in changes]
    chance.shuffle(mixed)
    assert canonical(diff(mixed)) == canonical(diff(changes))
    assert digest(diff(mixed)) == digest(diff(changes))


def shuffled(document: Any, chance: random.Random) -> Any:
    if not isinstance(document, dict):
        return document
    keys = list(document)
    chance.shuffle(keys)
    return {key: shuffled(document[key], chance) for key in keys}


def test_no_key_is_lost_in_a_pointer() -> None:
    before = {"id": "PAY-1", "metadata": {"a/b": 1, "m~n": {"": 2}}}
    now = {"id": "PAY-1", "metadata": {"a/b": 2, "m~n": {}}}
    assert diff([Change("tasks", "PAY-1", before, now)]) == [
        {"op": "replace", "path": "/tasks/PAY-1/metadata/a~1b", "value": 2},
        {"op": "remove", "path": "/tasks/PAY-1/metadata/m~0n/"},
    ]


def test_what_is_removed_goes_last_and_what_is_made_first() -> None:
    gone = Change("projects", "old", {"id": "old"}, None)
    made = Change("tasks", "PAY-1", None, {"id": "PAY-1"})
    assert [op["op"] for op in diff([gone, made])] == ["add", "remove"]
