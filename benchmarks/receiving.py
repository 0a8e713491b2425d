"""The row of a server: a push that changes many tasks, with and without our pre-receive hook."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.plans import PROGRAM, Plan, git, tasks_of
from benchmarks.table import Limit, Row
from benchmarks.timing import seconds_of, turns

_CHANGED = 650
_LIMIT = Limit(1.0, 2.0)
_LIMIT_UP_TO = 10_000


def receive_rows(plan: Plan) -> Iterator[Row]:
    """A real `git push` of one commit to a bare repository."""
    changed = tasks_of(plan.root)[:: max(1, plan.size // _CHANGED)][:_CHANGED]
    server = plan.root.with_name(f"{plan.root.name}-server.git")
    git(plan.root, "clone", "--quiet", "--bare", str(plan.root), str(server))
    subprocess.run([*PROGRAM, "hooks", "install"], cwd=server, capture_output=True, check=True)
    assert (server / "hooks/pre-receive").exists()
    _commit(plan, changed)
    before = git(server, "rev-parse", "main")

    def push(hooks: str) -> float:
        git(server, "update-ref", "refs/heads/main", before)
        git(server, "config", "core.hooksPath", hooks)
        return seconds_of(["git", "push", "--quiet", str(server), "pushed:main"], plan.root)

    ours, floor = turns(plan.rounds, lambda: push(str(server / "hooks")), lambda: push(os.devnull))
    git(plan.root, "update-ref", "-d", "refs/heads/pushed")
    yield Row(
        f"git push of {len(changed)} changed tasks, with pre-receive", plan.size, ours, floor,
        "git push without a hook", _LIMIT if plan.size <= _LIMIT_UP_TO else None,
    )  # fmt: skip


def _commit(plan: Plan, changed: list[Path]) -> None:
    head = git(plan.root, "rev-parse", "main")
    parts = [
        "commit refs/heads/pushed\ncommitter Bench <bench@example.com> 1790000000 +0000\n"
        f"data 1\nx\nfrom {head}\n".encode()
    ]
    for path in changed:
        data = path.read_bytes().replace(b"\nstatus:", b" again\nstatus:", 1)
        name = path.relative_to(plan.root).as_posix()
        parts.append(f'M 100644 inline "{name}"\ndata {len(data)}\n'.encode() + data + b"\n")
    git(plan.root, "fast-import", "--quiet", "--done", stdin=b"".join([*parts, b"done\n"]))
