"""Directed graphs as lists of successors: their order, and the circles that stand in its way."""

from collections.abc import Sequence

Successors = Sequence[Sequence[int]]
"""Of each node the nodes that it leads to; a node is its place in the list."""


def topological(successors: Successors) -> list[int]:
    """Return nodes so that each comes after those that lead to it.

    Nodes in a circle, and those that only come after one, are left out.
    """
    waiting = [0] * len(successors)
    for found in successors:
        for node in found:
            waiting[node] += 1
    order = [node for node, count in enumerate(waiting) if not count]
    for node in order:  # grows while it is walked
        for after in successors[node]:
            waiting[after] -= 1
            if not waiting[after]:
                order.append(after)
    return order


def circles(successors: Successors) -> list[int]:
    """Return a number for each node: two nodes have the same if each leads to the other.

    Tarjan's algorithm, without recursion.
    """
    number = [-1] * len(successors)
    lowest = [0] * len(successors)
    circle = [-1] * len(successors)
    stack: list[int] = []
    count = 0
    for root in range(len(successors)):
        if number[root] >= 0:
            continue
        walk = [(root, 0)]
        while walk:
            node, at = walk.pop()
            if at == 0:
                number[node] = lowest[node] = count
                count += 1
                stack.append(node)
            elif circle[before := successors[node][at - 1]] < 0:
                lowest[node] = min(lowest[node], lowest[before])
            if at < len(successors[node]):
                walk.append((node, at + 1))
                after = successors[node][at]
                if number[after] < 0:
                    walk.append((after, 0))
                elif circle[after] < 0:
                    lowest[node] = min(lowest[node], number[after])
            elif lowest[node] == number[node]:
                while circle[node] < 0:
                    circle[stack.pop()] = node
    return circle
