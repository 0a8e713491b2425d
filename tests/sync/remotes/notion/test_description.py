"""Markdown to Notion and back, and when a body counts as changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sync.remotes.notion.description import from_notion, normal, read, to_notion
from tests.sync.fakes.notion_markdown import rewritten


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("# Why\n\nBecause\n", "# Why\nBecause"),
        ("One line\nthat was wrapped.\n\nAnother", "One line that was wrapped.\nAnother"),
        ("- a\n  - b\n    - c\n- d", "- a\n\t- b\n\t\t- c\n- d"),
        ("1. a\n   - b\n2. c", "1. a\n\t- b\n2. c"),
        ("- a\n  goes on", "- a goes on"),
        ("```py\nx = 1\n\n  y\n```", "```py\nx = 1\n\n  y\n```"),
        ("```make\nall:\n\tdo\n~~~\n```\nText", "```make\nall:\n\tdo\n~~~\n```\nText"),
        ("> said\n\n---\n\n- [ ] do", "> said\n---\n- [ ] do"),
        ("", ""),
    ],
)
def test_markdown_goes_in_notions_form(here: str, there: str) -> None:
    assert to_notion(here) == there


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("# Why\nBecause", "# Why\n\nBecause"),
        ("- a\n\t- b\n- c\nText", "- a\n    - b\n- c\n\nText"),
        ('Text {color="red"}\n<empty-block/>\nMore', "Text\n\nMore"),
        ("```py\nx = {1}\n```\nText", "```py\nx = {1}\n```\n\nText"),
        (r"a \{b\} \$5", "a {b} $5"),
        ("", ""),
    ],
)
def test_what_somebody_wrote_in_notion_comes_as_markdown(there: str, here: str) -> None:
    assert from_notion(there) == here


LINES = st.sampled_from(
    ["Words", "more words", "# Head", "- item", "  - nested", "1. one", "> said", "---", "",
     "```", "a {b} $5 `c{d}`", "- [ ] do", "| a | b |", "    deep", "\tx", "***", "~~~"]
)  # fmt: skip


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_what_notion_makes_of_a_text_is_read_as_one_text_for_ever(text: str) -> None:
    once = from_notion(rewritten(to_notion(text)))
    assert from_notion(rewritten(to_notion(once))) == once
    assert normal(normal(text)) == normal(text)


@given(st.text(max_size=300))
def test_no_text_is_too_odd_to_be_converted(text: str) -> None:
    assert isinstance(from_notion(to_notion(text)), str)


def test_a_body_that_nobody_changed_is_what_was_sent() -> None:
    text = "Wrapped\nlines, and * stars"
    first = read({"markdown": rewritten(to_notion(text))}, {}, text)
    assert first.text == text
    again = read({"markdown": rewritten(to_notion(text))}, first.kept)
    assert again == first
    assert read({"markdown": "Somebody's"}, first.kept).text == "Somebody's"


def test_a_body_that_notion_shows_in_part_is_known_as_such() -> None:
    assert read({"markdown": "x", "unknown_block_ids": ["b"]}, {}).is_partial
    assert read({"markdown": "x", "truncated": True}, {}).is_partial
    assert not read({"markdown": "x", "truncated": False, "unknown_block_ids": []}, {}).is_partial
