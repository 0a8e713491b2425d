"""The same as `test_machine`, through the real run: files, commits, the ref and the journal."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from orchestrator.model.fields import FIELDS
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.diff import changes_between
from orchestrator.store.load import load
from orchestrator.store.workspace import Workspace
from orchestrator.sync.action import Plan
from orchestrator.sync.base.ref import read_base
from orchestrator.sync.record import Base, Meta
from orchestrator.sync.run.origin import Sharing
from orchestrator.sync.run.prepare import Wishes
from orchestrator.text.render import render
from tests.sync.memory import Memory
from tests.sync.reconcile.desk import Desk, Killed, plan
from tests.sync.reconcile.test_machine import QUIET, Sync
from tests.sync.run.clone import NAME, Clone

KINDS = ("settings", "users", "projects", "tasks")


class Workbench(Desk):
    """A desk whose plan lies in a git repository, and whose runs are the real ones."""

    def __init__(self, remote: Memory) -> None:
        self.clone = Clone(Path(tempfile.mkdtemp()), remote)
        self.clone.git("init", "--quiet", "--initial-branch=main")
        self._head, self._read = "", Snapshot()
        super().__init__(plan(t1={"description": "L1"}), remote)

    @property
    def snapshot(self) -> Snapshot:
        head = (
            self.clone.git("rev-parse", "--verify", "--quiet", "HEAD").strip() if self._head else ""
        )
        if head != self._head:
            workspace = Workspace(self.clone.root, dict(os.environ))
            self._read, self._head = load(workspace.at("HEAD")).snapshot, head
        return self._read

    @snapshot.setter
    def snapshot(self, wanted: Snapshot) -> None:
        before = self.snapshot
        for change in changes_between(before, wanted):
            source = wanted if change.after is not None else before
            path = self.clone.root / source.path_of(change.kind, change.id)
            if change.before is not None and change.after is not None:
                (self.clone.root / before.path_of(change.kind, change.id)).unlink()
            if change.after is None:
                path.unlink()
                continue
            document = {name: value for name, value in change.after.items() if name != "project"}
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render(document, FIELDS[change.kind]))
        self.clone.git("add", "--all")
        self.clone.git("commit", "--quiet", "--allow-empty", "-m", "Edit")
        self._head = "unread"

    @property
    def base(self) -> Base:
        found = read_base(self.clone.workspace.required_repository.git, NAME)
        return found.base if found is not None else Base(Meta("lineage"))

    @base.setter
    def base(self, _: Base) -> None:
        """The run alone writes it."""

    def settings(self, **values: Any) -> "Workbench":
        self.clone.settings |= values
        self.tie = self.clone.tie
        return self

    def plan(self, **wish: Any) -> Plan:
        return self.clone.plan(self._wishes(wish, is_read_only=True)).plan

    def sync(
        self,
        *,
        is_written: bool = True,
        is_sent: Callable[[str], bool] = lambda _: True,
        dies: Literal["before files", "before base"] | None = None,
        **wish: Any,
    ) -> Plan:
        assert is_sent("") is True
        where = {"before files": "land", "before base": "take"}.get(dies or "")
        fatal = patch(f"orchestrator.sync.run.carry.{where}", side_effect=Killed)
        with fatal if where else nullcontext():
            result = self.clone.sync(
                self._wishes(wish), branch=None if is_written else f"sync/{NAME}"
            )
        assert result.landed is not None, result.refusal
        refused = [failure.action.id for failure in result.outcome.failures]
        self.failed = dict.fromkeys(refused, "it failed")
        return result.prepared.plan

    def _wishes(self, wish: dict[str, Any], *, is_read_only: bool = False) -> Wishes:
        return Wishes(
            is_full=self.full,
            allow_deletions=bool(wish.get("allow_deletions")),
            sharing=Sharing(is_read_only=is_read_only),
        )


class RealSync(Sync):
    """The machine over a real repository."""

    def desk_with(self, remote: Memory) -> Desk:
        return Workbench(remote)

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            if hasattr(self, "desk"):
                assert isinstance(self.desk, Workbench)
                shutil.rmtree(self.desk.clone.root)


def test_a_real_run_brings_both_sides_together() -> None:
    _try(examples=4, steps=8)


@pytest.mark.slow
def test_a_real_run_brings_both_sides_together_for_long() -> None:
    _try(examples=30, steps=20)


def _try(examples: int, steps: int) -> None:
    assert subprocess.run(["git", "--version"], check=False, capture_output=True).returncode == 0
    run_state_machine_as_test(
        RealSync,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, suppress_health_check=QUIET,
            phases=[Phase.generate],
        ),
    )  # fmt: skip
