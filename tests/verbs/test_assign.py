"""What may be set, and the sentence that refuses what may not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from orchestrator.model.day import DayError
from orchestrator.model.oneself import UnknownSelfError
from orchestrator.verbs.assign import (
    AssignmentError,
    MalformedAssignmentError,
    assigned,
    names_me,
    read_assignments,
    with_me,
)
from orchestrator.verbs.change import set_all
from orchestrator.verbs.refuse import ImpossibleError
from tests.verbs.plans import NOW, done_to, plan

USERS = {
    "dana": {"id": "dana", "name": "Dana"},
    "lee": {"id": "lee", "name": "Lee", "active": False},
}
SUNDAY = date(2026, 11, 22)


def changed(*texts: str, task: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    snapshot = plan({"PAY-1": task or {}}, users=USERS, **members)
    patch = set_all(snapshot, "tasks", ["PAY-1"], read_assignments("tasks", texts), NOW)
    return dict(done_to(snapshot, patch).tasks["PAY-1"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("due=friday", "2026-11-27"), ("due=+3d", "2026-11-25"), ("due_date=today", "2026-11-22"),
        ("due=2026-12-18", "2026-12-18"), ("due=+1m", "2026-12-22"),
    ],
)  # fmt: skip
def test_days_are_read_as_words(text: str, day: str) -> None:
    assert assigned({}, read_assignments("tasks", [text]), 8, SUNDAY) == {"due_date": day}


def test_a_text_that_names_no_day_is_refused() -> None:
    with pytest.raises(DayError):
        assigned({}, read_assignments("tasks", ["start=soon"]), 8, SUNDAY)


def test_a_text_of_another_form_is_told_apart_from_a_field_that_is_not_there() -> None:
    with pytest.raises(MalformedAssignmentError):
        read_assignments("tasks", ["priority"])
    with pytest.raises(AssignmentError) as refused:
        read_assignments("tasks", ["priorty=high"])
    assert not isinstance(refused.value, MalformedAssignmentError)


def test_me_is_who_it_is() -> None:
    wishes = read_assignments("tasks", ["assignee=me", "title=me"])
    assert names_me(wishes)
    assert [wish.value for wish in with_me(wishes, "dana")] == ["dana", "me"]
    with pytest.raises(UnknownSelfError, match="Nobody knows who me is"):
        with_me(wishes, None)
    assert not names_me(read_assignments("tasks", ["title=me"]))


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("assignee=dan", "There is no user dan .", "Did you mean dana ?"),
        ("assignee=omar", "There is no user omar .", "orchestrator user new omar"),
        ("assignee=lee", "lee is no longer active.", "active=true"),
        ("status=done", "'done' is not one of todo, ", "Did you mean completed ?"),
        ("priority=p1", "'p1' is not one of low, ", "Did you mean high ?"),
        ("title= ", "' ' is not one line of text", "a few words"),
    ],
)
def test_a_value_that_may_not_be_is_refused_in_a_sentence(text: str, says: str, hint: str) -> None:
    with pytest.raises(ImpossibleError) as refused:
        changed(text)
    assert says in refused.value.message
    assert "\n" not in refused.value.message
    assert hint in str(refused.value.hint)


def test_due_before_start_names_both_dates() -> None:
    for texts, task in (
        (["due=2026-12-01", "start=2026-12-05"], {}),
        (["due=2026-12-01"], {"start_date": "2026-12-05"}),
        (["start=2026-12-05"], {"due_date": "2026-12-01"}),
    ):
        with pytest.raises(ImpossibleError) as refused:
            changed(*texts, task=task)
        assert refused.value.message == (
            "PAY-1 would be due on 2026-12-01 and start on 2026-12-05, after that."
        )
    assert changed("title=x", task={"start_date": "2026-12-05", "due_date": "2026-12-01"})


def test_what_the_settings_allow_is_not_refused() -> None:
    rules = {"rules": {"ORC303": "warning", "ORC210": "off"}}
    task = changed("due=2026-12-01", "start=2026-12-05", "assignee=omar", settings=rules)
    assert task["assignee"] == "omar"


def test_a_plan_without_users_takes_anybody() -> None:
    snapshot = plan({"PAY-1": {}})
    wishes = read_assignments("tasks", ["assignee=omar"])
    assert set_all(snapshot, "tasks", ["PAY-1"], wishes, NOW).ops


def test_a_fault_that_was_there_is_no_reason_to_refuse_another_change() -> None:
    assert changed("priority=high", task={"assignee": "omar"})["priority"] == "high"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("est=1h", "Did you mean estimated_minutes ?"),
        ("deps=PAY-2", "Did you mean dependencies ?"),
        ("prio=high", "Did you mean priority ?"),
        ("colour=red", "There are title, status, priority, "),
    ],
)
def test_a_field_that_is_not_there_leads_to_one_that_is(text: str, hint: str) -> None:
    with pytest.raises(AssignmentError) as refused:
        read_assignments("tasks", [text])
    assert hint in str(refused.value.hint)
    assert "deleted_at" not in str(refused.value.hint)


def test_what_a_command_keeps_right_is_no_field_to_set() -> None:
    for text, hint in (
        ("deleted_at=2026-01-01T00:00:00Z", "task rm ID"),
        ("deleted_with=", "task restore ID"),
        ("time_entries=5", "time log ID 1h30m"),
    ):
        with pytest.raises(AssignmentError, match="is not a field to set") as refused:
            read_assignments("tasks", [text])
        assert hint in str(refused.value.hint)
    with pytest.raises(AssignmentError, match="There is no field time_entries"):
        read_assignments("users", ["time_entries=5"])


def test_nobody_is_no_one() -> None:
    assert "assignee" not in changed("assignee=nobody", task={"assignee": "dana"})


def test_what_is_deleted_is_restored_before_it_is_changed() -> None:
    gone = {"deleted_at": "2026-11-20T09:00:00Z"}
    with pytest.raises(ImpossibleError) as refused:
        changed("priority=high", task=gone)
    assert refused.value.hint == "orchestrator task restore PAY-1 brings it back."


def test_dependencies_that_are_wrong_already_do_not_keep_another_field_from_changing() -> None:
    raw = {"id": "PAY-1", "title": "x", "status": "todo", "dependencies": {"a": 1}}
    snapshot = plan({"PAY-1": {}})
    snapshot = replace(snapshot, raw={("tasks", "PAY-1"): raw})
    patch = set_all(snapshot, "tasks", ["PAY-1"], read_assignments("tasks", ["priority=high"]), NOW)
    assert patch.ops == ({"op": "add", "path": "/tasks/PAY-1/priority", "value": "high"},)
