"""Each term of a filter lets through what it says, and nothing else."""

from datetime import date
from typing import Any

import pytest

from orchestrator.model.snapshot import Snapshot
from orchestrator.model.task_filter import TERMS, FilterError, Reading, read_filter, read_where
from orchestrator.view.select import select

TASKS: dict[str, dict[str, Any]] = {
    "A-1": {
        "priority": "high", "assignee": "dana", "labels": ["api", "db"], "due_date": "2026-11-20",
        "created_at": "2026-11-01T23:30:00-05:00", "estimated_minutes": 60,
    },
    "A-2": {
        "parent": "A-1", "status": "completed", "labels": ["db"], "due_date": "2026-11-20",
        "completed_at": "2026-11-10T09:00:00Z", "created_at": "2026-11-05T09:00:00Z",
        "estimated_minutes": 480,
    },
    "A-3": {"parent": "A-2", "dependencies": ["A-4"], "description": "About the LEDGER."},
    "A-4": {"status": "blocked", "assignee": "lee", "due_date": "2026-12-24"},
    "A-5": {"deleted_at": "2026-11-01T00:00:00Z", "parent": "A-1"},
    "B-1": {"project": "ops", "status": "cancelled", "estimated_minutes": 0},
}  # fmt: skip
PLAN = Snapshot(
    {"name": "Test"},
    users={"dana": {"id": "dana"}},
    projects={"pay": {"status": "active"}, "ops": {"status": "active"}},
    tasks={
        task_id: {"id": task_id, "title": task_id, "status": "todo", "project": "pay", **task}
        for task_id, task in TASKS.items()
    },
)
WORLD = Reading(date(2026, 11, 22), "dana")

CASES = {
    "id=A-1,B-1": "A-1 B-1",
    "project=ops": "B-1",
    "status=completed,cancelled": "A-2 B-1",
    "priority=medium": "A-2 A-3 A-4 B-1",
    "assignee=me": "A-1",
    "assignee=": "A-2 A-3 B-1",
    "assignee=lee": "A-4",
    "label=api,db": "A-1",
    "any-label=api,db": "A-1 A-2",
    "no-label=api": "A-2 A-3 A-4 B-1",
    "parent=A-1": "A-2",
    "parent=": "A-1 A-4 B-1",
    "under=A-1": "A-2 A-3",
    "depth=0": "A-1 A-4 B-1",
    "depth=1": "A-1 A-2 A-4 B-1",
    "due-before=2026-12-24": "A-1 A-2",
    "due-after=2026-11-20": "A-4",
    "overdue": "A-1",
    "created-before=2026-11-02": "A-1",
    "created-after=2026-11-01": "A-2",
    "completed-before=2026-11-11": "A-2",
    "completed-after=2026-11-10": "",
    "min-estimate=1h": "A-1 A-2",
    "max-estimate=1h": "A-1 B-1",
    "has-dependencies": "A-3",
    "no-dependencies": "A-1 A-2 A-4 B-1",
    "has-estimate": "A-1 A-2 B-1",
    "no-estimate": "A-3 A-4",
    "open": "A-1 A-3 A-4",
    "closed": "A-2 B-1",
    "ready": "A-1",
    "ready project=ops": "",
    "blocked": "A-3 A-4",
    "text=ledger": "A-3",
    "deleted": "A-5",
    "overdue label=db open project=pay": "A-1",
}


@pytest.mark.parametrize(("where", "found"), CASES.items())
def test_a_term_lets_through_what_it_says(where: str, found: str) -> None:
    assert select(PLAN, read_filter(read_where(where), WORLD)) == found.split()


def test_every_term_is_tried_here() -> None:
    tried = {word.partition("=")[0] for where in CASES for word in where.split()}
    assert tried == set(TERMS)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("project=pays", "Did you mean pay ?"),
        ("under=A-9", "There is no task A-9 ."),
        ("assignee=dna", "Did you mean dana ?"),
    ],
)
def test_a_name_that_is_nowhere_is_refused(where: str, says: str) -> None:
    with pytest.raises(FilterError) as refused:
        select(PLAN, read_filter(read_where(where), WORLD))
    assert says in f"{refused.value.message} {refused.value.hint}"
