"""Symbols, folding, formatting and the line above a task."""

from pathlib import Path

import pytest
from lsprotocol import types

from orchestrator.errors import OrchestratorError
from tests.conftest import write
from tests.lsp.seat import TASKS, Seat, edited

ONE, TWO, THREE = (f"{TASKS}/PAY-{number}.yaml" for number in (1, 2, 3))


def document(seat: Seat, path: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(seat.uri(path))


def symbols(seat: Seat, path: str) -> list[types.DocumentSymbol]:
    params = types.DocumentSymbolParams(document(seat, path))
    return list(seat.ask(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, params))


def folds(seat: Seat, path: str) -> list[tuple[int, int]]:
    params = types.FoldingRangeParams(document(seat, path))
    found = seat.ask(types.TEXT_DOCUMENT_FOLDING_RANGE, params)
    return [(item.start_line, item.end_line) for item in found]


def found(seat: Seat, query: str) -> list[str]:
    params = types.WorkspaceSymbolParams(query)
    return [item.name for item in seat.ask(types.WORKSPACE_SYMBOL, params)]


def lenses(seat: Seat, path: str) -> list[str]:
    items = seat.ask(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensParams(document(seat, path)))
    return [item.command.title for item in items]


def formatted(seat: Seat, path: str) -> str:
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    params = types.DocumentFormattingParams(document(seat, path), options)
    return edited(seat.texts[path], seat.ask(types.TEXT_DOCUMENT_FORMATTING, params))


def test_the_symbols_of_a_file_are_its_keys(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\ntests:\n  unit: [a]\n")
    items = symbols(seat, THREE)
    assert [(item.name, item.detail) for item in items] == [
        ("id", "PAY-3"), ("title", "Refund"), ("status", "todo"), ("tests", None),
    ]  # fmt: skip
    assert [item.name for item in items[3].children or ()] == ["unit"]
    for item in items:
        assert item.range.start <= item.selection_range.start
        assert item.selection_range.end <= item.range.end


def test_a_half_typed_file_keeps_the_symbols_that_it_has(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nsta\n")
    assert [item.name for item in symbols(seat, THREE)][:2] == ["id", "title"]
    seat.open(THREE, "- [")
    assert symbols(seat, THREE) == []


def test_long_values_and_blocks_of_comments_fold(seat: Seat) -> None:
    seat.open(
        THREE,
        "# one\n# two\nid: PAY-3\ndescription: |\n  a\n  b\ntests:\n  unit:\n    - a\n    - b\n",
    )
    assert folds(seat, THREE) == [(0, 1), (3, 5), (6, 9), (7, 9)]
    seat.open(THREE, "id: [\n")
    assert folds(seat, THREE) == []


def test_tasks_projects_and_people_are_found_by_id_and_name(seat: Seat) -> None:
    assert found(seat, "pay-2") == ["PAY-2 Retry"]
    assert found(seat, "capt") == ["PAY-1 Capture"]
    assert found(seat, "payments") == ["pay Payments"]
    assert found(seat, "ionescu") == ["dana Dana Ionescu"]
    assert found(seat, "nothing of this name") == []
    assert found(seat, "") == ["PAY-1 Capture", "PAY-2 Retry", "PAY-3 Refund"]


def test_a_buffer_is_found_by_what_it_says_now(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\ntitle: Chargeback\nstatus: todo\n")
    assert found(seat, "charge") == ["PAY-3 Chargeback"]


def test_a_file_is_formatted_as_fmt_does_it(seat: Seat) -> None:
    seat.open(
        THREE, "status:   todo\r\ntitle: 'Refund'   # why\r\nid: PAY-3\r\nlabels: [ a,b ]\r\n"
    )
    assert formatted(seat, THREE) == (
        "id: PAY-3\ntitle: Refund  # why\nstatus: todo\nlabels: [a, b]\n"
    )


def test_a_file_in_its_canonical_form_gets_no_edit(seat: Seat) -> None:
    text = seat.open(TWO)
    assert formatted(seat, TWO) == text


def test_what_fmt_refuses_is_refused_in_its_sentence(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\ntitle: [\n")
    with pytest.raises(OrchestratorError) as refused:
        formatted(seat, THREE)
    assert refused.value.message.endswith(".")
    seat.open("projects/pay/notes.md", "[ ")
    assert formatted(seat, "projects/pay/notes.md") == "[ "


def test_the_line_above_a_task_says_what_it_waits_for_and_what_waits(seat: Seat) -> None:
    assert lenses(seat, THREE) == ["waits for PAY-2"]
    assert lenses(seat, TWO) == ["blocks PAY-3"]


def test_and_how_far_it_is(plan: Path) -> None:
    stamps = "created_at: 2026-11-01T08:00:00Z\ncompleted_at: 2026-11-02T08:00:00Z\n"
    write(plan, {
        TWO: f"id: PAY-2\ntitle: Retry\nstatus: completed\nparent: PAY-1\n{stamps}",
        f"{TASKS}/PAY-4.yaml": "id: PAY-4\ntitle: Log\nstatus: todo\nparent: PAY-1\n",
    })  # fmt: skip
    seat = Seat(plan)
    assert lenses(seat, ONE) == ["1 of 2 done, 50 %"]
    assert lenses(seat, "projects/pay/project.yaml") == ["1 of 3 done, 33 %"]
    assert lenses(seat, "users/dana.yaml") == []


def test_a_file_in_a_circle_breaks_no_view(seat: Seat) -> None:
    seat.open(
        ONE, "id: PAY-1\ntitle: C\nstatus: todo\nparent: PAY-2\ndependencies: [PAY-1, PAY-3]\n"
    )
    seat.open(TWO, "id: PAY-2\ntitle: R\nstatus: todo\nparent: PAY-1\ndependencies: [PAY-1]\n")
    for path in (ONE, TWO, THREE):
        assert isinstance(lenses(seat, path), list)
        params = types.HoverParams(**seat.at(path, "PAY-", 1))
        assert seat.ask(types.TEXT_DOCUMENT_HOVER, params) is not None
        params_ = types.CompletionParams(**seat.at(path, "PAY-", 1))
        assert seat.ask(types.TEXT_DOCUMENT_COMPLETION, params_) is not None
