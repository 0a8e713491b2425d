"""What a patch did to the work tree, or would do."""

from dataclasses import dataclass

from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import Change
from orchestrator.store.recover import Finished


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a patch to the work tree did.

    Attributes:
        changes: By entity; empty when the plan was so already.
        paths: The files that were written or removed.
        snapshot: The plan afterwards.
        warnings: What the change brings that `check` will warn of.
        recovered: What killed commands had begun, and was finished before.
    """

    changes: tuple[Change, ...]
    paths: tuple[str, ...]
    snapshot: Snapshot
    warnings: tuple[Problem, ...] = ()
    recovered: tuple[Finished, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a patch would do.

    Attributes:
        changes: By entity.
        problems: What is not there now and would be: errors, which would refuse it, and warnings.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
