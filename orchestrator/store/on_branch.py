"""A patch judged and committed on a branch, however many others write to it meanwhile."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.after import after
from orchestrator.patch.ops import Patch
from orchestrator.store.commit import Commit, Draft, MovedError, draft, write_commit
from orchestrator.store.consequences import new_warnings, refuse_misplaced
from orchestrator.store.fast_import import CollectedError
from orchestrator.store.git_locks import git_writing
from orchestrator.store.identity import author_of, committer_of
from orchestrator.store.load import load
from orchestrator.store.lock import locked
from orchestrator.store.repository import Repository
from orchestrator.store.trees import commit_tree

_TRIES = 4  # with which a patch is applied anew to a branch that moved


def commit_patch(
    repository: Repository, lock: Path, branch: str, patch: Patch, now: datetime, *, dry_run: bool
) -> Commit:
    """Commit `patch` on a branch without touching the work tree.

    Raises:
        PatchRejectedError: It would bring errors into the plan on that branch.
        PatchError: It cannot be applied.
        StoreError: The branch cannot be written.
    """
    # Writers queue here; without it, all but one of those that read the same tip would fail.
    with locked(lock, "commit"):
        for _ in range(_TRIES):
            # Git itself knows nothing of our lock: a person may commit or push to the branch.
            with suppress(MovedError, CollectedError):
                return _commit(repository, branch, patch, now, dry_run=dry_run)
        return _commit(repository, branch, patch, now, dry_run=dry_run)


def drafted(
    repository: Repository, branch: str, patch: Patch, now: datetime
) -> tuple[Draft, Snapshot]:
    """Return the commit to write, and the plan that is on the branch now.

    Raises:
        PatchError: The patch cannot be applied, or its author may not do this.
        StoreError: The branch is none that a patch can go to.
    """
    ready = draft(repository, branch, patch, now)
    if (patch.author or "").startswith("agent:"):
        from orchestrator.store.policy_gate import refuse_on_branch

        refuse_on_branch(repository, patch.author, ready.changes, branch, ready.tip)
    present = load(commit_tree(repository.git, repository.prefix, ready.tip)).snapshot
    refuse_misplaced(present, ready.changes)
    return ready, present


def _commit(
    repository: Repository, branch: str, patch: Patch, now: datetime, *, dry_run: bool
) -> Commit:
    ready, present = drafted(repository, branch, patch, now)
    new_warnings(present, after(present, ready.changes), now)
    if dry_run:
        return Commit(ready.tip, branch, ready.changes, ready.message)
    author, committer = author_of(repository), committer_of(repository)
    with git_writing(repository):
        return write_commit(repository, ready, author, now, committer=committer)
