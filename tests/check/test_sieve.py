"""The first look leaves no wrong task out."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.check.gather import gather
from orchestrator.check.run import CHECKS
from orchestrator.check.sieve import Suspects
from orchestrator.model.snapshot import Snapshot
from orchestrator.model.vocabulary import TASK_STATUSES

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STAMPS = st.sampled_from(
    [
        "2026-11-22T09:30:00+00:00",
        "2026-11-22T09:36:00Z",
        "2026-11-22 09:35:00.5+00:00",
        "2026-11-22T22:00:00+14:00",
        "2026-11-22T23:59:00+14:00",
        "2026-11-21T23:00:00-12:00",
        "2026-11-20T00:00:00z",
        "2026-01-01T00:00:00+00:00",
        None,
    ]
)
DATES = st.sampled_from(["2026-01-01", "2026-01-02", None])
MINUTES = st.sampled_from([None, 0, 5])
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"at": STAMPS.filter(bool), "minutes": st.just(5)}, optional={"user": st.just("lee")}
    ),
    max_size=2,
)
TASKS = st.fixed_dictionaries(
    {"project": st.just("p")},
    optional={
        "status": st.sampled_from(TASK_STATUSES),
        "assignee": st.sampled_from(["dana", "lee", None]),
        "created_at": STAMPS,
        "started_at": STAMPS,
        "completed_at": STAMPS,
        "deleted_at": STAMPS,
        "deleted_by": st.sampled_from(["dana", "lee", None]),
        "deleted_with": st.sampled_from(["A-9", None]),
        "start_date": DATES,
        "due_date": DATES,
        "actual_minutes": MINUTES,
        "time_entries": ENTRIES,
    },
)


@given(TASKS)
def test_looking_at_every_task_finds_nothing_more(task: dict[str, Any]) -> None:
    snapshot = Snapshot(users={"dana": {}}, projects={"p": {}}, tasks={"A-1": task})
    facts = gather(snapshot, NOW)
    everyone = ["A-1"]
    all_of_them = Suspects(everyone, everyone, everyone, everyone, everyone)
    exhaustive = replace(facts, suspects=all_of_them)
    for _, rule in CHECKS:
        assert list(rule(facts)) == list(rule(exhaustive))
