"""The tree of the tasks that are wanted, and what is above them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model.snapshot import Snapshot
from orchestrator.view.tree import tree

GONE = {"deleted_at": "2026-01-01T00:00:00Z"}


def plan(**tasks: dict[str, Any]) -> Snapshot:
    return Snapshot(
        {"name": "Test"},
        projects={"pay": {"status": "active"}},
        tasks={
            name: {"id": name, "title": name, "status": "todo", "project": "pay", **fields}
            for name, fields in tasks.items()
        },
    )


PLAN = plan(
    A={}, B={"parent": "A"}, C={"parent": "B", "status": "completed"}, D={"parent": "A"},
    E={}, F={"parent": "A", **GONE}, G={"parent": "F", **GONE},
)  # fmt: skip


def test_what_is_wanted_brings_what_is_above_it() -> None:
    found = tree(PLAN, wanted=["C"])
    assert [(row.id, row.depth, row.is_wanted) for row in found] == [
        ("A", 0, False), ("B", 1, False), ("C", 2, True),
    ]  # fmt: skip


def test_a_task_without_shown_siblings_is_the_last_one() -> None:
    assert [row.is_last for row in tree(PLAN, wanted=["B"])] == [(True,), (True, True)]


def test_counts_are_of_everything_below_whatever_is_wanted() -> None:
    assert [(row.id, row.done, row.total) for row in tree(PLAN, wanted=["A"])] == [("A", 1, 3)]


def test_the_bin_is_a_tree_too() -> None:
    found = tree(PLAN, wanted=["F", "G"])
    assert [(row.id, row.is_wanted) for row in found] == [("A", False), ("F", True), ("G", True)]
    assert found[0].total == 3


def test_nothing_wanted_is_nothing_shown() -> None:
    assert tree(PLAN, wanted=[]) == []


@given(
    st.dictionaries(st.sampled_from("ABCDEFGH"), st.sampled_from("ABCDEFGHZ"), max_size=8),
    st.sets(st.sampled_from("ABCDEFGH")),
)
def test_each_wanted_task_is_there_once_whatever_the_parents_are(
    parents: dict[str, str], wanted: set[str]
) -> None:
    snapshot = plan(**{name: {"parent": parents.get(name)} for name in "ABCDEFGH"})
    found = tree(snapshot, wanted=wanted)
    assert sorted(row.id for row in found if row.is_wanted) == sorted(wanted)
    assert len({row.id for row in found}) == len(found)
    everything = [row.id for row in tree(snapshot)]
    assert [row.id for row in found] == [
        name for name in everything if name in {r.id for r in found}
    ]
