"""The tools as clients see them: the agents' verbs made strict, and questions that are paged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.agent.catalog import TOOLS as VERBS
from orchestrator.agent.catalog import Schema
from orchestrator.model.ids import PROJECT_ID, PROJECT_KEY, USER_ID

MOST_ROWS = 200
USUAL_ROWS = 50
MOST_CALLS = 100
"""How many verbs one batch may hold."""

LISTED = ("tasks", "projects", "people", "proposals")
SLUG = "[a-z0-9][a-z0-9-]{0,79}"

# Wider than the grammar of ids, and shorter to read; whether there is one, the plan says.
_TASK = "^[A-Z][A-Z0-9-]{2,70}$"
_PROJECT = f"^{PROJECT_ID}$"
_USER = f"^{USER_ID}$"
_ENTITY = "^[A-Za-z0-9][A-Za-z0-9-]{0,70}$"
_ANY = "^[A-Za-z0-9][A-Za-z0-9._-]{0,70}$"

_SHORT: Schema = {"maxLength": 40}
_BOUNDS: Mapping[str, Schema] = {
    "title": {"maxLength": 500}, "description": {"maxLength": 50_000}, "start_date": _SHORT,
    "due_date": _SHORT, "day": _SHORT, "estimate": _SHORT, "duration": _SHORT,
    "note": {"maxLength": 500}, "assignee": {"pattern": _USER}, "owner": {"pattern": _USER},
    "user": {"pattern": _USER}, "project": {"pattern": _PROJECT}, "parent": {"pattern": _TASK},
    "under": {"pattern": _TASK}, "depends_on": {"pattern": _TASK}, "on": {"pattern": _TASK},
    "add": {"pattern": _TASK}, "remove": {"pattern": _TASK}, "id": {"pattern": _TASK},
    "labels": {"maxLength": 100}, "tags": {"maxLength": 100},
    "clear": {"pattern": "^[a-z_.]{1,40}$"},
    "key": {"pattern": f"^{PROJECT_KEY}$"}, "tests": {"maxLength": 500},
}  # fmt: skip
"""What may stand in a text of that name, or in each text of a list."""
_IN_TREE: Mapping[str, Schema] = {
    name: {"pattern": _ANY} for name in ("key", "parent", "depends_on")
}
_IDS: Mapping[str, Schema] = {
    "create_project": {"pattern": _PROJECT}, "update_project": {"pattern": _PROJECT},
    "delete": {"pattern": _ENTITY}, "restore": {"pattern": _ENTITY},
}  # fmt: skip
_MOST_ITEMS = {"tasks": 500}
_USUAL_ITEMS = 100

_HELP = {
    "delete": "Delete a task with all below it, or a project; whoever reviews it decides.",
    "restore": "Bring back what an earlier call of the same batch deleted.",
}
_REPEATABLE = frozenset({"update_project", "set_task", "move_task", "delete", "set_dependencies"})
_ONLY_IN_BATCHES = frozenset({"restore"})

_PROPOSAL: Schema = {"type": "string", "pattern": f"^{SLUG}$"}
_PAGE: Mapping[str, Schema] = {
    "cursor": {"type": "string", "pattern": "^[0-9]{1,9}$"},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
}
_ROWS: Schema = {"type": "object", "required": ["total"]}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool of the server.

    Attributes:
        name: As a client calls it.
        help: What it does.
        parameters: JSON Schemas of its arguments by name.
        required: Names of those that must be given.
        proposes: Whether it makes proposals; the others only read.
        is_repeatable: Whether doing it twice is the same as once.
        answers: The JSON Schema of what it answers, or None.
    """

    name: str
    help: str
    parameters: Mapping[str, Schema]
    required: tuple[str, ...] = ()
    proposes: bool = False
    is_repeatable: bool = True
    answers: Schema | None = None

    @property
    def hints(self) -> dict[str, bool]:
        """What clients are told of it; nothing is destroyed, since proposals wait for a person."""
        if not self.proposes:
            return {"read_only_hint": True}
        return {
            "read_only_hint": False,
            "destructive_hint": False,
            "idempotent_hint": self.is_repeatable,
        }

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its arguments."""
        return {
            "type": "object",
            "properties": {name: dict(part) for name, part in self.parameters.items()},
            **({"required": list(self.required)} if self.required else {}),
            "additionalProperties": False,
        }


def tools_of(*, can_propose: bool) -> dict[str, Tool]:
    """Return the tools of a profile, by name."""
    found = [*_reading(), *(_proposing() if can_propose else ())]
    return {tool.name: tool for tool in found}


def verb(name: str) -> Tool:
    """Return one of the agents' verbs as a batch may call it."""
    entry = VERBS[name]
    parameters = {key: _strict(name, key, part) for key, part in entry.parameters.items()}
    return Tool(
        name, _HELP.get(name, entry.help), parameters, entry.required,
        proposes=True, is_repeatable=name in _REPEATABLE,
    )  # fmt: skip


def verb_names() -> list[str]:
    """Return the names of the verbs that change the plan."""
    return [name for name, entry in VERBS.items() if entry.changes]


def _reading() -> list[Tool]:
    one = {"type": "string", "pattern": _ENTITY}
    where = {**VERBS["list"].parameters["where"], "maxLength": 300}
    return [
        Tool("list", "List tasks; or projects, people, proposals.",
             {"what": {"type": "string", "enum": list(LISTED)}, "where": where, **_PAGE},
             answers=_ROWS),
        Tool("get", "Show all of a task, project or person; or what a proposal would do.",
             {"id": {"type": "string", "pattern": _ANY}, "proposal": _PROPOSAL}),
        Tool("search", VERBS["search"].help,
             {"text": {**VERBS["search"].parameters["text"], "maxLength": 200}, **_PAGE},
             ("text",), answers=_ROWS),
        Tool("ready", VERBS["ready"].help,
             {"project": {"type": "string", "pattern": _PROJECT}, **_PAGE}, answers=_ROWS),
        Tool("tree", "Show the hierarchy of tasks, with how many below each are done.",
             {"id": {**one, "description": "Only of this project, or below this task."}, **_PAGE},
             answers=_ROWS),
        Tool("check", "Say everything that is wrong with the plan's files as they are now.",
             {"severity": {"type": "string", "enum": ["error", "warning"]}, **_PAGE},
             answers=_ROWS),
        Tool("explain", "Explain a rule that check names; without code, list the rules.",
             {"code": {"type": "string", "pattern": "^ORC[0-9]{3}$"}}),
        Tool("history", VERBS["history"].help, {"id": one, **_PAGE}, ("id",), answers=_ROWS),
    ]  # fmt: skip


def _proposing() -> list[Tool]:
    single = [verb(name) for name in verb_names() if name not in _ONLY_IN_BATCHES]
    found = [
        Tool(tool.name, tool.help, {**tool.parameters, "proposal": _PROPOSAL}, tool.required,
             proposes=True, is_repeatable=tool.is_repeatable)
        for tool in single
    ]  # fmt: skip
    call = {
        "type": "object", "required": ["tool", "arguments"], "additionalProperties": False,
        "properties": {"tool": {"type": "string", "enum": verb_names()},
                       "arguments": {"type": "object", "description": "As for that tool."}},
    }  # fmt: skip
    batch = {
        "calls": {"type": "array", "items": call, "maxItems": MOST_CALLS},
        "title": {"type": "string", "maxLength": 200, "description": "One line for reviewers."},
        "reason": {"type": "string", "maxLength": 500, "description": "Why."},
        "proposal": {**_PROPOSAL, "description": "Add to this proposal, by id; else a new one."},
        "dry_run": {"type": "boolean", "description": "Only say what it would do."},
    }
    said = "Do several calls in order, all or none, as one proposal that a person reviews."
    return [*found, Tool("propose", said, batch, ("calls",), proposes=True, is_repeatable=False)]


def _strict(tool: str, name: str, schema: Schema) -> Schema:
    """Return a schema of the agents' catalog that takes nothing unbounded."""
    if name == "id":
        return {**schema, **_IDS.get(tool, _BOUNDS["id"])}
    return _bounded(name, schema, _BOUNDS)


def _bounded(name: str, schema: Schema, bounds: Mapping[str, Schema]) -> Schema:
    match schema["type"]:
        case "string":
            return {**schema, **({} if "enum" in schema else bounds[name])}
        case "array":
            items = _bounded(name, schema["items"], bounds)
            return {**schema, "items": items, "maxItems": _MOST_ITEMS.get(name, _USUAL_ITEMS)}
        case "object":
            inner = {**bounds, **_IN_TREE} if name == "tasks" else bounds
            if name == "tests":
                some = {"type": "array", "items": {"type": "string", **bounds[name]}}
                kinds = {key: {**some, "maxItems": _USUAL_ITEMS} for key in schema["properties"]}
                return {**schema, "properties": kinds}
            parts = {key: _bounded(key, part, inner) for key, part in schema["properties"].items()}
            return {**schema, "properties": parts}
        case _:
            return schema
