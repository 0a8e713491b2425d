"""A patch made against an older state: merged where the fields differ, refused where they clash."""

import copy
import itertools
from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change, apply
from orchestrator.patch.merge import ABSENT
from orchestrator.patch.rebase import Clash, StalePatchError, rebase
from orchestrator.patch.step import TestFailedError, UnknownTargetError, same

BASE = "0123456789abcdef"
Plan = dict[tuple[Kind, str], Document]


class Documents(NamedTuple):
    plan: Plan

    def document(self, kind: Kind, entity_id: str) -> Document | None:
        return self.plan.get((kind, entity_id))

    def ids(self, kind: Kind) -> Iterable[str]:
        return [entity_id for found, entity_id in self.plan if found == kind]


def task(**fields: Any) -> Document:
    return {"id": "PAY-1", "title": "x", "status": "todo", "project": "pay", **fields}


def carried(old: Document | None, now: Document | None, *ops: dict[str, Any]) -> list[Change]:
    """Carry ops made when PAY-1 was `old` over to where it is `now`."""
    return rebase(state(old), state(now), ops, BASE)


def state(document: Document | None) -> Documents:
    return Documents({} if document is None else {("tasks", "PAY-1"): document})


def became(old: Document, now: Document, *ops: dict[str, Any]) -> Document:
    [change] = carried(old, now, *ops)
    assert change.before == now
    assert change.after is not None
    return change.after


def clashes(
    old: Document | None, now: Document | None, *ops: dict[str, Any]
) -> tuple[StalePatchError, tuple[Clash, ...]]:
    with pytest.raises(StalePatchError) as refused:
        carried(old, now, *ops)
    assert refused.value.base == BASE
    assert BASE[:12] in refused.value.message
    return refused.value, refused.value.clashes


def put(field: str, value: Any, op: str = "add") -> dict[str, Any]:
    return {"op": op, "path": f"/tasks/PAY-1/{field}", "value": value}


def take(field: str) -> dict[str, Any]:
    return {"op": "remove", "path": f"/tasks/PAY-1/{field}"}


REMOVAL = {"op": "remove", "path": "/tasks/PAY-1"}
RENAME = {"op": "move", "from": "/tasks/PAY-1", "path": "/tasks/PAY-2"}


def test_what_others_did_to_other_fields_stays() -> None:
    now = task(title="theirs", priority="low")
    assert became(task(), now, put("status", "blocked")) == {**now, "status": "blocked"}


def test_a_task_that_was_moved_to_another_project_is_changed_there() -> None:
    assert became(task(), task(project="ops"), put("title", "y"))["project"] == "ops"


def test_sets_merge_by_element_and_descriptions_by_line() -> None:
    old = task(labels=["a", "b"], description="one\ntwo\nthree\n")
    now = task(labels=["b", "c"], description="ONE\ntwo\nthree\n")
    ops = (put("labels/-", "d"), put("description", "one\ntwo\nthree\nfour\n"))
    after = became(old, now, *ops)
    assert after["labels"] == ["b", "c", "d"]
    assert after["description"] == "ONE\ntwo\nthree\nfour\n"


def test_an_index_means_what_it_meant_when_the_patch_was_made() -> None:
    old, now = task(labels=["a", "b"]), task(labels=["z", "a", "b"])
    assert became(old, now, take("labels/0"))["labels"] == ["b", "z"]


def test_a_field_that_both_changed_is_named_with_all_three_values() -> None:
    error, found = clashes(task(), task(status="blocked"), put("status", "completed"))
    assert found == (Clash("/tasks/PAY-1/status", "todo", "blocked", "completed"),)
    assert error.message == (
        'The patch was made against 0123456789ab , and /tasks/PAY-1/status was "todo" and is '
        '"blocked" now; the patch says "completed".'
    )


def test_every_clash_is_named() -> None:
    now = task(status="blocked", title="y")
    error, found = clashes(task(), now, put("status", "completed"), take("title"))
    assert {clash.path for clash in found} == {"/tasks/PAY-1/title", "/tasks/PAY-1/status"}
    assert 'title was "x" and is "y" now; the patch removes it' in error.message


def test_what_both_did_alike_is_no_clash_and_no_change() -> None:
    assert carried(task(), task(status="blocked"), put("status", "blocked")) == []


def test_a_comment_alone_is_no_change_since() -> None:
    """Documents are compared, not bytes: the state is the same, so the ops are applied to it."""
    [change] = carried(task(), task(), put("status", "blocked"))
    assert change.after == task(status="blocked")


def test_a_task_that_is_gone_cannot_be_changed() -> None:
    error, [clash] = clashes(task(), None, put("status", "blocked"))
    assert clash.actual is ABSENT
    assert error.message.endswith("and /tasks/PAY-1 is gone.")


def test_a_task_that_was_edited_is_not_removed() -> None:
    _, [clash] = clashes(task(), task(title="y"), REMOVAL)
    assert clash == Clash("/tasks/PAY-1/title", "x", "y", ABSENT)


def test_a_task_that_both_removed_is_removed_once() -> None:
    assert carried(task(), None, REMOVAL) == []


def test_a_task_that_both_made_is_merged_or_named() -> None:
    add = {"op": "add", "path": "/tasks/PAY-1", "value": task(priority="low")}
    assert carried(None, task(priority="low"), add) == []
    _, [clash] = clashes(None, task(priority="high"), add)
    assert clash == Clash("/tasks/PAY-1/priority", ABSENT, "high", "low")


def test_a_renamed_task_takes_along_what_others_did_to_it() -> None:
    now = task(title="theirs")
    changes = carried(
        task(), now, RENAME, {**put("status", "blocked"), "path": "/tasks/PAY-2/status"}
    )
    made = next(change for change in changes if change.id == "PAY-2")
    gone = next(change for change in changes if change.id == "PAY-1")
    assert made.after == {**now, "id": "PAY-2", "status": "blocked"}
    assert (made.before, made.origin) == (None, "PAY-1")
    assert (gone.before, gone.after) == (now, None)


def test_a_rename_to_an_id_that_is_taken_meanwhile_is_refused() -> None:
    states = (
        Documents({("tasks", "PAY-1"): task()}),
        Documents(
            {("tasks", "PAY-1"): task(), ("tasks", "PAY-2"): task(id="PAY-2", title="other")}
        ),
    )
    with pytest.raises(StalePatchError, match="/tasks/PAY-2 is there already"):
        rebase(*states, [RENAME], BASE)


def test_a_test_must_hold_at_the_base_and_now() -> None:
    check = put("priority", "low", "test")
    old, now = task(priority="low"), task(priority="high")
    error, [clash] = clashes(old, now, check, put("title", "y"))
    assert clash.test == 0
    assert (clash.expected, clash.actual) == ("low", "high")
    assert "(op 0, test)" in error.message
    with pytest.raises(TestFailedError):
        carried(now, old, check)
    assert (
        became(old, task(priority="low", status="blocked"), check, put("title", "y"))["title"]
        == "y"
    )


def test_a_test_of_what_the_patch_itself_did_is_judged_at_the_base() -> None:
    ops = (put("title", "y"), put("title", "y", "test"))
    assert became(task(), task(status="blocked"), *ops)["title"] == "y"


def test_a_base_that_is_older_than_the_task_is_said() -> None:
    with pytest.raises(UnknownTargetError) as refused:
        carried(None, task(), put("title", "y"))
    assert "was not there at the patch's base 0123456789ab" in str(refused.value.hint)


def test_the_settings_are_carried_over_too() -> None:
    old: Plan = {("settings", ""): {"name": "a", "rules": {"ORC305": "off"}}}
    now: Plan = {("settings", ""): {"name": "b", "rules": {"ORC305": "off", "ORC306": "off"}}}
    op = {"op": "add", "path": "/settings/rules/ORC307", "value": "off"}
    [change] = rebase(Documents(old), Documents(now), [op], BASE)
    assert change.after == {
        "name": "b", "rules": {"ORC305": "off", "ORC306": "off", "ORC307": "off"},
    }  # fmt: skip


FIELDS = {
    "title": st.sampled_from(["a", "b", "c"]),
    "priority": st.sampled_from(["low", "high"]),
    "labels": st.lists(st.sampled_from("abcd"), unique=True),
    "metadata": st.dictionaries(st.sampled_from("xy"), st.integers(0, 2)),
    "description": st.lists(st.sampled_from(["1\n", "2\n"])).map("".join),
}
TASKS = st.fixed_dictionaries({}, optional=FIELDS).map(lambda fields: task(**fields))


def ops_between(old: Document, new: Document) -> list[dict[str, Any]]:
    ops = [put(key, value) for key, value in new.items() if not same(old.get(key, ABSENT), value)]
    return ops + [take(key) for key in old if key not in new]


@given(TASKS, TASKS, TASKS)
def test_a_patch_that_is_carried_over_loses_nothing(
    old: Document, ours: Document, theirs: Document
) -> None:
    ops = ops_between(old, theirs)
    before = copy.deepcopy((old, ours))
    try:
        changes = carried(old, ours, *ops)
    except StalePatchError as error:
        for clash in error.clashes:
            field = clash.path.split("/")[3]
            sides = [side.get(field, ABSENT) for side in (old, ours, theirs)]
            assert not any(same(one, other) for one, other in itertools.pairwise(sides))
    else:
        after = changes[0].after if changes else ours
        assert after is not None
        for field in {*old, *ours, *theirs}:
            was, mine, yours = (side.get(field, ABSENT) for side in (old, ours, theirs))
            if same(was, mine):
                assert same(after.get(field, ABSENT), yours)
            elif same(was, yours):
                assert same(after.get(field, ABSENT), mine)
    assert (old, ours) == before


@given(TASKS, TASKS)
def test_a_patch_whose_base_is_the_present_is_just_applied(old: Document, new: Document) -> None:
    ops = ops_between(old, new)
    plain = apply(Documents({("tasks", "PAY-1"): old}), ops)
    assert carried(old, copy.deepcopy(old), *ops) == plain
