"""Going round the integrations: once, or again and again."""

import gc
import re
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

import click

from orchestrator.cli import FINE, REFUSED
from orchestrator.cli.session import Session
from orchestrator.cli.sync.one import plan_one, sync_one
from orchestrator.cli.sync.open import names
from orchestrator.cli.sync.options import How
from orchestrator.cli.sync.voice import Voice
from orchestrator.errors import OrchestratorError

_UNITS = {"s": 1, "m": 60, "h": 3600, "": 60}
_LEAST = 5.0  # seconds


@dataclass(frozen=True)
class Rounds:
    """The integrations that a command is about, and what to do with each.

    Attributes:
        session: Where.
        how: What the options say.
        voice: Is told everything.
        name: The only one, or None for all of the settings.
        is_reviewed: Whether what comes from a tracker goes to a branch of its own.
        dry_run: Whether nothing is done.
    """

    session: Session
    how: How
    voice: Voice
    name: str | None
    is_reviewed: bool = False
    dry_run: bool = False

    def once(self) -> int:
        """Sync each once, and return the exit code; one that fails stops no other.

        Raises:
            OrchestratorError: The only one could not be synced.
        """
        if self.name is not None and not self.voice.as_json:
            return FINE if self._one(self.name) else REFUSED
        code = FINE
        for name in [self.name] if self.name is not None else names(self.session):
            try:
                is_fine = self._one(name)
            except OrchestratorError as error:
                is_fine = self._refused(error)
            code = code if is_fine else REFUSED
        return code

    def watch(self, seconds: float) -> int:
        """Sync each again and again until a signal comes; return the exit code.

        A run that fails is told and the next one tried. A signal ends the wait at once and lets
        a run come to its end; a second one interrupts it, and the next run finds what it had done.

        Args:
            seconds: From the end of a round to the next one's beginning.
        """
        stop = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            if stop.is_set():
                raise KeyboardInterrupt
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        # This command may run for days.
        gc.enable()
        while not stop.is_set():
            with suppress(OrchestratorError):
                self._round()
            stop.wait(seconds)
        return FINE

    def _round(self) -> None:
        for name in [self.name] if self.name is not None else names(self.session):
            try:
                self._one(name)
            except OrchestratorError as error:
                self._refused(error)

    def _one(self, name: str) -> bool:
        if self.dry_run:
            prepared = plan_one(self.session, name, self.how, self.voice)
            self.voice.plan(prepared)
            return True
        result = sync_one(self.session, name, self.how, self.voice, is_reviewed=self.is_reviewed)
        return result.is_fine

    def _refused(self, error: OrchestratorError) -> bool:
        """Tell a refusal; return whether it counts as fine: a suspended tracker does, among all."""
        from orchestrator.sync.run.prepare import SuspendedError

        if isinstance(error, SuspendedError) and self.name is None:
            self.voice.remark(error.message)
            return True
        self.voice.error(error)
        return False


def seconds_of(text: str) -> float:
    """Return the seconds in `90s`, `5m` or `1h`; a number alone is minutes.

    Raises:
        click.UsageError: It is something else, or less than five seconds.
    """
    found = re.fullmatch(r"(\d{1,6})([smh]?)", text.strip())
    seconds = int(found[1]) * float(_UNITS[found[2]]) if found else 0.0
    if seconds < _LEAST:
        raise click.UsageError(f"--every is 90s, 5m or 1h, and at least 5s, not {text[:40]!r}.")
    return seconds
