"""Which changes may be committed: those with which the plan in the commit is right."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from orchestrator.model.places import SETTINGS_FILE, place_of
from orchestrator.model.problem import Problem
from orchestrator.store.watch.uncommitted import Uncommitted

_STAGED = "it is staged, and so it is yours to commit"
_DEPENDS = "it needs a change that cannot be committed yet"
_LEAST_MASS = 5
_MASS_SHARE = 10  # per cent
_words = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*").findall

Over = Mapping[str, bytes | None]
"""Files by path, as they are to be instead: their bytes, or None for one that is not there."""


class Choice(NamedTuple):
    """What may be committed.

    Attributes:
        paths: Files to commit.
        held: Why others cannot be committed yet, by path.
    """

    paths: tuple[str, ...]
    held: Mapping[str, str]


def choose(
    files: Iterable[Uncommitted],
    committed: Over,
    errors_with: Callable[[Over], list[Problem]],
    tasks: int,
) -> Choice:
    """Return which files may be committed so that the commit brings no error.

    Args:
        files: What is not committed.
        committed: Their bytes in HEAD.
        errors_with: Returns the errors of the plan with some files otherwise than they are.
        tasks: How many the plan holds, as it is on the disk.
    """
    held: dict[str, str] = {}
    left: set[str] = set()
    listed = list(files)
    for file in listed:
        if file.is_staged:
            held[file.path] = _STAGED
        elif file.lost:
            held[file.path] = f"the folder {file.lost} is gone"
        else:
            left.add(file.path)
    if any(file.is_gone and file.path == SETTINGS_FILE for file in listed):
        return Choice((), dict.fromkeys(left, f"{SETTINGS_FILE} is gone") | held)
    held |= _mass_removal(listed, tasks)
    left -= held.keys()
    known = {_identity(problem) for problem in errors_with(committed)} if left else set()
    while left:
        over = {path: data for path, data in committed.items() if path not in left}
        bad = _to_blame(errors_with(over), left, known)
        if not bad:
            break
        held |= bad
        left -= bad.keys()
    return Choice(tuple(sorted(left)), held)


def _to_blame(
    errors: Iterable[Problem], left: set[str], known: set[tuple[str, str, str, str]]
) -> dict[str, str]:
    """Return which of the files still left are not to be committed, and why."""
    bad: dict[str, str] = {}
    elsewhere = []
    for problem in errors:
        if problem.path in left:
            bad.setdefault(problem.path, problem.message)
        elif _identity(problem) not in known:
            elsewhere.append(problem)
    if bad or not elsewhere:
        return bad
    # The change is right in itself, and makes something wrong that stays as it is.
    named = {word for problem in elsewhere for word in _words(problem.message)}
    blamed = [path for path in left if _id(path) in named] or list(left)
    return dict.fromkeys(blamed, f"{_DEPENDS}: {elsewhere[0].message}")


def _mass_removal(files: list[Uncommitted], tasks: int) -> dict[str, str]:
    """Hold back the loss of many tasks: rather a folder that somebody lost than a wish."""
    there = {_id(file.path) for file in files if not file.is_gone}
    gone = [
        file.path
        for file in files
        if file.is_gone and "/tasks/" in file.path and _id(file.path) not in there
    ]
    most = max(_LEAST_MASS, (tasks + len(gone)) * _MASS_SHARE // 100)
    if len(gone) <= most:
        return {}
    return dict.fromkeys(gone, f"{len(gone):,} tasks are gone, which is yours to commit if meant")


def _id(path: str) -> str:
    place = place_of(path)
    return place.id if place else ""


def _identity(problem: Problem) -> tuple[str, str, str, str]:
    return problem.path, problem.code, problem.pointer, problem.message
