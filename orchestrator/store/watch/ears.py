"""Hearing of changes: from the system, or, where it has no more to give, by looking regularly."""

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.model.places import SETTINGS_FILE, TEMPLATES, layer_of

STEP = 20
"""Milliseconds without a change after which changes are handed over."""

BURST = 1_000
"""Milliseconds for which changes are gathered at most."""

TICK = 100
"""Milliseconds after which `wait` returns at the latest."""

POLL = 1.0
"""Seconds between two looks where the system does not tell."""

_REMOVED = 3


class Stop:
    """Whether to stop, as signals say it; safe to set in the midst of anything."""

    is_wished = False

    def is_set(self) -> bool:
        """Return whether to stop."""
        return self.is_wished


class Heard(NamedTuple):
    """What was heard in one wait.

    Attributes:
        number: Of changes that may be to the plan.
        has_removals: Whether something was removed or renamed.
    """

    number: int = 0
    has_removals: bool = False


Events = Iterator[AbstractSet[tuple[int, str]]]
"""Sets of changes, empty ones after each tick: what happened, and the path."""

Listen = Callable[[list[str], Stop], Events]


def _listen(folders: list[str], stop: Stop) -> Events:
    from watchfiles import watch

    return watch(
        *folders,
        watch_filter=None,
        debounce=BURST,
        step=STEP,
        rust_timeout=TICK,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
        recursive=False,
        # With True, it is silent about the limit on watches as well.
        ignore_permission_denied=False,
    )


@dataclass
class Ears:
    """What listens to the folders of a plan.

    Attributes:
        root: The workspace's folder.
        stop: Ends a wait.
        polls: Whether it looks regularly, because it was told to or the system refused.
        refusal: Why the system refused; None as long as it has not.
        listens: Starts listening; tests put their own in its place.
    """

    root: Path
    stop: Stop
    polls: bool = False
    refusal: str | None = None
    listens: Listen = _listen
    _events: Any = None
    _folders: frozenset[tuple[str, int, int]] = frozenset()
    _polled: float = 0.0

    def listen(self) -> None:
        """Listen to the folders that are there now; costs nothing where they are the same."""
        while not self.polls:
            folders = frozenset(plan_folders(self.root))
            if folders == self._folders and (self._events is not None or not folders):
                return
            # What comes into a folder before it is listened to must be seen by a second look.
            self._arm(folders)

    def wait(self) -> Heard:
        """Return what was heard, after 0.1 s at the latest.

        Where the system tells nothing, one change is made up each second.
        """
        if self._events is None:
            time.sleep(TICK / 1_000)
            if self.polls and time.monotonic() - self._polled >= POLL:
                self._polled = time.monotonic()
                return Heard(1)
            return Heard()
        try:
            events = next(self._events, None)
        except (OSError, RuntimeError):
            self.close()
            return Heard(1)
        if events is None:
            self.close()
            return Heard(0 if self.stop.is_set() else 1)
        self._mind(events)
        ours = [what for what, path in events if self.concerns(path)]
        return Heard(len(ours), _REMOVED in ours)

    def concerns(self, path: str) -> bool:
        """Return whether something at a path may change the plan: no swap file, no other folder."""
        root = str(self.root)
        if path == root:
            return True
        if not path.startswith(f"{root}/"):
            return False
        first, _, rest = path[len(root) + 1 :].partition("/")
        if first not in ("users", "projects", TEMPLATES):
            return first == SETTINGS_FILE or layer_of(first) is not None
        name = rest.rpartition("/")[2]
        return not name.startswith(".") and not name.endswith("~")

    def close(self) -> None:
        """Stop listening."""
        events, self._events, self._folders = self._events, None, frozenset()
        if events is not None:
            with suppress(OSError, RuntimeError):
                events.close()

    def _mind(self, events: AbstractSet[tuple[int, str]]) -> None:
        """Listen anew when one of the folders went: its successor is another one."""
        folders = {path for path, *_ in self._folders}
        if any(path in folders and what == _REMOVED for what, path in events):
            self.close()

    def _arm(self, folders: frozenset[tuple[str, int, int]]) -> None:
        self.close()
        self._folders = folders
        if not folders:
            return
        try:
            self._events = self.listens(sorted(path for path, *_ in folders), self.stop)
            # A generator begins to listen when it is first asked; what it says then is no news,
            # because whoever listens looks at the files afterwards.
            self._mind(next(self._events))
        except FileNotFoundError:
            self.close()  # gone in the meantime: the next look at the folders shows it
        except StopIteration:
            self.close()
            self.polls = self.polls or not self.stop.is_set()
        except (OSError, RuntimeError) as error:
            self.close()
            self.polls = True
            self.refusal = str(error).partition(". about")[0].partition(" about [")[0]


def plan_folders(root: Path) -> Iterable[tuple[str, int, int]]:
    """Yield the folders that a plan's files are in, with what tells one from its successor."""
    yield from _identified(str(root))
    for name in ("users", TEMPLATES, "projects"):
        yield from _identified(f"{root}/{name}")
    with suppress(OSError), os.scandir(f"{root}/projects") as items:
        for item in items:
            if item.is_dir(follow_symlinks=False):
                yield from _identified(item.path)
                yield from _identified(f"{item.path}/tasks")


def _identified(path: str) -> Iterable[tuple[str, int, int]]:
    with suppress(OSError):
        status = Path(path).lstat()
        # What nobody may read, nobody may listen to.
        if stat.S_ISDIR(status.st_mode) and os.access(path, os.R_OK):
            yield path, status.st_dev, status.st_ino
