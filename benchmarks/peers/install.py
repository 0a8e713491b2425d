"""Install the peers below benchmarks/, for the bench alone; `make bench-peers` calls this."""

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.peers.find import FOLDER, program

NPM = ("backlog.md", "task-master-ai")
PYPI = ("check-jsonschema", "yamllint")
DEBIAN = "taskwarrior"
PROGRAMS = ("backlog", "task-master", "task", "check-jsonschema", "yamllint")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / ".gitignore").write_text("*\n", "utf-8")
    for name in NPM:
        _try("npm", "install", "--no-fund", "--no-audit", "--loglevel=error", "--prefix", ".", name)
    if _try(sys.executable, "-m", "venv", ".venv"):
        _try(".venv/bin/python", "-m", "pip", "install", "--quiet", *PYPI)
    _taskwarrior()
    for name in PROGRAMS:
        sys.stdout.write(f"{name}: {'ready' if program(name) else 'not installed'}\n")


def _taskwarrior() -> None:
    """Unpack Debian's package here, which needs no rights; other systems have it on PATH."""
    if program("task") or not shutil.which("apt-get"):
        return
    if _try("apt-get", "download", DEBIAN):
        for package in FOLDER.glob(f"{DEBIAN}_*.deb"):
            _try("dpkg", "-x", package.name, "debian")


def _try(*command: str) -> bool:
    """Run a command and say whether it succeeded; the other peers are tried all the same."""
    try:
        done = subprocess.run(command, cwd=FOLDER, check=False)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return False
    if done.returncode:
        sys.stderr.write(f"{' '.join(command)} exited with {done.returncode}\n")
    return not done.returncode


if __name__ == "__main__":
    main()
