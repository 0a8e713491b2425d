"""Everything that can go wrong over there, as a person meets it on the command line.

One plan is synced with all trackers at once; in each test all but one of them fail in some way.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import write
from tests.sync.fakes.server import Fault, Reply, Seen
from tests.sync.fakes.tracker import TOKEN
from tests.sync.scenarios.desk import Desk, Message
from tests.sync.scenarios.pair import FAKES, is_write
from tests.sync.test_http import _untrusted

Spoil = Callable[[Desk, str], None]


def wrong_token(desk: Desk, kind: str) -> None:
    desk.environment[f"TOKEN_{kind.upper()}"] = "tok-wrong"


def no_token(desk: Desk, kind: str) -> None:
    desk.environment[f"TOKEN_{kind.upper()}"] = ""


def answers(status: int, message: str, fits: Callable[[Seen], bool] = lambda _: True) -> Spoil:
    """Return what makes a tracker answer an error, in words that all of them have."""
    body = {"message": message, "errors": [{"message": message}], "code": "x", "status": status}

    def spoil(desk: Desk, kind: str) -> None:
        reply = Reply(status, body)
        desk.fakes[kind].server.faults.append(Fault("reply", 10_000, fits, reply))

    return spoil


def fails(how: Any) -> Spoil:
    """Return what makes every answer of a tracker worthless."""
    return lambda desk, kind: desk.fakes[kind].server.faults.append(Fault(how, 10_000))


def no_network(desk: Desk, kind: str) -> None:
    desk.settings[kind] = {"url": "http://127.0.0.1:1"}


READING: Mapping[str, Spoil] = {
    "a wrong token": wrong_token,
    "no token": no_token,
    "an expired token": answers(401, "Token is expired"),
    "a vanished project": answers(404, "Not Found"),
    "no network": no_network,
    "a server that is down": answers(503, "Service Unavailable"),
    "garbage": fails("garbage"),
    "half JSON": fails("half"),
    "no answer": fails("cut"),
}


QUICK = ("a wrong token", "no network", "half JSON")


@pytest.mark.parametrize(
    ("what", "well"),
    [
        pytest.param(what, well, marks=() if what in QUICK else pytest.mark.slow)
        for what, well in zip(READING, FAKES * 2, strict=False)
    ],
)
def test_a_tracker_that_cannot_be_read_is_told_in_a_sentence_and_the_others_go_on(
    desk: Desk, what: str, well: str
) -> None:
    ill = [kind for kind in FAKES if kind != well]
    for kind in ill:
        READING[what](desk, kind)
    desk.settle()
    heads = {kind: desk.git("rev-parse", f"refs/orchestrator/sync/{kind}") for kind in ill}
    code, told = desk.told()
    assert code == 1
    for kind in ill:
        (error,) = (each for each in told[kind] if each["type"] == "error")
        assert_is_a_sentence(error)
        assert desk.git("rev-parse", f"refs/orchestrator/sync/{kind}") == heads[kind]
        assert desk.title(kind) == "Capture"
        assert not any(is_write(seen) for seen in desk.fakes[kind].server.seen), kind
    assert told[well][-1]["ok"]
    assert desk.title(well) == "Capture now"
    # Nothing was lost: what was to be sent is sent once the tracker is well again.
    for kind in ill:
        desk.environment[f"TOKEN_{kind.upper()}"] = TOKEN
        desk.fakes[kind].server.faults.clear()
    desk.settings.clear()
    desk.settle()
    code, told = desk.told()
    assert code == 0, told
    assert {desk.title(kind) for kind in FAKES} == {"Capture now"}


def is_of(text: bytes) -> Callable[[Seen], bool]:
    """Return whether a request writes something with these words in it."""
    return lambda seen: is_write(seen) and text in seen.body


WRITING: Mapping[str, Spoil] = {
    "no right to write it": answers(403, "You do not have permission", is_of(b"Capture now")),
    "a value that is refused": answers(422, "Validation Failed", is_of(b"Capture now")),
    "an error of the server": answers(500, "Internal Server Error", is_of(b"Capture now")),
}


@pytest.mark.parametrize(
    "what",
    [pytest.param(each, marks=() if "right" in each else pytest.mark.slow) for each in WRITING],
)
def test_an_item_that_cannot_be_written_stops_no_other(desk: Desk, what: str) -> None:
    for kind in FAKES:
        WRITING[what](desk, kind)
    desk.settle()
    code, told = desk.told()
    assert code == 1
    for kind in FAKES:
        items = {each["id"]: each for each in told[kind] if each["type"] == "item"}
        assert not items["PAY-1"]["ok"]
        assert_is_a_sentence(items["PAY-1"])
        assert items["PAY-4"]["ok"]
        assert told[kind][-1]["failed"] == 1
        assert desk.title(kind) == "Capture"
        desk.fakes[kind].server.faults.clear()
    code, told = desk.told()
    assert code == 0, told
    assert {desk.title(kind) for kind in FAKES} == {"Capture now"}


def test_what_fails_is_told_to_a_person_with_what_to_do_about_it(desk: Desk) -> None:
    for kind in FAKES[:2]:
        wrong_token(desk, kind)
    answers(403, "Forbidden", is_of(b"Capture now"))(desk, FAKES[2])
    desk.settle()
    done = desk.run("run")
    assert done.returncode == 1
    for kind in FAKES[:2]:
        assert f"error: {kind}: " in done.stderr
    assert done.stderr.count("hint") >= 2
    assert "PAY-1" in done.stderr
    status = desk.run("status")
    assert FAKES[0] in status.stdout


def test_a_certificate_that_nobody_signed_is_told(desk: Desk, tmp_path: Path) -> None:
    kind = FAKES[0]
    with _untrusted(tmp_path) as url:
        desk.settings[kind] = {"url": url}
        desk.settle()
        done = desk.run("run", kind)
    assert done.returncode == 1
    assert "certificate" in done.stderr
    assert "SSL_CERT_FILE" in done.stderr
    assert desk.title(kind) == "Capture"


@pytest.mark.slow
def test_a_limit_that_passes_is_waited_for(desk: Desk) -> None:
    for kind in FAKES:
        fake = desk.fakes[kind]
        fake.server.faults.append(Fault("reply", 2, reply=fake.limited()))
    desk.settle()
    code, told = desk.told()
    assert code == 0, told
    assert {desk.title(kind) for kind in FAKES} == {"Capture now"}


def test_an_answer_that_is_lost_makes_nothing_twice(desk: Desk) -> None:
    write(desk.root, {"projects/pay/tasks/PAY-9.yaml": "id: PAY-9\ntitle: New\nstatus: todo\n"})
    for kind in FAKES:
        desk.fakes[kind].server.faults.append(Fault("lost", 2, is_of(b"New")))
    desk.settle()
    desk.told()
    code, told = desk.told()
    assert code == 0, told
    for kind in FAKES:
        titles = [row["title"] for row in desk.fakes[kind].items("tasks").values()]
        assert titles.count("New") == 1, kind


def assert_is_a_sentence(told: Message) -> None:
    """Assert that people can read it, and know what to do."""
    message, hint = told["message"], told["hint"]
    assert message.endswith((".", "…")), message
    assert "\n" not in message
    assert len(message) < 400
    assert hint, message
    for word in ("Error(", "Exception", "None", "<html"):
        assert word not in message, message


FULL: Mapping[str, int] = {
    "linear": 400,
    "gitlab": 402,
    "notion": 400,
    "motion": 402,
    "github": 403,
}
"""With which status each vendor says that the plan allows no more."""


def test_a_plan_that_allows_no_more_ends_the_making_and_not_the_rest(desk: Desk) -> None:
    for number in (8, 9):
        text = f"id: PAY-{number}\ntitle: New {number}\nstatus: todo\n"
        write(desk.root, {f"projects/pay/tasks/PAY-{number}.yaml": text})
    said = "You have exceeded the free issue limit, a plan limit: upgrade to more"
    for kind in FAKES:
        answers(FULL[kind], said, is_of(b"New "))(desk, kind)
    desk.settle()
    code, told = desk.told()
    assert code == 1
    for kind in FAKES:
        items = {each["id"]: each for each in told[kind] if each["type"] == "item"}
        assert_is_a_sentence(items["PAY-8"])
        assert "left out" in items["PAY-9"]["message"]
        asked = [seen for seen in desk.fakes[kind].server.seen if is_of(b"New ")(seen)]
        assert len(asked) == 1, kind
        assert desk.title(kind) == "Capture now"
        desk.fakes[kind].server.faults.clear()
    code, told = desk.told()
    assert code == 0, told
    for kind in FAKES:
        titles = {row["title"] for row in desk.fakes[kind].items("tasks").values()}
        assert {"New 8", "New 9"} <= titles


@pytest.mark.slow
def test_a_state_that_is_not_there_any_more_is_told_and_takes_no_status_away(desk: Desk) -> None:
    for kind in FAKES:
        desk.settings[kind] = {"statuses": {"in_progress": "Renamed there"}}
    desk.settle()
    before = {kind: desk.fakes[kind].items("tasks") for kind in FAKES}
    _, told = desk.told()
    for kind in FAKES:
        for message in told[kind]:
            if message["type"] == "error":
                assert_is_a_sentence(message)
        after = desk.fakes[kind].items("tasks")
        assert after.keys() == before[kind].keys()
        for key, row in after.items():
            assert row["status"] == before[kind][key]["status"], kind
    assert "status: in_progress" in (desk.root / "projects/pay/tasks/PAY-3.yaml").read_text()
    desk.settings.clear()
    desk.settle()
    code, told = desk.told()
    assert code == 0, told
    assert {desk.title(kind) for kind in FAKES} == {"Capture now"}
