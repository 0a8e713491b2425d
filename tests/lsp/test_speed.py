"""How fast the server is in a plan of 10,000 tasks, and what it takes."""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.wire import Wire

TASKS = 10_000
KEYSTROKES = 60
GENERATE = Path(__file__).parents[2] / "benchmarks/generate.py"


@pytest.mark.slow
def test_a_keystroke_is_answered_while_it_is_still_felt(
    tmp_path: Path, record_property: Any
) -> None:
    root = tmp_path / "plan"
    subprocess.run(
        [sys.executable, str(GENERATE), str(TASKS), str(root)], check=True, capture_output=True
    )
    uri = next(root.glob("projects/*/tasks")).joinpath("ZZZ-1.yaml").as_uri()
    firsts: list[float] = []
    medians: list[float] = []
    memory = 0.0
    for _ in range(3):  # the first reads the files, so that they are warm
        with Wire(root) as wire:
            document = {"uri": uri, "languageId": "yaml", "version": 0, "text": _text(0)}
            wire.send("textDocument/didOpen", {"textDocument": document})
            wire.told(uri)
            firsts.append(time.perf_counter() - wire.began)
            times = [_keystroke(wire, uri, number) for number in range(1, KEYSTROKES)]
            medians.append(statistics.median(times))
            memory = wire.memory
    # Others may be at work on the machine: the best of three says what the program can do.
    first, median = min(firsts), min(medians)
    record_property("figures", (first, median, memory))
    sys.stdout.write(
        f"first load {first:.2f} s, keystroke {median * 1000:.0f} ms, memory {memory:.0f} MB\n"
    )
    assert first <= 2.0
    assert median <= 0.1
    assert memory <= 300


def _text(number: int) -> str:
    return f"id: ZZZ-1\ntitle: T\nstatus: todo\nparent: NO-{number}\n"


def _keystroke(wire: Wire, uri: str, number: int) -> float:
    """Return how long it takes until a change is answered that changes a problem."""
    began = time.perf_counter()
    changed = _text(number)
    parameters = {
        "textDocument": {"uri": uri, "version": number},
        "contentChanges": [{"text": changed}],
    }
    wire.send("textDocument/didChange", parameters)
    wire.told(uri)
    return time.perf_counter() - began
