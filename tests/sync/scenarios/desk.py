"""One plan that is synced with all trackers by the command line, as a process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import write
from tests.sync.fakes.tracker import TOKEN, Tracker
from tests.sync.scenarios.pair import FAKES, PLAN, fake_of

Message = dict[str, Any]
# Waiting is tested elsewhere; everything else is as on anybody's machine.
_RUN = "import time; time.sleep = lambda _: None; from orchestrator.cli import main; main()"


@dataclass
class Desk:
    """One plan and every tracker.

    Attributes:
        root: The work tree.
        fakes: By kind, which is also the name of the integration.
        environment: Where the tokens are.
        settings: What differs from a fake's own settings, by kind.
    """

    root: Path
    fakes: Mapping[str, Tracker]
    environment: dict[str, str] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def settle(self) -> None:
        """Write the settings, and commit everything."""
        found = {
            kind: {
                **fake.settings(), "token": f"env:TOKEN_{kind.upper()}",
                **self.settings.get(kind, {}),
            }
            for kind, fake in self.fakes.items()
        }  # fmt: skip
        for kind in self.fakes:
            self.environment.setdefault(f"TOKEN_{kind.upper()}", TOKEN)
        text = f"{PLAN['orchestrator.yaml']}integrations: {json.dumps(found)}\n"
        write(self.root, {"orchestrator.yaml": text})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "Settings")

    def replace(self, task_id: str, old: str, new: str) -> None:
        """Change a line of a task's file; nothing is committed."""
        path = self.root / f"projects/pay/tasks/{task_id}.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-c", _RUN, "-C", str(self.root), "sync", *arguments],
            env={**os.environ, **self.environment}, capture_output=True, text=True, check=False,
            cwd=Path(__file__).parents[3],
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode in {0, 1}, done.stderr
        assert TOKEN not in done.stdout + done.stderr
        return done

    def told(self, *arguments: str) -> tuple[int, dict[str, list[Message]]]:
        """Sync everything; return the exit code and the messages of each integration."""
        done = self.run("run", "--json", *arguments)
        found: dict[str, list[Message]] = {kind: [] for kind in self.fakes}
        for line in done.stdout.splitlines():
            message = json.loads(line)
            found[message["integration"]].append(message)
        return done.returncode, found

    def title(self, kind: str) -> str:
        """Return the title that PAY-1 has in a tracker."""
        titles = {row["title"] for row in self.fakes[kind].items("tasks").values()}
        (found,) = titles - {"Retry", "Refund", "Report"}
        return str(found)


@contextmanager
def running(desk: Desk) -> Iterator[None]:
    with ExitStack() as stack:
        for fake in desk.fakes.values():
            stack.enter_context(fake.running())
        yield


def linked(root: Path) -> Desk:
    """Return a plan that is in step with every tracker; none of them runs any more."""
    desk = Desk(root, {kind: fake_of(kind) for kind in FAKES})
    with running(desk):
        write(root, dict(PLAN))
        desk.git("init", "--quiet", "--initial-branch=main")
        desk.settle()
        code, told = desk.told()
        assert code == 0, told
    return desk
