"""What `task export` prints as tasks."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exchange import taskwarrior
from orchestrator.exchange.imported import Document, Imported
from tests.exchange.into_plan import ANYTHING, by_origin, rows_of, sentences, sound

ONE, TWO, THREE = (f"{n}a360fc4-315c-4366-b70c-ea7e7520b749" for n in (1, 2, 3))


def row(uuid: str = ONE, **fields: Any) -> Document:
    return {
        "id": 1, "description": "Buy seeds", "entry": "20260301T080000Z",
        "modified": "20260302T080000Z", "status": "pending", "uuid": uuid, "urgency": 1.9,
    } | fields  # fmt: skip


def imported(*rows: Any, **options: Any) -> Imported:
    return taskwarrior.read(json.dumps(list(rows)).encode(), **options)


def task(**fields: Any) -> Document:
    return imported(row(**fields)).tasks[0]


def test_a_task_says_all_that_it_said() -> None:
    found = imported(
        row(
            project="home.garden.beds",
            tags=["spring", "buy"],
            priority="H",
            due="20260310T090000Z",
            scheduled="20260305T000000Z",
            estimate=3,
            annotations=[
                {"entry": "20260301T090000Z", "description": "Ask Maria"},
                {"entry": "20260302T090107Z", "description": "She has some"},
            ],
        )
    )
    assert found.tasks == (
        {
            "id": "HOME-1A360FC4",
            "title": "Buy seeds",
            "status": "todo",
            "priority": "high",
            "labels": ["spring", "buy", "garden.beds"],
            "description": "## Annotations\n\n- 2026-03-01 09:00: Ask Maria\n"
            "- 2026-03-02 09:01:07Z: She has some\n",
            "start_date": "2026-03-05",
            "due_date": "2026-03-10",
            "created_at": "2026-03-01T08:00:00Z",
            "project": "home",
            "metadata": {
                "taskwarrior": {
                    "id": ONE,
                    "modified": "20260302T080000Z",
                    "estimate": 3,
                    "project": "home.garden.beds",
                    "due": "2026-03-10T09:00:00Z",
                    "scheduled": "2026-03-05T00:00:00Z",
                }
            },
        },
    )


def test_days_are_those_of_the_place_because_midnight_is_written_in_utc() -> None:
    berlin = timezone(timedelta(hours=1))

    def local(when: datetime) -> datetime:
        return when.astimezone(berlin)

    found = imported(row(due="20260309T230000Z"), local=local)
    assert found.tasks[0]["due_date"] == "2026-03-10"
    assert task(due="20260309T230000Z")["due_date"] == "2026-03-09"


@pytest.mark.parametrize(
    ("fields", "status", "kept"),
    [
        ({"status": "pending"}, "todo", None),
        ({"status": "pending", "start": "20260303T080000Z"}, "in_progress", None),
        ({"status": "waiting", "wait": "20270101T000000Z"}, "todo", "waiting"),
        ({"status": "completed", "end": "20260304T080000Z"}, "completed", None),
        ({"status": "deleted", "end": "20260304T080000Z"}, "cancelled", None),
        ({"status": "odd"}, "todo", "odd"),
    ],
)
def test_every_status_has_a_place(fields: Document, status: str, kept: str | None) -> None:
    found = task(**fields)
    assert found["status"] == status
    assert found["metadata"]["taskwarrior"].get("status") == kept


def test_when_it_began_and_ended_is_known() -> None:
    assert task(start="20260303T080000Z")["started_at"] == "2026-03-03T08:00:00Z"
    done = task(status="completed", end="20260304T080000Z")
    assert done["completed_at"] == "2026-03-04T08:00:00Z"
    assert task(status="deleted", end="20260304T080000Z")["deleted_at"] == "2026-03-04T08:00:00Z"
    assert task(status="waiting", wait="20270101T000000Z")["start_date"] == "2027-01-01"


@pytest.mark.parametrize("depends", [[TWO, THREE], f"{TWO},{THREE}", f"{TWO.upper()}, {THREE}"])
def test_dependencies_are_a_list_or_text_with_commas_and_cross_projects(depends: object) -> None:
    found = imported(row(depends=depends, project="a"), row(TWO, project="b"), row(THREE))
    result = sound(found)
    first = next(each for each in result.tasks.values() if each["project"] == "a")
    assert {result.tasks[each]["project"] for each in first["dependencies"]} == {
        "b",
        "taskwarrior",
    }


def test_dependencies_that_go_round_across_projects_are_broken() -> None:
    found = imported(row(depends=[TWO], project="a"), row(TWO, depends=[ONE], project="b"))
    result = sound(found)
    assert sum("dependencies" in each for each in result.tasks.values()) == 1


def test_what_is_gone_is_kept_in_metadata() -> None:
    found = imported(row(depends=[TWO]))
    kept = found.tasks[0]["metadata"]["taskwarrior"]
    assert kept["dropped_dependencies"] == [TWO]
    assert sentences(found, "dependency")


def test_templates_of_recurring_tasks_are_left_out_and_their_tasks_keep_what_they_say() -> None:
    found = imported(
        row(status="recurring", recur="weekly", mask="-+"),
        row(TWO, parent=ONE, recur="weekly", imask=1),
    )
    (only,) = found.tasks
    assert only["metadata"]["taskwarrior"]["parent"] == ONE
    assert "parent" not in only
    assert any("recurring" in note.sentence for note in found.notes)


@pytest.mark.parametrize("joint", ["\n", ",\n"])
def test_one_task_a_line_is_read_too(joint: str) -> None:
    text = joint.join(json.dumps(row(uuid)) for uuid in (ONE, TWO))
    assert len(taskwarrior.read(text.encode()).tasks) == 2


def test_one_project_takes_them_all_and_odd_names_get_an_id() -> None:
    found = imported(row(project="Wörk"), row(TWO, project="日本"), into="all")
    assert {each["project"] for each in found.tasks} == {"all"}
    found = imported(row(project="Wörk"), row(TWO, project="日本"), row(THREE, project=".x"))
    assert "work" in {each["project"] for each in found.tasks}
    sound(found)


def test_rows_that_are_no_tasks_and_values_that_are_none_are_noted() -> None:
    found = imported(1, {"description": "x"}, row(entry="soon", due=3, annotations=[1], tags="a,b"))
    assert len(sentences(found, "line")) == 2
    kept = by_origin(found)[ONE]["metadata"]["taskwarrior"]
    assert (kept["entry"], kept["due"], kept["annotation"]) == ("soon", 3, 1)
    assert found.tasks[0]["labels"] == ["a", "b"]


ROW = rows_of(
    ("description", "status", "project", "tags", "priority", "due", "wait", "scheduled", "entry",
     "start", "end", "annotations", "recur", "x"),
    uuid=st.sampled_from([ONE, TWO, THREE, "x"]),
    project=st.sampled_from(["a", "a.b", "b", ""]) | ANYTHING,
    status=st.sampled_from(["pending", "completed", "deleted", "waiting"]) | ANYTHING,
    entry=st.sampled_from(["20260301T080000Z", "20290101T000000Z", "99999999T999999Z"]) | ANYTHING,
    depends=st.lists(st.sampled_from([ONE, TWO, THREE]), max_size=3) | ANYTHING,
)  # fmt: skip


@given(st.lists(ROW | ANYTHING, max_size=5))
def test_anything_makes_a_plan_without_errors(rows: list[Any]) -> None:
    sound(imported(*rows), "plan")


@given(st.binary(max_size=100))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    taskwarrior.read(data)
