"""Time spent, added up by person, project, label, task, day, week and month."""

from typing import Any

import pytest

from orchestrator.model.snapshot import Snapshot
from orchestrator.view.time_report import (
    Group,
    UnknownColumnError,
    group_row,
    sorted_groups,
    time_report,
)


def entry(day: str, minutes: int, user: str | None = None) -> dict[str, Any]:
    return {"at": f"{day}T23:30:00+09:00", "minutes": minutes} | ({"user": user} if user else {})


SNAPSHOT = Snapshot(
    tasks={
        "PAY-1": {
            "id": "PAY-1", "title": "Capture", "project": "pay", "labels": ["api", "db"],
            "estimated_minutes": 60,
            "time_entries": [entry("2026-11-20", 30, "dana"), entry("2026-11-23", 50, "sam")],
        },
        "OPS-1": {
            "id": "OPS-1", "title": "Deploy", "project": "ops", "estimated_minutes": 25,
            "time_entries": [entry("2026-11-20", 20, "dana"), entry("2027-01-01", 5)],
        },
        "OPS-2": {"id": "OPS-2", "title": "Old", "project": "ops", "actual_minutes": 90},
    }
)  # fmt: skip


def groups(*by: str, **options: str) -> dict[tuple[str, ...], tuple[int, int]]:
    report = time_report(SNAPSHOT, SNAPSHOT.tasks, by, **options)
    return {group.keys: (group.minutes, group.entries) for group in report.groups}


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("user", {"dana": (50, 2), "sam": (50, 1), "": (95, 2)}),
        ("project", {"ops": (115, 3), "pay": (80, 2)}),
        ("label", {"api": (80, 2), "db": (80, 2), "": (115, 3)}),
        ("task", {"OPS-1": (25, 2), "OPS-2": (90, 1), "PAY-1": (80, 2)}),
        ("day", {"2026-11-20": (50, 2), "2026-11-23": (50, 1), "2027-01-01": (5, 1), "": (90, 1)}),
        ("week", {"2026-W47": (50, 2), "2026-W48": (50, 1), "2026-W53": (5, 1), "": (90, 1)}),
        ("month", {"2026-11": (100, 3), "2027-01": (5, 1), "": (90, 1)}),
    ],
)
def test_time_adds_up_by(by: str, wanted: dict[str, tuple[int, int]]) -> None:
    found = groups(by)
    assert found == {(key,): value for key, value in wanted.items()}
    assert list(found) == sorted(found, key=lambda keys: (not keys[0], keys))


def test_dimensions_nest() -> None:
    assert groups("week", "user") == {
        ("2026-W47", "dana"): (50, 2), ("2026-W48", "sam"): (50, 1), ("2026-W53", ""): (5, 1),
        ("", ""): (90, 1),
    }  # fmt: skip


def test_the_total_counts_an_entry_once_however_many_labels_its_task_has() -> None:
    report = time_report(SNAPSHOT, SNAPSHOT.tasks, ["label"])
    assert (report.minutes, report.entries, report.is_shared) == (195, 5, True)
    assert time_report(SNAPSHOT, SNAPSHOT.tasks, ["user"]).is_shared is False


def test_first_and_last_day_belong_to_the_period() -> None:
    assert groups("day", since="2026-11-20", until="2026-11-20") == {("2026-11-20",): (50, 2)}
    assert groups("day", since="2026-11-21") == {("2026-11-23",): (50, 1), ("2027-01-01",): (5, 1)}


def test_a_total_without_a_day_is_in_no_period_and_is_said_to_be_left_out() -> None:
    assert time_report(SNAPSHOT, SNAPSHOT.tasks, ["day"], until="2026-12-31").undated == 90
    assert time_report(SNAPSHOT, SNAPSHOT.tasks, ["day"]).undated == 0
    assert time_report(SNAPSHOT, SNAPSHOT.tasks, ["day"], "2026-01-01", user="dana").undated == 0


def test_one_persons_time_and_nobodys() -> None:
    assert groups("project", user="dana") == {("ops",): (20, 1), ("pay",): (30, 1)}
    assert groups("project", user="") == {("ops",): (95, 2)}


def test_only_the_tasks_that_are_asked_for_count() -> None:
    assert time_report(SNAPSHOT, ["PAY-1"], ["user"]).minutes == 80


def test_groups_sort_by_any_column() -> None:
    report = time_report(SNAPSHOT, SNAPSHOT.tasks, ["task"])
    assert sorted_groups(report, "-minutes") == [
        Group(("OPS-2",), 90, 1), Group(("PAY-1",), 80, 2), Group(("OPS-1",), 25, 2),
    ]  # fmt: skip
    assert [group.keys[0] for group in sorted_groups(report, "-entries,task")] == [
        "OPS-1", "PAY-1", "OPS-2",
    ]  # fmt: skip
    with pytest.raises(UnknownColumnError) as refused:
        sorted_groups(report, "minute")
    assert refused.value.hint == "Did you mean minutes ?"


def test_a_tasks_row_says_whether_it_ran_over_its_estimate_whatever_the_period() -> None:
    report = time_report(SNAPSHOT, SNAPSHOT.tasks, ["task"], since="2026-11-23")
    assert [group_row(SNAPSHOT, report, group) for group in report.groups] == [
        {
            "task": "OPS-1", "minutes": 5, "entries": 1, "title": "Deploy",
            "derived": {"estimated_minutes": 25, "actual_minutes": 25, "is_over": False},
        },
        {
            "task": "PAY-1", "minutes": 50, "entries": 1, "title": "Capture",
            "derived": {"estimated_minutes": 60, "actual_minutes": 80, "is_over": True},
        },
    ]  # fmt: skip


def test_nobody_is_null_to_other_programs() -> None:
    report = time_report(SNAPSHOT, ["OPS-2"], ["user", "day"])
    assert group_row(SNAPSHOT, report, report.groups[0]) == {
        "user": None, "day": None, "minutes": 90, "entries": 1,
    }  # fmt: skip
