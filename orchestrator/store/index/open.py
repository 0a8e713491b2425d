"""Opening the index for a command, which does without it wherever it cannot be used."""

import sqlite3
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import TypeVar

from orchestrator.model.problem import Problem
from orchestrator.store.git import Oid
from orchestrator.store.index.schema import index_path, with_index
from orchestrator.store.index.trees import Blob, UnmergedError, Wanted, git_tree, tree_with
from orchestrator.store.index.work_tree import Refreshed, work_tree
from orchestrator.store.index.worth import VARIABLE
from orchestrator.store.load import Report, located
from orchestrator.store.repository import FOLDER
from orchestrator.store.trees import Tree
from orchestrator.store.workspace import Workspace

T = TypeVar("T")
Hold = Callable[[sqlite3.Connection], AbstractContextManager[Refreshed]]
"""Brings a state up to date and holds it."""


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
    tree: Oid | None = None,
    over: Mapping[str, Blob] | None = None,
    touched: Collection[str] | None = None,
) -> tuple[Report, Tree] | None:
    """Return all problems of what git has, and a tree of the files in which they are.

    None where the index is of no use.

    Args:
        workspace: Whose repository.
        now: For the checks of stamps.
        tree: Of a commit, or of a merge; None for what is staged.
        over: Files that are otherwise than there, by path: their modes and blobs.
        touched: Paths; of tasks' files that are not among them, warnings are not wanted.
    """
    from orchestrator.store.index.recheck import is_settled, recheck

    repository = workspace.required_repository
    wanted = Wanted(repository, tree, over or {})

    def is_unsettled(refreshed: Refreshed) -> bool:
        return not is_settled(refreshed.state, refreshed.beside, now)

    def hold(db: sqlite3.Connection) -> AbstractContextManager[Refreshed]:
        return git_tree(db, wanted, is_unsettled)

    def run(refreshed: Refreshed) -> tuple[Report, Tree]:
        def locate(problems: list[Problem]) -> tuple[Problem, ...]:
            return located(tree_with(refreshed, repository, problems), problems) if problems else ()

        report = recheck(refreshed.state, refreshed.beside, now, locate, touched)
        return report, tree_with(refreshed, repository, report.problems)

    return using(workspace, hold, run)


def tree_of(workspace: Workspace, revision: str) -> Oid:
    """Return the id of a commit's tree.

    Raises:
        UnknownRevisionError: There is no such commit.
    """
    git = workspace.required_repository.git
    commit = git.commit_of(revision)
    return Oid(git.run("rev-parse", f"{commit}^{{tree}}").decode().strip())


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

    def work(db: sqlite3.Connection) -> T | None:
        try:
            with hold(db) as refreshed:
                return run(refreshed)
        except UnmergedError:
            return None

    if index_path(folder).exists() or is_wanted:
        return with_index(folder, work)
    # To make it takes longer than to do without; it is made when somebody comes back.
    return with_index(folder, lambda _: None)
