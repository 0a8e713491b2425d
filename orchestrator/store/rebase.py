"""A patch that names the commit it was made against, carried over to the present state."""

from orchestrator.patch.apply import Change, Documents, apply
from orchestrator.patch.ops import Patch, PatchError
from orchestrator.patch.rebase import rebase
from orchestrator.store.documents import TreeDocuments
from orchestrator.store.git import Oid, UnknownRevisionError
from orchestrator.store.objects import Objects, open_objects
from orchestrator.store.repository import Repository


class UnknownBaseError(PatchError):
    """The commit that a patch was made against is not in this repository.

    Attributes:
        base: What the patch calls it.
    """

    def __init__(self, base: str) -> None:
        super().__init__(
            f"The patch's base, {base[:100]!r}, names no commit here.",
            "git fetch may bring it; a patch without a base is guarded by its tests alone.",
        )
        self.base = base


def wanted_changes(
    repository: Repository, patch: Patch, present: Documents, objects: Objects | None = None
) -> list[Change]:
    """Return what `patch` does to the present documents.

    With a base, what happened since is kept: the patch is merged into it, field by field. It does
    not matter whether the base is an ancestor of what is there now.

    Args:
        repository: Where the base is.
        patch: With or without a base.
        present: What there is now.
        objects: A dialogue with git, when there is one already.

    Raises:
        UnknownBaseError: The base names no commit.
        StalePatchError: Both changed the same thing.
        PatchError: The patch cannot be applied.
    """
    if not patch.base:
        return apply(present, patch.ops)
    base = base_of(repository, patch.base)
    if objects is not None:
        past = TreeDocuments.read(repository, base, patch, objects)
    else:
        with open_objects(repository.git) as opened:
            past = TreeDocuments.read(repository, base, patch, opened)
    return rebase(past, present, patch.ops, base)


def base_of(repository: Repository, base: str) -> Oid:
    """Return the commit that a patch names as its base.

    Raises:
        UnknownBaseError: There is none of that name.
    """
    try:
        return repository.git.commit_of(base)
    except UnknownRevisionError as error:
        raise UnknownBaseError(base) from error
