"""What follows changes and commits: the command of --exec, and the syncs of --sync."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestrator.cli.watch.children import Lane
from orchestrator.cli.watch.feed import Feed, ids_of
from orchestrator.cli.watch.options import Wishes
from orchestrator.store.git import Oid
from orchestrator.store.watch.git_state import GitState, git_state
from orchestrator.store.workspace import Workspace

_EVERY = 0.5  # seconds between two looks at what HEAD is
_EXEC = "--exec"


@dataclass
class Followers:
    """Runs what was asked for, one of a kind at a time; what comes meanwhile is gathered.

    Attributes:
        wishes: What was asked for.
        feed: Tells how it went.
        executing: Where the command of --exec runs.
        syncing: Where syncs run.
    """

    wishes: Wishes
    feed: Feed
    executing: Lane
    syncing: Lane
    _paths: set[str] = field(default_factory=set)
    _problems: int = 0
    _is_changed: bool = False
    _branch: str | None = None
    _head: Oid | None = None
    _looked: float = 0.0
    _due: list[str] = field(default_factory=list)

    @property
    def is_quiet(self) -> bool:
        """Whether no sync is at work, which writes and commits itself."""
        return self.syncing.is_free and not self._due

    def begin(self, workspace: Workspace, state: GitState) -> None:
        """Take note of the commit from which on syncs are due, and of its branch."""
        self._branch = state.branch
        if self.wishes.syncs:
            self._head = _head(workspace)

    def changed(self, paths: Iterable[str], problems: int) -> None:
        """Have the command run: files mean something else now.

        Args:
            paths: The files.
            problems: How many the plan has.
        """
        self._paths.update(paths)
        self._problems = problems
        self._is_changed = True

    def tick(self, workspace: Workspace, moment: float) -> None:
        """Start what is due and tell what has ended."""
        while (done := self.executing.poll()) is not None:
            if done.failure:
                self.feed.failed(f"{done.failure}.")
            elif self.wishes.as_json:
                self.feed.did("ran", "The command of --exec ended.", code=done.code)
        if self.wishes.command and self._is_changed and self.executing.is_free:
            self._execute(workspace)
        while (done := self.syncing.poll()) is not None:
            if done.failure:
                self.feed.failed(f"{done.failure}.", "It is tried again after the next commit.")
            else:
                self.feed.did("synced", f"{done.name.capitalize()} is done.", name=done.name[5:])
        if self.wishes.syncs and moment - self._looked >= _EVERY:
            self._looked = moment
            self._look_for_commits(workspace)
        if self._due and self.syncing.is_free and workspace.root.is_dir():
            name = self._due.pop(0)
            root = str(workspace.root)
            words = (sys.executable, "-m", "orchestrator", "-C", root, "sync", "run", name)
            self.syncing.start(f"sync {name}", words, workspace.root)

    def stop(self) -> None:
        """End what runs."""
        self.executing.stop()
        self.syncing.stop()

    def _execute(self, workspace: Workspace) -> None:
        if not workspace.root.is_dir():
            return
        paths = sorted(self._paths)
        self._paths.clear()
        self._is_changed = False
        given = {"ids": ids_of(paths), "paths": paths, "problems": self._problems}
        self.executing.start(_EXEC, self.wishes.command, workspace.root, given)

    def _look_for_commits(self, workspace: Workspace) -> None:
        """Have syncs run when the branch that was checked out at the start has a new commit."""
        state = git_state(workspace.repository)
        if state.hindrance is not None or state.branch != self._branch:
            return
        head = _head(workspace)
        if head is not None and head != self._head:
            sources = _sources(workspace, self._head, head)
            self._head = head
            self._due += [
                # What a sync committed, its tracker has already.
                name
                for name in self.wishes.syncs
                if name not in self._due and sources != {name}
            ]


def _head(workspace: Workspace) -> Oid | None:
    return None if workspace.repository is None else workspace.repository.head


def _sources(workspace: Workspace, before: Oid | None, head: Oid) -> set[str]:
    """Return which integrations the new commits came from; `""` for those that a person made."""
    span = head if before is None else f"{before}..{head}"
    shown = "--format=%(trailers:key=Source,valueonly,separator=%x20)"
    code, out, _ = workspace.required_repository.git.finish("log", shown, span, "--")
    return (
        {""} if code else {line.strip() for line in out.decode("utf-8", "replace").split("\n")[:-1]}
    )
