"""Taking the time: of commands and calls, in turns with their floor, and peak memory."""

import gc
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

QUIET = subprocess.DEVNULL


class Times(NamedTuple):
    """What several rounds took.

    Attributes:
        values: Seconds of each round, or megabytes, in the order of the rounds.
    """

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def least(self) -> float:
        return min(self.values)

    @property
    def most(self) -> float:
        return max(self.values)


class FailedRunError(Exception):
    """A command that is measured did not do its work, so its time says nothing."""

    def __init__(self, command: Sequence[str], code: int, said: bytes) -> None:
        words = said.decode("utf-8", "replace").strip()[-2000:]
        super().__init__(f"{' '.join(command)} exited with {code}: {words}")


def rounds_of(rounds: int, work: Callable[[], float]) -> Times:
    """Return the times of a piece of work, after one round that warms the caches."""
    work()
    return Times(tuple(work() for _ in range(rounds)))


def turns(
    rounds: int, ours: Callable[[], float], floor: Callable[[], float]
) -> tuple[Times, Times]:
    """Return the times of both, which take turns so that a busy moment hits both."""
    ours(), floor()
    pairs = [(ours(), floor()) for _ in range(rounds)]
    return Times(tuple(pair[0] for pair in pairs)), Times(tuple(pair[1] for pair in pairs))


def seconds_of(
    command: Sequence[str],
    folder: Path | None = None,
    codes: tuple[int, ...] = (0,),
    stdin: bytes = b"",
) -> float:
    """Return the seconds of a process that has to exit with one of `codes`."""
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, input=stdin, stdout=QUIET, stderr=subprocess.PIPE, check=False
    )
    seconds = time.perf_counter() - began
    if done.returncode not in codes:
        raise FailedRunError(command, done.returncode, done.stderr)
    return seconds


def seconds_of_call(call: Callable[[], object]) -> float:
    """Return the seconds of a call, with garbage collection off, as it is in a command."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    call()
    seconds = time.perf_counter() - began
    gc.enable()
    return seconds


def peak_megabytes(command: Sequence[str], folder: Path) -> float:
    """Return the most memory that a command and its children held together.

    Pages that they share count once where the system says so (Linux, looked at every 10 ms);
    elsewhere it is the largest process alone.
    """
    most = 0.0
    with subprocess.Popen(command, cwd=folder, stdout=QUIET, stderr=QUIET) as process:
        while True:
            pid, _, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            most = max(most, sum(map(_resident, _family(process.pid))))
            time.sleep(0.01)
        process.returncode = 0
    largest = usage.ru_maxrss / 1024  # kilobytes on Linux
    return max(most, largest if os.path.isdir("/proc/self") else largest / 1024)  # noqa: PTH112


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            text = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii")
        except OSError:
            continue
        found += map(int, text.split())
    return found


def _resident(pid: int) -> float:
    """Return a process's share of memory in MB, or 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024
