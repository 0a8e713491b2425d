"""The tools as a model sees them: names, descriptions, JSON Schemas; and calling one by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from orchestrator.agent.tools import Draft
from orchestrator.agent.wishes import MOST_ITEMS, ToolError
from orchestrator.errors import OrchestratorError
from orchestrator.model.suggest import did_you_mean
from orchestrator.model.vocabulary import PRIORITIES, PROJECT_STATUSES, TASK_STATUSES, TEST_KINDS

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool.

    Attributes:
        name: As a model calls it.
        method: Of `Draft`.
        help: What it does, for the model.
        parameters: JSON Schemas by name.
        required: Names of those that must be given.
        changes: Whether it changes the draft.
    """

    name: str
    method: str
    help: str
    parameters: Mapping[str, Schema]
    required: tuple[str, ...] = ()
    changes: bool = False

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its arguments."""
        return {
            "type": "object",
            "properties": {name: dict(part) for name, part in self.parameters.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


def _text(said: str, **more: Any) -> Schema:
    return {"type": "string", "description": said, **more}


def _texts(said: str) -> Schema:
    return {"type": "array", "items": {"type": "string"}, "description": said}


_ID = _text("An id, exactly as the plan has it.")
_LIMIT: Schema = {"type": "integer", "description": "How many rows at most."}
_COMMON: dict[str, Schema] = {
    "title": _text("One line."),
    "description": _text("Markdown: why and how, in a few sentences."),
    "priority": _text("How much it matters.", enum=list(PRIORITIES)),
    "start_date": _text("YYYY-MM-DD, or words like +3d."),
    "due_date": _text("YYYY-MM-DD, or words like friday."),
}
_TASK: dict[str, Schema] = {
    **_COMMON,
    "status": _text("Where the work stands.", enum=list(TASK_STATUSES)),
    "assignee": _text("The id of a person of the plan. Never make one up."),
    "labels": _texts("Short words."),
    "estimate": _text("Expected effort: 45m, 2h, 1h30m, 3d."),
    "tests": {
        "type": "object",
        "description": "What must be tested, as sentences by kind.",
        "properties": {kind: _texts(f"{kind} tests") for kind in TEST_KINDS},
        "additionalProperties": False,
    },
}
_PROJECT: dict[str, Schema] = {
    **_COMMON,
    "status": _text("Where the project stands.", enum=list(PROJECT_STATUSES)),
    "owner": _text("The id of a person of the plan. Never make one up."),
    "tags": _texts("Short words."),
}
_CLEAR: dict[str, Schema] = {"clear": _texts("Names of fields to clear.")}

TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("create_project", "create_project", "Make a project.",
             {"id": _text("Small letters, digits and dashes: payments-api."),
              "key": _text("Prefix of its task ids: PAY. Left out, it is made from the id."),
              **_PROJECT}, ("id", "title"), changes=True),
        Tool("create_task", "create_task",
             "Make a task. The tool answers with its id; use that id for parents and dependencies.",
             {"project": _text("The project's id."), "parent": _text("The task that it is a part "
              "of, by id; left out for a root."),
              "depends_on": _texts("Ids of tasks that must be completed first."), **_TASK},
             ("project", "title"), changes=True),
        Tool("create_tasks", "create_tasks",
             "Make many tasks at once, all of them or none. The tool answers with the id of each.",
             {"project": _text("The project's id."),
              "tasks": {"type": "array", "description": "All tasks, in any order.", "items": {
                  "type": "object", "additionalProperties": False, "required": ["key", "title"],
                  "properties": {
                      "key": _text("A short name of your own for this task, for this call only."),
                      "parent": _text("The key, or the id, of the task it is a part of."),
                      "depends_on": _texts("Keys, or ids, of tasks to be completed first."),
                      **_TASK,
                  }}}}, ("project", "tasks"), changes=True),
        Tool("update_project", "update_project", "Change fields of a project.",
             {"id": _ID, **_PROJECT, **_CLEAR}, ("id",), changes=True),
        Tool("set_task", "set_task", "Change fields of a task; what is not named stays.",
             {"id": _ID, **_TASK, **_CLEAR}, ("id",), changes=True),
        Tool("move_task", "move_task", "Move a task with all below it; with neither `under` nor "
             "`project` it becomes a root.",
             {"id": _ID, "under": _text("The new parent's id."),
              "project": _text("The new project's id.")}, ("id",), changes=True),
        Tool("delete", "delete",
             "Delete a task with all below it, or a project; a person is asked.",
             {"id": _ID}, ("id",), changes=True),
        Tool("restore", "restore", "Bring back what was deleted in this conversation's turn.",
             {"id": _ID}, ("id",), changes=True),
        Tool("log_time", "log_time", "Log time that somebody spent on a task.",
             {"id": _ID, "duration": _text("1h30m"), "day": _text("YYYY-MM-DD; today if left out."),
              "note": _text("What was done."), "user": _text("Who: an id of the plan.")},
             ("id", "duration"), changes=True),
        Tool("set_dependencies", "set_dependencies", "Say what a task waits for.",
             {"id": _ID, "on": _texts("All that it waits for; replaces what there is."),
              "add": _texts("Ids to add."), "remove": _texts("Ids to take away.")},
             ("id",), changes=True),
        Tool("list", "list_tasks", "List tasks.",
             {"where": _text("Terms, all of which must hold: status=todo,blocked project=ID "
              "assignee=ID label=WORD under=ID overdue open ready blocked no-estimate "
              "due-before=DAY. Empty for all."), "limit": _LIMIT,
              "offset": {"type": "integer", "description": "How many to leave out."}}),
        Tool("get", "get", "Show all of a task, project or person.", {"id": _ID}, ("id",)),
        Tool("search", "search", "Find tasks and projects by words.",
             {"text": _text("Words, all of which must occur."), "limit": _LIMIT}, ("text",)),
        Tool("ready", "ready", "List what can be worked on now, the most urgent first.",
             {"project": _text("Only of this project."), "limit": _LIMIT}),
        Tool("check", "check", "Say what is wrong with the plan as you have changed it.", {}),
        Tool("history", "history", "Say what happened to a task or project, the newest first.",
             {"id": _ID, "limit": _LIMIT}, ("id",)),
    )
}  # fmt: skip


def call(draft: Draft, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a tool answers; a refusal is `{"error": sentence, "hint": what next}`."""
    try:
        return answer(draft, name, arguments)
    except OrchestratorError as error:
        found = {"error": error.message, "hint": error.hint}
        return {key: value for key, value in found.items() if value}


def answer(draft: Draft, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a tool answers.

    Raises:
        ToolError: There is no such tool, or it does not take these arguments.
        OrchestratorError: The tool refuses.
    """
    tool = TOOLS.get(name)
    if tool is None:
        raise ToolError(
            f"There is no tool {name[:60]!r}.",
            did_you_mean(name, TOOLS) or f"There are {', '.join(TOOLS)} .",
        )
    given = {key: value for key, value in arguments.items() if value is not None}
    for key in given:
        if key not in tool.parameters:
            raise ToolError(
                f"{name} takes no {str(key)[:60]!r}.",
                did_you_mean(str(key), tool.parameters)
                or f"It takes {', '.join(tool.parameters) or 'nothing'} .",
            )
    for key in tool.required:
        if key not in given:
            raise ToolError(f"{name} needs {key} .")
    checked = {key: _fit(key, value, tool.parameters[key]) for key, value in given.items()}
    first = [checked.pop("id")] if "id" in checked else []
    return cast("dict[str, Any]", getattr(draft, tool.method)(*first, **checked))


def _fit(name: str, value: Any, schema: Schema) -> Any:
    """Return a value of the type that its schema asks for; what is plainly meant is taken so."""
    match schema["type"], value:
        case ("string", str()) | ("object", dict()):
            return value
        case "string", int() if name in ("duration", "estimate") and not isinstance(value, bool):
            return f"{value}m"
        case "integer", int() if not isinstance(value, bool):
            return value
        case "integer", str() if value.isdecimal() and len(value) < MOST_ITEMS:
            return int(value[:9])
        case "array", list():
            kind = str if schema["items"]["type"] == "string" else dict
            if all(isinstance(item, kind) for item in value):
                return value
            raise ToolError(f"{name} must be a list of {schema['items']['type']}s.")
        case "array", str() if schema["items"]["type"] == "string":
            return [value]
        case _:
            raise ToolError(f"{name} must be of type {schema['type']}.")
