"""The rule on people: every user id that a file names has a file of its own (ORC210)."""

from collections.abc import Container, Iterator

from orchestrator.check.facts import Facts, found
from orchestrator.check.sieve import known_users
from orchestrator.check.slips import one_slip_hint
from orchestrator.model.places import Kind
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document


def unknown_user(facts: Facts) -> Iterator[Problem]:
    """Yield ORC210: a user id without a file, once there are any users."""
    snapshot = facts.snapshot
    known = known_users(snapshot)
    if known is None:
        return
    for task_id in facts.suspects.people:
        yield from _strangers(facts, known, ("tasks", task_id), snapshot.tasks[task_id])
    for project_id, project in snapshot.projects.items():
        yield from _strangers(facts, known, ("projects", project_id), project)


def _strangers(
    facts: Facts, known: Container[str | None], entity: tuple[Kind, str], document: Document
) -> Iterator[Problem]:
    named = [(f"/{field}", document.get(field)) for field in ("assignee", "owner", "deleted_by")]
    for index, entry in enumerate(document.get("time_entries") or ()):
        named.append((f"/time_entries/{index}/user", entry.get("user")))
    for pointer, user_id in named:
        if user_id is not None and user_id not in known:
            yield found(
                facts, "ORC210", entity, f"There is no user {user_id} .", pointer,
                one_slip_hint(user_id, known)
                or f"Name a user that exists, or add one: orchestrator user new {user_id}",
            )  # fmt: skip
