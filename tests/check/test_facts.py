"""Ids as people read them."""

import pytest

from orchestrator.check.facts import names, way


@pytest.mark.parametrize(
    ("ids", "shown"),
    [
        (["A-1"], "A-1"),
        (["A-2", "A-1"], "A-1 and A-2"),
        (["A-3", "A-1", "A-2"], "A-1 · A-2 and A-3"),
        (["A-4", "A-3", "A-1", "A-2"], "A-1 · A-2 · A-3 and 1 more"),
    ],
)
def test_lists_are_sorted_and_short(ids: list[str], shown: str) -> None:
    assert names(ids) == shown


def test_a_very_long_way_loses_its_middle() -> None:
    ids = [f"A-{n}" for n in range(10)]
    assert way(ids[:4], most=4) == "A-0 → A-1 → A-2 → A-3"
    assert way(ids, most=4) == "A-0 → A-1 → (6 more) → A-8 → A-9"
