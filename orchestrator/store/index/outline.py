"""What a plan holds beside its tasks: few files, read by every command."""

from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import sha1

from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot, build
from orchestrator.store.files import Entry, Source
from orchestrator.store.index.found import Parts
from orchestrator.store.load import case_collisions
from orchestrator.store.parse import parse_entries
from orchestrator.store.template_files import template_problems


class Beside:
    """The settings, users, projects and templates of a plan.

    Attributes:
        parts: What they say, and all that is wrong with the paths and texts.
        layer: The environment whose settings lie over the others.
        fingerprint: Differs where anything differs that a problem of a task could rest on.
    """

    def __init__(self, source: Source, items: Iterable[Entry | Problem]) -> None:
        known = list(items)
        reads, problems, doubtful = parse_entries(known)
        problems += case_collisions(reads)
        if source.templates():
            problems += template_problems(source)
        self.layer = source.layer
        self.parts = Parts(reads, problems, doubtful)
        digest = sha1(source.layer.encode(), usedforsecurity=False)
        for item in known:
            text = repr(item).encode() if isinstance(item, Problem) else item.data
            digest.update(b"%d %b %b" % (len(text), item.path.encode("utf-8", "replace"), text))
        self.fingerprint = digest.hexdigest()

    @cached_property
    def snapshot(self) -> Snapshot:
        """The plan without its tasks."""
        return self.with_tasks(Parts([], [], []))

    def with_tasks(self, tasks: Parts) -> Snapshot:
        """Return a plan of these and of tasks."""
        return build(
            [*self.parts.reads, *tasks.reads],
            [*self.parts.problems, *tasks.problems],
            frozenset((*self.parts.doubtful, *tasks.doubtful)),
            self.layer,
        )


Locate = Callable[[list[Problem]], tuple[Problem, ...]]
"""From problems to the same with line and column, by path and line."""


def is_of_task(path: str) -> bool:
    """Return whether a path is in a folder of tasks."""
    parts = path.split("/", 3)
    return len(parts) > 3 and parts[0] == "projects" and parts[2] == "tasks"  # noqa: PLR2004
