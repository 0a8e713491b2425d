"""What is offered to do about problems, and what the files say afterwards."""

from pathlib import Path

from lsprotocol import types

from orchestrator.lsp.actions import FIX_ALL
from tests.conftest import NOW, write
from tests.lsp.seat import TASKS, Seat

ONE, TWO, THREE = (f"{TASKS}/PAY-{number}.yaml" for number in (1, 2, 3))
HEAD = "id: PAY-3\ntitle: Refund\n"


def mended(seat: Seat, path: str, title: str) -> str:
    """Return a file after the action of this title; it must be offered once."""
    [action] = [item for item in seat.actions(path) if item.title == title]
    return seat.after(action.edit)[path]


def test_a_stamp_that_is_missing_is_set(seat: Seat) -> None:
    seat.open(THREE, HEAD + "status: in_progress\ncreated_at: 2026-11-01T08:00:00Z\n")
    assert mended(seat, THREE, f"Set started_at to {NOW.isoformat()}") == (
        HEAD + "status: in_progress\ncreated_at: 2026-11-01T08:00:00Z\n"
        f"started_at: {NOW.isoformat()}\n"
    )


def test_an_action_names_the_problem_that_it_mends(seat: Seat) -> None:
    seat.open(THREE, HEAD + "status: todo\nparent: PAY-9\n")
    for action in seat.actions(THREE):
        assert action.diagnostics == seat.shown[THREE]


def test_a_parent_that_is_not_there_is_removed_or_corrected(seat: Seat) -> None:
    seat.open(THREE, HEAD + "status: todo\nparent: PAY-9  # why\n")
    assert mended(seat, THREE, "Remove the parent") == HEAD + "status: todo\n"
    changed = mended(seat, THREE, "Change PAY-9 to PAY-1")
    assert changed == HEAD + "status: todo\nparent: PAY-1  # why\n"


def test_a_dependency_that_is_not_there_is_removed_alone_or_with_its_list(seat: Seat) -> None:
    seat.open(THREE, HEAD + "status: todo\ndependencies:\n  - PAY-1\n  - NO-9\n")
    title = "Remove the dependency on NO-9"
    assert mended(seat, THREE, title) == HEAD + "status: todo\ndependencies:\n  - PAY-1\n"
    seat.open(THREE, HEAD + "status: todo\ndependencies: ['NO-9']\n")
    assert mended(seat, THREE, title) == HEAD + "status: todo\n"


def test_a_circle_is_broken_here(seat: Seat) -> None:
    seat.open(TWO, "id: PAY-2\ntitle: Retry\nstatus: todo\ndependencies: [PAY-1, PAY-3]\n")
    title = "Break the circle here: remove the dependency on PAY-3"
    assert mended(seat, TWO, title).endswith("dependencies: [PAY-1]\n")


def test_a_circle_of_parents_is_broken_here(seat: Seat) -> None:
    text = seat.open(ONE)
    seat.open(ONE, f"{text}parent: PAY-2\n")
    assert mended(seat, ONE, "Break the circle here: remove the parent") == text


def test_a_key_that_was_mistyped_is_corrected_in_its_place(seat: Seat) -> None:
    seat.open(THREE, HEAD + "staus: todo  # now\nlabels: [a]\n")
    assert (
        mended(seat, THREE, "Change staus to status") == HEAD + "status: todo  # now\nlabels: [a]\n"
    )


def test_a_word_that_was_mistyped_keeps_its_quotation_marks(seat: Seat) -> None:
    seat.open(THREE, HEAD + "status: 'done'\n")
    assert mended(seat, THREE, "Change 'done' to completed") == HEAD + "status: 'completed'\n"


def test_a_task_that_depends_on_itself_no_longer_does(seat: Seat) -> None:
    seat.open(THREE, HEAD + "status: todo\ndependencies: [PAY-3, PAY-1]\n")
    assert mended(seat, THREE, "Remove this one of dependencies").endswith(
        "dependencies: [PAY-1]\n"
    )


def test_all_that_can_be_mended_is_mended_at_once(seat: Seat) -> None:
    text = "status: completed\nactual_minutes: 5\ncreated_at: 2026-11-01T08:00:00Z\n"
    seat.open(THREE, f"{HEAD}{text}time_entries: [{{at: 2026-11-02T08:00:00Z, minutes: 7}}]\n")
    [action] = seat.actions(THREE, ["source.fixAll"])
    assert action.kind == FIX_ALL
    seat.open(THREE, seat.after(action.edit)[THREE])
    assert seat.shown == {}


def test_only_the_kinds_that_are_wanted_are_offered(seat: Seat) -> None:
    seat.open(THREE, HEAD + "status: in_progress\ncreated_at: 2026-11-01T08:00:00Z\n")
    kinds = {str(getattr(item.kind, "value", item.kind)) for item in seat.actions(THREE)}
    assert kinds == {"quickfix", FIX_ALL}
    only = seat.actions(THREE, ["quickfix"])
    assert [item.kind for item in only] == [types.CodeActionKind.QuickFix]
    assert seat.actions(THREE, ["refactor"]) == []


def test_a_broken_file_is_offered_nothing(seat: Seat) -> None:
    seat.open(THREE, HEAD + "status: [\n")
    assert seat.actions(THREE) == []


def test_a_stamp_is_of_the_moment_at_which_it_is_asked_for(plan: Path) -> None:
    write(plan, {THREE: HEAD + "status: in_progress\ncreated_at: 2026-11-01T08:00:00Z\n"})
    seat = Seat(plan)
    seat.open(THREE)
    later = NOW.replace(hour=20)
    seat.desk.clock = lambda: later
    assert f"Set started_at to {later.isoformat()}" in [item.title for item in seat.actions(THREE)]
