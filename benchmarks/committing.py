"""The rows of writing: a patch as a commit on a branch, without the work tree."""

import itertools
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks import floors
from benchmarks.plans import PROGRAM, Plan, git, tasks_of
from benchmarks.table import Limit, Row
from benchmarks.timing import rounds_of, seconds_of, seconds_of_call, turns
from orchestrator.patch.ops import Patch
from orchestrator.store.commit import draft, write_commit
from orchestrator.store.workspace import Workspace


def patch_rows(plan: Plan) -> Iterator[Row]:
    """One field of one task: the commit alone, with the check before it, and as a command."""
    workspace = Workspace(plan.root, dict(os.environ))
    repository = workspace.required_repository
    author = workspace.author
    now = datetime.now(UTC)
    tasks = tasks_of(plan.root)
    chosen = itertools.cycle(tasks[:: max(1, len(tasks) // 97)])
    numbers = itertools.count()

    def operation() -> dict[str, str]:
        return {"op": "replace", "path": f"/tasks/{next(chosen).stem}/title", "value": "new"}

    def written() -> float:
        patch, branch = Patch((operation(),)), f"written-{next(numbers)}"
        return seconds_of_call(
            lambda: write_commit(repository, draft(repository, branch, patch, now), author, now)
        )

    def imported() -> float:
        path = next(chosen).relative_to(plan.root).as_posix()
        return floors.fast_import(plan.root, path, f"imported-{next(numbers)}")

    ours, floor = turns(plan.rounds * 4, written, imported)
    yield Row(
        "patch → commit on a branch, in process", plan.size, ours, floor, "git fast-import",
        Limit(3.0), growth="flat",
    )  # fmt: skip

    def checked() -> float:
        patch, branch = Patch((operation(),)), f"checked-{next(numbers)}"
        return seconds_of_call(lambda: workspace.commit_patch(branch, patch, now))

    yield Row("the same, and the plan checked first", plan.size, rounds_of(plan.rounds, checked))

    def applied() -> float:
        branch = f"applied-{next(numbers)}"
        patch = json.dumps([operation()]).encode()
        return seconds_of(
            [*PROGRAM, "patch", "apply", "-", "--branch", branch], plan.root, stdin=patch
        )

    ours, floor = turns(plan.rounds, applied, imported)
    yield Row("orchestrator patch apply --branch", plan.size, ours, floor, "git fast-import")
    _forget_branches(plan)


def _forget_branches(plan: Plan) -> None:
    names = git(plan.root, "for-each-ref", "--format=delete %(refname)", "refs/heads")
    lines = [line for line in names.splitlines() if line != "delete refs/heads/main"]
    git(plan.root, "update-ref", "--stdin", stdin="\n".join([*lines, ""]).encode())
