"""An HTTP server for a tracker that is not there, with faults on demand."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came in; header names in lower case, query as pairs."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back; `body` bytes go out as they are, anything else as JSON, None as nothing."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Fault:
    """Something that goes wrong with the next requests that fit.

    `lost`: the request is carried out, and the connection is cut before the answer.
    `cut`: the connection is cut before the request is carried out.
    `garbage`: HTML instead of JSON, after it is carried out. `half`: half of the answer's JSON.
    `reply`: `reply` is answered instead of carrying it out.
    """

    kind: Literal["lost", "cut", "garbage", "half", "reply"]
    times: int = 1
    fits: Callable[[Seen], bool] = lambda _: True
    reply: Reply | None = None


@dataclass
class Server:
    """A fake's HTTP side: keeps what was asked, and spoils answers as told.

    `answer` is the fake's own: from a request to a reply, called under one lock.
    """

    answer: Callable[[Seen], Reply]
    seen: list[Seen] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    @contextmanager
    def running(self) -> Iterator["Server"]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _door(self))
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def handle(self, request: Seen) -> tuple[Reply | None, bool]:
        """Return the reply, or None to cut the connection, and whether to send only half of it."""
        with self.lock:
            self.seen.append(request)
            fault = next((each for each in self.faults if each.times and each.fits(request)), None)
            if fault is None:
                return self.answer(request), False
            fault.times -= 1
            match fault.kind:
                case "cut":
                    return None, False
                case "reply":
                    assert fault.reply is not None
                    return fault.reply, False
                case "lost":
                    self.answer(request)
                    return None, False
                case "garbage":
                    self.answer(request)
                    page = Reply(200, b"<html><body>Welcome</body></html>")
                    return page, False
                case "half":
                    return self.answer(request), True


def _door(fake: Server) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _any(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            whole = urlsplit(self.path)
            query = tuple(parse_qsl(whole.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(size)
            reply, is_half = fake.handle(Seen(self.command, whole.path, query, headers, body))
            if reply is None:
                self.close_connection = True
                self.connection.close()
                return
            data = reply.data
            data = data[: len(data) // 2] if is_half else data
            self.send_response_only(reply.status)
            usual = {"Content-Type": "application/json", "Date": self.date_time_string()}
            for name, value in {**usual, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _any  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    return Door
