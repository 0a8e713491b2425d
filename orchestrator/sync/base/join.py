"""Two bases of one lineage that were written apart, made one record by record; pure."""

from collections.abc import Mapping
from dataclasses import replace

from orchestrator.sync.item import Kind
from orchestrator.sync.record import Base, Meta, Record

_Records = Mapping[tuple[Kind, str], Record]


def join_bases(ancestor: Base | None, ours: Base, theirs: Base, head: str | None) -> Base:
    """Return one base for two that grew from one.

    What one side changed holds; of a record that both changed, the one that was read from the
    tracker last. A record that one side dropped and the other changed stays: dropping it again
    takes one run, and a deletion that is only believed would take an item.

    Args:
        ancestor: What both grew from; None when that is not known.
        ours: One side.
        theirs: The other.
        head: The commit that contains what both were made from.
    """
    past: _Records = ancestor.records if ancestor else {}
    records: dict[tuple[Kind, str], Record] = {}
    for key in {**ours.records, **theirs.records}:
        found = _joined(past.get(key), ours.records.get(key), theirs.records.get(key))
        if found is not None:
            records[key] = found
    return Base(_meta(ours.meta, theirs.meta, head), _one_each(records))


def _joined(was: Record | None, mine: Record | None, yours: Record | None) -> Record | None:
    if mine == was:
        return yours
    if yours == was or yours is None:
        return mine
    if mine is None:
        return yours
    return max(mine, yours, key=_age)


def _age(record: Record) -> tuple[str, str]:
    # Two moments of one tracker are written alike; the key makes a draw the same for everybody.
    return record.updated_at, record.key


def _one_each(records: dict[tuple[Kind, str], Record]) -> dict[tuple[Kind, str], Record]:
    """Leave out records that claim an item which another record, read later, claims as well."""
    holders: dict[tuple[Kind, str], Record] = {}
    for record in records.values():
        rival = holders.get((record.kind, record.key))
        if rival is None or (record.updated_at, record.id) > (rival.updated_at, rival.id):
            holders[record.kind, record.key] = record
    return {
        key: record for key, record in records.items() if holders[record.kind, record.key] is record
    }


def _meta(ours: Meta, theirs: Meta, head: str | None) -> Meta:
    # The earlier watermark: what only one side has seen is listed again, which does no harm.
    marks = (ours.watermark, theirs.watermark)
    listed = (ours.listed_at, theirs.listed_at)
    return replace(
        ours,
        serial=max(ours.serial, theirs.serial) + 1,
        watermark=None if None in marks else min(mark for mark in marks if mark is not None),
        head=head,
        listed_at=None if None in listed else min(mark for mark in listed if mark is not None),
        is_suspended=ours.is_suspended or theirs.is_suspended,
        suspended=tuple(sorted({*ours.suspended, *theirs.suspended})),
        tie=ours.tie if ours.tie == theirs.tie else None,
    )
