"""Commands that are killed: before their n-th step, or by strace at git's system calls too."""

import os
import re
import shutil
import signal
import subprocess
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from orchestrator import cli

Step = Callable[[str, tuple[Any, ...]], bool]

_STEPS = frozenset(
    {
        "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "os.link",
        "os.symlink", "subprocess.Popen", "tempfile.mkstemp", "tempfile.mkdtemp", "fcntl.flock",
        "os.utime",
    }
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_CALLS = (
    "write,pwrite64,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,"
    "fsync,ftruncate,fchmod"
)
_CALL = re.compile(r"^(\d+) +(\w+)\(", re.MULTILINE)


def is_step(event: str, arguments: tuple[Any, ...]) -> bool:
    """Return whether an audit event of Python's is about to change a file or start a process."""
    if event == "open":
        path, _, flags = arguments
        return not isinstance(path, int) and isinstance(flags, int) and bool(flags & _WRITING)
    return event in _STEPS or event == "fsync"


def run_watched(
    root: Path, arguments: Sequence[str], watch: Callable[[str, tuple[Any, ...]], None]
) -> int:
    """Run a command line in a forked process that tells `watch` what it does.

    Returns:
        The exit code; less than 0 for a signal.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads
        child = os.fork()
    if child == 0:
        code = 99
        try:
            code = _run(root, arguments, watch)
        except BaseException:  # noqa: BLE001 - it must be said before the process ends
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(
    root: Path, arguments: Sequence[str], watch: Callable[[str, tuple[Any, ...]], None]
) -> int:
    said = os.open(root.parent / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    fsync = os.fsync

    def watched_fsync(descriptor: Any) -> None:
        watch("fsync", (descriptor,))
        fsync(descriptor)

    os.fsync = watched_fsync  # type: ignore[assignment]
    sys.dont_write_bytecode = True
    sys.addaudithook(watch)
    try:
        cli.main(["-C", str(root), *arguments])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 98


def steps(root: Path, arguments: Sequence[str]) -> list[int]:
    """Run a command line to its end; return the numbers of its steps, from 1."""
    log = os.open(root.parent / "steps", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def watch(event: str, given: tuple[Any, ...]) -> None:
        if is_step(event, given):
            os.write(log, b".")

    assert run_watched(root, arguments, watch) == 0, (root.parent / "said").read_text()
    return list(range(1, os.fstat(log).st_size + 1))


def kill_before(root: Path, arguments: Sequence[str], step: int) -> None:
    """Run a command line and kill it before its step number `step`."""
    count = 0

    def watch(event: str, given: tuple[Any, ...]) -> None:
        nonlocal count
        if is_step(event, given):
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

    assert run_watched(root, arguments, watch) == -signal.SIGKILL


@cache
def has_strace() -> bool:
    """Return whether strace is here and may look into processes."""
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(
        ["strace", "-f", "-o", os.devnull, "-e", "trace=fsync", "true"],
        capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


def system_calls(root: Path, arguments: Sequence[str]) -> list[tuple[str, int]]:
    """Run a command line to its end; return what it and its gits call, from 1 for each process.

    Only calls that change files count.
    """
    log = _traced(root, arguments)
    counts = Counter(_CALL.findall(log))
    most: Counter[str] = Counter()
    for (_, name), count in counts.items():
        most[name] = max(most[name], count)
    return [(name, number) for name in sorted(most) for number in range(1, most[name] + 1)]


def kill_at(root: Path, arguments: Sequence[str], call: tuple[str, int]) -> None:
    """Run a command line; it and each git is killed when it makes a call for the n-th time."""
    name, number = call
    log = _traced(root, arguments, "-e", f"inject={name}:signal=KILL:when={number}")
    # Folders of objects are made by their hashes, which hold the moment: a later call may not come.
    assert number > 1 or "killed by SIGKILL" in log


def _traced(root: Path, arguments: Sequence[str], *options: str) -> str:
    log = root.parent / "trace"
    subprocess.run(
        ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={_CALLS}", *options,
         sys.executable, "-B", "-m", "orchestrator", "-C", str(root), *arguments],
        capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return log.read_text(errors="replace")


def files_of(root: Path) -> dict[str, bytes]:
    """Return the files of a work tree by path, moments made equal, and nothing of git's."""
    found = {}
    for folder, folders, names in os.walk(root):
        with suppress(ValueError):
            folders.remove(".git")
        for name in names:
            path = Path(folder, name)
            found[path.relative_to(root).as_posix()] = _MOMENT.sub(b"then", path.read_bytes())
    return found
