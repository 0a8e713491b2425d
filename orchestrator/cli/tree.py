"""`tree`: the hierarchy of tasks."""

import click

from orchestrator.cli.options import json_option
from orchestrator.cli.session import Session
from orchestrator.model.shape import Document
from orchestrator.model.snapshot import Snapshot
from orchestrator.view.tree import Branch

_MARKS = {
    "todo": ("○", ""), "in_progress": ("◐", "36"), "blocked": ("✖", "31"),
    "in_review": ("◑", "35"), "completed": ("●", "32"), "cancelled": ("⊘", "2"),
}  # fmt: skip


@click.command("tree")
@click.argument("root", metavar="[ID]", required=False)
@click.option("--project", "-p", default=None, help="Of this project.")
@json_option
@click.pass_obj
def command(session: Session, root: str | None, project: str | None, as_json: bool) -> None:
    """Show the hierarchy of tasks, or the part below the task ID.

    2/5 behind a task: of the five below it, two are completed or cancelled.
    """
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.talk import note, say_json, say_raw
    from orchestrator.verbs.change import unknown
    from orchestrator.view.rows import task_rows
    from orchestrator.view.tree import tree

    snapshot = session.workspace.snapshot()
    if root is not None and (root not in snapshot.tasks or snapshot.tasks[root].get("deleted_at")):
        raise unknown(snapshot, "tasks", root)
    if project is not None and project not in snapshot.projects:
        raise unknown(snapshot, "projects", project)
    branches = tree(snapshot, project, root)
    warn_unreadable(snapshot)
    if as_json:
        rows = task_rows(snapshot, [branch.id for branch in branches])
        say_json({"total": len(branches), "tasks": _nested(rows, branches)})
        return
    if not branches:
        note("No tasks.")
    say_raw(
        "".join(_lines(snapshot, branches, has_color=session.has_color, rooted=root is not None))
    )


def _nested(rows: list[Document], branches: list[Branch]) -> list[Document]:
    nodes = [{**row, "children": []} for row in rows]
    roots: list[Document] = []
    path: list[Document] = []
    for node, branch in zip(nodes, branches, strict=True):
        del path[branch.depth :]
        (path[-1]["children"] if path else roots).append(node)
        path.append(node)
    return roots


def _lines(
    snapshot: Snapshot, branches: list[Branch], *, has_color: bool, rooted: bool
) -> list[str]:
    from orchestrator.cli.escape import printable

    lines = []
    project = ""
    for branch in branches:
        task = snapshot.tasks[branch.id]
        if task["project"] != project and not rooted:
            project = task["project"]
            title = (snapshot.projects.get(project) or {}).get("title", "")
            lines.append(f"{printable(project)}  {printable(str(title))}\n")
        rails = "".join("   " if last else "│  " for last in branch.is_last[1:-1])
        corner = ("└─ " if branch.is_last[-1] else "├─ ") if branch.depth else ""
        mark, code = _MARKS.get(task.get("status") or "", ("?", ""))
        if has_color and code:
            mark = f"\x1b[{code}m{mark}\x1b[0m"
        progress = f"  {branch.done}/{branch.total}" if branch.total else ""
        named = f"{printable(branch.id)}  {printable(str(task.get('title') or ''))}"
        indent = "" if rooted else "  "
        lines.append(f"{indent}{rails}{corner}{mark} {named}{progress}\n")
    return lines
