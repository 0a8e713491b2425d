"""The loop of `watch`: hear, wait until it has come to rest, look, tell, and what follows."""

import gc
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from orchestrator.check.run import check
from orchestrator.cli.session import Session
from orchestrator.cli.watch.feed import Feed
from orchestrator.cli.watch.follow import Followers
from orchestrator.cli.watch.options import Wishes
from orchestrator.errors import OrchestratorError
from orchestrator.store.committing import NotCommittedError
from orchestrator.store.git import StoreError
from orchestrator.store.load import Report
from orchestrator.store.watch.committing import commit_valid
from orchestrator.store.watch.ears import Ears, Stop
from orchestrator.store.watch.git_state import GitState, git_state
from orchestrator.store.watch.memory import Look, Memory
from orchestrator.store.watch.news import news
from orchestrator.store.watch.settle import FEW, LOCK_PATIENCE, Settling
from orchestrator.store.watch.stamps import stamps_for
from orchestrator.store.watch.uncommitted import uncommitted
from orchestrator.store.workspace import Workspace

_NOTHING = Look((), ())
_RETRY = 1.0  # seconds after which what failed is tried again


@dataclass
class Watch:
    """A workspace that is watched.

    Attributes:
        session: Where, and the clock.
        wishes: What it was asked for.
        stop: Ends it.
        ears: Listen to the files.
        feed: Tells.
        followers: What runs after changes and commits.
    """

    session: Session
    wishes: Wishes
    stop: Stop
    ears: Ears
    feed: Feed
    followers: Followers
    _workspace: Workspace = field(init=False)
    _memory: Memory = field(init=False)
    _report: Report = field(default_factory=lambda: Report((), 0))
    _settling: Settling = field(default_factory=Settling)
    _rescan: float = 0.0
    _commit: float | None = None
    _missed: Look = _NOTHING
    _is_gone: bool = False
    _locked: float | None = None
    _said: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # One process: a fork beside the threads that listen to the system could hang.
        self._workspace = replace(self.session.workspace, processes=1)
        self._memory = Memory(self._workspace.files)

    def run(self) -> None:
        """Watch until it is told to stop."""
        began = time.perf_counter()
        self.ears.listen()
        self._tell_refusal()
        # Before anybody is told that it has begun: what they commit from then on is new.
        self.followers.begin(self._workspace, self._state())
        self._look()
        self.feed.started(self._report, time.perf_counter() - began)
        # What is read stays: looking through it for garbage again and again would be for nothing.
        gc.collect()
        gc.freeze()
        gc.enable()
        self._owe_commit()
        self._rescan = time.monotonic() + self.wishes.rescan
        try:
            while not self.stop.is_set():
                self._tick()
        finally:
            self.ears.close()
            self.followers.stop()
        self.feed.did("stopped", "Stopped.")

    def _tick(self) -> None:
        heard = self.ears.wait()
        moment = time.monotonic()
        if heard.number:
            self._settling.heard(moment, heard.number, has_removals=heard.has_removals)
        if moment >= self._rescan:
            self._rescan = moment + self.wishes.rescan
            self.ears.close()
            self._reopen()
            self._settling.heard(moment)
        if self._is_gone and self._workspace.root.is_dir():
            # It comes back piece by piece.
            self._settling.heard(moment, FEW + 1)
            self._is_gone = False
            self._reopen()
        try:
            self._act(moment)
        except (StoreError, OSError) as error:
            self._say_once("error", _sentence(error))
            self._settling.heard(moment + _RETRY)

    def _act(self, moment: float) -> None:
        if self.stop.is_set():
            return
        state = self._state() if self._settling.first is not None or self._commit else GitState()
        if self._settling.is_due(
            moment, is_locked=state.is_locked, is_unfinished=state.unfinished is not None
        ):
            self._settling.clear()
            self._check(state)
            self._said.pop("error", None)
        elif self._settling.first is None and self._commit is not None:
            self._commit_if_due(moment, state)
        self.followers.tick(self._workspace, moment)

    def _check(self, state: GitState) -> None:
        """Look, and tell what is new."""
        if not self._workspace.root.is_dir():
            self._is_gone = True
            self.ears.close()
            self._say_once("gone", f"{self._workspace.root} is gone; waiting for it to come back.")
            return
        self.ears.listen()
        self._tell_refusal()
        before = self._report.problems
        look = _both(self._missed, self._look())
        self._missed = _NOTHING
        if self.wishes.stamps and look.changed and state.unfinished is None:
            look = self._stamp(look)
        told = news(before, self._report.problems)
        is_back = self._said.pop("gone", None) is not None
        if look.changed or told.new or told.fixed or is_back:
            self.feed.checked(look, told, self._report, is_back=is_back)
        if look.changed:
            self._owe_commit()
            self._said.pop("commit", None)
        if look.meant:
            self.followers.changed(look.meant, len(self._report.problems))

    def _look(self) -> Look:
        look = self._memory.look(self._workspace.files)
        problems = self._memory.located(check(self._memory.snapshot(), self.session.now))
        self._report = Report(problems, self._memory.files)
        return look

    def _stamp(self, look: Look) -> Look:
        """Fill stamps into the files that were saved, and look again."""
        patch, paths = stamps_for(self._report.problems, frozenset(look.changed))
        repository = self._workspace.repository
        if paths and repository is not None:
            # What git itself wrote, by a checkout or a merge, nobody saved.
            own = {file.path for file in uncommitted(repository)}
            patch, paths = stamps_for(self._report.problems, own.intersection(paths))
        if not paths:
            return look
        try:
            self._workspace.apply(patch, self.session.now, self._memory.snapshot())
        except OrchestratorError as error:
            self._say_once("stamp", f"No stamps in {', '.join(paths)} : {_sentence(error)}")
            return look
        self._said.pop("stamp", None)
        again = self._look()
        fields = sorted({str(op["path"]).rpartition("/")[2] for op in patch.ops})
        self.feed.did("stamped", f"Stamped {', '.join(fields)} in {', '.join(paths)}", paths)
        return _both(look, again)

    def _owe_commit(self) -> None:
        if self.wishes.commits:
            self._commit = time.monotonic() + self.wishes.quiet

    def _commit_if_due(self, moment: float, state: GitState) -> None:
        if self._commit is None or moment < self._commit or not self.followers.is_quiet:
            return
        if self._is_gone or state.hindrance is not None:
            self._commit = moment + _RETRY
            # Git is at work for a moment each time; what is worth a word lasts.
            if not self._is_gone and (state.lasts or self._is_stuck(moment)):
                self._say_once("hindrance", f"Not committed: {state.hindrance}.")
            return
        self._said.pop("hindrance", None)
        self._locked = None
        look = self._memory.look(self._workspace.files)
        if look.changed:
            # Unheard of until now: told first, committed after another quiet time.
            self._missed = look
            self._settling.heard(moment)
            return
        self._commit = None
        self._commit_now()

    def _is_stuck(self, moment: float) -> bool:
        """Return whether git has had its index locked for as long as a killed git would."""
        if self._locked is None:
            self._locked = moment
        return moment - self._locked >= LOCK_PATIENCE

    def _commit_now(self) -> None:
        try:
            done = commit_valid(self._workspace, self._memory, self.session.now)
        except NotCommittedError as error:
            if self.stop.is_set():
                return  # Ctrl-C ended git as well
            said = error.output.strip() or error.message
            self._say_once("commit", f"Git refused to commit:\n{said}", "Tried again when changed.")
            return
        except OrchestratorError as error:
            self._say_once("commit", f"Not committed: {error.message}", error.hint)
            return
        if done.oid is not None:
            self._said.pop("commit", None)
            self.feed.did(
                "committed", f"Committed as {done.oid[:12]}: {done.subject}",
                done.paths, commit=done.oid,
            )  # fmt: skip
        if done.held:
            self._say_once("held", _held(done.held), paths=tuple(done.held))
        else:
            self._said.pop("held", None)

    def _reopen(self) -> None:
        """Look for the repository anew: it may be another one, or none."""
        self._workspace = replace(self._workspace)

    def _state(self) -> GitState:
        try:
            return git_state(self._workspace.repository)
        except (StoreError, OSError):
            return GitState()

    def _tell_refusal(self) -> None:
        if self.ears.refusal is not None:
            self._say_once(
                "refusal",
                f"The system does not tell of changes ({self.ears.refusal}): "
                "looking every second instead.",
                "Raise fs.inotify.max_user_watches .",
            )

    def _say_once(
        self, about: str, message: str, hint: str | None = None, paths: Iterable[str] = ()
    ) -> None:
        if self._said.get(about) != message:
            self._said[about] = message
            self.feed.failed(message, hint, tuple(paths))


def _both(first: Look, second: Look) -> Look:
    return Look(
        tuple(sorted({*first.changed, *second.changed})),
        tuple(sorted({*first.meant, *second.meant})),
    )


def _sentence(error: Exception) -> str:
    if isinstance(error, OrchestratorError):
        return error.message
    return f"{(getattr(error, 'strerror', None) or str(error)).lower()}."


def _held(held: Mapping[str, str]) -> str:
    most = 5
    lines = [f"  {path}: {reason}" for path, reason in list(held.items())[:most]]
    more = [f"  … and {len(held) - most:,} more"] if len(held) > most else []
    return "\n".join(["Not committed yet:", *lines, *more])
