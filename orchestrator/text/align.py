"""Which items of a list stayed, which became which, and which came and went."""

from typing import Any, NamedTuple

from orchestrator.text.intent import token

MAX_TABLE = 250_000
"""Cells of the table for a longest common subsequence; past it items are paired in order."""


class Pair(NamedTuple):
    """An old and a new index; one is None for an item that came or went."""

    old: int | None
    new: int | None


def align(old: list[Any], new: list[Any]) -> list[Pair]:
    """Pair two lists, so that as many items as possible stay as they are."""
    before, after = [token(value) for value in old], [token(value) for value in new]
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    stays = [(index, index) for index in range(head)]
    middle = _common(before[head : len(before) - tail], after[head : len(after) - tail])
    stays += [(one + head, other + head) for one, other in middle]
    stays += [(len(before) - tail + index, len(after) - tail + index) for index in range(tail)]
    pairs: list[Pair] = []
    at_old = at_new = 0
    for one, other in [*stays, (len(old), len(new))]:
        pairs += _between(old, new, range(at_old, one), range(at_new, other))
        if one < len(old):
            pairs.append(Pair(one, other))
        at_old, at_new = one + 1, other + 1
    return pairs


def _common(one: list[str], other: list[str]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs of indexes."""
    if not one or not other or len(one) * len(other) > MAX_TABLE:
        return []
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            if one[i] == other[j]:
                table[i][j] = table[i + 1][j + 1] + 1
            else:
                table[i][j] = max(table[i + 1][j], table[i][j + 1])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _between(old: list[Any], new: list[Any], gone: range, come: range) -> list[Pair]:
    """Pair what lies between two items that stayed: mappings by a shared value, or all in order."""
    partners: dict[int, int] = {}
    free = list(gone)
    for index in come:
        partner = next((other for other in free if _alike(old[other], new[index])), None)
        if partner is not None:
            partners[index] = partner
            # Order is kept: what was skipped is gone.
            free = [other for other in free if other > partner]
    if not partners:
        partners = dict(zip(come, gone, strict=False))
    pairs: list[Pair] = []
    left = list(gone)
    for index in come:
        partner = partners.get(index)
        if partner is None:
            pairs.append(Pair(None, index))
            continue
        pairs += [Pair(other, None) for other in left if other < partner]
        left = [other for other in left if other > partner]
        pairs.append(Pair(partner, index))
    return pairs + [Pair(other, None) for other in left]


def _alike(one: Any, other: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    return any(key in other and token(value) == token(other[key]) for key, value in one.items())
