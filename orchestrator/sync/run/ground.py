"""Where a sync stands: the checked-out branch, its last commit, and the plan in it."""

from dataclasses import dataclass
from functools import cached_property

from orchestrator.model.snapshot import Snapshot
from orchestrator.store.committing import refuse_unfinished
from orchestrator.store.git import Oid, StoreError
from orchestrator.store.load import load
from orchestrator.store.proposals.find import HEADS
from orchestrator.store.repository import Repository
from orchestrator.store.trees import Tree, commit_tree
from orchestrator.store.workspace import Workspace


class GroundError(StoreError):
    """There is no branch that a sync could work on."""


@dataclass(frozen=True)
class Ground:
    """A branch as it is checked out, at its last commit.

    Attributes:
        workspace: Whose.
        branch: Its name.
        head: The commit.
        tree: The plan's files in it.
    """

    workspace: Workspace
    branch: str
    head: Oid
    tree: Tree

    @property
    def repository(self) -> Repository:
        """The repository around it."""
        return self.workspace.required_repository

    @cached_property
    def snapshot(self) -> Snapshot:
        """The plan in the commit, whatever the work tree holds."""
        return load(self.tree).snapshot


def stand(workspace: Workspace) -> Ground:
    """Return where a sync stands now.

    Raises:
        StoreError: There is no repository, branch or commit, or a merge is not finished.
    """
    repository = workspace.required_repository
    branch, head = checked_out(repository)
    refuse_unfinished(repository)
    return Ground(workspace, branch, head, commit_tree(repository.git, repository.prefix, head))


def stand_again(ground: Ground) -> Ground:
    """Return where a sync stands now that began on `ground`; the same, if nobody has committed.

    Raises:
        StoreError: Another branch is checked out by now, or a merge is not finished.
    """
    branch, head = checked_out(ground.repository)
    if branch != ground.branch:
        raise GroundError(
            f"{branch} is checked out by now, and the sync began on {ground.branch} .",
            f"git switch {ground.branch}, and sync again.",
        )
    if head != ground.head:
        return stand(ground.workspace)
    refuse_unfinished(ground.repository)
    return ground


def checked_out(repository: Repository) -> tuple[str, Oid]:
    """Return the branch that is checked out, and its last commit.

    Raises:
        GroundError: There is none.
    """
    code, out, _ = repository.git.finish("symbolic-ref", "--quiet", "HEAD")
    ref = out.decode("utf-8", "replace").strip()
    if code or not ref.startswith(HEADS):
        raise GroundError(
            "No branch is checked out, so there is nothing that a sync could commit to.",
            "git switch main",
        )
    head = repository.head
    if head is None:
        raise GroundError("There are no commits here yet.", "git add . && git commit")
    return ref.removeprefix(HEADS), head
