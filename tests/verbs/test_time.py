"""Logging time: what is added, what is kept, and what nobody can have spent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orchestrator.check.run import check
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.after import after
from orchestrator.patch.apply import SnapshotDocuments, apply
from orchestrator.patch.describe import body, fields, subject
from orchestrator.patch.ops import Patch
from orchestrator.verbs.refuse import ImpossibleError
from orchestrator.verbs.time import (
    Entry,
    log_time,
    minutes_on,
    take_back,
    task_in_hand,
    undo_log,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STAMP = "2026-11-22T09:30:00+00:00"
USERS = {"dana": {"id": "dana", "name": "Dana"}, "sam": {"id": "sam", "name": "Sam"}}


def task(task_id: str = "PAY-1", **fields: Any) -> dict[str, Any]:
    return {
        "id": task_id, "title": "x", "status": "todo", "created_at": "2026-11-01T08:00:00Z",
        "project": "pay", **fields,
    }  # fmt: skip


def plan(*tasks: dict[str, Any], users: Any = USERS, **more: Any) -> Snapshot:
    return Snapshot(
        {"version": 1, "name": "Test"},
        users,
        {"pay": {"id": "pay", "key": "PAY", "title": "Pay", "status": "active"}},
        {each["id"]: each for each in tasks or (task(),)},
        **more,
    )


def entry(minutes: int, user: str | None = "dana", at: str = STAMP) -> dict[str, Any]:
    return {"at": at, "minutes": minutes} | ({"user": user} if user else {})


def applied(snapshot: Snapshot, patch: Patch) -> Snapshot:
    return after(snapshot, apply(SnapshotDocuments(snapshot), patch.ops))


def log(
    snapshot: Snapshot, minutes: int, user: str | None = "dana", at: datetime = NOW
) -> dict[str, Any]:
    future = applied(snapshot, log_time(snapshot, "PAY-1", Entry(at, minutes, user), NOW))
    codes = {problem.code for problem in check(future, NOW)}
    assert codes <= {problem.code for problem in check(snapshot, NOW)}
    return future.tasks["PAY-1"]


def test_the_first_entry_makes_the_list() -> None:
    patch = log_time(plan(), "PAY-1", Entry(NOW, 90, "dana", "Retries"), NOW)
    value = {"at": STAMP, "minutes": 90, "user": "dana", "note": "Retries"}
    assert patch.ops == ({"op": "add", "path": "/tasks/PAY-1/time_entries", "value": [value]},)


def test_the_next_entry_is_appended_so_that_two_people_can_log_at_once() -> None:
    snapshot = plan(task(time_entries=[entry(5)]))
    [op] = log_time(snapshot, "PAY-1", Entry(NOW, 7), NOW).ops
    assert op == {
        "op": "add", "path": "/tasks/PAY-1/time_entries/-", "value": {"at": STAMP, "minutes": 7},
    }  # fmt: skip


def test_a_stated_total_becomes_the_first_entry() -> None:
    found = log(plan(task(actual_minutes=3000, status="todo")), 10)
    assert "actual_minutes" not in found
    assert found["time_entries"] == [
        {
            "at": "2026-11-01T08:00:00Z", "minutes": 3000,
            "note": "Stated as a total before there were entries.",
        },
        entry(10),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"actual_minutes": 0},
        {"actual_minutes": None},
        {"actual_minutes": 20, "time_entries": [entry(20)]},
        {"time_entries": []},
        {"time_entries": None},
        {},
    ],
)
def test_nothing_is_lost_and_the_total_never_contradicts_the_entries(
    fields: dict[str, Any],
) -> None:
    before = sum(item["minutes"] for item in fields.get("time_entries") or [])
    found = log(plan(task(**fields)), 10)
    assert "actual_minutes" not in found
    assert sum(item["minutes"] for item in found["time_entries"]) == before + 10


def test_a_contradicting_total_is_not_decided_by_logging() -> None:
    snapshot = plan(task(actual_minutes=90, time_entries=[entry(20)]))
    with pytest.raises(ImpossibleError, match="PAY-1 states 1h30m, and its entries add up to 20m"):
        log_time(snapshot, "PAY-1", Entry(NOW, 5), NOW)


def test_entries_that_cannot_be_read_are_not_overwritten() -> None:
    wrong = {"id": "PAY-1", "title": "x", "status": "todo", "time_entries": [{"minutes": "many"}]}
    snapshot = plan(raw={("tasks", "PAY-1"): wrong})
    with pytest.raises(ImpossibleError, match="time_entries of PAY-1 cannot be read"):
        log_time(snapshot, "PAY-1", Entry(NOW, 5), NOW)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Entry(NOW, 0, "dana"), "0m is no time to log."),
        (Entry(NOW, 1500, "dana"), "25h is more than a day has."),
        (Entry(NOW + timedelta(hours=1), 5, "dana"), "2026-11-22 10:30 is still to come."),
        (Entry(NOW, 5, "dan"), "There is no user dan ."),
        (
            Entry(NOW, 120, "dana"),
            "dana has logged 22h30m on 2026-11-22 , and 2h more is more than a day has.",
        ),
    ],
)
def test_what_nobody_can_have_spent_is_refused(wanted: Entry, message: str) -> None:
    busy = task("PAY-2", time_entries=[entry(1350), entry(99, "sam"), entry(99, None)])
    with pytest.raises(ImpossibleError) as refused:
        log_time(plan(task(), busy), "PAY-1", wanted, NOW)
    assert refused.value.message == message
    assert refused.value.hint


def test_a_day_is_the_one_that_the_stamp_names() -> None:
    late = entry(1400, at="2026-11-21T23:59:00-11:00")  # the 22nd in UTC
    snapshot = plan(task(time_entries=[late]))
    assert minutes_on(snapshot, "dana", "2026-11-21") == 1400
    assert minutes_on(snapshot, "dana", "2026-11-22") == 0
    assert len(log(snapshot, 1440)["time_entries"]) == 2


def test_a_day_may_be_full_and_deleted_tasks_fill_it_too() -> None:
    gone = task("PAY-2", time_entries=[entry(1400)], deleted_at=STAMP, deleted_by="dana")
    assert log(plan(task(), gone), 40)["time_entries"] == [entry(40)]
    with pytest.raises(ImpossibleError, match="23h20m on 2026-11-22"):
        log(plan(task(), gone), 41)


def test_people_without_a_name_share_no_day() -> None:
    assert len(log(plan(task(time_entries=[entry(1400, None)])), 1400, None)["time_entries"]) == 2


def test_a_plan_without_users_takes_any_id_and_nothing_else() -> None:
    assert log(plan(users={}), 5, "robin")["time_entries"] == [entry(5, "robin")]
    with pytest.raises(ImpossibleError, match="'Not An Id' is not a user id"):
        log(plan(users={}), 5, "Not An Id")


def test_unknown_and_deleted_tasks_take_no_time() -> None:
    for task_id, message in (("PAY-9", "There is no task PAY-9 ."), ("PAY-2", "PAY-2 is deleted.")):
        with pytest.raises(ImpossibleError) as refused:
            log_time(plan(task(), task("PAY-2", deleted_at=STAMP)), task_id, Entry(NOW, 5), NOW)
        assert refused.value.message == message


def test_the_last_entry_of_a_task_is_the_one_added_last() -> None:
    entries = [entry(1), entry(2, at="2026-11-01T00:00:00Z"), entry(3, "sam")]
    snapshot = plan(task(time_entries=entries))
    found = take_back(snapshot, "dana", NOW, "PAY-1")
    future = applied(snapshot, undo_log(snapshot, found))
    assert future.tasks["PAY-1"]["time_entries"] == [entries[0], entries[2]]


def test_the_last_of_all_is_the_one_whose_work_ended_last() -> None:
    long = entry(180, at="2026-11-22T05:00:00Z")
    short = entry(10, at="2026-11-22t06:00:00z")
    ahead = entry(300, "sam", at="2026-11-22T09:00:00Z")
    snapshot = plan(task(time_entries=[long]), task("PAY-2", time_entries=[ahead, short]))
    assert take_back(snapshot, "dana", NOW).entry == long
    assert take_back(snapshot, "sam", NOW).task == "PAY-2"


def test_logging_and_taking_back_leaves_the_task_as_it_was() -> None:
    snapshot = plan()
    future = applied(snapshot, log_time(snapshot, "PAY-1", Entry(NOW, 5, "dana"), NOW))
    undone = applied(future, undo_log(future, take_back(future, "dana", NOW)))
    assert undone.tasks == snapshot.tasks


def test_where_nothing_is_logged_nothing_is_taken_back() -> None:
    with pytest.raises(ImpossibleError, match=r"dana has logged no time on PAY-1 \."):
        take_back(plan(task(time_entries=[entry(1, "sam")])), "dana", NOW, "PAY-1")
    with pytest.raises(ImpossibleError, match=r"No time is logged without a name\."):
        take_back(plan(), None, NOW)


def test_the_task_in_hand_is_the_only_one_of_mine_in_progress() -> None:
    mine = task("PAY-1", status="in_progress", assignee="dana")
    other = task("PAY-2", status="in_progress", assignee="sam")
    assert task_in_hand(plan(mine, other), "dana") == "PAY-1"
    with pytest.raises(ImpossibleError, match="none assigned to dana is in progress"):
        task_in_hand(plan(other), "dana")
    with pytest.raises(ImpossibleError) as refused:
        task_in_hand(plan(mine, {**other, "assignee": "dana"}), "dana")
    assert refused.value.hint == "Name one of them: PAY-1 PAY-2"


def test_words_for_commits_and_for_people() -> None:
    snapshot = plan(task(actual_minutes=60))
    patch = log_time(snapshot, "PAY-1", Entry(NOW, 90, "dana", "Some\nwork"), NOW)
    [change] = apply(SnapshotDocuments(snapshot), patch.ops)
    assert list(fields(change)) == [
        "PAY-1: actual_minutes: 1h → -",
        "PAY-1: 1h logged on 2026-11-01: Stated as a total before there were entries.",
        "PAY-1: 1h30m logged on 2026-11-22 by dana: Some work",
    ]
    plain = plan()
    [change] = apply(
        SnapshotDocuments(plain), log_time(plain, "PAY-1", Entry(NOW, 90, "dana"), NOW).ops
    )
    assert (subject([change]), body([change])) == ("Log 1h30m on PAY-1", "")
    future = after(plain, [change])
    [change] = apply(
        SnapshotDocuments(future), undo_log(future, take_back(future, "dana", NOW)).ops
    )
    assert subject([change]) == "Take back 1h30m on PAY-1"
    assert list(fields(change)) == ["PAY-1: 1h30m taken back, logged on 2026-11-22 by dana"]


def test_entries_that_change_otherwise_are_told_as_any_field() -> None:
    snapshot = plan(task(time_entries=[entry(1), entry(2)]))
    op = {"op": "replace", "path": "/tasks/PAY-1/time_entries/0/minutes", "value": 5}
    [change] = apply(SnapshotDocuments(snapshot), [op])
    [line] = fields(change)
    assert line.startswith("PAY-1: time_entries: [{")
