"""The rule on circles of dependencies (ORC207)."""

from collections.abc import Iterator, Mapping, Sequence

from orchestrator.check.facts import Facts, found, way
from orchestrator.model.problem import Problem

Edges = Mapping[str, Sequence[str]]


def dependency_cycle(facts: Facts) -> Iterator[Problem]:
    """Yield ORC207: tasks that wait for each other, once a knot of cycles."""
    waiting = facts.dependencies
    edges = {
        task_id: waits
        for task_id, dependencies in waiting.items()
        if (waits := [other for other in dependencies if other in waiting and other != task_id])
    }
    for knot in knots(edges):
        cycle = shortest_cycle(edges, knot)
        members = f" ({len(knot)} tasks are tangled)" if len(knot) >= len(cycle) else ""
        index = waiting[cycle[0]].index(cycle[1])
        yield found(
            facts, "ORC207", ("tasks", cycle[0]),
            f"Tasks wait for each other: {way(cycle)}{members} .", f"/dependencies/{index}",
            "Remove one of these dependencies.",
        )  # fmt: skip


def knots(edges: Edges) -> Iterator[set[str]]:
    """Yield the strongly connected components of two tasks and more.

    Tarjan's algorithm with its own stack: a chain of dependencies is longer than Python's.
    """
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    waiting: list[str] = []
    is_waiting: set[str] = set()
    for start in edges:
        if start in number:
            continue
        number[start] = low[start] = len(number)
        waiting.append(start)
        is_waiting.add(start)
        path = [(start, iter(edges[start]))]
        while path:
            node, rest = path[-1]
            for other in rest:
                if other not in number:
                    if other not in edges:
                        continue
                    number[other] = low[other] = len(number)
                    waiting.append(other)
                    is_waiting.add(other)
                    path.append((other, iter(edges[other])))
                    break
                if other in is_waiting:
                    low[node] = min(low[node], number[other])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == number[node]:
                    knot = _popped(waiting, node)
                    is_waiting -= knot
                    if len(knot) > 1:
                        yield knot


def shortest_cycle(edges: Edges, knot: set[str]) -> list[str]:
    """Return a shortest cycle through the knot's smallest id, which starts and ends it.

    Of several the first by id, so that the same files always get the same sentence.
    """
    start = min(knot)
    came_from: dict[str, str] = {}
    level = [start]
    while level:
        following: list[str] = []
        for node in level:
            for other in sorted(edges[node]):
                if other == start:
                    back = [start, node]
                    while node != start:
                        node = came_from[node]  # noqa: PLW2901 - the loop ends here
                        back.append(node)
                    return back[::-1]
                if other in knot and other not in came_from:
                    came_from[other] = node
                    following.append(other)
        level = following
    return [start, start]


def _popped(waiting: list[str], node: str) -> set[str]:
    knot: set[str] = set()
    while True:
        other = waiting.pop()
        knot.add(other)
        if other == node:
            return knot
