"""The table of the peers: each work of each tool on the same plan, within a minute."""

import itertools
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers.tools import (
    CHECK,
    NOT_MEASURED,
    PEERS,
    WORKS,
    Commands,
    Plan,
    Tool,
    ours,
    plan_of,
)
from benchmarks.table import markdown, shown, yes_no
from benchmarks.timing import QUIET, Times

_BOX = 60.0  # seconds for one cell, warming up included
_SLOW = 5.0  # seconds from which fewer rounds have to do
_FEW = 2


class Cell(NamedTuple):
    """What one work of one tool took.

    Attributes:
        times: Of the rounds that fitted in; None when not even one did.
        why: Why there are none.
    """

    times: Times | None
    why: str = ""


def peer_tables(sizes: Sequence[int], rounds: int) -> Iterator[str]:
    """Yield the Markdown of the comparison."""
    missing = [peer.name for peer in PEERS if peer.path() is None]
    present = [peer for peer in PEERS if peer.path()]
    rows: list[tuple[str, ...]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            plan = plan_of(Path(folder) / "plan", size)
            rows += _rows(plan, present, Path(folder), rounds)
    yield markdown(
        ("work", "tasks", "tool", "median", "min – max", "× ours", "ours is faster"), rows
    )
    yield "\n"
    for peer in present:
        yield f"- {peer.name} {peer.version_here()}: {peer.remark}.\n"
    if missing:
        yield f"- Not installed, so left out: {', '.join(missing)}; `make bench-peers` gets them.\n"
    yield f"- Left out: {NOT_MEASURED}.\n"


def _rows(plan: Plan, present: list[Tool], folder: Path, rounds: int) -> Iterator[tuple[str, ...]]:
    mine = ours(plan)
    theirs: list[tuple[Tool, Path, Commands]] = []
    for peer in present:
        place = folder / peer.program
        place.mkdir()
        theirs.append((peer, place, peer.commands(str(peer.path()), plan, place)))
    for work in WORKS:
        codes = (0, 1) if work == CHECK else (0,)  # 1 says that a check found something
        own = _measured(mine[work], plan.root, rounds, codes)
        head = (work, f"{len(plan.tasks):,}")
        yield (*head, "orchestrator", *_figures(own), "", "")
        for peer, place, commands in theirs:
            if work in commands:
                cell = _measured(commands[work], place, rounds, codes)
                yield (*head, peer.name, *_figures(cell), *_ratio(own, cell))


def _figures(cell: Cell) -> tuple[str, str]:
    if cell.times is None:
        return cell.why, ""
    count = len(cell.times.values)
    few = f" ({count} run{'s' * (count > 1)})" if count < 5 else ""
    return (
        shown(cell.times.median) + few, f"{shown(cell.times.least)} – {shown(cell.times.most)}",
    )  # fmt: skip


def _ratio(own: Cell, cell: Cell) -> tuple[str, str]:
    if own.times is None or cell.times is None:
        return "", ""
    factor = cell.times.median / own.times.median
    return f"{factor:.1f}×", yes_no(factor > 1)


def _measured(commands: list[list[str]], folder: Path, rounds: int, codes: tuple[int, ...]) -> Cell:
    """Run a work as often as fits in; the first run warms up, unless no other fits in."""
    ends = time.perf_counter() + _BOX
    times: list[float] = []
    for command in itertools.islice(itertools.cycle(commands), rounds + 1):
        left = ends - time.perf_counter()
        if times and (times[-1] > left or (times[-1] > _SLOW and len(times) > _FEW)):
            break
        seconds, code = _run(command, folder, left)
        if code is None:
            break
        if code not in codes:
            return Cell(None, f"failed ({code})")
        times.append(seconds)
    kept = tuple(times[1:] or times)
    return Cell(Times(kept)) if kept else Cell(None, f"> {_BOX:.0f} s")


def _run(command: list[str], folder: Path, most: float) -> tuple[float, int | None]:
    """Return the seconds and the exit code, None when the time was up."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, stdin=QUIET, stdout=QUIET, stderr=QUIET, start_new_session=True
    ) as process:
        try:
            code: int | None = process.wait(most)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # its own group: what it started goes as well
            code = None
    return time.perf_counter() - began, code
