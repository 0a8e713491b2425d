"""What GitLab says and what the workspace says mean the same, there and back."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sync.errors import DriftError, InvalidError
from orchestrator.sync.item import Foreign, Item
from orchestrator.sync.remotes.gitlab import mapping, marks
from orchestrator.sync.remotes.gitlab.words import STATUSES, Words, words_of
from tests.sync.remotes.gitlab.conftest import MADE_WITH, tie

ROW: dict[str, Any] = {
    "iid": 7, "id": 184_000_013, "title": "Write spec", "state": "opened", "labels": []
}  # fmt: skip
IDS = {"dana": 10, "kim": 11}


def words(labels: tuple[str, ...] = (), **changes: Any) -> Words:
    found = words_of(tie(**changes))
    return replace(found, accounts=IDS, labels=found.with_labels(labels))


def read(row: dict[str, Any], among: Words | None = None) -> Item:
    return mapping.issue(among or words(), {**ROW, **row}, {"parent": None, "links": {}})


def after(body: dict[str, Any], row: dict[str, Any] | None = None) -> dict[str, Any]:
    """An issue as GitLab has it after it was sent a body."""
    made = {**ROW, **(row or {})}
    names = {id_: name for name, id_ in IDS.items()}
    for name, value in body.items():
        match name:
            case "add_labels":
                made["labels"] = [*made["labels"], *value]
            case "remove_labels":
                made["labels"] = [each for each in made["labels"] if each not in value]
            case "assignee_ids":
                made["assignees"] = [{"id": id_, "username": names[id_]} for id_ in value]
            case "milestone_id":
                made["milestone"] = {"id": value} if value else None
            case "state_event":
                made["state"] = "closed" if value == "close" else "opened"
            case _:
                made[name] = value or None
    return made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Ünïcödé"),
        ("description", "# Why\n\n- one"),
        ("description", ""),
        *(("status", status) for status in STATUSES),
        *(("priority", priority) for priority in ("low", "medium", "high", "urgent", None)),
        ("labels", ["API", "db"]),
        ("labels", []),
        ("assignee", "kim"),
        ("assignee", None),
        ("due_date", "2026-12-01"),
        ("due_date", None),
        ("start_date", "2026-11-25"),
        ("project", "31"),
        ("project", None),
    ],
)
def test_a_field_comes_back_as_it_went_from_any_state(name: str, value: Any) -> None:
    full = {
        "description": "x", "state": "closed",
        "labels": ["status::cancelled", "priority::low", "a"],
        "assignees": [{"id": 10, "username": "dana"}], "milestone": {"id": 5},
        "due_date": "2026-01-01", "start_date": "2026-01-01",
    }  # fmt: skip
    for row in ({}, full):
        before = read(row)
        there = after(mapping.issue_body(words(), before, {name: value}), row)
        found = read(there)
        assert found.fields[name] == value
        same = {each: found.fields[each] for each in found.fields if each != name}
        assert same == {each: before.fields[each] for each in before.fields if each != name}
        assert mapping.issue_body(words(), found, {name: value}) in (
            {}, {name: value or ""}, {"milestone_id": int(value or 0) if name == "project" else 0}
        )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "labels", "status"),
    [
        ("opened", [], "todo"),
        ("opened", ["Status::In-Progress"], "in_progress"),
        ("opened", ["status::in-review", "status::blocked"], "blocked"),
        ("opened", ["status::waiting"], Foreign("status::waiting")),
        ("opened", ["status::cancelled"], "todo"),
        ("closed", [], "completed"),
        ("closed", ["status::in-progress"], "completed"),
        ("closed", ["status::waiting"], "completed"),
        ("closed", ["status::cancelled"], "cancelled"),
        ("locked", [], Foreign("locked")),
    ],
)
def test_a_status_is_read_from_state_and_labels(state: str, labels: list[str], status: Any) -> None:
    assert read({"state": state, "labels": labels}).fields["status"] == status


def test_a_change_of_status_takes_every_other_status_label_away_by_name() -> None:
    # Labels of one scope exclude each other only where that is paid for.
    row = {"labels": ["status::blocked", "status::in-progress", "api"]}
    assert mapping.issue_body(words(), read(row), {"status": "in_review"}) == {
        "add_labels": ["status::in-review"],
        "remove_labels": ["status::blocked", "status::in-progress"],
    }
    assert mapping.issue_body(words(), read(row), {"status": "completed"}) == {
        "remove_labels": ["status::blocked", "status::in-progress"],
        "state_event": "close",
    }


def test_a_status_may_be_any_label() -> None:
    among = words(statuses={"completed": "done", "in_progress": "Doing", "cancelled": "closed"})
    assert read({"state": "closed", "labels": ["done"]}, among).fields["status"] == "completed"
    assert read({"state": "closed"}, among).fields["status"] == "cancelled"
    assert read({"labels": ["doing", "api"]}, among).fields["labels"] == ["api"]
    assert mapping.represent(among, "status", "completed") == "completed"
    body = mapping.issue_body(among, read({}, among), {"status": "completed"})
    assert body == {"add_labels": ["done"], "state_event": "close"}


def test_labels_are_written_as_the_project_spells_them() -> None:
    among = words(("API", "bug", "Bug"))
    item = read({"labels": ["API"]}, among)
    assert mapping.issue_body(among, item, {"labels": ["api"]}) == {}
    assert among.plain(["api", "Bug", "BUG", "bug", "new"]) == ["API", "Bug", "bug", "new"]
    assert mapping.represent(among, "labels", ["a,b", " c "]) == ["a", "b", "c"]


def test_labels_of_status_and_priority_are_not_shown_nor_touched() -> None:
    item = read({"labels": ["status::blocked", "priority::high", "priority::odd", "api"]})
    assert item.fields["labels"] == ["api"]
    assert item.fields["priority"] == "high"
    assert mapping.issue_body(words(), item, {"labels": ["web"]}) == {
        "add_labels": ["web"], "remove_labels": ["api"]
    }  # fmt: skip
    assert read({"labels": ["priority::odd"]}).fields["priority"] == Foreign("priority::odd")


def test_further_assignees_stay() -> None:
    stranger = {"id": 12, "username": "stranger"}
    item = read({"assignees": [stranger, {"id": 10, "username": "Dana"}]})
    assert item.fields["assignee"] == "dana"
    assert mapping.issue_body(words(), item, {"assignee": "kim"}) == {"assignee_ids": [11, 12]}
    assert mapping.issue_body(words(), item, {"assignee": None}) == {"assignee_ids": [12]}
    alone = read({"assignees": [stranger]})
    assert alone.fields["assignee"] == Foreign("stranger")
    assert mapping.issue_body(words(), alone, {"assignee": None}) == {}


def test_a_user_who_is_no_member_is_refused_by_name() -> None:
    among = words(users={"lee": "lee-at-acme"})
    assert mapping.represent(among, "assignee", "lee") == Foreign("lee")
    with pytest.raises(InvalidError) as refused:
        mapping.issue_body(among, read({}), {"assignee": "lee"})
    assert refused.value.field == "assignee"
    assert "lee ." in refused.value.message


def test_times_are_read_in_minutes() -> None:
    stats = {"time_estimate": 5430, "total_time_spent": 59}
    item = read({"time_stats": stats})
    assert (item.fields["estimated_minutes"], item.fields["actual_minutes"]) == (90, None)
    assert item.kept["spent"] == 59
    assert mapping.represent(words(), "estimated_minutes", 0) is None


@pytest.mark.parametrize("kind", ["issue", "task", "ISSUE", None])
def test_issues_and_tasks_are_tasks(kind: str | None) -> None:
    assert mapping.is_task({"issue_type": kind})
    assert not mapping.is_task({"issue_type": "incident"})


def test_an_issue_that_was_moved_away_is_gone_from_here() -> None:
    assert read({"state": "closed", "moved_to_id": 9}).state == "trashed"


@pytest.mark.parametrize(
    ("author", "external"),
    [("dana", "PAY-1"), ("passer-by", None), ("project_42_bot_8a1c", "PAY-1"), (None, "PAY-1")],
)
def test_a_mark_counts_when_a_member_wrote_it(author: str | None, external: str | None) -> None:
    row = {"description": str(marks.Mark("PAY-1", MADE_WITH)), "author": {"username": author}}
    assert read(row).external == external


@pytest.mark.parametrize(
    "row",
    [None, [], {}, {"iid": 1}, {**ROW, "title": None}, {**ROW, "iid": "7"}, {**ROW, "id": True},
     {**ROW, "milestone": {"id": "x"}}],
)  # fmt: skip
def test_what_is_no_issue_is_refused(row: Any) -> None:
    with pytest.raises(DriftError):
        mapping.issue(words(), row, None)


@pytest.mark.parametrize(
    "row",
    [{"labels": None, "assignees": "x"}, {"labels": [1, {}], "assignees": [None, {"id": "x"}]},
     {"time_stats": [], "due_date": 5, "description": 7, "author": []}],
)  # fmt: skip
def test_odd_values_are_left_alone(row: dict[str, Any]) -> None:
    fields = read(row).fields
    assert (fields["labels"], fields["assignee"], fields["description"]) == ([], None, "")


LABELS = st.lists(
    st.sampled_from(
        ["a", "B", "status::blocked", "status::x", "status::cancelled", "priority::low",
         "priority::urgent", "priority::x"]
    ), unique=True,
)  # fmt: skip


@given(
    st.sampled_from(["opened", "closed"]),
    LABELS,
    st.sampled_from(list(STATUSES)),
    st.sampled_from(["low", "high", None]),
    st.lists(st.sampled_from(["a", "c", "D"]), unique=True),
)
def test_from_whatever_there_is_what_is_written_is_what_is_read(
    state: str, have: list[str], status: str, priority: str | None, labels: list[str]
) -> None:
    row = {"state": state, "labels": have}
    wanted = {"status": status, "priority": priority, "labels": sorted(labels)}
    for changes in (wanted, *({name: value} for name, value in wanted.items())):
        before = read(row)
        found = read(after(mapping.issue_body(words(), before, changes), row))
        assert found.fields == {**before.fields, **changes}


@given(st.sampled_from(list(STATUSES)), st.lists(st.sampled_from(["a", "B", "status::x"])))
def test_what_is_represented_is_a_fixed_point(status: str, labels: list[str]) -> None:
    among = words()
    for name, value in (("status", status), ("labels", labels)):
        once = mapping.represent(among, name, value)
        assert mapping.represent(among, name, once) == once
