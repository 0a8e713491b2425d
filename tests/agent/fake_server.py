"""A server that speaks as OpenAI's chat API does, and says what a test scripts."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = dict[str, Any]
Answer = Reply | Callable[[dict[str, Any]], Reply]


def text(said: str) -> Reply:
    """An answer in words."""
    return {"text": said}


def tools(*calls: tuple[str, dict[str, Any] | str]) -> Reply:
    """An answer that calls tools; arguments as a string are sent as they are."""
    return {"calls": calls}


def status(code: int, **headers: str) -> Reply:
    """A refusal."""
    return {"status": code, "headers": headers}


class FakeServer:
    """Answers from a script; each request is kept.

    Attributes:
        requests: Bodies, oldest first.
        raw: The same as text, with the headers before it.
    """

    def __init__(self, script: Sequence[Answer]) -> None:
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self.url = ""

    def answer(self, body: dict[str, Any]) -> Reply:
        index = len(self.requests) - 1
        found = self.script[min(index, len(self.script) - 1)]
        return found(body) if callable(found) else found


def tool_answers(body: dict[str, Any]) -> list[dict[str, Any]]:
    """What the tools answered so far, oldest first."""
    return [
        json.loads(message["content"])
        for message in body["messages"]
        if message["role"] == "tool" and message["content"].startswith("{")
    ]


@contextmanager
def serving(*script: Answer) -> Iterator[FakeServer]:
    """Run a server on this machine while the block lasts."""
    fake = FakeServer(script)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            fake.raw.append(f"{self.headers}{data.decode()}")
            body = json.loads(data)
            fake.requests.append(body)
            reply = fake.answer(body)
            if "status" in reply:
                self.send_response(reply["status"])
                for name, value in reply["headers"].items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"error": {"message": "no", "type": "error"}}')
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            with suppress(ConnectionError):  # of a client that was killed meanwhile
                for chunk in _chunks(reply, body["model"], len(fake.requests)):
                    self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _chunks(reply: Reply, model: str, number: int) -> Iterator[dict[str, Any]]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {
            "id": f"c{number}", "object": "chat.completion.chunk", "created": 1, "model": model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }  # fmt: skip

    if "calls" in reply:
        for index, (name, arguments) in enumerate(reply["calls"]):
            given = arguments if isinstance(arguments, str) else json.dumps(arguments)
            call = {
                "index": index, "id": f"call-{number}-{index}", "type": "function",
                "function": {"name": name, "arguments": given},
            }  # fmt: skip
            yield chunk({"role": "assistant", "tool_calls": [call]})
        yield chunk({}, "tool_calls")
    else:
        for word in reply["text"].split(" "):
            yield chunk({"role": "assistant", "content": f"{word} "})
        yield chunk({}, "stop")
    yield {
        "id": f"c{number}", "object": "chat.completion.chunk", "created": 1, "model": model,
        "choices": [],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }  # fmt: skip
