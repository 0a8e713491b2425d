"""Whatever GitHub refuses, and whatever goes wrong on the way, is one clear sentence."""

import ssl
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
from tests.sync.fakes.github import Github
from tests.sync.fakes.server import Fault, Reply
from tests.sync.fakes.tracker import TOKEN
from tests.sync.remotes.github.conftest import Maker, Opener

NOTHING = Reply(404, {"message": "Not Found"})


def assert_said(error: RemoteError, part: str) -> None:
    assert part in error.message
    assert error.message.endswith(".")
    assert error.message.count("\n") == 0
    assert error.hint
    assert TOKEN not in f"{error!r} {error.message} {error.hint} {error.__cause__!r}"


@pytest.mark.parametrize("token", ["ghp_wrong", "ghp_expired"])
def test_a_token_that_is_not_taken(fake: Github, opened: Opener, token: str) -> None:
    with pytest.raises(AuthError) as refused:
        opened(fake, token=token)
    assert_said(refused.value, "GitHub does not take the token: Bad credentials.")
    assert "env:TRACKER_TOKEN" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(403, {"message": "Resource not accessible by personal access token"}),
         ForbiddenError, "The token may not do that on GitHub: Resource not accessible"),
        (Reply(403, {"message": "Resource protected"}, {"X-GitHub-SSO": "required; url=x"}),
         ForbiddenError, "single sign-on"),
        (Reply(403, {"message": "Upgrade to GitHub Pro to enable this feature."}),
         PlanLimitError, "plan on GitHub"),
        (Reply(402, {"message": "Payment required"}), PlanLimitError, "plan on GitHub"),
        (Reply(451, {"message": "Repository access blocked"}), ForbiddenError, "access blocked"),
        (NOTHING, NotFoundError, "nothing there that the token may see"),
        (Reply(410, {"message": "This issue was deleted"}), GoneError, "It was deleted"),
        (Reply(301, {"message": "Moved Permanently"}, {"Location": "x"}), GoneError, "moved"),
        (Reply(409, {"message": "Conflict"}), ClashError, "Somebody else changed it"),
        (Reply(418, {"message": "I am a teapot"}), DriftError, "HTTP 418: I am a teapot."),
        (Reply(503, {"message": "Service unavailable"}), ServerError, "GitHub failed (HTTP 503)"),
        (Reply(422, {"message": "Validation Failed",
                     "errors": [{"resource": "Issue", "field": "milestone", "code": "invalid"}]}),
         InvalidError, "refuses a value (milestone): Validation Failed"),
        (Reply(422, {"message": "Validation Failed", "errors": ["odd"]}), InvalidError, "odd"),
        (Reply(400, {"message": "Problems parsing JSON"}), InvalidError, "Problems parsing JSON"),
        (Reply(400, b"<html>Bad"), InvalidError, "refuses a value: <html>Bad."),
        (Reply(200, b"<html>Sign in</html>"), DriftError, "not JSON"),
    ],
)  # fmt: skip
def test_what_is_refused(
    fake: Github, opened: Opener, wanted: Maker, reply: Reply, kind: type[RemoteError], said: str
) -> None:
    remote = opened(fake)
    item = remote.create(wanted({"title": "T"}))
    fits = lambda seen: seen.method == "PATCH"  # noqa: E731
    fake.server.faults.append(Fault("reply", times=9, fits=fits, reply=reply))
    with pytest.raises(kind) as refused:
        remote.update(item, {"title": "New"})
    assert_said(refused.value, said)
    assert fake.issue(item.key).title == "T"


def test_a_refused_value_names_the_field(fake: Github, opened: Opener, wanted: Maker) -> None:
    remote = opened(fake)
    with pytest.raises(InvalidError) as refused:
        remote.create(wanted({"title": "x" * 257}))
    assert refused.value.field == "title"
    with pytest.raises(InvalidError) as refused:
        remote.create(wanted({"title": "T", "description": "x" * 70_000}))
    assert refused.value.field == "description"


def test_a_milestone_whose_title_is_taken_is_a_clash(
    fake: Github, opened: Opener, wanted: Maker
) -> None:
    fake.add("projects", {"title": "Launch"})
    with pytest.raises(ClashError) as refused:
        opened(fake).create(wanted({"title": "Launch"}, "projects", "launch"))
    assert_said(refused.value, "GitHub has one with that name already (title)")


@pytest.mark.parametrize(
    ("change", "kind", "said"),
    [
        ({"scope": {}}, NotFoundError, "names no repository"),
        ({"scope": {"repository": "acme/nowhere"}}, NotFoundError, "no repository acme/nowhere"),
        ({"scope": {"repository": "acme/old"}}, NotFoundError, "renamed, moved or deleted"),
    ],
)
def test_a_repository_that_is_not_there(
    fake: Github, opened: Opener, change: dict[str, Any], kind: type[RemoteError], said: str
) -> None:
    fake.api.old_name = "acme/old"
    with pytest.raises(kind) as refused:
        opened(fake, **change)
    assert_said(refused.value, said)


def test_a_repository_that_takes_no_changes(fake: Github, opened: Opener) -> None:
    fake.api.is_archived = True
    with pytest.raises(ForbiddenError) as refused:
        opened(fake)
    assert_said(refused.value, "is archived")
    assert opened(fake, direction="pull").fetch(None, {}).is_complete
    fake.api.is_archived = False
    fake.api.may = {"push": False, "triage": False}
    with pytest.raises(ForbiddenError) as refused:
        opened(fake)
    assert_said(refused.value, "may not change issues of the repository acme/plan .")


def test_a_repository_without_issues(fake: Github, opened: Opener) -> None:
    page = fake.rows.repository(may=fake.api.may, is_archived=False) | {"has_issues": False}
    fits = lambda seen: seen.path == "/repos/acme/plan"  # noqa: E731
    fake.server.faults.append(Fault("reply", fits=fits, reply=Reply(200, page)))
    with pytest.raises(ForbiddenError) as refused:
        opened(fake)
    assert_said(refused.value, "Issues are turned off in the repository acme/plan .")


def test_labels_that_may_not_be_made_stop_the_create_before_it(
    fake: Github, opened: Opener, wanted: Maker
) -> None:
    fake.api.may = {"push": False, "triage": True}
    with pytest.raises(ForbiddenError):
        opened(fake).create(wanted({"title": "T", "labels": ["new"]}))
    assert fake.items("tasks") == {}


def test_a_label_that_somebody_makes_meanwhile_is_taken(
    fake: Github, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    fake.api.changes.label({"name": "New"})
    assert remote.create(wanted({"title": "T", "labels": ["new"]})).fields["labels"] == ["New"]


@pytest.mark.parametrize("answer", [b"{", b"[1]", b'{"a": 1}', b"", b"null", b"[" * 5000])
def test_a_listing_that_is_none(fake: Github, opened: Opener, answer: bytes) -> None:
    remote = opened(fake)
    fits = lambda seen: seen.path.endswith("/issues")  # noqa: E731
    fake.server.faults.append(Fault("reply", fits=fits, reply=Reply(200, answer)))
    with pytest.raises(DriftError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, "127.0.0.1 answered with")


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ('<>; rel="next"', "not where"),
        ('<{url}/repos/acme/plan/issues?page=2>; rel="next"', "pages without end"),
        ('<https://evil.example/x>; rel="next"', "another server, evil.example ."),
    ],
)
def test_a_next_page_that_leads_nowhere(fake: Github, opened: Opener, link: str, said: str) -> None:
    remote = opened(fake)
    fits = lambda seen: seen.path.endswith("/issues")  # noqa: E731
    headers = {"Link": link.replace("{url}", fake.server.url)}
    fake.server.faults.append(Fault("reply", times=5, fits=fits, reply=Reply(200, [], headers)))
    with pytest.raises(DriftError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, said)


@pytest.mark.parametrize("kind", ["garbage", "half"])
def test_a_listing_that_is_broken_off(fake: Github, opened: Opener, kind: Any) -> None:
    fake.add("tasks", {"title": "T"})
    remote = opened(fake)
    fake.server.faults.append(Fault(kind, times=9))
    with pytest.raises(DriftError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, "not JSON")


def test_a_connection_that_is_cut_is_tried_again(fake: Github, opened: Opener) -> None:
    fake.add("tasks", {"title": "T"})
    remote = opened(fake)
    fake.server.faults.append(Fault("cut", times=2))
    assert len(remote.fetch(None, {}).items) == 1


def test_nobody_is_there(fake: Github, opened: Opener) -> None:
    with pytest.raises(UnreachableError) as refused:
        opened(fake, url="http://127.0.0.1:9")
    assert_said(refused.value, "127.0.0.1 cannot be reached")
    with pytest.raises(UnreachableError) as refused:
        opened(fake, url=fake.server.url.replace("http:", "https:"))
    assert_said(refused.value, "127.0.0.1 cannot be reached")
    assert ssl.OPENSSL_VERSION


def test_a_token_that_github_repeats_is_blotted_out(fake: Github, opened: Opener) -> None:
    remote = opened(fake)
    said = Reply(403, {"message": f"Nothing for {TOKEN} here"})
    fake.server.faults.append(Fault("reply", reply=said))
    with pytest.raises(ForbiddenError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, "(the token)")


def test_a_secondary_limit_is_waited_for(fake: Github, opened: Opener, wanted: Maker) -> None:
    remote = opened(fake)
    fake.server.faults.append(Fault("reply", times=2, reply=fake.limited()))
    item = remote.create(wanted({"title": "T"}))
    assert fake.items("tasks").keys() == {item.key}
    assert sum(fake.clock.slept) >= 2
    assert any(told.what == "waiting for GitHub" for told in fake.clock.told)


@pytest.mark.parametrize("status", [403, 429])
def test_a_limit_that_takes_too_long_stops_with_a_sentence(
    fake: Github, opened: Opener, status: int
) -> None:
    remote = opened(fake)
    reply = Reply(status, {"message": "API rate limit exceeded"}, {"Retry-After": "3600"})
    fake.server.faults.append(Fault("reply", times=2, reply=reply))
    with pytest.raises(LimitedError) as refused:
        remote.fetch(None, {})
    assert_said(refused.value, "too many requests")
    assert refused.value.retry_after == 3600
    assert sum(fake.clock.slept) == 3600


def test_the_next_hour_is_waited_for_when_no_request_is_left(fake: Github, opened: Opener) -> None:
    fake.points = 6
    remote = opened(fake)
    began = fake.clock.now()
    remote.fetch(None, {})
    remote.fetch(None, {})
    assert 3590 < (fake.clock.now() - began).total_seconds() < 3610
    assert not [seen for seen in fake.server.seen if seen.path == "/rate_limit"]


def test_eighty_creations_a_minute_are_never_exceeded(
    fake: Github, opened: Opener, wanted: Maker
) -> None:
    remote = opened(fake)
    began = fake.clock.now()
    for n in range(510):
        remote.create(wanted({"title": f"T{n}"}))
    assert (fake.clock.now() - began).total_seconds() > 3600
    posted = [seen for seen in fake.server.seen if seen.method == "POST"]
    assert len(posted) == len(fake.items("tasks")) == 510
