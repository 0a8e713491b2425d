"""Exports of Todoist as tasks: the CSV of a project, and the JSON of its API."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exchange import todoist
from orchestrator.exchange.imported import Document, Imported
from orchestrator.exchange.rows import TableError
from tests.exchange.into_plan import ANYTHING, by_origin, rows_of, sentences, sound

HEAD = (
    "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,"
    "DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG"
)
PROJECT = (
    HEAD
    + """
meta,view_style=list,,,,,,,,,,,,
task,Plan the trip @travel @fun,"Trains, ""not"" planes",1,1,Ana (811),Ben (812),Oct 5 2026,en,\
Europe/Bucharest,30,minute,2026-10-09,en
task,Book seats,,4,2,Ana (811),,every monday at 9am,en,Europe/Bucharest,2,day,,
note,Window seats,,,,Ben (812),,,,,,,,
task,Two of them,,2,3,Ana (811),,2026-10-06 15:30,en,,,None,,
,,,,,,,,,,,,,
section,At home,,,,,,,,,,,,
task,Water plants,,3,1,,,05/10/26,en,,,,,
task,Water plants,,,1,,,,,,,,,
""".replace("\n", "\r\n")
)


def from_csv(text: str, **options: Any) -> Imported:
    return todoist.read(b"\xef\xbb\xbf" + text.encode(), name="Trip", **options)


def from_json(content: Any, **options: Any) -> Imported:
    return todoist.read(json.dumps(content).encode(), **options)


def item(origin: str = "6Xq", **fields: Any) -> Document:
    return {
        "id": origin, "content": f"Task {origin}", "description": "", "project_id": "P1",
        "section_id": None, "parent_id": None, "labels": [], "priority": 1, "due": None,
        "deadline": None, "duration": None, "checked": False, "is_deleted": False,
        "added_at": "2026-03-01T08:00:00.123456Z", "completed_at": None, "child_order": 1,
        "updated_at": "2026-03-02T08:00:00Z", "user_id": "910", "responsible_uid": None,
    } | fields  # fmt: skip


def test_a_project_in_csv_has_its_tree_sections_comments_and_labels() -> None:
    found = by_origin(from_csv(PROJECT))
    trip = found["Plan the trip"]
    assert trip["title"] == "Plan the trip"
    assert trip["labels"] == ["travel", "fun"]
    assert trip["priority"] == "urgent"
    assert trip["assignee"] == "ben"
    assert (trip["start_date"], trip["due_date"]) == ("2026-10-05", "2026-10-09")
    assert trip["estimated_minutes"] == 30
    assert trip["description"] == 'Trains, "not" planes\n'
    seats = found["Plan the trip / Book seats"]
    assert seats["parent"] == trip["id"]
    assert seats["priority"] == "low"
    assert seats["estimated_minutes"] == 960
    assert seats["description"] == "## Comments\n\n- Ben: Window seats\n"
    assert seats["metadata"]["todoist"]["date"] == "every monday at 9am"
    two = found["Plan the trip / Book seats / Two of them"]
    assert two["parent"] == seats["id"]
    assert two["due_date"] == "2026-10-06"
    assert two["metadata"]["todoist"]["date"] == "2026-10-06 15:30"
    assert found["At home / Water plants"]["labels"] == ["section:At home"]
    assert "parent" not in found["At home / Water plants"]
    assert len(from_csv(PROJECT).tasks) == 5


def test_a_csv_becomes_a_project_called_like_its_file_and_only_once() -> None:
    result = sound(from_csv(PROJECT))
    assert result.projects["trip"]["title"] == "Trip"
    assert result.projects["trip"]["metadata"] == {"todoist": {"meta": ["view_style=list"]}}
    assert {each["project"] for each in result.tasks.values()} == {"trip"}


def test_a_day_that_could_be_two_is_kept_and_not_guessed() -> None:
    plants = by_origin(from_csv(PROJECT))["At home / Water plants"]
    assert "due_date" not in plants
    first = from_csv(PROJECT).tasks
    kept = [each["metadata"]["todoist"].get("date") for each in first]
    assert "05/10/26" in kept


def test_content_that_is_only_a_label_stays_the_title() -> None:
    found = from_csv(f"{HEAD}\ntask,@home,,1,1\ntask,mail a@b.org @x,,1,1\ntask,,,1,1\n")
    assert [(each["title"], each.get("labels")) for each in found.tasks] != []
    titles = {each["title"]: each.get("labels") for each in found.tasks}
    assert titles["@home"] == ["home"]
    assert titles["mail a@b.org"] == ["x"]
    sound(found)


def test_odd_rows_and_columns_are_noted_or_kept() -> None:
    found = from_csv("TYPE,CONTENT,INDENT,EXTRA\nnote,For all\ntask,A,9,hm,more\nodd,x\n")
    assert found.project["metadata"]["todoist"]["comments"] == ["For all"]
    kept = found.tasks[0]["metadata"]["todoist"]
    assert (kept["extra"], kept["column_5"]) == ("hm", "more")
    assert sentences(found, "line") == ["line 4: Its TYPE 'odd' is unknown; it is left out."]


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\x00\x80", b"\x80\x81"])
def test_another_file_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(TableError):
        todoist.read(data)


SYNC: dict[str, Any] = {
    "projects": [{"id": "P1", "name": "Home"}, {"id": "P2", "name": "home"}, {"id": "P3"}],
    "sections": [{"id": "S1", "name": "Later", "project_id": "P1"}],
    "collaborators": [{"id": "811", "full_name": "Ana Pop", "email": "ana@example.com"}],
    "items": [
        item("a", section_id="S1", labels=["x"], priority=4, responsible_uid="811",
             description="Why."),
        item("b", parent_id="a", checked=True, completed_at="2026-03-03T08:00:00Z"),
        item("c", project_id="P2", is_deleted=False, duration={"amount": 15, "unit": "minute"}),
        item("d", is_deleted=True),
        item("e", project_id="P3", due={"date": "2026-10-05", "is_recurring": False}),
    ],
    "notes": [{"id": "n", "item_id": "a", "content": "Call\nfirst", "posted_at": "2026-03-02T1"},
              {"id": "m", "item_id": "zz", "content": "Lost"}],
    "user": {"id": "910"}, "reminders": [{"id": "r"}],
}  # fmt: skip


def test_a_full_sync_has_projects_sections_people_and_comments() -> None:
    found = from_json(SYNC)
    tasks = by_origin(found)
    first = tasks["a"]
    assert first["priority"] == "urgent"
    assert first["labels"] == ["x", "section:Later"]
    assert first["description"] == "Why.\n\n## Comments\n\n- 2026-03-02: Call\n  first\n"
    assert first["assignee"] == "ana-pop"
    assert first["created_at"] == "2026-03-01T08:00:00.123456Z"
    assert found.users == ({"id": "ana-pop", "name": "Ana Pop", "email": "ana@example.com"},)
    assert tasks["b"]["parent"] == first["id"]
    assert (tasks["b"]["status"], tasks["b"]["completed_at"]) == (
        "completed",
        "2026-03-03T08:00:00Z",
    )
    assert tasks["c"]["estimated_minutes"] == 15
    assert tasks["e"]["due_date"] == "2026-10-05"
    assert "d" not in tasks
    places = {each["project"] for each in found.tasks}
    assert len(places) == 3
    assert {"home", "todoist"} < places
    said = " ".join(note.sentence for note in found.notes)
    assert "Deleted tasks" in said
    assert "Comments on what is not in the file: 1." in said
    assert "'reminders'" in said
    sound(found)


@pytest.mark.parametrize("wrap", ["list", "results", "pages"])
def test_lists_of_tasks_are_read_too(wrap: str) -> None:
    page = {"results": [item("a", is_completed=True)], "next_cursor": None}
    text = {
        "list": json.dumps([item("a", is_completed=True)]),
        "results": json.dumps(page),
        "pages": json.dumps(page) + "\n" + json.dumps({"results": [item("b")]}),
    }[wrap]
    found = todoist.read(text.encode())
    assert by_origin(found)["a"]["status"] == "completed"
    assert {each["project"] for each in found.tasks} == {"todoist"}


def test_dates_of_the_api_are_days_of_the_place_and_rules_are_kept() -> None:
    def local(when: datetime) -> datetime:
        return when.astimezone(timezone(timedelta(hours=2)))

    due = {"date": "2026-10-05T22:30:00Z", "string": "every day", "is_recurring": True}
    found = from_json([item(due=due, deadline={"date": "2026-10-09"})], local=local).tasks[0]
    assert (found["start_date"], found["due_date"]) == ("2026-10-06", "2026-10-09")
    assert found["metadata"]["todoist"]["due"] == due
    weeks = from_json([item(duration={"amount": 2, "unit": "week"})]).tasks[0]
    assert weeks["metadata"]["todoist"]["duration"] == "2 week"
    odd = from_json([item(due={"date": "soon"}, duration=7, priority=9)]).tasks[0]
    assert odd["metadata"]["todoist"]["due"] == {"date": "soon"}
    assert odd["metadata"]["todoist"]["duration"] == 7
    assert odd["metadata"]["todoist"]["priority"] == "9"


ITEM = rows_of(
    ("content", "description", "labels", "priority", "due", "deadline", "duration", "checked",
     "completed_at", "added_at", "responsible_uid", "section_id", "is_deleted", "x"),
    id=st.sampled_from(["a", "b", 3]),
    content=st.text(max_size=5),
    project_id=st.sampled_from(["P1", "P2", 5]) | ANYTHING,
    parent_id=st.sampled_from(["a", "b", "3"]) | ANYTHING,
)  # fmt: skip


@given(
    st.lists(ITEM | ANYTHING, max_size=5)
    | st.fixed_dictionaries(
        {"items": st.lists(ITEM, max_size=4)},
        optional={key: st.lists(ANYTHING, max_size=2) for key in ("projects", "notes", "sections")},
    )
)
def test_anything_in_json_makes_a_plan_without_errors(content: Any) -> None:
    sound(from_json(content), "plan")


CELL = st.sampled_from([
    "task", "note", "section", "1", "2", "4", "9" * 30, "Oct 5 2026", "every day", "", '"', "@a b",
    "\n", "x (1)", "minute", "day", "\x1b",
])  # fmt: skip


@given(st.lists(st.lists(CELL, max_size=15), max_size=8))
def test_anything_in_csv_makes_a_plan_without_errors(rows: list[list[str]]) -> None:
    body = "\n".join(",".join(f'"{cell}"' if cell != '"' else cell for cell in row) for row in rows)
    sound(from_csv(f"{HEAD}\n{body}\n"), "plan")
