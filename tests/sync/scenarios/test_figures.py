"""What a sync takes: requests beside the fewest possible, processor time and memory."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import write
from tests.sync.scenarios.pair import EMPTY, FAKES

_HERE = Path(__file__).parents[3]
_SECONDS = 2.0
_MEGABYTES = 400


class Served:
    """A tracker in a process of its own, and a plan that is synced with it by others."""

    def __init__(self, door: "subprocess.Popen[str]", root: Path) -> None:
        self._door = door
        self.root = root
        write(root, dict(EMPTY))
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def ask(self, *command: Any) -> Any:
        """Have the tracker do something, and return what it says."""
        assert self._door.stdin is not None
        assert self._door.stdout is not None
        self._door.stdin.write(json.dumps(command) + "\n")
        self._door.stdin.flush()
        return json.loads(self._door.stdout.readline())

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=True
        ).stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", "Change")

    def take(self, mode: str, extent: str = "new") -> dict[str, Any]:
        """Plan or sync in a process of its own; return what it took."""
        at = self.ask("pass", 900)
        self.ask("count")
        settings = json.dumps(self.ask("settings"))
        measured = [sys.executable, "-m", "tests.sync.scenarios.measuring", mode, extent]
        with subprocess.Popen(
            [*measured, str(self.root), settings, at], cwd=_HERE, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        ) as client:  # fmt: skip
            assert client.stdout is not None
            assert client.stdin is not None
            told: dict[str, Any] = {}
            for line in client.stdout:
                told = json.loads(line)
                if "sleep" in told:
                    self.ask("pass", told["sleep"])
                    client.stdin.write("\n")
                    client.stdin.flush()
        assert told.get("fine"), told
        counted = self.ask("count")
        return {**told, "requests": counted["all"], "writes": counted["writes"]}

    def edit(self, count: int, word: str) -> None:
        """Change title, status and label of so many tasks here."""
        for path in sorted(self.root.glob("projects/*/tasks/*.yaml"))[:count]:
            text = path.read_text().replace("status: todo", "status: in_progress")
            lines = [
                f"title: {word} {path.stem}" if line.startswith("title:") else line
                for line in text.splitlines()
            ]
            path.write_text("\n".join(lines).replace("- api", "- web") + "\n")
        self.commit()


@contextmanager
def served(kind: str, root: Path, tasks: int) -> Iterator[Served]:
    """Serve a tracker with so many tasks while the block runs, and link a plan with all of them."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.sync.scenarios.serving", kind], cwd=_HERE, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ),
    ) as door:  # fmt: skip
        try:
            found = Served(door, root)
            found.ask("add", tasks)
            first = found.take("sync")
            assert first["actions"] >= tasks, first
            print(row(kind, f"import of {tasks:,}", first, found.ask("least", {"listed": tasks})))  # noqa: T201 - the table
            found.take("sync")
            yield found
        finally:
            door.terminate()


def row(kind: str, what: str, told: dict[str, Any], least: int) -> str:
    """Return a line of the table that a slow run prints."""
    return (
        f"{kind:8} {what:28} {told['requests']:6,} requests (least {least:6,}) "
        f"{told['cpu']:6.2f} s + git {told['git']:5.2f} s {told['megabytes']:5.0f} MB"
    )


@pytest.mark.parametrize(
    ("kind", "tasks"),
    [
        *((kind, 300) for kind in ("linear",)),
        *(pytest.param(kind, 10_000, marks=pytest.mark.slow) for kind in FAKES),
    ],
)
def test_a_sync_takes_little_more_than_it_must(
    kind: str, tasks: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = []
    with (
        capsys.disabled(),
        served(kind, tmp_path / "plan", tasks) as here,
    ):
        is_listing = kind == "motion"  # it always lists everything
        for extent in ("new", "full"):
            told = here.take("plan", extent)
            assert told["actions"] == told["writes"] == 0, told
            least = here.ask("least", {"listed": tasks if is_listing or extent == "full" else 0})
            faults += judged(kind, f"nothing changed, {extent}", told, least)
        changed = tasks // 100
        here.edit(changed, "Ours")
        told = here.take("sync")
        least = here.ask("least", {"listed": tasks if is_listing else 0, "changed": changed})
        faults += judged(kind, f"{changed} changed here", told, least)
        assert sum(title.startswith("Ours") for title in here.ask("titles")) == changed
        here.ask("edit", changed)
        told = here.take("sync")
        assert told["writes"] == 0
        least = here.ask("least", {"listed": tasks if is_listing else changed})
        faults += judged(kind, f"{changed} changed there", told, least)
    assert not faults, faults


def judged(kind: str, what: str, told: dict[str, Any], least: int) -> list[str]:
    """Print what something took, and return what of it was too much."""
    line = row(kind, what, told, least)
    print(line)  # noqa: T201 - the table
    # A few more are what it takes to learn who asks, where, and which words the tracker has.
    is_much = told["requests"] > 1.2 * least + 10
    is_slow = told["cpu"] + told["git"] > _SECONDS and "nothing" in what
    return [line] if is_much or is_slow or told["megabytes"] > _MEGABYTES else []
