"""Committing what was changed in a plan and is right, in the words of the change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from orchestrator.check.facts import names
from orchestrator.check.run import check
from orchestrator.model.places import place_of
from orchestrator.model.problem import Problem
from orchestrator.patch.apply import Change
from orchestrator.patch.describe import body, subject
from orchestrator.patch.diff import diff
from orchestrator.patch.ops import digest
from orchestrator.store.difference import Side, difference
from orchestrator.store.git import Oid
from orchestrator.store.repository import Repository
from orchestrator.store.watch.choose import Choice, Over, choose
from orchestrator.store.watch.exact import SavedMeanwhileError, commit_exactly
from orchestrator.store.watch.memory import Memory, promised
from orchestrator.store.watch.uncommitted import committed_bytes, uncommitted
from orchestrator.store.workspace import Workspace


class Committed(NamedTuple):
    """What was committed.

    Attributes:
        oid: The commit; None when there was nothing to commit.
        paths: Its files.
        subject: What it says.
        held: Why other files cannot be committed yet, by path.
    """

    oid: Oid | None
    paths: tuple[str, ...]
    subject: str
    held: Mapping[str, str]


def commit_valid(workspace: Workspace, memory: Memory, now: datetime) -> Committed:
    """Commit the plan's files that may be committed, and nothing else.

    Args:
        workspace: Where.
        memory: The plan, just looked at.
        now: For the checks of stamps.

    Raises:
        NotCommittedError: Git or a hook refuses.
        StoreError: Git fails.
    """
    repository = workspace.required_repository
    choice = _choice(repository, memory, now)
    if not choice.paths:
        return Committed(None, (), "", choice.held)
    changes = _changes(repository, choice.paths)
    title = subject(changes) if changes else f"Edit the layout of {_named(choice.paths)}"
    message = "\n\n".join(part for part in (title, body(changes)) if part)
    trailers = (f"Orchestrator-Patch: {digest(diff(changes))}",) if changes else ()

    def is_as_checked(path: str) -> bool:
        # A template is no part of the plan, and was not checked.
        return promised(path) is None or memory.is_as_it_was(path)

    try:
        oid = commit_exactly(workspace, choice.paths, f"{message}\n", trailers, is_as_checked)
    except SavedMeanwhileError:
        return Committed(None, (), "", choice.held)
    return Committed(oid, choice.paths, title, choice.held)


def _choice(repository: Repository, memory: Memory, now: datetime) -> Choice:
    files = uncommitted(repository)
    if not files:
        return Choice((), {})
    committed = committed_bytes(repository, repository.head, [file.path for file in files])

    def errors_with(over: Over) -> list[Problem]:
        problems = check(memory.snapshot(over), now)
        return [problem for problem in problems if problem.severity == "error"]

    return choose(files, committed, errors_with, len(memory.snapshot().tasks))


def _changes(repository: Repository, paths: Sequence[str]) -> list[Change]:
    """Return what files change in the plan, told as the commit tells it."""
    wanted = {(place.kind, place.id) for path in paths if (place := place_of(path))}
    head = repository.head or repository.git.empty_tree()
    found = difference(repository, head, Side.WORK_TREE).changes
    return [change for change in found if (change.kind, change.id) in wanted]


def _named(paths: Sequence[str]) -> str:
    places = (place_of(path) for path in paths)
    known = [
        place.id if place and place.id else path for place, path in zip(places, paths, strict=True)
    ]
    return names(known)
