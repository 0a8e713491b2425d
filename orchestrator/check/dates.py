"""Rules on the order of dates and moments (ORC303), and on moments to come (ORC304)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from orchestrator.check.facts import Facts, found
from orchestrator.check.lifecycle import SKEW, instant
from orchestrator.model.places import Kind
from orchestrator.model.problem import Problem

_STAMPS = ("created_at", "started_at", "completed_at", "deleted_at")
_ORDER = (
    ("created_at", "started_at"),
    ("started_at", "completed_at"),
    ("created_at", "completed_at"),
)
_SEPARATOR, _OFFSET = 10, 19  # in 2026-12-01T09:30:00+01:00
_WIDEST_OFFSET = timedelta(hours=25)


def dates_out_of_order(facts: Facts) -> Iterator[Problem]:
    """Yield ORC303: something that ends before it begins."""
    for task_id, task in facts.snapshot.tasks.items():
        due, begin = task.get("due_date"), task.get("start_date")
        started, completed = task.get("started_at"), task.get("completed_at")
        if due is not None and begin is not None and due < begin:
            yield from _out_of_order(facts, ("tasks", task_id), task)
            continue
        if started is None and completed is None:
            continue
        created = task.get("created_at")
        if (
            (created is not None and started is not None and is_after(created, started))
            or (started is not None and completed is not None and is_after(started, completed))
            or (
                started is None
                and created is not None
                and completed is not None
                and is_after(created, completed)
            )
        ):
            yield from _out_of_order(facts, ("tasks", task_id), task)
    for project_id, project in facts.snapshot.projects.items():
        yield from _out_of_order(facts, ("projects", project_id), project)


def stamp_in_future(facts: Facts) -> Iterator[Problem]:
    """Yield ORC304: a stamp later than the clock."""
    # A text before this day names a moment in the past whatever its offset, and most do.
    past = (facts.now - _WIDEST_OFFSET).isoformat()[:_SEPARATOR]
    for task_id, task in facts.snapshot.tasks.items():
        if (
            ((at := task.get("created_at")) is not None and at >= past)
            or ((at := task.get("started_at")) is not None and at >= past)
            or ((at := task.get("completed_at")) is not None and at >= past)
            or ((at := task.get("deleted_at")) is not None and at >= past)
            or "time_entries" in task
        ):
            yield from _in_future(facts, ("tasks", task_id), task)
    others: tuple[tuple[Kind, Mapping[str, Mapping[str, Any]]], ...] = (
        ("projects", facts.snapshot.projects),
        ("users", facts.snapshot.users),
    )
    for kind, documents in others:
        for entity_id, document in documents.items():
            yield from _in_future(facts, (kind, entity_id), document)


def is_after(one: str, other: str) -> bool:
    """Return whether the timestamp `one` is a later moment than `other`.

    With the same offset, and seconds written alike, texts sort as the moments do.
    """
    if one[_OFFSET:] == other[_OFFSET:] and one[_SEPARATOR] == other[_SEPARATOR]:
        return one > other
    return instant(one) > instant(other)


def _out_of_order(
    facts: Facts, entity: tuple[Kind, str], document: Mapping[str, Any]
) -> Iterator[Problem]:
    due, begin = document.get("due_date"), document.get("start_date")
    if due is not None and begin is not None and due < begin:
        yield found(
            facts, "ORC303", entity, f"due_date {due} is before start_date {begin} .", "/due_date",
            "Correct one of the two.",
        )  # fmt: skip
    said = set()
    for first, second in _ORDER:
        earlier, later = document.get(first), document.get(second)
        if earlier is None or later is None or second in said or not is_after(earlier, later):
            continue
        said.add(second)
        yield found(
            facts, "ORC303", entity, f"{second} {later} is before {first} {earlier} .",
            f"/{second}", "Correct one of the two.",
        )  # fmt: skip


def _in_future(
    facts: Facts, entity: tuple[Kind, str], document: Mapping[str, Any]
) -> Iterator[Problem]:
    stamped = [(field, f"/{field}", document.get(field)) for field in _STAMPS]
    for index, entry in enumerate(document.get("time_entries") or ()):
        stamped.append(("at", f"/time_entries/{index}/at", entry.get("at")))
    for field, pointer, stamp in stamped:
        if stamp is not None and instant(stamp) - facts.now > SKEW:
            yield found(
                facts, "ORC304", entity, f"{field} {stamp} is in the future.", pointer,
                "Correct the stamp, and the clock of the machine that wrote it.",
            )  # fmt: skip
