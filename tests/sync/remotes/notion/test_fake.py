"""The fake is as strict and as odd as Notion, also where nobody's schema says so."""

from typing import Any

import pytest

from tests.sync.fakes import notion_shown as shown
from tests.sync.fakes.notion import Notion
from tests.sync.fakes.notion_markdown import rewritten
from tests.sync.fakes.server import Reply, Seen
from tests.sync.fakes.tracker import TOKEN

HEADERS = {"authorization": f"Bearer {TOKEN}", "notion-version": "2025-09-03"}


def asked(fake: Notion, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
    lower = {name.replace("_", "-"): value for name, value in headers.items()}
    return fake.server.answer(Seen(method, f"/v1{path}", (), {**HEADERS, **lower}, body))


def refused(fake: Notion, properties: str) -> Any:
    key = fake.add("tasks", {"title": "Capture"})
    body = f'{{"properties": {{{properties}}}}}'.encode()
    return asked(fake, "PATCH", f"/pages/{key}", body).body


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ('"Status": {"status": {"name": "New"}}', "validation_error"),
        ('"Status": {"select": {"name": "Done"}}', "validation_error"),
        ('"Nothing": {"number": 1}', "validation_error"),
        ('"Labels": {"multi_select": [{"name": "a,b"}]}', "validation_error"),
        ('"Name": {"title": [{"text": {"content": "' + "x" * 2001 + '"}}]}', "validation_error"),
        ('"Parent item": {"relation": [{"id": "2b5c"}]}', "object_not_found"),
        ('"Due": {"date": {"start": "2026-12-02", "end": "2026-12-01"}}', "validation_error"),
    ],
)
def test_a_value_that_cannot_be_is_refused(properties: str, code: str) -> None:
    fake = Notion()
    assert refused(fake, properties)["code"] == code
    (row,) = fake.items("tasks").values()
    assert row["title"] == "Capture"


def test_the_version_is_asked_for() -> None:
    reply = asked(Notion(), "GET", "/users/me", notion_version="2022-06-28")
    assert (reply.status, reply.body["code"]) == (400, "missing_version")


def test_half_json_is_refused() -> None:
    assert asked(Notion(), "POST", "/search", b'{"filter":').body["code"] == "invalid_json"


def test_moments_are_exact_to_the_minute() -> None:
    fake = Notion()
    fake.clock.pass_by(seconds=59)
    page = fake.book.pages[fake.add("tasks", {"title": "Capture"})]
    assert shown.page(fake.book, page)["last_edited_time"] == "2026-11-23T09:00:00.000Z"


def test_an_empty_title_is_an_empty_list() -> None:
    fake = Notion()
    page = fake.book.pages[fake.add("tasks", {"title": ""})]
    assert shown.page(fake.book, page)["properties"]["Name"]["title"] == []


def test_more_than_its_budget_in_a_minute_is_refused() -> None:
    fake = Notion()
    statuses = [asked(fake, "GET", "/users/me").status for _ in range(181)]
    assert statuses == [200] * 180 + [429]
    fake.clock.pass_by(seconds=61)
    assert asked(fake, "GET", "/users/me").status == 200


def test_an_id_is_taken_with_and_without_dashes() -> None:
    fake = Notion()
    key = fake.add("tasks", {"title": "Capture"})
    assert asked(fake, "GET", f"/pages/{key.replace('-', '')}").body["id"] == key


def test_a_body_is_blocks_and_no_lines() -> None:
    assert rewritten("# Why\n\n* a\n\n##### Deep\n{x} `{y}`") == (
        "# Why\n- a\n#### Deep\n\\{x\\} `{y}`"
    )
