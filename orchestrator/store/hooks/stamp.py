"""Stamps for what is staged: found in memory first, written when the check has passed."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.check.lifecycle import stamps
from orchestrator.model.accept import accepts
from orchestrator.model.fields import FIELDS, STAMPS
from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.store.files import LARGEST
from orchestrator.store.git import Git, Oid
from orchestrator.store.hooks.staged import REGULAR, File
from orchestrator.store.repository import Repository
from orchestrator.store.trees import Tree, read_blobs
from orchestrator.text.read import read
from orchestrator.verbs.stamps import stamped

_PARTIAL = "next-index-"


class Stamp(NamedTuple):
    """One staged file and what its stamps make of it.

    Attributes:
        file: As it is staged.
        id: Of the task or project.
        before: The staged bytes.
        document: What the file is to say.
        after: The bytes with the stamps.
        blob: Their object.
        fields: The stamps that were set or removed.
    """

    file: File
    id: str
    before: bytes
    document: Document
    after: bytes
    blob: Oid
    fields: tuple[str, ...]


def stamps_for(repository: Repository, files: Sequence[File], now: datetime) -> list[Stamp]:
    """Return the stamps that the staged files lack or contradict; writes objects only."""
    wanted = [file for file in files if file.new and file.new_mode == REGULAR and _kind(file)]
    originals = _originals(files)
    before = [originals.get(_key(file)) for file in wanted]
    oids = [file.new for file in wanted if file.new] + [oid for oid in before if oid]
    contents = dict(zip(oids, read_blobs(repository.git, oids), strict=True))
    found: list[tuple[File, bytes, Document, bytes, tuple[str, ...]]] = []
    for file, old in zip(wanted, before, strict=True):
        data = contents[file.new] if file.new else b""
        edit = _edit(file, contents[old] if old else None, data, now)
        if edit:
            found.append((file, data, *edit))
    blobs = _write_blobs(repository.git, [item[3] for item in found])
    return [
        Stamp(file, _key(file)[1], data, document, after, blob, fields)
        for (file, data, document, after, fields), blob in zip(found, blobs, strict=True)
    ]


def stamped_tree(tree: Tree, found: Iterable[Stamp]) -> Tree:
    """Return a tree with the stamps in it."""
    blobs = {stamp.file.path: (REGULAR, stamp.blob) for stamp in found}
    return replace(tree, blobs={**tree.blobs, **blobs}) if blobs else tree


def write_stamps(repository: Repository, root: Path, found: Sequence[Stamp]) -> frozenset[str]:
    """Put the stamps into the index, and into the files that are as they were staged.

    Returns the ids of those whose files have other changes as well, and were left alone.

    `commit -a` and `commit -- path` show the hook an index of their own, which git commits and
    then drops or renames; with a list of paths, the one that stays is the lock beside it.
    """
    lines = b"".join(
        f"{REGULAR} {stamp.blob} 0\t".encode()
        + os.fsencode(f"{repository.prefix}{stamp.file.path}\0")
        for stamp in found
    )
    git = repository.git
    git.run("update-index", "-z", "--index-info", stdin=lines)
    shown = git.environment.get("GIT_INDEX_FILE", "")
    folder, _, name = shown.rpartition("/")
    lasting = f"{folder}/index.lock"
    # Without the lock beside it the index that stays is one of the user's own, elsewhere.
    if name.startswith(_PARTIAL) and Path(lasting).exists():
        other = replace(git, environment={**git.environment, "GIT_INDEX_FILE": lasting})
        other.run("update-index", "-z", "--index-info", stdin=lines)
    return frozenset(stamp.id for stamp in found if not _write_file(repository, root, stamp))


def _edit(
    file: File, old: bytes | None, data: bytes, now: datetime
) -> tuple[Document, bytes, tuple[str, ...]] | None:
    kind = _kind(file)
    document = read(file.path, data)
    if kind is None or isinstance(document, list) or not accepts(kind, document):
        return None  # the check says what is wrong with it
    before = read(file.path, old) if old is not None else None
    if isinstance(before, list) or (before is not None and not accepts(kind, before)):
        before = document
    wanted = _stamped(kind, before, document, now)
    fields = tuple(
        name for name in FIELDS[kind] if name in STAMPS and wanted.get(name) != document.get(name)
    )
    if not fields:
        return None
    from orchestrator.text.edit import rewrite
    from orchestrator.text.intent import EditError

    try:
        after = rewrite(data.decode("utf-8"), wanted, FIELDS[kind]).encode()
    except EditError:
        return None
    return wanted, after, fields


def _stamped(
    kind: Kind, before: Document | None, document: Document, now: datetime
) -> dict[str, Any]:
    """Return the document with its stamps.

    When the status changed, they are what it asks for now. When it did not, a stamp that got lost
    comes back as it was: a file staged in part has its stamps in the index alone, and staging the
    rest of it would drop them. A task's stamp that was never there is set, as `check --fix` would.
    """
    wanted = dict(document)
    wishes = stamped(kind, before, document, now)
    missing = stamps(kind, document, now)
    for name in STAMPS - {"deleted_at"}:
        had = before.get(name) if before else None
        if before is not None and before.get("status") == document.get("status"):
            if document.get(name) is not None or name not in missing:
                continue
            if had is not None:
                wanted[name] = had
            elif kind == "tasks" and name != "created_at":
                wanted[name] = missing[name]
        elif name == "created_at" and before is not None:
            # When an older file was made is not known; the time of this commit would be wrong.
            if had is not None:
                wanted.setdefault(name, had)
        elif wishes.get(name) is None:
            wanted.pop(name, None)
        else:
            wanted[name] = wishes[name]
    return wanted


def _write_file(repository: Repository, root: Path, stamp: Stamp) -> bool:
    """Stamp the file in the work tree if it holds what was staged; return whether it did."""
    from orchestrator.store.write import DirtyFileError, FileEdit, NotWritableError, write_files

    path = stamp.file.path
    try:
        if (root / path).is_symlink():
            return False
        data = (root / path).read_bytes()
        after = stamp.after if data == stamp.before else _filtered(repository, stamp, data)
        if after is not None:
            write_files(root, [FileEdit(path, data, after)])
    except (OSError, DirtyFileError, NotWritableError):
        return False
    return after is not None


def _filtered(repository: Repository, stamp: Stamp, data: bytes) -> bytes | None:
    """Return the new bytes of a file that differs from its blob by git's filters only."""
    if len(data) > LARGEST or b"\0" in data:
        return None
    path = f"{repository.prefix}{stamp.file.path}"

    def blob_of(content: bytes) -> str:
        out = repository.git.run("hash-object", "--stdin", f"--path={path}", stdin=content)
        return out.decode().strip()

    if blob_of(data) != stamp.file.new:
        return None
    from orchestrator.text.edit import rewrite
    from orchestrator.text.intent import EditError

    try:
        after = rewrite(data.decode("utf-8"), stamp.document, FIELDS[_kind(stamp.file) or "tasks"])
    except (EditError, UnicodeDecodeError):
        return None
    return after.encode() if blob_of(after.encode()) == stamp.blob else None


def _originals(files: Iterable[File]) -> Mapping[tuple[Kind | None, str], Oid]:
    """Return the blob at HEAD by task or project; a task that moves has it under another path."""
    return {_key(file): file.old for file in files if file.old and _kind(file)}


def _kind(file: File) -> Kind | None:
    return file.place.kind if file.place and file.place.kind in ("tasks", "projects") else None


def _key(file: File) -> tuple[Kind | None, str]:
    return _kind(file), file.place.id if file.place else ""


def _write_blobs(git: Git, contents: Sequence[bytes]) -> Iterator[Oid]:
    """Yield the objects of new blobs, all written by one process."""
    if not contents:
        return
    parts = [b"blob\nmark :1\ndata %d\n%s\nget-mark :1\n" % (len(data), data) for data in contents]
    out = git.run(
        "fast-import", "--quiet", "--done", "--cat-blob-fd=1", stdin=b"".join(parts) + b"done\n"
    )
    yield from map(Oid, out.decode().split())
