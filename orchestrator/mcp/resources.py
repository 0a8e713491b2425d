"""Tasks and projects as resources, which people attach to a conversation by hand."""

import re
from typing import Any, NamedTuple

from orchestrator.agent.wishes import ToolError
from orchestrator.mcp.desk import Answer, Desk
from orchestrator.mcp.page import page
from orchestrator.mcp.reading import entity_of
from orchestrator.mcp.tools import MOST_ROWS
from orchestrator.model.ids import PROJECT_ID, TASK_ID
from orchestrator.model.places import Kind
from orchestrator.model.task_filter import TaskFilter
from orchestrator.store.index.plan import Plan, ask
from orchestrator.store.workspace import Workspace

SCHEME = "orchestrator://"
TEMPLATES = {
    "task": (f"{SCHEME}task/{{id}}", "A task with what is derived of it."),
    "project": (f"{SCHEME}project/{{id}}", "A project with its progress."),
}
"""URI templates and what they name, by kind."""

_URI = re.compile(rf"{SCHEME}(?:task/({TASK_ID})|project/({PROJECT_ID}))")
_CURSOR = re.compile("[0-9]{1,9}")


class Resource(NamedTuple):
    """What a client can attach.

    Attributes:
        uri: What it is read by.
        name: Its id.
        title: Its title.
    """

    uri: str
    name: str
    title: str


def read_resource(desk: Desk, client: str, uri: str) -> Answer:
    """Return a task or project, the same as the tool get does; or a refusal."""

    def told(workspace: Workspace) -> dict[str, Any]:
        found = _URI.fullmatch(uri)
        if found is None:
            raise ToolError(
                f"{uri[:100]!r} names nothing here.", f"There are {_shown_templates()} ."
            )
        entity_id = found[1] or found[2]
        kind: Kind = "tasks" if found[1] else "projects"

        def answer(plan: Plan) -> dict[str, Any]:
            if entity_id not in plan.snapshot.entities(kind):
                raise ToolError(f"There is no {kind.removesuffix('s')} {entity_id} .", None)
            return entity_of(plan, entity_id)

        value = ask(workspace, answer)
        if "text_from" in value:
            desk.note([entity_id])
        return value

    return desk.answered(client, "resources/read", {"uri": uri}, told)


def list_resources(desk: Desk, client: str, cursor: str | None) -> Answer:
    """Return a part of all live projects and open tasks: `{"resources": […], "next_cursor"}`."""

    def told(workspace: Workspace) -> dict[str, Any]:
        if cursor is not None and not _CURSOR.fullmatch(cursor):
            raise ToolError("The cursor is none of this server.", "Begin without one.")

        def answer(plan: Plan) -> dict[str, Any]:
            tasks, projects = plan.snapshot.tasks, plan.snapshot.projects
            live = [name for name, item in projects.items() if not item.get("deleted_at")]
            known = [("project", name) for name in live]
            known += [("task", name) for name in plan.select(TaskFilter(is_open=True))]

            def row(item: tuple[str, str]) -> Resource:
                kind, name = item
                found = tasks[name] if kind == "task" else projects[name]
                return Resource(f"{SCHEME}{kind}/{name}", name, str(found.get("title") or name))

            asked = {"cursor": cursor, "limit": MOST_ROWS}
            return page("resources", known, row, asked)

        return ask(workspace, answer)

    return desk.answered(client, "resources/list", {"cursor": cursor}, told)


def _shown_templates() -> str:
    return " and ".join(uri for uri, _ in TEMPLATES.values())
