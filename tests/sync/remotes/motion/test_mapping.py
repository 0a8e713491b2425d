"""What is what: statuses by name, days by the workspace's clock, minutes, accounts."""

from typing import Any

import pytest

from orchestrator.sync.errors import DriftError, InvalidError
from orchestrator.sync.item import Foreign
from orchestrator.sync.remotes.motion import mapping
from orchestrator.sync.remotes.motion.words import (
    Account,
    State,
    Words,
    accounts_of,
    priorities_of,
    states_of,
)
from tests.sync.fakes.motion import Motion

STATES = (
    State("Todo", is_default=True, is_resolved=False),
    State("Doing", is_default=False, is_resolved=False),
    State("Canceled", is_default=False, is_resolved=True),
    State("Done", is_default=False, is_resolved=True),
)
DANA = Account("us_1", "Dana", "dana@example.com")


def words(**changes: Any) -> Words:
    return Words(
        **{
            "workspace": "w_1", "known": STATES, "states": states_of({}, STATES),
            "priorities": priorities_of({}), "labels": {"api": "API"},
            "accounts": {"dana": DANA}, "zone": "America/New_York", **changes,
        }
    )  # fmt: skip


def test_statuses_are_told_by_their_names() -> None:
    assert states_of({}, STATES) == {
        "todo": "Todo", "in_progress": "Doing", "completed": "Done", "cancelled": "Canceled",
    }  # fmt: skip


def test_the_settings_name_statuses_in_any_case() -> None:
    assert states_of({"in_review": "doing"}, STATES)["in_review"] == "Doing"


@pytest.mark.parametrize("told", [{"in_review": "Renamed"}, {"waiting": "Todo"}])
def test_a_status_that_is_not_there_any_more_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(InvalidError, match=r"\.$"):
        states_of(told, STATES)


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("blocked", "in_progress"), ("in_review", "in_progress"), ("todo", "todo"),
        ("cancelled", "cancelled"), ("completed", "completed"),
    ],
)  # fmt: skip
def test_a_status_without_a_name_there_is_shown_as_the_nearest(status: str, shown: str) -> None:
    assert mapping.represent(words(), "tasks", "status", status) == shown


def test_a_resolved_status_that_nobody_mapped_is_completed_or_cancelled() -> None:
    assert words().status_of("Shipped", is_resolved=True) == "completed"
    assert words().status_of("Auto-cancelled", is_resolved=True) == "cancelled"
    assert words().status_of("Icebox", is_resolved=False) == Foreign("Icebox")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-12-01T23:30:00.000Z", "2026-12-01"),
        ("2026-12-02T03:00:00.000Z", "2026-12-01"),
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01T23:30:00", "2026-12-01"),
        (None, None),
        ("", None),
        ("soon", Foreign("soon")),
    ],
)
def test_a_moment_is_a_day_where_the_workspace_is(moment: Any, day: Any) -> None:
    assert mapping.day(moment, "America/New_York") == day


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tokyo"])
def test_a_day_comes_back_as_it_went_in_every_zone(zone: str) -> None:
    body = mapping.body(words(zone=zone), None, {"due_date": "2026-12-01"})
    assert mapping.day(body["dueDate"], zone) == "2026-12-01"


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [(90, 90), ("NONE", None), (None, None), (0, None), ("REMINDER", Foreign("REMINDER"))],
)
def test_durations_are_minutes_and_reminders_stay_over_there(duration: Any, minutes: Any) -> None:
    row = Motion()._task_row("tk_1", "Call") | {"duration": duration, "status": {}}
    assert mapping.task(words(), row, {}).fields["estimated_minutes"] == minutes


def test_an_estimate_that_is_taken_away_is_said_in_motions_word() -> None:
    assert mapping.body(words(), None, {"estimated_minutes": None}) == {"duration": "NONE"}


def test_labels_that_the_workspace_lacks_stay_here() -> None:
    assert mapping.represent(words(), "tasks", "labels", ["api", "new"]) == ["API"]
    assert mapping.body(words(), None, {"labels": ["api", "new"]}) == {"labels": ["API"]}


def test_what_is_foreign_is_not_sent() -> None:
    assert mapping.body(words(), None, {"assignee": Foreign("Zoe"), "title": "A"}) == {"name": "A"}


def test_people_are_known_by_setting_handle_or_mail() -> None:
    tie = Motion().tie(users={"kim": "us_9"}, people={"dana": ("dana@example.com", None)})
    zoe = Account("us_9", "Zoe", "zoe@example.com")
    assert accounts_of(tie, [DANA, zoe]) == {"dana": DANA, "kim": zoe}


def test_a_priority_that_motion_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidError, match="LOWEST"):
        priorities_of({"low": "LOWEST"})


@pytest.mark.parametrize("row", [None, [], {"id": 3}, {"id": "tk_1"}, "text"])
def test_what_is_no_task_is_refused(row: Any) -> None:
    with pytest.raises(DriftError, match=r"\.$"):
        mapping.task(words(), row, {})


def test_an_empty_row_but_for_its_name_is_a_task() -> None:
    item = mapping.task(words(), {"id": "tk_1", "name": "Bare"}, {})
    assert item.fields["title"] == "Bare"
    assert item.fields["assignee"] is None
