"""Opening the index for a command, which does without it wherever it cannot be used."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from datetime import datetime
from functools import partial
from typing import TypeVar

from orchestrator.model.problem import Problem
from orchestrator.store.files import Tree
from orchestrator.store.git import Oid
from orchestrator.store.index.schema import (
    UnusableIndexError,
    connect,
    discard,
    index_path,
    is_busy,
)
from orchestrator.store.index.trees import Blob, UnmergedError, Wanted, git_tree, tree_with
from orchestrator.store.index.work_tree import Refreshed, work_tree
from orchestrator.store.load import Report, located
from orchestrator.store.repository import FOLDER
from orchestrator.store.workspace import Workspace

LEAST = 2_000
"""Files from which on the index pays."""

VARIABLE = "ORCHESTRATOR_INDEX"
"""`never` reads a plan without the index, `always` uses it for small plans too."""

T = TypeVar("T")
Hold = Callable[[sqlite3.Connection], AbstractContextManager[Refreshed]]
"""Brings a state up to date and holds it."""


def is_worth_it(workspace: Workspace) -> bool:
    """Return whether a plan is read with the index: it has git, and is large."""
    chosen = workspace.environment.get(VARIABLE, "")
    if chosen == "never" or workspace.repository is None:
        return False
    return chosen == "always" or _is_large(workspace)


def check_with_index(workspace: Workspace, now: datetime) -> Report | None:
    """Return all problems of a work tree, or None where the index is of no use."""
    from orchestrator.store.index.recheck import is_settled, recheck

    source = workspace.files

    def is_unsettled(refreshed: Refreshed) -> bool:
        return not is_settled(refreshed.state, refreshed.beside, now)

    def hold(db: sqlite3.Connection) -> AbstractContextManager[Refreshed]:
        return work_tree(db, source, workspace.processes, is_unsettled)

    def run(refreshed: Refreshed) -> Report:
        return recheck(refreshed.state, refreshed.beside, now, partial(located, source))

    return using(workspace, hold, run)


def check_tree_with_index(
    workspace: Workspace,
    now: datetime,
    revision: str | None = None,
    over: Mapping[str, Blob] | None = None,
) -> tuple[Report, Tree] | None:
    """Return all problems of what git has, and a tree of the files in which they are.

    None where the index is of no use.

    Args:
        workspace: Whose repository.
        now: For the checks of stamps.
        revision: A commit; None for what is staged.
        over: Files that are otherwise than there, by path: their modes and blobs.

    Raises:
        UnknownRevisionError: There is no such commit.
    """
    from orchestrator.store.index.recheck import is_settled, recheck

    repository = workspace.required_repository
    tree = None
    if revision is not None:
        commit = repository.git.commit_of(revision)
        tree = Oid(repository.git.run("rev-parse", f"{commit}^{{tree}}").decode().strip())
    wanted = Wanted(repository, tree, over or {})

    def is_unsettled(refreshed: Refreshed) -> bool:
        return not is_settled(refreshed.state, refreshed.beside, now)

    def hold(db: sqlite3.Connection) -> AbstractContextManager[Refreshed]:
        return git_tree(db, wanted, is_unsettled)

    def run(refreshed: Refreshed) -> tuple[Report, Tree]:
        def locate(problems: list[Problem]) -> tuple[Problem, ...]:
            return located(tree_with(refreshed, repository, problems), problems) if problems else ()

        report = recheck(refreshed.state, refreshed.beside, now, locate)
        return report, tree_with(refreshed, repository, report.problems)

    return using(workspace, hold, run)


def using(workspace: Workspace, hold: Hold, run: Callable[[Refreshed], T]) -> T | None:
    """Return what `run` makes of a state of the index; None where the index cannot be used.

    Args:
        workspace: Whose index.
        hold: Which state.
        run: Is called while nobody can change the state, and must not print.
    """
    if workspace.repository is None:
        return None
    folder = workspace.repository.common_folder / FOLDER
    is_wanted = workspace.environment.get(VARIABLE) == "always"
    try:
        if not index_path(folder).exists() and not is_wanted:
            # To make it takes longer than to do without; it is made when somebody comes back.
            connect(folder).close()
            return None
        with closing(connect(folder)) as db:
            try:
                with hold(db) as refreshed:
                    return run(refreshed)
            except sqlite3.Error as error:
                if is_busy(error):
                    return None
                raise UnusableIndexError(str(error)) from error
    except UnusableIndexError:
        discard(folder)
        return None
    except (sqlite3.Error, UnicodeError, UnmergedError):
        return None


def _is_large(workspace: Workspace) -> bool:
    """Return whether there are many files; counting ends where that is sure."""
    count = 0
    try:
        with os.scandir(workspace.root / "projects") as projects:
            for project in projects:
                try:
                    with os.scandir(f"{project.path}/tasks") as items:
                        for _ in items:
                            count += 1
                            if count >= LEAST:
                                return True
                except OSError:
                    continue
    except OSError:
        return False
    return False
