"""What Linear refuses, in one sentence with a hint each, and what is waited for."""

from collections.abc import Iterator
from typing import Any

import pytest

from orchestrator.sync import errors
from orchestrator.sync.item import Wanted
from orchestrator.sync.remote import Remote
from orchestrator.sync.remotes import open_remote
from tests.sync.fakes.linear import Linear
from tests.sync.fakes.linear_graphql import refused
from tests.sync.fakes.server import Fault, Reply
from tests.sync.fakes.tracker import TOKEN

WANTED = Wanted("tasks", "PAY-1", "6f2f4f0c-6a3a-4b57-9f0e-2b8f5a1c9d11", {"title": "T"})


@pytest.fixture
def fake() -> Iterator[Linear]:
    with Linear().running() as found:
        yield found


@pytest.fixture
def remote(fake: Linear) -> Iterator[Remote]:
    with opened(fake) as found:
        found.greet()
        yield found


def opened(fake: Linear, token: str = TOKEN, **changes: Any) -> Remote:
    return open_remote(fake.tie(**changes), token, fake.clock.world)


def answering(fake: Linear, status: int, *refusals: Any, times: int = 1, **headers: str) -> None:
    body = {"errors": [each.formatted for each in refusals], "data": None}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fake.server.faults.append(Fault("reply", times=times, reply=Reply(status, body, named)))


@pytest.mark.parametrize("token", ["wrong", "lin_oauth_" + "a" * 20, "0" * 64])
def test_a_token_that_linear_does_not_know(fake: Linear, token: str) -> None:
    with opened(fake, token) as remote, pytest.raises(errors.AuthError) as caught:
        remote.greet()
    assert caught.value.message.startswith("Linear does not accept the token: ")
    assert token not in f"{caught.value} {caught.value.hint}"
    assert "the environment variable TRACKER_TOKEN" in (caught.value.hint or "")
    sent = fake.server.seen[0].headers["authorization"]
    assert sent == (token if token == "wrong" else f"Bearer {token}")


@pytest.mark.parametrize(
    ("kind", "message", "error"),
    [
        ("forbidden", "You do not have access", errors.ForbiddenError),
        ("feature not accessible", "Not on this plan", errors.PlanLimitError),
        ("usage limit exceeded", "Too many", errors.PlanLimitError),
        ("other", "You have exceeded the free issue limit for this workspace",
         errors.PlanLimitError),
        ("authentication error", "Expired", errors.AuthError),
        ("invalid input", "Argument Validation Error: dueDate is wrong", errors.InvalidError),
        ("user error", "No", errors.InvalidError),
        ("graphql error", "Cannot query field 'x'", errors.DriftError),
        ("lock timeout", "Busy", errors.ServerError),
        ("internal error", "Oops", errors.ServerError),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [200, 400])
def test_each_kind_of_error_is_told_apart(
    fake: Linear, remote: Remote, kind: str, message: str, error: Any, status: int
) -> None:
    answering(fake, status, refused(message, kind), times=9)
    with pytest.raises(error) as caught:
        remote.fetch(None, {})
    assert type(caught.value) is error
    assert message in caught.value.message
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message
    if kind == "invalid input":
        assert caught.value.field == "due_date"


def test_the_plan_s_limit_ends_creating_only(fake: Linear, remote: Remote) -> None:
    fake.book.most_issues = 1
    key = fake.add("tasks", {"title": "There"})
    with pytest.raises(errors.PlanLimitError, match="free issue limit"):
        remote.create(WANTED)
    [item] = remote.fetch(None, {}).items
    assert remote.update(item, {"title": "Changed"}).key == key


def test_a_limit_said_with_http_400_is_waited_for(fake: Linear, remote: Remote) -> None:
    fake.server.faults.append(Fault("reply", times=2, reply=fake.limited()))
    item = remote.create(WANTED)
    assert item.key == WANTED.token
    assert fake.clock.slept == [1, 1]
    assert fake.clock.told[0].what == "waiting for Linear"


def test_an_hour_that_is_used_up_is_waited_for_by_linear_s_clock(
    fake: Linear, remote: Remote
) -> None:
    fake.clock.pass_by(minutes=50)
    fake.hourly = 3
    for _ in range(3):
        remote.fetch(None, {})
    assert fake.clock.slept == [600]
    fake.clock.pass_by(minutes=10)
    for _ in range(2):
        remote.fetch(None, {})
    with pytest.raises(errors.LimitedError, match="takes no more requests") as caught:
        remote.fetch(None, {})
    assert caught.value.retry_after == 3000


def test_points_that_are_used_up_are_waited_for(fake: Linear, remote: Remote) -> None:
    moment = round((fake.clock.now().timestamp() + 30) * 1000)
    fake.server.faults.append(
        Fault("reply", reply=Reply(200, {"data": {"issues": {"nodes": [], "pageInfo": {
            "hasNextPage": False, "endCursor": None}}}}, {
            "X-Complexity": "900", "X-RateLimit-Complexity-Remaining": "800",
            "X-RateLimit-Complexity-Reset": str(moment)}))
    )  # fmt: skip
    assert remote.look("tasks", WANTED.token, {}) is None
    assert fake.clock.slept == []
    remote.look("tasks", WANTED.token, {})
    assert fake.clock.slept == [30]


def test_a_query_that_is_too_complex_is_asked_in_smaller_pages(
    fake: Linear, remote: Remote
) -> None:
    for number in range(3):
        fake.add("tasks", {"title": f"T{number}"})
    answering(fake, 400, refused("Query too complex"))
    assert len(remote.fetch(None, {}).items) == 3
    sizes = [seen.json["variables"].get("first") for seen in fake.server.seen[1:]]
    assert sizes == [250, 50]


def test_a_team_that_vanished_names_the_ones_there_are(fake: Linear) -> None:
    remote = opened(fake, scope={"team": "gone"})
    with remote, pytest.raises(errors.NotFoundError, match="no team gone") as caught:
        remote.greet()
    assert caught.value.hint == "Set scope.team of the integration linear-eng to one of: ENG, OPS ."


@pytest.mark.parametrize(
    ("changes", "message", "hint"),
    [
        ({"statuses": {"in_review": "QA"}}, "no state called QA", "In Review"),
        ({"statuses": {"on_hold": "Frozen"}}, "no state called Frozen", "On Ice"),
        ({"statuses": {"done": "Done"}}, "a status that does not exist: done", "completed"),
        ({"priorities": {"high": "Blazing"}}, "maps the priority high", "Urgent"),
        ({"priorities": {"blazing": "High"}}, "maps the priority blazing", "Urgent"),
        ({"scope": {}}, "does not say which team", "team: ENG"),
        ({"scope": {"team": "ENG", "project": "x"}}, "does not know: project", "team"),
        ({"scope": {"team": "ENG", "minutes_per_point": "many"}}, "must be a number", "240"),
        ({"scope": {"team": "ENG", "minutes_per_point": "0"}}, "must be a number", "240"),
    ],
)
def test_settings_that_do_not_fit_are_said_before_anything_is_done(
    fake: Linear, changes: dict[str, Any], message: str, hint: str
) -> None:
    with opened(fake, **changes) as remote, pytest.raises(errors.RemoteError) as caught:
        remote.greet()
    assert message in caught.value.message
    assert caught.value.hint is not None
    assert hint in caught.value.hint


def test_values_without_a_counterpart_are_refused_by_name(fake: Linear, remote: Remote) -> None:
    fake.add("tasks", {"title": "T"})
    [item] = remote.fetch(None, {}).items
    with pytest.raises(errors.InvalidError, match="nothing for the assignee zoe") as caught:
        remote.update(item, {"assignee": "zoe"})
    assert caught.value.field == "assignee"


@pytest.mark.parametrize("kind", ["garbage", "half"])
def test_an_answer_that_is_no_json_is_a_sentence(fake: Linear, remote: Remote, kind: Any) -> None:
    fake.server.faults.append(Fault(kind))
    with pytest.raises(errors.DriftError, match="not JSON"):
        remote.fetch(None, {})
    fake.server.faults.append(Fault(kind))
    with pytest.raises(errors.DriftError) as caught:
        remote.create(WANTED)
    assert caught.value.is_ambiguous
    found = remote.find(WANTED)
    assert found is not None


@pytest.mark.parametrize(
    "body",
    [
        {}, {"data": None}, [], "text", 7, {"data": []}, {"data": {}}, {"data": {"issues": None}},
        {"data": {"issues": {"nodes": [{}], "pageInfo": {"hasNextPage": False, "endCursor": None}},
                  "projects": {"nodes": [],
                               "pageInfo": {"hasNextPage": False, "endCursor": None}}}},
        {"data": {"projects": {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": None}},
                  "issues": {"nodes": [],
                             "pageInfo": {"hasNextPage": True, "endCursor": None}}}},
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_a_sentence(fake: Linear, remote: Remote, body: Any) -> None:
    fake.server.faults.append(Fault("reply", reply=Reply(200, body)))
    with pytest.raises(errors.DriftError) as caught:
        remote.fetch(None, {})
    assert caught.value.message.startswith("Linear")


def test_pages_that_go_round_in_a_circle_end(fake: Linear, remote: Remote) -> None:
    page = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "again"}}
    none = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    body = {"data": {"issues": page, "projects": none}}
    fake.server.faults.append(Fault("reply", times=9, reply=Reply(200, body)))
    with pytest.raises(errors.DriftError, match="circle"):
        remote.fetch(None, {})


def test_no_success_without_an_error_is_a_failure(fake: Linear, remote: Remote) -> None:
    fake.add("tasks", {"title": "T"})
    [item] = remote.fetch(None, {}).items
    body = {"data": {"issueUpdate": {"success": False, "issue": None}}}
    fake.server.faults.append(Fault("reply", reply=Reply(200, body)))
    with pytest.raises(errors.InvalidError, match="gives no reason"):
        remote.update(item, {"title": "U"})


def test_a_server_that_is_down_is_asked_again_and_then_said(fake: Linear, remote: Remote) -> None:
    bad = Reply(502, b"<html>bad gateway</html>")
    fake.server.faults.append(Fault("reply", times=2, reply=bad))
    assert remote.fetch(None, {}).is_complete
    fake.server.faults.append(Fault("reply", times=9, reply=bad))
    with pytest.raises(errors.ServerError, match=r"Linear failed \(HTTP 502\)\."):
        remote.fetch(None, {})


def test_an_answer_without_a_reason_is_a_sentence(fake: Linear, remote: Remote) -> None:
    kinds = {401: errors.AuthError, 403: errors.ForbiddenError, 404: errors.DriftError}
    for status, error in kinds.items():
        fake.server.faults.append(Fault("reply", reply=Reply(status, b"<html>")))
        with pytest.raises(error) as caught:
            remote.fetch(None, {})
        assert caught.value.hint


def test_text_from_linear_cannot_drive_a_terminal(fake: Linear, remote: Remote) -> None:
    answering(fake, 200, refused("bad\x1b[2J\nnews\r" + "x" * 1000, "user error"))
    with pytest.raises(errors.InvalidError) as caught:
        remote.fetch(None, {})
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 400


def test_a_token_that_linear_repeats_is_blotted_out(fake: Linear, remote: Remote) -> None:
    answering(fake, 200, refused(f"the key {TOKEN} is tired", "forbidden"))
    with pytest.raises(errors.ForbiddenError) as caught:
        remote.fetch(None, {})
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(remote)
