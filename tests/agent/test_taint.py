"""What a run read that others wrote."""

import pytest

from orchestrator.agent.provider import Called, Said
from orchestrator.agent.taint import Taint
from tests.agent.drafts import snapshot


@pytest.mark.parametrize(
    "event",
    [
        Called("get", {"id": "PAY-3"}, {"id": "PAY-3", "title": "x"}),
        Called("history", {"id": "PAY-3"}, {"total": 0, "changes": []}),
        Called("list", {}, {"total": 1, "tasks": [{"id": "PAY-1"}, {"id": "PAY-3"}]}),
        Called("get", {"id": "pay"}, {"id": "pay"}),
    ],
)
def test_what_a_tracker_knows_taints(event: Called) -> None:
    plan = snapshot()
    plan.tasks["PAY-3"]["external_ids"] = {"linear": "ENG-4"}
    plan.projects["pay"]["external_ids"] = {"linear": "p"}
    taint = Taint(plan)
    taint.note(event)
    assert taint.said in {"PAY-3", "pay"}


def test_what_only_the_plan_knows_does_not() -> None:
    taint = Taint(snapshot(), "")
    taint.note(Called("get", {"id": "PAY-1"}, {"id": "PAY-1"}))
    taint.note(Called("get", {"id": ["PAY-1"]}, {"id": {"id": {"id": "PAY-1"}}}))
    taint.note(Said("PAY-3"))
    assert taint.said is None


def test_many_sources_are_counted() -> None:
    assert Taint(snapshot(), *"abcdefg").said == "a, b, c, d, e and 2 more"
