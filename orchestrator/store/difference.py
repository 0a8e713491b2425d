"""What differs between two states of the plan, reading only the files that do."""

import os
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from orchestrator.model.places import SETTINGS_FILE, Kind, place_of
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change
from orchestrator.patch.step import same
from orchestrator.store.files import WorkTree
from orchestrator.store.git import Oid
from orchestrator.store.parse import document_of
from orchestrator.store.repository import Repository
from orchestrator.store.trees import read_blobs

_ABSENT = "0" * 40
_UNMERGED = "U"


class Side(Enum):
    """A state that is no commit."""

    INDEX = "index"
    WORK_TREE = "work tree"


class Difference(NamedTuple):
    """What leads from one state to another.

    Attributes:
        changes: By kind and id.
        unreadable: Paths of files that differ and that cannot be read on one side; what they
            hold is in no change.
    """

    changes: tuple[Change, ...]
    unreadable: tuple[str, ...]


class _File(NamedTuple):
    """A file that differs: its path, and its blob on both sides; None where it is not."""

    path: str
    old: Oid | None
    new: Oid | None
    is_unmerged: bool = False


def difference(repository: Repository, old: Oid, new: Oid | Side) -> Difference:
    """Return what differs between a commit or tree and another, the index, or the work tree."""
    files = list(_files(repository, old, new))
    wanted = [oid for file in files for oid in (file.old, file.new) if oid]
    blobs = dict(zip(wanted, read_blobs(repository.git, wanted), strict=True))
    documents: dict[tuple[Kind, str], list[Document | None]] = {}
    unreadable: dict[tuple[Kind, str], str] = {}
    tree = WorkTree(repository.workspace)
    for file in files:
        place = place_of(file.path)
        if place is None:
            continue
        entity = (place.kind, place.id)
        sides = documents.setdefault(entity, [None, None])
        if file.is_unmerged:
            unreadable[entity] = file.path
            continue
        before = blobs[file.old] if file.old else None
        if new is Side.WORK_TREE:
            after = tree.read(file.path)
        else:
            after = blobs[file.new] if file.new else None
        if after is None and new is Side.WORK_TREE and os.path.lexists(tree.root / file.path):
            unreadable[entity] = file.path
        for side, data in enumerate((before, after)):
            if data is None:
                continue
            document = document_of(file.path, data)
            if isinstance(document, list):
                unreadable[entity] = file.path
            else:
                project = {"project": place.project} if place.kind == "tasks" else {}
                sides[side] = {**document, **project}
    changes = tuple(
        Change(*entity, before, after)
        for entity, (before, after) in sorted(documents.items())
        if entity not in unreadable and not same(before, after)
    )
    return Difference(changes, tuple(sorted(unreadable.values())))


def _files(repository: Repository, old: Oid, new: Oid | Side) -> Iterator[_File]:
    """Yield the files of the workspace that differ, as git sees it."""
    git, prefix = repository.git, repository.prefix
    shape = ("-r", "-z", "--no-renames", "--no-ext-diff", "--raw", "--full-index")
    match new:
        case Side.INDEX:
            out = git.run("diff-index", "--cached", *shape, old)
        case Side.WORK_TREE:
            out = git.run("diff-index", *shape, old)
        case _:
            out = git.run("diff-tree", *shape, old, new)
    seen = set()
    for file in _parsed(prefix, out.split(b"\0")[:-1]):
        # In the midst of a merge, a file is named twice: as unmerged, and as it is.
        if file.path not in seen:
            seen.add(file.path)
            yield file._replace(is_unmerged=file.is_unmerged and new is Side.INDEX)
    if new is Side.WORK_TREE:
        folders = (f"{prefix}{name}" for name in (SETTINGS_FILE, "users", "projects"))
        out = git.run("ls-files", "--others", "-z", "--", *folders)
        for name in out.split(b"\0")[:-1]:
            path = os.fsdecode(name)[len(prefix) :]
            if path not in seen:
                yield _File(path, None, None)


def _parsed(prefix: str, fields: Iterable[bytes]) -> Iterator[_File]:
    """Yield what `--raw -z` says, of files in the workspace."""
    parts = iter(fields)
    for head, name in zip(parts, parts, strict=True):
        path = os.fsdecode(name)
        if path.startswith(prefix):
            _, _, old, new, letter = head.decode().split(" ")
            old_oid, new_oid = (None if oid.startswith(_ABSENT) else Oid(oid) for oid in (old, new))
            yield _File(path[len(prefix) :], old_oid, new_oid, letter == _UNMERGED)


def ends(repository: Repository, span: str, *, is_staged: bool = False) -> tuple[Oid, Oid | Side]:
    """Return what a user's text compares: `A..B`, `A...B`, `A`, or nothing for HEAD.

    Args:
        repository: Where.
        span: What the user says.
        is_staged: Whether one commit is compared with the index, and not with the work tree.

    Raises:
        UnknownRevisionError: A name is that of no commit.
    """
    git = repository.git
    first, dots, second = span.partition("..")
    if dots:
        is_from_fork = second.startswith(".")
        old, new = (git.commit_of(name or "HEAD") for name in (first, second.removeprefix(".")))
        if is_from_fork:
            out = git.run("merge-base", old, new, may_fail=True).split()
            return (Oid(out[0].decode()) if out else git.empty_tree()), new
        return old, new
    side = Side.INDEX if is_staged else Side.WORK_TREE
    if not span and not repository.has_commits:
        return git.empty_tree(), side
    return git.commit_of(span or "HEAD"), side
