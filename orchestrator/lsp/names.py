"""Ids in a text: which task or person is named at a place, and where one is named everywhere."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lsprotocol.types import Location, Position, Range

from orchestrator.lsp.context import context
from orchestrator.lsp.diagnostics import span
from orchestrator.lsp.overlay import placed
from orchestrator.lsp.plan import LivePlan
from orchestrator.lsp.positions import Lines
from orchestrator.model.ids import PROJECT_ID, TASK_ID, USER_ID
from orchestrator.model.places import Kind
from orchestrator.model.problem import Problem
from orchestrator.model.shape import Document
from orchestrator.text.locate import locate_all

_TASK = re.compile(rf"(?<![\w-]){TASK_ID}(?![\w-])")
_OTHER = re.compile(rf"(?<![\w.-])(?:{USER_ID}|{PROJECT_ID})(?![\w-])")
_LONGEST = 200
_PEOPLE = ("assignee", "owner", "deleted_by")
_WHO = frozenset({*_PEOPLE, "user"})


class Named(NamedTuple):
    """An id at a place.

    Attributes:
        kind: What it is the id of.
        id: The id; there need be nothing of that name.
        start: The offset of its first character.
        end: The offset behind its last.
    """

    kind: Kind
    id: str
    start: int
    end: int


def named_at(path: str, lines: Lines, offset: int) -> Named | None:
    """Return the id at an offset of a file, or None.

    A task's id counts wherever it stands, in text and comments too; a person's or a project's only
    where the model says that there is one.
    """
    line = lines.position(offset).line
    first, stop = lines.span(line)
    # A line may be as long as the largest file; an id is not.
    first, stop = max(first, offset - _LONGEST), min(stop, offset + _LONGEST)
    for found in _TASK.finditer(lines.text, first, stop):
        if found.start() <= offset <= found.end():
            return Named("tasks", found[0], found.start(), found.end())
    place = placed(path)
    for found in _OTHER.finditer(lines.text, first, stop):
        if place is None or not found.start() <= offset <= found.end():
            continue
        here = context(lines.text, found.end())
        if here is None or here.role == "key" or here.start != found.start():
            continue
        kind = _kind_of(place.kind, [step for step in here.steps if isinstance(step, str)])
        if kind is not None and here.prefix == found[0]:
            return Named(kind, found[0], found.start(), found.end())
    return None


def _kind_of(kind: Kind, keys: list[str]) -> Kind | None:
    """Return what the value of a key names."""
    name = keys[-1] if keys else ""
    if name in _WHO:
        return "users"
    if name == "id" and len(keys) == 1:
        return kind
    return "projects" if name == "projects" and kind == "settings" else None


def declared(plan: LivePlan, kind: Kind, entity_id: str) -> Location | None:
    """Return where something is: the id in its own file, or the file; None when it is nowhere."""
    snapshot = plan.snapshot
    if entity_id in snapshot.entities(kind):
        path = snapshot.path_of(kind, entity_id)
    elif (kind, entity_id) in snapshot.unreadable:
        path = plan.unreadable_path(kind, entity_id)
    else:
        return None
    return next(_locations(plan, path, ["/id"]), Location(plan.uri_of(path), _TOP))


def references(plan: LivePlan, kind: Kind, entity_id: str) -> Iterator[Location]:
    """Yield where other files name something, by file."""
    snapshot = plan.snapshot
    holders: list[tuple[Kind, str, Document]] = [
        ("tasks", name, task) for name, task in snapshot.tasks.items()
    ]
    if kind == "users":
        holders += [("projects", name, project) for name, project in snapshot.projects.items()]
    wanted = _task_pointers if kind == "tasks" else _user_pointers
    for holder, name, document in holders:
        if pointers := list(wanted(document, entity_id)):
            yield from _locations(plan, snapshot.path_of(holder, name), pointers)


def _task_pointers(task: Document, task_id: str) -> Iterator[str]:
    for field in ("parent", "deleted_with"):
        if task.get(field) == task_id:
            yield f"/{field}"
    for index, name in enumerate(task.get("dependencies") or ()):
        if name == task_id:
            yield f"/dependencies/{index}"


def _user_pointers(document: Document, user_id: str) -> Iterator[str]:
    for field in _PEOPLE:
        if document.get(field) == user_id:
            yield f"/{field}"
    entries: list[dict[str, Any]] = document.get("time_entries") or []
    for index, entry in enumerate(entries):
        if entry.get("user") == user_id:
            yield f"/time_entries/{index}/user"


def _locations(plan: LivePlan, path: str, pointers: list[str]) -> Iterator[Location]:
    lines = plan.lines(path)
    places = locate_all(lines.text, [(pointer, False) for pointer in pointers])
    for pointer, place in zip(pointers, places, strict=True):
        line, column = place or (1, 1)
        problem = Problem("", "error", "", path, pointer, line=line, column=column)
        yield Location(plan.uri_of(path), lines.range(*span(lines, problem)))


_TOP = Range(Position(0, 0), Position(0, 0))
