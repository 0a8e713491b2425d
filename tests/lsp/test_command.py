"""`orchestrator lsp` as an editor starts and leaves it."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.conftest import Program

END = ({"id": 9, "method": "shutdown"}, {"method": "exit"})


def framed(*messages: dict[str, Any]) -> str:
    """Return messages as they go through a pipe."""
    texts = [json.dumps({"jsonrpc": "2.0", **message}) for message in messages]
    return "".join(f"Content-Length: {len(text)}\r\n\r\n{text}" for text in texts)


def said(output: str) -> list[dict[str, Any]]:
    """Return the messages in what a server wrote."""
    lines = output.replace("\r\n", "\n")
    parts = [part.partition("\n\n")[2] for part in lines.split("Content-Length: ")[1:]]
    return [json.loads(part) for part in parts]


def test_a_client_that_leaves_without_a_word_ends_the_server(program: Program) -> None:
    done = program("lsp", stdin="", code=1)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_person_at_a_terminal_is_told_what_it_is_for(plan: Path) -> None:
    outer, inner = pty.openpty()
    command = [sys.executable, "-m", "orchestrator", "lsp"]
    done = subprocess.run(
        command, cwd=plan, stdin=inner, capture_output=True, text=True, timeout=60, check=False
    )
    os.close(outer)
    os.close(inner)
    assert done.returncode == 1
    assert "a terminal is no editor." in done.stderr
    assert done.stdout == ""


def test_an_interrupt_ends_it_at_once(plan: Path) -> None:
    command = [sys.executable, "-m", "orchestrator", "lsp"]
    with subprocess.Popen(
        command, cwd=plan, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        start = {"id": 1, "method": "initialize", "params": {"capabilities": {}}}
        server.stdin.write(framed(start).encode())
        server.stdin.flush()
        assert server.stdout.readline().startswith(b"Content-Length")
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == -signal.SIGINT


def test_rubbish_ends_nothing_and_a_question_without_sense_gets_a_sentence(
    program: Program,
) -> None:
    rubbish = "Content-Length: 5\r\n\r\n[1,2]Content-Length: 3\r\n\r\nxyz"
    start = {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None}}
    odd = {"id": 2, "method": "textDocument/hover", "params": {"x": 1}}
    early = {"id": 3, "method": "textDocument/hover", "params": {
        "textDocument": {"uri": "untitled:x"}, "position": {"line": 0, "character": 0},
    }}  # fmt: skip
    done = program("lsp", stdin=rubbish + framed(start, odd, early, *END))
    answers = {item["id"]: item for item in said(done.stdout) if "id" in item}
    assert answers[2]["error"] == {
        "code": -32602,
        "message": "The parameters of textDocument/hover are not what it takes.",
    }
    assert answers[3]["result"] is None
    assert list(answers) == [1, 2, 3, 9]
    assert done.stderr == ""


def test_a_port_of_this_machine_does_as_well(plan: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "orchestrator", "lsp", "--tcp", str(port)]
    with subprocess.Popen(command, cwd=plan, stderr=subprocess.PIPE, text=True) as server:
        with _connected(port) as link:
            link.sendall(framed(*END).encode())
            answer = b""
            while more := link.recv(4096):
                answer += more
        assert [item["id"] for item in said(answer.decode())] == [9]
        assert server.wait(20) == 0
        assert server.stderr is not None
        assert server.stderr.read() == f"Waiting for an editor on 127.0.0.1:{port} .\n"


def _connected(port: int) -> socket.socket:
    """Return a connection to a server that is starting."""
    for _ in range(400):
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError(f"nobody listens on {port}")


def test_a_port_that_is_taken_is_refused_in_a_sentence(program: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = program("lsp", "--tcp", str(taken.getsockname()[1]), code=1)
    assert "cannot be used: " in done.stderr
    assert "hint: Choose another" in done.stderr
