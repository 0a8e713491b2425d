"""Graphs in columns: every edge leads to the right, and few of them cross.

The method of Sugiyama: break circles, put each vertex one column after the last that leads to it,
give long edges a stop in each column between, and sort the columns by their neighbours.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from orchestrator.view.circles import topological

_SWEEPS = 12
_MOST_STOPS = 40_000  # beyond, the longest edges go straight


class Layers(NamedTuple):
    """A graph in columns.

    Attributes:
        columns: The vertices of each column from top to bottom; those from `count` on are stops.
        chains: Of each edge its vertices from left to right: its ends, and the stops between.
        is_back: Of each edge whether it had to be turned around to lead to the right.
    """

    columns: list[list[int]]
    chains: list[list[int]]
    is_back: list[bool]


def layers(count: int, edges: Sequence[tuple[int, int]]) -> Layers:
    """Return the columns of a graph with vertices from 0 to `count`; no edge may be a loop."""
    is_back = _back_edges(count, edges)
    forward = [
        (target, source) if back else (source, target)
        for (source, target), back in zip(edges, is_back, strict=True)
    ]
    column = _columns(count, forward)
    chains = _chains(column, forward)
    return Layers(_sorted(column, chains), chains, is_back)


def _back_edges(count: int, edges: Sequence[tuple[int, int]]) -> list[bool]:
    """Say of each edge whether it closes a circle, as a walk in depth from vertex 0 on finds it."""
    leads: list[list[int]] = [[] for _ in range(count)]
    for at, (source, _) in enumerate(edges):
        leads[source].append(at)
    is_back = [False] * len(edges)
    state = [0] * count  # 1 while a vertex is on the walk's path, 2 after it
    for root in range(count):
        walk = [] if state[root] else [(root, 0)]
        while walk:
            vertex, at = walk.pop()
            state[vertex] = 1
            if at == len(leads[vertex]):
                state[vertex] = 2
                continue
            walk.append((vertex, at + 1))
            edge = leads[vertex][at]
            target = edges[edge][1]
            if state[target] == 1:
                is_back[edge] = True
            elif not state[target]:
                walk.append((target, 0))
    return is_back


def _columns(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return each vertex's column: after what leads to it, and not far before what it leads to."""
    leads: list[list[int]] = [[] for _ in range(count)]
    is_led_to = [False] * count
    for source, target in edges:
        leads[source].append(target)
        is_led_to[target] = True
    column = [0] * count
    for vertex in topological(leads):
        for after in leads[vertex]:
            column[after] = max(column[after], column[vertex] + 1)
    for vertex in range(count):
        if leads[vertex] and not is_led_to[vertex]:
            column[vertex] = min(column[after] for after in leads[vertex]) - 1
    return column


def _chains(column: list[int], edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return each edge's vertices, adding a stop to `column` in each column between its ends."""
    chains: list[list[int]] = [[] for _ in edges]
    left = _MOST_STOPS
    by_length = sorted(
        range(len(edges)), key=lambda at: column[edges[at][1]] - column[edges[at][0]]
    )
    for at in by_length:
        source, target = edges[at]
        between = range(column[source] + 1, column[target])
        left -= len(between)
        stops = range(len(column), len(column) + len(between)) if left >= 0 else ()
        column.extend(between if left >= 0 else ())
        chains[at] = [source, *stops, target]
    return chains


def _sorted(column: list[int], chains: list[list[int]]) -> list[list[int]]:
    """Return the columns in the best order that some sweeps to the right and to the left find."""
    before: list[list[int]] = [[] for _ in column]
    after: list[list[int]] = [[] for _ in column]
    for chain in chains:
        for left, right in pairwise(chain):
            if column[right] == column[left] + 1:
                before[right].append(left)
                after[left].append(right)
    columns = _first_order(column, after)
    place = [0] * len(column)
    for found in columns:
        _number(found, place)
    best, fewest = [list(found) for found in columns], _crossings(columns, after, place)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        goes_right = sweep % 2 == 0
        neighbours = before if goes_right else after
        for found in columns if goes_right else reversed(columns):
            middle = {
                vertex: sum(place[other] for other in near) / len(near)
                if (near := neighbours[vertex])
                else place[vertex]
                for vertex in found
            }
            found.sort(key=middle.__getitem__)
            _number(found, place)
        crossings = _crossings(columns, after, place)
        if crossings < fewest:
            best, fewest = [list(found) for found in columns], crossings
    return best


def _first_order(column: list[int], after: list[list[int]]) -> list[list[int]]:
    """Return the columns in the order of a walk in depth, which keeps together what is linked."""
    columns: list[list[int]] = [[] for _ in range(max(column, default=-1) + 1)]
    seen = [False] * len(column)
    for root in sorted(range(len(column)), key=lambda vertex: (column[vertex], vertex)):
        stack = [root]
        while stack:
            vertex = stack.pop()
            if not seen[vertex]:
                seen[vertex] = True
                columns[column[vertex]].append(vertex)
                stack += reversed(after[vertex])
    return columns


def _number(found: Sequence[int], place: list[int]) -> None:
    for at, vertex in enumerate(found):
        place[vertex] = at


def _crossings(
    columns: Sequence[Sequence[int]], after: Sequence[Sequence[int]], place: Sequence[int]
) -> int:
    total = 0
    for found in columns:
        ends: list[int] = []
        for vertex in found:
            targets = sorted(place[target] for target in after[vertex])
            total += sum(len(ends) - bisect_right(ends, target) for target in targets)
            for target in targets:
                insort(ends, target)
    return total
