"""Speed, as ratios to the native parser in the same run; generous, for busy machines."""

import random
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from yaml_rs import loads

from orchestrator.text.edit import rewrite
from orchestrator.text.fmt import fmt
from orchestrator.text.locate import locate
from orchestrator.text.read import read

WORDS = [
    "retry",
    "capture",
    "ledger",
    "webhook",
    "refund",
    "timeout",
    "audit",
    "schema",
    "index",
    "cache",
    "token",
    "session",
]


def task(seed: int) -> bytes:
    rng = random.Random(seed)
    lines = [f"id: P001-{seed:05d}", f"title: {' '.join(rng.choices(WORDS, k=5))}", "status: todo"]
    lines += ["priority: high", "assignee: dana", f"labels: [{', '.join(rng.sample(WORDS, k=3))}]"]
    lines += ["dependencies:", f"  - P001-{seed + 1:05d}", "description: |"]
    lines += ["  " + " ".join(rng.choices(WORDS, k=10)) + "." for _ in range(rng.randint(2, 6))]
    lines += ["due_date: 2026-02-03", "created_at: 2026-01-02T09:14:00+00:00"]
    return ("\n".join([*lines, f"estimated_minutes: {rng.choice([30, 60])}"]) + "\n").encode()


TASKS = [task(seed) for seed in range(1_000)]


def best(work: Callable[[bytes], Any], rounds: int = 7) -> float:
    """Seconds for one file, in the quietest of several rounds."""
    fastest = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        for raw in TASKS:
            work(raw)
        fastest = min(fastest, time.perf_counter() - begin)
    return fastest / len(TASKS)


def native() -> float:
    return best(lambda raw: loads(raw.decode(), parse_datetime=False))


def test_reading_costs_little_more_than_the_native_parser() -> None:
    assert best(lambda raw: read("x", raw)) < 2 * native()


def test_a_file_with_markdown_and_umlauts_is_read_quickly() -> None:
    body = "".join(f"  * **bold** für {word} & <b>{word}</b>!\n" for word in WORDS * 4)
    raw = f"id: x\ndescription: |\n{body}".encode()
    begin = time.perf_counter()
    for _ in range(200):
        read("x", raw)
    assert (time.perf_counter() - begin) / 200 < 40 * native()


def test_a_top_level_key_is_found_without_a_scan() -> None:
    text = TASKS[0].decode()
    begin = time.perf_counter()
    for _ in range(2_000):
        locate(text, "/estimated_minutes")
    assert (time.perf_counter() - begin) / 2_000 < 3 * native()


def test_an_edit_of_one_field_takes_a_hundred_parses_at_most() -> None:
    raws = TASKS[:100]
    begin = time.perf_counter()
    for raw in raws:
        doc = loads(raw.decode(), parse_datetime=False)
        assert isinstance(doc, dict)
        rewrite(raw.decode(), {**doc, "status": "done"})
    assert (time.perf_counter() - begin) / len(raws) < 200 * native()


def test_formatting_is_linear() -> None:
    def seconds(count: int) -> float:
        text = "a:\n" + "".join(f"  - item {number}  # c\n" for number in range(count))
        fastest = float("inf")
        for _ in range(3):
            begin = time.perf_counter()
            fmt(text.encode())
            fastest = min(fastest, time.perf_counter() - begin)
        return fastest

    assert seconds(2_000) < 25 * seconds(200)


@pytest.mark.slow
def test_importing_the_package_loads_nothing_heavy() -> None:
    import subprocess

    code = (
        "import sys, orchestrator.text.read, orchestrator.text.edit, orchestrator.text.fmt\n"
        "print([name for name in ('ruamel', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
