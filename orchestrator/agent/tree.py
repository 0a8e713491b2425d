"""A whole tree of tasks in one call: keys become ids, parents come first."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from orchestrator.agent.clean import one_line
from orchestrator.agent.wishes import ToolError, text_of, texts_of
from orchestrator.errors import OrchestratorError

MOST_TASKS = 500


class Plants(Protocol):
    """What makes tasks one by one."""

    def create_task(self, project: str, title: str, parent: str | None = None, **rest: Any) -> Any:
        """Make a task; return its `id`."""

    def set_dependencies(self, entity_id: str, *, add: Sequence[str]) -> Any:
        """Let a task wait for others."""


def plant(draft: Plants, project: str, tasks: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Make tasks, and return the id of each by its key.

    Raises:
        ToolError: Keys are missing, given twice or in a circle, or a task is refused; the message
            names the task's key.
    """
    wanted = _by_key(tasks)
    ids: dict[str, str] = {}
    for key in _parents_first(wanted):
        fields = {name: value for name, value in wanted[key].items() if value is not None}
        parent = fields.pop("parent", None) or None
        for own in ("key", "depends_on"):
            fields.pop(own, None)
        try:
            title = text_of("title", fields.pop("title", None), 500)
            made = draft.create_task(project, title, ids.get(parent or "", parent), **fields)
        except OrchestratorError as error:
            raise _at(key, error) from error
        ids[key] = made["id"]
    for key, task in wanted.items():
        try:
            names = texts_of("depends_on", task.get("depends_on") or [])
            if names:
                draft.set_dependencies(ids[key], add=[ids.get(name, name) for name in names])
        except OrchestratorError as error:
            raise _at(key, error) from error
    return ids


def _by_key(tasks: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    if len(tasks) > MOST_TASKS:
        raise ToolError(
            f"There are {len(tasks):,} tasks, and one call takes {MOST_TASKS} .",
            "Call create_tasks again for the others.",
        )
    wanted: dict[str, Mapping[str, Any]] = {}
    for index, task in enumerate(tasks):
        key = text_of(f"key of task {index}", task.get("key"), 100)
        if key in wanted:
            raise ToolError(f"The key {key} is given twice.", "Give each task a key of its own.")
        parent = task.get("parent")
        if parent is not None and not isinstance(parent, str):
            raise ToolError(f"Task {key} : parent must be text.")
        wanted[key] = task
    return wanted


def _parents_first(wanted: Mapping[str, Mapping[str, Any]]) -> list[str]:
    order: dict[str, None] = {}
    for start in wanted:
        path: dict[str, None] = {}
        key: Any = start
        while key in wanted and key not in order:
            if key in path:
                names = list(path)
                circle = " → ".join([*names[names.index(key) :], key])
                raise ToolError(f"Tasks are parents of each other: {one_line(circle)} .")
            path[key] = None
            key = wanted[key].get("parent")
        order |= dict.fromkeys(reversed(path))
    return list(order)


def _at(key: str, error: OrchestratorError) -> ToolError:
    return ToolError(f"Task {key} : {error.message} None of the tasks was made.", error.hint)
