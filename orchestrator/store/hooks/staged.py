"""What is staged of a plan: the files that differ from HEAD, and the commits they come from."""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from orchestrator.model.places import Place, place_of
from orchestrator.store.git import GitFailedError, Oid
from orchestrator.store.repository import Repository
from orchestrator.store.trees import Tree, plan_pathspecs
from orchestrator.store.workspace import Workspace

REGULAR = "100644"
_MERGED = re.compile(r"GITHEAD_([0-9a-f]{40,64})")


class File(NamedTuple):
    """One file that differs between two trees.

    Attributes:
        path: Relative to the workspace.
        old_mode: Git's mode before; `000000` when it is new.
        old: Its blob before, or None.
        new_mode: Git's mode now.
        new: Its blob now, or None when it was removed.
    """

    path: str
    old_mode: str
    old: Oid | None
    new_mode: str
    new: Oid | None

    @property
    def place(self) -> Place | None:
        """What the path promises."""
        return place_of(self.path)


def staged_files(repository: Repository) -> list[File]:
    """Return the plan's files in which the index differs from HEAD, if there is one."""
    try:
        return compared(repository, "diff-index", "--cached", "HEAD")
    except GitFailedError:
        if repository.has_commits:
            raise
    return compared(repository, "diff-index", "--cached", repository.git.empty_tree())


def compared(repository: Repository, *command: str) -> list[File]:
    """Return the plan's files that a diff-index or diff-tree finds different."""
    options = ("-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--no-textconv")
    out = repository.git.with_magic().run(
        *command, *options, "--", *plan_pathspecs(repository.prefix)
    )
    fields = iter(out.split(b"\0")[:-1])
    return [_file(head, name, repository.prefix) for head, name in zip(fields, fields, strict=True)]


def sides(repository: Repository, files: list[File]) -> tuple[Tree, Tree]:
    """Return two trees that hold just these files, as they were and as they are."""
    old = {file.path: (file.old_mode, file.old) for file in files if file.old}
    new = {file.path: (file.new_mode, file.new) for file in files if file.new}
    return (
        Tree(repository.git, repository.prefix, old),
        Tree(repository.git, repository.prefix, new),
    )


def merged_commits(workspace: Workspace) -> Iterator[Oid]:
    """Yield the commits that are being merged into HEAD."""
    repository = workspace.required_repository
    try:
        text = (repository.git_folder / "MERGE_HEAD").read_text("ascii")
    except FileNotFoundError:
        # pre-merge-commit runs before the file is written; git merge names them by variables.
        for name in workspace.environment:
            if found := _MERGED.fullmatch(name):
                yield Oid(found[1])
    else:
        yield from map(Oid, text.split())


def _file(head: bytes, name: bytes, prefix: str) -> File:
    old_mode, new_mode, old, new, _ = head.decode()[1:].split(" ")
    return File(os.fsdecode(name)[len(prefix) :], old_mode, _oid(old), new_mode, _oid(new))


def _oid(text: str) -> Oid | None:
    return Oid(text) if text.strip("0") else None
