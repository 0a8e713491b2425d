"""What is underlined while somebody types."""

from pathlib import Path

import pytest
from lsprotocol.types import DiagnosticSeverity

from tests.conftest import write
from tests.lsp.seat import TASKS, Seat

ONE, TWO, THREE = (f"{TASKS}/PAY-{number}.yaml" for number in (1, 2, 3))


def test_a_plan_that_is_right_shows_nothing(seat: Seat) -> None:
    assert seat.shown == {}


def test_a_mistake_is_shown_at_its_value_and_goes_away_with_it(seat: Seat) -> None:
    seat.open(THREE)
    seat.type(THREE, "status: todo", "status: donee")
    [item] = seat.shown[THREE]
    assert (item.code, item.severity, item.source) == (
        "ORC103", DiagnosticSeverity.Error, "orchestrator",
    )  # fmt: skip
    assert seat.marked(THREE) == ["donee"]
    seat.type(THREE, "donee", "todo")
    assert seat.shown == {}


def test_the_hint_is_in_the_message(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\nparnt: PAY-1\n")
    [item] = seat.shown[THREE]
    assert item.message == "parnt is no field of a task.\nDid you mean parent ?"
    assert seat.marked(THREE) == ["parnt"]


def test_the_code_leads_to_the_page_of_the_rule(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\nparent: PAY-9\n")
    [item] = seat.shown[THREE]
    assert item.code_description is not None
    page = Path(item.code_description.href.removeprefix("file://"))
    assert page.read_text().startswith("# ORC202")


def test_an_edit_that_breaks_another_file_shows_there(seat: Seat) -> None:
    seat.open(TWO)
    seat.type(TWO, "id: PAY-2", "id: PAY-22")
    assert "ORC206" in seat.codes(THREE)
    seat.type(TWO, "id: PAY-22", "id: PAY-2")
    assert seat.shown == {}


def test_an_unsaved_file_counts_and_is_forgotten_when_it_is_closed(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\ndependencies: [PAY-7]\n")
    assert seat.codes(THREE) == ["ORC206"]
    new = f"{TASKS}/PAY-7.yaml"
    seat.open(new, "id: PAY-7\ntitle: New\nstatus: todo\n")
    assert seat.shown == {}
    seat.close(new)
    assert seat.codes(THREE) == ["ORC206"]
    seat.close(THREE)
    assert seat.shown == {}


def test_only_what_changed_is_told(seat: Seat) -> None:
    seat.open(ONE, "id: PAY-1\ntitle: Capture\nstatus: nonsense\n")
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\nparent: PAY-9\n")
    assert seat.told == [THREE]
    seat.type(THREE, "Refund", "Refund it")
    assert seat.told == []
    seat.type(THREE, "PAY-9", "PAY-2")
    assert seat.told == [THREE]


def test_what_moves_down_a_line_is_told_again(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\nparent: PAY-9\n")
    seat.type(THREE, "id: PAY-3\n", "# why\nid: PAY-3\n")
    assert seat.told == [THREE]
    assert seat.marked(THREE) == ["PAY-9"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("parent: PAY-9  # why", ["PAY-9"]),
        ("parent: 'PAY-9'  # why", ["'PAY-9'"]),
        ('parent: "PAY-9"', ['"PAY-9"']),
        ("dependencies: [PAY-1, PAY-9, PAY-2]", ["PAY-9"]),
        ("dependencies:\n- PAY-1\n- PAY-9 # why", ["PAY-9"]),
        ("description: 😀 |\ntests: {unit: 1}", ["1"]),
        ("labels: x", ["x"]),
        ("due_date: 2026-02-30", ["2026-02-30"]),
        ("time_entries:\n  - minutes: 5", ["- minutes"]),
        ("no colon here", ["no colon here"]),
    ],
)
def test_the_value_is_underlined_not_just_its_first_character(
    seat: Seat, text: str, marked: list[str]
) -> None:
    seat.open(THREE, f"id: PAY-3\ntitle: Refund\nstatus: todo\n{text}\n")
    assert seat.marked(THREE) == marked


def test_columns_are_in_utf_16(seat: Seat) -> None:
    seat.open(
        THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\nlabels: [😀😀, 😀😀]\nparent: PAY-9\n"
    )
    [first, _] = seat.shown[THREE]
    assert (first.range.start.line, first.range.start.character) == (3, 8)
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\ndependencies: ['😀', PAY-1]\n")
    assert seat.marked(THREE) == ["'😀'"]


def test_line_ends_of_windows_leave_places_right(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\r\ntitle: Refund\r\nstatus: todo\r\nparent: PAY-9\r\n")
    assert sorted(zip(seat.codes(THREE), seat.marked(THREE), strict=True))[1] == ("ORC202", "PAY-9")


def test_a_circle_points_at_the_other_tasks_in_it(seat: Seat) -> None:
    seat.open(TWO)
    seat.type(TWO, "parent: PAY-1", "dependencies: [PAY-3]")
    [item] = seat.shown[TWO]
    assert item.code == "ORC207"
    assert item.related_information is not None
    assert [seat.path(other.location.uri) for other in item.related_information] == [THREE]
    assert item.related_information[0].message == "PAY-3 Refund"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "[",
        "id: PAY-3\n<<<<<<< HEAD\nstatus: todo\n=======\nstatus: blocked\n>>>>>>> main\n",
        'id: PAY-3\ntitle: "never closed\nstatus: todo\n',
        "- a\n- b\n",
        "\ufeffid: PAY-3\n",
        "id: PAY-3\ntitle: \ud800\nstatus: todo\n",
        "id: PAY-3\ntitle: a\x00b\nstatus: todo\n",
        "id: PAY-3\ntitle: &a x\nstatus: *a\n",
        "id: PAY-3\rtitle: x\rstatus: todo\r",
        "{" * 5000,
        "a:\n" + "\n".join(" " * depth + "a:" for depth in range(1, 40)),
        "x" * 10_000_000,
        "title: x\n" * 1_200_000,
    ],
)  # fmt: skip
def test_a_broken_file_has_problems_and_breaks_nothing_else(seat: Seat, text: str) -> None:
    seat.open(THREE, text)
    assert seat.codes(THREE)
    assert set(seat.shown) == {THREE}
    for item in seat.shown[THREE]:
        assert item.range.start.line >= 0
        assert (item.range.start.line, item.range.start.character) <= (
            item.range.end.line, item.range.end.character,
        )  # fmt: skip
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\n")
    assert seat.shown == {}


def test_broken_settings_are_shown_where_they_are(seat: Seat) -> None:
    seat.open("orchestrator.yaml", "version: 1\nname: [\n")
    assert seat.codes("orchestrator.yaml") == ["ORC001"]
    seat.type("orchestrator.yaml", "[", "Test\nrules: {ORC306: off}")
    assert seat.shown == {}


def test_templates_are_checked_while_they_are_typed(seat: Seat) -> None:
    seat.open("templates/bug.yaml", "nonsense: [\n")
    assert seat.codes("templates/bug.yaml") == ["ORC001"]
    seat.close("templates/bug.yaml")
    assert seat.shown == {}


def test_files_that_hold_no_part_of_the_plan_are_left_alone(seat: Seat) -> None:
    seat.open("README.md", "[" * 100)
    seat.open("projects/pay/notes/x.md", "[")
    assert seat.shown == {}


def test_what_no_editor_should_show_is_escaped(plan: Path) -> None:
    write(plan, {THREE: 'id: PAY-3\ntitle: R\nstatus: "a\\e[31m\\u202eb"\n'})
    seat = Seat(plan)
    [item] = seat.shown[THREE]
    assert item.message.replace("\n", "").isprintable()


def test_a_byte_order_mark_that_the_editor_keeps_to_itself_is_a_problem(seat: Seat) -> None:
    text = (seat.root / THREE).read_text()
    (seat.root / THREE).write_text(text, encoding="utf-8-sig")
    seat.open(THREE, text)
    assert seat.codes(THREE) == ["ORC004"]
    seat.type(THREE, "Refund", "Give back")
    assert seat.codes(THREE) == ["ORC004"]
    assert seat.marked(THREE) == ["id: PAY-3"]
    (seat.root / THREE).write_text(seat.texts[THREE], encoding="utf-8")
    seat.desk.editor.rescan()
    seat.look()
    assert seat.shown == {}
