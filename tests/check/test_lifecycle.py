"""ORC301, 302, and the stamps that the tool sets."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from orchestrator.check.lifecycle import stamps
from orchestrator.check.run import check
from orchestrator.model.problem import Problem
from orchestrator.model.snapshot import Snapshot

Problems = Callable[..., list[Problem]]
Plan = Callable[[str], Snapshot]
Mend = Callable[[Snapshot, Iterable[Problem]], Snapshot]


@pytest.mark.parametrize(
    ("status", "field"),
    [
        ("in_progress", "started_at"),
        ("in_review", "started_at"),
        ("completed", "completed_at"),
    ],
)
def test_a_missing_stamp_is_told_and_mended(
    status: str, field: str, plan: Plan, mend: Mend, now: datetime
) -> None:
    snapshot = plan(f"PAY-1: {{status: {status}}}")
    [problem] = check(snapshot, now)
    assert (problem.code, problem.pointer, problem.id) == ("ORC301", "/status", "PAY-1")
    assert problem.message == f"PAY-1 is {status} and has no {field}."
    assert "check --fix" in str(problem.hint)
    assert problem.fix == (
        {"op": "add", "path": f"/tasks/PAY-1/{field}", "value": "2026-11-22T09:30:00+00:00"},
    )
    assert check(mend(snapshot, [problem]), now) == []


@pytest.mark.parametrize(
    ("text", "pointer", "op"),
    [
        (
            "PAY-1: {completed_at: 2026-01-01T00:00:00Z}",
            "/completed_at",
            "/tasks/PAY-1/completed_at",
        ),
        (
            "PAY-1: {status: cancelled, completed_at: 2026-01-01T00:00:00Z}",
            "/completed_at",
            "/tasks/PAY-1/completed_at",
        ),
        ("PAY-1: {started_at: 2026-01-01T00:00:00Z}", "/started_at", "/tasks/PAY-1/started_at"),
        ("PAY-1: {deleted_by: dana}", "/deleted_by", "/tasks/PAY-1/deleted_by"),
        ("PAY-1: {deleted_with: PAY-2}", "/deleted_with", "/tasks/PAY-1/deleted_with"),
        (
            "projects/pay: {completed_at: 2026-01-01T00:00:00Z}",
            "/completed_at",
            "/projects/pay/completed_at",
        ),
        ("projects/pay: {deleted_by: dana}", "/deleted_by", "/projects/pay/deleted_by"),
    ],
)
def test_a_stamp_that_contradicts_is_told_and_removed(
    text: str, pointer: str, op: str, plan: Plan, mend: Mend, now: datetime
) -> None:
    snapshot = plan(text)
    [problem] = check(snapshot, now)
    assert (problem.code, problem.pointer) == ("ORC302", pointer)
    assert pointer[1:] in problem.message
    assert problem.fix == ({"op": "remove", "path": op},)
    assert check(mend(snapshot, [problem]), now) == []


def test_several_contradictions_are_mended_in_one_go(plan: Plan, mend: Mend, now: datetime) -> None:
    snapshot = plan(
        "PAY-1: {started_at: 2026-01-01T00:00:00Z, completed_at: 2026-01-02T00:00:00Z,"
        " deleted_by: dana, deleted_with: PAY-2}"
    )
    found = check(snapshot, now)
    assert [p.code for p in found] == ["ORC302"] * 4
    assert check(mend(snapshot, found), now) == []


@pytest.mark.parametrize(
    "text",
    [
        "PAY-1: {status: completed, completed_at: 2026-01-01T00:00:00Z}",
        "PAY-1: {status: cancelled, started_at: 2026-01-01T00:00:00Z}",
        "PAY-1: {status: blocked}",
        "PAY-1: {created_at: null, started_at: null}",
        "projects/pay: {status: completed}",
        "projects/pay: {status: planned, started_at: 2026-01-01T00:00:00Z}",
    ],
)
def test_stamps_that_fit(text: str, problems: Problems) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "PAY-1: {status: in_progress, started_at: yesterday}",
        "PAY-1: {status: completed, completed_at: 2026-01-01}",
        "PAY-1: {deleted_at: yesterday, deleted_by: dana}",
        "PAY-1: {status: done, completed_at: 2026-01-01T00:00:00Z}",
    ],
)
def test_a_wrong_value_is_told_as_such_and_nothing_else(text: str, problems: Problems) -> None:
    assert [p.code for p in problems(text)] == ["ORC103"]


T0, T1, T2 = (f"2026-11-{day}T08:00:00+01:00" for day in (10, 11, 12))
STAMP = "2026-11-22T09:30:00+00:00"


@pytest.mark.parametrize(
    ("kind", "document", "expected"),
    [
        ("tasks", {"status": "todo"}, {"created_at": STAMP}),
        ("tasks", {"status": "todo", "created_at": T0}, {}),
        ("tasks", {"status": "todo", "created_at": T0, "started_at": T1}, {"started_at": None}),
        ("tasks", {"status": "in_review", "created_at": T0}, {"started_at": STAMP}),
        (
            "tasks",
            {"status": "in_progress", "created_at": T0, "started_at": T1, "completed_at": T2},
            {"completed_at": None},
        ),
        ("tasks", {"status": "completed", "created_at": T0}, {"completed_at": STAMP}),
        (
            "tasks",
            {"status": "completed", "started_at": T1, "completed_at": T2},
            {"created_at": "2026-11-11T08:00:00+01:00"},
        ),
        ("tasks", {"status": "todo", "created_at": T0, "deleted_by": "lee"}, {"deleted_by": None}),
        ("projects", {"status": "active", "created_at": T0}, {"started_at": STAMP}),
        ("projects", {"status": "completed", "created_at": T0}, {"completed_at": STAMP}),
        ("users", {"id": "dana"}, {"created_at": STAMP}),
        ("settings", {"name": "A team"}, {}),
    ],
)
def test_stamps_to_set(
    kind: Any, document: dict[str, Any], expected: dict[str, str | None], now: datetime
) -> None:
    changes = stamps(kind, document, now)
    assert changes == expected
    kept = {field: value for field, value in (document | changes).items() if value is not None}
    assert stamps(kind, kept, now) == {}


def test_stamps_keep_their_order_when_a_colleagues_clock_is_fast(now: datetime) -> None:
    ahead = (now + timedelta(minutes=3)).isoformat()
    task = {"status": "completed", "created_at": ahead, "started_at": ahead}
    assert stamps("tasks", task, now) == {"completed_at": ahead}
    far = (now + timedelta(days=300)).isoformat()
    assert stamps("tasks", task | {"started_at": far}, now) == {"completed_at": ahead}


def test_stamps_carry_the_clocks_offset() -> None:
    there = datetime(2026, 11, 22, 9, 30, 5, 77, tzinfo=timezone(timedelta(hours=1)))
    assert stamps("users", {}, there) == {"created_at": "2026-11-22T09:30:05+01:00"}
    assert stamps("users", {}, there.astimezone(UTC)) == {"created_at": "2026-11-22T08:30:05+00:00"}
