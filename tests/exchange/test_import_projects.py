"""Imports into several projects at once, and what all readers of JSON share."""

import json

import pytest

from orchestrator.exchange import csv_table, taskmaster, taskwarrior
from orchestrator.exchange.imported import Document, Imported, Notebook
from orchestrator.exchange.keys import keys_of, project_id
from orchestrator.exchange.plan import ImportRefusedError
from orchestrator.exchange.records import records
from orchestrator.model.ids import is_project_id
from orchestrator.model.snapshot import Snapshot
from tests.exchange.into_plan import into


def task(task_id: str, project: str = "", **fields: object) -> dict[str, object]:
    kept = {"id": task_id.casefold()}
    return {
        "id": task_id, "title": task_id, "status": "todo", **fields, "metadata": {"csv": kept},
        **({"project": project} if project else {}),
    }  # fmt: skip


def test_each_project_that_gets_a_task_is_made_with_a_key_of_its_own() -> None:
    tasks = (task("A-1", "one"), task("A-2", "two"), task("A-3"))
    known = {"one": {"key": "A", "title": "One"}, "two": {"key": "A"}, "none": {"key": "N"}}
    imported = Imported("csv", tasks, (), (), {"title": "Plan"}, known)
    result, planned = into(imported, "plan")
    assert planned.places == {"one": 1, "plan": 1, "two": 1}
    assert {key: each["key"] for key, each in result.projects.items()} == {
        "one": "A", "plan": "PLAN", "two": "TWO",
    }  # fmt: skip
    assert result.projects["plan"]["title"] == "Plan"


def test_one_project_that_is_deleted_or_no_id_refuses_all() -> None:
    gone = {"id": "two", "key": "T", "title": "T", "status": "active", "deleted_at": "x"}
    imported = Imported("csv", (task("A-1", "one"), task("A-2", "two")), (), ())
    with pytest.raises(ImportRefusedError, match="two is deleted"):
        into(imported, "one", Snapshot(projects={"two": gone}))
    with pytest.raises(ImportRefusedError, match="is not a project id"):
        into(Imported("csv", (task("A-1", "Bad Id"),), (), ()), "one")


def test_a_parent_in_another_project_is_dropped_and_a_dependency_is_not() -> None:
    tasks = (task("A-1", "one"), task("A-2", "two", parent="A-1", dependencies=["A-1"]))
    result, planned = into(Imported("csv", tasks, (), ()), "plan")
    assert "parent" not in result.tasks["A-2"]
    assert result.tasks["A-2"]["dependencies"] == ["A-1"]
    assert result.tasks["A-2"]["metadata"]["csv"]["dropped_parents"] == ["a-1"]
    assert any("is in the project one" in note.sentence for note in planned.notes)


def test_people_are_known_by_handle_and_by_a_name_that_only_one_has() -> None:
    users: dict[str, Document] = {
        "dk": {"id": "dk", "name": "Dana Kim", "handles": {"github": "dana-gh"}},
        "lee": {"id": "lee", "name": "Lee"},
        "lee2": {"id": "lee2", "name": "lee"},
    }
    new = tuple({"id": each, "name": name} for each, name in
                [("dana-gh", "dana-gh"), ("dana-kim", "dana kim"), ("l", "Lee")])  # fmt: skip
    tasks = tuple(task(f"A-{at}", assignee=each["id"]) for at, each in enumerate(new))
    result, planned = into(Imported("csv", tasks, new, ()), "p", Snapshot({}, users))
    assert [each["assignee"] for each in result.tasks.values()] == ["dk", "dk", "l"]
    assert sum("taken to be the user dk" in note.sentence for note in planned.notes) == 2


def test_keys_are_those_of_the_plan_or_new_ones_that_stay() -> None:
    keys = keys_of({"payments": {"key": "PAY"}, "odd": {"key": 3}})
    assert keys("payments") == "PAY"
    assert keys("pay") == "PAY2"
    assert keys("pay") == "PAY2"
    assert keys("web-shop") == "WS"


@pytest.mark.parametrize("name", ["Web Shop", "日本", "-", "x" * 300, "Ünï 9", ""])
def test_any_name_gives_a_project_id(name: str) -> None:
    assert is_project_id(project_id(name))


def test_json_in_any_arrangement_is_read_and_faults_are_bounded() -> None:
    notes = Notebook()
    text = "[{}]\n{},\n{broken\n{}\n" + "}\n" * 100 + "{}"
    assert len(list(records(text.encode(), (), notes))) == 3
    faults = [note.source for note in notes.all() if note.kind == "line"]
    assert faults[0] == "line 3"
    assert len(faults) == 51
    assert "the rest is left out" in notes.all()[-1].sentence


def test_odd_numbers_and_keys_of_json_do_no_harm() -> None:
    text = (
        '{"uuid": "u", "description": "x", "a": NaN, "b": 1e999, "c": ' + "9" * 5_000 + ', "a": 2}'
    )
    notes = Notebook()
    ((_, row),) = records(text.encode(), (), notes)
    assert row["a"] == 2
    assert row["c"] == "9" * 5_000
    assert "twice" in notes.all()[0].sentence
    into(taskwarrior.read(json.dumps(row).encode()), "p")


def test_deep_json_is_noted() -> None:
    notes = Notebook()
    assert list(records(b"[" * 200_000, (), notes)) == []
    assert "nested too deep" in notes.all()[0].sentence


def test_what_is_more_than_a_plan_can_be_is_left_out_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("orchestrator.exchange.records._MOST_RECORDS", 2)
    monkeypatch.setattr("orchestrator.exchange.rows._MOST_ROWS", 3)
    monkeypatch.setattr("orchestrator.exchange.rows._MOST_COLUMNS", 4)
    monkeypatch.setattr("orchestrator.exchange.taskmaster._MOST_TASKS", 2)
    monkeypatch.setattr("orchestrator.exchange.taskmaster._MOST_TAGS", 1)
    notes = Notebook()
    assert len(list(records(b"[{},{},{},{}]", (), notes))) == 2
    assert notes.all()[0].sentence == "Items after the first 2, which are left out: 2."
    found = csv_table.read(b"title\na,b,c,d,e\nb\nc\nd\n").imported
    assert [each["title"] for each in found.tasks] == ["b"]
    assert sorted(note.source for note in found.notes if note.kind in ("line", "size")) == [
        "line 2",
        "line 4",
    ]
    tag = {"tasks": [{"id": at, "title": "x"} for at in range(4)]}
    found = taskmaster.read(json.dumps({"a": tag, "b": tag}).encode())
    assert len(found.tasks) == 2
    assert [note.sentence for note in found.notes if note.kind == "size"] == [
        "Tags after the first 1, which are left out: 1.",
        "Tasks after the first 2, which are left out: 2.",
    ]
