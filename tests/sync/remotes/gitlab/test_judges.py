"""Programs that nobody here wrote agree: python-gitlab with the fake, and Prism with us."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from orchestrator.sync.errors import InvalidError
from orchestrator.sync.http import Answer
from orchestrator.sync.remotes.gitlab.remote import Gitlab as Remote
from tests.sync.fakes.gitlab import Gitlab
from tests.sync.fakes.tracker import TOKEN
from tests.sync.remotes.gitlab.conftest import FULL, Maker

JUDGES = os.environ.get("ORCHESTRATOR_JUDGES", "")
SCHEMAS = os.environ.get("ORCHESTRATOR_VENDOR_SCHEMAS", "")
needs_prism = pytest.mark.skipif(
    not JUDGES or shutil.which("node") is None,
    reason="ORCHESTRATOR_JUDGES names no folder with Prism, or node is missing",
)
needs_schemas = pytest.mark.skipif(
    not SCHEMAS, reason="ORCHESTRATOR_VENDOR_SCHEMAS names no folder with vendors' schemas"
)
# What the description that Prism serves knows; the fake answers everything else.
_DESCRIBED = re.compile(r"/api/v4/(?:version|projects/42(?:/issues(?:/.*)?)?)\Z")


@contextmanager
def prism() -> Iterator[str]:
    port = _free_port()
    program = Path(JUDGES, "node_modules", ".bin", "prism")
    schema = Path(SCHEMAS, "gitlab", "gitlab.trimmed.json")
    command = ["node", str(program), "mock", str(schema), "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            assert any("listening" in line for line in lines), "the server did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


@pytest.fixture
def client(fake: Gitlab) -> Any:
    gitlab = pytest.importorskip("gitlab", reason="python-gitlab is not installed")
    return gitlab.Gitlab(fake.server.url, private_token=TOKEN, per_page=3)


def test_python_gitlab_makes_changes_and_closes_issues(fake: Gitlab, client: Any) -> None:
    project = client.projects.get("acme/plan")
    milestone = project.milestones.create(
        {"title": "Launch", "due_date": "2026-12-01", "start_date": "2026-11-01"}
    )
    project.labels.create({"name": "API", "color": "#d4c5f9"})
    issue = project.issues.create({
        "title": "Write spec", "description": "# Why", "labels": ["API", "new"],
        "assignee_ids": [11], "milestone_id": milestone.id, "due_date": "2026-12-01",
    })  # fmt: skip
    assert (issue.labels, issue.milestone["id"]) == (["API", "new"], milestone.id)
    assert [each["username"] for each in issue.assignees] == ["kim"]
    issue.title, issue.labels = "Write the spec", ["api"]
    issue.state_event, issue.due_date = "close", ""
    issue.save()
    found = project.issues.get(issue.iid)
    assert (found.state, found.title, found.due_date) == ("closed", "Write the spec", None)
    assert [each.name for each in project.labels.list(get_all=True)] == ["API", "api", "new"]
    milestone.state_event = "close"
    milestone.save()
    assert fake.items("projects")[str(milestone.id)]["status"] == "completed"
    found.delete()
    assert project.issues.list(get_all=True) == []


def test_python_gitlab_lists_over_several_pages(fake: Gitlab, client: Any) -> None:
    for n in range(8):
        fake.add("tasks", {"title": f"T{n}", "status": "completed" if n % 2 else "todo"})
    project = client.projects.get(42)
    query = {"order_by": "created_at", "sort": "asc", "iterator": True}
    listed = project.issues.list(**query)
    assert (len(listed), listed.total_pages, listed.per_page) == (8, 3, 3)
    assert [issue.title for issue in listed] == [f"T{n}" for n in range(8)]
    assert len(project.issues.list(state="opened", get_all=True)) == 4
    assert [each.iid for each in project.issues.list(iids=[2, 5], get_all=True)] == [5, 2]
    fake.clock.pass_by(hours=1)
    fake.edit("tasks", "3", {"title": "New"})
    since = fake.now()
    changed = project.issues.list(updated_after=since, get_all=True)
    assert [issue.title for issue in changed] == ["New"]
    members = project.members_all.list(get_all=True)
    assert [each.username for each in members] == ["dana", "kim", "stranger"]


def test_python_gitlab_logs_time_and_links_issues(fake: Gitlab, client: Any) -> None:
    first, second = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    issue = client.projects.get(42).issues.get(int(second))
    assert issue.time_estimate("1d 4h")["time_estimate"] == 12 * 3600
    assert issue.add_spent_time("90m")["human_total_time_spent"] == "1h 30m"
    assert issue.add_spent_time("-30m")["total_time_spent"] == 3600
    assert issue.reset_time_estimate()["time_estimate"] == 0
    again = client.projects.get(42).issues.get(int(second))
    assert again.time_stats()["total_time_spent"] == 3600
    data = {"target_project_id": 42, "target_issue_iid": int(first), "link_type": "is_blocked_by"}
    _, target = issue.links.create(data)
    assert fake.items("tasks")[second]["dependencies"] == [first]
    [link] = issue.links.list(get_all=True)
    assert (link.link_type, link.iid) == ("is_blocked_by", int(first))
    assert target.iid == int(second)
    issue.links.delete(link.issue_link_id)
    assert fake.rows.links == {}


def test_python_gitlab_reads_every_error_as_its_type(fake: Gitlab, client: Any) -> None:
    import gitlab

    project = client.projects.get(42)
    with pytest.raises(gitlab.GitlabGetError) as missing:
        project.issues.get(999)
    assert (missing.value.response_code, missing.value.error_message) == (404, "404 Not found")
    with pytest.raises(gitlab.GitlabGetError) as nowhere:
        client.projects.get("acme/nowhere")
    assert nowhere.value.error_message == "404 Project Not Found"
    with pytest.raises(gitlab.GitlabCreateError) as blank:
        project.issues.create({"title": " "})
    assert "can't be blank" in str(blank.value.error_message)
    project.labels.create({"name": "api", "color": "#d4c5f9"})
    with pytest.raises(gitlab.GitlabCreateError) as taken:
        project.labels.create({"name": "api", "color": "#d4c5f9"})
    assert taken.value.response_code == 409
    with pytest.raises(gitlab.GitlabAuthenticationError):
        gitlab.Gitlab(fake.server.url, private_token="no").auth()
    issue = project.issues.create({"title": "T"})
    with pytest.raises(gitlab.GitlabUpdateError) as empty:
        project.issues.update(issue.iid, {"unknown": 1})
    assert "at least one parameter must be provided" in str(empty.value.error_message)
    with pytest.raises(gitlab.GitlabHttpError) as odd:
        client.http_get("/projects/42/issues", query_data={"state": "merged"})
    assert odd.value.error_message == "state does not have a valid value"
    fake.rows.level, fake.rows.plan = 30, "free"
    with pytest.raises(gitlab.GitlabDeleteError) as kept:
        issue.delete()
    assert kept.value.response_code == 403
    body = {"target_project_id": 42, "target_issue_iid": issue.iid, "link_type": "blocks"}
    with pytest.raises(gitlab.GitlabCreateError) as unlicensed:
        issue.links.create(body)
    assert unlicensed.value.error_message == "Blocked issues not available for current license"
    fake.points = 0
    with pytest.raises(gitlab.GitlabHttpError) as limited:
        client.http_get("/user", obey_rate_limit=False)
    assert (limited.value.response_code, limited.value.response_body) == (429, b"Retry later\n")


@needs_prism
@needs_schemas
def test_prism_finds_no_violation_in_what_the_adapter_sends(
    fake: Gitlab, wanted: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    violations, statuses, seen = list[str](), list[int](), set[str]()
    with prism() as url, Remote(fake.tie(), TOKEN, fake.clock.world) as remote:
        wire = remote._client.http._wire
        send = wire.send

        def spy(method: str, where: str, *rest: Any, **named: Any) -> Answer:
            """Ask Prism and the fake the same, and go on with what the fake says."""
            parts = urlsplit(where)
            if _DESCRIBED.match(parts.path.replace("acme%2Fplan", "42")):
                there = f"{url}{parts.path}{'?' if parts.query else ''}{parts.query}"
                judged = send(method, there, *rest, **named)
                statuses.append(judged.status)
                seen.add(f"{method} {re.sub(r'[0-9]+', 'N', parts.path)}")
                found = judged.headers.get("sl-violations", "")
                if "request" in found or judged.status >= 400:
                    violations.append(f"{method} {there} {judged.status} {found} {judged.data}")
            return send(method, where, *rest, **named)

        there = f"{url}/api/v4/projects/42/issues"
        untitled = send("POST", there, {"description": "x"}, None, is_write=True)
        assert untitled.status == 422, "Prism does judge"
        monkeypatch.setattr(wire, "send", spy)
        remote.greet()
        remote.survey()
        parent = remote.create(wanted({"title": "Parent"}))
        project = remote.create(wanted({"title": "Launch"}, "projects", "launch"))
        item = remote.create(wanted({**FULL, "project": project.key}))
        item = remote.update(item, {**FULL, "parent": parent.key, "dependencies": [parent.key]})
        listed = remote.fetch(None, {})
        remote.fetch(listed.watermark, {})
        item = next(each for each in listed.items if each.key == item.key)
        emptied: dict[str, Any] = {
            "title": "T", "description": "", "status": "completed", "priority": None,
            "labels": [], "assignee": None, "start_date": None, "due_date": None,
            "estimated_minutes": None, "actual_minutes": 15, "project": None, "parent": None,
            "dependencies": [],
        }  # fmt: skip
        item = remote.update(item, emptied)
        item = remote.update(item, {"status": "todo"})
        assert {**item.fields, "status": "completed"} == {**emptied, "project": None}
        remote.look("tasks", item.key, {})
        remote.delete(item)
        fake.rows.level = 30
        remote.delete(parent)
    assert violations == []
    assert set(statuses) <= {200, 201, 204}
    root = "/api/vN/projects/N/issues"
    assert {f"POST {root}", f"GET {root}", f"PUT {root}/N", f"DELETE {root}/N"} <= seen
    for name in ("time_estimate", "reset_time_estimate", "add_spent_time", "links"):
        assert f"POST {root}/N/{name}" in seen
    assert f"DELETE {root}/N/links/N" in seen


def test_an_adapter_that_sent_something_else_would_be_caught(fake: Gitlab) -> None:
    with Remote(fake.tie(), TOKEN, fake.clock.world) as remote:
        remote.greet()
        client = replace(remote._client)
        for body in (
            {"title": "T", "assignee_ids": ["dana"]},
            {"title": "T", "milestone_id": {"x": 1}},
            {"title": "T", "labels": [7]},
            {"description": "x"},
        ):
            with pytest.raises(InvalidError):
                client.post("/v4/projects/42/issues", body)
        with pytest.raises(InvalidError):
            client.get("/v4/projects/42/issues", {"sort": "up"})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
