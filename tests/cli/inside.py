"""The command line without a process of its own, for tests that call it often."""

import gc
import io
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from orchestrator.cli import _run


class Inside:
    """The command line in this process: exit code, stdout and stderr as `Cli` has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        out, err = io.StringIO(), io.StringIO()
        try:
            with redirect_stdout(out), redirect_stderr(err):
                found = _run(["-C", str(self.folder), *arguments])
        finally:
            gc.enable()
        done = subprocess.CompletedProcess(arguments, found, out.getvalue(), err.getvalue())
        assert found == code, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done
