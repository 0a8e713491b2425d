"""Everything in a workspace at one moment: the value that all questions are asked of."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.model.accept import accepts
from orchestrator.model.places import Kind, Place, path_for, place_of
from orchestrator.model.problem import Problem
from orchestrator.model.rules import RULES
from orchestrator.model.shape import Document, judge

DEFAULT_MAX_DEPTH = 5
DEFAULT_HOURS_PER_DAY = 8.0
KINDS: tuple[Kind, ...] = ("settings", "users", "projects", "tasks")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The plan at one moment.

    Documents hold the fields that are right: a field of the wrong type is a Problem and is left
    out here, so that rules and views can rely on types. A task's document has `project` beside
    its own fields, as the virtual document has it.

    Attributes:
        settings: What holds: orchestrator.yaml, and over it the settings of the environment;
            empty when the file cannot be read.
        layers: The settings of each environment, by its name: orchestrator.<name>.yaml.
        environment: The environment whose settings lie over the others; `""` for none.
        users: By id.
        projects: By id.
        tasks: By id.
        unreadable: (kind, id) of files that cannot be read; the id is the file name's.
        misplaced: Path by (kind, id), for entities whose path is not what their id promises.
        raw: What the file says, by (kind, id), where the document here is not all of it.
        problems: What was found while reading, ORC0xx and ORC1xx, and ids used twice.
    """

    settings: Document = field(default_factory=dict)
    users: Mapping[str, Document] = field(default_factory=dict)
    projects: Mapping[str, Document] = field(default_factory=dict)
    tasks: Mapping[str, Document] = field(default_factory=dict)
    unreadable: frozenset[tuple[Kind, str]] = frozenset()
    misplaced: Mapping[tuple[Kind, str], str] = field(default_factory=dict)
    raw: Mapping[tuple[Kind, str], Document] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    layers: Mapping[str, Document] = field(default_factory=dict)
    environment: str = ""

    @property
    def max_depth(self) -> int:
        """The deepest level that a task may have; roots have 0."""
        found = self.settings.get("max_depth")
        return DEFAULT_MAX_DEPTH if found is None else int(found)

    @property
    def hours_per_day(self) -> float:
        """What one day is worth in an estimate."""
        return float(self.settings.get("hours_per_day") or DEFAULT_HOURS_PER_DAY)

    def severity(self, code: str) -> str:
        """Return `error`, `warning` or `off` for a rule, as the settings have it."""
        chosen = self.settings.get("rules") or {}
        return str(chosen.get(code) or RULES[code].severity)

    def entities(self, kind: Kind) -> Mapping[str, Document]:
        """Return the documents of one kind, by id; the settings' id is `""`."""
        match kind:
            case "settings":
                return {"": self.settings}
            case "users":
                return self.users
            case "projects":
                return self.projects
            case "tasks":
                return self.tasks

    def path_of(self, kind: Kind, entity_id: str) -> str:
        """Return the path of an entity's file, relative to the workspace."""
        if self.misplaced and (found := self.misplaced.get((kind, entity_id))):
            return found
        project = self.tasks[entity_id]["project"] if kind == "tasks" else ""
        return path_for(kind, entity_id, project)

    def file_document(self, kind: Kind, entity_id: str) -> Document:
        """Return what the entity's file says, right or wrong, without derived keys."""
        if found := self.raw.get((kind, entity_id)):
            return found
        document = self.entities(kind)[entity_id]
        if kind == "tasks":
            return {key: value for key, value in document.items() if key != "project"}
        return document

    def live_tasks(self) -> Iterator[tuple[str, Document]]:
        """Yield the tasks that are not deleted."""
        for task_id, task in self.tasks.items():
            if not task.get("deleted_at"):
                yield task_id, task

    def virtual_document(self) -> dict[str, Any]:
        """Return the whole plan as the one JSON document that patches speak of."""
        return {
            "settings": dict(self.settings),
            "users": {key: dict(value) for key, value in self.users.items()},
            "projects": {key: dict(value) for key, value in self.projects.items()},
            "tasks": {key: dict(value) for key, value in self.tasks.items()},
        }


Read = tuple[str, Place, Document | list[Problem]]
"""One file after reading: its path, what the path promises, and the document or what is wrong."""


def build(
    files: Iterable[Read],
    problems: Iterable[Problem] = (),
    doubtful: Container[str] | None = None,
    environment: str = "",
) -> Snapshot:
    """Return the snapshot of files that were read.

    Args:
        files: In any order; of two files with one id the first counts, and both are named.
        problems: What is already known, of paths and files that hold no entity.
        doubtful: Paths of the documents that `accepts` said no to, where it was asked already.
        environment: Whose settings lie over orchestrator.yaml, when there are such.
    """
    problems = list(problems)
    found = list(problems)
    members: dict[Kind, dict[str, Document]] = {kind: {} for kind in KINDS}
    unreadable: set[tuple[Kind, str]] = set()
    misplaced: dict[tuple[Kind, str], str] = {}
    raw: dict[tuple[Kind, str], Document] = {}
    layers: dict[str, Document] = {}
    for path, (kind, promised, project), outcome in files:
        if isinstance(outcome, list):
            found += outcome
            unreadable.add((kind, promised))
            continue
        document = outcome
        is_right = accepts(kind, outcome) if doubtful is None else path not in doubtful
        if not is_right:
            name = promised if kind != "settings" else ""
            document, faults = judge(kind, path, outcome, name or None)
            found += faults
        if kind == "settings" and promised:
            layers[promised] = document
            continue
        entity_id = promised if kind == "settings" else document.get("id") or promised
        members_of_kind = members[kind]
        if entity_id in members_of_kind:
            other = misplaced.get((kind, entity_id)) or path_for(
                kind, entity_id, members_of_kind[entity_id].get("project", "")
            )
            found.append(_used_twice(kind, entity_id, path, other))
            continue
        if entity_id != promised:
            misplaced[kind, entity_id] = path
            found.append(_misnamed(kind, entity_id, promised, path))
        if document is not outcome:
            raw[kind, entity_id] = outcome
        if kind == "tasks":
            if document is outcome and not is_right:
                document = dict(outcome)
            document["project"] = project
        members_of_kind[entity_id] = document
    unreadable |= _behind_bad_paths(problems, members)
    base = members["settings"].get("", {})
    if base and (over := layers.get(environment)):
        raw.setdefault(("settings", ""), base)
        base = layered(base, without_policy(over))
    return Snapshot(
        settings=base,
        users=members["users"],
        projects=members["projects"],
        tasks=members["tasks"],
        unreadable=frozenset(unreadable),
        misplaced=misplaced,
        raw=raw,
        problems=tuple(found),
        layers=layers,
        environment=environment,
    )


def _behind_bad_paths(
    problems: Iterable[Problem], members: Mapping[Kind, Mapping[str, Document]]
) -> set[tuple[Kind, str]]:
    """Return the entities behind bad paths: what refers to one must not call it missing."""
    places = (place_of(problem.path) for problem in problems if problem.code == "ORC006")
    return {
        (place.kind, place.id)
        for place in places
        if place is not None and place.id not in members[place.kind]
    }


def without_policy(over: Document) -> Document:
    """Return an environment's settings that lie over the others: a variable chooses no policy."""
    return {key: value for key, value in over.items() if key != "policy"}


def layered(base: Document, over: Document) -> Document:
    """Return settings with others over them: mappings by key, anything else whole."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            result[key] = layered(below, value)
        else:
            result[key] = value
    return result


def _used_twice(kind: Kind, entity_id: str, path: str, other: str) -> Problem:
    return Problem(
        "ORC201", "error", f"The id {entity_id} is also used by {other} .", path, "/id", entity_id,
        f"Give one of the {kind} another id.",
    )  # fmt: skip


def _misnamed(kind: Kind, entity_id: str, promised: str, path: str) -> Problem:
    wanted = "folder" if kind == "projects" else "file"
    return Problem(
        "ORC104", "error", f"The {wanted} is named {promised} but the id in it is {entity_id} .",
        path, "/id", entity_id, f"Rename the {wanted} to {entity_id} , or correct the id.",
    )  # fmt: skip
