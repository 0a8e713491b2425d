"""The dependency graph in DOT, for Graphviz and what reads its language."""

from collections.abc import Iterator

from orchestrator.view.dependency_graph import Graph
from orchestrator.view.pictures.marks import STATUS_LABELS
from orchestrator.view.pictures.mermaid import MARKS
from orchestrator.view.pictures.palette import SHAPE_TONES
from orchestrator.view.pictures.svg import plain


def graph_dot(graph: Graph) -> str:
    """Return the graph."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield "digraph plan {"
    yield f"  graph [rankdir=LR, label={_quoted(graph.title)}, labelloc=t, fontname=Helvetica];"
    yield "  node [shape=box, style=rounded, fontname=Helvetica, fontsize=11];"
    yield "  edge [arrowsize=0.7];"
    for node in graph.nodes:
        status = node.status if node.status in STATUS_LABELS else "todo"
        label = f"{MARKS[status]} {node.id}\n{node.title}"
        width = 3 if node.is_focus else 1.5
        yield (
            f"  {_quoted(node.id)} [label={_quoted(label)}, "
            f'color="{SHAPE_TONES[status].light}", penwidth={width}];'
        )
    for edge in graph.edges:
        source, target = graph.nodes[edge.source].id, graph.nodes[edge.target].id
        style = "" if edge.kind == "dependency" else " [style=dashed, arrowhead=none]"
        yield f"  {_quoted(source)} -> {_quoted(target)}{style};"
    yield "}"


def _quoted(text: str) -> str:
    r"""Return a DOT string that shows text as it is; a line end becomes `\n`.

    Graphviz reads escapes that begin with a backslash, and entities that begin with `&`.
    """
    escapes = str.maketrans({"&": "&amp;", "\\": "\\\\", '"': '\\"'})
    lines = (plain(line).translate(escapes) for line in text.split("\n", 1))
    return '"' + "\\n".join(lines) + '"'
