"""What a proposal would do to its target: changes, problems, conflicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from orchestrator.model.problem import Problem
from orchestrator.patch.apply import Change
from orchestrator.patch.describe import shown
from orchestrator.patch.merge import ABSENT
from orchestrator.patch.semantic import EntityDiff, semantic_diff
from orchestrator.store.git import Oid
from orchestrator.store.history import changes_between
from orchestrator.store.load import located
from orchestrator.store.proposals.delta import other_files
from orchestrator.store.proposals.find import ProposedCommit, commits_of
from orchestrator.store.proposals.merge import MergedCommits, merge_commits
from orchestrator.store.proposals.plan import Plan, plan_at, plan_beside
from orchestrator.store.repository import Repository

State = Literal["open", "stale", "problems", "merged"]


@dataclass(frozen=True, slots=True)
class Review:
    """What merging a commit into a target means.

    Attributes:
        merged: The merge, or what clashes.
        commits: What it brings, the oldest first.
        changes: To the plan on the target; where there are clashes, since the common ancestor.
        files: Outside the plan that it changes, relative to the repository.
        problems: What is wrong with the result and not with the target, located.
        gone: What is wrong with the target and not with the result.
    """

    merged: MergedCommits
    commits: tuple[ProposedCommit, ...]
    changes: tuple[Change, ...]
    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    gone: tuple[Problem, ...] = ()

    @property
    def entities(self) -> tuple[EntityDiff, ...]:
        """The changes by entity and field."""
        return semantic_diff(self.changes)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which it cannot be accepted."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def is_merged(self) -> bool:
        """Whether the target contains it already."""
        return self.merged.base == self.merged.theirs

    @property
    def state(self) -> State:
        """In one word: what stands in the way of accepting it."""
        if self.is_merged:
            return "merged"
        if self.merged.tree is None:
            return "stale"
        return "problems" if self.errors else "open"


@dataclass(frozen=True)
class Plans:
    """The plan on a target, read once for the reviews of many proposals.

    Attributes:
        repository: Around the workspace.
        tip: The target's commit.
        now: For the checks of stamps.
    """

    repository: Repository
    tip: Oid
    now: datetime

    @cached_property
    def present(self) -> Plan:
        """The plan as it is."""
        return plan_at(self.repository, self.tip, self.now)

    def at(self, tree: Oid) -> Plan:
        """Return the plan as it would be."""
        return plan_beside(self.present, self.repository, tree, self.now)


def review(plans: Plans, theirs: Oid) -> Review:
    """Return what merging `theirs` into the target would do."""
    repository, ours = plans.repository, plans.tip
    merged = merge_commits(repository, ours, theirs)
    commits = tuple(commits_of(repository, ours, theirs))
    start, end = (merged.base, theirs) if merged.tree is None else (ours, merged.tree)
    changes = tuple(changes_between(repository, start, end))
    files = other_files(repository, start, end)
    if merged.tree is None or merged.base == theirs:
        return Review(merged, commits, changes, files)
    present, future = plans.present, plans.at(merged.tree)
    fresh, gone = compare(present.problems, future.problems)
    return Review(
        merged, commits, changes, files, located(future.tree, fresh), located(present.tree, gone)
    )


def state_of(plans: Plans, theirs: Oid) -> State:
    """Return the state of a proposal; the same as of its review, for less."""
    merged = merge_commits(plans.repository, plans.tip, theirs)
    if merged.base == theirs:
        return "merged"
    if merged.tree is None:
        return "stale"
    fresh, _ = compare(plans.present.problems, plans.at(merged.tree).problems)
    return "problems" if any(problem.severity == "error" for problem in fresh) else "open"


def compare(old: Iterable[Problem], new: Iterable[Problem]) -> tuple[list[Problem], list[Problem]]:
    """Return the problems that are only in `new`, and those that are only in `old`."""
    before = {_identity(problem): problem for problem in old}
    now = {_identity(problem): problem for problem in new}
    fresh = [problem for key, problem in now.items() if key not in before]
    gone = [problem for key, problem in before.items() if key not in now]
    return fresh, gone


def clash_words(merged: MergedCommits, ours: str, theirs: str) -> list[str]:
    """Return what clashes, a line each: `PAY-1: status: todo → blocked in main, completed in x`."""
    lines = []
    for (_, entity_id), path, (pointer, base, mine, yours) in merged.clashes:
        field = pointer.removeprefix("/").replace("/", ".") or path
        sides = " and ".join(
            f"{_value(value)} in {name}" for value, name in ((mine, ours), (yours, theirs))
        )
        lines.append(f"{entity_id or 'settings'}: {field}: {_value(base)} → {sides}")
    return [*lines, *(f"{path}: git cannot merge it" for path in merged.files)]


def _value(value: object) -> str:
    return "nothing" if value is ABSENT else shown(value)


def _identity(problem: Problem) -> tuple[str, str | None, str, str, str]:
    return problem.code, problem.id, problem.path, problem.pointer, problem.message
