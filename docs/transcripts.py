# ruff: noqa: INP001, TID251, S607 - a script beside the pages that runs commands
"""Running the commands that a page shows, and putting what they print into the page.

In a block marked `console`, a line that starts with `$ ` is a command and the lines below it are
its output. All blocks of a page run in one shell, in an empty home folder, as a person called
Dana. A block marked `json NAME` or `yaml NAME` is written to that file before the next command.
Whatever differs from run to run (ids, stamps, hashes, durations) gets one fixed value. The order of
lines must not depend on a random id.
"""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

_BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_RANDOM_ID = re.compile(r"\b[A-Z]{2,16}-[0-9A-HJKMNP-TV-Z]{4}\b")
_SHOWN_IDS = ("7K3F", "A2VN", "9XQ1", "M4TD")
_HASH = "8d4f2c1a9be03576d1c4a8f0e2b35c7796ad1e48"
_FIXED = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d|Z)"), "2026-11-23T09:30:00+01:00"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b"), "2026-11-23 09:30"),
    (re.compile(r"(?<=logged on )\d{4}-\d\d-\d\d\b"), "2026-11-23"),
    (re.compile(r"\(\d+\.\d\d s\)"), "(0.01 s)"),
    (re.compile(r"sha256:[0-9a-f]{64}"), f"sha256:{_HASH}{_HASH[:24]}"),
    (re.compile(r"\b[0-9a-f]{40}\b"), _HASH),
    (re.compile(r"(?<=Committed as )[0-9a-f]{12}\b"), _HASH[:12]),
    (re.compile(r"^[0-9a-f]{7}(?= \S)", re.MULTILINE), _HASH[:7]),
)
_END = "\x02end\x03"


def rerun(page: str, examples: Path) -> str:
    """Return a Markdown page with the output of its commands as it is now."""
    if "```console" not in page:
        return page
    with Shell(examples) as shell:
        return _BLOCK.sub(lambda found: _block(shell, found["info"], found["body"]), page)


@dataclass
class Shell:
    """One bash in an empty home.

    Attributes:
        examples: The example workspaces; the shell knows them as $EXAMPLES.
        width: Columns of the terminal that the commands believe in.
    """

    examples: Path
    width: int = 90
    _ids: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Start it."""
        self._folder = tempfile.TemporaryDirectory()
        home = self._folder.name
        Path(home, ".gitconfig").write_text(
            "[user]\n\tname = Dana Ionescu\n\temail = dana@example.com\n"
            "[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n",
            encoding="utf-8",
        )
        bin_folder = Path(sys.executable).parent
        kept = {name: value for name, value in os.environ.items() if name in _KEPT}
        environment = kept | {
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "HOME": home,
            "EXAMPLES": str(self.examples),
            "COLUMNS": str(self.width),
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",  # or what goes to stderr would overtake the answer
            "TZ": "Europe/Berlin",
        }
        self._process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=home, env=environment, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it and remove its home."""
        for stream in (self._process.stdin, self._process.stdout):
            _open(stream).close()
        self._process.wait()
        self._folder.cleanup()

    def run(self, command: str) -> str:
        """Return what a command prints, with fixed values for what differs from run to run."""
        for real, shown in self._ids.items():
            command = command.replace(shown, real)
        stdin, stdout = _open(self._process.stdin), _open(self._process.stdout)
        stdin.write(f"{command}\n__code=$?; printf '%s' '{_END}'; (exit $__code)\n")
        stdin.flush()
        output = ""
        while not output.endswith(_END):
            output += _read(stdout)
        if "Traceback (most recent call last)" in output:
            raise RuntimeError(f"{command}\n{output}")
        return self._settled(output.removesuffix(_END))

    def write(self, name: str, text: str) -> None:
        """Write a file in the shell's current folder."""
        for real, shown in self._ids.items():
            text = text.replace(shown, real)
        self.run(f"cat > {name} <<'__EOF__'\n{text}__EOF__")

    def _settled(self, output: str) -> str:
        for real in _RANDOM_ID.findall(output):
            if real not in self._ids:
                key = real.partition("-")[0]
                self._ids[real] = f"{key}-{_SHOWN_IDS[len(self._ids)]}"
        for real, shown in self._ids.items():
            output = output.replace(real, shown)
        output = output.replace(self._folder.name, "/home/dana")
        for pattern, fixed in _FIXED:
            output = pattern.sub(fixed, output)
        return output


_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR")


def _block(shell: Shell, info: str, body: str) -> str:
    language, _, name = info.partition(" ")
    if name and language in ("json", "yaml"):
        shell.write(name, body)
    if language != "console":
        return f"```{info}\n{body}```"
    shown = "".join(
        f"$ {command}\n{_ended(shell.run(command))}" for command in _commands(body.splitlines())
    )
    return f"```console\n{shown}```"


def _commands(lines: list[str]) -> list[str]:
    """Return the commands of a block; one that ends with a backslash goes on in the next line."""
    found: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on:
            found[-1] += f"\n{line}"
        elif line.startswith("$ "):
            found.append(line[2:])
        else:
            continue
        goes_on = line.endswith("\\")
    return found


def _ended(output: str) -> str:
    lines = [line.rstrip() for line in output.splitlines()]
    return "".join(f"{line}\n" for line in lines)


def _open(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("The shell has no pipes.")
    return stream


def _read(stream: IO[str]) -> str:
    read = stream.read(1)
    if not read:
        raise RuntimeError("The shell has ended early.")
    return read
