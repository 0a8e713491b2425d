"""Whatever Notion refuses, and whatever goes wrong on the way, is one clear sentence."""

from typing import Any

import pytest

from orchestrator.sync.errors import (
    AuthError,
    ClashError,
    DriftError,
    ForbiddenError,
    GoneError,
    InvalidError,
    LimitedError,
    NotFoundError,
    PlanLimitError,
    RemoteError,
    ServerError,
    UnreachableError,
)
from orchestrator.sync.remotes.notion.remote import Notion as Remote
from tests.sync.fakes.notion import Notion
from tests.sync.fakes.notion_api import failure
from tests.sync.fakes.server import Fault, Reply
from tests.sync.fakes.tracker import TOKEN
from tests.sync.remotes.notion.conftest import Opener, wanted


def assert_said(error: RemoteError, part: str) -> None:
    assert part in error.message
    assert error.message.endswith(".")
    assert "\n" not in error.message
    assert error.hint
    assert TOKEN not in f"{error!r} {error.message} {error.hint} {error.__cause__!r}"


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (failure(401, "API token is invalid."), AuthError, "does not take the token: API token"),
        (failure(403, "Insufficient permissions."), ForbiddenError, "connection may not do that"),
        (failure(402, "Pay", "x"), PlanLimitError, "plan at Notion"),
        (failure(400, "Block limit reached. Upgrade your plan."), PlanLimitError, "plan at Notion"),
        (failure(404, "Could not find page."), NotFoundError, "that the connection may see"),
        (failure(409, "Conflict occurred while saving."), ClashError, "Somebody else changed it"),
        (failure(400, "Can't edit block that is archived."), GoneError, "in Notion's trash"),
        (failure(400, "Labels is too long"), InvalidError, "refuses a value: Labels is too long."),
        (failure(400, "Invalid request URL.", "invalid_request_url"), DriftError, "HTTP 400"),
        (failure(413, "Payload too large", "x"), InvalidError, "more than Notion takes at once"),
        (failure(418, "I am a teapot", "odd"), DriftError, "HTTP 418: I am a teapot."),
        (Reply(400, b"<html>Bad"), InvalidError, "refuses a value: <html>Bad."),
        (Reply(200, b"<html>Sign in</html>"), DriftError, "not JSON"),
        (Reply(302, None, {"Location": "https://elsewhere.example"}), DriftError, "sends to"),
        (failure(500, "Unexpected error.", "internal_server_error"), ServerError, "HTTP 500"),
    ],
)
def test_what_notion_refuses_is_one_sentence(
    fake: Notion, remote: Remote, reply: Reply, kind: type[RemoteError], said: str
) -> None:
    item = remote.create(wanted({}))
    fake.server.faults.append(Fault("reply", times=9, reply=reply))
    with pytest.raises(kind) as refused:
        remote.update(item, {"title": "New"})
    assert type(refused.value) is kind
    assert_said(refused.value, said)


def test_the_field_that_is_refused_is_known(fake: Notion, remote: Remote) -> None:
    item = remote.create(wanted({}))
    reply = failure(400, "body failed validation: body.properties.Blocked by.length")
    fake.server.faults.append(Fault("reply", reply=reply))
    with pytest.raises(InvalidError) as refused:
        remote.update(item, {"dependencies": [item.key]})
    assert refused.value.field == "dependencies"


def test_a_renamed_state_is_refused_in_words(fake: Notion, remote: Remote) -> None:
    item = remote.create(wanted({}))
    status = fake.tasks.properties["Status"]
    options = tuple((name.replace("Done", "Finished"), group) for name, group in status.options)
    fake.tasks.properties["Status"] = status._replace(options=options)
    with pytest.raises(InvalidError, match='Status option "Done" does not exist') as refused:
        remote.update(item, {"status": "completed"})
    assert refused.value.field == "status"


@pytest.mark.parametrize("status", [429, 529])
def test_a_limit_is_waited_for_even_by_a_write(fake: Notion, remote: Remote, status: int) -> None:
    reply = Reply(status, failure(429, "Slow down").body, {"Retry-After": "12"})
    fake.server.faults.append(Fault("reply", times=2, reply=reply))
    slept = len(fake.clock.slept)
    item = remote.create(wanted({}))
    assert sum(fake.clock.slept[slept:]) >= 24
    assert list(fake.items("tasks")) == [item.key]


def test_a_limit_that_lasts_too_long_says_why(fake: Notion, remote: Remote) -> None:
    reply = fake.limited()
    reply = Reply(429, reply.body, {"Retry-After": "3000"})
    fake.server.faults.append(Fault("reply", times=9, reply=reply))
    with pytest.raises(LimitedError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, "has had too many requests (connection_limit)")
    assert refused.value.retry_after == 3000


def test_no_more_than_three_requests_go_out_in_a_second(fake: Notion, remote: Remote) -> None:
    start = fake.clock.now()
    for _ in range(31):
        remote.look("tasks", fake.tasks.id, {})
    assert (fake.clock.now() - start).total_seconds() >= 10


@pytest.mark.parametrize("kind", ["lost", "cut"])
def test_a_create_that_may_have_happened_is_not_sent_again(
    fake: Notion, remote: Remote, kind: Any
) -> None:
    fake.server.faults.append(Fault(kind))
    before = remote.requests
    with pytest.raises(UnreachableError) as refused:
        remote.create(wanted({}))
    assert refused.value.is_ambiguous
    assert remote.requests - before == 1


def test_a_server_that_is_not_there_is_named(opened: Opener) -> None:
    with pytest.raises(UnreachableError) as refused:
        opened(url="http://127.0.0.1:9/v1")
    assert_said(refused.value, "127.0.0.1 cannot be reached")


def test_the_wrong_address_is_told_from_the_wrong_token(fake: Notion, opened: Opener) -> None:
    with pytest.raises(DriftError) as refused:
        opened(url=fake.server.url)
    assert_said(refused.value, "HTTP 400: Invalid request URL.")


def test_what_a_refusal_repeats_of_the_token_is_blotted_out(fake: Notion, opened: Opener) -> None:
    fake.server.faults.append(Fault("reply", reply=failure(401, f"Bad token {TOKEN}")))
    with pytest.raises(AuthError) as refused:
        opened()
    assert_said(refused.value, "(the token)")
