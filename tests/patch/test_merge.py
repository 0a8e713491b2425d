"""Three-way merge of documents: one rule a field."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.fields import FIELDS
from orchestrator.model.places import Kind
from orchestrator.patch.merge import ABSENT, RULES, Conflict, merge_documents
from orchestrator.patch.step import same

ENTRY = {"at": "2026-11-20T09:00:00Z", "minutes": 30, "user": "dana"}


def task(**fields: Any) -> dict[str, Any]:
    return {"id": "PAY-1", "title": "Capture", "status": "todo", **fields}


def merged(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> Any:
    """Return what one field, the only one that is not in `task()`, becomes."""
    result = merge_documents("tasks", task(**base), task(**ours), task(**theirs))
    assert result.conflicts == ()
    return {key: value for key, value in result.value.items() if key not in task()}


@pytest.mark.parametrize("kind", RULES)
def test_every_field_has_a_rule(kind: Kind) -> None:
    expected = {*FIELDS[kind], *(["project"] if kind == "tasks" else [])}
    assert set(RULES[kind]) == expected


def test_different_fields_never_meet() -> None:
    found = merged({"priority": "low"}, {"priority": "high"}, {"priority": "low", "labels": ["a"]})
    assert found == {"priority": "high", "labels": ["a"]}


def test_sets_merge_by_element() -> None:
    assert merged({"labels": ["a", "b"]}, {"labels": ["b", "x"]}, {"labels": ["a", "b", "c"]}) == {
        "labels": ["b", "c", "x"]
    }
    assert merged({"labels": ["a"]}, {"labels": ["a", "b"]}, {}) == {"labels": ["b"]}
    assert merged({"labels": ["a", "b"]}, {"labels": ["a"]}, {"labels": ["b"]}) == {"labels": []}
    assert merged({"labels": ["a", "b"]}, {"labels": ["a"]}, {}) == {}
    assert merged({}, {"dependencies": ["PAY-2"]}, {"dependencies": ["PAY-3"]}) == {
        "dependencies": ["PAY-2", "PAY-3"]
    }


def test_descriptions_merge_by_line() -> None:
    base, ours, theirs = "one\ntwo\nthree\n", "ONE\ntwo\nthree\n", "one\ntwo\nTHREE\n"
    assert merged({"description": base}, {"description": ours}, {"description": theirs}) == {
        "description": "ONE\ntwo\nTHREE\n"
    }


def test_mappings_merge_by_key_and_tests_by_requirement() -> None:
    base, ours, theirs = {"a": 1}, {"a": 1, "b": {"c": 1}}, {"b": {"d": 2}}
    assert merged({"metadata": base}, {"metadata": ours}, {"metadata": theirs}) == {
        "metadata": {"b": {"c": 1, "d": 2}}
    }
    mine, yours = {"unit": ["x"]}, {"unit": ["y"], "security": ["z"]}
    assert merged({}, {"tests": mine}, {"tests": yours}) == {
        "tests": {"unit": ["x", "y"], "security": ["z"]}
    }


def test_time_of_both_sides_counts_and_one_entry_counts_once() -> None:
    mine = {**ENTRY, "at": "2026-11-21T12:00:00Z"}
    yours = {**ENTRY, "at": "2026-11-21T08:00:00Z", "user": "lee"}
    sides = ({"time_entries": [ENTRY, each]} for each in (mine, yours))
    assert merged({"time_entries": [ENTRY]}, *sides) == {"time_entries": [ENTRY, yours, mine]}
    ours, theirs = ({"time_entries": [{**ENTRY, "minutes": spent}]} for spent in (40, 50))
    result = merge_documents("tasks", task(time_entries=[ENTRY]), task(**ours), task(**theirs))
    assert [conflict.pointer for conflict in result.conflicts] == ["/time_entries"]


def test_what_both_did_happened_when_the_first_did_it() -> None:
    ours, theirs = "2026-11-20T12:00:00+01:00", "2026-11-20T11:30:00Z"
    assert merged({}, {"started_at": ours}, {"started_at": theirs}) == {"started_at": ours}


def test_anything_else_that_both_changed_is_a_conflict_and_ours_until_somebody_chooses() -> None:
    result = merge_documents("tasks", task(), task(status="completed"), task(status="cancelled"))
    assert result.value["status"] == "completed"
    assert result.conflicts == (Conflict("/status", "todo", "completed", "cancelled"),)


def test_a_change_and_a_removal_are_a_conflict() -> None:
    result = merge_documents("tasks", task(priority="low"), task(priority="high"), task())
    assert result.conflicts == (Conflict("/priority", "low", "high", ABSENT),)
    nested = merge_documents(
        "tasks", task(metadata={"a": 1, "b": 1}), task(metadata={"a": 2, "b": 1}), task()
    )
    assert nested.conflicts == (Conflict("/metadata/a", 1, 2, ABSENT),)


def test_a_field_that_this_version_does_not_know_is_carried() -> None:
    assert merged({"new": {"a": 1}}, {"new": {"a": 1, "b": 2}}, {"new": {"a": 3}}) == {
        "new": {"a": 3, "b": 2}
    }


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from("ab"),
    "labels": st.lists(st.sampled_from("abcd"), unique=True, max_size=4),
    "description": st.lists(st.sampled_from(["x\n", "y\n", "z\n"]), max_size=4).map("".join),
    "metadata": st.dictionaries(
        st.sampled_from("ab"),
        st.integers(0, 2) | st.dictionaries(st.sampled_from("ab"), st.integers(0, 1)),
    ),
    "time_entries": st.lists(
        st.builds(
            lambda hour, minutes: {"at": f"2026-11-20T0{hour}:00:00Z", "minutes": minutes},
            st.integers(0, 3), st.integers(1, 2),
        ),
        max_size=3,
    ),
    "started_at": st.sampled_from(["2026-11-20T09:00:00Z", "2026-11-20T09:30:00+01:00"]),
    "other": st.integers(0, 2) | st.lists(st.integers(0, 1), max_size=2),
}  # fmt: skip
DOCUMENTS = st.fixed_dictionaries({}, optional=VALUES)


def comparable(document: dict[str, Any]) -> dict[str, Any]:
    return {key: sorted(value) if key == "labels" else value for key, value in document.items()}


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS)
def test_swapping_the_sides_gives_the_same_data_and_the_same_conflicts(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    one = merge_documents("tasks", base, ours, theirs)
    other = merge_documents("tasks", base, theirs, ours)
    assert {c.pointer for c in one.conflicts} == {c.pointer for c in other.conflicts}
    undecided = {c.pointer.split("/")[1] for c in one.conflicts}
    settled = [
        comparable({key: value for key, value in side.value.items() if key not in undecided})
        for side in (one, other)
    ]
    assert same(*settled)


@given(DOCUMENTS, DOCUMENTS)
def test_a_side_that_changed_nothing_gives_way(base: dict[str, Any], side: dict[str, Any]) -> None:
    for ours, theirs in ((base, side), (side, base), (side, side)):
        result = merge_documents("tasks", base, ours, theirs)
        assert same(result.value, side)
        assert result.conflicts == ()
