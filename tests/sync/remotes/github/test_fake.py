"""The fake is as strict and as odd as GitHub, so that what passes here passes there."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.sync.fakes.github import Github
from tests.sync.fakes.github_changes import californian
from tests.sync.fakes.github_schema import schema
from tests.sync.fakes.server import Reply, Seen
from tests.sync.fakes.tracker import TOKEN

ROOT = "/repos/acme/plan"
needs_schema = pytest.mark.skipif(
    schema() is None, reason="ORCHESTRATOR_VENDOR_SCHEMAS names no folder with vendors' schemas"
)


@pytest.fixture
def quiet() -> Github:
    """One that is asked without a server."""
    fake = Github()
    fake.rows.url = "http://127.0.0.1:1"
    return fake


def ask(
    fake: Github,
    method: str,
    path: str,
    body: Any = None,
    query: Mapping[str, str] | None = None,
    **headers: str,
) -> Reply:
    usual = {"authorization": f"Bearer {TOKEN}", "user-agent": "test"}
    data = b"" if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    pairs = tuple((query or {}).items())
    return fake._answer(Seen(method, path, pairs, {**usual, **named}, data))


@needs_schema
@pytest.mark.parametrize(
    ("method", "path", "body", "query"),
    [
        ("POST", "issues", {"body": "no title"}, {}),
        ("POST", "issues", {"title": "T", "labels": "bug"}, {}),
        ("PATCH", "issues/1", {"state": "gone"}, {}),
        ("PATCH", "issues/1", {"state_reason": "later"}, {}),
        ("PATCH", "issues/1", {"issue_field_values": [{"field_id": 501, "value": None}]}, {}),
        ("POST", "milestones", {"title": "M", "due_on": "2026-12-01"}, {}),
        ("POST", "milestones", {"title": "M", "due_on": None}, {}),
        ("POST", "issues/1/sub_issues", {"sub_issue_id": "7"}, {}),
        ("POST", "issues/1/dependencies/blocked_by", {}, {}),
        ("DELETE", "issues/1/sub_issue", None, {}),
        ("GET", "issues", None, {"state": "any"}),
        ("GET", "issues", None, {"since": "yesterday"}),
        ("GET", "issues", None, {"per_page": "many"}),
        ("PUT", "issues/1", {"title": "T"}, {}),
    ],
)
def test_what_the_description_refuses_is_refused(
    quiet: Github, method: str, path: str, body: Any, query: dict[str, str]
) -> None:
    quiet.add("tasks", {"title": "T"})
    reply = ask(quiet, method, f"{ROOT}/{path}", body, query)
    assert reply.status == 422
    assert reply.body["message"].startswith("Invalid request.")
    assert quiet.items("tasks").keys() == {"1"}


@needs_schema
def test_what_it_answers_is_what_the_description_says(quiet: Github) -> None:
    milestone = quiet.add("projects", {"title": "M", "due_date": "2026-12-01"})
    for n in range(3):
        quiet.add("tasks", {"title": f"T{n}", "priority": "low", "project": milestone})
    quiet.edit("tasks", "2", {"parent": "1", "dependencies": ["3"], "status": "cancelled"})
    for path in ("issues", "issues/2", "milestones", "labels", "assignees", "issues/1/sub_issues"):
        assert ask(quiet, "GET", f"{ROOT}/{path}").status == 200
    for path in ("/user", ROOT, "/orgs/acme/issue-fields"):
        assert ask(quiet, "GET", path).status == 200
    assert quiet.wrong == []
    assert quiet._checked == 9
    quiet._check(Seen("GET", f"{ROOT}/issues/1", (), {}, b""), Reply(200, {"number": "1"}))
    assert len(quiet.wrong) == 1


def test_nobody_gets_in_without_a_token_or_a_name(quiet: Github) -> None:
    assert ask(quiet, "GET", ROOT, authorization="Bearer x").status == 401
    assert ask(quiet, "GET", ROOT, authorization="").status == 401
    assert ask(quiet, "GET", ROOT, user_agent="").status == 403


def test_pull_requests_are_listed_among_the_issues(quiet: Github) -> None:
    key = quiet.add("tasks", {"title": "T"})
    quiet.issue(key).is_pull = True
    [row] = ask(quiet, "GET", f"{ROOT}/issues").body
    assert row["pull_request"]["url"]


def test_since_is_inclusive_and_closed_issues_are_not_listed_unasked(quiet: Github) -> None:
    for n in range(3):
        quiet.add("tasks", {"title": f"T{n}"})
        quiet.clock.pass_by(seconds=1)
    moment = {"since": "2026-11-23T09:00:01Z"}
    assert len(ask(quiet, "GET", f"{ROOT}/issues", query=moment).body) == 2
    quiet.edit("tasks", "1", {"status": "completed"})
    assert len(ask(quiet, "GET", f"{ROOT}/issues").body) == 2
    assert len(ask(quiet, "GET", f"{ROOT}/issues", query={"state": "all"}).body) == 3


def test_pages_hold_thirty_and_link_to_the_next(quiet: Github) -> None:
    for n in range(70):
        quiet.add("tasks", {"title": f"T{n}"})
    first = ask(quiet, "GET", f"{ROOT}/issues")
    assert len(first.body) == 30
    assert '&page=2>; rel="next"' in first.headers["Link"].replace("?", "&")
    assert '&page=3>; rel="last"' in first.headers["Link"].replace("?", "&")
    last = ask(quiet, "GET", f"{ROOT}/issues", query={"page": "3"})
    assert len(last.body) == 10
    assert 'rel="next"' not in last.headers["Link"]


def test_who_cannot_be_assigned_is_left_out_without_a_word(quiet: Github) -> None:
    body = {"title": "T", "assignees": ["nobody", "DANA"]}
    made = ask(quiet, "POST", f"{ROOT}/issues", body)
    assert (made.status, [each["login"] for each in made.body["assignees"]]) == (201, ["dana"])


def test_without_push_access_labels_and_assignees_are_dropped_without_a_word(
    quiet: Github,
) -> None:
    quiet.api.may = {"push": False, "triage": False}
    body = {"title": "T", "labels": ["x"], "assignees": ["dana"]}
    made = ask(quiet, "POST", f"{ROOT}/issues", body)
    assert (made.status, made.body["labels"], made.body["assignees"]) == (201, [], [])
    assert ask(quiet, "PATCH", f"{ROOT}/issues/1", {"title": "New"}).status == 403


def test_labels_ignore_case(quiet: Github) -> None:
    assert ask(quiet, "POST", f"{ROOT}/labels", {"name": "Bug", "color": "d4c5f9"}).status == 201
    taken = ask(quiet, "POST", f"{ROOT}/labels", {"name": "bug", "color": "d4c5f9"})
    assert taken.body["errors"] == [
        {"resource": "Label", "field": "name", "code": "already_exists"}
    ]
    made = ask(quiet, "POST", f"{ROOT}/issues", {"title": "T", "labels": ["BUG", "bug"]})
    assert [each["name"] for each in made.body["labels"]] == ["Bug"]


def test_labels_and_assignees_replace(quiet: Github) -> None:
    quiet.add("tasks", {"title": "T", "labels": ["a", "b"], "assignee": "dana"})
    body = {"labels": ["c"], "assignees": []}
    changed = ask(quiet, "PATCH", f"{ROOT}/issues/1", body).body
    assert ([each["name"] for each in changed["labels"]], changed["assignees"]) == (["c"], [])


def test_a_hundred_children_eight_levels_and_one_parent(quiet: Github) -> None:
    ids = {n: quiet.rows.issues[int(quiet.add("tasks", {"title": "T"}))].id for n in range(1, 111)}

    def hang(parent: int, child: int, **more: Any) -> int:
        path = f"{ROOT}/issues/{parent}/sub_issues"
        quiet.clock.pass_by(minutes=1)
        return ask(quiet, "POST", path, {"sub_issue_id": ids[child], **more}).status

    assert [hang(n, n + 1) for n in range(1, 9)] == [201] * 7 + [422]
    assert hang(8, 1) == 422
    assert hang(3, 2) == 422
    assert hang(10, 2) == 422
    assert hang(10, 2, replace_parent=True) == 201
    assert {hang(9, child) for child in range(11, 111)} == {201}
    assert hang(9, 10) == 422


def test_the_secondary_limit_holds_for_creations(quiet: Github) -> None:
    made = [ask(quiet, "POST", f"{ROOT}/issues", {"title": "T"}) for _ in range(81)]
    assert [reply.status for reply in made] == [201] * 80 + [403]
    assert made[-1].headers["Retry-After"] == "60"
    assert "secondary rate limit" in made[-1].body["message"]


def test_an_hour_has_so_many_requests(quiet: Github) -> None:
    quiet.points = 2
    replies = [ask(quiet, "GET", ROOT) for _ in range(3)]
    assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] == ["1", "0", "0"]
    assert replies[2].status == 403
    quiet.clock.pass_by(seconds=3600)
    assert ask(quiet, "GET", ROOT).status == 200


def test_what_has_not_changed_is_not_sent_again(quiet: Github) -> None:
    first = ask(quiet, "GET", f"{ROOT}/issues")
    again = ask(quiet, "GET", f"{ROOT}/issues", if_none_match=first.headers["ETag"])
    assert (again.status, again.body) == (304, None)
    left = "X-RateLimit-Remaining"
    assert again.headers[left] == first.headers[left]


def test_what_is_gone_is_gone_in_its_own_way(quiet: Github) -> None:
    for gone, status in (("deleted", 410), ("moved", 301)):
        key = quiet.add("tasks", {"title": "T"})
        setattr(quiet.issue(key), "gone", gone)  # noqa: B010 - a literal to mypy
        assert ask(quiet, "GET", f"{ROOT}/issues/{key}").status == status
    assert ask(quiet, "GET", f"{ROOT}/issues/99").status == 404
    assert ask(quiet, "GET", f"{ROOT}/issues", query={"state": "all"}).body == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-12-01T00:00:00Z", "2026-11-30T08:00:00Z"),
        ("2026-12-01T12:00:00Z", "2026-12-01T08:00:00Z"),
        ("2026-12-01T23:59:59Z", "2026-12-01T08:00:00Z"),
    ],
)
def test_a_due_date_is_a_day_in_california(sent: str, kept: str) -> None:
    assert californian(sent) == kept
