"""A plan in real git and a tracker's fake, joined by the real engine and the real adapter."""

import copy
import json
import os
import shutil
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from orchestrator.model.snapshot import Snapshot
from orchestrator.store.load import load
from orchestrator.store.workspace import Workspace
from orchestrator.sync.action import Action
from orchestrator.sync.base.ref import Stored, Written, read_base
from orchestrator.sync.item import Kind
from orchestrator.sync.remote import Capabilities, Tie
from orchestrator.sync.remotes import KINDS, open_remote
from orchestrator.sync.run.carry import Result, carry_out
from orchestrator.sync.run.ground import stand
from orchestrator.sync.run.origin import Sharing
from orchestrator.sync.run.prepare import Prepared, Setting, Wishes, prepare, survey
from tests.conftest import write
from tests.sync.fakes.server import Seen
from tests.sync.fakes.tracker import PEOPLE, TOKEN, Clock, Tracker

NAME = "tracker"
READING = Wishes(sharing=Sharing(is_read_only=True))
FAKES = tuple(kind for kind in KINDS if find_spec(f"tests.sync.fakes.{kind}"))
"""The trackers that have a fake."""

EMPTY = {
    "orchestrator.yaml": "version: 1\nname: Test\n",
    **{
        f"users/{who}.yaml": f"id: {who}\nname: {who.capitalize()}\nemail: {mail}\n"
        for who, (mail, _) in PEOPLE.items()
    },
}
PLAN = {
    **EMPTY,
    "projects/pay/project.yaml": "id: pay\nkey: PAY\ntitle: Payments\nstatus: active\n",
    "projects/pay/tasks/PAY-1.yaml": (
        "id: PAY-1\ntitle: Capture  # the first\nstatus: todo\npriority: high\nassignee: dana\n"
        "labels: [api, db]\ndescription: |\n  Take the money.\n\n  - once\n"
    ),
    "projects/pay/tasks/PAY-2.yaml": "id: PAY-2\ntitle: Retry\nstatus: todo\nparent: PAY-1\n",
    "projects/pay/tasks/PAY-3.yaml": (
        "id: PAY-3\ntitle: Refund\nstatus: in_progress\ndependencies:\n  - PAY-2\n"
    ),
    "projects/pay/tasks/PAY-4.yaml": (
        "id: PAY-4\ntitle: Report\nstatus: todo\npriority: low\ndue_date: 2026-12-01\n"
    ),
}
"""A plan with a hierarchy, a dependency, people, labels and days."""


def fake_of(kind: str) -> Tracker:
    """Return a tracker that holds nothing yet."""
    module = import_module(f"tests.sync.fakes.{kind}")
    made: Tracker = getattr(module, kind.capitalize())(Clock())
    return made


def copied(fake: Tracker) -> Tracker:
    """Return a tracker that holds the same, and is served apart."""
    memo: dict[int, Any] = {id(fake.server.lock): threading.RLock()}
    return copy.deepcopy(fake, memo)


def is_write(seen: Seen) -> bool:
    """Whether a request asks for a change, in any of the five APIs."""
    if seen.method in {"GET", "HEAD"}:
        return False
    if seen.path.endswith("/graphql"):
        return b"mutation" in seen.body
    return not seen.path.endswith(("/query", "/search"))


@dataclass
class Pair:
    """A work tree and the tracker that it is synced with.

    Attributes:
        root: The work tree.
        fake: The tracker; it has to run.
        changes: What the integration says beside what the fake's own settings do.
        can: What the tracker can hold, as of the last run.
        around: Put around each request of the engine's, to make it fail.
    """

    root: Path
    fake: Tracker
    changes: dict[str, Any] = field(default_factory=dict)
    can: Capabilities = field(default_factory=lambda: Capabilities({}))
    around: Callable[[Any], Any] = lambda remote: remote

    # Running.

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root, dict(os.environ))

    @property
    def tie(self) -> Tie:
        return self.fake.tie(**{"name": NAME, **self.changes})

    def sync(self, wishes: Wishes | None = None, branch: str | None = None) -> Result:
        """Plan and carry out, as `orchestrator sync` does."""
        with self._setting() as setting:
            prepared = prepare(stand(self.workspace), setting, wishes or Wishes())
            self.can = prepared.there.can
            return carry_out(prepared, setting, branch=branch)

    def synced(self, wishes: Wishes | None = None) -> Result:
        """Sync, and see to it that nothing failed and nothing waits."""
        result = self.sync(wishes)
        assert result.is_fine, told(result)
        return result

    def resync(self, replan: Callable[[Prepared, Setting], Prepared]) -> Result:
        """Carry another plan out, made of what is read now."""
        with self._setting() as setting:
            read = survey(stand(self.workspace), setting, Wishes(is_full=True))
            return carry_out(replan(read, setting), setting)

    def plan(self, wishes: Wishes = READING) -> Prepared:
        """Only read and plan."""
        with self._setting() as setting:
            prepared = prepare(stand(self.workspace), setting, wishes)
            self.can = prepared.there.can
            return prepared

    @contextmanager
    def _setting(self) -> Iterator[Setting]:
        self.fake.clock.pass_by(minutes=2)
        self.workspace.mend()
        with open_remote(self.tie, TOKEN, self.fake.clock.world) as remote:
            by = Written("Dana", "dana@example.com", self.fake.clock.now(), f"sync {NAME}")
            yield Setting(
                self.tie, self.around(remote), self.fake.clock.world, by,
                lambda: str(uuid.uuid4()),
            )  # fmt: skip

    def copy(self, root: Path) -> "Pair":
        """Return the same in another folder, with a tracker of its own."""
        shutil.copytree(self.root, root, symlinks=True)
        return Pair(root, copied(self.fake), dict(self.changes), self.can)

    # The plan.

    def git(self, *arguments: str) -> str:
        now = self.fake.clock.now().isoformat()
        dates = {"GIT_AUTHOR_DATE": now, "GIT_COMMITTER_DATE": now}
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, capture_output=True, text=True, check=False,
            env={**os.environ, **dates},
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def write(self, files: Mapping[str, str]) -> None:
        """Write files of the plan and commit them."""
        self.fake.clock.pass_by(minutes=2)
        write(self.root, dict(files))
        self.commit()

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "Change")

    def make(self, task_id: str, **fields: Any) -> None:
        """Make a task here."""
        found = {"title": task_id, "status": "todo", **fields}
        self.write({f"projects/pay/tasks/{task_id}.yaml": _yaml({"id": task_id, **found})})

    def edit(self, entity_id: str, **fields: Any) -> None:
        """Change fields here, and commit; None takes one away."""
        kind = _kind(entity_id)
        snapshot = self.snapshot
        path = snapshot.path_of(kind, entity_id)
        document = {**snapshot.entities(kind)[entity_id], **fields}
        if kind == "tasks":
            document.pop("project")
        self.write({path: _yaml(document)})

    def remove(self, *ids: str) -> None:
        """Remove files of tasks, and commit that."""
        for task_id in ids:
            (self.root / self.snapshot.path_of("tasks", task_id)).unlink()
        self.fake.clock.pass_by(minutes=2)
        self.commit()

    @property
    def snapshot(self) -> Snapshot:
        """The plan at HEAD."""
        return load(self.workspace.at("HEAD")).snapshot

    def ours(self, entity_id: str) -> Mapping[str, Any]:
        """Return a task or project at HEAD."""
        return self.snapshot.entities(_kind(entity_id))[entity_id]

    def live(self) -> dict[str, Mapping[str, Any]]:
        """Return the live tasks at HEAD by id."""
        return dict(self.snapshot.live_tasks())

    # The tracker.

    @property
    def base(self) -> Stored:
        found = read_base(self.workspace.required_repository.git, NAME)
        assert found is not None
        return found

    def key(self, entity_id: str) -> str:
        """Return what an item of ours is over there."""
        return self.base.base.records[_kind(entity_id), entity_id].key

    def theirs(self, entity_id: str) -> dict[str, Any]:
        """Return an item of ours as it is over there; references are keys."""
        return self.fake.items(_kind(entity_id))[self.key(entity_id)]

    def there(self, kind: str = "tasks") -> dict[str, dict[str, Any]]:
        """Return what is over there, by title, which nothing may share."""
        rows = list(self.fake.items(kind).values())
        found = {row["title"]: row for row in rows}
        assert len(found) == len(rows), sorted(row["title"] for row in rows)
        return found

    def key_of(self, title: str) -> str:
        """Return the key of the only item over there with a title."""
        (key,) = (key for key, row in self.fake.items("tasks").items() if row["title"] == title)
        return key

    def change(self, entity_id: str, **fields: Any) -> None:
        """Change an item of ours as somebody over there would."""
        key = self.key(entity_id)
        self.fake.clock.pass_by(minutes=2)
        self.fake.edit(_kind(entity_id), key, fields)

    def add(self, **fields: Any) -> str:
        """Make a task as somebody over there would; it is in the project that is linked."""
        self.fake.clock.pass_by(minutes=2)
        found = {"status": "todo", **self.fitting(fields)}
        project = self.base.base.records.get(("projects", "pay"))
        if self.holds("project") and project is not None:
            found = {"project": project.key, **found}
        return self.fake.add("tasks", found)

    def holds(self, name: str, kind: Kind = "tasks") -> bool:
        """Whether a field crosses over both ways."""
        return self.can.fields.get(kind, {}).get(name) == "both"

    def fitting(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that the tracker can hold."""
        return {name: value for name, value in fields.items() if self.holds(name)}

    def writes(self) -> int:
        """Return how many requests have asked for a change."""
        return sum(is_write(seen) for seen in self.fake.server.seen)

    # What holds afterwards.

    def is_quiet(self) -> None:
        """Assert that nothing is left to do: no write, no commit, and soon no new base either.

        The first run may still note what the tracker wrote down for itself.
        """
        before = self.branches(), self.writes(), self.git("status", "--porcelain")
        records = []
        for is_full in (False, True):
            result = self.synced(Wishes(is_full=is_full))
            todo = [each for each in result.prepared.plan.actions if each.verb != "skip"]
            assert todo == [], todo
            assert (self.branches(), self.writes(), self.git("status", "--porcelain")) == before
            records.append(self.base.base.records)
        assert records[0] == records[1]

    def branches(self) -> str:
        """Return every ref but the base's."""
        found = self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return "\n".join(line for line in found if "refs/orchestrator/sync/" not in line)


def told(result: Result) -> str:
    """Return what a run says of what went wrong."""
    refused = result.landed.refused if result.landed else result.refusal
    clashes = [action for action in result.prepared.plan.actions if action.clashes]
    return f"{result.outcome.failures} {result.outcome.stopped} {refused} {clashes}"


def action_of(prepared: Prepared, entity_id: str) -> Action:
    """Return what a plan does with an item."""
    (found,) = (action for action in prepared.plan.actions if action.id == entity_id)
    return found


def begun(root: Path, fake: Tracker, files: Mapping[str, str] = PLAN) -> Pair:
    """Return a plan in a repository of its own, never synced."""
    write(root, dict(files))
    pair = Pair(root, fake)
    pair.git("init", "--quiet", "--initial-branch=main")
    pair.commit()
    return pair


def _kind(entity_id: str) -> Kind:
    return "tasks" if entity_id.isupper() else "projects"


def _yaml(document: Mapping[str, Any]) -> str:
    lines = (
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n"
        for name, value in document.items()
        if value not in (None, [])
    )
    return "".join(lines)
