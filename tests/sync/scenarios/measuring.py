"""One plan or run in a process of its own, and what it takes: processor time, memory, requests."""

import gc
import json
import os
import resource
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestrator.store.workspace import Workspace
from orchestrator.sync.base.ref import Written
from orchestrator.sync.remote import Tie, World
from orchestrator.sync.remotes import open_remote
from orchestrator.sync.run.carry import carry_out
from orchestrator.sync.run.ground import stand
from orchestrator.sync.run.origin import Sharing
from orchestrator.sync.run.prepare import Setting, Wishes, prepare
from tests.sync.fakes.tracker import PEOPLE, TOKEN


def main() -> None:
    """Do what the arguments say: plan or sync, full or not, root, settings, moment.

    Waiting is asked for on stdout, {"sleep": seconds}, and over when a line comes on stdin.
    """
    mode, extent, root, settings, at = sys.argv[1:]
    moment = [datetime.fromisoformat(at)]

    def sleep(seconds: float) -> None:
        moment[0] += timedelta(seconds=seconds)
        _say({"sleep": seconds})
        sys.stdin.readline()

    tie = Tie(**{"name": "tracker", **json.loads(settings), "people": PEOPLE})
    world = World(lambda: moment[0], sleep, lambda: 0.5, lambda _: None)
    gc.disable()  # as the command line does
    start, children = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with open_remote(tie, TOKEN, world) as remote:
        by = Written("Dana", "dana@example.com", datetime.now(UTC), "sync")
        setting = Setting(tie, remote, world, by, lambda: str(uuid.uuid4()))
        ground = stand(Workspace(Path(root), dict(os.environ)))
        wishes = Wishes(
            is_full=extent == "full", sharing=Sharing(is_read_only=mode == "plan")
        )  # fmt: skip
        prepared = prepare(ground, setting, wishes)
        fine = mode == "plan" or carry_out(prepared, setting).is_fine
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    _say({
        "fine": fine,
        "actions": len(prepared.plan.actions),
        "unchanged": prepared.plan.unchanged,
        "cpu": time.process_time() - start,
        "git": after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime,
        "megabytes": _peak(),
    })  # fmt: skip


def _peak() -> float:
    """The most memory so far, in MB; not that of the program that it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)  # noqa: T201 - a pipe


if __name__ == "__main__":
    main()
