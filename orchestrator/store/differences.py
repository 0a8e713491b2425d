"""What differs between two commits, as edits of files."""

import os
from collections.abc import Callable

from orchestrator.store.git import Oid
from orchestrator.store.repository import Repository
from orchestrator.store.trees import read_blobs
from orchestrator.store.write import FileEdit

_ABSENT = "0" * 40
_FILES = ("100644", "100755", "000000")


def edits_between(
    repository: Repository, old: Oid, new: Oid, is_wanted: Callable[[str], object]
) -> list[FileEdit]:
    """Return the edits that lead from one commit or tree to another, below the workspace.

    Args:
        repository: Where.
        old: The first.
        new: The second.
        is_wanted: Says of a path, relative to the workspace, whether it counts. Symbolic links
            and submodules never do.
    """
    git, prefix = repository.git, repository.prefix
    raw = git.run(
        "diff-tree", "-r", "-z", "--no-renames", "--no-ext-diff", "--raw", "--full-index", old, new
    )
    parts = raw.split(b"\0")[:-1]
    found: list[tuple[str, list[str]]] = []
    for head, name in zip(parts[::2], parts[1::2], strict=True):
        path = os.fsdecode(name)
        old_mode, new_mode, *blobs, _ = head.decode().lstrip(":").split(" ")
        is_file = old_mode in _FILES and new_mode in _FILES
        if is_file and path.startswith(prefix) and is_wanted(path[len(prefix) :]):
            found.append((path[len(prefix) :], blobs))
    wanted = [Oid(blob) for _, blobs in found for blob in blobs if not blob.startswith(_ABSENT)]
    contents = iter(list(read_blobs(git, wanted)))
    edits = []
    for path, blobs in found:
        before, after = (None if blob.startswith(_ABSENT) else next(contents) for blob in blobs)
        edits.append(FileEdit(path, before, after))
    return edits
