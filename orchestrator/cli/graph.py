"""`graph`: who waits for whom."""

from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.filters import FilteredCommand, filter_options
from orchestrator.cli.options import json_option
from orchestrator.cli.picture import picture_options
from orchestrator.cli.session import Session

if TYPE_CHECKING:
    from orchestrator.model.snapshot import Snapshot
    from orchestrator.view.dependency_graph import Graph

_FORMATS = ("text", "mermaid", "dot", "svg")
_READABLE = 600


@click.command("graph", cls=FilteredCommand)
@filter_options
@picture_options(*_FORMATS)
@click.option(
    "--around", default=None, metavar="ID", help="What this task waits for, and who waits for it."
)
@click.option("--parents", is_flag=True, help="Also from each parent to the tasks below it.")
@click.option("--all", "shows_all", is_flag=True, help="Also tasks that have no line.")
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    chosen: str | None,
    output: str | None,
    around: str | None,
    parents: bool,
    shows_all: bool,
    as_json: bool,
    **terms: Any,
) -> None:
    """Show who waits for whom: for a terminal, a forge (Mermaid), Graphviz (DOT) or a page (SVG).

    In a terminal, below each task stands who waits for it; ↑ behind a task says that those who
    wait for it are shown where it stood before. Dashed lines lead to the tasks below a parent.
    """
    from orchestrator.cli.entity import warn_unreadable
    from orchestrator.cli.filters import filter_of
    from orchestrator.cli.picture import deliver, format_of
    from orchestrator.cli.talk import note
    from orchestrator.view.dependency_graph import dependency_graph
    from orchestrator.view.select import select

    kind = format_of(chosen, output, _FORMATS)
    snapshot = session.snapshot()
    ids = select(snapshot, filter_of(session, snapshot, terms))
    if around is not None:
        _refuse_unknown(snapshot, around)
    made = dependency_graph(
        snapshot, ids, around=around, shows_all=shows_all, shows_parents=parents
    )
    warn_unreadable(snapshot)
    if as_json:
        _answer(snapshot, made)
        return
    if not made.nodes:
        note("No task depends on another." if ids else "No tasks.")
        if kind == "text" or not ids:
            return
    if kind == "svg" and len(made.nodes) > _READABLE:
        note(f"{len(made.nodes):,} tasks make a large picture; -p or --around make it smaller.")
    deliver(session, _drawn(session, made, kind, is_file=output is not None), output)


def _refuse_unknown(snapshot: "Snapshot", task_id: str) -> None:
    from orchestrator.verbs.refuse import unknown

    if task_id not in snapshot.tasks or snapshot.tasks[task_id].get("deleted_at"):
        raise unknown(snapshot, "tasks", task_id)


def _answer(snapshot: "Snapshot", made: "Graph") -> None:
    from orchestrator.cli.talk import say_rows
    from orchestrator.view.rows import task_rows

    edges = [
        {"from": made.nodes[edge.source].id, "to": made.nodes[edge.target].id, "kind": edge.kind}
        for edge in made.edges
    ]
    rows = task_rows(snapshot, [node.id for node in made.nodes])
    say_rows(len(made.nodes), {"tasks": rows, "edges": edges})


def _drawn(session: Session, made: "Graph", kind: str, *, is_file: bool) -> str:
    match kind:
        case "svg":
            from orchestrator.view.pictures.graph_svg import graph_svg

            return graph_svg(made)
        case "mermaid":
            from orchestrator.view.pictures.graph_mermaid import graph_mermaid

            return graph_mermaid(made)
        case "dot":
            from orchestrator.view.pictures.graph_dot import graph_dot

            return graph_dot(made)
        case _:
            return _text(made, has_color=session.has_color and not is_file)


def _text(made: "Graph", *, has_color: bool) -> str:
    from orchestrator.cli.escape import printable
    from orchestrator.cli.ink import BOLD, DIM, fit, mark_of, paint, screen
    from orchestrator.view.dependency_graph import steps

    width = screen()[0]
    lines = []
    for step in steps(made):
        node = made.nodes[step.node]
        rails = "".join("   " if last else "│  " for last in step.is_last[:-1])
        bar = "╌" if step.kind == "parent" else "─"
        corner = (f"└{bar} " if step.is_last[-1] else f"├{bar} ") if step.is_last else ""
        again = " ↑" if step.is_again else ""
        room = max(width - len(rails) - len(corner) - 2 - len(again), 10)
        named = fit(f"{printable(node.id)}  {printable(node.title)}", room)
        if node.is_focus:
            named = paint(named, BOLD, has_color=has_color)
        mark = mark_of(node.status, has_color=has_color)
        lines.append(f"{rails}{corner}{mark} {named}{paint(again, DIM, has_color=has_color)}\n")
    return "".join(lines)
