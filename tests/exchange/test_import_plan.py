"""Imports of invented plans: whatever comes in, what goes out is a plan without errors."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import jsonpatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.check.run import check
from orchestrator.exchange import beads
from orchestrator.exchange.imported import Imported
from orchestrator.exchange.plan import ImportPlan, ImportRefusedError, plan
from orchestrator.model.entities import Project, Task, User
from orchestrator.model.snapshot import Snapshot
from orchestrator.text.read import read
from orchestrator.text.render import render

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Row = dict[str, Any]


def jsonl(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def row(origin: str, **fields: Any) -> Row:
    return {
        "id": origin,
        "title": f"Task {origin}",
        "status": "open",
        "created_at": "2026-01-01T00:00:00Z",
        **fields,
    }


def blocks(*targets: str, kind: str = "blocks") -> list[Row]:
    return [{"depends_on_id": target, "type": kind} for target in targets]


def after(snapshot: Snapshot, planned: ImportPlan) -> Snapshot:
    document = jsonpatch.apply_patch(snapshot.virtual_document(), list(planned.ops))
    return Snapshot(
        document["settings"], document["users"], document["projects"], document["tasks"]
    )


def errors(snapshot: Snapshot) -> list[str]:
    return [each.message for each in check(snapshot, NOW) if each.severity == "error"]


def imported_into(
    snapshot: Snapshot, rows: Sequence[Row], project: str = "bd"
) -> tuple[Snapshot, ImportPlan]:
    planned = plan(snapshot, project, beads.read(jsonl(rows)), NOW)
    return after(snapshot, planned), planned


def sentences(planned: ImportPlan, kind: str) -> list[str]:
    return [f"{note.source}: {note.sentence}" for note in planned.notes if note.kind == kind]


def empty(**settings_: Any) -> Snapshot:
    return Snapshot({"name": "Team", **settings_})


def test_an_import_makes_the_project_its_users_and_its_tasks() -> None:
    rows = [row("bd-1", assignee="Dana"), row("bd-2", dependencies=blocks("bd-1"))]
    result, planned = imported_into(empty(), rows)
    assert [op["path"] for op in planned.ops] == [
        "/projects/bd",
        "/users/dana",
        "/tasks/BD-1",
        "/tasks/BD-2",
    ]
    assert {op["op"] for op in planned.ops} == {"add"}
    assert result.tasks["BD-2"]["dependencies"] == ["BD-1"]
    assert result.tasks["BD-1"]["project"] == "bd"
    assert result.projects["bd"]["key"] == "BD"
    assert (planned.added, planned.present) == (2, 0)
    assert errors(result) == []


def test_a_second_import_does_nothing() -> None:
    rows = [row("bd-1", assignee="Dana"), row("bd-2")]
    result, _ = imported_into(empty(), rows)
    again, planned = imported_into(result, rows)
    assert planned.ops == ()
    assert (planned.added, planned.present) == (0, 2)
    assert again == result


def test_a_task_that_a_person_edited_stays_as_it_is_and_new_ones_are_tied_to_it() -> None:
    result, _ = imported_into(empty(), [row("bd-1", updated_at="2026-01-02T00:00:00Z")])
    result.tasks["BD-1"]["title"] = "Edited"
    rows = [
        row("bd-1", title="Changed over there", updated_at="2026-02-02T00:00:00Z"),
        row("bd-1.1"),
    ]
    later, planned = imported_into(result, rows)
    assert later.tasks["BD-1"]["title"] == "Edited"
    assert later.tasks["BD-1-1"]["parent"] == "BD-1"
    assert [op["path"] for op in planned.ops] == ["/tasks/BD-1-1"]
    assert "has changed since it was imported" in sentences(planned, "present")[0]


def test_a_task_that_was_moved_to_another_project_is_still_known() -> None:
    result, _ = imported_into(empty(), [row("bd-1"), row("bd-2")])
    result.projects["other"] = {  # type: ignore[index]
        "id": "other", "key": "OT", "title": "Other", "status": "planned",
    }  # fmt: skip
    result.tasks["BD-1"]["project"] = "other"
    later, planned = imported_into(result, [row("bd-1"), row("bd-2"), row("bd-1.1")])
    assert planned.added == 1
    assert "parent" not in later.tasks["BD-1-1"]
    assert "is in the project other" in sentences(planned, "parent")[0]
    assert errors(later) == []


def test_a_task_of_another_plan_with_the_same_number_is_another_task() -> None:
    first, _ = imported_into(empty(), [row("bd-1", created_at="2025-05-05T00:00:00Z")], "one")
    rows = [row("bd-1"), row("bd-2", dependencies=blocks("bd-1"))]
    second, planned = imported_into(first, rows, "two")
    assert second.tasks["BD-1-X2"]["metadata"]["beads"]["id"] == "bd-1"
    assert second.tasks["BD-2"]["dependencies"] == ["BD-1-X2"]
    assert second.projects["two"]["key"] == "TWO"
    assert sentences(planned, "id")
    _, again = imported_into(second, rows, "two")
    assert again.ops == ()


def test_a_person_who_is_a_user_already_is_not_added_again() -> None:
    dana = {"id": "dana-i", "name": "Dana Ionescu", "email": "Dana@Example.com"}
    there = Snapshot({"name": "Team"}, {"dana-i": dana})
    result, planned = imported_into(there, [row("bd-1", assignee="Dana <dana@example.com>")])
    assert result.tasks["BD-1"]["assignee"] == "dana-i"
    assert not [op for op in planned.ops if op["path"].startswith("/users/")]


def test_a_file_that_cannot_be_read_is_not_written_again() -> None:
    there = Snapshot(
        {"name": "Team"}, unreadable=frozenset({("tasks", "BD-1"), ("projects", "bd")})
    )
    planned = plan(there, "bd", beads.read(jsonl([row("bd-1"), row("bd-2")])), NOW)
    assert [op["path"] for op in planned.ops] == ["/tasks/BD-2"]
    assert "cannot be read" in sentences(planned, "present")[0]


@pytest.mark.parametrize("project", ["", "Bad", "a/b", "../x", "x" * 64])
def test_a_project_id_that_is_none_is_refused(project: str) -> None:
    with pytest.raises(ImportRefusedError, match="is not a project id"):
        plan(empty(), project, Imported("beads", (), (), ()), NOW)


def test_nothing_is_imported_into_a_deleted_project() -> None:
    gone = {"id": "bd", "key": "BD", "title": "Gone", "status": "active", "deleted_at": "x"}
    with pytest.raises(ImportRefusedError, match="is deleted"):
        plan(Snapshot(projects={"bd": gone}), "bd", Imported("beads", (), (), ()), NOW)


def test_a_project_file_is_not_made_larger_than_a_file_may_be() -> None:
    (task,) = beads.read(jsonl([row("bd-1")])).tasks
    milestones = {"backlog_md": {"milestones": ["x" * 100] * 9_000}}
    imported = Imported("beads", (task,), (), (), {"title": "T", "metadata": milestones})
    planned = plan(empty(), "bd", imported, NOW)
    assert "metadata" not in planned.ops[0]["value"]
    assert planned.ops[0]["value"]["title"] == "T"
    assert sentences(planned, "size")


def test_stamps_are_put_in_order_and_none_is_in_the_future() -> None:
    rows = [
        row("bd-1", status="closed", created_at="2026-03-03T00:00:00Z",
            started_at="2026-02-02T00:00:00Z", closed_at="2026-01-01T00:00:00Z"),
        row("bd-2", status="in_progress", created_at="2031-01-01T00:00:00Z"),
        row("bd-3", status="open", started_at="2026-02-02T00:00:00Z"),
        row("bd-4", status="closed", created_at=None),
        row("bd-5", defer_until="2026-05-05", due_at="2026-04-04T10:00:00Z"),
    ]  # fmt: skip
    result, planned = imported_into(empty(), rows)
    assert errors(result) == []
    first = result.tasks["BD-1"]
    assert first["created_at"] <= first["started_at"] <= first["completed_at"]
    assert first["metadata"]["beads"]["stamps"]["created_at"] == "2026-03-03T00:00:00Z"
    assert result.tasks["BD-2"]["created_at"] == "2026-11-22T12:00:00Z"
    assert "started_at" not in result.tasks["BD-3"]
    assert result.tasks["BD-5"]["due_date"] == "2026-04-04"
    assert result.tasks["BD-5"]["metadata"]["beads"]["stamps"] == {"start_date": "2026-05-05"}
    assert len([note for note in planned.notes if note.kind == "date" and not note.source]) >= 5


def test_a_live_task_under_a_deleted_one_moves_up() -> None:
    rows = [
        row("bd-1"),
        row("bd-1.1", status="tombstone", deleted_at="2026-02-01T00:00:00Z", deleted_by="dana"),
        row("bd-1.1.1"),
        row("bd-2", status="tombstone", updated_at="2026-02-01T00:00:00Z"),
        row("bd-2.1"),
    ]
    result, _ = imported_into(empty(), rows)
    assert result.tasks["BD-1-1"]["deleted_by"] == "dana"
    assert result.tasks["BD-1-1-1"]["parent"] == "BD-1"
    assert "parent" not in result.tasks["BD-2-1"]
    assert result.tasks["BD-2-1"]["metadata"]["beads"]["dropped_parents"] == ["bd-2"]
    assert errors(result) == []


def test_what_is_too_deep_hangs_from_the_deepest_level_that_is_allowed() -> None:
    rows = [row("bd-1" + ".1" * depth, parent="bd-1" + ".1" * (depth - 1)) for depth in range(1, 9)]
    result, planned = imported_into(empty(max_depth=2), [row("bd-1"), *rows])
    assert errors(result) == []
    parents = {task.get("parent") for task in result.tasks.values()}
    assert parents == {None, "BD-1", "BD-1-1"}
    assert len(sentences(planned, "depth")) == 6


def test_cycles_kin_and_self_references_are_broken_and_kept_in_metadata() -> None:
    rows = [
        row("bd-a", parent="bd-b", dependencies=blocks("bd-a")),
        row("bd-b", parent="bd-a"),
        row("bd-c", parent="bd-c", dependencies=blocks("bd-d", "bd-x")),
        row("bd-d", dependencies=blocks("bd-e")),
        row("bd-e", dependencies=blocks("bd-c")),
        row("bd-f", dependencies=blocks("bd-f.1")),
        row("bd-f.1", dependencies=blocks("bd-f")),
    ]
    result, planned = imported_into(empty(), rows)
    assert errors(result) == []
    kept = {key: task["metadata"]["beads"] for key, task in result.tasks.items()}
    assert kept["BD-A"]["dropped_parents"] == ["bd-b"]
    assert kept["BD-A"]["dropped_dependencies"] == ["bd-a"]
    assert result.tasks["BD-B"]["parent"] == "BD-A"
    assert kept["BD-C"]["dropped_dependencies"] == ["bd-x"]
    assert kept["BD-E"]["dropped_dependencies"] == ["bd-c"]
    assert kept["BD-F"]["dropped_dependencies"] == ["bd-f.1"]
    assert len(sentences(planned, "dependency")) == 5


def test_a_link_that_was_broken_before_the_import_closes_no_cycle() -> None:
    there = empty()
    there.projects["bd"] = {  # type: ignore[index]
        "id": "bd", "key": "BD", "title": "Beads", "status": "planned",
    }  # fmt: skip
    there.tasks["BD-9"] = {  # type: ignore[index]
        "id": "BD-9", "title": "Nine", "status": "todo", "project": "bd", "parent": "BD-1",
        "dependencies": ["BD-2"], "metadata": {"beads": {"id": "bd-9"}},
    }  # fmt: skip
    rows = [row("bd-9"), row("bd-1", parent="bd-9"), row("bd-2", dependencies=blocks("bd-9"))]
    result, _ = imported_into(there, rows)
    assert errors(result) == []
    assert "parent" not in result.tasks["BD-1"]
    assert "dependencies" not in result.tasks["BD-2"]


def test_a_long_chain_is_imported_in_a_moment() -> None:
    rows = [row(f"bd-{n}", parent=f"bd-{n - 1}", dependencies=blocks(f"bd-{n + 7}"))
            for n in range(5_000)]  # fmt: skip
    result, planned = imported_into(empty(), rows)
    assert planned.added == 5_000
    assert errors(result) == []


ORIGINS = st.sampled_from(
    ["bd-1", "bd-2", "bd-3", "bd-1.1", "bd-1.1.1", "bd-1-1", "BD-1", "hq-x y", "é", "bd", "9-9",
     "bd-" + "w" * 20, "a-b-c-d-e-f", "bd-1.1.1.1", "bd-1.1.1.1.1", "con-1"]
)  # fmt: skip
MOMENTS = st.none() | st.sampled_from(
    ["2026-01-01T00:00:00Z", "2026-01-01 10:00", "2026-05-05", "2030-01-01T00:00:00Z",
     "2025-12-31T23:59:59.123456789+05:30", "soon", "0001-01-01", "9999-12-31T23:59:59-12:00",
     "31/12/25", ""]
)  # fmt: skip
LINKS: st.SearchStrategy[list[Row]] = st.lists(
    st.builds(
        dict, depends_on_id=ORIGINS, type=st.sampled_from(["blocks", "parent-child", "related"])
    ),
    max_size=4,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": ORIGINS, "title": st.text(max_size=5)},
        optional={
            "status": st.sampled_from(["open", "closed", "in_progress", "tombstone", "odd", ""]),
            "priority": st.integers(-1, 6) | st.text(max_size=3),
            "parent": ORIGINS,
            "dependencies": LINKS,
            "assignee": st.text(max_size=6) | st.sampled_from(["Dana", "@dana", "dana@x.org"]),
            "created_at": MOMENTS,
            "updated_at": MOMENTS,
            "closed_at": MOMENTS,
            "started_at": MOMENTS,
            "deleted_at": MOMENTS,
            "due_at": MOMENTS,
            "defer_until": MOMENTS,
            "labels": st.lists(st.text(max_size=4), max_size=3) | st.text(max_size=3),
            "description": st.text(max_size=20),
            "links": st.text(max_size=3),
            "<<": st.just(1),
            "extra": st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=3),
                lambda inner: (
                    st.lists(inner, max_size=2)
                    | st.dictionaries(st.text(max_size=3), inner, max_size=2)
                ),
                max_leaves=4,
            ),
        },
    ),
    max_size=10,
)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, earlier=st.integers(0, 10), max_depth=st.integers(0, 3))
def test_any_issues_make_a_plan_without_errors_and_a_second_import_does_nothing(
    rows: list[Row], earlier: int, max_depth: int
) -> None:
    first, _ = imported_into(empty(max_depth=max_depth), rows[:earlier])
    result, planned = imported_into(first, rows)
    for task in result.tasks.values():
        document = {key: value for key, value in task.items() if key != "project"}
        Task.model_validate(document)
        assert read("", render(document).encode()) == document
    for user in result.users.values():
        User.model_validate(user)
    for project in result.projects.values():
        Project.model_validate(project)
    assert errors(result) == []
    assert {row["id"].strip() for row in rows} == {
        task["metadata"]["beads"]["id"] for task in result.tasks.values()
    }
    assert planned.added + planned.present == len(result.tasks)
    again, second = imported_into(result, rows)
    assert second.ops == ()
    assert again == result
