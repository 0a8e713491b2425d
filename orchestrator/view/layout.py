"""Where boxes and lines of a graph go: columns from left to right, its parts side by side."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from orchestrator.view.layers import Layers, layers

_ROUNDS = 6
_PAGE_SHAPE = 1.5  # how much wider than high a picture of many small parts should be

Point = tuple[float, float]


class Measures(NamedTuple):
    """Sizes in pixels.

    Attributes:
        width: Of a box.
        height: Of a box.
        gap: Between two columns.
        space: Between two boxes of a column.
        thread: The height that a line takes where it passes between boxes.
        margin: Between two parts that nothing links.
    """

    width: float = 230
    height: float = 42
    gap: float = 56
    space: float = 14
    thread: float = 10
    margin: float = 36


class Layout(NamedTuple):
    """A drawing of a graph.

    Attributes:
        boxes: The left upper corner of each vertex.
        lines: Of each edge the points from its source to its target: pairs of a point where it
            leaves a column and one where it enters the next.
        is_back: Of each edge whether it leads to the left, as one of each circle must.
        width: Of all.
        height: Of all.
    """

    boxes: list[Point]
    lines: list[list[Point]]
    is_back: list[bool]
    width: float
    height: float


def layout(count: int, edges: Sequence[tuple[int, int]], measures: Measures) -> Layout:
    """Return where the vertices from 0 to `count` and the edges between them are drawn."""
    boxes: list[Point] = [(0.0, 0.0)] * count
    lines: list[list[Point]] = [[] for _ in edges]
    is_back = [False] * len(edges)
    drawn = []
    for vertices, its_edges in _parts(count, edges):
        local = {vertex: at for at, vertex in enumerate(vertices)}
        pairs = [(local[edges[at][0]], local[edges[at][1]]) for at in its_edges]
        drawn.append((vertices, its_edges, _drawn(len(vertices), pairs, measures)))
    drawn.sort(key=lambda part: (-len(part[0]), part[0]))
    places, width, height = _packed([part[2] for part in drawn], measures)
    for (left, top), (vertices, its_edges, part) in zip(places, drawn, strict=True):
        for vertex, (x, y) in zip(vertices, part.boxes, strict=True):
            boxes[vertex] = (x + left, y + top)
        for at, line, back in zip(its_edges, part.lines, part.is_back, strict=True):
            lines[at] = [(x + left, y + top) for x, y in line]
            is_back[at] = back
    return Layout(boxes, lines, is_back, width, height)


def _parts(count: int, edges: Sequence[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """Return the vertices and edges of each part that hangs together; loops are left out."""
    near: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        near[source].append(target)
        near[target].append(source)
    part = [-1] * count
    found: list[tuple[list[int], list[int]]] = []
    for root in range(count):
        if part[root] >= 0:
            continue
        part[root] = len(found)
        stack = [root]
        while stack:
            for other in near[stack.pop()]:
                if part[other] < 0:
                    part[other] = len(found)
                    stack.append(other)
        found.append(([], []))
    for vertex in range(count):
        found[part[vertex]][0].append(vertex)
    for at, (source, target) in enumerate(edges):
        if source != target:
            found[part[source]][1].append(at)
    return found


def _drawn(count: int, edges: Sequence[tuple[int, int]], measures: Measures) -> Layout:
    """Lay out one part."""
    found = layers(count, edges)
    middles = _middles(count, found, measures)
    step = measures.width + measures.gap
    column = {vertex: at for at, vertices in enumerate(found.columns) for vertex in vertices}
    lines = []
    for chain, back in zip(found.chains, found.is_back, strict=True):
        points: list[Point] = []
        for at, vertex in enumerate(chain):
            x, y = column[vertex] * step, middles[vertex]
            points += [(x, y)] if at else []
            points += [(x + measures.width, y)] if at < len(chain) - 1 else []
        lines.append(points[::-1] if back else points)
    boxes = [(column[at] * step, middles[at] - measures.height / 2) for at in range(count)]
    width = len(found.columns) * step - measures.gap
    height = max(middles) + measures.height / 2
    return Layout(boxes, lines, found.is_back, width, height)


def _middles(count: int, found: Layers, measures: Measures) -> list[float]:
    """Return the height of the middle of each vertex and stop, near that of its neighbours."""
    size = sum(map(len, found.columns))
    half = [(measures.height if at < count else measures.thread) / 2 for at in range(size)]
    near: list[list[int]] = [[] for _ in range(size)]
    for chain in found.chains:
        for left, right in pairwise(chain):
            near[left].append(right)
            near[right].append(left)
    middles = [0.0] * size
    for vertices in found.columns:
        _settle(vertices, [0.0] * len(vertices), half, measures.space, middles)
    for turn in range(_ROUNDS):
        for vertices in found.columns if turn % 2 == 0 else reversed(found.columns):
            wanted = [
                sum(middles[other] for other in near[vertex]) / len(near[vertex])
                if near[vertex]
                else middles[vertex]
                for vertex in vertices
            ]
            _settle(vertices, wanted, half, measures.space, middles)
    top = min(middles[at] - half[at] for at in range(size))
    return [middle - top for middle in middles]


def _settle(
    vertices: Sequence[int],
    wanted: Sequence[float],
    half: Sequence[float],
    space: float,
    middles: list[float],
) -> None:
    """Put a column's vertices as near to where they want to be as their order and sizes allow.

    That is isotonic regression, by pooling neighbours that want to pass each other.
    """
    offsets = [0.0]
    for upper, lower in pairwise(vertices):
        offsets.append(offsets[-1] + half[upper] + space + half[lower])
    pools: list[tuple[float, int]] = []  # mean and size
    for wish, offset in zip(wanted, offsets, strict=True):
        mean, size = wish - offset, 1
        while pools and pools[-1][0] > mean:
            other, many = pools.pop()
            mean, size = (mean * size + other * many) / (size + many), size + many
        pools.append((mean, size))
    at = 0
    for mean, size in pools:
        for vertex in vertices[at : at + size]:
            middles[vertex] = mean + offsets[at]
            at += 1


def _packed(parts: Sequence[Layout], measures: Measures) -> tuple[list[Point], float, float]:
    """Return where each part goes, in rows as wide as makes a good page, and the page's size."""
    area = sum((part.width + measures.margin) * (part.height + measures.margin) for part in parts)
    widest = max((part.width for part in parts), default=0)
    page = max(widest, (area * _PAGE_SHAPE) ** 0.5)
    places: list[Point] = []
    x = y = width = below = 0.0
    for part in parts:
        if x and x + part.width > page:
            x, y = 0.0, below + measures.margin
        places.append((x, y))
        width, below = max(width, x + part.width), max(below, y + part.height)
        x += part.width + measures.margin
    return places, width, below
