"""Cycles in random graphs, found by the rules and by the slowest way that is surely right."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.check.dependencies import dependency_cycle, knots, shortest_cycle
from orchestrator.check.gather import gather
from orchestrator.check.hierarchy import dependency_on_kin, parent_cycle, too_deep
from orchestrator.model.snapshot import Snapshot

NOW = datetime(2026, 11, 22, tzinfo=UTC)
IDS = [f"A-{number}" for number in range(9)]
TREES = st.dictionaries(st.sampled_from(IDS), st.sampled_from(IDS), max_size=9)
EDGES = st.dictionaries(
    st.sampled_from(IDS), st.lists(st.sampled_from(IDS), unique=True, max_size=3), max_size=9
)


def facts_of(parents: Mapping[str, str], edges: Mapping[str, Sequence[str]]) -> Any:
    tasks = {
        task_id: {
            "project": "p",
            "parent": parents.get(task_id),
            "dependencies": edges.get(task_id),
        }
        for task_id in IDS
    }
    return gather(Snapshot(tasks=tasks), NOW)


def reachable(edges: Mapping[str, Sequence[str]], start: str) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for other in edges.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen


def loops(edges: Mapping[str, Sequence[str]]) -> set[frozenset[str]]:
    """Return the sets of two and more that reach each other."""
    reach = {task_id: reachable(edges, task_id) for task_id in IDS}
    together = {
        frozenset([one, *(other for other in reach[one] if one in reach[other])]) for one in IDS
    }
    return {group for group in together if len(group) > 1}


@given(TREES)
def test_parent_cycles_agree_with_the_oracle(parents: dict[str, str]) -> None:
    expected = loops({task_id: [parent] for task_id, parent in parents.items()})
    found = list(parent_cycle(facts_of(parents, {})))
    assert sorted(str(p.id) for p in found) == sorted(min(group) for group in expected)
    for problem in found:
        steps = problem.message.partition(": ")[2].removesuffix(" .").split(" → ")
        assert steps[0] == steps[-1] == problem.id
        assert frozenset(steps) in expected
        assert all(parents[one] == other for one, other in itertools.pairwise(steps))


@given(TREES)
def test_depths_agree_with_walking_up(parents: dict[str, str]) -> None:
    too_deep_ids = set()
    for task_id in IDS:
        depth, node, seen = 0, task_id, {task_id}
        while (above := parents.get(node, node)) != node and above not in seen:
            depth, node = depth + 1, above
            seen.add(above)
        is_in_cycle = above != node
        if depth > 5 and not is_in_cycle:
            too_deep_ids.add(task_id)
    found = list(too_deep(facts_of(parents, {})))
    assert sorted(str(p.id) for p in found) == sorted(too_deep_ids)


@given(EDGES)
def test_dependency_cycles_agree_with_the_oracle(edges: dict[str, list[str]]) -> None:
    expected = loops(edges)
    assert {frozenset(knot) for knot in knots(edges)} == expected
    found = list(dependency_cycle(facts_of({}, edges)))
    assert sorted(str(p.id) for p in found) == sorted(min(group) for group in expected)
    for problem in found:
        assert problem.pointer.startswith("/dependencies/")


@given(EDGES)
def test_a_shortest_cycle_is_a_cycle_and_none_is_shorter(edges: dict[str, list[str]]) -> None:
    edges = {one: [other for other in needed if other != one] for one, needed in edges.items()}
    for knot in knots(edges):
        cycle = shortest_cycle(edges, knot)
        assert cycle[0] == cycle[-1] == min(knot)
        assert len(set(cycle)) == len(cycle) - 1 > 1
        assert all(other in edges[one] for one, other in itertools.pairwise(cycle))
        level, steps = {cycle[0]}, 0
        while steps == 0 or cycle[0] not in level:
            level = {o for one in level for o in edges.get(one, ()) if o in knot}
            steps += 1
        assert len(cycle) - 1 == steps


@given(TREES, EDGES)
def test_kin_agree_with_walking_up(parents: dict[str, str], edges: dict[str, list[str]]) -> None:
    above = {
        one: reachable({task_id: [parent] for task_id, parent in parents.items()}, one)
        for one in IDS
    }
    settled = {
        one
        for one in IDS
        if not any(
            other in above[other] and parents[other] != other for other in {one, *above[one]}
        )
    }
    expected = {
        (one, index)
        for one, needed in edges.items()
        for index, other in enumerate(needed)
        if one != other and {one, other} <= settled and (other in above[one] or one in above[other])
    }
    found = dependency_on_kin(facts_of(parents, edges))
    assert {(str(p.id), int(p.pointer.rpartition("/")[2])) for p in found} == expected
