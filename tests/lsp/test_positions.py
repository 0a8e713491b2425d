"""Lines and columns as editors count them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, Range

from orchestrator.lsp.positions import Encoding, Lines

TEXT = "id: A\r\ntitle: 😀 café\u2028x\rend\n"


def test_a_character_beyond_the_basic_plane_counts_twice_in_utf_16() -> None:
    lines = Lines("a😀b\n")
    assert lines.position(2) == Position(0, 3)
    assert lines.offset(Position(0, 3)) == 2


def test_a_position_inside_of_a_character_is_the_one_before_it() -> None:
    assert Lines("a😀b").offset(Position(0, 2)) == 1


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 17), ("utf-16", 14), ("utf-32", 13)])
def test_columns_are_counted_as_the_client_agreed(encoding: Encoding, column: int) -> None:
    lines = Lines(TEXT, encoding)
    offset = TEXT.index("\u2028")
    assert lines.position(offset) == Position(1, column)
    assert lines.offset(Position(1, column)) == offset


def test_lines_end_at_lf_crlf_and_cr_and_at_nothing_else() -> None:
    lines = Lines(TEXT)
    assert [lines.line(number) for number in range(len(lines.starts))] == [
        "id: A", "title: 😀 café\u2028x", "end", "",
    ]  # fmt: skip


def test_a_position_behind_a_line_is_its_end() -> None:
    lines = Lines("ab\r\ncd")
    assert lines.offset(Position(0, 99)) == 2
    assert lines.offset(Position(9, 0)) == 6


def test_a_change_replaces_just_its_range() -> None:
    lines = Lines("title: 😀 old\nstatus: todo\n")
    where = Range(Position(0, 10), Position(0, 13))
    assert lines.changed(where, "new") == "title: 😀 new\nstatus: todo\n"


def test_a_change_whose_ends_are_the_wrong_way_round_is_the_same_change() -> None:
    lines = Lines("abcd")
    assert lines.changed(Range(Position(0, 3), Position(0, 1)), "x") == "axd"


@given(st.text(alphabet="ab \n\r😀é\u2028", max_size=30), st.data())
def test_each_offset_has_a_position_that_leads_back(text: str, data: st.DataObject) -> None:
    encoding: Encoding = data.draw(st.sampled_from(["utf-8", "utf-16", "utf-32"]))
    lines = Lines(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":
            assert lines.offset(lines.position(offset)) == offset
