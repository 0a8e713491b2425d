"""The least that any tool would have to do: what the measurements are divided by."""

import os
import subprocess
import sys
import time
from pathlib import Path

import yaml_rs


def plan_files(root: Path) -> list[str]:
    """Return the path of every file that holds an entity."""
    found = []
    for folder, _, names in os.walk(root):
        if ".git" not in folder:
            found += [f"{folder}/{name}" for name in names if name.endswith(".yaml")]
    return found


def read_and_parse(root: Path) -> float:
    """Return the seconds that reading and natively parsing every file takes, in process."""
    paths = plan_files(root)
    began = time.perf_counter()
    for path in paths:
        with open(path, "rb") as file:  # noqa: PTH123 - a Path for each file would slow the floor
            data = file.read()
        yaml_rs.loads(data.decode(), parse_datetime=False)
    return time.perf_counter() - began


def read_and_parse_as_a_program(root: Path) -> float:
    """Return the seconds of a whole Python process that does nothing else."""
    began = time.perf_counter()
    subprocess.run([sys.executable, __file__, str(root)], check=True)
    return time.perf_counter() - began


def fast_import(root: Path, path: str, branch: str) -> float:
    """Return the seconds of one bare `git fast-import` that changes one file on a new branch."""
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.strip()
    data = (root / path).read_bytes() + b"# x\n"
    stream = (
        f"commit refs/heads/{branch}\ncommitter a <a@example.com> 1 +0000\ndata 1\nx\n"
        f'from {head}\nM 100644 inline "{path}"\ndata {len(data)}\n'
    ).encode()
    began = time.perf_counter()
    subprocess.run(
        ["git", "fast-import", "--quiet", "--done"],
        cwd=root,
        input=stream + data + b"\n\ndone\n",
        check=True,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    read_and_parse(Path(sys.argv[1]))
