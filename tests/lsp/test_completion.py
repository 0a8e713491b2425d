"""What is offered while somebody types."""

from pathlib import Path

import pytest

from tests.conftest import write
from tests.lsp.seat import TASKS, Seat, edited

NEW = f"{TASKS}/PAY-9.yaml"
HEAD = "id: PAY-9\ntitle: New\n"


def test_the_keys_that_are_not_there_yet_are_offered(seat: Seat) -> None:
    offered = seat.complete(NEW, HEAD + "|")
    assert offered[:2] == ["status", "priority"]
    assert "title" not in offered


def test_a_key_is_explained_from_the_model(seat: Seat) -> None:
    [item] = seat.offers(NEW, HEAD + "prio|").items
    assert "How much it matters" in str(item.documentation)
    assert item.text_edit is not None
    assert item.text_edit.new_text == "priority: "


def test_a_key_before_a_colon_gets_no_second_one(seat: Seat) -> None:
    text = HEAD + "prio|: high\n"
    [item] = seat.offers(NEW, text).items
    after = edited(text.replace("|", ""), [item.text_edit])  # type: ignore[list-item]
    assert after == HEAD + "priority: high\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("status: |", ["todo", "in_progress", "blocked", "in_review", "completed", "cancelled"]),
        ("status: in_|\nlabels: [a", ["in_progress", "in_review"]),
        ("priority: |", ["low", "medium", "high", "urgent"]),
        ("assignee: |", ["dana"]),
        ("time_entries:\n  - user: |", ["dana"]),
        ("labels: [|", ["api", "db"]),
        ("labels:\n  - d|", ["db"]),
        ("tests:\n  |", ["unit", "integration", "performance", "security"]),
        ("title: |", []),
        ("nonsense: |", []),
    ],
)
def test_the_words_that_fit_are_offered(seat: Seat, text: str, words: list[str]) -> None:
    assert seat.complete(NEW, f"id: PAY-9\n{text}") == words


def test_a_word_right_behind_the_colon_gets_a_space(seat: Seat) -> None:
    text = HEAD + "status:|"
    item = seat.offers(NEW, text).items[0]
    after = edited(text.replace("|", ""), [item.text_edit])  # type: ignore[list-item]
    assert after == HEAD + "status: todo"


def test_tasks_are_offered_with_title_and_status(seat: Seat) -> None:
    items = seat.offers(NEW, HEAD + "dependencies:\n  - |").items
    assert [(item.label, item.detail) for item in items] == [
        ("PAY-1", "Capture  (todo)"),
        ("PAY-2", "Retry  (todo)"),
        ("PAY-3", "Refund  (todo)"),
    ]


def test_a_task_is_found_by_its_title(seat: Seat) -> None:
    assert seat.complete(NEW, HEAD + "dependencies: [refu|") == ["PAY-3"]


def test_a_list_that_has_not_begun_is_begun(seat: Seat) -> None:
    item = seat.offers(NEW, HEAD + "dependencies: |").items[0]
    assert item.text_edit is not None
    assert item.text_edit.new_text == "[PAY-1]"


def test_a_task_is_not_offered_as_its_own_parent_nor_what_is_below_it(seat: Seat) -> None:
    text = "id: PAY-1\ntitle: Capture\nstatus: todo\nparent: |"
    assert seat.complete(f"{TASKS}/PAY-1.yaml", text) == ["PAY-3"]


def test_a_task_of_another_project_is_no_parent_but_may_be_a_dependency(plan: Path) -> None:
    write(plan, {
        "projects/ops/project.yaml": "id: ops\nkey: OPS\ntitle: Ops\nstatus: active\n",
        "projects/ops/tasks/OPS-1.yaml": "id: OPS-1\ntitle: Disk\nstatus: todo\n",
    })  # fmt: skip
    seat = Seat(plan)
    assert "OPS-1" not in seat.complete(NEW, HEAD + "parent: |")
    assert seat.complete(NEW, HEAD + "dependencies: [|")[-1] == "OPS-1"


def test_what_would_wait_for_itself_is_not_offered(seat: Seat) -> None:
    text = "id: PAY-2\ntitle: Retry\nstatus: todo\nparent: PAY-1\ndependencies: [|"
    # PAY-1 is above it, and PAY-3 waits for it.
    assert seat.complete(f"{TASKS}/PAY-2.yaml", text) == []


def test_what_is_listed_already_is_not_offered_again(seat: Seat) -> None:
    text = HEAD + "dependencies:\n  - PAY-1\n  - |"
    assert seat.complete(NEW, text) == ["PAY-2", "PAY-3"]


def test_a_deleted_task_is_not_offered(plan: Path) -> None:
    path = plan / f"{TASKS}/PAY-1.yaml"
    path.write_text(path.read_text() + "deleted_at: 2026-11-01T08:00:00Z\n")
    assert "PAY-1" not in Seat(plan).complete(NEW, HEAD + "dependencies: [|")


def test_settings_are_completed_down_to_their_words(seat: Seat) -> None:
    text = "version: 1\nname: Test\nrules:\n  ORC305: |"
    assert seat.complete("orchestrator.yaml", text) == ["error", "warning", "off"]
    text = "version: 1\nname: Test\nintegrations:\n  lin:\n    kind: lin|"
    assert seat.complete("orchestrator.yaml", text) == ["linear"]
    text = "version: 1\nname: Test\nintegrations:\n  lin:\n    projects: [|"
    assert seat.complete("orchestrator.yaml", text) == ["pay"]


def test_of_very_many_tasks_only_some_are_offered_and_more_when_more_is_typed(plan: Path) -> None:
    write(plan, {
        f"{TASKS}/BIG-{number}.yaml": f"id: BIG-{number}\ntitle: T\nstatus: todo\n"
        for number in range(150)
    })  # fmt: skip
    seat = Seat(plan)
    found = seat.offers(NEW, HEAD + "dependencies: [BIG|")
    assert found.is_incomplete
    assert len(found.items) == 100
    assert seat.complete(NEW, HEAD + "dependencies: [BIG-149|") == ["BIG-149"]


def test_nothing_is_offered_outside_of_a_plan(seat: Seat, tmp_path: Path) -> None:
    outside = tmp_path / "notes.yaml"
    seat.editor.open(outside.as_uri(), 1, "sta")
    assert seat.editor.find(outside.as_uri()) is None
