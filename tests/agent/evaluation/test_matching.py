"""The best pairs, compared with all ways to pair."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.agent.evaluation.matching import pairs

tables = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 20), min_size=columns, max_size=columns), min_size=1, max_size=5
    )
)


def best(table: list[list[int]]) -> int:
    """The most that any way to pair adds up to."""
    if len(table) > len(table[0]):
        table = [[row[at] for row in table] for at in range(len(table[0]))]
    return max(
        sum(table[row][column] for row, column in enumerate(way))
        for way in permutations(range(len(table[0])), len(table))
    )


@given(tables)
def test_no_way_to_pair_is_better(table: list[list[int]]) -> None:
    found = pairs(table)
    assert sum(table[row][column] for row, column in found) == best(table)
    assert len({row for row, _ in found}) == len(found) == min(len(table), len(table[0]))
    assert len({column for _, column in found}) == len(found)


def test_the_best_whole_beats_the_best_pair() -> None:
    assert pairs([[10, 9], [9, 0]]) == [(0, 1), (1, 0)]


def test_nothing_has_no_pairs() -> None:
    assert pairs([]) == pairs([[], []]) == []


def test_hundreds_are_paired_in_a_moment() -> None:
    table = [[(row * 37 + column * 91) % 101 for column in range(300)] for row in range(40)]
    assert len(pairs(table)) == 40
