"""Ids, durations, places, suggestions, judgement of documents."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.duration import DurationError, format_duration, parse_duration
from orchestrator.model.ids import is_task_id, key_from, new_task_id
from orchestrator.model.places import Place, name_fault, path_for, place_of
from orchestrator.model.pointer import join, split
from orchestrator.model.shape import judge
from orchestrator.model.snapshot import build
from orchestrator.model.suggest import nearest


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90), ("1h30m", 90), ("1.5h", 90), ("2d", 960), ("1w", 2400), ("1d 2h", 600),
        ("0", 0), (" 5 m ", 5), ("1H", 60), ("30min", 30),
    ],
)  # fmt: skip
def test_durations_are_read_as_people_write_them(text: str, minutes: int) -> None:
    assert parse_duration(text) == minutes


@pytest.mark.parametrize("text", ["", " ", "soon", "1h30", "-5", "h", "٣", "9" * 5000, "1m 1h"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(DurationError):
        parse_duration(text)


def test_a_day_is_worth_what_the_workspace_says() -> None:
    assert parse_duration("1d", 6) == 360
    assert format_duration(360, 6) == "1d"


@given(st.integers(0, 10_000_000), st.sampled_from([4.0, 6.0, 7.5, 8.0, 24.0]))
def test_a_shown_duration_reads_back(minutes: int, hours: float) -> None:
    assert parse_duration(format_duration(minutes, hours), hours) == minutes


def test_new_ids_are_ids_and_grow_with_the_project() -> None:
    choose = random.Random(1).choice
    small = new_task_id("PAY", set(), 10, choose)
    large = new_task_id("PAY", set(), 5_000, choose)
    huge = new_task_id("PAY", set(), 100_000, choose)
    assert [len(item) for item in (small, large, huge)] == [8, 9, 10]
    assert all(is_task_id(item) for item in (small, large, huge))


def test_a_taken_id_is_not_given_again() -> None:
    first = new_task_id("PAY", set(), 0, random.Random(1).choice)
    assert new_task_id("PAY", {first}, 0, random.Random(1).choice) != first


@pytest.mark.parametrize(
    ("name", "key"), [("payments", "PAYM"), ("payments-api", "PA"), ("7-up", "P7U"), ("é", "P")]
)
def test_a_key_is_made_from_a_name(name: str, key: str) -> None:
    assert key_from(name) == key


@pytest.mark.parametrize(
    "place",
    [
        Place("settings", ""),
        Place("users", "dana"),
        Place("projects", "pay", "pay"),
        Place("tasks", "PAY-1", "pay"),
    ],
)
def test_a_place_and_its_path_say_the_same(place: Place) -> None:
    assert place_of(path_for(place.kind, place.id, place.project)) == place


@pytest.mark.parametrize("path", ["x.yaml", "users/a/b.yaml", "projects/p/x.yaml", "users/a.yml"])
def test_other_paths_hold_no_entity(path: str) -> None:
    assert place_of(path) is None


@pytest.mark.parametrize(
    "name",
    ["CON.yaml", "aux", "a:b.yaml", "a\\b", "a\nb", "a.", "a ", " a", "a" * 201, "\udcff", "a?"],
)
def test_a_name_that_not_every_system_can_hold_has_a_fault(name: str) -> None:
    assert name_fault(name)


@pytest.mark.parametrize("name", ["PAY-1.yaml", "dana.yaml", "héllo.yaml", "a b.yaml", "conx.yaml"])
def test_a_portable_name_has_none(name: str) -> None:
    assert name_fault(name) is None


@given(st.lists(st.text()))
def test_a_pointer_splits_into_what_it_was_joined_from(steps: list[str]) -> None:
    assert split(join(steps)) == steps


def test_the_nearest_word_is_found() -> None:
    assert nearest("asignee", ["assignee", "labels"]) == "assignee"
    assert nearest("In-Progress", ["in_progress", "todo"]) == "in_progress"
    assert nearest("zzz", ["assignee"]) is None


MOMENT = "2026-01-01T10:00:00Z"
GOOD: dict[str, Any] = {"id": "PAY-1", "title": "x", "status": "todo"}


@pytest.mark.parametrize(
    ("fields", "code", "pointer", "says", "hint"),
    [
        ({"titel": "y"}, "ORC101", "/titel", "titel is no field of a task", "Did you mean title ?"),
        ({"depends_on": []}, "ORC101", "/depends_on", "depends_on", "Did you mean dependencies ?"),
        ({"updated_at": "x"}, "ORC101", "/updated_at", "updated_at", "git knows"),
        ({"status": "done"}, "ORC103", "/status", "'done' is not one of", "completed"),
        ({"status": "in-progress"}, "ORC103", "/status", "'in-progress'", "in_progress"),
        ({"priority": "P1"}, "ORC103", "/priority", "'P1'", "high"),
        ({"title": 7}, "ORC103", "/title", "7 is a number, not text", 'Quote it: "7"'),
        ({"title": ""}, "ORC103", "/title", "title", ""),
        ({"labels": "api"}, "ORC103", "/labels", "text, not a list", "[api]"),
        ({"labels": ["a", "a"]}, "ORC103", "/labels", "a is listed twice", ""),
        ({"estimated_minutes": "1h"}, "ORC103", "/estimated_minutes", "text", "90"),
        ({"estimated_minutes": -1}, "ORC103", "/estimated_minutes", "-1", ""),
        ({"estimated_minutes": True}, "ORC103", "/estimated_minutes", "true", ""),
        ({"due_date": "2026-02-30"}, "ORC103", "/due_date", "no such day", ""),
        ({"due_date": "1.2.2026"}, "ORC103", "/due_date", "YYYY-MM-DD", ""),
        ({"created_at": "2026-01-01T10:00:00"}, "ORC103", "/created_at", "offset", ""),
        ({"parent": "pay-1"}, "ORC103", "/parent", "not a task id", "PAY-7K3F"),
        ({"dependencies": ["x"]}, "ORC103", "/dependencies/0", "not a task id", ""),
        ({"time_entries": [{"at": MOMENT}]}, "ORC102", "/time_entries/0", "minutes", ""),
        ({"tests": {"unti": []}}, "ORC101", "/tests/unti", "unti", ""),
        ({"metadata": [1]}, "ORC103", "/metadata", "a list, not a mapping", ""),
        ({"external_ids": {"gitlab": 12}}, "ORC103", "/external_ids/gitlab", "12", '"12"'),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_explained_and_left_out(
    fields: dict[str, Any], code: str, pointer: str, says: str, hint: str
) -> None:
    judged = judge("tasks", "p", {**GOOD, **fields}, "PAY-1")
    [problem] = judged.problems
    assert (problem.code, problem.pointer, problem.id) == (code, pointer, "PAY-1")
    assert says in problem.message
    assert hint in (problem.hint or "")
    [field] = fields
    assert field not in judged.clean


def test_a_missing_field_is_named_and_the_rest_kept() -> None:
    judged = judge("tasks", "p", {"id": "PAY-1", "priority": "low"}, "PAY-1")
    assert [problem.code for problem in judged.problems] == ["ORC102", "ORC102"]
    assert judged.clean == {"id": "PAY-1", "priority": "low"}


def test_a_token_in_the_settings_is_refused_and_not_repeated() -> None:
    settings = {"name": "x", "integrations": {"lin": {"kind": "linear", "token": "lin_api_abc"}}}
    [problem] = judge("settings", "orchestrator.yaml", settings, None).problems
    assert problem.pointer == "/integrations/lin/token"
    assert "lin_api_abc" not in f"{problem.message}{problem.hint}"
    assert "env:NAME" in (problem.hint or "")


def test_a_rule_that_does_not_exist_is_named() -> None:
    settings = {"name": "x", "rules": {"ORC3O5": "off"}}
    [problem] = judge("settings", "orchestrator.yaml", settings, None).problems
    assert problem.code == "ORC103"
    assert problem.hint == "Did you mean ORC305 ?"


def test_two_files_with_one_id_are_both_named() -> None:
    place = Place("tasks", "PAY-1", "pay")
    other = Place("tasks", "PAY-1", "ops")
    snapshot = build(
        [
            ("projects/ops/tasks/PAY-1.yaml", other, dict(GOOD)),
            ("projects/pay/tasks/PAY-1.yaml", place, dict(GOOD)),
        ]
    )
    [problem] = snapshot.problems
    assert (problem.code, problem.path) == ("ORC201", "projects/pay/tasks/PAY-1.yaml")
    assert "projects/ops/tasks/PAY-1.yaml" in problem.message


def test_a_file_not_named_after_its_id_still_counts() -> None:
    snapshot = build(
        [("projects/pay/tasks/PAY-9.yaml", Place("tasks", "PAY-9", "pay"), dict(GOOD))]
    )
    assert list(snapshot.tasks) == ["PAY-1"]
    assert snapshot.path_of("tasks", "PAY-1") == "projects/pay/tasks/PAY-9.yaml"
    assert [problem.code for problem in snapshot.problems] == ["ORC104"]
