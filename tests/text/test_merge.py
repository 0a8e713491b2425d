"""Three-way merge of files: bytes of one side, edits of both, markers around one key alone."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.patch.merge import merge_documents
from orchestrator.text.merge import Labels, MergedText, merge_files
from orchestrator.text.read import read

BASE = """\
# The first of all.
id: PAY-1
title: Capture  # working title
status: todo
# What it is about.
labels: [api, db]
description: |
  one
  two
  three
metadata:
  team: core
"""


def merged(base: str, ours: str, theirs: str) -> MergedText:
    result = merge_files("tasks", base, ours, theirs)
    assert result is not None
    return result


def text_of(base: str, ours: str, theirs: str) -> str:
    result = merged(base, ours, theirs)
    assert result.conflicts == ()
    return result.text


def test_both_sides_edits_of_different_keys_stand_in_one_file() -> None:
    ours = BASE.replace("todo", "in_progress").replace("core", "edge")
    theirs = BASE.replace("Capture", "Capture money").replace("one", "ONE")
    expected = ours.replace("Capture", "Capture money").replace("one", "ONE")
    assert text_of(BASE, ours, theirs) == expected


def test_lists_that_both_added_to_keep_their_style() -> None:
    ours, theirs = BASE.replace("[api, db]", "[api, db, x]"), BASE.replace("[api, db]", "[api, c]")
    assert "labels: [api, c, x]\n" in text_of(BASE, ours, theirs)


def test_a_changed_comment_and_a_changed_value_of_one_key_meet() -> None:
    ours, theirs = BASE.replace("working title", "final"), BASE.replace("Capture", "Take money")
    assert "title: Take money  # final\n" in text_of(BASE, ours, theirs)
    assert "title: Take money  # final\n" in text_of(BASE, theirs, ours)


def test_comments_of_both_sides_are_kept() -> None:
    ours = BASE.replace("# What it is about.\n", "# What it is about.\n# ours\n")
    theirs = BASE.replace("# What it is about.\n", "# What it is about.\n# theirs\n")
    assert "# What it is about.\n# ours\n# theirs\nlabels:" in text_of(BASE, ours, theirs)


def test_a_key_that_a_side_took_away_goes_and_a_new_comment_above_it_stays() -> None:
    ours = BASE.replace("# What it is about.\nlabels: [api, db]\n", "")
    theirs = BASE.replace("# What it is about.\n", "# What it is about.\n# Ask Lee.\n")
    assert text_of(BASE, ours, theirs) == ours.replace("description", "# Ask Lee.\ndescription")


def test_new_keys_of_both_sides_stand_where_their_sides_put_them() -> None:
    ours = BASE.replace("# What", "priority: high\n# What")
    theirs = BASE + "due_date: 2026-12-01\n"
    assert text_of(BASE, ours, theirs) == ours + "due_date: 2026-12-01\n"


def test_a_conflict_has_markers_around_its_key_alone() -> None:
    ours = BASE.replace("todo", "completed").replace("core", "edge")
    theirs = BASE.replace("todo", "cancelled").replace("api", "web")
    result = merge_files("tasks", BASE, ours, theirs, Labels("HEAD", "agent/x", 9))
    assert result is not None
    assert [conflict.pointer for conflict in result.conflicts] == ["/status"]
    assert result.text == BASE.replace("core", "edge").replace("[api, db]", "[web, db]").replace(
        "status: todo\n",
        "<<<<<<<<< HEAD\nstatus: completed\n=========\nstatus: cancelled\n>>>>>>>>> agent/x\n",
    )


def test_a_removed_key_that_the_other_side_changed_is_a_conflict_with_one_side_empty() -> None:
    ours, theirs = BASE.replace("status: todo\n", ""), BASE.replace("todo", "blocked")
    assert (
        "<<<<<<< ours\n=======\nstatus: blocked\n>>>>>>> theirs\n"
        in merged(BASE, ours, theirs).text
    )


def test_two_new_files_of_one_name_merge_by_key() -> None:
    ours, theirs = "id: A-1\ntitle: x\nstatus: todo\n", "id: A-1\ntitle: y\nstatus: todo\n"
    result = merged("", ours, theirs)
    assert [conflict.pointer for conflict in result.conflicts] == ["/title"]
    assert result.text.endswith(">>>>>>> theirs\nstatus: todo\n")


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (BASE.replace("\n", "\r\n"), BASE.replace("todo", "blocked"), "\r\n"),
        (BASE.replace("todo", "blocked"), BASE.replace("\n", "\r\n"), "\r\n"),
        ("\ufeff" + BASE, BASE.replace("todo", "blocked"), "\ufeff"),
        (BASE.rstrip("\n"), BASE.replace("todo", "blocked"), ""),
    ],
)
def test_how_the_bytes_are_put_merges_too(ours: str, theirs: str, expected: str) -> None:
    result = text_of(BASE, ours, theirs)
    plain = BASE.replace("todo", "blocked")
    match expected:
        case "\r\n":
            assert result == plain.replace("\n", "\r\n")
        case "\ufeff":
            assert result == "\ufeff" + plain
        case _:
            assert result == plain.rstrip("\n")


@pytest.mark.parametrize(
    "text",
    [
        "{id: A-1, title: x}\n",
        "id: A-1\nid: A-2\n",
        "<<<<<<< ours\nid: A-1\n=======\nid: A-2\n>>>>>>> theirs\n",
        "  id: A-1\n",
        "--- {id: A-1}\n",
        "id: A-1\n...\n",
        "- a\n",
    ],
)
def test_a_file_that_is_no_plain_mapping_is_left_to_a_merge_by_line(text: str) -> None:
    assert merge_files("tasks", BASE, BASE + "priority: high\n", text) is None


def test_blank_lines_that_belong_to_a_text_stay_with_it() -> None:
    base = "id: A-1\ndescription: |+\n  one\n\n\ntitle: x\n"
    ours, theirs = base.replace("one", "ONE"), base.replace("title: x", "title: y")
    assert text_of(base, ours, theirs) == ours.replace("title: x", "title: y")


PARTS: dict[str, list[str]] = {
    "title": ["title: Capture\n", "title: 'Take money'\n", 'title: "Capture"  # quoted\n'],
    "status": ["status: todo\n", "status: completed # done\n", "status:   blocked\n"],
    "labels": [
        "labels: [api, db]\n", "labels:\n- api\n- web  # new\n", "labels:\n    - db\n    - x\n",
        "labels: []\n",
    ],
    "dependencies": ["dependencies: [A-2]\n", "dependencies:\n  # first\n  - A-3\n  - A-2\n"],
    "description": [
        "description: |\n  one\n\n  two\n  three\n", "description: >-\n  one\n  two\n",
        "description: |+\n  one\n\n  two\n  THREE\n\n\n", 'description: "one\\ntwo"\n',
    ],
    "metadata": [
        "metadata: {a: 1}\n", "metadata:\n  a: 1\n  b:\n    - 2\n  # end\n", "metadata:\n  b: 3\n",
    ],
    "unknown": ["unknown: 1\n", "unknown: [1, 2]\n"],
}  # fmt: skip
LEADS = ["", "", "# a note\n", "\n", "\n# two\n# lines\n"]


@st.composite
def files(draw: st.DrawFn) -> str:
    keys = draw(st.lists(st.sampled_from(sorted(PARTS)), unique=True, min_size=3))
    if draw(st.booleans()):
        keys.sort(key=list(PARTS).index)
    text = draw(st.sampled_from(["", "", "# head\n", "---\n"])) + "id: A-1\n"
    for key in keys:
        text += draw(st.sampled_from(LEADS)) + draw(st.sampled_from(PARTS[key]))
    return text + draw(st.sampled_from(["", "", "# tail\n"]))


def said(text: str) -> dict[str, object]:
    document = read("x.yaml", text.encode())
    assert isinstance(document, dict), (text, document)
    return document


def laws(base: str, ours: str, theirs: str) -> None:
    assert merged(base, ours, base).text == ours
    assert merged(base, base, theirs).text == theirs
    assert merged(base, ours, ours).text == ours
    one, other = merged(base, ours, theirs), merged(base, theirs, ours)
    assert {c.pointer for c in one.conflicts} == {c.pointer for c in other.conflicts}
    expected = merge_documents("tasks", said(base), said(ours), said(theirs))
    assert sorted(one.conflicts, key=repr) == sorted(expected.conflicts, key=repr)
    if not one.conflicts:
        assert said(one.text) == expected.value
        mine, yours = said(one.text), said(other.text)
        assert mine.keys() == yours.keys()
        assert all(mine[key] == yours[key] for key in mine if key not in ("labels", "dependencies"))


@given(files(), files(), files())
@settings(max_examples=150)
def test_the_laws_of_merging_hold_for_any_three_files(base: str, ours: str, theirs: str) -> None:
    laws(base, ours, theirs)


@given(files(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_a_key_that_one_side_changed_is_that_sides_byte_for_byte(
    base: str, choices: random.Random
) -> None:
    present = [key for key in PARTS if f"\n{key}:" in base]
    choices.shuffle(present)
    half = len(present) // 2
    ours, theirs = base, base
    expected = base
    for at, key in enumerate(present):
        old = next(part for part in sorted(PARTS[key], key=len, reverse=True) if part in base)
        new = choices.choice(PARTS[key])
        expected = expected.replace(old, new)
        if at < half:
            ours = ours.replace(old, new)
        else:
            theirs = theirs.replace(old, new)
    assert text_of(base, ours, theirs) == expected
    laws(base, ours, theirs)


@pytest.mark.slow
@given(files(), files(), files())
@settings(max_examples=4_000)
def test_the_laws_of_merging_hold_for_many_files(base: str, ours: str, theirs: str) -> None:
    laws(base, ours, theirs)
