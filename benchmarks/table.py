"""The rows of the report, and their Markdown."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.timing import Times

HEADS = ("work", "tasks", "ours", "min–max", "floor", "ratio", "the floor is", "must be", "holds")


class Limit(NamedTuple):
    """What a row must not pass: `factor` times its floor, and `plus` seconds or megabytes."""

    factor: float = 0.0
    plus: float = 0.0


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        work: What is measured.
        size: Tasks in the plan, or None where it does not matter.
        ours: Seconds, or megabytes.
        floor: Seconds of the least that any tool would have to do, or None.
        floor_is: What that is.
        limit: What must not be passed, or None where the row has no limit of its own.
        unit: `s` or `MB`.
        growth: `linear` or `flat` where the times of several sizes are compared, else `""`.
    """

    work: str
    size: int | None
    ours: Times
    floor: Times | None = None
    floor_is: str = ""
    limit: Limit | None = None
    unit: str = "s"
    growth: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the median keeps to the limit; None without one."""
        if self.limit is None:
            return None
        least = self.floor.median if self.floor else 0.0
        return self.ours.median <= self.limit.factor * least + self.limit.plus

    def cells(self) -> tuple[str, ...]:
        ratio = f"{self.ours.median / self.floor.median:.2f}" if self.floor else ""
        return (
            self.work, "" if self.size is None else f"{self.size:,}",
            shown(self.ours.median, self.unit),
            f"{shown(self.ours.least, self.unit)} – {shown(self.ours.most, self.unit)}",
            shown(self.floor.median) if self.floor else "", ratio, self.floor_is, self._must(),
            yes_no(self.holds),
        )  # fmt: skip

    def _must(self) -> str:
        if self.limit is None:
            return ""
        factor, plus = self.limit
        parts = [f"{factor:g}×"] * bool(factor) + [shown(plus, self.unit)] * bool(plus)
        return f"≤ {' + '.join(parts)}"


def yes_no(holds: bool | None) -> str:  # noqa: FBT001 - a value to show
    return {True: "yes", False: "**NO**", None: ""}[holds]


def shown(value: float, unit: str = "s") -> str:
    """Return a figure with its unit, in as many digits as mean something."""
    if unit == "MB":
        return f"{value:.0f} MB"
    if value >= 10:
        return f"{value:.1f} s"
    return f"{value:.2f} s" if value >= 0.1 else f"{value * 1000:.3g} ms"


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


class Growth(NamedTuple):
    """How the times of one work, and of its floor, grew from one size to another."""

    work: str
    sizes: tuple[int, int]
    times: tuple[float, float]
    must: str
    floors: tuple[float, float] | None = None

    @property
    def factor(self) -> float:
        return self.times[1] / self.times[0]

    @property
    def most(self) -> float:
        """Flat is within 30 %; linear is as much as the plan grew, and a tenth for noise."""
        return 1.3 if self.must == "flat" else self.sizes[1] / self.sizes[0] * 1.1

    def cells(self) -> tuple[str, ...]:
        return (
            self.work, f"{self.sizes[0]:,} → {self.sizes[1]:,}",
            f"{shown(self.times[0])} → {shown(self.times[1])}", f"{self.factor:.2f}×",
            f"{self.floors[1] / self.floors[0]:.2f}×" if self.floors else "",
            f"{self.must}: ≤ {self.most:g}×", yes_no(self.factor <= self.most),
        )  # fmt: skip


def growth_of(rows: Iterable[Row]) -> list[Growth]:
    """Compare the two largest sizes of each work; the smallest and the largest where it is flat."""
    by_work: dict[str, list[Row]] = {}
    for row in rows:
        if row.growth and row.size:
            by_work.setdefault(row.work, []).append(row)
    found = []
    for work, same in by_work.items():
        same.sort(key=lambda row: row.size or 0)
        if len(same) > 1:
            first, last = same[0] if same[0].growth == "flat" else same[-2], same[-1]
            sizes = (first.size or 0, last.size or 0)
            times = (first.ours.median, last.ours.median)
            floors = None
            if first.floor and last.floor:
                floors = (first.floor.median, last.floor.median)
            found.append(Growth(work, sizes, times, last.growth, floors))
    return found
