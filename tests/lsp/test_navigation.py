"""From an id to what it names, to all that name it, and to another id."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from orchestrator.errors import OrchestratorError
from orchestrator.lsp.edits import Powers
from tests.conftest import write
from tests.lsp.seat import TASKS, Seat

ONE, TWO, THREE = (f"{TASKS}/PAY-{number}.yaml" for number in (1, 2, 3))


def definition(seat: Seat, *place: Any) -> tuple[str, int] | None:
    found = seat.ask(types.TEXT_DOCUMENT_DEFINITION, types.DefinitionParams(**seat.at(*place)))
    return None if found is None else (seat.path(found.uri), found.range.start.line)


def references(seat: Seat, *place: Any, declares: bool = False) -> list[tuple[str, str]]:
    context = types.ReferenceContext(declares)
    params = types.ReferenceParams(context=context, **seat.at(*place))
    found = seat.ask(types.TEXT_DOCUMENT_REFERENCES, params) or []
    shown = []
    for item in found:
        path = seat.path(item.uri)
        spot = seat.editor.find(item.uri)
        assert spot is not None
        lines = spot.plan.lines(path)
        start, end = lines.offset(item.range.start), lines.offset(item.range.end)
        shown.append((path, lines.text[start:end]))
    return shown


def hover(seat: Seat, *place: Any) -> str:
    found = seat.ask(types.TEXT_DOCUMENT_HOVER, types.HoverParams(**seat.at(*place)))
    return "" if found is None else str(found.contents.value)


def rename(seat: Seat, path: str, needle: str, new: str) -> dict[str, str]:
    params = types.RenameParams(new_name=new, **seat.at(path, needle))
    return seat.after(seat.ask(types.TEXT_DOCUMENT_RENAME, params))


def test_the_definition_of_a_task_is_its_file(seat: Seat) -> None:
    assert definition(seat, THREE, "PAY-2") == (TWO, 0)
    assert definition(seat, THREE, "PAY-2", 5) == (TWO, 0)
    assert definition(seat, TWO, "parent", 2) is None


def test_and_of_a_person_theirs(seat: Seat) -> None:
    assert definition(seat, ONE, "dana", 1) == ("users/dana.yaml", 0)


def test_an_id_in_a_comment_leads_to_its_task(seat: Seat) -> None:
    seat.open(ONE, "# after PAY-3\nid: PAY-1\ntitle: Capture\nstatus: todo\n")
    assert definition(seat, ONE, "PAY-3") == (THREE, 0)


def test_an_id_that_nothing_has_leads_nowhere(seat: Seat) -> None:
    seat.open(THREE, "id: PAY-3\ntitle: Refund\nstatus: todo\nparent: NO-1\n")
    assert definition(seat, THREE, "NO-1") is None


def test_a_task_whose_file_is_broken_is_found_all_the_same(seat: Seat) -> None:
    seat.open(TWO, "id: [PAY-2\n")
    assert definition(seat, THREE, "PAY-2") == (TWO, 0)


def test_references_are_found_in_files_and_buffers(seat: Seat) -> None:
    assert references(seat, ONE, "PAY-1") == [(TWO, "PAY-1")]
    seat.open(THREE, "id: PAY-3\ntitle: R\nstatus: todo\ndependencies: ['PAY-1', PAY-2]\n")
    assert references(seat, ONE, "PAY-1") == [(TWO, "PAY-1"), (THREE, "'PAY-1'")]
    assert references(seat, TWO, "PAY-1", declares=True)[0] == (ONE, "PAY-1")


def test_references_of_a_person(seat: Seat) -> None:
    seat.open(
        "projects/pay/project.yaml",
        "id: pay\nkey: PAY\ntitle: Payments\nstatus: active\nowner: dana\n",
    )
    assert references(seat, "users/dana.yaml", "dana") == [
        (ONE, "dana"), ("projects/pay/project.yaml", "dana"),
    ]  # fmt: skip


def test_hover_says_what_a_task_is_and_what_holds_it_up(seat: Seat) -> None:
    said = hover(seat, TWO, "PAY-1")
    assert said.startswith("**PAY-1** Capture\n\ntodo · high · Dana Ionescu")
    assert hover(seat, THREE, "PAY-3").endswith("Waits for:\n\n- PAY-2 Retry (todo)")
    assert hover(seat, THREE, "PAY-2").endswith("Blocks:\n\n- PAY-3 Refund (todo)")


def test_hover_says_how_far_a_task_with_others_below_it_is(plan: Path) -> None:
    stamps = "created_at: 2026-11-01T08:00:00Z\ncompleted_at: 2026-11-02T08:00:00Z\n"
    write(plan, {
        TWO: f"id: PAY-2\ntitle: Retry\nstatus: completed\nparent: PAY-1\n{stamps}",
        f"{TASKS}/PAY-4.yaml": "id: PAY-4\ntitle: Log\nstatus: todo\nparent: PAY-1\n",
    })  # fmt: skip
    seat = Seat(plan)
    assert "Progress: 1 of 2 done, 50 %" in hover(seat, TWO, "PAY-1")
    assert "Part of: PAY-1 Capture" in hover(seat, TWO, "PAY-2")


def test_what_a_file_says_cannot_become_markdown(seat: Seat) -> None:
    title = "<img src=x> [a](javascript:b) `c` **d**"
    seat.open(ONE, f"id: PAY-1\ntitle: '{title}'\nstatus: todo\n")
    said = hover(seat, TWO, "PAY-1")
    assert "\\<img src=x\\>" in said
    assert "\\[a\\]\\(javascript:b\\)" in said
    assert "\\`c\\` \\*\\*d\\*\\*" in said


def test_hover_explains_keys_words_and_rules(seat: Seat) -> None:
    assert hover(seat, TWO, "parent", 2).startswith("**parent** The task that this one is a part")
    assert "(required)" in hover(seat, TWO, "status", 2)
    assert "`in_progress`" in hover(seat, TWO, "todo", 1)
    assert hover(seat, TWO, "Retry", 1) == ""
    seat.open("orchestrator.yaml", "version: 1\nname: Test\nrules:\n  ORC305: off\n")
    assert hover(seat, "orchestrator.yaml", "ORC305", 2).startswith("# ORC305")


def test_hover_says_who_a_person_is(seat: Seat) -> None:
    assert hover(seat, ONE, "dana", 1) == ("**dana** Dana Ionescu\n\nhuman · member\n\n1 open task")


def test_renaming_a_task_changes_its_file_its_name_and_all_that_name_it(seat: Seat) -> None:
    assert rename(seat, THREE, "PAY-2", "PAY-22") == {
        f"{TASKS}/PAY-22.yaml": "id: PAY-22\ntitle: Retry\nstatus: todo\nparent: PAY-1\n",
        THREE: "id: PAY-3\ntitle: Refund\nstatus: todo\ndependencies:\n  - PAY-22\n",
    }


def test_renaming_keeps_what_is_typed_and_not_saved(seat: Seat) -> None:
    seat.open(TWO, "id: PAY-2  # mine\ntitle: Again\nstatus: todo\nparent: PAY-1\n")
    after = rename(seat, THREE, "PAY-2", "PAY-22")
    assert after[f"{TASKS}/PAY-22.yaml"].startswith("id: PAY-22  # mine\ntitle: Again\n")


def test_an_edit_of_an_open_file_names_its_version(seat: Seat) -> None:
    seat.open(TWO)
    params = types.RenameParams(new_name="PAY-22", **seat.at(TWO, "PAY-2"))
    edit = seat.ask(types.TEXT_DOCUMENT_RENAME, params)
    versions = {
        seat.path(item.text_document.uri): item.text_document.version
        for item in edit.document_changes
        if isinstance(item, types.TextDocumentEdit)
    }
    assert versions == {TWO: 1, THREE: None}


def test_a_client_that_cannot_rename_files_gets_the_texts_alone(seat: Seat) -> None:
    seat.desk.powers = Powers(has_versions=False, can_rename=False)
    params = types.RenameParams(new_name="PAY-22", **seat.at(TWO, "PAY-2"))
    edit = seat.ask(types.TEXT_DOCUMENT_RENAME, params)
    assert edit.document_changes is None
    assert {seat.path(uri) for uri in edit.changes} == {TWO, THREE}


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("PAY-1", "The id PAY-1 is taken."),
        ("pay-7", "'pay-7' is not an id."),
        ("../../x", "'../../x' is not an id."),
        ("", "'' is not an id."),
    ],
)
def test_an_impossible_name_is_refused_in_a_sentence(seat: Seat, new: str, sentence: str) -> None:
    with pytest.raises(OrchestratorError) as refused:
        rename(seat, TWO, "PAY-2", new)
    assert refused.value.message == sentence


def test_only_the_id_of_a_task_that_exists_can_be_renamed(seat: Seat) -> None:
    def can(path: str, needle: str) -> bool:
        params = types.PrepareRenameParams(**seat.at(path, needle))
        return seat.ask(types.TEXT_DOCUMENT_PREPARE_RENAME, params) is not None

    assert can(TWO, "PAY-1")
    assert not can(TWO, "Retry")
    assert not can(ONE, "dana")
    with pytest.raises(OrchestratorError, match="No task's id is here"):
        rename(seat, ONE, "dana", "lee")
