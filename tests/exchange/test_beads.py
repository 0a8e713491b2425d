"""Issues of beads as tasks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exchange import beads
from orchestrator.exchange.imported import Document, Imported

ISSUE = {"id": "bd-1", "title": "One", "status": "open", "created_at": "2026-01-01T00:00:00Z"}


def imported(*rows: dict[str, Any]) -> Imported:
    return beads.read("\n".join(json.dumps({**ISSUE, **row}) for row in rows).encode())


def task(**fields: Any) -> Document:
    return imported(fields).tasks[0]


def kept(**fields: Any) -> Document:
    found = task(**fields)["metadata"]["beads"]
    assert isinstance(found, dict)
    return found


def sentences(found: Imported, kind: str) -> list[str]:
    return [f"{note.source}: {note.sentence}" for note in found.notes if note.kind == kind]


def test_an_issue_becomes_a_task_with_everything_it_says() -> None:
    found = imported(
        {
            "id": "bd-kwro.3",
            "title": "Retry captures",
            "description": "Why.",
            "design": "How.",
            "acceptance_criteria": "- it works",
            "notes": "Done twice.",
            "status": "in_progress",
            "priority": 1,
            "issue_type": "bug",
            "assignee": "beads/crew/emma",
            "owner": "steve@example.com",
            "labels": ["api", "api", " "],
            "estimated_minutes": 90,
            "started_at": "2026-01-02T00:00:00+02:00",
            "due_at": "2026-03-04T10:00:00Z",
            "external_ref": "gh-9",
            "dependency_count": 2,
            "closed_by": "",
        }
    )
    assert found.tasks == (
        {
            "id": "BD-KWRO-3",
            "title": "Retry captures",
            "status": "in_progress",
            "priority": "high",
            "assignee": "beads-crew-emma",
            "labels": ["api", "bug"],
            "description": "Why.\n\n## Design\n\nHow.\n\n## Acceptance criteria\n\n- it works\n\n"
            "## Notes\n\nDone twice.\n",
            "due_date": "2026-03-04",
            "created_at": "2026-01-01T00:00:00Z",
            "started_at": "2026-01-02T00:00:00+02:00",
            "estimated_minutes": 90,
            "metadata": {
                "beads": {
                    "id": "bd-kwro.3",
                    "owner": "steve@example.com",
                    "external_ref": "gh-9",
                    "due_at": "2026-03-04T10:00:00Z",
                    "issue_type": "bug",
                }
            },
        },
    )
    assert found.users == (
        {"id": "beads-crew-emma", "name": "beads/crew/emma"},
        {"id": "steve", "name": "steve", "email": "steve@example.com"},
    )
    assert found.project == {"key": "BD"}


@pytest.mark.parametrize(
    ("word", "status", "original"),
    [
        ("open", "todo", None),
        ("in_progress", "in_progress", None),
        ("blocked", "blocked", None),
        ("closed", "completed", None),
        ("hooked", "in_progress", "hooked"),
        ("pinned", "todo", "pinned"),
        ("deferred", "todo", "deferred"),
        ("review", "in_review", "review"),
        ("zzz", "todo", "zzz"),
    ],
)
def test_every_status_has_a_place_and_odd_ones_are_remembered(
    word: str, status: str, original: str | None
) -> None:
    assert task(status=word)["status"] == status
    assert kept(status=word).get("status") == original


def test_an_unknown_status_is_noted() -> None:
    assert sentences(imported({"status": "zzz"}), "status") == [
        "bd-1: The status zzz is unknown; it is todo now."
    ]


def test_a_tombstone_is_a_deleted_task() -> None:
    found = task(status="tombstone", deleted_at="2026-02-02T00:00:00Z", deleted_by="Dana")
    assert found["status"] == "cancelled"
    assert found["deleted_at"] == "2026-02-02T00:00:00Z"
    assert found["deleted_by"] == "dana"


@pytest.mark.parametrize(
    ("written", "priority"),
    [(0, "urgent"), (1, "high"), (2, "medium"), (3, "low"), (4, "low"), ("P1", "high"), (9, None)],
)
def test_priorities_are_numbers_or_words(written: object, priority: str | None) -> None:
    assert task(priority=written).get("priority") == priority
    if written in (4, 9):
        assert kept(priority=written)["priority"] == written


def test_blocks_is_a_dependency_and_other_links_are_kept_in_metadata() -> None:
    links = [
        {"issue_id": "bd-1", "depends_on_id": "bd-2", "type": "blocks"},
        {"issue_id": "bd-1", "depends_on_id": "bd-3", "type": "parent-child"},
        {"issue_id": "bd-1", "depends_on_id": "bd-2", "type": "discovered-from"},
        {"issue_id": "bd-1", "depends_on_id": "external:x", "type": "tracks"},
        "bd-3x",
        {"type": "blocks"},
    ]
    found = imported({"dependencies": links}, {"id": "bd-2"}, {"id": "bd-3"})
    first = found.tasks[0]
    assert first["dependencies"] == ["BD-2"]
    assert first["parent"] == "BD-3"
    assert [link.get("type") for link in first["metadata"]["beads"]["links"]] == [
        "discovered-from",
        "tracks",
        "blocks",
    ]
    assert first["metadata"]["beads"]["dropped_dependencies"] == ["bd-3x"]
    assert sentences(found, "dependency") == [
        "bd-1: It depends on bd-3x , which is not in the plan."
    ]


def test_a_link_belongs_to_the_issue_that_it_names() -> None:
    links = [
        {"issue_id": "bd-2", "depends_on_id": "bd-1", "type": "blocks"},
        {"issue_id": "bd-3", "depends_on_id": "bd-1", "type": "parent-child"},
        {"issue_id": "gone", "depends_on_id": "bd-1", "type": "blocks"},
    ]
    found = imported({"dependencies": links}, {"id": "bd-2"}, {"id": "bd-3"})
    first, second, third = found.tasks
    assert "dependencies" not in first
    assert second["dependencies"] == ["BD-1"]
    assert third["parent"] == "BD-1"
    assert first["metadata"]["beads"]["links"][0]["issue_id"] == "gone"


def test_a_dotted_id_names_a_parent_and_a_second_parent_is_kept_in_metadata() -> None:
    found = imported({}, {"id": "bd-1.2"}, {"id": "bd-1.3", "parent": "bd-2"}, {"id": "bd-2"})
    tasks = {each["id"]: each for each in found.tasks}
    assert tasks["BD-1-2"]["parent"] == "BD-1"
    assert tasks["BD-1-3"]["parent"] == "BD-2"
    both = imported(
        {"parent": "bd-2", "dependencies": [{"depends_on_id": "bd-3", "type": "parent-child"}]},
        {"id": "bd-2"},
        {"id": "bd-3"},
    )
    assert both.tasks[0]["parent"] == "BD-3"
    assert both.tasks[0]["metadata"]["beads"]["dropped_parents"] == ["bd-2"]


def test_ids_that_collide_or_have_no_place_get_others_and_a_note() -> None:
    found = imported({"id": "bd-a.1"}, {"id": "bd-a-1"}, {"id": "ünï"}, {"id": "bd"})
    ids = {each["metadata"]["beads"]["id"]: each["id"] for each in found.tasks}
    assert ids["bd-a-1"] == "BD-A-1"
    assert ids["bd-a.1"] == "BD-A-1-X2"
    assert ids["ünï"].startswith("IMPORT-")
    assert ids["bd"].startswith("IMPORT-")
    assert len(sentences(found, "id")) == 3


def test_of_two_lines_with_one_id_the_newer_counts() -> None:
    found = imported(
        {"title": "New", "updated_at": "2026-02-02T00:00:00Z"},
        {"title": "Old", "updated_at": "2026-01-02T00:00:00Z"},
    )
    assert [each["title"] for each in found.tasks] == ["New"]
    assert "Line 2 has its id too" in sentences(found, "duplicate")[0]


def test_lines_that_are_no_issues_are_noted_and_hide_no_others() -> None:
    lines = [
        b"{",
        b"[1]",
        b'{"title": "no id"}',
        b'{"id": "bd-9", "title": NaN}',
        b"[" * 100_000,
        b'{"id": "bd-\xff", "title": "bytes"}',
        b'{"id": "bd-7", "id": "bd-8", "title": "twice"}',
        b"",
        json.dumps(ISSUE).encode(),
    ]
    found = beads.read(b"\r\n".join(lines))
    assert {each["title"] for each in found.tasks} == {"One", "bytes", "twice"}
    assert [note.split(":")[0] for note in sentences(found, "line")] == [
        "line 1",
        "line 2",
        "line 3",
        "line 4",
        "line 5",
        "line 7",
    ]


def test_what_is_neither_known_nor_empty_goes_to_metadata_under_its_key() -> None:
    found = kept(
        ephemeral=True, comments=[{"author": "a", "text": "b\r\n\x1b[0m"}], design=None,
        close_reason="", weird={"a b": [1, 2.5, None]}, big=10**40,
    )  # fmt: skip
    assert found == {
        "id": "bd-1",
        "ephemeral": True,
        "comments": [{"author": "a", "text": "b\n[0m"}],
        "weird": {"a b": [1, 2.5, None]},
        "big": str(10**40),
    }


def test_a_key_that_is_ours_or_that_no_file_holds_gets_another_name() -> None:
    found = kept(links="x", copy=7, dropped_parents={"a": 1}, **{"<<": 1, "a\nb": 2, "": 3})
    assert found == {
        "id": "bd-1",
        "links_": "x",
        "copy_": 7,
        "dropped_parents_": {"a": 1},
        "_": 1,
        "a_b": 2,
        "__": 3,
    }


def test_odd_values_are_kept_and_noted() -> None:
    found = imported(
        {"estimated_minutes": "2h", "created_at": "soon", "dependencies": "bd-2", "labels": "one"}
    )
    assert found.tasks[0]["metadata"]["beads"] == {
        "id": "bd-1",
        "created_at": "soon",
        "estimated_minutes": "2h",
        "dependencies": "bd-2",
    }
    assert found.tasks[0]["labels"] == ["one"]
    assert len(found.notes) == 3


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    assert isinstance(beads.read(data), Imported)


@given(
    st.dictionaries(
        st.sampled_from([*ISSUE, "dependencies", "labels", "assignee", "due_at", "x"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
        | st.dictionaries(st.text(), st.text()),
    )
)  # fmt: skip
def test_no_value_makes_the_reader_fail(row: dict[str, Any]) -> None:
    beads.read(json.dumps({**row, "id": "bd-1"}).encode())
