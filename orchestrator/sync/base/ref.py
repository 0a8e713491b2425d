"""The ref that holds an integration's base: reading it in one go, writing what changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from orchestrator.model.ids import is_integration_name
from orchestrator.store.fast_import import ident, import_commit
from orchestrator.store.git import Git, GitFailedError, Oid, StoreError
from orchestrator.store.git_locks import git_writing
from orchestrator.store.repository import Repository
from orchestrator.store.trees import read_blobs
from orchestrator.sync.base.form import (
    META,
    VERSION,
    id_in,
    meta_text,
    path_of,
    read_meta,
    read_record,
    record_text,
)
from orchestrator.sync.record import Base, Meta, Record

REFS = "refs/orchestrator/sync/"
# A record holds a description up to three times, and a file of the plan may be 256 KiB long.
_LARGEST = 4 * 1024 * 1024


class BaseError(StoreError):
    """The base of an integration cannot be used."""


class BaseMovedError(BaseError):
    """Another run has written the base meanwhile; nothing was written.

    Attributes:
        name: Of the integration.
    """

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The base of {name} was written by another sync meanwhile.",
            f"Try again: orchestrator sync {name}",
        )
        self.name = name


class Stored(NamedTuple):
    """A base as git has it.

    Attributes:
        oid: The commit.
        base: What it says.
        unreadable: Files in it that hold no record; the next write removes them.
    """

    oid: Oid
    base: Base
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Who writes a base, when and why.

    Attributes:
        name: Of the person.
        email: Of the person.
        now: The moment.
        why: In few words, for the commit and the log of the ref.
    """

    name: str
    email: str
    now: datetime
    why: str


def ref_of(name: str) -> str:
    """Return the ref of an integration's base.

    Raises:
        BaseError: The name is none that an integration can have.
    """
    if not is_integration_name(name):
        raise BaseError(
            f"{name[:80]!r} is no name of an integration.",
            "Small letters, digits and dashes: linear-eng.",
        )
    return f"{REFS}{name}"


def tip_of_base(git: Git, ref: str) -> Oid | None:
    """Return the commit that a ref leads to, or None."""
    out = git.run("for-each-ref", "--format=%(refname) %(objectname)", ref).decode()
    found = (line.split(" ") for line in out.splitlines())
    return next((Oid(oid) for refname, oid in found if refname == ref), None)


def read_base(git: Git, name: str) -> Stored | None:
    """Return the base of an integration, or None when there is none yet.

    Raises:
        BaseError: It cannot be understood, or a newer orchestrator wrote it.
    """
    tip = tip_of_base(git, ref_of(name))
    return None if tip is None else base_at(git, name, tip)


def base_at(git: Git, name: str, oid: Oid) -> Stored:
    """Return the base in a commit.

    Raises:
        BaseError: It cannot be understood, or a newer orchestrator wrote it.
    """
    blobs = dict(_files(git, oid))
    meta_blob = blobs.pop(META, None)
    wanted = [*([meta_blob] if meta_blob else ()), *blobs.values()]
    contents = read_blobs(git, wanted, _LARGEST)
    meta = read_meta(next(contents)) if meta_blob else None
    if meta is None:
        raise BaseError(
            f"The base of {name} cannot be understood.",
            f"git log {ref_of(name)} shows its versions; git update-ref sets it back.",
        )
    if meta.version > VERSION:
        raise BaseError(
            f"A newer orchestrator wrote the base of {name} .", "Upgrade orchestrator here."
        )
    records: dict[tuple[str, str], Record] = {}
    broken: list[str] = []
    for path, data in zip(blobs, contents, strict=True):
        entity_id = id_in(path)
        record = read_record(entity_id, data) if entity_id else None
        if record is None:
            broken.append(path)
        else:
            records[record.kind, record.id] = record
    return Stored(oid, Base(meta, records), tuple(broken))  # type: ignore[arg-type]


def read_meta_at(git: Git, oid: Oid) -> Meta | None:
    """Return what holds for the base in a commit as a whole, or None."""
    code, out, _ = git.finish("cat-file", "blob", f"{oid}:{META}")
    return None if code else read_meta(out)


def commit_base(
    git: Git, old: Stored | None, new: Base, parents: Iterable[Oid], by: Written
) -> Oid:
    """Return a commit of a base, to which no ref leads yet; it costs what has changed.

    Args:
        git: Where.
        old: The base whose tree is built on: of the first parent. None for the first base.
        new: What it is to say.
        parents: Of the commit; the first is `old`'s.
        by: Who, when and why.
    """
    person = ident(by.name, by.email, by.now)
    files = [(META, meta_text(new.meta)), *_changed(old, new)]
    return import_commit(git, tuple(parents), files, f"{by.why}\n", (person, person))


def move_base(repository: Repository, name: str, new: Oid, old: Oid | None, why: str) -> None:
    """Let the ref lead to `new`, if it still leads to `old`; the caller holds our lock.

    Raises:
        BaseMovedError: It leads somewhere else by now.
    """
    ref = ref_of(name)
    message = ("-m", f"orchestrator: {why}", "--create-reflog", "--no-deref")
    with git_writing(repository):
        code, _, said = repository.git.finish(
            "update-ref", *message, ref, new, old or "0" * len(new)
        )
        if code < 0:  # a signal
            raise GitFailedError(("update-ref",), said, code)
    if code and tip_of_base(repository.git, ref) != old:
        raise BaseMovedError(name)
    if code:
        raise GitFailedError(("update-ref",), said, code)


def _files(git: Git, oid: Oid) -> Iterator[tuple[str, Oid]]:
    out = git.run("ls-tree", "-r", "-z", "--full-tree", oid)
    for row in out.split(b"\0")[:-1]:
        head, _, path = row.partition(b"\t")
        _mode, _type, blob = head.decode().split(" ")
        yield path.decode("utf-8", "replace"), Oid(blob)


def _changed(old: Stored | None, new: Base) -> Iterator[tuple[str, bytes | None]]:
    before: Mapping[object, Record] = old.base.records if old else {}  # type: ignore[assignment]
    for key, record in new.records.items():
        was = before.get(key)
        if was is not record and was != record:
            yield path_of(record.id), record_text(record)
    kept = {path_of(record.id) for record in new.records.values()}
    gone = [path_of(record.id) for key, record in before.items() if key not in new.records]
    for path in dict.fromkeys((*gone, *(old.unreadable if old else ()))):
        if path not in kept:
            yield path, None
