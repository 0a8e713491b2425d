"""Rules on the order of dates and moments (ORC303), and on moments to come (ORC304)."""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.check.facts import Facts, found
from orchestrator.check.lifecycle import SKEW
from orchestrator.check.sieve import instant, is_after, surely_past
from orchestrator.model.places import Kind
from orchestrator.model.problem import Problem

_STAMPS = ("created_at", "started_at", "completed_at", "deleted_at")
_ORDER = (
    ("created_at", "started_at"),
    ("started_at", "completed_at"),
    ("created_at", "completed_at"),
)


def dates_out_of_order(facts: Facts) -> Iterator[Problem]:
    """Yield ORC303: something that ends before it begins."""
    for task_id in facts.suspects.order:
        yield from _out_of_order(facts, ("tasks", task_id), facts.snapshot.tasks[task_id])
    for project_id, project in facts.snapshot.projects.items():
        yield from _out_of_order(facts, ("projects", project_id), project)


def stamp_in_future(facts: Facts) -> Iterator[Problem]:
    """Yield ORC304: a stamp later than the clock."""
    past = surely_past(facts.now)
    for task_id in facts.suspects.future:
        yield from _in_future(facts, past, ("tasks", task_id), facts.snapshot.tasks[task_id])
    others: tuple[tuple[Kind, Mapping[str, Mapping[str, Any]]], ...] = (
        ("projects", facts.snapshot.projects),
        ("users", facts.snapshot.users),
    )
    for kind, documents in others:
        for entity_id, document in documents.items():
            yield from _in_future(facts, past, (kind, entity_id), document)


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
    facts: Facts, past: str, entity: tuple[Kind, str], document: Mapping[str, Any]
) -> Iterator[Problem]:
    stamped = [(field, f"/{field}", document.get(field)) for field in _STAMPS]
    for index, entry in enumerate(document.get("time_entries") or ()):
        stamped.append(("at", f"/time_entries/{index}/at", entry.get("at")))
    for field, pointer, stamp in stamped:
        if stamp is not None and stamp >= past and instant(stamp) - facts.now > SKEW:
            yield found(
                facts, "ORC304", entity, f"{field} {stamp} is in the future.", pointer,
                "Correct the stamp, and the clock of the machine that wrote it.",
            )  # fmt: skip
