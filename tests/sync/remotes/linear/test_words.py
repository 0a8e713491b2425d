"""Statuses, priorities and people: Linear's words and ours."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sync.item import Foreign
from orchestrator.sync.remotes.linear.mapping import (
    Sets,
    UnwritableError,
    inputs,
    issue_item,
    represent,
    sets,
)
from orchestrator.sync.remotes.linear.team import Account, points_of
from tests.sync.remotes.linear.plain import (
    ACCOUNTS,
    PRIORITIES,
    STATES,
    TASK_STATUSES,
    TEAM,
    issue,
    state,
    tied,
    written,
)


@pytest.mark.parametrize("value", TASK_STATUSES)
def test_every_status_comes_back(value: str) -> None:
    assert written({"status": value}).fields["status"] == value
    assert represent("tasks", "status", value, TEAM) == value


@pytest.mark.parametrize(
    ("name", "status"),
    [("Triage", "todo"), ("Icebox", "todo"), ("Building", "in_progress"),
     ("Testing", "in_progress"), ("Code Review", "in_review"), ("Duplicate", "cancelled"),
     ("Limbo", Foreign("Limbo"))],
)  # fmt: skip
def test_states_are_read_by_their_kind(name: str, status: Any) -> None:
    assert issue_item(issue(state=state(name)), [], TEAM).fields["status"] == status


def test_the_first_state_of_a_kind_is_written() -> None:
    wanted = {
        "todo": "s-Next", "in_progress": "s-Building", "in_review": "s-Code Review",
        "blocked": "s-Building", "completed": "s-Done", "cancelled": "s-Canceled",
    }  # fmt: skip
    assert {each: inputs("tasks", {"status": each}, TEAM)["stateId"] for each in wanted} == wanted


def test_another_column_of_the_same_meaning_is_left_alone() -> None:
    testing = issue_item(issue(state=state("Testing")), [], TEAM)
    assert inputs("tasks", {"status": "in_progress"}, TEAM, testing) == {}
    assert inputs("tasks", {"status": "blocked"}, TEAM, testing) == {}
    assert sets("tasks", {"status": "blocked"}, TEAM, testing) == Sets(added=("l-blocked",))
    assert inputs("tasks", {"status": "completed"}, TEAM, testing) == {"stateId": "s-Done"}
    iced = issue_item(issue(state=state("Icebox")), [], TEAM)
    assert inputs("tasks", {"status": "todo"}, TEAM, iced) == {}


def test_a_team_without_a_review_state_shows_work_in_progress() -> None:
    states = tuple(each for each in STATES if each.name != "Code Review")
    team = replace(TEAM, states=states)
    assert represent("tasks", "status", "in_review", team) == "in_progress"


def test_the_settings_name_states() -> None:
    team = tied(statuses={"blocked": "Testing", "todo": "icebox", "on_hold": "Backlog"})
    assert inputs("tasks", {"status": "blocked"}, team) == {"stateId": "s-Testing"}
    assert sets("tasks", {"status": "blocked"}, team) == Sets()
    assert issue_item(issue(state=state("Testing")), [], team).fields["status"] == "blocked"
    assert inputs("tasks", {"status": "todo"}, team) == {"stateId": "s-Icebox"}
    node = issue(labelIds=["l-blocked"])
    assert issue_item(node, [], team).fields["labels"] == ["Blocked"]
    assert inputs("projects", {"status": "on_hold"}, team) == {"statusId": "p-backlog"}


def test_two_statuses_may_share_a_state() -> None:
    team = tied(statuses={"in_review": "Building", "in_progress": "Building"})
    assert represent("tasks", "status", "in_review", team) == "in_progress"
    assert represent("tasks", "status", "in_progress", team) == "in_progress"


@given(
    st.dictionaries(
        st.sampled_from(TASK_STATUSES), st.sampled_from([each.name for each in STATES])
    ),
    st.sampled_from(TASK_STATUSES),
)
def test_whatever_the_settings_say_reading_gives_what_represent_says(
    statuses: dict[str, str], status: str
) -> None:
    team = tied(statuses=statuses)
    shown = represent("tasks", "status", status, team)
    assert written({"status": status}, team).fields["status"] == shown
    assert represent("tasks", "status", shown, team) == shown


@pytest.mark.parametrize("value", PRIORITIES)
def test_every_priority_comes_back(value: str | None) -> None:
    assert written({"priority": value}).fields["priority"] == value
    assert represent("tasks", "priority", value, TEAM) == value
    assert represent("projects", "priority", value, TEAM) == value


def test_no_priority_is_not_low() -> None:
    assert issue_item(issue(priority=0), [], TEAM).fields["priority"] is None
    assert issue_item(issue(priority=7), [], TEAM).fields["priority"] == Foreign("priority 7")
    team = tied(priorities={"low": "No priority"})
    assert issue_item(issue(priority=0), [], team).fields["priority"] == "low"
    assert represent("tasks", "priority", None, team) == "low"
    assert issue_item(issue(priority=4), [], team).fields["priority"] == "low"


def test_people_are_found_by_handle_and_e_mail_and_by_the_settings() -> None:
    assert written({"assignee": "dana"}).fields["assignee"] == "dana"
    assert written({"assignee": "kim"}).fields["assignee"] == "kim"
    stranger = {"id": "u-riley", "email": "riley@elsewhere.example", "displayName": "riley"}
    item = issue_item(issue(assignee=stranger), [], TEAM)
    assert item.fields["assignee"] == Foreign("riley@elsewhere.example")
    team = tied(users={"ron": "Riley", "kim": "nobody"})
    assert issue_item(issue(assignee=stranger), [], team).fields["assignee"] == "ron"
    assert represent("tasks", "assignee", "kim", team) == Foreign("kim")


def test_a_user_without_an_account_is_refused_and_represented_as_foreign() -> None:
    assert represent("tasks", "assignee", "zoe", TEAM) == Foreign("zoe")
    with pytest.raises(UnwritableError):
        inputs("tasks", {"assignee": "zoe"}, TEAM)
    assert inputs("tasks", {"assignee": None}, TEAM) == {"assigneeId": None}
    assert represent("tasks", "assignee", None, TEAM) is None


def test_of_two_users_with_one_account_the_first_is_read() -> None:
    team = tied(users={"ron": "riley", "rho": "riley"})
    assert represent("tasks", "assignee", "ron", team) == "rho"


def test_of_two_accounts_with_one_address_the_active_one_is_taken() -> None:
    old = Account("u-old", "Dana", "dana", "dana@example.com", is_active=False)
    team = replace(TEAM, accounts=(old, *ACCOUNTS))
    assert inputs("tasks", {"assignee": "dana"}, team) == {"assigneeId": "u-dana"}


def test_estimates_stay_here_unless_the_settings_say_what_a_point_is() -> None:
    team = replace(TEAM, minutes=None)
    assert "estimated_minutes" not in written({"estimated_minutes": 60}, team).fields
    assert inputs("tasks", {"estimated_minutes": 60}, team) == {}
    assert points_of("notUsed", is_extended=True, has_zero=True) == ()
    assert points_of("linear", is_extended=True, has_zero=True) == (0, 1, 2, 3, 4, 5, 6, 7)


def test_a_team_without_a_kind_of_state_refuses_it() -> None:
    team = replace(TEAM, states=tuple(each for each in STATES if each.type != "canceled"))
    assert represent("tasks", "status", "cancelled", team) == Foreign("cancelled")
    with pytest.raises(UnwritableError):
        inputs("tasks", {"status": "cancelled"}, team)
