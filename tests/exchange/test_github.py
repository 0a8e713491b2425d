"""Issues of GitHub as tasks: from the REST API, from gh, page after page."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exchange import github
from orchestrator.exchange.imported import Document, Imported
from tests.exchange.into_plan import ANYTHING, by_origin, rows_of, sentences, sound

API = "https://api.github.com/repos/acme/web-shop"
WEB = "https://github.com/acme/web-shop"


def issue(number: int, **fields: Any) -> Document:
    """An issue in the shape of the REST API."""
    return {
        "url": f"{API}/issues/{number}", "repository_url": API, "id": 900 + number,
        "node_id": f"I_{number}", "html_url": f"{WEB}/issues/{number}", "number": number,
        "title": f"Issue {number}", "user": {"login": "maria", "id": 1, "type": "User"},
        "labels": [], "state": "open", "locked": False, "assignee": None, "assignees": [],
        "milestone": None, "comments": 0, "created_at": "2026-03-01T08:00:00Z",
        "updated_at": "2026-03-05T08:00:00Z", "closed_at": None, "body": None,
        "author_association": "MEMBER", "state_reason": None,
        "reactions": {"url": f"{API}/issues/{number}/reactions", "total_count": 0},
        "sub_issues_summary": {"total": 0, "completed": 0, "percent_completed": 0},
    } | fields  # fmt: skip


def imported(*issues: Any, **options: Any) -> Imported:
    return github.read(json.dumps(list(issues)).encode(), **options)


def task(**fields: Any) -> Document:
    return imported(issue(1, **fields)).tasks[0]


def test_an_issue_becomes_a_task_with_what_it_says() -> None:
    found = imported(
        issue(
            12,
            body="Why.\r\n\r\n- [ ] #13\r\n",
            labels=[{"name": "bug"}, {"name": "priority: high"}, "api"],
            assignees=[{"login": "dana"}, {"login": "lee"}],
            milestone={"title": "v2", "number": 3, "due_on": "2026-04-01T07:00:00Z"},
            type={"name": "Feature"},
            comments=4,
            locked=True,
        )
    )
    assert found.tasks == (
        {
            "id": "WS-12",
            "title": "Issue 12",
            "status": "todo",
            "priority": "high",
            "assignee": "dana",
            "labels": ["bug", "api", "Feature", "milestone:v2"],
            "description": "Why.\n\n- [ ] #13\n",
            "due_date": "2026-04-01",
            "created_at": "2026-03-01T08:00:00Z",
            "metadata": {
                "github": {
                    "id": "acme/web-shop#12",
                    "comments": 4,
                    "updated_at": "2026-03-05T08:00:00Z",
                    "html_url": "https://github.com/acme/web-shop/issues/12",
                    "user": "maria",
                    "locked": True,
                    "type": "Feature",
                    "milestone": {"title": "v2", "number": 3, "due_on": "2026-04-01T07:00:00Z"},
                    "priority": "priority: high",
                    "assignees": ["dana", "lee"],
                }
            },
        },
    )
    assert found.project == {
        "id": "web-shop",
        "key": "WS",
        "title": "web-shop",
        "metadata": {"github": {"path": "acme/web-shop"}},
    }
    assert [user["id"] for user in found.users] == ["dana", "lee"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": "open"}, "todo"),
        ({"state": "closed", "state_reason": "completed"}, "completed"),
        ({"state": "closed", "state_reason": None}, "completed"),
        ({"state": "closed", "state_reason": "not_planned"}, "cancelled"),
        ({"state": "CLOSED", "stateReason": "DUPLICATE"}, "cancelled"),
        ({"labels": [{"name": "status: in progress"}]}, "in_progress"),
        ({"labels": [{"name": "blocked"}]}, "blocked"),
        ({"labels": [{"name": "Status::In-Review"}]}, "in_review"),
        ({"labels": [{"name": "status: done"}]}, "todo"),
        ({"labels": [{"name": "testing"}]}, "todo"),
        ({"labels": [{"name": "wontfix"}]}, "todo"),
        ({"state": "closed", "labels": [{"name": "status: wontfix"}]}, "cancelled"),
        ({"state": "odd"}, "todo"),
    ],
)
def test_state_reason_and_labels_give_the_status(fields: Document, status: str) -> None:
    fields = {key: value for key, value in fields.items() if key != "stateReason"} | (
        {"state_reason": fields["stateReason"]} if "stateReason" in fields else {}
    )
    assert task(closed_at="2026-03-04T00:00:00Z", **fields)["status"] == status


@pytest.mark.parametrize(
    ("label", "priority"),
    [("P0", "urgent"), ("priority/low", "low"), ("High Priority", "high"), ("performance", None),
     ("priority: soon", None), ("p1s", None)],
)  # fmt: skip
def test_labels_give_the_priority_or_stay_labels(label: str, priority: str | None) -> None:
    found = task(labels=[{"name": label}])
    assert found.get("priority") == priority
    assert found.get("labels") == (None if priority else [label])


def test_when_a_closed_issue_ended_is_kept_either_way() -> None:
    closed = {"state": "closed", "closed_at": "2026-03-04T00:00:00Z"}
    assert task(**closed)["completed_at"] == "2026-03-04T00:00:00Z"
    not_done = task(**closed, state_reason="not_planned")
    assert "completed_at" not in not_done
    assert not_done["metadata"]["github"]["closed_at"] == "2026-03-04T00:00:00Z"


def test_parents_and_blockers_come_from_whatever_the_export_has() -> None:
    found = by_origin(
        imported(
            issue(1, sub_issues=[{"number": 2}, {"number": 99}]),
            issue(2, blocked_by=[{"number": 3, "html_url": f"{WEB}/issues/3"}]),
            issue(3, parent_issue_url=f"{API}/issues/1", blocking=[4]),
            issue(4, parent={"number": 3, "url": f"{WEB}/issues/3"}),
        )
    )
    of = {number: found[f"acme/web-shop#{number}"] for number in (1, 2, 3, 4)}
    assert of[2]["parent"] == of[3]["parent"] == "WS-1"
    assert of[2]["dependencies"] == of[4]["dependencies"] == ["WS-3"]
    assert of[4]["parent"] == "WS-3"
    assert of[1]["metadata"]["github"]["sub_issues"] == {"number": 99}


def test_what_gh_prints_is_read_too() -> None:
    row = {
        "number": 5, "title": "From gh", "state": "OPEN", "body": "B", "url": f"{WEB}/issues/5",
        "labels": [{"id": "L", "name": "api", "color": "fff", "description": ""}],
        "assignees": [{"login": "dana", "name": "Dana"}], "author": {"login": "maria"},
        "createdAt": "2026-03-01T08:00:00Z", "closedAt": None, "stateReason": "",
        "milestone": {"title": "v2", "dueOn": "2026-04-01T00:00:00Z"},
        "blockedBy": {"nodes": [{"number": 6}], "totalCount": 1}, "parent": None,
    }  # fmt: skip
    found = by_origin(imported(row, {"number": 6, "title": "Six", "url": f"{WEB}/issues/6"}))
    assert found["acme/web-shop#5"]["dependencies"] == ["WS-6"]
    assert found["acme/web-shop#5"]["due_date"] == "2026-04-01"
    assert found["acme/web-shop#5"]["created_at"] == "2026-03-01T08:00:00Z"


def test_pull_requests_are_counted_and_left_out() -> None:
    found = imported(
        issue(1),
        issue(2, pull_request={"url": "x"}),
        {"number": 3, "title": "PR", "url": f"{WEB}/pull/3"},
    )
    assert len(found.tasks) == 1
    assert "Pull requests, which are left out: 2." in [note.sentence for note in found.notes]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([issue(1)]) + json.dumps([issue(2)]),
        json.dumps([[issue(1)], [issue(2)]]),
        "\n".join(json.dumps(issue(number)) for number in (1, 2)),
        json.dumps({"total_count": 2, "items": [issue(1), issue(2)]}),
        json.dumps(issue(1)) + "\n{broken\n" + json.dumps(issue(2)),
    ],
    ids=["paginate", "slurp", "lines", "search", "a broken line"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_pages_lines_and_searches_are_read_in_any_encoding(text: str, encoding: str) -> None:
    found = github.read(text.encode(encoding))
    assert [each["id"] for each in found.tasks] == ["WS-1", "WS-2"]


def test_two_repositories_do_not_mix_up_their_numbers() -> None:
    other = issue(1, html_url="https://github.com/acme/app/issues/1", title="Other")
    result = sound(imported(issue(1), other))
    assert {task["metadata"]["github"]["id"] for task in result.tasks.values()} == {
        "acme/web-shop#1",
        "acme/app#1",
    }


def test_fields_of_an_organisation_give_dates_and_priority() -> None:
    values = [
        {"issue_field_name": "Start date", "data_type": "date", "value": "2026-03-01"},
        {"issue_field_name": "Target date", "data_type": "date", "value": "2026-03-09"},
        {"issue_field_name": "Priority", "single_select_option": {"name": "Urgent"}},
        {"issue_field_name": "Effort", "data_type": "number", "value": 3},
        "odd",
    ]
    found = task(issue_field_values=values)
    assert (found["start_date"], found["due_date"]) == ("2026-03-01", "2026-03-09")
    assert found["priority"] == "urgent"
    assert found["metadata"]["github"]["Effort"] == 3


def test_rows_that_are_no_issues_are_noted() -> None:
    found = imported(3, {"title": "x"}, {"number": -1}, {"number": True}, issue(1), issue(1))
    assert len(sentences(found, "line")) == 4
    assert sentences(found, "duplicate")


ISSUE = rows_of(
    ("title", "body", "labels", "milestone", "assignees", "assignee", "user", "created_at",
     "closed_at", "updated_at", "html_url", "type", "issue_field_values", "comments", "x", "id"),
    number=st.integers(1, 5),
    state=st.sampled_from(["open", "closed"]) | ANYTHING,
    parent_issue_url=st.integers(1, 6).map(lambda number: f"{API}/issues/{number}") | ANYTHING,
    blocked_by=st.lists(st.integers(1, 6), max_size=3) | ANYTHING,
    sub_issues=st.lists(st.integers(1, 6), max_size=3) | ANYTHING,
)  # fmt: skip


@given(st.lists(ISSUE | ANYTHING, max_size=5))
def test_anything_makes_a_plan_without_errors(rows: list[Any]) -> None:
    sound(imported(*rows), "plan")


@given(st.binary(max_size=100))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    github.read(data)
