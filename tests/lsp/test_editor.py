"""Workspaces that come, go and change on the disk while an editor has them open."""

import os
import shutil
from pathlib import Path

from orchestrator.lsp.editor import Editor, path_of
from tests.conftest import NOW, PLAN, write
from tests.lsp.seat import TASKS, Seat

ONE, TWO, THREE = (f"{TASKS}/PAY-{number}.yaml" for number in (1, 2, 3))
BROKEN = "id: PAY-3\ntitle: Refund\nstatus: todo\nparent: PAY-9\n"


def test_a_file_that_changes_on_the_disk_is_seen_when_the_client_says_so(seat: Seat) -> None:
    write(seat.root, {THREE: BROKEN})
    seat.editor.watched([seat.uri(THREE)])
    seat.look()
    assert seat.codes(THREE) == ["ORC202"]


def test_and_when_nobody_says_so_at_the_next_look(seat: Seat) -> None:
    write(seat.root, {THREE: BROKEN, f"{TASKS}/PAY-9.txt": "notes\n"})
    seat.editor.rescan()
    seat.look()
    assert seat.codes(THREE) == ["ORC202"]
    assert seat.codes(f"{TASKS}/PAY-9.txt") == ["ORC105"]


def test_an_open_file_is_what_the_editor_says_whatever_the_disk_says(seat: Seat) -> None:
    seat.open(THREE)
    write(seat.root, {THREE: BROKEN})
    seat.editor.watched([seat.uri(THREE)])
    seat.editor.rescan()
    seat.look()
    assert seat.shown == {}
    seat.close(THREE)
    assert seat.codes(THREE) == ["ORC202"]


def test_files_that_are_made_and_removed_are_followed(seat: Seat) -> None:
    (seat.root / TWO).unlink()
    seat.editor.watched([seat.uri(TWO)])
    seat.look()
    assert seat.codes(THREE) == ["ORC206"]
    write(seat.root, {TWO: PLAN[TWO]})
    seat.editor.watched([seat.uri(TWO)])
    seat.look()
    assert seat.shown == {}


def test_an_open_file_that_is_renamed_takes_its_problems_along(seat: Seat) -> None:
    seat.open(THREE, BROKEN)
    new = f"{TASKS}/PAY-33.yaml"
    (seat.root / THREE).rename(seat.root / new)
    seat.close(THREE)
    seat.open(new, BROKEN.replace("PAY-3\n", "PAY-33\n"))
    seat.editor.watched([seat.uri(THREE), seat.uri(new)])
    seat.look()
    assert set(seat.shown) == {new}
    assert seat.codes(new) == ["ORC202"]


def test_ten_thousand_events_for_files_that_are_not_there_are_nothing_special(seat: Seat) -> None:
    seat.editor.watched(seat.uri(f"{TASKS}/PAY-{number}.yaml") for number in range(10_000))
    seat.look()
    assert seat.shown == {}


def test_a_workspace_that_vanishes_takes_its_problems_along_and_may_come_back(seat: Seat) -> None:
    seat.open(THREE, BROKEN)
    assert seat.codes(THREE) == ["ORC202"]
    shutil.move(seat.root, seat.root.with_name("away"))
    seat.editor.rescan()
    seat.look()
    assert seat.shown == {}
    assert seat.editor.find(seat.uri(THREE)) is None
    seat.type(THREE, "PAY-9", "PAY-8")
    shutil.move(seat.root.with_name("away"), seat.root)
    seat.editor.rescan()
    seat.look()
    assert "PAY-8" in seat.shown[THREE][0].message


def test_a_workspace_that_appears_is_found_by_the_file_that_is_open(tmp_path: Path) -> None:
    root = tmp_path / "late"
    root.mkdir()
    seat = Seat(root)
    (root / TASKS).mkdir(parents=True)
    seat.open(THREE, BROKEN)
    assert seat.shown == {}
    write(root, PLAN)
    seat.editor.watched([seat.uri("orchestrator.yaml")])
    seat.look()
    assert seat.codes(THREE) == ["ORC202"]


def test_several_workspaces_are_kept_apart(plan: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other, PLAN)
    seat = Seat(plan)
    seat.editor.set_folders([other.as_uri()])
    seat.open(THREE, BROKEN)
    assert len(seat.editor.plans) == 2
    assert list(seat.shown) == [THREE]
    seat.editor.set_folders([], [other.as_uri()])
    seat.look()
    assert list(seat.shown) == [THREE]
    assert len(seat.editor.plans) == 1


def test_a_folder_that_is_closed_takes_its_problems_along_but_for_open_files(seat: Seat) -> None:
    seat.open(THREE, BROKEN)
    seat.editor.set_folders([], [seat.root.as_uri()])
    seat.look()
    assert seat.codes(THREE) == ["ORC202"]
    seat.close(THREE)
    seat.editor.rescan()
    seat.look()
    assert seat.shown == {}
    assert seat.editor.plans == {}


def test_a_workspace_inside_of_the_folder_that_is_open_is_found(plan: Path) -> None:
    write(plan, {THREE: BROKEN})
    editor = Editor()
    editor.set_folders([plan.parent.as_uri()])
    assert [item.uri for item in editor.publications(NOW)] == [(plan / THREE).as_uri()]


def test_a_file_behind_a_symbolic_link_is_none_of_the_plan(seat: Seat) -> None:
    (seat.root / f"{TASKS}/PAY-4.yaml").symlink_to("PAY-1.yaml")
    seat.editor.rescan()
    seat.open(f"{TASKS}/PAY-4.yaml", BROKEN)
    assert seat.codes(f"{TASKS}/PAY-4.yaml") == ["ORC006"]


def test_one_workspace_by_two_paths_is_one(plan: Path, tmp_path: Path) -> None:
    alias = tmp_path / "alias"
    alias.symlink_to(plan)
    seat = Seat(plan)
    seat.editor.open((alias / THREE).as_uri(), 1, BROKEN)
    told = list(seat.editor.publications(NOW))
    assert [item.uri for item in told] == [(alias / THREE).as_uri()]
    assert len(seat.editor.plans) == 1


def test_a_uri_that_is_spelled_otherwise_names_the_same_file(seat: Seat) -> None:
    odd = seat.uri(THREE).replace("PAY-3", "PAY%2D3")
    seat.editor.open(odd, 1, BROKEN)
    assert [item.uri for item in seat.editor.publications(NOW)] == [odd]
    seat.editor.open(seat.uri(THREE), 1, BROKEN)
    seat.editor.close(odd)
    told = {item.uri: item.diagnostics for item in seat.editor.publications(NOW)}
    assert told[odd] == []
    assert told[seat.uri(THREE)]


def test_other_schemes_and_odd_uris_name_no_file() -> None:
    for uri in ("untitled:Untitled-1", "git:/a/b", "file://", "file:///a%00b", "x", "", "file:rel"):
        assert path_of(uri) is None


def test_a_buffer_of_no_file_is_kept_and_asked_about_in_vain(seat: Seat) -> None:
    seat.editor.open("untitled:Untitled-1", 1, "status: ")
    seat.editor.close("untitled:Untitled-1")
    seat.editor.close("untitled:never-opened")
    assert seat.editor.find("untitled:Untitled-1") is None


def test_a_file_that_cannot_be_read_is_a_problem(seat: Seat) -> None:
    if os.geteuid() == 0:
        (seat.root / THREE).unlink()
        os.mkfifo(seat.root / THREE)
    else:
        (seat.root / THREE).chmod(0)
    seat.editor.rescan()
    seat.look()
    assert seat.shown[THREE][0].code in ("ORC105", "ORC006")


def test_nothing_is_ever_written(seat: Seat) -> None:
    before = {path: path.read_bytes() for path in seat.root.rglob("*") if path.is_file()}
    seat.open(THREE, BROKEN)
    seat.actions(THREE)
    seat.close(THREE)
    seat.editor.rescan()
    assert {path: path.read_bytes() for path in seat.root.rglob("*") if path.is_file()} == before


def test_a_checkout_of_very_many_files_is_taken_in_one_go(plan: Path) -> None:
    paths = [f"{TASKS}/BIG-{number}.yaml" for number in range(2_000)]
    write(plan, {path: f"id: {Path(path).stem}\ntitle: T\nstatus: todo\n" for path in paths})
    seat = Seat(plan)
    assert seat.shown == {}
    write(plan, {path: f"id: {Path(path).stem}\ntitle: T\nstatus: done\n" for path in paths})
    seat.editor.watched(map(seat.uri, paths))
    seat.look()
    assert sorted(seat.shown) == sorted(paths)
