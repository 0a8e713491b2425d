"""Programs that nobody here wrote agree: PyGithub with the fake, emulate and Prism with us."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestrator.sync.http import Answer
from orchestrator.sync.remote import Known, Tie
from orchestrator.sync.remotes.github.remote import Github as Remote
from orchestrator.sync.remotes.github.words import Column
from tests.sync.fakes.github import Github
from tests.sync.fakes.tracker import PEOPLE, TOKEN, Clock
from tests.sync.remotes.github.conftest import Maker

JUDGES = os.environ.get("ORCHESTRATOR_JUDGES", "")
SCHEMAS = os.environ.get("ORCHESTRATOR_VENDOR_SCHEMAS", "")
needs_node = pytest.mark.skipif(
    not JUDGES or shutil.which("node") is None,
    reason="ORCHESTRATOR_JUDGES names no folder with emulate and Prism, or node is missing",
)
needs_schemas = pytest.mark.skipif(
    not SCHEMAS, reason="ORCHESTRATOR_VENDOR_SCHEMAS names no folder with vendors' schemas"
)


@contextmanager
def started(command: list[str]) -> Iterator[None]:
    """Run a server until the block ends, from when it says that it listens."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            assert any("listening" in line for line in lines), "the server did not start"
            yield
        finally:
            process.kill()


@contextmanager
def emulate() -> Iterator[str]:
    script = Path(__file__).with_name("emulate.mjs")
    port = _free_port()
    with started(["node", str(script), JUDGES, str(port), TOKEN]):
        yield f"http://localhost:{port}"


@contextmanager
def prism() -> Iterator[str]:
    port = _free_port()
    program = Path(JUDGES, "node_modules", ".bin", "prism")
    schema = Path(SCHEMAS, "github", "github.trimmed.json")
    with started(["node", str(program), "mock", str(schema), "-p", str(port)]):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def client(fake: Github) -> Any:
    github = pytest.importorskip("github", reason="PyGithub is not installed")
    return github.Github(
        base_url=fake.server.url, auth=github.Auth.Token(TOKEN), retry=None,
        seconds_between_requests=0, seconds_between_writes=0, per_page=3,
    )  # fmt: skip


def test_pygithub_makes_changes_and_closes_issues(fake: Github, client: Any) -> None:
    repository = client.get_repo("acme/plan")
    milestone = repository.create_milestone(
        "Launch", due_on=datetime(2026, 12, 1, 12, tzinfo=UTC), description="Why"
    )
    assert milestone.due_on == datetime(2026, 12, 1, 8, tzinfo=UTC)
    label = repository.create_label("api", "d4c5f9")
    issue = repository.create_issue(
        "Write spec", body="# Why", assignees=["kim"], milestone=milestone, labels=[label, "new"]
    )
    assert [each.name for each in issue.labels] == ["api", "new"]
    assert issue.milestone.number == milestone.number
    assert [each.login for each in issue.assignees] == ["kim"]
    issue.edit(title="Write the spec", labels=["API"], assignees=["dana", "nobody"])
    assert ([each.name for each in issue.labels], [each.login for each in issue.assignees]) == (
        ["api"], ["dana"]
    )  # fmt: skip
    issue.edit(state="closed", state_reason="not_planned")
    found = repository.get_issue(issue.number)
    assert (found.state, found.state_reason, found.title) == (
        "closed", "not_planned", "Write the spec"
    )  # fmt: skip
    milestone.edit("Landed", state="closed")
    assert fake.items("projects")["1"]["status"] == "completed"
    milestone.delete()
    assert repository.get_issue(issue.number).milestone is None


def test_pygithub_lists_over_several_pages(fake: Github, client: Any) -> None:
    for n in range(8):
        fake.add("tasks", {"title": f"T{n}", "status": "completed" if n % 2 else "todo"})
    repository = client.get_repo("acme/plan")
    listed = repository.get_issues(state="all", sort="created", direction="asc")
    assert [issue.title for issue in listed] == [f"T{n}" for n in range(8)]
    assert repository.get_issues(state="all").totalCount == 8
    assert repository.get_issues().totalCount == 4
    fake.clock.pass_by(hours=1)
    fake.edit("tasks", "3", {"title": "New"})
    since = repository.get_issues(state="all", since=fake.clock.now())
    assert [issue.title for issue in since] == ["New"]


def test_pygithub_relates_issues(fake: Github, client: Any) -> None:
    first, second = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    repository = client.get_repo("acme/plan")
    parent, child = (repository.get_issue(int(key)) for key in (first, second))
    parent.add_sub_issue(child.id)
    assert [each.number for each in parent.get_sub_issues()] == [child.number]
    assert fake.items("tasks")[second]["parent"] == first
    parent.remove_sub_issue(child.id)
    assert fake.items("tasks")[second]["parent"] is None


def test_pygithub_reads_every_error_as_its_type(fake: Github, client: Any) -> None:
    import github

    repository = client.get_repo("acme/plan")
    key = fake.add("tasks", {"title": "T"})
    fake.remove("tasks", key)
    with pytest.raises(github.GithubException) as gone:
        repository.get_issue(int(key))
    assert (gone.value.status, gone.value.message) == (410, "This issue was deleted")
    with pytest.raises(github.UnknownObjectException):
        repository.get_issue(999)
    with pytest.raises(github.UnknownObjectException):
        client.get_repo("acme/nowhere")
    repository.create_label("api", "d4c5f9")
    with pytest.raises(github.GithubException) as taken:
        repository.create_label("API", "d4c5f9")
    assert taken.value.data["errors"][0]["code"] == "already_exists"
    wrong = github.Github(base_url=fake.server.url, auth=github.Auth.Token("no"), retry=None)
    with pytest.raises(github.BadCredentialsException):
        wrong.get_repo("acme/plan")
    fake.points = 0
    with pytest.raises(github.RateLimitExceededException) as limited:
        client.get_repo("acme/plan")
    assert (limited.value.headers or {})["x-ratelimit-remaining"] == "0"


@needs_node
def test_the_adapter_works_with_emulate(wanted: Maker) -> None:
    clock = Clock()
    with emulate() as url:
        tie = Tie("gh", "github", "env:T", url, {"repository": "dana/plan"}, people=PEOPLE)
        with Remote(tie, TOKEN, clock.world) as remote:
            remote.greet()
            assert remote.survey().account == "dana"
            project = remote.create(wanted({"title": "Launch", "description": "x"}, "projects"))
            fields = {
                "title": "Write spec", "description": "# Why", "status": "in_review",
                "priority": "high", "labels": ["api"], "project": project.key,
            }  # fmt: skip
            item = remote.create(wanted(fields))
            assert {name: item.fields[name] for name in fields} == fields
            assert "parent" not in item.fields
            changes: dict[str, Any] = {
                "title": "Write the spec", "status": "cancelled", "labels": [], "project": None,
                "description": "", "priority": None,
            }  # fmt: skip
            item = remote.update(item, changes)
            assert {name: item.fields[name] for name in changes} == changes
            item = remote.update(item, {"status": "blocked"})
            assert item.fields["status"] == "blocked"
            one = wanted({"title": "Another"})
            made = [remote.create(one), *(remote.create(wanted({"title": "X"})) for _ in range(3))]
            found = remote.fetch(None, {})
            assert {each.key for each in found.items if each.kind == "tasks"} == {
                item.key, *(each.key for each in made)
            }  # fmt: skip
            assert remote.look("tasks", item.key, item.kept) == item
            remote.delete(item)
            remote.delete(project)
            assert remote.look("projects", project.key, {}) is None
            remembered: Known = {("tasks", item.key): item.kept}
            states = {each.state for each in remote.fetch(None, remembered).items}
            assert states == {"live", "trashed"}
        with Remote(tie, TOKEN, clock.world) as again:
            assert again.find(one) == again.look("tasks", made[0].key, {})


@needs_node
@needs_schemas
def test_prism_finds_no_violation_in_what_the_adapter_sends(
    wanted: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, violations, statuses = Clock(), list[str](), list[int]()
    with prism() as url:
        # The example of a repository in the description may only be read.
        tie = Tie("gh", "github", "env:T", url, {"repository": "octocat/Hello-World"},
                  direction="pull", people={"dana": (None, "octocat")})  # fmt: skip
        remote = Remote(tie, TOKEN, clock.world)
        wire = remote._client.http._wire
        send = wire.send

        def spy(*arguments: Any, **named: Any) -> Answer:
            answer = send(*arguments, **named)
            statuses.append(answer.status)
            found = answer.headers.get("sl-violations", "")
            if "request" in found or answer.status >= 400:
                violations.append(f"{arguments[:2]} {answer.status} {found} {answer.data}")
            # The pages of its lists lead to the example's server, and some examples are wrapped.
            headers = {name: text for name, text in answer.headers.items() if name != "link"}
            data = answer.data
            is_wrapped = isinstance(data, dict) and "value" in data and "title" not in data
            return replace(answer, headers=headers, data=data["value"] if is_wrapped else data)

        monkeypatch.setattr(wire, "send", spy)
        with remote:
            remote.survey()
            remote.greet()
            remote.fetch(None, {})
            remote.fetch("2026-11-20T00:00:00Z", {})
            fields = {
                "title": "Write spec", "description": "x", "status": "blocked", "priority": "high",
                "labels": ["api"], "assignee": "dana", "project": "1",
            }  # fmt: skip
            item = remote.create(wanted(fields))
            item = replace(item, fields={**item.fields, "parent": "9", "dependencies": []})
            emptied = {
                "title": "T",
                "description": "",
                "status": "completed",
                "labels": [],
                "assignee": None,
                "project": None,
                "parent": "5",
                "dependencies": ["6"],
            }
            item = remote.update(item, emptied)
            item = replace(item, fields={**item.fields, "parent": "5"})
            kept = {**item.kept, "blockers": {"6": 6}, "blocked": 1}
            remote.update(replace(item, kept=kept), {"parent": None, "dependencies": []})
            remote.delete(item)
            remote.look("tasks", item.key, {})
            chosen = {each: each.capitalize() for each in ("low", "medium", "high", "urgent")}
            columns = {"priority": Column(2, tuple(chosen.values())), "due_date": Column(4)}
            remote.words = replace(remote.words, columns=columns, priorities=chosen)
            dated = {"title": "T", "priority": "high", "due_date": "2026-12-01", "labels": ["new"]}
            item = remote.create(wanted(dated))
            item = replace(item, fields={**item.fields, "due_date": "2026-12-01"})
            remote.update(item, {"priority": "low", "due_date": None})
            plan = {"title": "L", "description": "", "status": "planned", "due_date": "2026-12-01"}
            project = remote.create(wanted(plan, "projects", "launch"))
            remote.update(project, plan)
            remote.delete(project)
    assert violations == []
    assert set(statuses) <= {200, 201, 204}
    assert len(statuses) > 30


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
