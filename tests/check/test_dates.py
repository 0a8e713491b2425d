"""ORC303, 304: the order of dates and moments, and moments to come."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.check.sieve import is_after
from orchestrator.model.problem import Problem

Problems = Callable[..., list[Problem]]


@pytest.mark.parametrize("name", ["PAY-1", "projects/payments"])
def test_a_due_date_before_the_start(name: str, problems: Problems) -> None:
    [problem] = problems(f"{name}: {{start_date: 2026-12-18, due_date: 2026-12-01}}")
    assert (problem.code, problem.pointer) == ("ORC303", "/due_date")
    assert problem.message == "due_date 2026-12-01 is before start_date 2026-12-18 ."
    assert problem.hint == "Correct one of the two."
    assert problem.fix == ()


@pytest.mark.parametrize(
    ("stamps", "pointers"),
    [
        ("created_at: 2026-01-02T00:00:00Z, started_at: 2026-01-01T00:00:00Z", ["/started_at"]),
        ("started_at: 2026-01-02T00:00:00Z, completed_at: 2026-01-01T00:00:00Z", ["/completed_at"]),
        ("created_at: 2026-01-02T00:00:00Z, completed_at: 2026-01-01T00:00:00Z", ["/completed_at"]),
        (
            ("created_at: 2026-01-03T00:00:00Z, started_at: 2026-01-02T00:00:00Z,"
            " completed_at: 2026-01-01T00:00:00Z"),
            ["/completed_at", "/started_at"],
        ),
        ("created_at: 2026-01-01T09:00:00+00:00, started_at: 2026-01-01T10:00:00+02:00",
         ["/started_at"]),
        ("created_at: 2026-01-01T10:00:00+02:00, started_at: 2026-01-01T09:00:00+00:00", []),
        ("created_at: 2026-01-01T10:00:00Z, started_at: 2026-01-01 09:00:00Z", ["/started_at"]),
        ("created_at: 2026-01-01 10:00:00Z, started_at: 2026-01-01T10:00:00.5Z", []),
        ("created_at: 2026-01-01T10:00:00z, started_at: 2026-01-01t10:00:00Z", []),
        ("created_at: 2026-01-01T10:00:00Z, started_at: 2026-01-01T10:00:00Z", []),
    ],
)  # fmt: skip
def test_moments_are_compared_as_moments(
    stamps: str, pointers: list[str], problems: Problems
) -> None:
    status = "completed" if "completed_at" in stamps else "in_progress"
    found = problems(f"PAY-1: {{status: {status}, {stamps}}}", "ORC303", "ORC103")
    assert [(p.code, p.pointer) for p in found] == [("ORC303", pointer) for pointer in pointers]


def test_dates_and_moments_out_of_order_are_both_told(problems: Problems) -> None:
    found = problems(
        "PAY-1: {status: in_progress, created_at: 2026-01-02T00:00:00Z,"
        " started_at: 2026-01-01T00:00:00Z, start_date: 2026-12-18, due_date: 2026-12-01}"
    )
    assert [p.pointer for p in found] == ["/due_date", "/started_at"]


@given(
    st.lists(
        st.builds(
            lambda seconds, minutes, separator, precise: (
                (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
                .astimezone(timezone(timedelta(minutes=minutes)))
                .isoformat(separator, "milliseconds" if precise else "seconds")
            ),
            st.integers(0, 7200),
            st.sampled_from([0, 0, 60, -330]),
            st.sampled_from(["T", "T", " "]),
            st.booleans(),
        ),
        min_size=2,
        max_size=2,
    )
)
def test_comparing_texts_agrees_with_comparing_moments(stamps: list[str]) -> None:
    one, other = stamps
    assert is_after(one, other) == (datetime.fromisoformat(one) > datetime.fromisoformat(other))


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("PAY-1: {created_at: 2026-11-22T09:36:00+00:00}", "/created_at"),
        ("PAY-1: {status: in_progress, started_at: 2026-11-22T10:00:00Z}", "/started_at"),
        ("PAY-1: {status: completed, completed_at: 2030-01-01T00:00:00Z}", "/completed_at"),
        ("PAY-1: {deleted_at: 2026-11-22T04:36:00-05:00}", "/deleted_at"),
        (
            (
                "PAY-1: {time_entries: [{at: 2026-01-01T00:00:00Z, minutes: 5},"
                " {at: 2027-01-01T00:00:00Z, minutes: 5}]}"
            ),
            "/time_entries/1/at",
        ),
        ("projects/pay: {created_at: 2027-01-01T00:00:00Z}", "/created_at"),
        ("users/dana: {created_at: 2027-01-01T00:00:00Z}", "/created_at"),
    ],
)
def test_a_stamp_in_the_future(text: str, pointer: str, problems: Problems) -> None:
    [problem] = problems(text)
    assert (problem.code, problem.pointer) == ("ORC304", pointer)
    assert problem.message.endswith("is in the future.")
    assert "clock" in str(problem.hint)


@pytest.mark.parametrize(
    "stamp",
    ["2026-11-22T09:34:00+00:00", "2026-11-22T23:30:00+14:00", "2026-11-22T09:30:00Z", "null"],
)
def test_five_minutes_and_any_offset_are_granted(stamp: str, problems: Problems) -> None:
    assert problems(f"PAY-1: {{created_at: {stamp}}}") == []
