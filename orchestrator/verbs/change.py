"""Changing what is there: fields, status, with the stamps that a status brings."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from orchestrator.model.fields import REQUIRED
from orchestrator.model.places import Kind
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.ops import Patch
from orchestrator.verbs.assign import Assignment, assigned
from orchestrator.verbs.draft import leading_to, present
from orchestrator.verbs.link import refuse_links
from orchestrator.verbs.move import moved
from orchestrator.verbs.refuse import (
    ImpossibleError,
    refuse_faults,
    refuse_gone,
    refuse_gone_project,
)
from orchestrator.verbs.stamps import stamped

_NOUN: dict[Kind, str] = {"tasks": "task", "projects": "project", "users": "user"}
_PLACE = frozenset({"parent", "project"})


def set_fields(
    snapshot: Snapshot, kind: Kind, entity_id: str, wishes: Sequence[Assignment], now: datetime
) -> Patch:
    """Return the patch that fulfils wishes about one entity.

    Raises:
        ImpossibleError: As for `set_all`.
        AssignmentError: A value does not fit its field.
    """
    return set_all(snapshot, kind, [entity_id], wishes, now)


def set_all(
    snapshot: Snapshot,
    kind: Kind,
    ids: Iterable[str],
    wishes: Sequence[Assignment],
    now: datetime,
) -> Patch:
    """Return the patch that fulfils the same wishes about several entities.

    A task's `parent` and `project` are set by moving it, with all that is below it.

    Raises:
        ImpossibleError: An entity does not exist or is deleted, a file of it cannot be read, or it
            may not be so.
        AssignmentError: A value does not fit its field.
    """
    names = list(dict.fromkeys(ids))
    if kind == "tasks":
        refuse_gone(snapshot, names)
    elif kind == "projects":
        for name in names:
            refuse_gone_project(snapshot, name)
    places = [wish for wish in wishes if kind == "tasks" and wish.field in _PLACE]
    others = [wish for wish in wishes if wish not in places]
    wanted = _placed(snapshot, names, places, now) if places else {}
    for entity_id in names:
        before = present(snapshot, kind, entity_id)
        base = wanted.get(entity_id, before)
        after = assigned(base, others, snapshot.hours_per_day, now.date())
        _refuse_cleared(kind, before, after)
        refuse_faults(snapshot, kind, base, after)
        wanted[entity_id] = stamped(kind, before, after, now)
    if kind == "tasks":
        refuse_links(snapshot, wanted)
    return leading_to(snapshot, kind, wanted)


def _refuse_cleared(kind: Kind, before: Document, after: Document) -> None:
    for name in REQUIRED[kind]:
        if name in before and name not in after:
            raise ImpossibleError(
                f"{name} cannot be cleared: every {_NOUN[kind]} has one.", f"{name}=… sets another."
            )


def _placed(
    snapshot: Snapshot, task_ids: Sequence[str], wishes: Sequence[Assignment], now: datetime
) -> dict[str, Document]:
    """Return what moves, as it will be."""
    place = assigned({}, wishes, snapshot.hours_per_day, now.date())
    named = {wish.field for wish in wishes}
    if "project" in named and "project" not in place:
        raise ImpossibleError(
            "project cannot be cleared: every task is in one.", "project=… moves it to another."
        )
    under, to = place.get("parent"), place.get("project")
    is_root = "parent" in named and under is None
    return moved(snapshot, task_ids, under, to, is_root=is_root)
