"""Requests to a tracker: what is sent again, what is waited for, and what is said when it fails."""

import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orchestrator.sync import wire
from orchestrator.sync.answer import parsed, said_in, seconds_in
from orchestrator.sync.errors import (
    AuthError,
    DriftError,
    InvalidError,
    LimitedError,
    RemoteError,
    ServerError,
    UnreachableError,
)
from orchestrator.sync.http import Answer, Http, Vendor
from orchestrator.sync.pace import Pace, Rate
from orchestrator.sync.remote import World
from tests.sync.fakes.server import Fault, Reply, Server
from tests.sync.fakes.tracker import TOKEN, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(lambda seen: Reply(200, {"path": seen.path, "was": seen.json})).running() as found:
        yield found


def judge(answer: Answer) -> RemoteError | None:
    if answer.status == 401:
        return AuthError(f"Nobody knows {TOKEN} there.")
    if answer.status == 400:
        return InvalidError("That is refused.")
    return None


def opened(server: Server, clock: Clock, *rates: Rate, **vendor: Any) -> Http:
    headers = {"Authorization": TOKEN}
    known = Vendor("Tracker", **{"judge": judge, **vendor})
    return Http(server.url, headers, TOKEN, known, Pace(rates), clock.world)


def replied(status: int, body: Any = None, times: int = 1, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault("reply", times=times, reply=Reply(status, body, named))


def test_json_goes_there_and_comes_back(server: Server, clock: Clock) -> None:
    with opened(server, clock) as http:
        answer = http.ask("POST", "/a", query={"b": "c d"}, body={"e": "ü"})
    assert answer.data == {"path": "/a", "was": {"e": "ü"}}
    [seen] = server.seen
    assert seen.query == (("b", "c d"),)
    assert seen.headers["authorization"] == TOKEN
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["user-agent"].startswith("orchestrator/")
    assert (http.sent, clock.slept) == (1, [])


def test_an_empty_answer_is_none(server: Server, clock: Clock) -> None:
    server.faults.append(replied(204))
    with opened(server, clock) as http:
        assert http.ask("DELETE", "/a").data is None


@pytest.mark.parametrize("kind", ["lost", "cut"])
def test_what_only_reads_is_sent_again(server: Server, clock: Clock, kind: Any) -> None:
    server.faults.append(Fault(kind, times=2))
    with opened(server, clock) as http:
        assert http.ask("GET", "/a").data["path"] == "/a"
    assert http.sent == 3
    assert clock.slept == [0.75, 1.5]
    assert clock.told[0].what == "waiting for Tracker"


@pytest.mark.parametrize("kind", ["lost", "cut"])
def test_a_write_that_may_have_arrived_is_not_sent_again(
    server: Server, clock: Clock, kind: Any
) -> None:
    server.faults.append(Fault(kind))
    with opened(server, clock) as http, pytest.raises(UnreachableError) as caught:
        http.ask("POST", "/a", body={})
    assert caught.value.is_ambiguous
    assert http.sent == 1


def test_a_write_that_may_be_repeated_is(server: Server, clock: Clock) -> None:
    server.faults += [Fault("lost"), replied(502, b"<html>bad gateway")]
    with opened(server, clock) as http:
        http.ask("POST", "/a", body={}, is_repeatable=True)
        assert http.sent == 3
        server.faults.append(Fault("lost", times=9))
        with pytest.raises(UnreachableError) as caught:
            http.ask("PUT", "/a", body={})
    assert caught.value.is_ambiguous
    assert http.sent == 8


def test_a_post_that_only_asks_is_sent_again_and_counts_as_reading(
    server: Server, clock: Clock
) -> None:
    server.faults.append(Fault("lost", times=5))
    http = opened(server, clock, Rate(1, 60, writes_only=True))
    with http, pytest.raises(UnreachableError) as caught:
        http.ask("POST", "/search", body={}, is_write=False)
    assert not caught.value.is_ambiguous
    assert http.sent == 5
    assert max(clock.slept) < 60


def test_a_write_is_sent_again_where_nobody_listened(clock: Clock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    nobody = Server(lambda _: Reply(), url=f"http://127.0.0.1:{port}")
    with opened(nobody, clock) as http, pytest.raises(UnreachableError) as caught:
        http.ask("POST", "/a", body={})
    assert not caught.value.is_ambiguous
    assert http.sent == 3
    assert caught.value.message == "127.0.0.1 cannot be reached: connection refused."
    assert caught.value.hint


def test_a_connection_that_takes_too_long_was_never_made(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any, **__: Any) -> Any:
        raise httpx2.ConnectTimeout("timed out")

    monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", slow)
    with opened(server, clock) as http:
        with pytest.raises(UnreachableError, match="no connection in 30 seconds") as caught:
            http.ask("POST", "/a", body={})
        assert not caught.value.is_ambiguous
        assert http.sent == 3
        monkeypatch.undo()
        assert http.ask("POST", "/a", body={}).status == 200


def test_a_server_that_fails_for_good_says_so(server: Server, clock: Clock) -> None:
    server.faults.append(replied(500, {"message": f"no luck with {TOKEN}"}, times=9))
    with opened(server, clock) as http, pytest.raises(ServerError) as caught:
        http.ask("GET", "/a")
    assert str(caught.value) == "Tracker failed (HTTP 500): no luck with (the token)."
    assert http.sent == 5


def test_a_proxy_s_page_is_no_part_of_the_sentence(server: Server, clock: Clock) -> None:
    server.faults.append(replied(502, b"<html>bad", times=9))
    with opened(server, clock) as http, pytest.raises(ServerError) as caught:
        http.ask("POST", "/a")
    assert caught.value.message == "Tracker failed (HTTP 502)."
    assert caught.value.is_ambiguous
    assert http.sent == 1


def test_a_server_that_says_when_to_come_back_is_obeyed(server: Server, clock: Clock) -> None:
    server.faults.append(replied(503, Retry_After="20"))
    with opened(server, clock) as http:
        http.ask("GET", "/a")
    assert sum(clock.slept) == 20


def test_a_limit_is_waited_for_and_even_a_write_is_sent_again(server: Server, clock: Clock) -> None:
    server.faults.append(replied(429, {"message": "slow down"}, times=2, Retry_After="7"))
    with opened(server, clock) as http:
        http.ask("POST", "/a", body={})
    assert clock.slept == [7, 7]
    assert [told.seconds for told in clock.told] == [7, 7]


def test_a_limit_without_a_time_is_waited_for_ever_longer(server: Server, clock: Clock) -> None:
    server.faults.append(replied(429, times=4))
    with opened(server, clock) as http:
        http.ask("GET", "/a")
    assert clock.slept == [0.75, 1.5, 3.0, 6.0]


def test_a_limit_beyond_patience_ends_it(server: Server, clock: Clock) -> None:
    server.faults.append(replied(429, times=9, Retry_After="1800"))
    http = opened(server, clock, patience=60.0)
    with http, pytest.raises(LimitedError, match="has had too many requests") as caught:
        http.ask("GET", "/a")
    assert caught.value.retry_after == 1800
    assert clock.slept == []


def test_a_vendor_s_own_way_of_refusing_is_waited_for_as_well(server: Server, clock: Clock) -> None:
    def own(answer: Answer) -> RemoteError | None:
        return LimitedError("Slowly.", retry_after=3) if answer.status == 400 else None

    server.faults.append(replied(400))
    with opened(server, clock, judge=own) as http:
        http.ask("POST", "/a")
    assert clock.slept == [3]


def test_what_is_left_of_a_limit_is_heeded_before_the_next_request(
    server: Server, clock: Clock
) -> None:
    server.faults.append(replied(200, {}, X_Reset="40"))

    def left(answer: Answer) -> float | None:
        return seconds_in(answer.headers.get("x-reset"))

    with opened(server, clock, left=left) as http:
        http.ask("GET", "/a")
        assert clock.slept == []
        http.ask("GET", "/a")
        assert clock.slept == [40]
        server.faults.append(replied(200, {}, X_Reset="3000"))
        http.ask("GET", "/a")
        with pytest.raises(LimitedError, match=r"for 3,000 seconds\.") as caught:
            http.ask("GET", "/a")
    assert caught.value.retry_after == 3000
    assert http.sent == 3


def test_the_vendor_s_rate_is_kept(server: Server, clock: Clock) -> None:
    with opened(server, clock, Rate(2, 60)) as http:
        for _ in range(5):
            http.ask("GET", "/a")
    assert clock.slept == [60, 60]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("kind", ["garbage", "half"])
def test_what_is_no_json_is_said(server: Server, clock: Clock, kind: Any, method: str) -> None:
    server.faults.append(Fault(kind))
    with opened(server, clock) as http, pytest.raises(DriftError, match="not JSON") as caught:
        http.ask(method, "/a")
    assert caught.value.is_ambiguous == (method == "POST")


def test_the_vendor_s_errors_come_through_without_the_token(server: Server, clock: Clock) -> None:
    server.faults += [replied(401, b"<html>"), replied(400, {"message": "?"})]
    with opened(server, clock) as http:
        with pytest.raises(AuthError) as caught:
            http.ask("GET", "/a")
        assert str(caught.value) == caught.value.message == "Nobody knows (the token) there."
        with pytest.raises(InvalidError):
            http.ask("GET", "/a")
    assert http.sent == 2
    assert TOKEN not in repr(http)


@pytest.mark.parametrize("secret", ["", "two words", "tök", "line\n", "\x1b[31m"])
def test_a_token_that_is_none_never_leaves(server: Server, clock: Clock, secret: str) -> None:
    http = opened(server, clock)
    http = Http(server.url, {"Authorization": secret}, secret, http.vendor, Pace(), clock.world)
    with pytest.raises(AuthError), http:
        pass
    assert server.seen == []


@pytest.mark.parametrize(
    "address",
    ["http://evil.example/x", "https://127.0.0.1/x", "http://[", "http://127.0.0.1:x/"],
)
def test_the_token_goes_to_one_server_only(server: Server, clock: Clock, address: str) -> None:
    with opened(server, clock) as http, pytest.raises(DriftError, match="another server"):
        http.ask("GET", address)
    assert server.seen == []


def test_a_whole_address_on_the_same_server_is_followed(server: Server, clock: Clock) -> None:
    with opened(server, clock) as http:
        assert http.ask("GET", f"{server.url}/a?page=2").data["path"] == "/a"
    assert server.seen[0].query == (("page", "2"),)


def test_a_redirect_is_refused(server: Server, clock: Clock) -> None:
    server.faults.append(replied(302, Location="http://evil.example/"))
    with opened(server, clock) as http, pytest.raises(DriftError, match="another address"):
        http.ask("GET", "/a")
    assert len(server.seen) == 1


@pytest.mark.parametrize("base", ["http://[", "http://127.0.0.1:99999", "ftp://127.0.0.1"])
def test_an_address_that_is_none_is_a_sentence(clock: Clock, base: str) -> None:
    broken = Server(lambda _: Reply(), url=base)
    with opened(broken, clock) as http, pytest.raises(UnreachableError) as caught:
        http.ask("GET", "/a")
    assert caught.value.message.endswith(".")


def test_an_answer_without_an_end_is_cut_off(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST", 1000)
    bomb = gzip.compress(b'"' + b"0" * 100_000 + b'"')
    server.faults.append(replied(200, bomb, Content_Encoding="gzip"))
    with opened(server, clock) as http, pytest.raises(DriftError, match="more than 1,000 bytes"):
        http.ask("GET", "/a")


def test_an_answer_that_drips_for_ever_is_given_up(clock: Clock) -> None:
    def now() -> Any:
        clock.pass_by(seconds=70)
        return clock.moment

    world = World(now, clock.sleep, lambda: 0.5, lambda _: None)
    with _dripping() as url:
        http = Http(url, {}, TOKEN, Vendor("Tracker", judge), Pace(), world)
        with http, pytest.raises(UnreachableError, match="in 180 seconds"):
            http.ask("POST", "/a")


def test_a_certificate_that_does_not_hold_is_said_at_once(tmp_path: Path, clock: Clock) -> None:
    with _untrusted(tmp_path) as url:
        http = Http(url, {}, TOKEN, Vendor("Tracker", judge), Pace(), clock.world)
        with http, pytest.raises(UnreachableError, match="The certificate of") as caught:
            http.ask("GET", "/a")
    assert caught.value.hint is not None
    assert "SSL_CERT_FILE" in caught.value.hint
    assert http.sent == 1


def test_a_certificate_file_that_is_missing_is_said(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "nowhere.pem")
    with pytest.raises(UnreachableError, match="No connection can be set up"):
        opened(server, clock).__enter__()


@pytest.mark.parametrize(
    "text", [b"NaN", b"[Infinity]", b"[" * 100_000, b"9" * 5000, b"{", b"\xff"]
)
def test_json_that_is_none_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed(text)


def test_half_a_surrogate_pair_never_gets_in() -> None:
    value = parsed(rb'{"a": "x\ud800y", "b": "\ud83d\ude00", "\uDC00": 1}')
    assert value == {"a": "x\ufffdy", "b": "😀", "\ufffd": 1}


def test_retry_after_is_bounded() -> None:
    texts = ["7", " 7 ", "99999", "9" * 20, "soon", "-1", "", None]
    assert [seconds_in(text) for text in texts] == [7, 7, 3600, None, None, None, None, None]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"message": "Bad."}, "Bad"),
        ({"message": "B\x1b[1m", "errors": [{"message": "a"}, {"code": "b"}, 7]}, "B[1m; a; b; 7"),
        ({"message": {"title": ["is empty"]}}, "{'title': ['is empty']}"),
        ({"error": "bad", "error_description": "Token\nexpired."}, "bad; Token expired"),
        (["no object"], ""),
        (None, ""),
    ],
)  # fmt: skip
def test_what_an_error_says_is_one_line(data: Any, text: str) -> None:
    assert said_in(data) == text


@contextmanager
def _dripping() -> Iterator[str]:
    """A server that sends a byte every 10 ms and never ends."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        done = threading.Event()

        def drip() -> None:
            line, _ = door.accept()
            with line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not done.is_set():
                    try:
                        line.sendall(b" ")
                    except OSError:
                        return
                    time.sleep(0.01)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        done.set()
        thread.join()


@contextmanager
def _untrusted(folder: Path) -> Iterator[str]:
    """A server with a certificate that it signed itself."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as door:

        def refuse() -> None:
            line, _ = door.accept()
            with line:
                try:
                    context.wrap_socket(line, server_side=True)
                except OSError:
                    return

        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{door.getsockname()[1]}"
        thread.join()


def test_a_server_without_tls_is_said_in_the_words_of_the_system_alone(
    server: Server, clock: Clock
) -> None:
    plain = Server(lambda _: Reply(), url=server.url.replace("http:", "https:"))
    with opened(plain, clock) as http, pytest.raises(UnreachableError) as caught:
        http.ask("GET", "/a")
    reason = caught.value.message.removeprefix("127.0.0.1 cannot be reached: ")
    assert reason == "wrong version number."
