"""Where the demo plays: real commands in a real repository, each shown before it runs."""

import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stage:
    """Where the demo plays.

    Attributes:
        folder: The workspace.
        environment: Of the commands that it runs.
        has_color: Whether headings and commands are coloured.
    """

    folder: Path
    environment: dict[str, str]
    has_color: bool

    def tell(self, text: str) -> None:
        """Print a heading."""
        self._print(f"\n\x1b[1m{text}\x1b[0m\n" if self.has_color else f"\n{text}\n")

    def run(self, *command: str, stdin: str = "", expected: int = 0) -> str:
        """Show a command, run it, show what it says, and return that.

        Raises:
            DemoError: It ends otherwise than expected.
        """
        from orchestrator.cli.talk import clean

        line = " ".join(shlex.quote(word) for word in command)
        self._print(f"\x1b[36m$ {line}\x1b[0m\n" if self.has_color else f"$ {line}\n")
        program = [sys.executable, "-m", "orchestrator"]
        real = [*program, *command[1:]] if command[0] == "orchestrator" else list(command)
        done = subprocess.run(  # noqa: S603 - the demo's own commands
            real, cwd=self.folder, env=self.environment, input=stdin, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        self._print("".join(f"  {clean(row)}\n" for row in done.stdout.splitlines()))
        if done.returncode != expected:
            raise _surprise(line, done.returncode)
        return done.stdout

    def _print(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _surprise(line: str, code: int) -> Exception:
    from orchestrator.store.git import StoreError

    return StoreError(f"The demo's command ended with {code}: {line}")
