"""A plan costs little where little has changed."""

import time

import pytest

from orchestrator.sync.reconcile.plan import missing, reconcile
from orchestrator.sync.reconcile.sides import There, local_side
from tests.sync.reconcile.desk import Desk, plan


def linked(count: int) -> tuple[Desk, There]:
    fields = {
        "description": "Why.\n\n- one\n- two\n", "labels": ["a", "b"], "assignee": "dana",
        "priority": "high", "due_date": "2026-12-01", "estimated_minutes": 60,
    }  # fmt: skip
    desk = Desk(plan(**{f"t{at}": {**fields, "dependencies": [f"PAY-{max(at - 1, 1)}"] if at > 1
                                   else []} for at in range(1, count + 1)}))  # fmt: skip
    desk.sync()
    there = There(desk.remote.fetch(None, {}), desk.remote.greet(), desk.remote.represent)
    return desk, there


def test_what_has_not_changed_is_not_translated() -> None:
    desk, there = linked(20)
    asked: list[str] = []

    def represent(kind: str, name: str, value: object) -> object:
        asked.append(f"{kind} {name} {value}")
        return value

    there = There(there.listing, there.can, represent)
    assert not reconcile(local_side(desk.snapshot), there, desk.base, desk.tie).actions
    assert asked == []


def test_a_value_is_translated_once_however_many_items_have_it() -> None:
    desk, there = linked(20)
    asked: list[tuple[str, str, object]] = []

    def represent(kind: str, name: str, value: object) -> object:
        asked.append((kind, name, str(value)))
        return desk.remote.represent("tasks", name, value)

    for number in range(1, 21):
        desk.set(f"PAY-{number}", priority="low")
    there = There(there.listing, there.can, represent)
    found = reconcile(local_side(desk.snapshot), there, desk.base, desk.tie)
    assert len(found.actions) == 20
    assert len(asked) == len(set(asked))


@pytest.mark.slow
def test_ten_thousand_linked_tasks_are_planned_in_a_moment() -> None:
    desk, there = linked(10_000)
    local = local_side(desk.snapshot)
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        missing(local, there, desk.base, desk.tie)
        assert not reconcile(local, there, desk.base, desk.tie).actions
        spent.append(time.perf_counter() - start)
    assert min(spent) < 2
