"""Who waits for whom, as nodes and edges and as rows of text."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.snapshot import Snapshot
from orchestrator.view.circles import circles, topological
from orchestrator.view.dependency_graph import Graph, dependency_graph, steps


def plan(**tasks: dict[str, Any]) -> Snapshot:
    documents = {
        name: {"id": name, "title": name.lower(), "status": "todo", "project": "pay", **fields}
        for name, fields in tasks.items()
    }
    return Snapshot({"name": "Shop"}, tasks=documents)


DIAMOND = plan(
    A={}, B={"dependencies": ["A"]}, C={"dependencies": ["A"]}, D={"dependencies": ["B", "C"]},
    E={"dependencies": ["D"]}, ALONE={"parent": "A"},
)  # fmt: skip


def links(graph: Graph) -> list[str]:
    return [graph.nodes[edge.source].id + graph.nodes[edge.target].id for edge in graph.edges]


def rows(graph: Graph) -> list[str]:
    return [
        "  " * len(step.is_last) + graph.nodes[step.node].id + "↑" * step.is_again
        for step in steps(graph)
    ]


def test_tasks_without_a_dependency_are_left_out_unless_asked_for() -> None:
    found = dependency_graph(DIAMOND, DIAMOND.tasks)
    assert [node.id for node in found.nodes] == ["A", "B", "C", "D", "E"]
    assert links(found) == ["AB", "AC", "BD", "CD", "DE"]
    assert found.alone == 1
    everything = dependency_graph(DIAMOND, DIAMOND.tasks, shows_all=True)
    assert (len(everything.nodes), everything.alone) == (6, 0)


def test_parents_are_lines_when_asked_for() -> None:
    found = dependency_graph(DIAMOND, DIAMOND.tasks, shows_parents=True)
    assert [edge.kind for edge in found.edges].count("parent") == 1
    assert found.alone == 0


def test_around_a_task_is_all_before_and_all_after_it() -> None:
    found = dependency_graph(DIAMOND, DIAMOND.tasks, around="B")
    assert [node.id for node in found.nodes] == ["A", "B", "D", "E"]
    assert [node.id for node in found.nodes if node.is_focus] == ["B"]
    alone = dependency_graph(DIAMOND, DIAMOND.tasks, around="ALONE")
    assert [node.id for node in alone.nodes] == ["ALONE"]


def test_dependencies_that_are_not_chosen_or_not_there_are_no_lines() -> None:
    snapshot = plan(A={"dependencies": ["GONE", "B", "B"]}, B={}, C={"dependencies": ["A"]})
    assert links(dependency_graph(snapshot, ["A", "B"])) == ["BA"]


def test_text_shows_what_waits_below_what_it_waits_for_and_repeats_nothing() -> None:
    found = dependency_graph(DIAMOND, DIAMOND.tasks)
    assert rows(found) == ["A", "  B", "    D", "      E", "  C", "    D↑"]


def test_a_circle_begins_with_its_first_task() -> None:
    ring = plan(
        A={"dependencies": ["C"]}, B={"dependencies": ["A"]}, C={"dependencies": ["B"]},
        S={"dependencies": ["S"]},
    )  # fmt: skip
    found = dependency_graph(ring, ring.tasks)
    assert rows(found) == ["A", "  B", "    C", "      A↑", "S", "  S↑"]


@given(st.integers(1, 8).flatmap(lambda count: st.tuples(
    st.just(count),
    st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20),
)))  # fmt: skip
def test_circles_are_what_leads_back_to_itself(case: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = case
    leads = [[b for a, b in edges if a == at] for at in range(count)]

    def reaches(start: int) -> set[int]:
        found: set[int] = set()
        stack = [start]
        while stack:
            for after in leads[stack.pop()]:
                if after not in found:
                    found.add(after)
                    stack.append(after)
        return found

    reach = [reaches(at) for at in range(count)]
    found = circles(leads)
    for a in range(count):
        for b in range(count):
            together = a == b or (b in reach[a] and a in reach[b])
            assert (found[a] == found[b]) == together
    order = topological(leads)
    for at, node in enumerate(order):
        assert not reach[node] & set(order[: at + 1])
    assert set(range(count)) - set(order) == {
        node for node in range(count) if any(at in reach[at] and (node == at or node in reach[at])
        for at in range(count))
    }  # fmt: skip
