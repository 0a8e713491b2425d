"""Opening and updating requests, against a forge on this machine that refuses what vendors do."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from orchestrator.sync.forges import http, open_or_update
from orchestrator.sync.forges.http import (
    RateLimitedError,
    RemoteAuthError,
    RemoteRejectedError,
    RemoteUnavailableError,
)
from orchestrator.sync.forges.place import Forge, ForgeError, forge_of
from orchestrator.sync.forges.request import Wanted
from tests.sync.forges.fake import TOKEN, Fake, serving

WANTED = Wanted("agent/planner/start", "main", "Start PAY-2", "**changed** `PAY-2`\n")


@pytest.fixture(params=["github", "gitlab"])
def fake(request: pytest.FixtureRequest) -> Iterator[Fake]:
    with serving(Fake(request.param)) as found:
        yield found


def forge(fake: Fake, project: str = "team/plan") -> Forge:
    settings = {"x": {"kind": fake.kind, "url": fake.url, "token": "env:TOKEN"}}
    return forge_of(f"{fake.url}/{project}.git", settings)


def test_the_second_time_updates_what_the_first_opened(fake: Fake) -> None:
    first = open_or_update(forge(fake), TOKEN, WANTED)
    assert (first.number, first.is_new) == (1, True)
    assert first.url.startswith(f"{fake.url}/team/plan/")
    again = open_or_update(forge(fake), TOKEN, Wanted(*_four(title="Other", body="New\n")))
    assert (again.number, again.is_new) == (1, False)
    [kept] = fake.requests.values()
    assert kept["title"] == "Other"
    assert kept["body" if fake.kind == "github" else "description"] == "New\n"
    assert [method for method, _, _ in fake.asked] == [
        "GET", "POST", "GET", "PATCH" if fake.kind == "github" else "PUT"
    ]  # fmt: skip


def test_a_request_for_another_branch_or_a_closed_one_is_left_alone(fake: Fake) -> None:
    open_or_update(forge(fake), TOKEN, WANTED)
    other = Wanted("agent/planner/start-2", "main", "Two", "")
    assert open_or_update(forge(fake), TOKEN, other).number == 2
    fake.requests[1]["state"] = "closed"
    assert open_or_update(forge(fake), TOKEN, WANTED).number == 3


def test_one_that_somebody_opened_meanwhile_is_updated(fake: Fake) -> None:
    open_or_update(forge(fake), TOKEN, WANTED)
    status = 422 if fake.kind == "github" else 409
    fake.answers = [(200, {}, []), (status, {}, {"message": "already exists"})]
    assert open_or_update(forge(fake), TOKEN, WANTED).is_new is False


@pytest.mark.parametrize(
    ("status", "headers", "kind", "says"),
    [
        (401, {}, RemoteAuthError, "does not take the token"),
        (403, {}, RemoteAuthError, "may not open requests in team/plan"),
        (403, {"X-RateLimit-Remaining": "0", "Retry-After": "60"}, RateLimitedError, "too many"),
        (404, {}, RemoteRejectedError, "has no project team/plan"),
        (301, {"Location": "https://elsewhere.example"}, RemoteRejectedError, "no longer there"),
        (400, {}, RemoteRejectedError, "refuses the request (HTTP 400): Bad; field is missing"),
        (422, {}, RemoteRejectedError, "refuses the request (HTTP 422): Bad; field is missing"),
        (429, {"Retry-After": "7"}, RateLimitedError, "too many requests"),
        (500, {}, RemoteUnavailableError, "failed (HTTP 500)"),
        (503, {"Retry-After": "7"}, RemoteUnavailableError, "failed (HTTP 503)"),
    ],
)
def test_each_refusal_is_one_sentence(
    fake: Fake, status: int, headers: dict[str, str], kind: type[ForgeError], says: str
) -> None:
    body = {"message": "Bad", "errors": [{"message": "field is missing"}]}
    fake.answers = [(status, headers, body)]
    with pytest.raises(kind) as caught:
        open_or_update(forge(fake), TOKEN, WANTED)
    assert says in caught.value.message
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert TOKEN not in f"{caught.value.message}{caught.value.hint}{caught.value.__cause__}"
    assert len(fake.asked) == 1


def test_how_long_to_wait_is_said(fake: Fake) -> None:
    fake.answers = [(429, {"Retry-After": "3600"}, {})]
    with pytest.raises(RateLimitedError) as caught:
        open_or_update(forge(fake), TOKEN, WANTED)
    assert caught.value.retry_after == 3600
    assert caught.value.hint == "Try again in 3,600 seconds."


@pytest.mark.parametrize(
    "answer", [b"<html>login</html>", b"", b"[" * 100_000, b"{}", {"number": "1", "iid": []}]
)
def test_an_answer_of_another_kind_is_refused(fake: Fake, answer: Any) -> None:
    fake.answers = [(200, {}, []), (201, {}, answer)]
    with pytest.raises(RemoteUnavailableError, match="answered"):
        open_or_update(forge(fake), TOKEN, WANTED)


def test_an_answer_without_end_is_cut_off(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_LARGEST", 1000)
    fake.answers = [(200, {}, b" " * 5000)]
    with pytest.raises(RemoteUnavailableError, match="more than 1,000 bytes"):
        open_or_update(forge(fake), TOKEN, WANTED)


def test_a_wrong_token_is_refused_and_an_impossible_one_is_not_sent(fake: Fake) -> None:
    with pytest.raises(RemoteAuthError, match="Bad credentials"):
        open_or_update(forge(fake), "other", WANTED)
    for token in ("a\nb", "tökén", "a\r\nX-Other: 1"):
        with pytest.raises(RemoteAuthError, match="no token has"):
            open_or_update(forge(fake), token, WANTED)
    assert len(fake.asked) == 1


def test_the_token_goes_in_a_header_and_nowhere_else(fake: Fake) -> None:
    open_or_update(forge(fake), TOKEN, WANTED)
    assert TOKEN not in str(fake.asked)


def test_a_long_title_is_cut_to_what_the_forge_takes(fake: Fake) -> None:
    opened = open_or_update(forge(fake), TOKEN, Wanted(*_four(title="x" * 500)))
    assert len(fake.requests[opened.number]["title"]) in {255, 256}


def test_a_branch_that_the_forge_does_not_have_is_refused(fake: Fake) -> None:
    fake.branches = {"main"}
    with pytest.raises(RemoteRejectedError, match="Validation Failed"):
        open_or_update(forge(fake), TOKEN, WANTED)


def test_a_forge_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_SECONDS", 0.2)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        began = time.monotonic()
        with pytest.raises(RemoteUnavailableError, match="did not answer"):
            open_or_update(_at(server.getsockname()[1]), TOKEN, WANTED)
        assert time.monotonic() - began < 5
        port = server.getsockname()[1]
    with pytest.raises(RemoteUnavailableError, match="cannot be reached"):
        open_or_update(_at(port), TOKEN, WANTED)


@pytest.mark.parametrize(
    ("url", "kind", "api", "project"),
    [
        ("https://github.com/team/plan.git", "github", "https://api.github.com", "team/plan"),
        ("git@github.com:team/plan.git", "github", "https://api.github.com", "team/plan"),
        ("ssh://git@github.com:22/team/plan", "github", "https://api.github.com", "team/plan"),
        ("https://gitlab.com/a/b/plan", "gitlab", "https://gitlab.com/api/v4", "a/b/plan"),
        ("git@git.example.com:a/b.git", "gitlab", "https://git.example.com/api/v4", "a/b"),
        (
            "https://ghe.example.com:8443/a/b",
            "github",
            "https://ghe.example.com:8443/api/v3",
            "a/b",
        ),
        ("https://me:pass@github.com/team/plan", "github", "https://api.github.com", "team/plan"),
    ],
)
def test_the_forge_is_found_by_the_url(url: str, kind: str, api: str, project: str) -> None:
    settings = {
        "lab": {"kind": "gitlab", "url": "https://git.example.com/", "token": "env:LAB"},
        "hub": {"kind": "github", "url": "https://ghe.example.com:8443", "token": "env:HUB"},
        "other": {"kind": "linear", "token": "env:LINEAR"},
        "broken": "no mapping",
    }
    found = forge_of(url, settings)
    assert (found.kind, found.api, found.project) == (kind, api, project)
    assert "pass" not in f"{found}"


def test_the_settings_say_where_the_token_is() -> None:
    assert forge_of("https://github.com/a/b", {}).token == "env:GITHUB_TOKEN"
    own = {"hub": {"kind": "github", "token": "keyring:hub"}}
    assert forge_of("https://github.com/a/b", own).token == "keyring:hub"
    assert forge_of("https://gitlab.com/a/b", own).token == "env:GITLAB_TOKEN"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("/srv/git/plan.git", "is no address"),
        ("file:///srv/git/plan.git", "is no address"),
        ("https://github.com/plan", "is no address"),
        ("https://github.com/../../user", "is no address"),
        ("https://github.com/a/b?x=1#y/../../z", ""),
        ("ext::sh -c true", "is no address"),
        ("https://bitbucket.org/a/b", "what kind of forge bitbucket.org is"),
        ("https://github.com.evil.example/a/b", "what kind of forge github.com.evil.example is"),
        ("https://github.com@evil.example/a/b", "what kind of forge evil.example is"),
        ("http://plain.example/a/b", "would carry the token in the open"),
        ("https://x:y@nowhere/a/b/%2e%2e/c", "is no address"),
    ],
)
def test_a_url_of_another_kind_is_refused(url: str, says: str) -> None:
    settings = {"x": {"kind": "gitlab", "url": "http://plain.example", "token": "env:X"}}
    if not says:
        assert forge_of(url, settings).project == "a/b"
        return
    with pytest.raises(ForgeError, match=says) as caught:
        forge_of(url, settings)
    assert "x:y" not in caught.value.message


def _four(**changed: str) -> tuple[str, str, str, str]:
    given = {
        "branch": WANTED.branch,
        "target": "main",
        "title": "Start PAY-2",
        "body": "",
        **changed,
    }
    return given["branch"], given["target"], given["title"], given["body"]


def _at(port: int) -> Forge:
    url = f"http://127.0.0.1:{port}"
    return forge_of(f"{url}/a/b", {"x": {"kind": "github", "url": url, "token": "env:X"}})
