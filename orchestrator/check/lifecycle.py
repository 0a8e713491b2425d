"""Rules that tie stamps to the status (ORC301, 302), and the stamps that the tool should set."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from orchestrator.check.facts import Facts, found, says
from orchestrator.check.sieve import instant
from orchestrator.model.places import Kind
from orchestrator.model.problem import Problem
from orchestrator.model.vocabulary import STARTED

SKEW = timedelta(minutes=5)
"""How far two machines' clocks may differ."""

_BEGUN: dict[str, frozenset[str]] = {"tasks": STARTED, "projects": frozenset({"active"})}


def stamps(kind: Kind, document: Mapping[str, Any], now: datetime) -> dict[str, str | None]:
    """Return the stamps that a document lacks, and None for those that it should not have.

    A new stamp keeps the order of events: `created_at` is no later than what has happened since,
    and the others are no earlier than what a colleague's clock, if it is a little fast, wrote.
    """
    if kind == "settings":
        return {}
    changes: dict[str, str | None] = {}
    if kind != "users":
        changes |= dict.fromkeys(_contradictions(kind, document))
    kept = {field: value for field, value in document.items() if field not in changes}
    if document.get("created_at") is None:
        past = [kept.get(field) for field in ("started_at", "completed_at", "deleted_at")]
        changes["created_at"] = _text(min([now, *(instant(at) for at in past if at is not None)]))
    status = document.get("status")
    if status in _BEGUN.get(kind, ()) and document.get("started_at") is None:
        changes["started_at"] = _no_earlier(now, kept, "created_at")
    if kind != "users" and status == "completed" and document.get("completed_at") is None:
        changes["completed_at"] = _no_earlier(now, kept, "created_at", "started_at")
    return changes


def stamps_and_status(facts: Facts) -> Iterator[Problem]:
    """Yield ORC301 and ORC302: a stamp that the status asks for or rules out."""
    for task_id in facts.suspects.status:
        task = facts.snapshot.tasks[task_id]
        yield from _missing(facts, task_id, task)
        yield from _contradicting(facts, ("tasks", task_id), task)
    for project_id, project in facts.snapshot.projects.items():
        yield from _contradicting(facts, ("projects", project_id), project)


def _missing(facts: Facts, task_id: str, task: Mapping[str, Any]) -> Iterator[Problem]:
    status = task.get("status")
    field = "completed_at" if status == "completed" else "started_at"
    if status is None or (status != "completed" and status not in STARTED):
        return
    if task.get(field) is not None or says(facts, ("tasks", task_id), field):
        return
    value = stamps("tasks", task, facts.now)[field]
    yield found(
        facts, "ORC301", ("tasks", task_id), f"{task_id} is {status} and has no {field}.",
        "/status", "The tool stamps it: orchestrator check --fix",
        fix=({"op": "add", "path": f"/tasks/{task_id}/{field}", "value": value},),
    )  # fmt: skip


def _contradicting(
    facts: Facts, entity: tuple[Kind, str], document: Mapping[str, Any]
) -> Iterator[Problem]:
    kind, entity_id = entity
    for field in _contradictions(kind, document):
        if field.startswith("deleted"):
            if says(facts, entity, "deleted_at"):
                continue
            message = f"{field} is set and deleted_at is not."
            hint = f"Remove {field}, or set deleted_at as well."
        else:
            message = f"{field} is set and the status is {document['status']}."
            hint = f"Remove {field}, or correct the status."
        yield found(
            facts, "ORC302", entity, message, f"/{field}", hint,
            fix=({"op": "remove", "path": f"/{kind}/{entity_id}/{field}"},),
        )  # fmt: skip


def _contradictions(kind: Kind, document: Mapping[str, Any]) -> Iterator[str]:
    status = document.get("status")
    if kind == "tasks" and status == "todo" and document.get("started_at") is not None:
        yield "started_at"
    if status not in ("completed", None) and document.get("completed_at") is not None:
        yield "completed_at"
    if document.get("deleted_at") is None:
        for field in ("deleted_by", "deleted_with"):
            if document.get(field) is not None:
                yield field


def _no_earlier(now: datetime, kept: Mapping[str, Any], *fields: str) -> str:
    earlier = [instant(stamp) for field in fields if (stamp := kept.get(field)) is not None]
    return _text(max([now, *(at for at in earlier if at <= now + SKEW)]))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
