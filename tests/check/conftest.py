"""Plans written as short text, and what `check` says of them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import jsonpatch
import pytest

from orchestrator.check.run import check
from orchestrator.model.places import Kind, Place, path_for
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Read, Snapshot, build
from orchestrator.text.read import read

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def plan() -> Callable[[str], Snapshot]:
    return plan_of


@pytest.fixture(scope="session")
def problems() -> Callable[..., list[Problem]]:
    """Return what a plan's text is told, of all rules or those named."""

    def problems_of(text: str, *codes: str) -> list[Problem]:
        found = check(plan_of(text), NOW)
        return [problem for problem in found if not codes or problem.code in codes]

    return problems_of


@pytest.fixture(scope="session")
def mend() -> Callable[[Snapshot, Iterable[Problem]], Snapshot]:
    """Return a plan after the fixes of its problems."""

    def mended(snapshot: Snapshot, found: Iterable[Problem]) -> Snapshot:
        ops = [dict(op) for problem in found for op in problem.fix]
        document: dict[str, Any] = jsonpatch.apply_patch(snapshot.virtual_document(), ops)
        return Snapshot(**document)

    return mended


def plan_of(text: str) -> Snapshot:
    """Read `PAY-1: {status: todo}` lines: tasks of payments, `other/OTH-1`, `users/dana`, ….

    The settings and the tasks' projects come by themselves, unless the text says `absent`.
    """
    outer = read("plan", text.encode()) if text.strip() else {}
    assert isinstance(outer, dict), outer
    reads = [_file(name, fields or {}) for name, fields in outer.items() if fields != "absent"]
    folders = sorted({place.project for _, place, _ in reads if place.kind == "tasks"})
    needed = ["settings", *(f"projects/{folder}" for folder in folders)]
    return build(reads + [_file(name, {}) for name in needed if name not in outer])


def _file(name: str, fields: dict[str, Any] | str) -> Read:
    kind: Kind
    folder, _, entity_id = name.rpartition("/")
    required: dict[str, Any]
    match folder, entity_id:
        case "", "settings":
            kind, entity_id, required = "settings", "", {"name": "A team"}
        case "users", _:
            kind, required = "users", {"id": entity_id, "name": entity_id.title()}
        case "projects", _:
            kind = "projects"
            required = {"id": entity_id, "key": "KEY", "title": "A project", "status": "active"}
        case _:
            kind, folder = "tasks", folder or "payments"
            required = {"id": entity_id, "title": "A task", "status": "todo"}
    place = Place(kind, entity_id, folder if kind == "tasks" else "")
    path = path_for(kind, entity_id, folder)
    if isinstance(fields, str):
        return path, place, [Problem("ORC001", "error", fields, path, line=1, column=1)]
    return path, place, required | fields
