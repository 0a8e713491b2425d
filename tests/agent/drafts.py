"""Small plans, and drafts over them, for tests of agents."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from orchestrator.agent.tools import Draft
from orchestrator.model.snapshot import Snapshot

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def snapshot(**settings: Any) -> Snapshot:
    """A plan with a project, three tasks and two people."""
    return Snapshot(
        settings={"version": 1, "name": "Test", **settings},
        users={
            "dana": {"id": "dana", "name": "Dana", "email": "dana@example.com"},
            "robin": {"id": "robin", "name": "Robin"},
        },
        projects={"pay": {"id": "pay", "key": "PAY", "title": "Payments", "status": "active"}},
        tasks={
            "PAY-1": {
                "id": "PAY-1", "title": "Capture", "status": "todo", "priority": "high",
                "labels": ["api"], "description": "How money comes in.\n", "project": "pay",
            },
            "PAY-2": {
                "id": "PAY-2", "title": "Retry", "status": "todo", "parent": "PAY-1",
                "project": "pay",
            },
            "PAY-3": {
                "id": "PAY-3", "title": "Refund", "status": "todo", "dependencies": ["PAY-2"],
                "project": "pay",
            },
        },
    )  # fmt: skip


def choices() -> Callable[[str], str]:
    """Picks characters so that ids are the same in every run."""
    return random.Random(7).choice


def draft(plan: Snapshot | None = None, **options: Any) -> Draft:
    """A draft over a small plan."""
    return Draft(plan or snapshot(), NOW, choices(), **options)
