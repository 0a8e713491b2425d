"""Notion's own client, and notion-client, against the fake: what they take for Notion, we may."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from notion_client import APIErrorCode, APIResponseError, Client
from notion_client.client import ClientOptions
from notion_client.helpers import collect_paginated_api

from orchestrator.sync.remotes.notion.remote import Notion as Remote
from tests.sync.fakes import notion_shown as shown
from tests.sync.fakes.notion import Notion
from tests.sync.fakes.notion_schema import complaint, refusal
from tests.sync.fakes.server import Fault, Seen
from tests.sync.fakes.tracker import TOKEN
from tests.sync.remotes.notion.conftest import Opener, wanted

JUDGES = os.environ.get("ORCHESTRATOR_JUDGES")
SCHEMAS = os.environ.get("ORCHESTRATOR_VENDOR_SCHEMAS")
NODE = shutil.which("node")
SCRIPT = Path(__file__).with_name("judge.mjs")
PEOPLE = ["dana@example.com", "kim@example.com", "who@else.example"]

needs_node = pytest.mark.skipif(
    NODE is None
    or JUDGES is None
    or not Path(JUDGES, "node_modules", "@notionhq", "client").is_dir(),
    reason="ORCHESTRATOR_JUDGES names no folder with @notionhq/client, or node is missing",
)
needs_schema = pytest.mark.skipif(
    SCHEMAS is None, reason="ORCHESTRATOR_VENDOR_SCHEMAS names no folder with vendors' schemas"
)
ERRORS = [
    ("token", "unauthorized", 401, "token is invalid"),
    ("nowhere", "object_not_found", 404, "shared with your integration"),
    ("option", "validation_error", 400, "does not exist"),
    ("trashed", "validation_error", 400, "archived"),
    ("long", "validation_error", 400, "2000"),
    ("limited", "rate_limited", 429, "rate limited"),
]


@pytest.fixture(scope="module")
def seen() -> Any:
    """What Notion's own client saw."""
    fake = Notion()
    for number in range(4):
        fake.add("tasks", {"title": f"Task {number}", "status": "todo"})
    asked = list[Seen]()

    def is_last(request: Seen) -> bool:
        asked.append(request)
        return request.path.endswith("/users/me") and len(asked) > 10 and _is_ours(request)

    fake.server.faults.append(Fault("reply", fits=is_last, reply=fake.limited()))
    with fake.running():
        arguments = [str(JUDGES), fake.server.url, TOKEN, fake.tasks.database]
        done = subprocess.run(
            [str(NODE), str(SCRIPT), *arguments],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _is_ours(request: Seen) -> bool:
    return request.headers["authorization"] == f"Bearer {TOKEN}"


@needs_node
def test_notions_client_reads_people_databases_and_options(seen: Any) -> None:
    assert seen["me"] == ["bot", "Acme"]
    assert seen["people"] == PEOPLE
    assert seen["found"] == ["Projects", "Tasks"]
    assert seen["statuses"][:2] == ["Not started", "Blocked"]
    assert seen["groups"] == ["To-do", "In progress", "Complete"]


@needs_node
def test_notions_client_makes_changes_and_trashes_a_page(seen: Any) -> None:
    assert seen["made"] == [True, "In progress", "2026-12-01"]
    assert seen["body"] == "# Why\nBecause"
    assert seen["changed"] == ["Changed", "High", None]
    assert seen["trashed"] is True


@needs_node
def test_notions_client_lists_over_several_pages(seen: Any) -> None:
    assert seen["pages"] == [2, 2, 1]
    assert seen["listed"] == ["Changed", "Task 0", "Task 1", "Task 2", "Task 3"]
    assert seen["marked"] == 1
    assert seen["property"] == ["list", "Changed"]


@needs_node
@pytest.mark.parametrize(("case", "code", "status", "text"), ERRORS)
def test_notions_client_reads_its_typed_errors(
    seen: Any, case: str, code: str, status: int, text: str
) -> None:
    error = seen["errors"][case]
    assert error is not None, "nothing was refused"
    assert (error["name"], error["code"], error["status"]) == ("APIResponseError", code, status)
    assert error["isNotions"]
    assert error["isKnown"]
    assert text in error["message"]


@pytest.fixture
def client(fake: Notion) -> Iterator[Any]:
    options = ClientOptions(auth=TOKEN, base_url=fake.server.url, retry=False)
    with Client(options) as found:
        yield found


def test_notion_client_makes_changes_and_lists_pages(fake: Notion, client: Any) -> None:
    for number in range(4):
        fake.add("tasks", {"title": f"Task {number}"})
    base = client.databases.retrieve(fake.tasks.database)
    source = base["data_sources"][0]["id"]
    page = client.pages.create(
        parent={"type": "data_source_id", "data_source_id": source},
        properties={"Name": {"title": [{"text": {"content": "By notion-client"}}]}},
    )
    changed = client.pages.update(
        page["id"],
        properties={"Status": {"status": {"name": "Done"}}, "Labels": {"multi_select": []}},
    )
    assert changed["properties"]["Status"]["status"]["name"] == "Done"
    listed = collect_paginated_api(client.data_sources.query, data_source_id=source, page_size=2)
    assert {page["id"] for page in listed} == set(fake.items("tasks"))
    people = [each for each in client.users.list()["results"] if each["type"] == "person"]
    assert sorted(each["person"]["email"] for each in people) == PEOPLE
    client.pages.update(page["id"], in_trash=True)
    assert page["id"] not in fake.items("tasks")


def test_notion_client_reads_its_typed_errors(fake: Notion, client: Any) -> None:
    nowhere = "2b5cffff-7d1e-8fff-9f0a-ffffffffffff"
    with pytest.raises(APIResponseError) as found:
        client.pages.retrieve(nowhere)
    assert found.value.code == APIErrorCode.ObjectNotFound
    key = fake.add("tasks", {"title": "Nonsense"})
    with pytest.raises(APIResponseError) as found:
        client.pages.update(key, properties={"Status": {"status": {"name": "Nonsense"}}})
    assert found.value.code == APIErrorCode.ValidationError
    fake.server.faults.append(Fault("reply", reply=fake.limited()))
    with pytest.raises(APIResponseError) as found:
        client.users.me()
    assert found.value.code == APIErrorCode.RateLimited
    assert found.value.headers["retry-after"] == "1"


@needs_schema
def test_the_schema_has_nothing_against_what_the_adapter_sends(
    fake: Notion, opened: Opener
) -> None:
    fake.describe_in_bodies()
    remote = opened()
    one, two = (remote.create(wanted({"description": "Why"}, at)) for at in (1, 2))
    fields = {
        "title": "New", "status": "completed", "priority": "urgent", "assignee": "kim",
        "labels": ["new"], "start_date": "2026-11-25", "due_date": "2026-12-01",
        "estimated_minutes": 90, "actual_minutes": 30, "parent": two.key,
        "dependencies": [two.key], "description": "Because",
    }  # fmt: skip
    remote.update(one, fields)
    remote.update(one, dict.fromkeys(fields) | {"title": "Empty", "status": "todo"})
    remote.find(wanted({}, 3))
    remote.survey()
    remote.fetch(remote.fetch(None, {}).watermark, {})
    remote.delete(two)
    assert len(fake.server.seen) > 15
    assert [refusal(_schema(), request) for request in fake.server.seen if request.body] == (
        [None] * sum(bool(request.body) for request in fake.server.seen)
    )


@needs_schema
def test_the_schema_has_nothing_against_what_the_fake_answers(fake: Notion) -> None:
    other = fake.add("tasks", {"title": "Other"})
    key = fake.add("tasks", {
        "title": "All", "status": "completed", "priority": "high", "assignee": "kim",
        "labels": ["new"], "due_date": "2026-12-01", "estimated_minutes": 90, "parent": other,
        "description": "Because",
    })  # fmt: skip
    page = shown.page(fake.book, fake.book.pages[key])
    for value in page["properties"].values():
        # The pages of the documentation have it, the types of the client do not.
        value.pop("has_more", None)
    assert complaint(_schema(), "PageObjectResponse", page) is None
    source = shown.source(fake.book, fake.tasks)
    assert complaint(_schema(), "DataSourceObjectResponse", source) is None
    assert complaint(_schema(), "DatabaseObjectResponse", shown.base(fake.tasks, [])) is None
    with_half = {**page, "properties": {"Name": {"type": "title"}}}
    assert complaint(_schema(), "PageObjectResponse", with_half) is not None


@needs_schema
def test_the_fake_refuses_what_the_schema_refuses(fake: Notion, remote: Remote) -> None:
    path = f"/data_sources/{fake.tasks.id}/query"
    with pytest.raises(Exception, match="page_sise"):
        remote._client.read(path, {"page_sise": 1})


def _schema() -> Path:
    return Path(str(SCHEMAS), "notion", "notion-derived.schema.json")
