"""What GitHub says and what the workspace says mean the same, there and back."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sync.errors import DriftError, InvalidError
from orchestrator.sync.item import Foreign, Item
from orchestrator.sync.remote import Tie
from orchestrator.sync.remotes.github import mapping, marks, milestones
from orchestrator.sync.remotes.github.words import STATUSES, Column, Words, words_of
from tests.sync.fakes.tracker import PEOPLE

TOKEN = "3f1b7c52-8f0e-4b5e-9c1d-0a5b6c7d8e9f"
ROW: dict[str, Any] = {
    "number": 7, "id": 9_000_007, "title": "Write spec", "state": "open", "labels": []
}  # fmt: skip


def tie(**changes: Any) -> Tie:
    scope = {"repository": "acme/plan"}
    return Tie(**{"name": "gh", "kind": "github", "token": "env:T", "scope": scope,
                  "people": PEOPLE, **changes})  # fmt: skip


def words(**changes: Any) -> Words:
    return words_of(tie(**changes))


def read(row: dict[str, Any], among: Words | None = None) -> Item:
    return mapping.issue(among or words(), {**ROW, **row}, {})


def after(body: dict[str, Any], row: dict[str, Any] | None = None) -> dict[str, Any]:
    """An issue as GitHub has it after it was sent a body."""
    made = {**ROW, **(row or {})}
    for name, value in body.items():
        match name:
            case "labels":
                made["labels"] = [{"name": each} for each in value]
            case "assignees":
                made["assignees"] = [{"login": each} for each in value]
            case "milestone":
                made["milestone"] = {"number": value} if value else None
            case "issue_field_values":
                made[name] = [
                    {"issue_field_id": each["field_id"], "value": each["value"]} for each in value
                ]
            case _:
                made[name] = value
    return made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("status", each) for each in STATUSES],
        *[("priority", each) for each in ("low", "medium", "high", "urgent", None)],
        ("title", "Ünïcode 🚀"),
        ("description", "# Head\n\n- one\n- two\n\n```\ncode\n```"),
        ("description", ""),
        ("assignee", "kim"),
        ("assignee", None),
        ("labels", ["api", "needs: review"]),
        ("labels", []),
        ("project", "3"),
        ("project", None),
    ],
)
def test_a_field_that_is_written_is_read_back(name: str, value: Any) -> None:
    before = {"labels": [{"name": "old"}], "assignees": [{"login": "dana"}], "body": "old",
              "milestone": {"number": 1}}  # fmt: skip
    body = mapping.issue_body(words(), read(before), {name: value})
    found = read(after(body, before)).fields
    assert found[name] == value
    for other in set(read(before).fields) - {name}:
        assert found[other] == read(before).fields[other], other


def test_a_field_of_the_organization_is_written_and_read_back() -> None:
    options = ("Urgent", "High", "Medium", "Low")
    chosen = {each: each.capitalize() for each in ("low", "medium", "high", "urgent")}
    among = replace(
        words(), columns={"priority": Column(1, options), "due_date": Column(2)}, priorities=chosen
    )
    before = {"issue_field_values": [
        {"issue_field_id": 9, "value": 4, "single_select_option": {"id": 4, "name": "Low"}}
    ]}  # fmt: skip
    changes = {"priority": "urgent", "due_date": "2026-12-01"}
    body = mapping.issue_body(among, read(before, among), changes)
    found = read(after(body), among)
    assert {name: found.fields[name] for name in changes} == changes
    # What it does not know goes along: sending might replace the rest.
    assert {"field_id": 9, "value": "Low"} in body["issue_field_values"]


@pytest.mark.parametrize("name", ["priority", "status"])
def test_an_unknown_label_of_the_family_is_foreign_and_no_plain_label(name: str) -> None:
    found = read({"labels": [{"name": f"{name}:later"}, {"name": "api"}]})
    assert found.fields[name] == Foreign(f"{name}:later")
    assert found.fields["labels"] == ["api"]


@pytest.mark.parametrize(
    ("state", "reason", "status"),
    [
        ("closed", "completed", "completed"),
        ("closed", None, "completed"),
        ("closed", "not_planned", "cancelled"),
        ("closed", "duplicate", "cancelled"),
        ("closed", "somehow", Foreign("somehow")),
        ("open", "reopened", "todo"),
        ("merged", None, Foreign("merged")),
    ],
)
def test_a_state_and_its_reason_are_a_status(state: str, reason: str | None, status: Any) -> None:
    assert read({"state": state, "state_reason": reason}).fields["status"] == status


def test_a_duplicate_stays_one_when_it_is_cancelled() -> None:
    current = read({"state": "closed", "state_reason": "duplicate"})
    assert mapping.issue_body(words(), current, {"status": "cancelled"}) == {}


def test_a_blocked_task_in_review_is_blocked_and_the_most_urgent_priority_counts() -> None:
    names = ["status:in-review", "Status:Blocked", "priority:low", "priority:urgent"]
    found = read({"labels": [{"name": name} for name in names]}).fields
    assert (found["status"], found["priority"]) == ("blocked", "urgent")


def test_a_change_of_status_leaves_every_other_label() -> None:
    names = ["api", "priority:high", "status:in-progress", "status:later"]
    current = read({"labels": [{"name": name} for name in names]})
    body = mapping.issue_body(words(), current, {"status": "blocked"})
    assert body == {"labels": ["api", "priority:high", "status:blocked"]}


def test_a_change_of_labels_leaves_status_and_foreign_priority() -> None:
    names = ["api", "priority:p0", "status:later"]
    current = read({"labels": [{"name": name} for name in names]})
    body = mapping.issue_body(words(), current, {"labels": ["web"]})
    assert body == {"labels": ["priority:p0", "status:later", "web"]}


def test_whoever_else_is_assigned_stays() -> None:
    current = read({"assignees": [{"login": each} for each in ("mallory", "Dana")]})
    assert current.fields["assignee"] == "dana"
    assert mapping.issue_body(words(), current, {"assignee": "kim"})["assignees"] == [
        "kim", "mallory"
    ]  # fmt: skip
    assert mapping.issue_body(words(), current, {"assignee": None})["assignees"] == ["mallory"]


def test_an_account_that_nobody_here_has_is_foreign() -> None:
    assert read({"assignees": [{"login": "mallory"}]}).fields["assignee"] == Foreign("mallory")


def test_a_user_without_an_account_cannot_be_written() -> None:
    assert mapping.represent(words(), "assignee", "robin") == Foreign("robin")
    with pytest.raises(InvalidError) as refused:
        mapping.issue_body(words(), read({}), {"assignee": "robin"})
    assert refused.value.field == "assignee"


def test_accounts_come_from_the_integration_before_the_handles() -> None:
    among = words(users={"dana": "@dana-at-acme"})
    assert read({"assignees": [{"login": "dana-at-acme"}]}, among).fields["assignee"] == "dana"


def test_labels_are_spelled_as_the_repository_spells_them() -> None:
    among = replace(words(), labels={"bug": "Bug"})
    assert mapping.represent(among, "labels", ["bug", "BUG", "api", "status:blocked"]) == [
        "Bug", "api"
    ]  # fmt: skip


def test_a_status_that_is_mapped_to_another_ones_state_reads_as_that() -> None:
    among = words(statuses={"in_review": "open", "blocked": "on hold"})
    assert mapping.represent(among, "status", "in_review") == "todo"
    assert read({"labels": [{"name": "On Hold"}]}, among).fields["status"] == "blocked"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"statuses": {"completed": "done"}}, "The status completed"),
        ({"statuses": {"todo": "not_planned"}}, "The status todo"),
        ({"statuses": {"later": "x"}}, "is called later ."),
        ({"priorities": {"huge": "x"}}, "is called huge ."),
        ({"scope": {"repository": "acme/plan/../x"}}, "names no repository"),
        ({"scope": {"repository": "acme/.."}}, "names no repository"),
        ({"scope": {"team": "x"}}, "does not know: team ."),
        ({"scope": {"repository": "a/b", "projects": "labels"}}, "says projects: labels ."),
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidError, match=said.replace(".", r"\.")):
        words_of(tie(**changes))


def test_a_parent_in_another_repository_has_its_name_in_the_key() -> None:
    root = "https://api.github.com/repos"
    assert read({"parent_issue_url": f"{root}/Acme/Plan/issues/3"}).fields["parent"] == "3"
    assert read({"parent_issue_url": f"{root}/acme/b/issues/3"}).fields["parent"] == "acme/b#3"
    assert read({"parent_issue_url": None}).fields["parent"] is None
    assert "parent" not in read({}).fields


def test_a_mark_is_taken_out_of_the_text_wherever_it_stands() -> None:
    mark = marks.Mark("PAY-1", TOKEN)
    assert marks.read(f"one\r\n\r\n{mark}\r\ntwo") == ("one\n\ntwo", mark)
    assert marks.read(marks.written("one", mark)) == ("one", mark)
    assert marks.read(str(mark)) == ("", mark)
    assert marks.read(f"see `{mark}`") == (f"see `{mark}`", None)


def test_a_mark_of_a_passer_by_claims_nothing() -> None:
    body = marks.written("x", marks.Mark("PAY-1", TOKEN))
    assert read({"body": body, "author_association": "MEMBER"}).external == "PAY-1"
    assert read({"body": body, "author_association": "NONE"}).external is None


def test_an_issue_that_was_deleted_here_is_trashed_until_somebody_reopens_it() -> None:
    body = marks.written("x", marks.Mark("PAY-1", TOKEN, is_deleted=True))
    assert read({"body": body, "state": "closed"}).state == "trashed"
    assert read({"body": body, "state": "open"}).state == "live"
    assert read({"body": body, "state": "closed"}).external is None


@pytest.mark.parametrize(
    "row", [None, [], "x", {}, {**ROW, "number": "7"}, {**ROW, "title": None}, {**ROW, "id": True}]
)
def test_what_is_no_issue_is_said_to_be_none(row: Any) -> None:
    with pytest.raises(DriftError, match="GitHub answered with"):
        mapping.issue(words(), row, {})


@pytest.mark.parametrize("status", ["planned", "active", "on_hold", "completed", "cancelled"])
def test_a_project_is_written_and_read_back_as_far_as_milestones_go(status: str) -> None:
    fields = {"title": "Launch", "description": "Why", "status": status, "due_date": "2026-12-01"}
    found = milestones.item({**ROW, **milestones.body(None, fields)}).fields
    assert found == {name: milestones.represent(name, value) for name, value in fields.items()}
    assert found["status"] == ("completed" if status in {"completed", "cancelled"} else "active")


def test_a_milestones_day_is_the_one_in_california() -> None:
    assert milestones.item({**ROW, "due_on": "2026-12-01T08:00:00Z"}).fields["due_date"] == (
        "2026-12-01"
    )
    assert milestones.body(None, {"title": "x", "due_date": None}) == {"title": "x"}


@given(st.text())
def test_what_a_description_reads_back_as_stays_so(text: str) -> None:
    once = mapping.represent(words(), "description", text)
    assert mapping.represent(words(), "description", once) == once
    mark = marks.Mark("PAY-1", TOKEN)
    assert marks.read(marks.written(text, mark)) == (once, mark)


@given(st.lists(st.sampled_from(["Bug", "bug", "api", "", "status:blocked", "priority:x", " y "])))
def test_what_labels_read_back_as_stays_so(labels: list[str]) -> None:
    among = replace(words(), labels={"bug": "BUG"})
    once = mapping.represent(among, "labels", labels)
    assert mapping.represent(among, "labels", once) == once
    body = mapping.issue_body(among, read({}), {"labels": labels})
    assert read(after(body), among).fields["labels"] == once


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    ),
    st.sampled_from([
        "labels", "assignees", "milestone", "body", "state_reason", "parent_issue_url", "user",
        "issue_field_values", "issue_dependencies_summary", "updated_at", "html_url",
    ]),
)  # fmt: skip
def test_nothing_that_github_might_say_is_a_crash(value: Any, name: str) -> None:
    among = replace(words(), columns={"due_date": Column(1)})
    with suppress(DriftError):
        assert read({name: value}, among).key == "7"
