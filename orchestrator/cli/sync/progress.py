"""How far a sync is: a line with a bar and the time that is left, on a terminal alone."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestrator.cli.escape import printable

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from orchestrator.sync.remote import Progress


@dataclass
class ProgressLine:
    """A line at the bottom of stderr that goes away again.

    Attributes:
        label: What stands in front.
    """

    label: str = ""
    _bars: "Bars | None" = None
    _task: "TaskID | None" = None
    _what: str = field(default="")

    def show(self, progress: "Progress") -> None:
        """Show how far something is."""
        if self._bars is None:
            self._bars = _bars()
            self._bars.start()
        text = printable(f"{self.label} {progress.what}".strip())
        if progress.seconds is not None and progress.seconds >= 1:
            text = f"{text}, {progress.seconds:.0f} s"
        if self._task is None or (text != self._what and progress.seconds is None):
            if self._task is not None:
                self._bars.remove_task(self._task)
            self._task = self._bars.add_task(text, total=progress.total, count="")
        self._what = text
        self._bars.update(
            self._task, description=text, completed=progress.done, total=progress.total,
            count=_count(progress),
        )  # fmt: skip

    def clear(self) -> None:
        """Take the line away, before something else is printed."""
        if self._bars is not None:
            self._bars.stop()
        self._bars, self._task, self._what = None, None, ""


def _count(progress: "Progress") -> str:
    """Return how many are done, of how many where that is known; nothing before the first."""
    if progress.total is None:
        return f"{progress.done:,}" if progress.done else ""
    return f"{progress.done:,}/{progress.total:,}"


def _bars() -> "Bars":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(bar_width=24),
        TextColumn("{task.fields[count]}"), TimeRemainingColumn(compact=True),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
