"""ORC103, of filters that the settings save and no command could use."""

from datetime import UTC, datetime

import pytest

from orchestrator.check.run import check
from orchestrator.model.snapshot import Snapshot

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_filter_that_can_be_used_is_no_problem() -> None:
    saved = {"mine": "assignee=me open", "late": "filter=mine overdue"}
    assert check(Snapshot({"name": "x", "filters": saved}), NOW) == []


@pytest.mark.parametrize(
    ("saved", "says"),
    [
        ({"mine": "asignee=me"}, "There is no filter asignee ."),
        ({"mine": "status=done"}, "There is no status 'done'."),
        ({"mine": "filter=mine"}, "The filter mine contains itself."),
        ({"mine": "filter=other"}, "No filter 'other' is saved."),
        ({"mine": "text='x"}, "A quote is not closed"),
    ],
)
def test_one_that_cannot_is_an_error_at_its_place(saved: dict[str, str], says: str) -> None:
    [problem] = check(Snapshot({"name": "x", "filters": saved}), NOW)
    assert (problem.code, problem.path, problem.pointer) == (
        "ORC103", "orchestrator.yaml", "/filters/mine",
    )  # fmt: skip
    assert says in problem.message
