"""The geometry of graphs: nothing overlaps, every line goes from its box to its box."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.view.layers import layers
from orchestrator.view.layout import Layout, Measures, layout

MEASURES = Measures()
Edges = list[tuple[int, int]]


def overlaps(made: Layout) -> bool:
    boxes = sorted(made.boxes)
    return any(
        abs(ax - bx) < MEASURES.width and abs(ay - by) < MEASURES.height
        for at, (ax, ay) in enumerate(boxes)
        for bx, by in boxes[at + 1 :]
    )


graphs = st.integers(0, 12).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(
            st.tuples(st.integers(0, max(count - 1, 0)), st.integers(0, max(count - 1, 0))),
            unique=True,
            max_size=24,
        )
        if count
        else st.just([]),
    )
)


@given(graphs)
def test_laws_of_the_layout(case: tuple[int, Edges]) -> None:
    count, edges = case
    made = layout(count, edges, MEASURES)
    assert not overlaps(made)
    assert made == layout(count, edges, MEASURES)
    for x, y in made.boxes:
        assert -0.01 <= x <= made.width - MEASURES.width + 0.01
        assert -0.01 <= y <= made.height - MEASURES.height + 0.01
    for (source, target), line, back in zip(edges, made.lines, made.is_back, strict=True):
        if source == target:
            assert line == []
            continue
        sides = (0, MEASURES.width) if back else (MEASURES.width, 0)
        for vertex, point, side in zip((source, target), (line[0], line[-1]), sides, strict=True):
            x, y = made.boxes[vertex]
            assert abs(point[0] - x - side) < 0.01
            assert abs(point[1] - y - MEASURES.height / 2) < 0.01
        xs = [x for x, _ in line]
        assert xs == sorted(xs, reverse=back)
        _assert_passes_between(made, line)


def _assert_passes_between(made: Layout, line: list[tuple[float, float]]) -> None:
    """Inside a column a line is level, and crosses no box."""
    inside = list(zip(line[1:-1:2], line[2:-1:2], strict=True))
    for (left, y), (right, same) in inside:
        assert y == same
        for x, top in made.boxes:
            is_in_column = min(left, right) <= x < max(left, right)
            assert not (is_in_column and top < y < top + MEASURES.height)


@given(graphs)
def test_edges_lead_to_the_right_and_only_circles_have_some_that_do_not(
    case: tuple[int, Edges],
) -> None:
    count, edges = case
    edges = [(a, b) for a, b in edges if a != b]
    found = layers(count, edges)
    column = {vertex: at for at, vertices in enumerate(found.columns) for vertex in vertices}
    for chain in found.chains:
        assert all(column[b] == column[a] + 1 for a, b in pairwise(chain))
    forward = [(a, b) for a, b in edges if a < b]
    assert not any(layers(count, forward).is_back)


def test_lines_that_need_not_cross_do_not() -> None:
    found = layers(6, [(0, 5), (1, 4), (2, 3)])
    assert [column for column in found.columns if len(column) == 3] == [[0, 1, 2], [5, 4, 3]]


def test_a_chain_is_straight() -> None:
    made = layout(4, [(0, 1), (1, 2), (2, 3)], MEASURES)
    assert len({y for _, y in made.boxes}) == 1


def test_parts_that_nothing_links_are_packed_into_a_page() -> None:
    made = layout(30, [], MEASURES)
    assert not overlaps(made)
    assert 0.5 < made.width / made.height < 4


def test_long_edges_in_a_large_graph_cost_no_more_than_the_picture_is_worth() -> None:
    chain = [(at, at + 1) for at in range(1_999)]
    found = layers(2_000, chain + [(0, at) for at in range(2, 2_000)])
    assert sum(map(len, found.columns)) < 50_000
    assert [0, 1_999] in found.chains
