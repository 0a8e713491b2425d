"""The base that a run starts from: ours and the team's, and what a killed run had got to know."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from orchestrator.store.git import Oid
from orchestrator.store.lock import locked
from orchestrator.sync.base.ref import Stored, Written, move_base, read_base
from orchestrator.sync.base.share import (
    ShareError,
    fetch_base,
    is_ancestor,
    joined,
    refuse_behind,
    remote_of,
)
from orchestrator.sync.reconcile.sides import Name
from orchestrator.sync.record import Base, Meta, Record
from orchestrator.sync.run.ground import Ground
from orchestrator.sync.run.journal import Journal, Left, journal_path, read_journal


@dataclass(slots=True)
class Origin:
    """What a run starts from.

    Attributes:
        name: Of the integration.
        stored: The base as git has it, the team's brought in; None when there is none yet.
        base: The same, with what a killed run had got to know.
        journal: Where this run writes down what it does.
        lineage: For a first base; one that is not written yet has none, so that its plan can be
            made again.
        remote: The git remote that the base is shared by, or None.
        there: What that remote has, or None.
        notes: What people should know.
        is_behind: Whether the branch lacks what the last sync was made at, and may.
    """

    name: str
    stored: Stored | None
    base: Base
    journal: Journal
    lineage: str
    remote: str | None = None
    there: Oid | None = None
    notes: tuple[str, ...] = ()
    is_behind: bool = False


@dataclass(frozen=True, slots=True)
class Sharing:
    """How the base is dealt with before a run.

    Attributes:
        is_shared: Whether the git remote is asked.
        is_any_head: Whether the branch may lack what the last sync was made at.
        is_read_only: Whether no ref may be moved.
    """

    is_shared: bool = True
    is_any_head: bool = False
    is_read_only: bool = False


def origin(ground: Ground, name: str, sharing: Sharing, by: Written, lineage: str) -> Origin:
    """Return what a run of an integration starts from.

    Args:
        ground: Where the run stands.
        name: Of the integration.
        sharing: How the team's base is dealt with.
        by: Who would write a base.
        lineage: For a first base.

    Raises:
        BehindError: The branch lacks what the last sync was made at.
        LineageError: The team's base was begun apart.
        BaseError: The base cannot be understood.
    """
    git = ground.repository.git
    stored = read_base(git, name)
    remote, there, notes = None, None, []
    if sharing.is_shared and (remote := remote_of(git, ground.branch)) is not None:
        try:
            there = fetch_base(git, name, remote)
        except ShareError as error:
            notes.append(f"{error.message} The sync goes on with the base that is here.")
            remote = None
    head = None if sharing.is_any_head else ground.head
    found = joined(git, name, (stored, there), head, by)
    if head is not None and found.stored is not None:
        refuse_behind(git, name, (found.stored.base,), head)
    if found.is_new and found.stored is not None and not sharing.is_read_only:
        with locked(ground.workspace.lock, "sync"):
            move_base(
                ground.repository, name, found.stored.oid, stored.oid if stored else None, by.why
            )
    if found.stored is not None and found.stored.unreadable:
        count = len(found.stored.unreadable)
        notes.append(f"{count} file{'s' * (count > 1)} of the base hold no record and are not used")
    result = _with_left(ground, name, found.stored, lineage, sharing)
    result.remote, result.there, result.notes = remote, there, tuple(notes)
    made_at = result.base.meta.head
    result.is_behind = bool(head is None and made_at and not is_ancestor(git, made_at, ground.head))
    return result


def _with_left(
    ground: Ground, name: str, stored: Stored | None, lineage: str, sharing: Sharing
) -> Origin:
    git = ground.repository.git
    path = journal_path(ground.repository, name)
    left = read_journal(path)
    is_over = left is not None and left.base is not None and stored is not None
    if left is not None and stored is not None and is_over:
        if is_ancestor(git, str(left.base), stored.oid):
            left.records.clear()
        left.base = None
    base = stored.base if stored else Base(Meta(""))
    if left is None:
        return Origin(name, stored, base, Journal(path, Left(ground.head)), lineage)
    if left.records and not sharing.is_any_head:
        refuse_behind(git, name, (Base(replace(base.meta, head=left.head or None)),), ground.head)
    records = overlaid(base.records, left.records)
    left.head = ground.head
    return Origin(name, stored, Base(base.meta, records), Journal(path, left), lineage)


def overlaid(
    records: Mapping[Name, Record], known: Mapping[Name, Record | None]
) -> dict[Name, Record]:
    """Return records with what a killed run knows of them, where nobody has read them since."""
    result = dict(records)
    for name, record in known.items():
        present = result.get(name)
        if record is None:
            result.pop(name, None)
        elif present is None or present.updated_at <= record.updated_at:
            result[name] = record
    return result
