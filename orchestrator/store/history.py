"""Commits back into patches: what a commit changed, entity by entity."""

from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator.patch.apply import Change
from orchestrator.store.difference import difference
from orchestrator.store.git import Oid
from orchestrator.store.repository import Repository


@dataclass(frozen=True, slots=True)
class CommittedPatch:
    """The patch that a commit is.

    Attributes:
        oid: The commit.
        subject: Its message's first line.
        author: As git has it, `Name <email>`.
        trailers: Name and value, in the message's order.
        changes: Against its first parent, by entity; files that cannot be read are left out.
    """

    oid: Oid
    subject: str
    author: str
    trailers: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]


def patch_of(repository: Repository, revision: str) -> CommittedPatch:
    """Return what a commit did to the plan, against its first parent.

    Raises:
        UnknownRevisionError: The text names no commit.
    """
    git = repository.git
    oid = git.commit_of(revision)
    out = git.run(
        "log", "-1", "--no-show-signature", "--format=%s%x00%an <%ae>%x00%P%x00%(trailers:unfold)",
        "--end-of-options", oid,
    )  # fmt: skip
    subject, author, parents, trailers = out.decode("utf-8", "replace").rstrip("\n").split("\0", 3)
    pairs = tuple(
        (name, value.strip())
        for name, separator, value in (line.partition(":") for line in trailers.splitlines())
        if separator
    )
    old = Oid(parents.split(" ")[0]) if parents else git.empty_tree()
    return CommittedPatch(oid, subject, author, pairs, tuple(changes_between(repository, old, oid)))


def changes_between(repository: Repository, old: Oid, new: Oid) -> Iterator[Change]:
    """Yield the entities that differ between two commits or trees, reading only their files."""
    yield from difference(repository, old, new).changes
