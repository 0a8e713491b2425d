"""pre-commit and pre-merge-commit: the staged plan, stamped and checked."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from orchestrator.store.files import Source
from orchestrator.store.git import Oid
from orchestrator.store.hooks.staged import REGULAR, compared, merged_commits, staged_files
from orchestrator.store.hooks.stamp import Stamp, stamped_tree, stamps_for, write_stamps
from orchestrator.store.hooks.verdict import Verdict, decide, judge
from orchestrator.store.index.open import check_tree_with_index
from orchestrator.store.index.worth import is_worth_it
from orchestrator.store.trees import commit_tree
from orchestrator.store.workspace import Workspace


class Staged(NamedTuple):
    """What became of a commit that is about to be made.

    Attributes:
        verdict: What is wrong with it.
        stamps: What was stamped; nothing when the commit is refused.
        index_only: Ids of those stamped in the commit alone.
    """

    verdict: Verdict
    stamps: tuple[Stamp, ...]
    index_only: frozenset[str]


def check_commit(workspace: Workspace, now: datetime, *, stamps: bool = True) -> Staged | None:
    """Check what is staged, and stamp it when it passes; None when nothing of the plan is staged.

    Args:
        workspace: Opened in a hook: git's variables name the index that is committed.
        now: The moment that the stamps say.
        stamps: Whether to stamp. git merge has written its tree when it asks pre-merge-commit,
            so a stamp would be left staged behind the merge.
    """
    repository = workspace.required_repository
    files = staged_files(repository)
    if not files:
        return None
    found = stamps_for(repository, files, now) if stamps else []
    merged = list(merged_commits(workspace))
    touched = {file.path for file in files} - _theirs(workspace, merged)
    verdict = _verdict(workspace, now, found, touched, merged)
    if verdict.refusing or not found:
        return Staged(verdict, (), frozenset())
    return Staged(verdict, tuple(found), write_stamps(repository, workspace.root, found))


def _verdict(
    workspace: Workspace,
    now: datetime,
    found: Sequence[Stamp],
    touched: Collection[str],
    merged: Iterable[Oid],
) -> Verdict:
    def parents() -> Iterator[Source]:
        return _parents(workspace, merged)

    if is_worth_it(workspace):
        over = {stamp.file.path: (REGULAR, stamp.blob) for stamp in found}
        checked = check_tree_with_index(workspace, now, over=over, touched=touched)
        if checked is not None:
            return decide(checked[1], checked[0], now, touched.__contains__, parents)
    tree = stamped_tree(workspace.staged(), found)
    return judge(tree, now, touched.__contains__, parents)


def _theirs(workspace: Workspace, merged: Iterable[Oid]) -> set[str]:
    """Return the staged files that are just as a commit that is merged has them."""
    repository = workspace.required_repository
    same: set[str] = set()
    staged = None
    for commit in merged:
        staged = staged or workspace.staged()
        changed = {file.path for file in compared(repository, "diff-index", "--cached", commit)}
        same |= staged.blobs.keys() - changed
    return same


def _parents(workspace: Workspace, merged: Iterable[Oid]) -> Iterator[Source]:
    repository = workspace.required_repository
    if repository.has_commits:
        yield workspace.at("HEAD")
    for commit in merged:
        yield commit_tree(repository.git, repository.prefix, commit)
