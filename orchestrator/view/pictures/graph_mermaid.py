"""The dependency graph as a Mermaid flowchart, which forges and wikis draw."""

from collections.abc import Iterator

from orchestrator.view.dependency_graph import Graph
from orchestrator.view.pictures.marks import STATUS_LABELS
from orchestrator.view.pictures.mermaid import MARKS, mermaid_label
from orchestrator.view.pictures.palette import SHAPE_TONES

_TITLE = 60  # characters; more make boxes that push the others away


def graph_mermaid(graph: Graph) -> str:
    """Return the flowchart."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart LR"
    for at, node in enumerate(graph.nodes):
        title = node.title if len(node.title) <= _TITLE else f"{node.title[: _TITLE - 1]}…"
        status = node.status if node.status in MARKS else "todo"
        shown = f"{MARKS[status]} {node.id}<br/>{mermaid_label(title)}"
        yield f'    n{at}["{shown}"]:::{status}'
    for edge in graph.edges:
        arrow = "-->" if edge.kind == "dependency" else "-.-"
        yield f"    n{edge.source} {arrow} n{edge.target}"
    used = {node.status for node in graph.nodes}
    for status in STATUS_LABELS:
        if status in used or (status == "todo" and used - set(STATUS_LABELS)):
            # A border alone: fills would have to suit both light and dark pages.
            yield f"    classDef {status} stroke:{SHAPE_TONES[status].light},stroke-width:2px"
    focus = [f"n{at}" for at, node in enumerate(graph.nodes) if node.is_focus]
    yield from (f"    style {name} stroke-width:4px" for name in focus)
