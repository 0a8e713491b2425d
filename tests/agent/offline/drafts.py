"""Drafts over small plans, and the offline provider on them."""

from collections.abc import Mapping
from typing import Any

from orchestrator.agent.evaluation.trial import steady_choice
from orchestrator.agent.offline import answer
from orchestrator.agent.provider import Event, Outcome, Request
from orchestrator.agent.tools import Draft
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from tests.conftest import NOW

PEOPLE: dict[str, Document] = {
    "dana": {"id": "dana", "name": "Dana Ionescu"},
    "lee": {"id": "lee", "name": "Lee Wong"},
    "max": {"id": "max", "name": "Max Wong", "active": False},
}


def plan(
    tasks: Mapping[str, Mapping[str, Any]] | None = None, settings: Document | None = None
) -> Snapshot:
    """A project `ops` with these tasks, and three people."""
    return Snapshot(
        settings or {},
        PEOPLE,
        {"ops": {"id": "ops", "key": "OPS", "title": "Operations", "status": "active"}},
        {
            name: {"id": name, "title": name, "status": "todo", "project": "ops", **task}
            for name, task in (tasks or {}).items()
        },
    )


def draft_over(snapshot: Snapshot, *, agrees: bool = True, me: str | None = None) -> Draft:
    return Draft(snapshot, NOW, steady_choice(), confirm=lambda _: agrees, me=me)


def planned(
    text: str, snapshot: Snapshot | None = None, project: str | None = None
) -> tuple[Draft, Outcome]:
    """What the offline provider plans from a text."""
    draft = draft_over(snapshot or Snapshot(users=PEOPLE))
    return draft, answer(Request("plan", text, project), draft, ignore)


def titles(draft: Draft) -> dict[str, Document]:
    """The tasks of a draft by title."""
    return {str(task["title"]): task for task in draft.snapshot.tasks.values()}


def ignore(_: Event) -> None:
    """Nobody watches."""
