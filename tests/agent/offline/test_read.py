"""Outlines in Markdown as items."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.agent.offline.outline import Item, Outline
from orchestrator.agent.offline.read import MOST_ITEMS, MOST_TEXT, read_outline


def tree(outline: Outline) -> list[str]:
    """The items' titles, each behind its parents'."""
    paths: list[str] = []
    for item in outline.items:
        above = "" if item.parent is None else f"{paths[item.parent]} / "
        paths.append(f"{above}{item.title}")
    return paths


def only(text: str) -> Item:
    (item,) = read_outline(text).items
    return item


def test_the_one_heading_at_the_top_names_the_whole() -> None:
    outline = read_outline("# Payments @dana\n\nWhy we do it.\n\n## Capture\n\n- API\n")
    assert (outline.title, outline.description) == ("Payments", "Why we do it.")
    assert outline.marks.people == ("dana",)
    assert tree(outline) == ["Capture", "Capture / API"]


def test_several_headings_of_the_first_level_are_all_work() -> None:
    outline = read_outline("# One\n# Two\n## Three\n")
    assert outline.title is None
    assert tree(outline) == ["One", "Two", "Two / Three"]


def test_underlined_headings_are_headings() -> None:
    outline = read_outline("Payments\n========\n\nCapture\n-------\n\n- API\n")
    assert outline.title == "Payments"
    assert tree(outline) == ["Capture", "Capture / API"]


def test_lists_nest_by_their_columns() -> None:
    text = "- a\n  - b\n      * c\n  - d\n1. e\n   1) f\n\t\t- g\n"
    assert tree(read_outline(text)) == ["a", "a / b", "a / b / c", "a / d", "e", "e / f",
                                        "e / f / g"]  # fmt: skip


def test_check_boxes_say_where_the_work_stands() -> None:
    outline = read_outline("- [ ] a\n- [x] b\n- [X] c\n- [/] d\n- [-] e\n- f\n")
    assert [item.status for item in outline.items] == [
        "todo", "completed", "completed", "in_progress", "cancelled", "todo",
    ]  # fmt: skip
    assert [item.title for item in outline.items] == list("abcdef")


def test_prose_describes_what_it_is_below() -> None:
    outline = read_outline("## A\n\nabout a\n\n- b\n  about b\n\n  more of b\n\nagain a\n")
    a, b = outline.items
    assert a.description == "about a\n\nagain a"
    assert b.description == "about b\n\nmore of b"


def test_a_line_right_below_an_item_goes_on_with_it() -> None:
    assert only("- build the\nthing").description == "thing"


def test_numbers_in_front_are_names_and_no_part_of_titles() -> None:
    outline = read_outline("## 2.1 Capture\n1. First\nT4: x\n- T7: Seventh\n")
    assert [(item.number, item.title) for item in outline.items] == [
        ("2.1", "Capture"), ("1", "First"), ("T7", "Seventh"),
    ]  # fmt: skip


def test_a_bold_beginning_is_the_title() -> None:
    item = only("- **Capture**: take the money at once (2h)")
    assert (item.title, item.description) == ("Capture", "take the money at once")
    assert item.marks.estimate == "2h"


def test_markdown_is_taken_out_of_titles() -> None:
    assert only("- Read **the** [docs](http://x.example/y) and `code` ~~soon~~").title == (
        "Read the docs and code soon"
    )


def test_of_a_long_item_the_first_sentence_is_the_title() -> None:
    text = "Short sentence. " + "And then more words follow here. " * 10
    item = only(f"- {text}")
    assert item.title == "Short sentence"
    assert item.description == " ".join(text.split())
    assert len(only(f"- {'word ' * 100}").title) <= 121


def test_lines_of_details_are_marks_of_the_item_above() -> None:
    item = only("- Build\n  - Estimate: 2h\n  - Owner: dana\n  Depends on: Design\n")
    assert (item.marks.estimate, item.marks.people, item.marks.after) == (
        "2h", ("dana",), ("Design",),
    )  # fmt: skip


def test_tests_are_no_work_of_their_own() -> None:
    text = (
        "## Build\n### Security tests\n- no secrets\n## Ship\n- pack\n"
        "  - Tests:\n    - weight\n    - size\n  - Unit tests: a; b\n"
    )
    build, _, pack = read_outline(text).items
    assert build.tests == {"security": ("no secrets",)}
    assert pack.tests == {"unit": ("weight", "size", "a", "b")}


def test_sections_about_the_work_become_descriptions() -> None:
    text = "# P\n## Background\n- not work\n### Deeper\nwords\n## Build\n- a\n### Risks\n- fire\n"
    outline = read_outline(text)
    assert tree(outline) == ["Build", "Build / a"]
    assert "- not work" in outline.description
    assert "**Deeper**" in outline.description
    assert outline.items[0].description.endswith("**Risks**\n\n- fire")


def test_rows_of_a_table_with_tasks_are_items() -> None:
    text = (
        "| # | Task | Effort | Who | After | Notes | Risk |\n|---|:--|--|--|--|--|--|\n"
        "| 1 | Build \\| test | 2 hours | @dana | - | short | low |\n| 2 | Ship | | | 1 | | |\n"
    )
    build, ship = read_outline(text).items
    assert (build.title, build.number, build.marks.estimate) == ("Build | test", "1", "2h")
    assert (build.marks.people, build.marks.after) == (("dana",), ())
    assert build.description == "short\nRisk: low"
    assert ship.marks.after == ("1",)


def test_other_tables_are_prose() -> None:
    outline = read_outline("## A\n| City | People |\n|--|--|\n| Oslo | 3 |\n")
    assert tree(outline) == ["A"]
    assert "| Oslo | 3 |" in outline.items[0].description


def test_code_comments_and_front_matter_hold_no_items() -> None:
    text = (
        "---\ntitle: x\n- [ ] front\n---\n- a\n```\n- [ ] code\n```\n<!-- - b -->\n<!--\n- c\n-->\n"
        "***\n- - -\n> - quoted\n"
    )
    outline = read_outline(text)
    assert [item.title for item in outline.items] == ["a", "quoted"]
    assert "- [ ] code" in outline.items[0].description


def test_hidden_characters_are_not_read() -> None:
    assert only("- pay\u202e\u200b now\x07").title == "pay now"


def test_too_much_is_bounded_and_said() -> None:
    outline = read_outline("- a\n" * (MOST_ITEMS + 7))
    assert len(outline.items) == MOST_ITEMS
    assert outline.left_out == (f"There are 7 more items than the {MOST_ITEMS} that were read.",)
    outline = read_outline("- a\n" + "x" * MOST_TEXT)
    assert f"only the first {MOST_TEXT:,} were read" in outline.left_out[0]


HOSTILE = {
    "nested": "\n".join(" " * depth + "- x" for depth in range(4_000)),
    "brackets": "- " + "[" * 1_000_000,
    "parentheses": "- " + "((" * 500_000,
    "links": "- " + "[a](" * 250_000,
    "comments": "<!--" * 250_000,
    "stars": "*" * 1_000_000,
    "pipes": "|a" * 500_000,
    "hashes": "#" * 1_000_000,
    "quotes": "> " * 500_000,
    "labels": "- " + "#a " * 300_000,
    "bold": "- " + "**a" * 300_000,
    "after": "- " + "after: a, " * 100_000,
    "tabs": "\t" * 300_000 + "x",
    "details": "a: " * 300_000,
    "items": "- a (2h) @bob #x after: zzz\n" * 400_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_little_time(name: str) -> None:
    began = time.process_time()
    outline = read_outline(HOSTILE[name])
    assert time.process_time() - began < 5
    assert len(outline.items) <= MOST_ITEMS


@given(st.text(alphabet="#-*|[]()x2h @!:.\n\t`<>=1a", max_size=300))
def test_any_text_is_read(text: str) -> None:
    outline = read_outline(text)
    for at, item in enumerate(outline.items):
        assert item.title
        assert item.parent is None or item.parent < at
    assert read_outline(text) == outline
