"""A clone of a plan that is synced with a tracker in memory, with real git."""

import copy
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestrator.model.snapshot import Snapshot
from orchestrator.store.load import load
from orchestrator.store.workspace import Workspace
from orchestrator.sync.base.ref import Stored, Written, read_base
from orchestrator.sync.reconcile.done import Done
from orchestrator.sync.remote import Progress, Tie, World
from orchestrator.sync.run.carry import Result, carry_out
from orchestrator.sync.run.execute import Failure
from orchestrator.sync.run.ground import stand
from orchestrator.sync.run.origin import Sharing
from orchestrator.sync.run.prepare import Prepared, Setting, Wishes, prepare
from tests.sync.memory import Memory

NAME = "tracker"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Clone:
    """A work tree, and the tracker that it is synced with.

    Attributes:
        root: The work tree.
        memory: The tracker.
        settings: What the integration says beside its name and kind.
        tokens: How many were drawn, so that runs can be repeated.
    """

    root: Path
    memory: Memory
    settings: dict[str, Any] = field(default_factory=dict)
    tokens: int = 0
    moment: datetime = START
    told: list[Done | Failure] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root, dict(os.environ))

    @property
    def tie(self) -> Tie:
        return Tie(NAME, "linear", "env:X", **self.settings)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def copy(self, root: Path) -> "Clone":
        """Return the same in another folder, with a tracker of its own."""
        shutil.copytree(self.root, root, symlinks=True)
        return Clone(root, copy.deepcopy(self.memory), self.settings, self.tokens, self.moment)

    def plan(self, wishes: Wishes | None = None) -> Prepared:
        wishes = wishes or Wishes(sharing=Sharing(is_read_only=True))
        self.workspace.mend()
        return prepare(stand(self.workspace), self._setting(), wishes)

    def sync(self, wishes: Wishes | None = None, branch: str | None = None) -> Result:
        self.workspace.mend()
        setting = self._setting()
        prepared = prepare(stand(self.workspace), setting, wishes or Wishes())
        return carry_out(prepared, setting, branch=branch, told=self.told.append)

    def write(self, path: str, text: str) -> None:
        """Write a file of the plan and commit it."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        self.commit(path)

    def edit(self, task_id: str, old: str, new: str) -> None:
        """Change a line of a task's file and commit it."""
        path = self.path_of(task_id)
        text = (self.root / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def remove(self, task_id: str) -> None:
        """Remove a task's file and commit that."""
        path = self.path_of(task_id)
        (self.root / path).unlink()
        self.commit(path)

    def commit(self, path: str = ".") -> None:
        self.git("add", "--all", path)
        self.git("commit", "--quiet", "-m", f"Change {path}")

    def path_of(self, task_id: str) -> str:
        return self.snapshot.path_of("tasks", task_id)

    @property
    def snapshot(self) -> Snapshot:
        """The plan at HEAD."""
        return load(self.workspace.at("HEAD")).snapshot

    @property
    def base(self) -> Stored:
        found = read_base(self.workspace.required_repository.git, NAME)
        assert found is not None
        return found

    def titles(self) -> dict[str, str]:
        """Return the titles of live tasks at HEAD, by key over there."""
        return {
            task["external_ids"][NAME]: task["title"]
            for _, task in self.snapshot.live_tasks()
            if NAME in (task.get("external_ids") or {})
        }

    def _setting(self) -> Setting:
        by = Written("Dana", "dana@example.com", START, f"sync {NAME}")
        return Setting(self.tie, self.memory, self._world(), by, self._token)

    def _world(self) -> World:
        def sleep(seconds: float) -> None:
            self.moment += timedelta(seconds=seconds)

        def now() -> datetime:
            self.moment += timedelta(milliseconds=1)
            return self.moment

        return World(now, sleep, lambda: 0.5, self.progress.append)

    def _token(self) -> str:
        self.tokens += 1
        return f"00000000-0000-4000-8000-{self.tokens:012d}"


Make = Callable[..., Clone]
