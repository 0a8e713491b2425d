"""Stamps for files that somebody saved: only where they are all that a file lacks."""

from collections import defaultdict
from collections.abc import Container, Iterable
from typing import Any

from orchestrator.model.problem import Problem
from orchestrator.patch.ops import Patch

STAMPED = frozenset({"ORC301", "ORC302"})


def stamps_for(problems: Iterable[Problem], saved: Container[str]) -> tuple[Patch, list[str]]:
    """Return what stamps the files that were saved, and the paths of these files.

    A file with another error is left alone: whoever writes it is not done. Warnings do not matter.

    Args:
        problems: Of the plan.
        saved: The files.
    """
    by_path: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.path in saved:
            by_path[problem.path].append(problem)
    ops: dict[str, Any] = {}
    paths = []
    for path, found in by_path.items():
        lacking = [problem for problem in found if problem.code in STAMPED and problem.fix]
        others = [
            problem for problem in found if problem.severity == "error" and problem not in lacking
        ]
        if not lacking or others:
            continue
        paths.append(path)
        for problem in lacking:
            # Of two fixes of one place the first counts; the next save shows what is left.
            for op in problem.fix:
                ops.setdefault(str(op["path"]), op)
    return Patch(tuple(ops.values())), paths
