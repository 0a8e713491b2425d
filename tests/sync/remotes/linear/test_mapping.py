"""Linear's JSON and our items, without a server."""

from dataclasses import replace
from datetime import date

import pytest

from orchestrator.sync.item import Foreign
from orchestrator.sync.remotes.linear.mapping import (
    Sets,
    inputs,
    issue_item,
    project_item,
    represent,
    sets,
    unknown_labels,
)
from orchestrator.sync.remotes.linear.team import Label
from tests.sync.remotes.linear.plain import (
    PROJECT_STATUSES,
    STAGES,
    TEAM,
    issue,
    project,
    state,
    written,
)


def test_blocked_is_a_label_that_no_list_of_labels_shows() -> None:
    node = issue(state=state("Testing"), labelIds=["l-blocked", "l-api"])
    item = issue_item(node, [], TEAM)
    assert (item.fields["status"], item.fields["labels"]) == ("blocked", ["API"])
    assert sets("tasks", {"status": "in_progress"}, TEAM, item) == Sets(removed=("l-blocked",))
    assert sets("tasks", {"labels": ["db"]}, TEAM, item) == Sets(("l-db-team",), ("l-api",))
    assert represent("tasks", "labels", ["blocked", "db"], TEAM) == ["db"]
    todo = issue_item(issue(labelIds=["l-blocked"]), [], TEAM)
    assert (todo.fields["status"], todo.fields["labels"]) == ("todo", [])


def test_labels_take_the_case_that_linear_has() -> None:
    item = written({"labels": ["api", "db"]})
    assert item.fields["labels"] == ["API", "db"]
    assert represent("tasks", "labels", ["db", "api", "new"], TEAM) == ["API", "db", "new"]
    assert unknown_labels("tasks", {"labels": ["api", "new"], "status": "blocked"}, TEAM) == ["new"]
    bare = replace(TEAM, labels=())
    assert unknown_labels("tasks", {"status": "blocked"}, bare) == ["blocked"]
    assert sets("tasks", {"labels": ["API"]}, TEAM, item) == Sets(removed=("l-db-team",))


def test_of_labels_that_differ_in_case_the_very_one_is_taken() -> None:
    team = replace(TEAM, labels=(Label("l-team", "Ui", "team"), Label("l-exact", "ui")))
    assert sets("tasks", {"labels": ["ui"]}, team) == Sets(added=("l-exact",))
    assert sets("tasks", {"labels": ["UI"]}, team) == Sets(added=("l-team",))


def test_labels_of_others_stay() -> None:
    item = issue_item(issue(labelIds=["l-strange", "l-api"]), [], TEAM)
    assert item.fields["labels"] == ["API"]
    assert sets("tasks", {"labels": []}, TEAM, item) == Sets(removed=("l-api",))


def test_a_label_that_is_there_twice_goes_twice() -> None:
    item = issue_item(issue(labelIds=["l-db", "l-db-team"]), [], TEAM)
    assert item.fields["labels"] == ["db"]
    assert sets("tasks", {"labels": ["db", "api"]}, TEAM, item) == Sets(("l-api",))
    assert sets("tasks", {"labels": []}, TEAM, item) == Sets((), ("l-db", "l-db-team"))


def test_dependencies_are_the_issues_that_block_this_one() -> None:
    relations = [
        {"id": "r1", "type": "blocks", "issue": {"id": "i-9"}},
        {"id": "r2", "type": "related", "issue": {"id": "i-8"}},
        {"id": "r3", "type": "blocks", "issue": {"id": "i-7"}},
    ]
    item = issue_item(issue(), relations, TEAM)
    assert item.fields["dependencies"] == ["i-7", "i-9"]
    found = sets("tasks", {"dependencies": ["i-7", "i-5"]}, TEAM, item)
    assert found == Sets(blockers=("i-5",), freed=("r1",))
    assert sets("tasks", {"title": "x"}, TEAM, item) == Sets()


@pytest.mark.parametrize(
    ("minutes", "shown"), [(None, None), (0, 60), (60, 60), (90, 120), (250, 300), (99_999, 480)]
)
def test_estimates_are_the_nearest_points(minutes: int | None, shown: int | None) -> None:
    assert written({"estimated_minutes": minutes}).fields["estimated_minutes"] == shown
    assert represent("tasks", "estimated_minutes", minutes, TEAM) == shown


def test_everything_else_comes_back_as_it_was() -> None:
    fields = {
        "title": "Two\nlines ", "description": "- a\n- b", "due_date": "2026-12-01",
        "parent": "i-2", "project": "p-2",
    }  # fmt: skip
    item = written(fields)
    assert {name: item.fields[name] for name in fields} == {**fields, "title": "Two lines"}
    cleared = dict.fromkeys(["description", "due_date", "parent", "project"])
    assert inputs("tasks", cleared, TEAM) == {
        "description": None, "dueDate": None, "parentId": None, "projectId": None,
    }  # fmt: skip
    assert represent("tasks", "due_date", date(2026, 12, 1), TEAM) == "2026-12-01"
    assert inputs("tasks", {"due_date": date(2026, 12, 1)}, TEAM) == {"dueDate": "2026-12-01"}


def test_an_item_says_where_it_is_and_what_became_of_it() -> None:
    mark = {"nodes": [{"url": "orchestrator://task/PAY-1"}]}
    item = issue_item(issue(attachments=mark, startedAt="2026-11-03T00:00:00.000Z"), [], TEAM)
    assert (item.key, item.name, item.external, item.state) == ("i-1", "ENG-1", "PAY-1", "live")
    assert item.stamps == {
        "created_at": "2026-11-01T00:00:00.000Z", "started_at": "2026-11-03T00:00:00.000Z"
    }  # fmt: skip
    moment = "2026-11-05T00:00:00.000Z"
    assert issue_item(issue(archivedAt=moment), [], TEAM).state == "archived"
    assert issue_item(issue(archivedAt=moment, trashed=True), [], TEAM).state == "trashed"


@pytest.mark.parametrize("value", PROJECT_STATUSES)
def test_every_project_status_comes_back(value: str) -> None:
    there = inputs("projects", {"status": value}, TEAM)["statusId"]
    found = next(each for each in STAGES if each.id == there)
    node = project(status={"id": found.id, "name": found.name, "type": found.type})
    assert project_item(node, TEAM).fields["status"] == value
    assert represent("projects", "status", value, TEAM) == value


def test_a_project_in_the_backlog_is_planned_and_stays_there() -> None:
    item = project_item(project(status={"id": "p-backlog", "name": "B", "type": "backlog"}), TEAM)
    assert item.fields["status"] == "planned"
    assert inputs("projects", {"status": "planned"}, TEAM, item) == {}


def test_a_quarter_is_no_day_and_is_not_overwritten() -> None:
    item = project_item(project(targetDate="2026-12-31", targetDateResolution="quarter"), TEAM)
    assert item.fields["due_date"] == Foreign("the quarter of 2026-12-31")
    changes = {"due_date": "2026-12-01", "start_date": "2026-11-01", "title": "New"}
    made = inputs("projects", changes, TEAM, item)
    assert made == {"startDate": "2026-11-01", "name": "New"}


def test_a_project_has_tags_and_an_owner() -> None:
    lead = {"id": "u-dana", "email": "dana@example.com", "displayName": "dana"}
    item = project_item(project(lead=lead, labelIds=["t-q1", "t-strange"]), TEAM)
    assert (item.fields["owner"], item.fields["tags"]) == ("dana", ["Q1"])
    assert inputs("projects", {"owner": "kim"}, TEAM) == {"leadId": "u-kim"}
    assert sets("projects", {"tags": []}, TEAM, item) == Sets(removed=("t-q1",))
    assert unknown_labels("projects", {"tags": ["q1", "q2"]}, TEAM) == ["q2"]


def test_what_is_foreign_stays_foreign_and_is_never_written() -> None:
    value = Foreign("Limbo")
    assert represent("tasks", "status", value, TEAM) is value
    assert inputs("tasks", {"status": value, "assignee": value}, TEAM) == {}
