"""The plan in a commit, read once; in other trees only what differs is read."""

from dataclasses import dataclass, replace
from datetime import datetime

from orchestrator.check.run import check
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot, build
from orchestrator.store.git import Oid
from orchestrator.store.load import case_collisions
from orchestrator.store.parse import Parsed, parse_entries
from orchestrator.store.proposals.delta import files_that_differ
from orchestrator.store.repository import Repository
from orchestrator.store.trees import Tree, commit_tree


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan in a commit or a tree.

    Attributes:
        oid: The commit or tree.
        tree: Its files.
        parsed: What they say, and what is wrong with them one by one.
        problems: Everything that is wrong with it, not located.
    """

    oid: Oid
    tree: Tree
    parsed: Parsed
    problems: tuple[Problem, ...]


def plan_at(repository: Repository, tree: Oid, now: datetime) -> Plan:
    """Return the plan in a commit or a tree.

    Args:
        repository: Around the workspace.
        tree: The commit or tree.
        now: For the checks of stamps.
    """
    files = commit_tree(repository.git, repository.prefix, tree)
    return _judged(tree, files, parse_entries(files.entries()), now)


def plan_beside(plan: Plan, repository: Repository, tree: Oid, now: datetime) -> Plan:
    """Return the plan in another tree: the same as `plan_at`, and reads only what differs."""
    changed = files_that_differ(repository, plan.oid, tree)
    fresh = {path: (after.mode, after.oid) for path, (_, after) in changed.items() if after}
    blobs = {path: blob for path, blob in plan.tree.blobs.items() if path not in changed}
    files = replace(plan.tree, blobs={**blobs, **fresh})
    reads, problems, doubtful = parse_entries(replace(files, blobs=fresh).entries())
    kept = plan.parsed
    parsed = Parsed(
        [read for read in kept.reads if read[0] not in changed] + reads,
        [problem for problem in kept.problems if problem.path not in changed] + problems,
        [path for path in kept.doubtful if path not in changed] + doubtful,
    )
    parsed.reads.sort(key=lambda read: read[0])
    return _judged(tree, files, parsed, now)


def users_at(repository: Repository, commit: Oid) -> Snapshot:
    """Return the users of the plan in a commit, as a plan with nothing else in it."""
    files = commit_tree(repository.git, repository.prefix, commit)
    users = {path: blob for path, blob in files.blobs.items() if path.startswith("users/")}
    reads, problems, doubtful = parse_entries(replace(files, blobs=users).entries())
    return build(reads, problems, frozenset(doubtful))


def _judged(oid: Oid, files: Tree, parsed: Parsed, now: datetime) -> Plan:
    reads, problems, doubtful = parsed
    found = [*problems, *case_collisions(reads)]
    if files.templates():
        from orchestrator.store.template_files import template_problems

        found += template_problems(files)
    snapshot = build(reads, found, frozenset(doubtful), files.layer)
    return Plan(oid, files, parsed, tuple(check(snapshot, now)))
