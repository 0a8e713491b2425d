"""What costs the same whatever the plan: starting, and editing one field of one file."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.plans import PROGRAM
from benchmarks.table import Limit, Row
from benchmarks.timing import Times, rounds_of, seconds_of, seconds_of_call, turns
from orchestrator.text.edit import rewrite
from orchestrator.text.read import read

_EDITS = 50
_FILE = (
    "id: PAY-7K3F\ntitle: Retry captures after a timeout\nstatus: todo\npriority: high\n"
    "assignee: dana\nlabels: [api, payments]\ndependencies:\n  - PAY-4A2C\n"
    "description: |\n" + "  Some words about why this is needed, and how.\n" * 6
    + "created_at: 2026-01-02T09:14:00+00:00\nestimated_minutes: 120\n"
)  # fmt: skip
_CHANGES: Mapping[str, dict[str, Any]] = {
    "edit one field, in process": {"status": "blocked"},
    "add to a list, in process": {"labels": ["api", "payments", "web"]},
    "replace a long text, in process": {"description": "New.\n\nText.\n"},
}


def start_rows(rounds: int) -> Iterator[Row]:
    """`--version`, `--help`, and what the shells ask for when Tab is pressed."""
    for arguments in (
        ["--version"],
        ["--help"],
        ["task", "list", "--help"],
        ["completion", "bash"],
    ):
        ours, floor = turns(
            rounds * 2,
            partial(seconds_of, [*PROGRAM, *arguments]),
            lambda: seconds_of([sys.executable, "-c", "pass"]),
        )
        work = f"orchestrator {' '.join(arguments)}"
        yield Row(work, None, ours, floor, "python -c pass", Limit(plus=0.1))
    yield Row(
        "a press of Tab: orchestrator ta…", None, rounds_of(rounds * 2, _press_of_tab),
        limit=Limit(plus=0.1),
    )  # fmt: skip


def _press_of_tab() -> float:
    script = Path(sys.executable).with_name("orchestrator")
    asked = {
        "_ORCHESTRATOR_COMPLETE": "bash_complete",
        "COMP_WORDS": "orchestrator ta",
        "COMP_CWORD": "1",
    }

    def press() -> None:
        done = subprocess.run(
            [script], env={**os.environ, **asked}, capture_output=True, text=True, check=True
        )
        assert "plain,task\n" in done.stdout, done.stdout

    return seconds_of_call(press)


def edit_rows() -> Iterator[Row]:
    """One field of one file, in process, without writing it."""
    document = read("x", _FILE.encode())
    assert isinstance(document, dict)
    for work, change in _CHANGES.items():
        target = {**document, **change}
        rewrite(_FILE, target)  # warms up
        times = [seconds_of_call(partial(rewrite, _FILE, target)) for _ in range(_EDITS)]
        yield Row(work, None, Times(tuple(times)), limit=Limit(plus=0.002))
