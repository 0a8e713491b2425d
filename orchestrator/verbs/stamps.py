"""The stamps that the tool fills in when a change asks for them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from orchestrator.check.lifecycle import stamps
from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.patch.apply import Change


def stamped(kind: Kind, before: Document | None, after: Document, now: datetime) -> Document:
    """Return `after` with the stamps that its status asks for, where the status is what changed.

    A stamp that the change itself sets stays as it is; an entity whose status did not change is
    left alone, so that fixing a title never rewrites history.
    """
    if before is not None and before.get("status") == after.get("status"):
        return after
    result = dict(after)
    for name, value in stamps(kind, after, now).items():
        if name == "created_at" and before is not None:
            continue  # it was made at some other time, which only git knows
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def stamped_changes(changes: Iterable[Change], now: datetime) -> Iterator[Change]:
    """Yield changes with their stamps: how a patch gets the times that it must not bring."""
    for change in changes:
        if change.after is None:
            yield change
        else:
            after = stamped(change.kind, change.before, change.after, now)
            yield change._replace(after=after)
