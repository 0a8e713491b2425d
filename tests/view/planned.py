"""Small plans for tests of views."""

from typing import Any

from orchestrator.model.snapshot import Snapshot


def planned(
    tasks: dict[str, dict[str, Any]], projects: dict[str, dict[str, Any]] | None = None
) -> Snapshot:
    """Return a plan of tasks in the project pay, todo where they say nothing else."""
    documents = {
        name: {"id": name, "title": name.lower(), "status": "todo", "project": "pay", **fields}
        for name, fields in tasks.items()
    }
    return Snapshot(
        {"name": "Test"},
        users={"dana": {"id": "dana"}, "lee": {"id": "lee"}},
        projects=projects or {"pay": {"id": "pay", "title": "Payments", "status": "active"}},
        tasks=documents,
    )
