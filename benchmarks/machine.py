"""What was measured on: the machine, the programs, the commit."""

import os
import platform
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

_TOP = Path(__file__).parents[1]


def description() -> Iterator[str]:
    """Yield a Markdown list."""
    yield f"- {_processor()}, {os.cpu_count()} cores, {_memory()}\n"
    yield (
        f"- {platform.system()} {platform.release()} {platform.machine()}, "
        f"Python {platform.python_version()}, {_said('git', '--version')}\n"
    )
    commit = _said("git", "rev-parse", "--short=12", "HEAD")
    changed = " with changes that are not committed" if _said("git", "status", "--short") else ""
    yield f"- commit {commit}{changed}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n"


def load() -> str:
    """Return how many processes wanted a processor in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 2**30:.0f} GB of memory"


def _said(*command: str) -> str:
    done = subprocess.run(command, cwd=_TOP, capture_output=True, text=True, check=False)
    return done.stdout.strip()
