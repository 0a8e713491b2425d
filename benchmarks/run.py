"""Measure against the floors, in one run on one machine; `make bench` calls this.

Each figure is the median of several rounds in which the tool and its floor take turns, so that a
busy moment hits both. Ratios are what counts; seconds depend on the machine.
"""

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from benchmarks import floors  # noqa: E402 - found only after the line above
from orchestrator.patch.ops import Patch  # noqa: E402
from orchestrator.store.commit import draft, write_commit  # noqa: E402
from orchestrator.store.load import check_source  # noqa: E402
from orchestrator.store.workspace import Workspace  # noqa: E402
from orchestrator.text.edit import rewrite  # noqa: E402
from orchestrator.text.read import read  # noqa: E402

PROGRAM = [sys.executable, "-m", "orchestrator"]


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        work: What is measured.
        size: Tasks.
        ours: Seconds, or megabytes.
        floor: Seconds that the least possible takes, or None.
        floor_is: What that is.
        most: The ratio to the floor that may not be passed, or the value where there is no floor;
            None where the row has no limit of its own.
    """

    work: str
    size: str
    ours: float
    floor: float | None
    floor_is: str
    most: float | None

    def cells(self) -> list[str]:
        ratio = self.ours / self.floor if self.floor else None
        limit = ""
        if self.most is not None:
            limit = f"≤ {self.most:g}×" if self.floor else f"≤ {shown(self.most)}"
            reached = self.ours if ratio is None else ratio
            limit += " holds" if reached <= self.most else " MISSED"
        return [
            self.work, self.size, shown(self.ours), shown(self.floor) if self.floor else "",
            f"{ratio:.2f}" if ratio else "", self.floor_is, limit,
        ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    rows = [*start_up(given.rounds), *edit_rows()]
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            rounds = given.rounds if size < 50_000 else max(3, given.rounds // 2)
            rows += workspace_rows(make(Path(folder) / str(size), size), size, rounds)
    text = table(rows, sizes)
    sys.stdout.write(text)
    given.out.write_text(text, "utf-8")


def make(root: Path, size: int) -> Path:
    """Make a committed workspace of `size` tasks."""
    subprocess.run([sys.executable, HERE / "generate.py", str(size), root], check=True)
    for command in (
        ["init", "--quiet", "--initial-branch=main"],
        ["config", "user.name", "Bench"],
        ["config", "user.email", "bench@example.com"],
        ["add", "."],
        ["commit", "--quiet", "--message", "x"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def start_up(rounds: int) -> Iterator[Row]:
    """`--version` beside a bare interpreter."""
    ours, floor = turns(
        rounds * 3,
        lambda: seconds_of([*PROGRAM, "--version"]),
        lambda: seconds_of([sys.executable, "-c", "pass"]),
    )
    yield Row("--version", "", ours, None, "", 0.1)
    yield Row("--version, against the interpreter", "", ours, floor, "python -c pass", None)


def edit_rows() -> Iterator[Row]:
    """One field of one file, in process, without writing it."""
    text = (
        "id: PAY-7K3F\ntitle: Retry captures after a timeout\nstatus: todo\npriority: high\n"
        "assignee: dana\nlabels: [api, payments]\ndependencies:\n  - PAY-4A2C\n"
        "description: |\n" + "  Some words about why this is needed, and how.\n" * 6
        + "created_at: 2026-01-02T09:14:00+00:00\nestimated_minutes: 120\n"
    )  # fmt: skip
    document = read("x", text.encode())
    assert isinstance(document, dict)
    for work, change in (
        ("edit one field", {"status": "blocked"}),
        ("add to a list", {"labels": ["api", "payments", "web"]}),
        ("replace a long text", {"description": "New.\n\nText.\n"}),
    ):
        target = {**document, **change}
        rewrite(text, target)
        times = []
        for _ in range(50):
            began = time.perf_counter()
            rewrite(text, target)
            times.append(time.perf_counter() - began)
        yield Row(work, "1 file", statistics.median(times), None, "", 0.002)


def workspace_rows(root: Path, size: int, rounds: int) -> Iterator[Row]:
    """The rows whose cost could depend on the size of the plan."""
    workspace = Workspace(root, dict(os.environ))
    now = datetime.now(UTC)
    label = f"{size:,}"
    ours, floor = turns(
        rounds,
        lambda: seconds_of_call(lambda: check_source(workspace.files, now, processes=2)),
        lambda: floors.read_and_parse(root),
    )
    most = 2.0 if size >= 10_000 else None
    yield Row("full check, in process", label, ours, floor, "read + parse, in process", most)
    ours, floor = turns(
        rounds,
        lambda: seconds_of([*PROGRAM, "check"], root),
        lambda: floors.read_and_parse_as_a_program(root),
    )
    yield Row("orchestrator check", label, ours, floor, "a program that reads + parses", most)
    yield Row("peak memory of check, MB", label, peak_memory(root), None, "", 600)
    yield commit_row(workspace, label, rounds * 4, now)
    yield checked_commit_row(workspace, label, rounds, now)


def checked_commit_row(workspace: Workspace, label: str, rounds: int, now: datetime) -> Row:
    """The same with the check of the whole plan before it, as `patch apply --branch` does."""
    tasks = sorted(workspace.root.glob("projects/*/tasks/*.yaml"))
    numbers = iter(range(10_000))

    def ours() -> float:
        number = next(numbers)
        op = {"op": "replace", "path": f"/tasks/{tasks[number].stem}/title", "value": "new"}
        return seconds_of_call(
            lambda: workspace.commit_patch(f"checked-{number}", Patch((op,)), now)
        )

    times = [ours() for _ in range(rounds)]
    return Row("the same, the whole plan checked", label, statistics.median(times), None, "", None)


def commit_row(workspace: Workspace, label: str, rounds: int, now: datetime) -> Row:
    """A patch as a commit on a new branch, beside one bare fast-import of the same file."""
    repository = workspace.required_repository
    author = workspace.author
    tasks = sorted(workspace.root.glob("projects/*/tasks/*.yaml"))
    step = max(1, len(tasks) // (rounds + 1))
    chosen = iter(tasks[::step])
    numbers = iter(range(10_000))
    path = tasks[0]

    def ours() -> float:
        nonlocal path
        path = next(chosen)
        op = {"op": "replace", "path": f"/tasks/{path.stem}/title", "value": "new"}
        branch = f"ours-{next(numbers)}"
        return seconds_of_call(
            lambda: write_commit(
                repository, draft(repository, branch, Patch((op,)), now), author, now
            )
        )

    def floor() -> float:
        relative = path.relative_to(workspace.root).as_posix()
        return floors.fast_import(workspace.root, relative, f"floor-{next(numbers)}")

    mine, least = turns(rounds, ours, floor)
    return Row("patch → commit on a branch", label, mine, least, "git fast-import", 3.0)


def turns(
    rounds: int, ours: Callable[[], float], floor: Callable[[], float]
) -> tuple[float, float]:
    """Return both medians, after one round that warms the caches."""
    ours(), floor()
    pairs = [(ours(), floor()) for _ in range(rounds)]
    return (
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
    )


def seconds_of(command: list[str], folder: Path | None = None) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode in (0, 1), command
    return time.perf_counter() - began


def seconds_of_call(call: Callable[[], object]) -> float:
    import gc

    gc.collect()
    gc.disable()  # as the command does
    began = time.perf_counter()
    call()
    seconds = time.perf_counter() - began
    gc.enable()
    return seconds


def peak_memory(root: Path) -> float:
    """Return the largest resident size of one `check`, in MB."""
    command = [*PROGRAM, "check"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as process:
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def shown(value: float) -> str:
    if value >= 20:
        return f"{value:.0f}"
    return f"{value:.2f} s" if value >= 0.1 else f"{value * 1000:.2f} ms"


def table(rows: list[Row], sizes: list[int]) -> str:
    heads = ["work", "tasks", "ours", "floor", "ratio", "the floor is", "limit"]
    lines = [
        "# Benchmarks",
        "",
        f"Sizes {', '.join(f'{size:,}' for size in sizes)}; medians; written by `make bench` on "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {git_version()}.",
        "",
        f"| {' | '.join(heads)} |",
        f"|{'---|' * len(heads)}",
        *(f"| {' | '.join(row.cells())} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def git_version() -> str:
    return subprocess.run(
        ["git", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
