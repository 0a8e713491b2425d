"""The dependency graph as SVG: boxes in columns, what comes first on the left."""

from collections.abc import Iterator, Sequence

from orchestrator.view.dependency_graph import Edge, Graph, Node
from orchestrator.view.layout import Layout, Measures, Point, layout
from orchestrator.view.pictures.marks import STATUS_LABELS, status_items, status_mark
from orchestrator.view.pictures.svg import (
    document,
    fit,
    group,
    legend,
    line,
    number,
    path,
    rect,
    text,
    text_width,
)

MEASURES = Measures()
_MARGIN = 16
_LEAST_WIDTH = 640
_LONGEST = 360  # pixels of a box, for long ids


def graph_svg(graph: Graph) -> str:
    """Return the graph as an SVG document."""
    widest = max((text_width(node.id, 12) for node in graph.nodes), default=0) + 40
    measures = MEASURES._replace(width=min(max(MEASURES.width, widest), _LONGEST))
    ends = [(edge.source, edge.target) for edge in graph.edges]
    made = layout(len(graph.nodes), ends, measures)
    width = max(made.width, _LEAST_WIDTH) + 2 * _MARGIN
    keys = legend(_legend(graph, made), _MARGIN, 60, width - 2 * _MARGIN)
    top = 60 + keys.height + 14
    parts = [
        text(_MARGIN, 30, fit(graph.title, width - 2 * _MARGIN, 17), "fill-ink large strong"),
        text(_MARGIN, 48, _summary(graph), "fill-muted"),
        keys.svg,
    ]
    body = [*_lines(graph, made), *_boxes(graph, made, measures)]
    parts.append(group("\n".join(body), x=_MARGIN, y=top))
    height = top + made.height + _MARGIN
    return document(width, height, graph.title, _summary(graph), "\n".join(parts))


def _summary(graph: Graph) -> str:
    links = sum(edge.kind == "dependency" for edge in graph.edges)
    said = (
        f"{len(graph.nodes):,} task{'s' * (len(graph.nodes) != 1)}, "
        f"{links:,} dependenc{'y' if links == 1 else 'ies'}; what comes first is on the left"
    )
    return f"{said}; {graph.alone:,} more without any" if graph.alone else said


def _legend(graph: Graph, made: Layout) -> list[tuple[str, str]]:
    items = status_items({node.status for node in graph.nodes})
    items.append(
        ("comes before", line(0, 6, 11, 6, "line-edge") + path("M16 6l-6 -3.5v7z", "fill-edge"))
    )
    if any(edge.kind == "parent" for edge in graph.edges):
        items.append(("has below it", line(0, 6, 16, 6, "line-edge dashed")))
    if any(made.is_back):
        items.append(("closes a circle", line(0, 6, 16, 6, "line-critical thick dashed")))
    return items


def _boxes(graph: Graph, made: Layout, measures: Measures) -> Iterator[str]:
    for node, (x, y) in zip(graph.nodes, made.boxes, strict=True):
        status = STATUS_LABELS.get(node.status, node.status)
        yield group(_box(node, measures), f"{node.id} {node.title}: {status}", x, y)


def _box(node: Node, measures: Measures) -> str:
    width, height = measures.width, measures.height
    tone = node.status if node.status in STATUS_LABELS else "todo"
    border = "line-ink thick" if node.is_focus else "line-edge"
    room = width - 34
    return (
        rect(0, 0, width, height, "fill-panel", 4)
        + rect(0, 0, 5, height, f"fill-{tone}", 2)
        + rect(0, 0, width, height, border, 4)
        + status_mark(node.status, 17, 14)
        + text(28, 18, fit(node.id, room, 13), "fill-ink strong")
        + text(12, 34, fit(node.title, width - 20, 11), "fill-ink small")
    )


def _lines(graph: Graph, made: Layout) -> Iterator[str]:
    for edge, points, back in zip(graph.edges, made.lines, made.is_back, strict=True):
        if points:
            yield _line(edge, points, back=back)


def _line(edge: Edge, points: Sequence[Point], *, back: bool) -> str:
    tone = "critical" if back else "edge"
    classes = f"line-{tone}" + (" thick dashed" if back else "")
    if edge.kind == "parent":
        return path(_curve(points), f"{classes} dashed")
    (x, y), direction = points[-1], -1 if back else 1
    tip = path(f"M{number(x)} {number(y)}l{-7 * direction} -4v8z", f"fill-{tone}")
    return path(_curve(points), classes) + tip


def _curve(points: Sequence[Point]) -> str:
    """Return a path that bends between columns and is straight inside them."""
    x, y = points[0]
    said = [f"M{number(x)} {number(y)}"]
    for at, (to_x, to_y) in enumerate(points[1:]):
        if at % 2:
            said.append(f"H{number(to_x)}")
        else:
            middle = number((x + to_x) / 2)
            said.append(
                f"C{middle} {number(y)} {middle} {number(to_y)} {number(to_x)} {number(to_y)}"
            )
        x, y = to_x, to_y
    return "".join(said)
