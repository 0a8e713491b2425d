"""Making the plans that are measured: generated, committed with a history, packed as a clone is."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PROGRAM = [sys.executable, "-m", "orchestrator"]
HISTORY = 200
_START = datetime(2026, 4, 1, 9, tzinfo=UTC)


class Plan(NamedTuple):
    """A workspace to measure in.

    Attributes:
        root: Its folder.
        size: Tasks.
        rounds: How often each work is measured, after one round that warms up.
    """

    root: Path
    size: int
    rounds: int


def settle_environment() -> None:
    """Let nothing of the person's own git, shell or terminal change what is measured.

    Python's variables go as well: PYTHONDONTWRITEBYTECODE would compile modules in every run.
    """
    for name in list(os.environ):
        if name.startswith(("GIT_", "ORCHESTRATOR_", "PYTHON")):
            del os.environ[name]
    folder = str(Path(sys.executable).parent)  # so that the hooks run this orchestrator
    os.environ.update(
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
        GIT_TERMINAL_PROMPT="0",
        NO_COLOR="1",
        PAGER="cat",
        PATH=f"{folder}{os.pathsep}{os.environ.get('PATH', '')}",
    )


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git and return what it says."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=stdin, stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode().strip()


def make(root: Path, size: int) -> Path:
    """Make a workspace of `size` tasks, whose last changes are commits of one task each."""
    subprocess.run([sys.executable, HERE / "generate.py", str(size), root], check=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    for setting in (
        "user.name=Bench", "user.email=bench@example.com", "gc.auto=0", "maintenance.auto=false",
    ):  # fmt: skip
        git(root, "config", *setting.split("=", 1))
    git(root, "fast-import", "--quiet", "--done", stdin=b"".join(_stream(root, size)))
    git(root, "reset", "--quiet")
    assert git(root, "status", "--porcelain") == ""
    return root


def tasks_of(root: Path) -> list[Path]:
    """Return the files of all tasks, by path."""
    return sorted(root.glob("projects/*/tasks/*.yaml"))


def _stream(root: Path, size: int) -> Iterator[bytes]:
    """Yield a stream for `git fast-import`: some tasks begin as todo, and then change."""
    changed = random.Random(size).sample(tasks_of(root), min(HISTORY, size // 5))
    late = set(changed)
    yield _commit("Begin", _START)
    for path in sorted(root.rglob("*.yaml")):
        data = path.read_bytes()
        if path in late:
            data = b"".join(
                b"status: todo\n" if line.startswith(b"status:") else line
                for line in data.splitlines(keepends=True)
                if not line.startswith((b"started_at:", b"completed_at:"))
            )
        yield _file(root, path, data)
    for number, path in enumerate(changed, 1):
        yield _commit(f"Change {path.stem}", _START + timedelta(days=number))
        yield _file(root, path, path.read_bytes())
    yield b"done\n"


def _commit(message: str, when: datetime) -> bytes:
    return (
        f"commit refs/heads/main\ncommitter Bench <bench@example.com> {when.timestamp():.0f} +0000"
        f"\ndata {len(message)}\n{message}\n"
    ).encode()


def _file(root: Path, path: Path, data: bytes) -> bytes:
    name = path.relative_to(root).as_posix()
    return f'M 100644 inline "{name}"\ndata {len(data)}\n'.encode() + data + b"\n"
