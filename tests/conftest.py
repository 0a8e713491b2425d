"""Every test is alone: an empty home, no variables of git's, fixed people and dates, no network."""

import gc
import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from orchestrator.store.workspace import Workspace

# The same examples in every run, so that a green run means the same everywhere; to look for new
# ones: HYPOTHESIS_PROFILE=explore make test-slow
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# What a shell runs in the background is told to ignore Ctrl-C, and hands that on to its children;
# tests that interrupt a command would wait in vain.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
# Where the vendors' schemas and clients are, for the tests that let them judge.
JUDGES = ("ORCHESTRATOR_VENDOR_SCHEMAS", "ORCHESTRATOR_JUDGES")
LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the user's home, git configuration and the network unusable."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "ORCHESTRATOR_")) and name not in JUDGES:
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Dana Ionescu\n\temail = dana@example.com\n"
        "[init]\n\tdefaultBranch = main\n[commit]\n\tgpgSign = false\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-11-22T09:00:00+00:00")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-22T09:00:00+00:00")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
        if not str(host).startswith(LOOPBACK):
            raise AssertionError(f"a test reached for the network: {address}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def now() -> datetime:
    """The moment at which all tests happen."""
    return NOW


@pytest.fixture
def git() -> Callable[..., str]:
    """Run real git: `git(folder, "commit", ...)` returns stdout."""

    def run(folder: Path, *arguments: str, stdin: str | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}{done.stdout}"
        return done.stdout

    return run


class Cli:
    """The command line in this process: exit code, stdout and stderr as a shell would get them.

    A process costs a quarter of a second; `Program` is one, for tests of what only a process has.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self, *arguments: str, stdin: str = "", code: int | None = 0
    ) -> "subprocess.CompletedProcess[str]":
        done = self.run(arguments, stdin)
        if code is not None:
            assert done.returncode == code, f"{arguments}: {done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr or done.returncode == 3, done.stderr
        return done

    def run(self, arguments: Sequence[str], stdin: str) -> "subprocess.CompletedProcess[str]":
        from orchestrator.cli import _run

        out, err, given = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(3))
        given.buffer.write(stdin.encode())
        given.seek(0)
        was, here = sys.stdin, Path.cwd()
        sys.stdin = given
        os.chdir(self.folder)
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = _run(list(arguments))
        finally:
            sys.stdin = was
            os.chdir(here)
            gc.enable()
        said = []
        for stream in (out, err):
            stream.flush()
            text = stream.buffer.getvalue().decode("utf-8", "replace")
            said.append(text.replace("\r\n", "\n"))
        return subprocess.CompletedProcess(arguments, code, *said)


class Program(Cli):
    """The command line as a process of its own."""

    def run(self, arguments: Sequence[str], stdin: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "orchestrator", *arguments],
            cwd=self.folder, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip


def write(root: Path, files: dict[str, str]) -> None:
    """Write text files below a folder, making folders as needed."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")


PLAN = {
    "orchestrator.yaml": "version: 1\nname: Test\n",
    "users/dana.yaml": "id: dana\nname: Dana Ionescu\nemail: dana@example.com\n",
    "projects/pay/project.yaml": "id: pay\nkey: PAY\ntitle: Payments\nstatus: active\n",
    "projects/pay/tasks/PAY-1.yaml": (
        "id: PAY-1\ntitle: Capture  # the first\nstatus: todo\npriority: high\nassignee: dana\n"
        "labels: [api, db]\n"
    ),
    "projects/pay/tasks/PAY-2.yaml": "id: PAY-2\ntitle: Retry\nstatus: todo\nparent: PAY-1\n",
    "projects/pay/tasks/PAY-3.yaml": (
        "id: PAY-3\ntitle: Refund\nstatus: todo\ndependencies:\n  - PAY-2\n"
    ),
}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A small workspace without git."""
    root = tmp_path / "plan"
    write(root, PLAN)
    return root


@pytest.fixture
def repo(plan: Path, git: Callable[..., str]) -> Path:
    """A small workspace, committed on main."""
    git(plan, "init", "--quiet", "--initial-branch=main")
    git(plan, "add", ".")
    git(plan, "commit", "--quiet", "-m", "Start")
    return plan


@pytest.fixture
def workspace(repo: Path) -> Workspace:
    """The committed workspace, opened."""
    return Workspace(repo, dict(os.environ))


@pytest.fixture
def cli(repo: Path) -> Cli:
    """The command line in the committed workspace."""
    return Cli(repo)


@pytest.fixture
def program(repo: Path) -> Program:
    """The command line in the committed workspace, as a process."""
    return Program(repo)
