"""Markdown goes out, HTML comes back, and nobody sees a change where there was none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from orchestrator.sync.remotes.motion.description import (
    Mark,
    mark_of,
    normal,
    read,
    to_markdown,
    written,
)

TEXT = "Take *all* of it.\n\n- once\n- **only** once\n\n```py\nx = 1\n```"
HTML = MarkdownIt().render(TEXT)


def test_what_was_sent_is_what_is_read_while_the_html_is_the_same() -> None:
    first = read(HTML, {}, sent=TEXT)
    assert first.text == TEXT
    assert read(HTML, first.kept).text == TEXT


def test_html_that_somebody_changed_is_read_as_markdown() -> None:
    kept = read(HTML, {}, sent=TEXT).kept
    changed = read("<h2>Plan</h2><p>Take <b>none</b> of it.</p>", kept)
    assert changed.text == "## Plan\n\nTake **none** of it."
    assert read("<h2>Plan</h2><p>Take <b>none</b> of it.</p>", changed.kept).text == changed.text


@pytest.mark.parametrize("text", [TEXT, "", "One line", "a\r\nb  \n\n\n\nc\n"])
def test_the_mark_goes_to_the_end_and_is_not_shown(text: str) -> None:
    mark = Mark("PAY-7K3F", "0123456789ab")
    sent = written(text, mark)
    assert sent.endswith("orchestrator: PAY-7K3F/0123456789ab")
    back = read(MarkdownIt().render(sent), {}, sent=sent)
    assert (back.text, back.mark) == (normal(text), mark)


def test_the_mark_is_found_in_html_alone() -> None:
    html = "<p>Words</p><p>orchestrator: PAY-1/0123456789ab</p>"
    assert read(html, {}).mark == Mark("PAY-1", "0123456789ab")
    assert read(html, {}).text == "Words"


def test_a_mark_in_the_middle_is_text() -> None:
    found = read("<p>orchestrator: PAY-1/0123456789ab</p><p>and more</p>", {})
    assert found.mark is None
    assert "and more" in found.text


def test_two_tokens_make_two_marks() -> None:
    one = mark_of("PAY-1", "00000000-0000-4000-8000-000000000001")
    other = mark_of("PAY-1", "00000000-0000-4000-8000-000000000002")
    assert one.token != other.token


@pytest.mark.parametrize(
    "html", ["", "   ", "<p>", "<<<>>>", "<ul>" * 3000, "&#0;&amp;", "<p>x" * 5000]
)
def test_any_html_is_read(html: str) -> None:
    assert isinstance(to_markdown(html), str)


@given(st.text(max_size=200))
def test_normal_text_is_a_fixed_point(text: str) -> None:
    assert normal(normal(text)) == normal(text)
