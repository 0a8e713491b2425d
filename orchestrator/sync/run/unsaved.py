"""What a commit means for files with edits that are not committed: both are kept, or neither."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orchestrator.model.fields import STAMPS
from orchestrator.model.places import Kind, place_of
from orchestrator.store.git import Oid
from orchestrator.store.trees import index_tree, read_blobs
from orchestrator.store.write import FileEdit, present
from orchestrator.sync.run.ground import Ground
from orchestrator.text.merge import merge_files

_EDITED = "its file has changes that are not committed"
_STAMP = re.compile(rf"^({'|'.join(sorted(STAMPS))}): .*\n?".encode(), re.MULTILINE)


@dataclass(slots=True)
class Placed:
    """What the files and the index get.

    Attributes:
        files: Edits of the work tree.
        index: New contents of the index, by path; None for what the commit holds.
        refused: Why a path cannot be changed.
    """

    files: list[FileEdit] = field(default_factory=list)
    index: dict[str, bytes | None] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def placed(ground: Ground, edits: Sequence[FileEdit]) -> Placed:
    """Return what the edits of a commit mean for the work tree and the index around it.

    A file that nobody has touched gets what the commit holds. One with unsaved edits is merged
    field by field, and refused where both change the same.

    Args:
        ground: The commit that is checked out.
        edits: What changes in it.
    """
    result = Placed()
    staged = _staged(ground, edits)
    for edit in edits:
        path = edit.path
        kind = _kind(path)
        found = present(ground.workspace.root / path)
        after, why = _carried(kind, edit, found)
        index: bytes | None = None
        if not why and path in staged:
            index, why = _carried(kind, edit, staged[path])
        if why:
            result.refused[path] = why
            continue
        result.index[path] = index
        if found != after:
            result.files.append(FileEdit(path, found, after))
    return result


def _carried(kind: Kind, edit: FileEdit, found: bytes | None) -> tuple[bytes | None, str]:
    """Return a file with an edit made, given what it holds now, or why that cannot be."""
    if found in (edit.before, edit.after) or _is_brought(edit, found):
        return edit.after, ""
    if found is None:
        return None, "its file was removed, which is not committed"
    if edit.before is None:
        return None, "a file that is not committed is in its place"
    if edit.after is None:
        return None, _EDITED
    base, ours, theirs = (_text(data) for data in (edit.before, found, edit.after))
    merged = merge_files(kind, base, ours, theirs)
    if merged is None or merged.conflicts:
        return None, _EDITED
    return merged.text.encode("utf-8", "surrogateescape"), ""


def is_but_for_stamps(one: bytes, other: bytes) -> bool:
    """Return whether two files say the same, whatever the moments that the tool has stamped."""
    return _STAMP.sub(b"", one) == _STAMP.sub(b"", other)


def _is_brought(edit: FileEdit, found: bytes | None) -> bool:
    """Return whether a file holds what a killed run brought: the same, stamped at its moment."""
    if found is None or edit.after is None or not is_but_for_stamps(found, edit.after):
        return False
    if edit.before is None:
        # By another clock, a stamp of the tracker's may have lain in the future, and been left out.
        return True
    past = _stamps(edit.before)
    fresh = [
        {name for name, line in stamps.items() if past.get(name) != line}
        for stamps in (_stamps(found), _stamps(edit.after))
    ]
    return fresh[0] == fresh[1]


def _stamps(data: bytes) -> dict[bytes, bytes]:
    return {line[1]: line[0] for line in _STAMP.finditer(data)}


def _staged(ground: Ground, edits: Sequence[FileEdit]) -> Mapping[str, bytes | None]:
    """Return what is staged of the paths where that is neither what the commit holds."""
    index = index_tree(ground.repository.git, ground.repository.prefix).blobs
    odd: dict[str, Oid | None] = {}
    for edit in edits:
        there, here = index.get(edit.path), ground.tree.blobs.get(edit.path)
        if (there and there[1]) != (here and here[1]):
            odd[edit.path] = there[1] if there else None
    blobs = [oid for oid in odd.values() if oid is not None]
    contents = dict(zip(blobs, read_blobs(ground.repository.git, blobs), strict=True))
    return {path: contents[oid] if oid else None for path, oid in odd.items()}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _kind(path: str) -> Kind:
    place = place_of(path)
    return place.kind if place else "tasks"
