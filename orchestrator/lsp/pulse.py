"""When to check: soon after the last keystroke, and now and then for what nobody told us."""

import asyncio
import time
from collections.abc import Callable

QUIET = 0.015
"""Seconds without a change after which the plan is checked."""

_LONGEST = 0.1
"""Seconds after a change within which it is checked even while somebody goes on typing."""

_SELDOM, _OFTEN, _MINUTE = 30.0, 2.0, 60.0
_SHARE = 20
"""A look over all files may take a twentieth of the time."""


class Pulse:
    """Runs a check after changes, once for all that come together.

    Args:
        check: Checks the plan, and tells the client.
        rescan: Looks over the files, and returns whether anything changed.
    """

    def __init__(self, check: Callable[[], None], rescan: Callable[[], bool]) -> None:
        self._is_told = False
        self._check = check
        self._rescan = rescan
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0
        self._checked = 0.0
        self._beat: asyncio.Task[None] | None = None
        self._look: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        """Check soon; a check that is due and would be stale waits for the change after it."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._timer is None:
            self._since = now
        else:
            self._timer.cancel()
        due = min(now + QUIET, self._since + _LONGEST)
        self._timer = loop.call_at(max(due, now), self._run)

    def saved(self) -> None:
        """Look over the files soon: what saved one may have changed others."""
        if self._look is not None:
            self._look.cancel()
        self._look = asyncio.get_running_loop().call_later(10 * QUIET, self._looked)

    def be_told(self) -> None:
        """Look over the files less often: the client tells of those that change."""
        self._is_told = True

    def start(self) -> None:
        """Begin to look over the files now and then."""
        if self._beat is None:
            self._beat = asyncio.get_running_loop().create_task(self._beating())

    def _run(self) -> None:
        self._timer = None
        self._checked = asyncio.get_running_loop().time()
        self._check()

    def _looked(self) -> None:
        self._look = None
        self._rescan()
        self._run()

    async def _beating(self) -> None:
        pause = _OFTEN
        while True:
            await asyncio.sleep(_SELDOM if self._is_told else pause)
            began = time.perf_counter()
            is_other = self._rescan()
            pause = max(_OFTEN, _SHARE * (time.perf_counter() - began))
            # What the clock alone makes right or wrong is seen within a minute.
            if is_other or asyncio.get_running_loop().time() - self._checked > _MINUTE:
                self.changed()
