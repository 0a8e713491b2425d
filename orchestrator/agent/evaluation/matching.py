"""The best way to pair two lists: the Hungarian method, in time n² m."""

from collections.abc import Sequence
from math import inf


def pairs(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) whose likeness adds up to the most, each in one pair.

    Args:
        likeness: Rows of equal length, of finite numbers.
    """
    rows, columns = len(likeness), len(likeness[0]) if likeness else 0
    if not rows or not columns:
        return []
    if rows > columns:
        turned = [[row[at] for row in likeness] for at in range(columns)]
        return sorted((row, column) for column, row in pairs(turned))
    return sorted(_assigned([[-value for value in row] for row in likeness], rows, columns))


def _assigned(cost: list[list[float]], rows: int, columns: int) -> list[tuple[int, int]]:
    """Return the cheapest assignment; there are no more rows than columns.

    Row by row, along the cheapest way through what is taken; potentials keep costs from being
    negative. Column 0 and row 0 stand for nothing.
    """
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    taken = [0] * (columns + 1)  # the row that has a column
    for row in range(1, rows + 1):
        taken[0] = row
        least, way = [inf] * (columns + 1), [0] * (columns + 1)
        seen = [False] * (columns + 1)
        at = 0
        while taken[at]:
            seen[at] = True
            here, step, following = taken[at], inf, 0
            for column in range(1, columns + 1):
                if seen[column]:
                    continue
                found = cost[here - 1][column - 1] - of_row[here] - of_column[column]
                if found < least[column]:
                    least[column], way[column] = found, at
                if least[column] < step:
                    step, following = least[column], column
            for column in range(columns + 1):
                if seen[column]:
                    of_row[taken[column]] += step
                    of_column[column] -= step
                else:
                    least[column] -= step
            at = following
        while at:
            taken[at] = taken[way[at]]
            at = way[at]
    return [(row - 1, column - 1) for column, row in enumerate(taken) if column and row]
