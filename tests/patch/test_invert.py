"""What a patch did is taken back: documents are as they were, down to the order of nested keys."""

import copy
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change, apply
from orchestrator.patch.invert import invert

Plan = dict[tuple[Kind, str], Document]

IDS = [f"PAY-{number}" for number in range(1, 7)]
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["", "a", "b"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = ["title", "labels", "metadata", "a/b~c"]
tasks = st.builds(
    lambda project, rest: {**rest, "project": project},
    st.sampled_from(["pay", "ops"]),
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=4),
)


class Documents(NamedTuple):
    plan: Plan

    def document(self, kind: Kind, entity_id: str) -> Document | None:
        return self.plan.get((kind, entity_id))

    def ids(self, kind: Kind) -> Iterable[str]:
        return [entity_id for found, entity_id in self.plan if found == kind]


def after(plan: Plan, ops: Iterable[Mapping[str, Any]]) -> tuple[list[Change], Plan]:
    changes = apply(Documents(copy.deepcopy(plan)), list(ops))
    future = dict(plan)
    for change in changes:
        future.pop((change.kind, change.id), None)
        if change.after is not None:
            future[change.kind, change.id] = change.after
    return changes, future


def text(plan: Plan) -> dict[str, str]:
    """Each document as it can be told apart: nested keys in their order, its own sorted."""
    return {
        f"{kind} {entity_id}": json.dumps(dict(sorted(document.items())))
        for (kind, entity_id), document in plan.items()
    }


@st.composite
def stories(draw: st.DrawFn) -> tuple[Plan, list[dict[str, Any]]]:
    """A plan, and ops that can be applied to it one after the other."""
    found = {task_id: draw(tasks) for task_id in draw(st.lists(st.sampled_from(IDS), unique=True))}
    live: dict[str, set[str]] = {task_id: set(document) for task_id, document in found.items()}
    ops: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 8))):
        free = [task_id for task_id in IDS if task_id not in live]
        kinds = (["add"] if free else []) + (["remove", "set", "clear", "project"] if live else [])
        kinds += ["rename"] if free and live else []
        kind = draw(st.sampled_from(kinds))
        task_id = draw(st.sampled_from(free if kind == "add" else sorted(live)))
        path = f"/tasks/{task_id}"
        match kind:
            case "add":
                document = draw(tasks)
                live[task_id] = set(document)
                ops.append({"op": "add", "path": path, "value": document})
            case "remove":
                del live[task_id]
                ops.append({"op": "remove", "path": path})
            case "rename":
                new = draw(st.sampled_from(free))
                live[new] = live.pop(task_id)
                ops.append({"op": "move", "from": path, "path": f"/tasks/{new}"})
            case "set":
                field = draw(st.sampled_from(FIELDS[:3]))
                live[task_id].add(field)
                ops.append({"op": "add", "path": f"{path}/{field}", "value": draw(values)})
            case "clear":
                if present := sorted(live[task_id] - {"project", "a/b~c"}):
                    field = draw(st.sampled_from(present))
                    live[task_id].remove(field)
                    ops.append({"op": "remove", "path": f"{path}/{field}"})
            case _:
                value = draw(st.sampled_from(["pay", "ops"]))
                ops.append({"op": "replace", "path": f"{path}/project", "value": value})
    return {
        ("tasks", task_id): {"id": task_id, **document} for task_id, document in found.items()
    }, ops


@given(stories())
@settings(max_examples=150)
def test_the_inverse_leads_back_exactly(story: tuple[Plan, list[dict[str, Any]]]) -> None:
    plan, ops = story
    changes, future = after(plan, ops)
    back, past = after(future, invert(changes).ops)
    assert text(past) == text(plan)
    assert text(after(past, invert(back).ops)[1]) == text(future)


def test_a_rename_is_taken_back_as_a_rename() -> None:
    plan: Plan = {("tasks", "PAY-1"): {"id": "PAY-1", "title": "x", "project": "pay"}}
    ops = [
        {"op": "move", "from": "/tasks/PAY-1", "path": "/tasks/PAY-2"},
        {"op": "replace", "path": "/tasks/PAY-2/title", "value": "y"},
    ]
    changes, future = after(plan, ops)
    assert list(invert(changes).ops) == [
        {"op": "move", "from": "/tasks/PAY-2", "path": "/tasks/PAY-1"},
        {"op": "replace", "path": "/tasks/PAY-1/title", "value": "x"},
    ]
    origins = {change.id: change.origin for change in after(future, invert(changes).ops)[0]}
    assert origins["PAY-1"] == "PAY-2"


def test_a_nested_key_comes_back_in_its_place() -> None:
    before = {"id": "PAY-1", "project": "pay", "metadata": {"a": 1, "b": {"c": 2, "d": 3}}}
    now = {"id": "PAY-1", "project": "pay", "metadata": {"a": 1, "b": {"d": 3}}}
    assert list(invert([Change("tasks", "PAY-1", before, now)]).ops) == [
        {"op": "replace", "path": "/tasks/PAY-1/metadata/b", "value": {"c": 2, "d": 3}}
    ]
    added = {**now, "metadata": {"b": {"d": 3}, "a": 1}}
    lost = {**now, "metadata": {"b": {"d": 3}}}
    assert list(invert([Change("tasks", "PAY-1", added, lost)]).ops) == [
        {"op": "add", "path": "/tasks/PAY-1/metadata/a", "value": 1}
    ]


def test_settings_are_put_back() -> None:
    change = Change("settings", "", {"name": "a"}, {"name": "b", "version": 1})
    assert list(invert([change]).ops) == [
        {"op": "remove", "path": "/settings/version"},
        {"op": "replace", "path": "/settings/name", "value": "a"},
    ]
