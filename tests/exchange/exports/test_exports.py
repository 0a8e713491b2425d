"""What a plan is in other formats, and that it comes back with all that the format can hold."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from orchestrator.exchange import backlog_md as backlog_reader
from orchestrator.exchange import beads as beads_reader
from orchestrator.exchange.exports.backlog_md import as_backlog_md
from orchestrator.exchange.exports.beads import as_beads
from orchestrator.exchange.exports.calendar import as_calendar
from orchestrator.exchange.exports.document import document
from orchestrator.exchange.exports.report import Span, as_report
from orchestrator.exchange.exports.table import UnknownColumnError, as_table
from orchestrator.model.snapshot import Snapshot
from orchestrator.patch.apply import SnapshotDocuments, apply

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def plan(*tasks: dict[str, Any]) -> Snapshot:
    documents = {
        task["id"]: {"title": task["id"], "status": "todo", "project": "pay", **task}
        for task in tasks
    }
    return Snapshot(
        {"name": "Corner shop"},
        users={"dana": {"id": "dana", "name": "Dana Ionescu"}, "lee": {"id": "lee", "name": "Lee"}},
        projects={"pay": {"id": "pay", "key": "PAY", "title": "Payments", "status": "active"}},
        tasks=documents,
    )


SHOP = plan(
    {
        "id": "PAY-1", "title": "Take payments, safely", "priority": "urgent", "assignee": "dana",
        "labels": ["api", "money"], "description": "Why.\n\n## Implementation Plan\n\n1. Do it.\n",
        "due_date": "2026-11-27", "start_date": "2026-11-23", "estimated_minutes": 480,
        "created_at": "2026-11-02T10:00:00+01:00",
    },
    {
        "id": "PAY-7K3F", "title": '=HYPERLINK("x")', "parent": "PAY-1", "status": "completed",
        "created_at": "2026-11-02T10:00:00Z", "started_at": "2026-11-18T08:00:00Z",
        "completed_at": "2026-11-19T16:20:00Z", "dependencies": ["PAY-3"],
        "time_entries": [{"at": "2026-11-18T08:00:00Z", "minutes": 90, "user": "lee"}],
    },
    {"id": "PAY-3", "status": "cancelled", "created_at": "2026-11-02T10:00:00Z"},
    {
        "id": "PAY-4", "title": "# No *heading* <b>", "status": "in_progress", "priority": "low",
        "due_date": "2026-11-20", "created_at": "2026-11-22T10:00:00Z", "assignee": "lee",
        "started_at": "2026-11-22T11:00:00Z", "dependencies": ["PAY-1"],
    },
)  # fmt: skip
ALL = sorted(SHOP.tasks)


def test_the_document_rebuilds_the_plan_as_a_patch() -> None:
    made = document(SHOP, ALL)
    ops = [
        {"op": "add", "path": f"/{kind}/{entity_id}", "value": value}
        for kind in ("users", "projects", "tasks")
        for entity_id, value in made[kind].items()
    ]
    empty = Snapshot({"name": "New"})
    changes = {change.id: change.after for change in apply(SnapshotDocuments(empty), ops)}
    assert all(changes[task_id] == SHOP.tasks[task_id] for task_id in ALL)
    assert made["settings"] == {"name": "Corner shop"}


def test_a_part_of_the_plan_names_only_those_who_are_in_it() -> None:
    made = document(SHOP, ["PAY-7K3F"])
    assert list(made["tasks"]) == ["PAY-7K3F"]
    assert list(made["users"]) == ["lee"]


def test_a_table_holds_one_task_a_line_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(as_table(SHOP, ALL), newline="")))
    first, *_, last = rows
    assert [row["id"] for row in rows] == ALL
    assert (first["title"], first["labels"]) == ("Take payments, safely", "api, money")
    assert (last["title"], last["spent_minutes"]) == ('\'=HYPERLINK("x")', "90")
    assert first["description"].count("\n") == 5
    assert as_table(SHOP, ["PAY-3"], ("id", "status"), "\t") == "id\tstatus\r\nPAY-3\tcancelled\r\n"


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownColumnError) as refused:
        as_table(SHOP, ALL, ("titel",))
    assert refused.value.hint == "Did you mean title ?"


def test_a_calendar_has_a_day_for_each_due_date() -> None:
    text = as_calendar(SHOP, ALL, NOW)
    events = {str(event["uid"]): event for event in Calendar.from_ical(text).walk("VEVENT")}
    assert set(events) == {"PAY-1@corner-shop.orchestrator", "PAY-4@corner-shop.orchestrator"}
    event = events["PAY-1@corner-shop.orchestrator"]
    assert isinstance(event, Event)
    assert (event.start, event.end) == (date(2026, 11, 27), date(2026, 11, 28))
    assert str(event["summary"]) == "PAY-1 Take payments, safely"
    assert event["priority"] == 1
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert as_calendar(SHOP, ALL, NOW) == text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200))
@settings(max_examples=200)
def test_a_calendar_keeps_any_words(words: str) -> None:
    title = f"a{words}z"
    shop = plan({"id": "PAY-1", "title": title, "due_date": "2026-11-27", "description": title})
    text = as_calendar(shop, ["PAY-1"], NOW)
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert (str(event["summary"]), str(event["description"])) == (f"PAY-1 {title}", title)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_report_says_what_happened_and_what_is_next() -> None:
    span = Span(date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30))
    assert (
        as_report(SHOP, ALL, span)
        == """\
# Corner shop: 2026-11-16 to 2026-11-23

| project | progress | open | spent | remaining |
|---|---|---|---|---|
| Payments | 100% | 2 | 1h30m |  |

## Completed (1)

- **PAY-7K3F** =HYPERLINK("x")

## In progress (1)

- **PAY-4** \\# No \\*heading\\* \\<b\\> (Lee)

## Overdue (1)

- **PAY-4** \\# No \\*heading\\* \\<b\\> (Lee, 3 days late)

## Blocked (1)

- **PAY-4** \\# No \\*heading\\* \\<b\\> (Lee, waits for PAY-1)

## Due next (1)

- **PAY-1** Take payments, safely (Dana Ionescu, 2026-11-27)

## New (1)

- **PAY-4** \\# No \\*heading\\* \\<b\\> (Lee)
"""
    )


KEPT_BY_BEADS = (
    "title", "status", "priority", "assignee", "labels", "parent", "dependencies", "description",
    "start_date", "due_date", "estimated_minutes", "created_at", "started_at", "completed_at",
)  # fmt: skip
KEPT_BY_BACKLOG = tuple(name for name in KEPT_BY_BEADS if name != "estimated_minutes")


def told(task: dict[str, Any], fields: tuple[str, ...], minutes: int = 16) -> dict[str, Any]:
    """Return fields of a task as far as two tools can agree: stamps in UTC, sets in order."""
    found: dict[str, Any] = {}
    for name in fields:
        value: Any = task.get(name)
        if value and name.endswith("_at"):
            value = datetime.fromisoformat(value).astimezone(UTC).isoformat()[:minutes]
        if isinstance(value, list):
            value = sorted(value)
        if name == "priority":
            value = value or "medium"
        if name == "description" and value:
            value = value.strip("\n")
        found[name] = value or None
    return found


def back_from_beads(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    imported = beads_reader.read(as_beads(snapshot, sorted(snapshot.tasks)).encode())
    return {task["id"]: task for task in imported.tasks}


def back_from_backlog(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    files = as_backlog_md(snapshot, sorted(snapshot.tasks))
    imported = backlog_reader.read({path: text.encode() for path, text in files.items()})
    return {task["title"]: task for task in imported.tasks}


def test_beads_reads_its_issues() -> None:
    lines = [json.loads(line) for line in as_beads(SHOP, ALL).splitlines()]
    issue = {line["id"]: line for line in lines}["pay-7k3f"]
    assert issue["dependencies"] == [
        {"issue_id": "pay-7k3f", "depends_on_id": "pay-1", "type": "parent-child"},
        {"issue_id": "pay-7k3f", "depends_on_id": "pay-3", "type": "blocks"},
    ]
    assert (issue["status"], issue["issue_type"], lines[0]["issue_type"]) == (
        "closed", "task", "epic",
    )  # fmt: skip


def test_what_beads_can_hold_comes_back_from_it() -> None:
    found = back_from_beads(SHOP)
    assert set(found) == set(ALL)
    for task_id, task in SHOP.tasks.items():
        labels = ["epic", *task.get("labels", [])] if task_id == "PAY-1" else task.get("labels")
        expected = told({**task, "labels": labels}, KEPT_BY_BEADS)
        if task["status"] == "cancelled":
            expected["completed_at"] = None
        assert told(found[task_id], KEPT_BY_BEADS) == expected


def test_backlog_md_gets_numbers_sections_and_a_config() -> None:
    files = as_backlog_md(SHOP, ALL)
    assert sorted(files)[1:] == [
        "tasks/pay-1 - Take-payments-safely.md", "tasks/pay-3 - PAY-3.md",
        "tasks/pay-4 - No-heading-b.md", "tasks/pay-5 - HYPERLINK-x.md",
    ]  # fmt: skip
    assert "task_prefix: pay\n" in files["config.yml"]
    first = files["tasks/pay-1 - Take-payments-safely.md"]
    assert "<!-- SECTION:DESCRIPTION:BEGIN -->\nWhy.\n<!-- SECTION:DESCRIPTION:END -->" in first
    assert "<!-- SECTION:PLAN:BEGIN -->\n1. Do it.\n<!-- SECTION:PLAN:END -->" in first


def test_what_backlog_md_can_hold_comes_back_from_it() -> None:
    found = back_from_backlog(SHOP)
    numbers = {"PAY-7K3F": "PAY-5"}
    for task in SHOP.tasks.values():
        needed = [numbers.get(each, each) for each in task.get("dependencies", [])]
        expected = told({**task, "dependencies": needed}, KEPT_BY_BACKLOG)
        assert told(found[task["title"]], KEPT_BY_BACKLOG) == expected


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
TASKS = st.lists(
    st.fixed_dictionaries(
        {"status": st.sampled_from(["todo", "completed", "in_progress", "cancelled"])},
        optional={
            "priority": st.sampled_from(["low", "high", "urgent"]),
            "labels": st.lists(TEXTS.filter(lambda t: "," not in t), unique=True, max_size=3),
            "due_date": st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(str),
            "description": TEXTS.map(lambda text: f"About {text}.\n"),
        },
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@given(TASKS, st.lists(TEXTS, min_size=5, max_size=5, unique_by=str.casefold))
@settings(max_examples=60)
def test_any_text_survives_the_way_there_and_back(
    tasks: list[dict[str, Any]], titles: list[str]
) -> None:
    made = []
    for number, task in enumerate(tasks, start=1):
        stamps = {"created_at": "2026-11-01T09:00:00Z"}
        if task["status"] == "completed":
            stamps["completed_at"] = "2026-11-02T09:00:00Z"
        if task["status"] == "in_progress":
            stamps["started_at"] = "2026-11-02T09:00:00Z"
        title = f"{titles[number - 1]} x"
        made.append({"id": f"PAY-{number}", **task, **stamps, "title": title})
    snapshot = plan(*made)
    beads, backlog = back_from_beads(snapshot), back_from_backlog(snapshot)
    for task in snapshot.tasks.values():
        assert told(beads[task["id"]], KEPT_BY_BEADS) == told(task, KEPT_BY_BEADS)
        assert told(backlog[task["title"]], KEPT_BY_BACKLOG) == told(task, KEPT_BY_BACKLOG)
