"""Taking edits back: on files as they are now, to the byte where nobody has changed them since."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from orchestrator.model.places import Place, place_of
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change, UnreadableTargetError
from orchestrator.patch.step import same
from orchestrator.store.git import StoreError
from orchestrator.store.parse import document_of
from orchestrator.store.write import FileEdit

ReadBytes = Callable[[str], bytes | None]


class ChangedSinceError(StoreError):
    """What is to be taken back has been changed again; nothing was written.

    Attributes:
        clashes: Path, and the pointers of the fields where that is known.
    """

    def __init__(self, title: str, clashes: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self.clashes = tuple(clashes)
        named = [
            f"{path} ({', '.join(field.lstrip('/') for field in fields)})" if fields else path
            for path, fields in self.clashes[:5]
        ]
        more = f" and {len(self.clashes) - 5} more" if len(self.clashes) > 5 else ""  # noqa: PLR2004
        super().__init__(
            f"{', '.join(named)}{more} changed after {title!r}, which cannot be taken back.",
            "Change it by hand, or take back the later change first.",
        )


def taken_back(title: str, edits: Iterable[FileEdit], read: ReadBytes) -> list[FileEdit]:
    """Return the edits that take others back, on files as they are now.

    A file that is as it was left becomes what it was, to the byte. One that was changed since
    keeps what was changed, where that is something else; the merge driver's rules say so.

    Raises:
        ChangedSinceError: The same was changed again.
    """
    back: list[FileEdit] = []
    clashes: list[tuple[str, tuple[str, ...]]] = []
    for file in _files(edits):
        found = _back(file, read)
        if isinstance(found, _Clash):
            clashes.append((found.path, found.fields))
        else:
            back += found
    if clashes:
        raise ChangedSinceError(title, clashes)
    return back


def changes_of(edits: Iterable[FileEdit]) -> Iterator[Change]:
    """Yield what edits do, by entity.

    Raises:
        UnreadableTargetError: A file of an entity cannot be read before or after.
    """
    for file in _files(edits):
        if file.place is None:
            continue
        before = _document(file.place, file.old_path, file.before)
        after = _document(file.place, file.new_path, file.after)
        if not same(before, after):
            yield Change(file.place.kind, file.place.id, before, after)


class _File(NamedTuple):
    """What edits do to one entity's file, which may move."""

    place: Place | None
    old_path: str | None
    before: bytes | None
    new_path: str | None
    after: bytes | None


class _Clash(NamedTuple):
    path: str
    fields: tuple[str, ...] = ()


def _files(edits: Iterable[FileEdit]) -> Iterator[_File]:
    """Yield edits by entity: the removal of a file here and its making there are one."""
    found: dict[tuple[str, str], _File] = {}
    for path, before, after in ((edit.path, edit.before, edit.after) for edit in edits):
        place = place_of(path)
        key = (place.kind, place.id) if place else ("", path)
        file = found.get(key, _File(place, None, None, None, None))
        if before is not None:
            file = file._replace(old_path=path, before=before)
        if after is not None:
            file = file._replace(new_path=path, after=after)
        found[key] = file
    yield from found.values()


def _back(file: _File, read: ReadBytes) -> list[FileEdit] | _Clash:
    old_path, new_path = file.old_path, file.new_path
    if new_path is None:
        if old_path is None:
            return []
        present = read(old_path)
        if present is None:
            return [FileEdit(old_path, None, file.before)]
        return [] if present == file.before else _Clash(old_path)
    present = read(new_path)
    if old_path is None and present is None:
        return []
    if old_path == new_path and present == file.before:
        return []
    wanted = _wanted(file, present)
    if isinstance(wanted, _Clash):
        return wanted
    if old_path in (new_path, None):
        return [FileEdit(new_path, present, wanted)]
    if old_path and read(old_path) is not None:
        return _Clash(old_path)
    return [FileEdit(new_path, present, None), FileEdit(old_path or "", None, wanted)]


def _wanted(file: _File, present: bytes | None) -> bytes | _Clash | None:
    """Return the bytes that take a change back in a file that holds `present`."""
    path = file.new_path or ""
    if present == file.after:
        return file.before
    if present is None or file.before is None or file.after is None or file.place is None:
        return _Clash(path)
    from orchestrator.text.merge import merge_files

    try:
        base, ours, theirs = (data.decode("utf-8") for data in (file.after, present, file.before))
    except UnicodeDecodeError:
        return _Clash(path)
    merged = merge_files(file.place.kind, base, ours, theirs)
    if merged is None:
        return _Clash(path)
    if merged.conflicts:
        return _Clash(path, tuple(conflict.pointer for conflict in merged.conflicts))
    return merged.text.encode()


def _document(place: Place, path: str | None, data: bytes | None) -> Document | None:
    if path is None or data is None:
        return None
    document = document_of(path, data)
    if not isinstance(document, dict):
        raise UnreadableTargetError(place.kind, place.id)
    return {**document, "project": path.split("/")[1]} if place.kind == "tasks" else document
