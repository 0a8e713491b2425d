"""The small tools of the importers: text, dates, words, ids, people, size."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exchange import clean, dates, words
from orchestrator.exchange.identity import common_key, free_task_id, key_of, task_id, user_id
from orchestrator.exchange.imported import Notebook
from orchestrator.exchange.people import People
from orchestrator.exchange.weigh import LARGEST, fits, lighten
from orchestrator.model.ids import is_task_id, is_user_id
from orchestrator.text.read import read
from orchestrator.text.render import render


def test_text_loses_what_a_file_may_not_hold_and_the_note_says_how_much() -> None:
    notes = Notebook()
    found = clean.text("a\r\nb\rc\u2028d\x00\x1b\x7f\x85\ud800\ufffe\ufeff\te", "x", notes)
    assert found == "a\nb\nc\nd\n\ufffd\ufffd\te"
    assert [note.sentence for note in notes.all()] == [
        "Texts with line ends other than LF, changed to LF: 1.",
        "6 control or invalid characters were taken out.",
    ]


def test_a_long_title_is_cut_and_its_whole_is_returned() -> None:
    notes = Notebook()
    short, whole = clean.title("x" * 501, "y", "s", notes)
    assert len(short) == 500
    assert whole == "x" * 501
    assert clean.title(" \n ", "fallback", "s", notes) == ("fallback", None)
    assert clean.title("a\nb", "y", "s", notes) == ("a b", None)
    assert clean.title(None, "\x00", "s", notes) == ("untitled", None)


@pytest.mark.parametrize(
    "value",
    [
        {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}},
        {"<<": 1},
        {"x" * 200: 1},
        {"a\nb": 1},
        {1: 2},
    ],
)
def test_what_a_file_cannot_hold_as_data_is_kept_as_json_text(value: dict[Any, Any]) -> None:
    notes = Notebook()
    found = clean.data({"k": value}, "s", notes)
    assert notes.all()
    assert read("", render({"metadata": {"beads": found}}).encode()) == {
        "metadata": {"beads": found}
    }


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_data_becomes_data_that_a_file_holds(value: Any) -> None:
    document = {"metadata": {"beads": {"k": clean.data(value, "s", Notebook())}}}
    assert read("", render(document).encode()) == document


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02t03:04:05z", "2026-01-02T03:04:05Z"),
        ("2026-01-02 03:04", "2026-01-02T03:04:00Z"),
        ("2026-01-02 3:04", "2026-01-02T03:04:00Z"),
        ("2026-01-02", "2026-01-02T00:00:00Z"),
        ("2026-01-02T03:04:05.123456789+0530", "2026-01-02T03:04:05.123456+05:30"),
        ("2026-01-02T03:04:05.000-08", "2026-01-02T03:04:05-08:00"),
        ("31/12/25", "2025-12-31T00:00:00Z"),
        ("31.12.25", "2025-12-31T00:00:00Z"),
        ("2026-02-30", None),
        ("0001-01-01T00:00:00+12:00", None),
        ("2026", None),
        ("soon", None),
        (20260102, None),
        (None, None),
    ],
)
def test_dates_of_many_shapes_are_read(written: object, moment: str | None) -> None:
    notes = Notebook()
    assert dates.moment(written, "s", "k", notes) == moment
    has_offset = isinstance(written, str) and written[-1:] in "Zz08" and "T" in written.upper()
    assert bool(notes.all()) is (written is not None and (moment is None or not has_offset))


def test_words_of_other_tools_have_ours() -> None:
    assert words.status("WON'T FIX") == "cancelled"
    assert words.status("in-progress") == "in_progress"
    assert words.status("Zzz", ["Aaa", "Zzz", "Ooo"]) == "in_progress"
    assert words.status("Aaa", ["Aaa", "Zzz"]) == "todo"
    assert words.status("Zzz", ["Zzz"]) is None
    assert words.status("") is None
    assert words.priority("Critical") == "urgent"
    assert words.priority("?") is None


@given(st.text(max_size=40), st.sampled_from(["BD", "IMPORT"]))
def test_any_id_becomes_a_task_id_that_is_always_the_same(origin: str, key: str) -> None:
    assert is_task_id(task_id(origin, key))
    assert task_id(origin, key) == task_id(origin, key)


@given(st.lists(st.sampled_from(["A-1", "A-B-C-D-E", "B-1"]), max_size=210))
def test_an_id_that_is_taken_gives_another_that_is_free(wanted: list[str]) -> None:
    taken: set[str] = set()
    for each in wanted:
        found = free_task_id(each, each, taken)
        assert found not in taken
        assert is_task_id(found)
        taken.add(found)


def test_keys_come_from_the_commonest_prefix() -> None:
    assert common_key(["B-1", "A-1", "A-2"]) == "A"
    assert common_key([]) == ""
    assert key_of("back", "X") == "BACK"
    assert key_of("ü", "X") == "X"


@given(st.text(max_size=80), st.sets(st.sampled_from(["dana", "con", "a-b"])))
def test_any_name_becomes_a_user_id(name: str, taken: set[str]) -> None:
    found = user_id(name, taken)
    assert is_user_id(found)
    assert found not in taken


@pytest.mark.parametrize(
    ("name", "found"),
    [("Dána Ionescu", "dana-ionescu"), ("a/b", "a-b"), ("dana", "dana-2"), (".x.", "x")],
)
def test_user_ids_read_like_names(name: str, found: str) -> None:
    assert user_id(name, {"dana"}) == found


@pytest.mark.parametrize("name", ["con", "aux.x", "日本", "..."])
def test_a_name_that_no_file_can_have_becomes_another(name: str) -> None:
    assert user_id(name, ()).startswith("user-")


def test_spellings_of_one_person_are_one_user() -> None:
    people = People()
    people.meet(["@Dana", "dana", "Dana", "Dana", "Dana K. <dk@example.com>", "dk@example.com", ""])
    notes = Notebook()
    users, ids = people.users(notes)
    assert users == (
        {"id": "dana", "name": "Dana"},
        {"id": "dana-k", "name": "Dana K.", "email": "dk@example.com"},
    )
    assert ids["@Dana"] == ids["dana"] == "dana"
    assert len(notes.all()) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"description": "word \n" * 100_000},
        {"description": "\U0001f600 \n" * 60_000},
        {"description": "x" * 1_000_000},
        {"labels": [f"l{n}" for n in range(20_000)]},
        {"dependencies": [f"A-{n}" for n in range(20_000)]},
        {"kept": {"comments": ["x" * 100] * 5_000, "small": 1}},
    ],
)
def test_a_task_that_no_file_could_hold_is_made_lighter_and_noted(fields: dict[str, Any]) -> None:
    kept = {"id": "a-1", **fields.pop("kept", {})}
    task = {"id": "A-1", "title": "T", "status": "todo", **fields, "metadata": {"beads": kept}}
    notes = Notebook()
    assert not fits(task)
    lighter = lighten(task, "beads", notes)
    assert fits(lighter)
    assert len(render(lighter).encode()) <= LARGEST
    assert read("", render(lighter).encode()) == lighter
    assert lighter["metadata"]["beads"]["id"] == "a-1"
    assert notes.all()[0].kind == "size"
    assert len(json.dumps(lighter)) > 60
