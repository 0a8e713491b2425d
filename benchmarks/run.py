"""Measure against the floors, in one run on one machine; `make bench` calls this.

Each figure is the median of several rounds after one that warms up; the tool and its floor take
turns, so that a busy moment hits both. Ratios are what counts; seconds depend on the machine.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from benchmarks import (  # noqa: E402 - found only after the line above
    checking,
    committing,
    machine,
    merging,
    reading,
    receiving,
    start_up,
)
from benchmarks.peers.compare import peer_tables  # noqa: E402 - likewise
from benchmarks.plans import Plan, make, settle_environment, tasks_of  # noqa: E402 - likewise
from benchmarks.table import HEADS, Growth, Row, growth_of, markdown  # noqa: E402 - likewise
from benchmarks.timing import FailedRunError  # noqa: E402 - likewise

SIZES = "1k,10k,100k"
PEER_SIZES = (1_000, 5_000)
ONCE = 10_000  # what is measured at one size: this, or the largest below it
OF_ANY: dict[str, Callable[[int], Iterator[Row]]] = {
    "start": start_up.start_rows,
    "edit": lambda _: start_up.edit_rows(),
}
OF_EACH_SIZE: dict[str, Callable[[Plan], Iterator[Row]]] = {
    "check": checking.full_check_rows,
    "again": checking.check_again_rows,
    "memory": checking.memory_rows,
    "list": reading.page_rows,
    "whole": reading.whole_rows,
    "pre-commit": checking.commit_rows,
    "patch": committing.patch_rows,
}
OF_ONE_SIZE: dict[str, Callable[[Plan], Iterator[Row]]] = {
    "reading": reading.every_reading_row,
    "receive": receiving.receive_rows,
}
TABLES = ("merge", "peers")
ROWS = (*OF_ANY, *OF_EACH_SIZE, *OF_ONE_SIZE, *TABLES)


class Run:
    """One run of the bench: what was asked for, and what was found so far.

    Attributes:
        sizes: Tasks of the plans, ascending.
        rounds: How often each work is measured.
        only: The groups of rows that were asked for.
        rows: What was measured.
        failures: What could not be measured, in words.
    """

    def __init__(self, sizes: list[int], rounds: int, only: Iterable[str]) -> None:
        self.sizes = sizes
        self.rounds = rounds
        self.only = frozenset(only)
        self.rows: list[Row] = []
        self.failures: list[str] = []

    def take(self, name: str, size: int | None, rows: Callable[[], Iterator[Row]]) -> None:
        """Measure one group of rows, if it was asked for."""
        if name not in self.only:
            return
        label = name if size is None else f"{name}, {size:,} tasks"
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {label}\n")
        try:
            for row in rows():
                self.rows.append(row)
        except (FailedRunError, subprocess.SubprocessError, AssertionError) as error:
            self.failures.append(f"{label}: {type(error).__name__}: {error}")
            sys.stderr.write(f"         could not be measured: {error}\n")


def main() -> int:
    given = _arguments()
    settle_environment()
    began = time.time()
    before = machine.load()
    run = Run(given.sizes, given.rounds, given.only)
    for name, rows in OF_ANY.items():
        run.take(name, None, partial(rows, given.rounds))
    with tempfile.TemporaryDirectory() as folder:
        parts = _measure_plans(run, Path(folder), 50 if given.quick else 400)
    if "peers" in run.only:
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} peers\n")
        sizes = PEER_SIZES[:1] if given.quick else PEER_SIZES
        parts.append(f"\n## Beside other tools\n\n{''.join(peer_tables(sizes, given.rounds))}")
    end = (
        f"{(time.time() - began) / 60:.0f} minutes, load {before} before and {machine.load()} after"
    )
    text = _report(run, parts, end)
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, "utf-8")
    return 1 if run.failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", help=f"tasks of the plans; {SIZES} when not given")
    parser.add_argument("--rounds", type=int, default=5, help="for each figure; 5 when not given")
    parser.add_argument(
        "--only",
        action="append",
        choices=ROWS,
        metavar="ROW",
        help=f"just these: {', '.join(ROWS)}",
    )
    parser.add_argument("--quick", action="store_true", help="1k alone, to try the bench itself")
    parser.add_argument(
        "--out", type=Path, help="write to this file; a whole run writes benchmarks/RESULTS.md"
    )
    given = parser.parse_args()
    is_whole = not (given.sizes or given.only or given.quick)
    if is_whole and given.out is None:
        given.out = HERE / "RESULTS.md"
    try:
        given.sizes = sorted(
            map(_size, (given.sizes or ("1k" if given.quick else SIZES)).split(","))
        )
    except ValueError:
        parser.error(f"--sizes wants numbers such as {SIZES}, not {given.sizes}")
    given.only = given.only or ROWS
    return given


def _size(text: str) -> int:
    number = text.strip().lower()
    return int(number[:-1]) * 1000 if number.endswith("k") else int(number)


def _measure_plans(run: Run, folder: Path, pairs: int) -> list[str]:
    """Measure everything that needs a plan; return the tables that are not rows."""
    tables: list[str] = []
    of_plans = {*OF_EACH_SIZE, *OF_ONE_SIZE, "merge"}
    for size in run.sizes if run.only & of_plans else ():
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} making {size:,} tasks\n")
        plan = Plan(make(folder / str(size), size), size, run.rounds)
        is_once = size == max((each for each in run.sizes if each <= ONCE), default=run.sizes[0])
        if is_once and "merge" in run.only:
            table = merging.merge_table(tasks_of(plan.root), pairs)
            tables.append(f"\n## Merging random pairs of edits\n\n{table}")
        for name, of_plan in {**OF_EACH_SIZE, **(OF_ONE_SIZE if is_once else {})}.items():
            run.take(name, size, partial(of_plan, plan))
    return tables


def _report(run: Run, parts: list[str], end: str) -> str:
    works = list(dict.fromkeys(row.work for row in run.rows))
    rows = sorted(run.rows, key=lambda row: works.index(row.work))  # the sizes of a work together
    growths = growth_of(run.rows)
    held = [row.holds for row in run.rows if row.holds is not None]
    lines = [
        "# Benchmarks\n\n",
        "Written by `make bench`. Medians of "
        f"{run.rounds} or more rounds after one that warms up; ours and its floor take turns.\n\n",
        *machine.description(),
        f"- {end}\n\n",
        f"{sum(held)} of {len(held)} limits hold.\n\n" if held else "",
        markdown(HEADS, (row.cells() for row in rows)) if rows else "",
    ]
    if growths:
        heads = ("work", "tasks", "ours", "grew", "the floor grew", "must be", "holds")
        table = markdown(heads, map(Growth.cells, growths))
        lines.append(f"\n## Growth with the plan\n\n{table}")
    if run.failures:
        lines.append("\n## Not measured\n\n" + "".join(f"- {each}\n" for each in run.failures))
    return "".join([*lines, *parts])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
