"""Commits back into patches: what a commit changed, entity by entity."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator.model.places import Kind, place_of
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change, same
from orchestrator.store.files import read_blobs
from orchestrator.store.git import Oid
from orchestrator.store.parse import document_of
from orchestrator.store.repository import Repository

_ABSENT = "0" * 40


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
    git, prefix = repository.git, repository.prefix
    out = git.run(
        "diff-tree", "-r", "-z", "--no-renames", "--no-ext-diff", "--raw", "--full-index", old, new
    )
    documents: dict[tuple[Kind, str], list[Document | None]] = {}
    fields = out.split(b"\0")[:-1]
    sides: list[tuple[Oid, tuple[Kind, str], str, int]] = []
    for head, name in zip(fields[::2], fields[1::2], strict=True):
        path = os.fsdecode(name)
        place = place_of(path[len(prefix) :]) if path.startswith(prefix) else None
        if place is None:
            continue
        _, _, old_oid, new_oid, _ = head.decode().split(" ")
        documents.setdefault((place.kind, place.id), [None, None])
        for side, blob in enumerate((old_oid, new_oid)):
            if not blob.startswith(_ABSENT):
                sides.append((Oid(blob), (place.kind, place.id), path[len(prefix) :], side))
    unreadable: set[tuple[Kind, str]] = set()
    blobs = read_blobs(git, [blob for blob, _, _, _ in sides])
    for (_, entity, path, side), data in zip(sides, blobs, strict=True):
        document = document_of(path, data)
        if isinstance(document, dict):
            if entity[0] == "tasks":
                document["project"] = path.split("/")[1]
            documents[entity][side] = document
        else:
            unreadable.add(entity)
    for (kind, entity_id), (before, after) in sorted(documents.items()):
        if (kind, entity_id) not in unreadable and not same(before, after):
            yield Change(kind, entity_id, before, after)
