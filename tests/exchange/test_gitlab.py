"""Issues of GitLab as tasks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exchange import gitlab
from orchestrator.exchange.imported import Document, Imported
from tests.exchange.into_plan import ANYTHING, by_origin, rows_of, sentences, sound

WEB = "https://gitlab.example.com/acme/tools/web-shop"


def issue(iid: int, **fields: Any) -> Document:
    """An issue in the shape of the REST API."""
    return {
        "id": 7000 + iid, "iid": iid, "project_id": 44, "title": f"Issue {iid}",
        "description": None, "state": "opened", "created_at": "2026-03-01T08:00:00.123Z",
        "updated_at": "2026-03-05T08:00:00.000Z", "closed_at": None, "closed_by": None,
        "labels": [], "milestone": None, "assignees": [], "assignee": None, "type": "ISSUE",
        "author": {"id": 1, "username": "maria", "name": "Maria", "state": "active"},
        "user_notes_count": 2, "merge_requests_count": 0, "upvotes": 0, "downvotes": 0,
        "due_date": None, "confidential": False, "discussion_locked": None,
        "issue_type": "issue", "web_url": f"{WEB}/-/issues/{iid}",
        "time_stats": {"time_estimate": 0, "total_time_spent": 0, "human_time_estimate": None},
        "task_completion_status": {"count": 0, "completed_count": 0}, "weight": None,
        "_links": {"self": "https://gitlab.example.com/api/v4/projects/44/issues/1"},
        "references": {"short": f"#{iid}", "full": f"acme/tools/web-shop#{iid}"},
        "severity": "UNKNOWN", "epic": None, "has_tasks": False,
    } | fields  # fmt: skip


def imported(*issues: Any, **options: Any) -> Imported:
    return gitlab.read(json.dumps(list(issues)).encode(), **options)


def task(**fields: Any) -> Document:
    return imported(issue(1, **fields)).tasks[0]


def test_an_issue_becomes_a_task_with_what_it_says() -> None:
    found = imported(
        issue(
            12,
            description="Why.",
            labels=["bug", "priority::high", {"name": "api", "color": "#fff"}],
            assignees=[{"username": "dana", "name": "Dana Ionescu"}],
            milestone={"title": "v2", "iid": 3, "due_date": "2026-04-01", "state": "active"},
            due_date="2026-03-20",
            weight=5,
            time_stats={"time_estimate": 5400, "total_time_spent": 1860},
            epic={"iid": 9, "title": "Checkout", "url": "/groups/acme/-/epics/9"},
            issue_type="incident",
            severity="HIGH",
        )
    )
    assert found.tasks == (
        {
            "id": "WS-12",
            "title": "Issue 12",
            "status": "todo",
            "priority": "high",
            "assignee": "dana",
            "labels": ["bug", "api", "milestone:v2", "incident"],
            "description": "Why.\n",
            "due_date": "2026-03-20",
            "created_at": "2026-03-01T08:00:00.123000Z",
            "estimated_minutes": 90,
            "actual_minutes": 31,
            "metadata": {
                "gitlab": {
                    "id": "acme/tools/web-shop#12",
                    "updated_at": "2026-03-05T08:00:00.000Z",
                    "weight": 5,
                    "web_url": f"{WEB}/-/issues/12",
                    "author": "maria",
                    "milestone": {
                        "title": "v2", "number": 3, "due_date": "2026-04-01", "state": "active",
                    },
                    "priority": "priority::high",
                    "severity": "HIGH",
                    "epic": {"iid": 9, "title": "Checkout"},
                }
            },
        },
    )  # fmt: skip
    assert found.project["id"] == "web-shop"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": "opened"}, "todo"),
        ({"state": "closed"}, "completed"),
        ({"state": "closed", "labels": ["status::cancelled"]}, "cancelled"),
        ({"labels": ["status::in-progress"]}, "in_progress"),
        ({"labels": ["status::blocked"]}, "blocked"),
        ({"state": "closed", "labels": ["status::blocked"]}, "completed"),
        ({"state": "locked"}, "todo"),
    ],
)
def test_state_and_scoped_labels_give_the_status(fields: Document, status: str) -> None:
    assert task(**fields)["status"] == status


def test_confidential_issues_are_said_to_be_no_longer() -> None:
    found = imported(issue(1, confidential=True))
    assert found.tasks[0]["metadata"]["gitlab"]["confidential"] is True
    assert any("Confidential issues" in note.sentence for note in found.notes)


def test_links_are_dependencies_where_they_block_and_metadata_otherwise() -> None:
    def link(iid: int, kind: str) -> Document:
        return issue(iid, link_type=kind, issue_link_id=iid)

    found = by_origin(
        imported(
            issue(1, links=[link(2, "is_blocked_by"), link(3, "blocks"), link(4, "relates_to"), 7]),
            issue(2),
            issue(3, parent={"iid": 2}),
        )
    )
    of = {number: found[f"acme/tools/web-shop#{number}"] for number in (1, 2, 3)}
    assert of[1]["dependencies"] == ["WS-2"]
    assert of[3]["dependencies"] == ["WS-1"]
    assert of[3]["parent"] == "WS-2"
    assert of[1]["metadata"]["gitlab"]["links"] == [
        {"issue": "acme/tools/web-shop#4", "link_type": "relates_to"},
        7,
    ]


def test_the_milestone_says_when_an_issue_without_a_date_is_due() -> None:
    assert task(milestone={"title": "v2", "due_date": "2026-04-01"})["due_date"] == "2026-04-01"


@pytest.mark.parametrize("spent", [-5, "1h", 10**15, True, [1]])
def test_times_that_are_none_are_kept(spent: object) -> None:
    found = task(time_stats={"time_estimate": 60, "total_time_spent": spent})
    assert "actual_minutes" not in found
    assert found["estimated_minutes"] == 1
    assert "total_time_spent" in found["metadata"]["gitlab"]


def test_odd_particulars_are_kept() -> None:
    found = task(
        discussion_locked=True, imported=True, imported_from="github", time_stats=7, parent="x",
        issue_type="custom", references=None, milestone="v2",
    )["metadata"]["gitlab"]  # fmt: skip
    assert found == {
        "id": "acme/tools/web-shop#1",
        "updated_at": "2026-03-05T08:00:00.000Z",
        "web_url": f"{WEB}/-/issues/1",
        "author": "maria",
        "milestone": "v2",
        "type": "custom",
        "time_stats": 7,
        "discussion_locked": True,
        "imported_from": "github",
        "parent": "x",
    }


def test_rows_that_are_no_issues_are_noted() -> None:
    found = imported(3, {"title": "x"}, {"iid": "abc"}, issue(1), issue(1))
    assert len(sentences(found, "line")) == 3
    assert sentences(found, "duplicate")


ISSUE = rows_of(
    ("title", "description", "labels", "milestone", "assignees", "assignee", "author",
     "created_at", "closed_at", "updated_at", "due_date", "start_date", "time_stats", "weight",
     "epic", "references", "web_url", "confidential", "severity", "issue_type", "x"),
    iid=st.integers(1, 5),
    state=st.sampled_from(["opened", "closed"]) | ANYTHING,
    parent=st.integers(1, 6).map(lambda iid: {"iid": iid}) | ANYTHING,
    links=st.lists(
        st.builds(
            dict, iid=st.integers(1, 6), link_type=st.sampled_from(["blocks", "is_blocked_by"])
        ),
        max_size=3,
    ) | ANYTHING,
)  # fmt: skip


@given(st.lists(ISSUE | ANYTHING, max_size=5))
def test_anything_makes_a_plan_without_errors(rows: list[Any]) -> None:
    sound(imported(*rows), "plan")


@given(st.binary(max_size=100))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    gitlab.read(data)
