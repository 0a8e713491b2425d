"""Whatever GitLab refuses, and whatever goes wrong on the way, is one clear sentence."""

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
from orchestrator.sync.remotes.gitlab import refusals
from tests.sync.fakes.gitlab import Gitlab
from tests.sync.fakes.server import Fault, Reply
from tests.sync.fakes.tracker import TOKEN
from tests.sync.remotes.gitlab.conftest import Maker, Opener

SCOPE = {"error": "insufficient_scope", "scope": "api",
         "error_description": "The request requires higher privileges."}  # fmt: skip


def assert_said(error: RemoteError, part: str) -> None:
    assert part in error.message
    assert error.message.endswith(".")
    assert error.message.count("\n") == 0
    assert error.hint
    assert TOKEN not in f"{error!r} {error.message} {error.hint} {error.__cause__!r}"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": "401 Unauthorized"}, "the token: Unauthorized."),
        ({"error": "invalid_token", "error_description": "Token was revoked. You have to "
          "re-authorize from the user."}, "Token was revoked. You have to re-authorize"),
        ({"error": "invalid_token", "error_description": "Token is expired. You can either do "
          "re-authorization or token refresh."}, "Token is expired."),
    ],
)  # fmt: skip
def test_a_token_that_is_not_taken(
    fake: Gitlab, opened: Opener, body: dict[str, str], said: str
) -> None:
    fake.why_no_token = body
    with pytest.raises(AuthError) as refused:
        opened(fake, token="glpat-wrong")
    assert_said(refused.value, said)
    assert "env:TRACKER_TOKEN" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"message": "404 Project Not Found"}, "Project Not Found"),
        ({"message": {"title": ["can't be blank", "is odd"], "base": "x"}},
         "title can't be blank; title is odd; base x"),
        ({"message": {"a": {"b": ["c"]}}}, "a b c"),
        ({"error": "title is missing"}, "title is missing"),
        (SCOPE, "insufficient_scope; The request requires higher privileges"),
        ({"message": '{:title=>["is too long", "is bad"], :base=>["x"]}'},
         "title is too long; title is bad; base x"),
        ({"message": '{"title" => ["is too long"]}'}, "title is too long"),
        ({"message": "{odd}"}, "{odd}"),
        ({"errors": [{"message": "Field 'x' doesn't exist"}]}, "Field 'x' doesn't exist"),
        ([], ""), (None, ""), ({"message": None}, ""), ("text", ""),
    ],
)  # fmt: skip
def test_every_shape_of_a_refusal_is_read(data: Any, said: str) -> None:
    assert refusals.said(data) == said


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(403, SCOPE), ForbiddenError, "The token's scope is too small for that"),
        (Reply(403, {"message": "403 Forbidden"}), ForbiddenError, "may not do that on GitLab"),
        (Reply(403, {"message": "Your namespace is over its storage limit"}),
         PlanLimitError, "The plan on GitLab does not allow it"),
        (Reply(402, {"message": "x"}), PlanLimitError, "plan on GitLab"),
        (Reply(404, {"message": "404 Not found"}), NotFoundError, "nothing there that the token"),
        (Reply(404, {"error": "404 Not Found"}), DriftError, "not know the address that was asked"),
        (Reply(404, b"<html>Nothing</html>"), DriftError, "the address that was asked for."),
        (Reply(410, {"message": "410 Gone"}), GoneError, "It was deleted"),
        (Reply(302, {"message": "This resource has been moved"}), GoneError, "moved to another"),
        (Reply(409, {"message": "Conflict"}), ClashError, "Somebody else changed it"),
        (Reply(400, {"message": {"title": ["already being used for another milestone."]}}),
         ClashError, "that name already"),
        (Reply(418, {"message": "I am a teapot"}), DriftError, "HTTP 418: I am a teapot."),
        (Reply(503, b"<html>"), ServerError, "GitLab failed (HTTP 503)."),
        (Reply(422, {"message": {"due_date": ["is odd"]}}), InvalidError, "due_date is odd."),
        (Reply(400, {"error": "labels is invalid"}), InvalidError, "value: labels is invalid."),
        (Reply(200, b"<html>Sign in</html>"), DriftError, "not JSON"),
    ],
)  # fmt: skip
def test_what_is_refused(
    fake: Gitlab, opened: Opener, wanted: Maker, reply: Reply, kind: type[RemoteError], said: str
) -> None:
    remote = opened(fake)
    item = remote.create(wanted({"title": "T"}))
    fits = lambda seen: seen.method == "PUT"  # noqa: E731
    fake.server.faults.append(Fault("reply", times=9, fits=fits, reply=reply))
    with pytest.raises(kind) as refused:
        remote.update(item, {"title": "New"})
    assert_said(refused.value, said)
    assert fake.issue(item.key).title == "T"


def test_a_refused_value_names_the_field(fake: Gitlab, opened: Opener, wanted: Maker) -> None:
    remote = opened(fake)
    with pytest.raises(InvalidError) as refused:
        remote.create(wanted({"title": "x" * 256}))
    assert refused.value.field == "title"
    with pytest.raises(InvalidError) as refused:
        remote.create(wanted({"title": "T", "description": "x" * 1_100_000}))
    assert refused.value.field == "description"
    assert_said(refused.value, "description is too long (maximum is 1048576 characters).")


def test_a_milestone_whose_title_is_taken_is_a_clash(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    fake.add("projects", {"title": "Launch"})
    with pytest.raises(ClashError) as refused:
        opened(fake).create(wanted({"title": "Launch"}, "projects", "launch"))
    assert_said(refused.value, "GitLab has one with that name already: title already being used")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scope": {}}, "names no project"),
        ({"scope": {"project": "acme/nowhere"}}, "no project acme/nowhere that the token may see"),
        ({"scope": {"project": "acme/old"}}, "The project acme/old was renamed or moved"),
    ],
)
def test_a_project_that_is_not_there(
    fake: Gitlab, opened: Opener, change: dict[str, Any], said: str
) -> None:
    fake.api.old_path = "acme/old"
    with pytest.raises(NotFoundError) as refused:
        opened(fake, **change)
    assert_said(refused.value, said)


def test_a_project_that_vanishes_is_no_evidence_that_its_issues_are_gone(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    item = remote.create(wanted({"title": "T"}))
    fake.rows.number, fake.rows.path = 43, "acme/elsewhere"
    with pytest.raises(NotFoundError) as refused:
        remote.look("tasks", item.key, item.kept)
    assert_said(refused.value, "Project Not Found")
    page = Reply(404, b"<html>No such site</html>")
    fake.server.faults.append(Fault("reply", reply=page))
    with pytest.raises(DriftError) as odd:
        remote.look("tasks", item.key, item.kept)
    assert_said(odd.value, "GitLab does not know the address that was asked for.")


def test_a_project_that_takes_no_changes(fake: Gitlab, opened: Opener) -> None:
    fake.rows.is_archived = True
    with pytest.raises(ForbiddenError) as refused:
        opened(fake)
    assert_said(refused.value, "is archived")
    assert opened(fake, direction="pull").fetch(None, {}).is_complete
    fake.rows.is_archived, fake.rows.level = False, 10
    with pytest.raises(ForbiddenError) as refused:
        opened(fake)
    assert_said(refused.value, "may not change issues of the project acme/plan .")
    fake.rows.has_issues = False
    with pytest.raises(ForbiddenError) as refused:
        opened(fake)
    assert_said(refused.value, "Issues are turned off in the project acme/plan .")


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ({"errors": [{"message": "Query has complexity of 300"}]}, InvalidError, "complexity"),
        ({"data": {"project": None}}, NotFoundError, "GraphQL has no such project"),
        ({"data": None}, DriftError, "without the data"),
        ([], DriftError, "without the data"),
    ],
)
def test_graphql_that_refuses(
    fake: Gitlab, opened: Opener, body: Any, kind: type[RemoteError], said: str
) -> None:
    fake.add("tasks", {"title": "T"})
    remote = opened(fake)
    fits = lambda seen: seen.path == "/api/graphql"  # noqa: E731
    fake.server.faults.append(Fault("reply", fits=fits, reply=Reply(200, body)))
    with pytest.raises(kind) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, said)


def test_a_parent_that_vanished_is_not_found(fake: Gitlab, opened: Opener) -> None:
    one, two = (fake.add("tasks", {"title": f"T{n}"}) for n in range(2))
    remote = opened(fake)
    items = {item.key: item for item in remote.fetch(None, {}).items}
    fake.remove("tasks", one)
    with pytest.raises(NotFoundError) as refused:
        remote.update(items[two], {"parent": one})
    assert_said(refused.value, "nothing there that the token may see")


@pytest.mark.parametrize("answer", [b"{", b"[1]", b'{"a": 1}', b"", b"null", b"[" * 5000])
def test_a_listing_that_is_none(fake: Gitlab, opened: Opener, answer: bytes) -> None:
    remote = opened(fake)
    fits = lambda seen: seen.path.endswith("/issues")  # noqa: E731
    fake.server.faults.append(Fault("reply", fits=fits, reply=Reply(200, answer)))
    with pytest.raises(DriftError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, "127.0.0.1 answered with")


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Link": '<>; rel="next"'}, "not where"),
        ({"X-Next-Page": "2"}, "not where"),
        ({"Link": '<{url}/api/v4/projects/42/issues?page=2>; rel="next"'}, "pages without end"),
        ({"Link": '<https://evil.example/x>; rel="next"'}, "another server, evil.example ."),
    ],
)
def test_a_next_page_that_leads_nowhere(
    fake: Gitlab, opened: Opener, headers: dict[str, str], said: str
) -> None:
    remote = opened(fake)
    fits = lambda seen: seen.path.endswith("/issues")  # noqa: E731
    there = {name: text.replace("{url}", fake.server.url) for name, text in headers.items()}
    fake.server.faults.append(Fault("reply", times=5, fits=fits, reply=Reply(200, [], there)))
    with pytest.raises(DriftError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, said)


def test_a_connection_that_is_cut_is_tried_again(fake: Gitlab, opened: Opener) -> None:
    fake.add("tasks", {"title": "T"})
    remote = opened(fake)
    fake.server.faults.append(Fault("cut", times=2))
    assert len(remote.fetch(None, {}).items) == 1


def test_nobody_is_there(fake: Gitlab, opened: Opener) -> None:
    for url in ("http://127.0.0.1:9", fake.server.url.replace("http:", "https:")):
        with pytest.raises(UnreachableError) as refused:
            opened(fake, url=url)
        assert_said(refused.value, "127.0.0.1 cannot be reached")


def test_a_token_that_gitlab_repeats_is_blotted_out(fake: Gitlab, opened: Opener) -> None:
    remote = opened(fake)
    said = Reply(403, {"message": f"Nothing for {TOKEN} here"})
    fake.server.faults.append(Fault("reply", reply=said))
    with pytest.raises(ForbiddenError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, "(the token)")


def test_a_limit_in_plain_text_is_waited_for(fake: Gitlab, opened: Opener, wanted: Maker) -> None:
    remote = opened(fake)
    fake.server.faults.append(Fault("reply", times=2, reply=fake.limited()))
    item = remote.create(wanted({"title": "T"}))
    assert fake.items("tasks").keys() == {item.key}
    assert sum(fake.clock.slept) >= 2
    assert any(told.what == "waiting for GitLab" for told in fake.clock.told)


def test_a_limit_that_takes_too_long_stops_with_a_sentence(fake: Gitlab, opened: Opener) -> None:
    remote = opened(fake)
    reply = Reply(429, b"Retry later\n", {"Retry-After": "3600"})
    fake.server.faults.append(Fault("reply", times=2, reply=reply))
    with pytest.raises(LimitedError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, "GitLab has had too many requests.")
    assert sum(fake.clock.slept) == 3600


def test_the_next_minute_is_waited_for_when_no_request_is_left(
    fake: Gitlab, opened: Opener
) -> None:
    remote = opened(fake)
    fake.points = len(fake.server.seen) + 1
    began = fake.clock.now()
    for _ in range(3):
        remote.fetch(None, {})
    assert 55 < (fake.clock.now() - began).total_seconds() < 200
    assert b"Retry later" not in {seen.body for seen in fake.server.seen}


def test_two_hundred_issues_a_minute_are_never_exceeded(
    fake: Gitlab, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    began = fake.clock.now()
    for n in range(205):
        remote.create(wanted({"title": f"T{n}"}))
    assert (fake.clock.now() - began).total_seconds() >= 60
    assert len(fake.clock.slept) == 1
