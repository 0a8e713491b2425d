"""What git asks of us file by file: to merge one, and to put one so that its diff can be read."""

from collections.abc import Mapping
from pathlib import Path

from orchestrator.model.fields import FIELDS
from orchestrator.model.places import Kind, place_of
from orchestrator.store.files import LARGEST
from orchestrator.store.git import open_git
from orchestrator.store.write import FileEdit, write_files
from orchestrator.text.merge import Labels, MergedText, merge_files
from orchestrator.text.read import read
from orchestrator.text.render import render

LARGEST_DIFF = 64 * 1024 * 1024

Three = tuple[Path, Path, Path]
"""Base, ours and theirs."""


def merge_by_field(files: Three, path: str, marker_size: int) -> MergedText | None:
    """Merge a plan file into its second form, ours; None, and nothing is written, if by line.

    Args:
        files: Base, ours, which gets the result, and theirs.
        path: Where the file belongs in the repository; says what it describes.
        marker_size: Characters of a conflict's marker.

    Raises:
        StoreError: The result cannot be written.
    """
    kind = kind_of(path)
    before = [_text(file) for file in files]
    base, ours, theirs = before
    if kind is None or base is None or ours is None or theirs is None:
        return None
    merged = merge_files(kind, base, ours, theirs, Labels(size=marker_size))
    if merged is not None and merged.text != ours:
        edit = FileEdit(files[1].name, ours.encode(), merged.text.encode())
        write_files(files[1].parent, [edit])
    return merged


def merge_by_line(
    folder: Path, environment: Mapping[str, str], files: Three, marker_size: int
) -> int:
    """Merge a file as git does without a driver; return 1 where that leaves markers, else 0."""
    git = open_git(str(folder), environment, in_hook=True)
    base, ours, theirs = map(str, files)
    names = ("-L", "ours", "-L", "base", "-L", "theirs")
    command = ("merge-file", "--quiet", f"--marker-size={marker_size}", *names)
    code, _, _ = git.finish(*command, "--", ours, base, theirs)
    return 1 if code else 0


def kind_of(path: str) -> Kind | None:
    """Return what a file of a repository describes, wherever in it the workspace is."""
    parts = path.split("/")
    for start in range(len(parts)):
        place = place_of("/".join(parts[start:]))
        if place is not None and (place.kind != "settings" or start == len(parts) - 1):
            return place.kind
    return None


def readable_form(data: bytes) -> str | None:
    """Return what a file says, key by key in canonical form, or None when it cannot be read."""
    document = read("", data) if len(data) <= LARGEST else None
    if not isinstance(document, dict):
        return None
    order = {name: at for at, name in enumerate(FIELDS["tasks"])}
    keys = sorted(document, key=lambda key: (order.get(key, len(order)), key))
    return render({key: document[key] for key in keys})


def _text(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        return None if len(data) > LARGEST else data.decode()
    except (OSError, UnicodeDecodeError):
        return None
